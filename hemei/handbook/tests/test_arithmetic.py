"""The formulas that the page shows give, reckoned again, exactly the shares of the engine."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils.translation import override

from hemei.engines.costs.plan import Cost, Key, MaxChance, Shapley, Subsidy
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import share
from hemei.handbook import numbers
from hemei.handbook.arithmetic import formulas

HERE = Path(__file__).resolve()
SHARED = HERE.parents[4] / "shared" / "data" / "costs" / "cases.json"
KEPT = HERE.parents[3] / "tests" / "data" / "costs" / "cases.json"


def cases():
    return read_cases((SHARED if SHARED.exists() else KEPT).read_text(encoding="utf-8")).cases


def reckoned(formula):
    """The formula as somebody with paper would do it, in fractions."""
    plain = re.sub(r"[0-9][0-9,]*(?:\.[0-9]+)?", lambda found: f'Fraction("{found[0].replace(",", "")}")', formula)
    plain = plain.replace("−", "-").replace("×", "*").replace("÷", "/")
    assert re.fullmatch(r'[Fraction"0-9.()+\-*/ ]*', plain)
    return eval(plain, {"Fraction": Fraction})


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_the_formula_of_every_home_gives_its_exact_share(case):
    answer = share(case)
    made = formulas(case, answer)
    if isinstance(case.method, MaxChance) or case.late or not answer.exact:
        return  # a logarithm; a share that is carried by others; none
    assert set(made) == set(answer.exact)
    assert {home: reckoned(formula) for home, formula in made.items()} == answer.exact


def test_the_best_chance_shows_its_hazard():
    case = next(case for case in cases() if isinstance(case.method, MaxChance))
    assert "ln(0.0000" in formulas(case, share(case))["101"]


def test_nothing_is_divided_by_a_key_that_comes_to_nothing():
    case = next(case for case in cases() if isinstance(case.method, Key) and not case.late)
    method = replace(case.method, key="table", k=(Fraction(0),) * case.floors, half_landing=frozenset())
    case = replace(case, method=method, cost=Cost(Fraction(0), Fraction(0), Subsidy(Fraction(0))), need=None)
    assert formulas(case, share(case)) == {}


def test_a_sum_that_nobody_could_read_is_left_out():
    """A Shapley share has a part for each floor below; a thousand of them would make a page of a single home."""
    case = next(case for case in cases() if isinstance(case.method, Shapley) and not case.late)
    need = tuple(Fraction(floor) for floor in range(1, 1001))
    homes = tuple(replace(case.homes[0], id=str(floor), floor=floor) for floor in (1, 60, 61, 1000))
    case = replace(case, floors=1000, homes=homes, need=need, cost=Cost(need[-1], Fraction(0), Subsidy(Fraction(0))))
    made = formulas(case, share(case))
    assert set(made) == {"1", "60"}
    assert made["60"].count("÷") == 60


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("490.6", "490.6"),
        ("1000/3", "1,000/3"),
        ("420000", "420,000"),
        ("-12000", "−12,000"),
        ("0", "0"),
        ("-1/3", "−1/3"),
    ],
)
def test_a_number_is_shown_whole(number, shown):
    assert numbers.shown(Fraction(number)) == shown


@pytest.mark.parametrize(
    ("number", "looked_at", "cents"),
    [
        ("2/3", "0.6666…", "0.66"),
        ("-2/3", "−0.6666…", "−0.66"),
        ("1/8", "0.125", "0.12"),
        ("-1/1000", "−0.001", "0.00"),
        ("99999999/10000", "9,999.9999", "9,999.99"),
    ],
)
def test_nothing_is_rounded_up_for_the_eye(number, looked_at, cents):
    assert numbers.approached(Fraction(number)) == looked_at
    assert numbers.sum_of(Fraction(number)) == cents


def test_a_sum_below_nothing_has_its_sign_in_front():
    with override("en"):
        assert [numbers.money(Fraction(sum)) for sum in ("-12000", "-1/1000")] == ["−¥12,000.00", "¥0.00"]
    with override("zh-hans"):
        assert numbers.money(Fraction(-12000)) == "−12,000.00 元"


def test_the_copy_of_the_cases_is_the_one_that_is_shared():
    if SHARED.exists() and KEPT.exists():
        assert json.loads(KEPT.read_text(encoding="utf-8")) == json.loads(SHARED.read_text(encoding="utf-8"))
