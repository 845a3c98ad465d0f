"""The worked cases: what each expects comes out, every key of it."""

import json

import pytest

from hemei.engines.costs.check import mismatches
from hemei.engines.costs.plan import Case
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import share
from hemei.engines.costs.tests.plans import KEPT, SHARED

CASES = read_cases(KEPT.read_text()).cases


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_expected(case: Case) -> None:
    assert case.expected
    assert mismatches(case, share(case)) == []


def test_the_kept_copy_is_the_shared_one() -> None:
    if not SHARED.exists():
        pytest.skip("the shared folder is not here")
    assert json.loads(KEPT.read_text()) == json.loads(SHARED.read_text())
