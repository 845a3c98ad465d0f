"""Real exports: the groups are those that Polis published, as far as anybody finds them again."""

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from hemei.engines.opinion.classic import opinion_of
from hemei.engines.opinion.command import main
from hemei.engines.opinion.export import MATRIX, read, read_votes
from hemei.engines.opinion.tests.exports import KEPT, REFERENCE, exports


def adjusted_rand(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """Agreement of two partings on the people both have, 1 for the same, 0 for chance (Hubert and Arabie 1985)."""
    both = sorted(one.keys() & other.keys())
    first, second = ([parting[who] for who in both] for parting in (one, other))
    cells = np.zeros((max(first) + 1, max(second) + 1))
    np.add.at(cells, (first, second), 1)

    def pairs(counts: np.ndarray) -> float:
        return float((counts * (counts - 1) / 2).sum())

    rows, columns = pairs(cells.sum(1)), pairs(cells.sum(0))
    chance, most = rows * columns / pairs(np.array([len(both)])), (rows + columns) / 2
    return 1.0 if most == chance else (pairs(cells) - chance) / (most - chance)


def published(folder: Path) -> dict[int, int]:
    with (folder / MATRIX).open(encoding="utf-8", newline="") as file:
        return {int(row["participant"]): int(row["group-id"]) for row in csv.DictReader(file) if row["group-id"]}


@pytest.mark.parametrize("folder", exports(), ids=lambda folder: folder.name)
def test_the_groups_agree_with_the_published_ones_as_well_as_the_reference_does(folder: Path) -> None:
    votes, theirs = read_votes(folder), published(folder)
    found = []
    for seed in range(10):
        ours = {p.id: p.group for p in opinion_of(votes, seed=seed).participants if p.group is not None}
        found.append(adjusted_rand(ours, theirs))
    assert median(found) >= REFERENCE[folder.name] - 0.05


@pytest.mark.parametrize("folder", exports(), ids=lambda folder: folder.name)
def test_every_vote_of_the_export_is_read(folder: Path) -> None:
    export = read(folder)
    assert export.events is not None
    last = {(one.participant, one.statement): one.answer for one in sorted(export.events, key=lambda one: one.at)}
    votes = export.votes
    stands = {
        (votes.participants[row], votes.statements[column]): answer
        for row, column, answer in zip(votes.rows.tolist(), votes.columns.tolist(), votes.answers.tolist(), strict=True)
    }
    assert stands == last


@pytest.mark.parametrize("name", ["london.youth.policing", "15-per-hour-seattle"])
def test_the_group_column_is_never_read(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blanked = tmp_path / name
    shutil.copytree(KEPT / name, blanked)
    with (blanked / MATRIX).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("group-id")
    for row in rows[1:]:
        row[place] = ""
    with (blanked / MATRIX).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    assert (KEPT / name / MATRIX).read_bytes() != (blanked / MATRIX).read_bytes()
    assert printed(KEPT / name, capsys) == printed(blanked, capsys)


def printed(folder: Path, capsys: pytest.CaptureFixture[str], seed: int = 0) -> str:
    assert main(folder, as_json=True, seed=seed) == 0
    return capsys.readouterr().out


def test_the_same_seed_prints_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    folder = KEPT / "brexit-consensus"
    assert printed(folder, capsys, 3) == printed(folder, capsys, 3)


def test_what_is_printed_has_the_agreed_form(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(printed(KEPT / "london.youth.policing", capsys))
    assert list(told) == ["mode", "seed", "participants", "groups", "statements", "warnings"]
    assert (told["mode"], told["seed"]) == ("classic", 0)
    assert list(told["participants"][0]) == ["id", "group", "x", "y", "votes"]
    assert list(told["groups"][0]) == ["id", "size", "representative"]
    assert list(told["groups"][0]["representative"][0]) == ["statement", "answer", "p", "ratio", "z"]
    assert list(told["statements"][0]) == [
        "id", "agrees", "passes", "disagrees", "consensus", "priority", "loading",
    ]  # fmt: skip
    assert [len(told[key]) for key in ("participants", "statements")] == [26, 39]
    assert sum(one["votes"] for one in told["participants"]) == 638
    assert "3 statements were answered by nobody" in told["warnings"]


def test_in_words_it_names_groups_and_common_ground(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(KEPT / "15-per-hour-seattle") == 0
    told = capsys.readouterr().out
    assert "339 participants" in told
    assert "Group 0:" in told
    assert "What all groups agree on most:" in told
