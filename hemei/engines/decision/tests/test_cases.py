"""The worked cases: what each expects comes out, every key of it."""

import json

import pytest

from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.checking import differences
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.tally import tally
from hemei.engines.decision.tests.ballots import KEPT, SHARED

CASES = read_cases(KEPT.read_text(encoding="utf-8")).cases


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_expected(case: Case | LinkedBallots) -> None:
    assert case.expected is not None
    assert differences(case, tally(case)) == []


def test_the_kept_copy_is_the_shared_one() -> None:
    if not SHARED.exists():
        pytest.skip("the shared folder is not here")
    assert json.loads(KEPT.read_text(encoding="utf-8")) == json.loads(SHARED.read_text(encoding="utf-8"))
