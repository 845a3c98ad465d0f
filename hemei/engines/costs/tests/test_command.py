"""`hemei share FILE [--check]`: exit status, what is printed and where."""

import json
from pathlib import Path
from typing import Any

import pytest

from hemei.engines.costs.command import main
from hemei.engines.costs.tests.plans import KEPT, LIMITS, homes, plan, written


def share(folder: Path, *cases: dict[str, Any], check: bool = False) -> int:
    file = folder / "cases.json"
    file.write_text(written(*cases))
    return main(file, check=check)


def test_one_object_for_each_case_in_the_order_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert share(tmp_path, plan(id="二"), plan(id="A")) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [case["id"] for case in printed] == ["二", "A"]
    assert printed[0]["shares"]["201"] == "14000.00"
    assert list(printed[0]) == ["id", "shares", "total", "reserve", "short_by", "flags", "subsidy", "net"]


def test_the_worked_cases_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(KEPT, check=True) == 0
    assert capsys.readouterr().out == ""


def test_each_mismatch_has_a_line_that_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = {
        "shares": {"101": "0.00", "201": "14000.01"},
        "total": "420000.0",
        "flags": ["infeasible"],
        "t": "1.0",
        "late": {"home": "101"},
    }
    assert share(tmp_path, plan(id="Q", expected=expected), plan(id="R"), check=True) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "Q shares.201: expected '14000.01', got '14000.00'" in lines
    assert "Q shares.202: expected None, got '14000.00'" in lines
    assert "Q total: expected '420000.0', got '420000.00'" in lines
    assert "Q flags: expected ['infeasible'], got []" in lines
    assert "Q t: expected '1.0', got None" in lines
    assert "Q late.home: expected '101', got None" in lines
    assert not [line for line in lines if line.startswith(("R", "Q shares.101", "Q net"))]


def test_shares_may_differ_by_the_tolerance_and_the_total_may_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shares = {home["id"]: f"{14000 * (home['floor'] - 1)}.01" for home in homes()}
    within = plan(expected={"tolerance": "0.01", "shares": shares})
    assert share(tmp_path, within, check=True) == 0
    assert share(tmp_path, plan(expected={"shares": shares}), check=True) == 1
    assert share(tmp_path, plan(expected={"tolerance": "0.009", "shares": shares}), check=True) == 1
    assert share(tmp_path, plan(expected={"tolerance": "0.01", "total": "420000.01"}), check=True) == 1


@pytest.mark.parametrize(("t", "status"), [("12666.6666", 0), ("12666.6668", 0), ("12666.6669", 1), ("12666.67", 0)])
def test_t_may_differ_by_one_unit_of_the_last_decimal(t: str, status: int, tmp_path: Path) -> None:
    method = {"name": "least_slack", "scale": "one"}
    case = plan(homes=homes(limit=LIMITS), method=method, cost={**plan()["cost"], "works": "708000"}, expected={"t": t})
    assert share(tmp_path, case | {"cost": {**case["cost"], "works": "708000.00"}}, check=True) == status


def test_flags_are_a_set(tmp_path: Path) -> None:
    expected = {"flags": ["subsidy_capped", "empty_floor", "subsidy_capped"]}
    case = plan(floors=7, expected=expected)
    assert share(tmp_path, case | {"cost": {**case["cost"], "works": "800000"}}, check=True) == 0


@pytest.mark.parametrize("check", [False, True])
def test_a_bad_file_prints_one_message_and_nothing_else(
    check: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = plan(id="bad")
    bad["homes"][5]["area"] = "0"
    assert share(tmp_path, plan(), bad, check=check) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "cases[1].homes[5].area: must be more than 0\n"


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases.json").write_bytes(b"\xff\xfe")
    assert main(tmp_path / "cases.json") == 2
    assert main(tmp_path / "absent.json") == 2
    assert main(tmp_path) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 3
