"""The engine gives any case the verdict that the slow and plain evaluator beside it gives.

Here some hundred cases; with HEMEI_TEST_LONG set, many thousand.
"""

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from hemei.engines.decision import command
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.tally import tally
from hemei.engines.decision.tests import oracle
from hemei.engines.decision.tests.any_case import any_file, any_files
from hemei.engines.decision.verdict import as_plain

LONG = bool(os.environ.get("HEMEI_TEST_LONG"))
FILES = 12_000 if LONG else 300


def engine_answers(file: dict[str, Any]) -> Any:
    """What the command prints for a file, read back."""
    cases = read_cases(json.dumps(file, ensure_ascii=False)).cases
    return json.loads(json.dumps([as_plain(tally(case)) for case in cases], ensure_ascii=False))


def test_the_engine_answers_many_files_as_the_oracle_does() -> None:
    for seed in range(FILES):
        file = any_file(Random(seed))
        assert engine_answers(file) == oracle.answers(file), f"any_file(Random({seed}))"


@given(any_files)
@settings(max_examples=5_000 if LONG else 100, deadline=None)
def test_no_file_is_found_that_the_oracle_answers_otherwise(file: dict[str, Any]) -> None:
    assert engine_answers(file) == oracle.answers(file)


def expecting(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as what a case expects."""
    return {key: value for key, value in answer.items() if key not in ("id", "ballots")}


def test_what_the_oracle_answers_may_be_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "cases.json"
    for seed in range(30):
        file = any_file(Random(seed), 6)
        for case, answer in zip(file["cases"], oracle.answers(file), strict=True):
            case["expected"] = expecting(answer)
            for ballot, result in zip(case.get("ballots", []), answer.get("ballots", []), strict=True):
                ballot["expected"] = expecting(result)
        written.write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
        assert (command.main(written, check=True), capsys.readouterr().out) == (
            0,
            f"{len(file['cases'])} cases agree\n",
        )
