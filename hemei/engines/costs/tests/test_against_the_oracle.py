"""The engine answers any case as the slow and plain evaluator beside it does.

Here some hundred cases; with HEMEI_TEST_LONG set, many thousand.
"""

import json
import os
from random import Random
from typing import Any

from hypothesis import given, settings

from hemei.engines.costs.answer import as_plain
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import share
from hemei.engines.costs.tests import oracle
from hemei.engines.costs.tests.any_case import any_file, any_files

LONG = bool(os.environ.get("HEMEI_TEST_LONG"))
FILES = 8_000 if LONG else 150


def engine_answers(file: dict[str, Any]) -> Any:
    """What the command prints for a file, read back."""
    cases = read_cases(json.dumps(file, ensure_ascii=False)).cases
    return json.loads(json.dumps([as_plain(share(case)) for case in cases], ensure_ascii=False))


def test_the_engine_answers_many_files_as_the_oracle_does() -> None:
    for seed in range(FILES):
        file = any_file(Random(seed))
        assert engine_answers(file) == oracle.answers(file), f"any_file(Random({seed}))"


@given(any_files)
@settings(max_examples=5_000 if LONG else 60, deadline=None)
def test_no_file_is_found_that_the_oracle_answers_otherwise(file: dict[str, Any]) -> None:
    assert engine_answers(file) == oracle.answers(file)


def test_a_file_with_the_oracles_answers_expected_has_no_mismatch(tmp_path: Any, capsys: Any) -> None:
    from hemei.engines.costs import command

    for seed in range(40):
        file = any_file(Random(seed), 6)
        for case, answer in zip(file["cases"], oracle.answers(file), strict=True):
            case["expected"] = {key: value for key, value in answer.items() if key != "id"}
        written = tmp_path / "cases.json"
        written.write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
        assert command.main(written, check=True) == 0, (seed, capsys.readouterr().out)


def test_the_oracles_games_are_what_they_are_defined_to_be() -> None:
    """Shapley: the mean over all orders. Nucleolus: the linear programmes, one after the other."""
    chance, seen = Random(5), 0
    while seen < 24:
        case = any_file(chance, 1)["cases"][0]
        if (
            "need" in case
            and len(case["homes"]) <= (4 if LONG else 3)
            and case["floors"] in {h["floor"] for h in case["homes"]}
        ):
            seen += 1
            assert oracle.shapley(case) == oracle.shapley_over_all_orders(case)
            assert oracle.nucleolus(case) == oracle.nucleolus_by_linear_programmes(case)
