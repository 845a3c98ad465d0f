"""How evenly a plan shares: figures worked out by hand, what has no meaning, and the words."""

from fractions import Fraction
from typing import Any

import pytest

from hemei.engines.costs.fairness import Fairness, fairness, fairness_words
from hemei.engines.costs.plan import ZERO
from hemei.engines.costs.share import share
from hemei.engines.costs.tests.plans import LIMITS, NEED, SCALES, homes, plan, read, small, yuan

GUANGZHOU = {"name": "key", "key": "guangzhou", "within": "area"}
TABLE = {"name": "key", "key": "table", "within": "equal"}


def of(case: dict[str, Any]) -> Fairness:
    asked = read(case)
    answer = share(asked)
    return fairness(asked, answer.shares, exact=answer.exact)


def at(case: dict[str, Any], *amounts: str) -> Fairness:
    """Of these sums, home by home."""
    asked = read(case)
    return fairness(asked, {home.id: Fraction(amount) for home, amount in zip(asked.homes, amounts, strict=True)})


def test_storeys_climbed_cost_the_same_each() -> None:
    figures = of(plan())
    assert figures.most_per_storey == figures.least_per_storey == 14_000
    assert figures.jain == 1
    assert figures.highest_to_median == 2  # 70,000 against (28,000 + 42,000) / 2
    # twice 6,588.24 + 13,176.47 + 3,294.12 + 6,588.24 + 16,470.59, to the cent
    assert figures.from_official == Fraction("92235.32")
    assert (figures.monotone, figures.equal_homes_equal, figures.compensation) == (True, True, ZERO)
    assert (figures.core_violations, figures.worst_slack) == (None, None)


def test_the_guangzhou_key_is_no_way_from_itself_and_steeper_below() -> None:
    figures = of(plan(method=GUANGZHOU))
    assert figures.from_official == 0
    assert (figures.most_per_storey, figures.least_per_storey) == (Fraction("20588.24"), Fraction("10705.882"))
    # k / (floor - 1) = 1/2, 1/2, 11/30, 3/10, 13/50: (289/150)^2 / (5 x 17822/22500) but for the cents
    assert figures.jain is not None
    assert abs(figures.jain - Fraction(289, 150) ** 2 / (5 * Fraction(17_821, 22_500))) < Fraction(1, 10**6)


def test_limits_tell_who_finds_it_hardest_and_who_is_compensated() -> None:
    listed = homes(limit=[f"{limit}.00" for limit in LIMITS], scale=SCALES)
    figures = of(plan(homes=listed, method={"name": "least_slack", "scale": "given"}))
    # t = 160,000 / 110,000; the ground floor pays -10,000 - 5,000 t, and nobody keeps less than its 5,000 t
    assert figures.worst_slack == Fraction("7272.73")
    assert figures.compensation == Fraction("34545.46")
    assert figures.monotone


def test_without_a_limit_the_place_of_its_distribution_stands_for_it() -> None:
    case = plan(homes=homes(mu=LIMITS, s=SCALES))
    assert of(case).worst_slack == -10_000  # the ground floor wants 10,000 and gets nothing
    listed = homes(mu=LIMITS, s=SCALES)
    for key in ("mu", "s"):
        del listed[0][key]
    assert of(plan(homes=listed)).worst_slack is None


def test_a_need_tells_the_floors_outside_the_core_and_rounding_puts_nobody_there() -> None:
    assert of(plan(need=NEED)).core_violations == ()
    fixed = ["0.00", "0.00", "0.00", "0.00", "0.00", "420000.00"]
    assert of(plan(need=fixed)).core_violations == (2, 3, 4, 5)
    # 10 a home exactly, up to 15: the core is asked before rounding
    shapley = small(2, 2, 2, net="30.00", method={"name": "shapley"}, need=["0.00", "30.00"])
    assert of(shapley | {"rounding": {"to": "step", "step": "15.00"}}).core_violations == ()


@pytest.mark.parametrize(
    ("amounts", "monotone"),
    [
        (("1", "2", "3"), True),
        (("2", "2", "2"), True),
        (("3", "2", "2"), False),
        (("2.01", "2", "2"), True),
        (("2.02", "2.01", "2"), False),
        (("-5", "0", "0"), True),
        (("0", "-5", "9"), False),
    ],
)
def test_higher_pays_no_less_to_within_the_cent_of_rounding(amounts: tuple[str, ...], monotone: bool) -> None:
    assert at(small(1, 2, 3), *amounts).monotone is monotone


def test_on_one_floor_there_is_no_order_and_floors_in_between_may_be_empty() -> None:
    assert at(small(2, 2, 5), "9", "1", "9").monotone
    assert not at(small(2, 2, 5), "9", "1", "8").monotone


