"""The worked values T1 to T12: K = 700,000, S = 280,000, C = 420,000, six floors, two equal homes each."""

from fractions import Fraction

import pytest

from hemei.engines.costs.games import nucleolus_of_needs, shapley
from hemei.engines.costs.keys import TABLES, XINMIN, YANJI, coefficients
from hemei.engines.costs.plan import Home, Key
from hemei.engines.costs.tests.plans import LIMITS, NEED, SCALES, answer, cost, homes, per_floor, plain, plan, yuan


def test_t1_the_guangzhou_key() -> None:
    key = {"name": "key", "key": "guangzhou", "within": "area"}
    assert per_floor(plan(method=key)) == ["0.00", "20588.24", "41176.47", "45294.12", "49411.76", "53529.41"]


def test_t2_storeys_climbed() -> None:
    assert per_floor(plan()) == ["0.00", "14000.00", "28000.00", "42000.00", "56000.00", "70000.00"]


@pytest.mark.parametrize(
    ("works", "subsidy", "capped"),
    [("650000.00", "260000.00", False), ("700000.00", "280000.00", False), ("900000.00", "280000.00", True)],
)
def test_t3_the_subsidy_is_two_fifths_of_the_works_up_to_its_cap(works: str, subsidy: str, capped: bool) -> None:
    told = plain(plan(cost=cost(works)))
    assert told["subsidy"] == subsidy
    assert ("subsidy_capped" in told["flags"]) is capped


def test_t4_guangzhou_by_area_to_the_cent() -> None:
    listed = [home | {"area": "62.30" if home["id"].endswith("1") else "48.70"} for home in homes()]
    shares = plain(plan(homes=listed, method={"name": "key", "key": "guangzhou", "within": "area"}))["shares"]
    assert (shares["301"], shares["302"], shares["601"], shares["602"]) == (
        "46221.52",
        "36131.42",
        "60087.97",
        "46970.85",
    )


def test_t5_the_shapley_value() -> None:
    assert per_floor(plan(method={"name": "shapley"}, need=NEED)) == [
        "0.00",
        "30000.00",
        "33750.00",
        "38750.00",
        "46250.00",
        "61250.00",
    ]


def test_t6_the_nucleolus() -> None:
    assert per_floor(plan(method={"name": "nucleolus"}, need=NEED)) == ["0.00"] + ["42000.00"] * 5


def test_t7_four_needs() -> None:
    needs = yuan("8", "11", "13", "18")
    assert nucleolus_of_needs(needs) == yuan("3.25", "3.25", "3.25", "8.25")
    assert shapley([Home(str(floor), floor, Fraction(50)) for floor in (1, 2, 3, 4)], needs).shares == yuan(
        "2", "3", "4", "9"
    )


def test_t8_the_best_chance_that_all_sign() -> None:
    told = plain(plan(homes=homes(mu=LIMITS, s=SCALES), method={"name": "max_chance"}, chance={"heads": 9}))
    assert told["lambda"] == "0.000018789"
    assert [round(float(told["shares"][f"{floor}01"])) for floor in range(1, 7)] == [
        -21332,
        -1332,
        26143,
        50362,
        70191,
        85969,
    ]
    assert told["chance"] == {"all": "0.099293", "heads": "0.866419"}


def test_t9_the_least_slack() -> None:
    listed = homes(limit=LIMITS, scale=SCALES, mu=LIMITS, s=SCALES)
    case = plan(homes=listed, method={"name": "least_slack", "scale": "given"}, chance={"heads": 9})
    assert plain(case)["t"] == "1.4545"
    assert answer(case).t == Fraction(16, 11)
    assert per_floor(case) == ["-17272.73", "2727.27", "28363.64", "50454.55", "67545.45", "78181.82"]
    assert plain(case)["chance"]["all"] == "0.080594"


def test_t10_nine_of_twelve_is_another_goal_than_all() -> None:
    told = plain(plan(homes=homes(mu=LIMITS, s=SCALES), chance={"heads": 9}))
    assert told["chance"] == {"all": "0.000493", "heads": "0.311571"}


def test_t12_limits_below_the_cost_are_answered_with_what_is_short() -> None:
    told = plain(plan(homes=homes(limit=["10000"] * 6), method={"name": "least_slack", "scale": "one"}))
    assert told == {
        "id": "P",
        "shares": {},
        "total": "0.00",
        "reserve": "0.00",
        "short_by": "300000.00",
        "flags": ["infeasible"],
        "subsidy": "280000.00",
        "net": "420000.00",
    }


def test_the_yanji_table_gives_what_was_paid_in_yanji() -> None:
    """360,000 yuan, seven floors, two homes each: the table is in 10,000 yuan a home."""
    listed = [{"id": f"{floor}0{door}", "floor": floor, "area": "60"} for floor in range(1, 8) for door in (1, 2)]
    method = {"name": "key", "key": "table", "within": "equal", "k": ["0", "0", "2.0", "2.8", "3.6", "4.4", "5.2"]}
    case = plan(floors=7, homes=listed, method=method, cost=cost("360000", rate="0", cap=None))
    assert per_floor(case) == ["0.00", "0.00", "20000.00", "28000.00", "36000.00", "44000.00", "52000.00"]
    assert 2 * sum(YANJI.k) == 36


def test_every_table_names_its_source_and_what_is_not_checked_says_so() -> None:
    assert all(table.source for table in TABLES)
    assert [table.id for table in TABLES if not table.checked] == ["shanghai-habit"]
    assert sum(XINMIN.k) == 100


def test_guangzhou_goes_on_by_a_tenth_a_floor() -> None:
    assert coefficients(Key("guangzhou", "area"), 8) == yuan("0", "0.5", "1", "1.1", "1.2", "1.3", "1.4", "1.5")


def test_a_stop_on_the_half_landing_is_half_a_storey_less_and_never_below_nothing() -> None:
    key = Key("storeys", "equal", half_landing=frozenset({1, 2, 4}))
    assert coefficients(key, 4) == yuan("0", "0.5", "2", "2.5")
