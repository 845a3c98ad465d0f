"""`hemei tally`: what is printed, what a difference looks like, what a bad file is answered with."""

import json
from pathlib import Path
from typing import Any

import pytest

from hemei.engines.decision.command import main
from hemei.engines.decision.tests.ballots import KEPT, WINDOW2, cast, deliver, file_of, raw, rule

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


def write(file: Path, *cases: dict[str, Any], **more: Any) -> Path:
    file.write_text(file_of(*cases, **more), encoding="utf-8")
    return file


def test_every_case_is_one_object_in_the_order_of_the_file(file: Path, capsys: Captured) -> None:
    acts = (cast("01"), cast("01"), deliver("02"))
    silence = {"nonresponse": "abstain_if_delivered"}
    two = ({"id": name, "owners": [{"id": f"O-{name}"}]} for name in ("01", "02"))
    case = raw(*acts, units=list(two), under=silence)
    assert main(write(file, case, {"id": "L", "ballots": [raw(id="B2")]})) == 0
    printed, told = capsys.readouterr()
    assert told == ""
    first, second = json.loads(printed)
    assert first == {
        "id": "B",
        "outcome": "rejected",
        "tests": {"part": ["2", "2", True], "appr": ["1", "2", False]},
        "status": {"01": "for", "02": "none"},
        "deemed": {"02": "abstain"},
        "flags": [["duplicate", "01"]],
    }
    assert list(second) == ["id", "outcome", "tests", "status", "deemed", "flags", "ballots"]
    assert (second["outcome"], second["tests"], second["ballots"][0]["id"]) == ("no_quorum", {}, "B2")


def test_second_tests_stand_beside_the_tests_where_a_second_round_was_looked_at(file: Path, capsys: Captured) -> None:
    again = {**rule()["tests"][0], "id": "again"}
    fallback = {"trigger": [{**again, "id": "some", "kind": "trigger", "threshold": "0"}], "tests": [again]}
    assert main(write(file, raw(window2=WINDOW2), rules={"R": rule(fallback=fallback)})) == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert list(answer) == ["id", "outcome", "tests", "second_tests", "status", "deemed", "flags"]
    assert answer["second_tests"] == {"some": ["0", "9", True], "again": ["0", "9", False]}


def test_the_worked_cases_agree(capsys: Captured) -> None:
    assert main(KEPT, check=True) == 0
    assert capsys.readouterr() == ("20 cases agree\n", "")


def test_every_difference_is_told_in_a_line(file: Path, capsys: Captured) -> None:
    expected = {
        "outcome": "passed",
        "tests": {"part": ["2", "9", False], "appr": ["4/4", "1.0", False]},
        "status": {"01": "for", "02": "against"},
        "deemed": {"03": "for"},
        "flags": [["duplicate", "01"], ["revoked", "02"]],
    }
    acts = (cast("01"), cast("01"), cast("02"))
    wrong = raw(*acts, expected=expected)
    linked = {"id": "L", "ballots": [raw(id="B2", expected={"outcome": "passed"})], "expected": {"outcome": "blocked"}}
    assert main(write(file, wrong, linked), check=True) == 1
    assert capsys.readouterr().out.splitlines() == [
        "B outcome: expected 'passed', got 'no_quorum'",
        "B tests.appr: expected ['1', '1', False], got ['2', '2', True]",
        "B status.02: expected 'against', got 'for'",
        "B deemed.03: expected 'for', got None",
        "B flags: expected ['revoked', '02'], got []",
        "L outcome: expected 'blocked', got 'no_quorum'",
        "L ballots.B2.outcome: expected 'passed', got 'no_quorum'",
    ]


def test_numbers_are_compared_as_rationals_and_flags_may_be_more(file: Path, capsys: Captured) -> None:
    expected = {"tests": {"appr": ["4/2", "2.000", True]}, "flags": [["duplicate", "01"]]}
    acts = (cast("01"), cast("01"), cast("02"), cast("02"))
    assert main(write(file, raw(*acts, expected=expected), raw(id="other")), check=True) == 0
    assert capsys.readouterr().out == "1 cases agree\n"


def test_a_second_test_that_was_not_looked_at_differs_from_what_was_expected(file: Path, capsys: Captured) -> None:
    again = {**rule()["tests"][0], "id": "again"}
    fallback = {"trigger": [{**again, "id": "some", "kind": "trigger"}], "tests": [again]}
    expected = {"second_tests": {"again": ["0", "9", False]}}
    case = raw(window2=WINDOW2, expected=expected)
    assert main(write(file, case, rules={"R": rule(fallback=fallback)}), check=True) == 1
    assert capsys.readouterr().out == "B second_tests.again: expected ['0', '9', False], got None\n"


def test_a_name_cannot_forge_a_line_of_the_answer(file: Path, capsys: Captured) -> None:
    forged = "01\n20 cases agree"
    unit = {"id": forged, "area": "60.00", "owners": [{"id": "O-01"}]}
    case = raw(units=[unit], id="A\u202e\rB", expected={"status": {forged: "for"}})
    assert main(write(file, case), check=True) == 1
    assert capsys.readouterr().out == """"A\\u202e\\rB" status."01\\n20 cases agree": expected 'for', got 'none'\n"""


@pytest.mark.parametrize("check", [False, True])
def test_a_bad_file_prints_one_message_and_evaluates_nothing(file: Path, capsys: Captured, check: bool) -> None:
    assert main(write(file, raw(), raw(cast("99"), id="B2")), check=check) == 2
    assert capsys.readouterr() == ("", "cases[1].events[0].unit: is not a unit of this case\n")


def test_a_file_that_cannot_be_opened_or_is_no_utf_8_is_a_bad_file(file: Path, capsys: Captured) -> None:
    assert main(file) == 2
    assert main(file.parent) == 2
    file.write_bytes(b'{"rules": {}, "cases": [{"id": "\xff"}]}')
    assert main(file) == 2
    printed, told = capsys.readouterr()
    assert printed == ""
    assert [line.rpartition(": ")[2] for line in told.splitlines()] == [
        "No such file or directory",
        "Is a directory",
        "is no UTF-8 (byte 32)",
    ]