def test_equal_homes_are_of_one_floor_one_area_and_one_wish() -> None:
    assert at(small(2, 2), "50", "50").equal_homes_equal
    assert at(small(2, 2), "50.01", "50").equal_homes_equal
    assert not at(small(2, 2), "50.02", "50").equal_homes_equal
    assert at(small(2, 3), "50", "60").equal_homes_equal
    for key in ("area", "limit", "benefit"):
        case = small(2, 2)
        case["homes"][0][key], case["homes"][1][key] = "40.00", "41.00"
        assert at(case, "50", "60").equal_homes_equal, key


def test_three_thirds_of_a_sum_are_equal_though_a_cent_is_left() -> None:
    figures = of(small(2, 2, 2, method={"name": "key", "key": "storeys", "within": "equal"}))
    assert figures.equal_homes_equal
    assert figures.monotone


def test_one_home() -> None:
    figures = of(small(3))
    assert (figures.most_per_storey, figures.least_per_storey, figures.jain) == yuan("50", "50", "1")
    assert (figures.highest_to_median, figures.from_official) == yuan("1", "0")


def test_everybody_on_the_ground_floor_has_no_storeys_and_no_official_key() -> None:
    figures = of(small(1, 1, method=TABLE | {"k": ["1"]}))
    assert (figures.most_per_storey, figures.least_per_storey, figures.jain, figures.from_official) == (None,) * 4
    assert figures.highest_to_median == 1


def test_a_median_of_nothing_or_less_has_no_multiple() -> None:
    assert at(small(1, 1, 2), "0", "0", "100").highest_to_median is None
    assert at(small(1, 1, 2), "-5", "-5", "110").highest_to_median is None
    assert at(small(1, 2, 2, 3), "-5", "0", "10", "95").highest_to_median == 19


def test_who_is_compensated_climbs_for_nothing() -> None:
    figures = at(small(1, 2, 3), "-10", "-20", "130")
    assert (figures.most_per_storey, figures.least_per_storey, figures.compensation) == yuan("65", "65", "30")


def test_a_late_home_is_in_no_figure() -> None:
    """It pays nothing yet, on the top floor, beside a like home that carries its share."""
    late = {"home": "d", "years": "1", "life": "15"}
    figures = of(small(1, 2, 3, 3, late=late))
    assert figures.monotone
    assert figures.equal_homes_equal
    assert figures.from_official == 0  # 0, 0.5 and 1 are 0, 1 and 2
    assert figures.highest_to_median == 1  # 0, 50, 50


# in words


def test_the_words_say_the_figures_in_both_languages() -> None:
    figures = of(plan(homes=homes(mu=LIMITS, s=SCALES), need=NEED))
    english, chinese = dict(fairness_words(figures, "en")), dict(fairness_words(figures, "zh"))
    assert english == {
        "No home pays less than one on a lower floor": "yes",
        "Equal homes pay the same, to the cent": "yes",
        "For each storey climbed, most": "¥14,000.00",
        "For each storey climbed, least": "¥14,000.00",
        "How even that is (100 %: all alike)": "100.00 %",
        "Highest share, against the middle one": "2.00 times",
        "Away from the Guangzhou reference key, all homes together": "¥92,235.32",
        "Floors that pay more together than a lift up to there costs": "none",
        "Compensation, together": "¥0.00",
    }
    assert list(chinese.values()) == [
        *("是", "是", "14,000.00 元", "14,000.00 元", "100.00%", "2.00 倍", "92,235.32 元", "没有", "0.00 元")
    ]


def test_percentages_are_cut_and_what_has_no_meaning_has_no_line() -> None:
    almost = at(small(2, 2), "100000", "99000")  # 99.99747...
    assert dict(fairness_words(almost, "en"))["How even that is (100 %: all alike)"] == "99.99 %"
    ground = of(small(1, 1, method=TABLE | {"k": ["1"]}))
    assert [name for name, _value in fairness_words(ground, "zh")] == [
        "楼上的不比楼下的少出",
        "条件相同的户出得一样多（至多差一分）",
        "出得最多的一户，是中间一户的",
        "补偿合计",
    ]


@pytest.mark.parametrize(("over", "en", "zh"), [("40", "below", "少"), ("-40", "above", "多")])
def test_how_near_somebody_is_to_the_limit_is_for_the_organiser(over: str, en: str, zh: str) -> None:
    case = small(2)
    case["homes"][0]["limit"] = f"{100 + int(over)}.00"
    figures = of(case)
    told = dict(fairness_words(figures, "en", organiser=True))["The home that finds it hardest"]
    assert told == f"¥40.00 {en} what it would pay"
    assert dict(fairness_words(figures, "zh", organiser=True))["最为难的一户"] == f"比愿出的{zh} 40.00 元"
    assert "The home that finds it hardest" not in dict(fairness_words(figures, "en"))


def test_floors_outside_the_core_are_named() -> None:
    fixed = ["0.00", "0.00", "0.00", "420000.00", "420000.00", "420000.00"]
    figures = of(plan(need=fixed))
    assert ("Floors that pay more together than a lift up to there costs", "up to 2, 3") in fairness_words(
        figures, "en"
    )
    assert ("合起来比电梯只装到该层还出得多的楼层", "到 2、3 层为止") in fairness_words(figures, "zh")
