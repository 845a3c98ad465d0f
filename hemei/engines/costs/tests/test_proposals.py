"""Ways to share one plan, side by side: against the worked values, without doubles, and never a pick."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from hemei.engines.costs.answer import decimals
from hemei.engines.costs.fairness import fairness_words
from hemei.engines.costs.proposals import Offer, band_of, band_words, proposals
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.relief import relief, relief_words
from hemei.engines.costs.share import share
from hemei.engines.costs.tests.any_case import any_case
from hemei.engines.costs.tests.plans import LIMITS, SCALES, cost, homes, plan, read, small, written, yuan

OWN, GUANGZHOU, STOREYS = "The group's own way", "Guangzhou reference key", "Storeys climbed"
ROOM, BEST = "The same room for everybody", "The best chance that all sign"
EQUAL = {"name": "key", "key": "table", "within": "equal", "k": ["0", "1", "1", "1", "1", "1"]}
UNSURE: list[dict[str, Any]] = homes(mu=LIMITS, s=SCALES, scale=SCALES, limit=[f"{limit}.00" for limit in LIMITS])


def offers(case: dict[str, Any]) -> dict[str, Offer]:
    """By every name that an offer has."""
    return {name.en: offer for offer in proposals(read(case)) for name in offer.names}


def percent(chance: Fraction | None, places: int) -> str:
    assert chance is not None
    return decimals(chance * 100, places)


# T1, T2, T8, T9, T10 of the source


def test_the_chance_that_all_sign_is_as_worked_out() -> None:
    told = offers(plan(homes=UNSURE, method=EQUAL))
    assert percent(told[BEST].chance, 1) == "9.9"
    assert percent(told[ROOM].chance, 1) == "8.1"
    assert percent(told[STOREYS].chance, 2) == "0.05"
    assert percent(told[GUANGZHOU].chance, 3) == "0.002"


def test_nine_of_twelve_is_another_goal_than_all_twelve() -> None:
    told = offers(plan(homes=UNSURE, method=EQUAL))
    assert (percent(told[BEST].enough, 1), percent(told[STOREYS].enough, 1)) == ("86.6", "31.2")
    legal = told[BEST].legal
    assert legal is not None
    assert (percent(legal.chance, 1), legal.trials) == ("86.6", None)


def test_the_shares_are_those_of_each_method_by_the_rounding_of_the_case() -> None:
    told = offers(plan(homes=UNSURE, method=EQUAL, rounding={"to": "step", "step": "100.00"}))
    assert [told[STOREYS].shares[f"{floor}01"] for floor in range(1, 7)] == [0, 14_000, 28_000, 42_000, 56_000, 70_000]
    assert [told[GUANGZHOU].shares[f"{floor}02"] for floor in (1, 2, 6)] == [0, 20_600, 53_600]
    assert [told[BEST].shares[f"{floor}01"] for floor in (1, 2, 6)] == [-21_300, -1_300, 86_000]
    for offer in told.values():
        assert sum(offer.shares.values()) == offer.total == 420_000 + offer.reserve


# which offers


def test_the_groups_own_stands_first_and_five_is_all() -> None:
    listed = proposals(read(plan(homes=UNSURE, method=EQUAL)))
    assert [[name.en for name in offer.names] for offer in listed] == [[OWN], [GUANGZHOU], [STOREYS], [ROOM], [BEST]]


def test_the_same_shares_are_one_offer_with_both_names() -> None:
    by_equal = {"name": "key", "key": "guangzhou", "within": "equal"}  # all areas are alike
    listed = proposals(read(plan(method=by_equal)))
    assert [[name.en for name in offer.names] for offer in listed] == [[OWN, GUANGZHOU], [STOREYS]]
    listed = proposals(read(plan(homes=UNSURE, method={"name": "max_chance"})))
    assert [[name.en for name in offer.names] for offer in listed] == [[OWN, BEST], [GUANGZHOU], [STOREYS], [ROOM]]


def test_limits_alone_are_no_distribution_and_some_limits_no_limits() -> None:
    listed = homes(limit=[f"{limit}.00" for limit in LIMITS])
    told = offers(plan(homes=listed))
    assert ROOM in told
    assert BEST not in told
    assert {offer.chance for offer in told.values()} == {None}
    del listed[3]["limit"]
    assert ROOM not in offers(plan(homes=listed))


def test_what_the_groups_method_must_keep_to_the_others_by_wishes_keep_to_as_well() -> None:
    caps = [{"floor": 1, "least": "-12000.00"}, {"floor": 2, "least": "0.00"}]
    told = offers(plan(homes=UNSURE, method={"name": "least_slack", "scale": "one", "caps": caps, "monotone": True}))
    assert percent(told[BEST].chance, 1) == "5.9"  # T11
    assert told[BEST].shares["101"] == -12_000
    assert told[OWN] is told[ROOM]


def test_half_landings_and_areas_stay_as_the_group_has_them() -> None:
    method = {"name": "key", "key": "storeys", "within": "area", "half_landing": [2, 3]}
    listed = proposals(read(plan(method=method)))
    assert [[name.en for name in offer.names] for offer in listed] == [[OWN, STOREYS], [GUANGZHOU]]


def test_a_way_that_cannot_pay_says_what_is_missing_and_the_others_stand() -> None:
    listed = homes(limit=["0.00", "10000.00", "20000.00", "30000.00", "40000.00", "50000.00"])
    told = offers(plan(homes=listed))
    assert not told[ROOM].feasible
    assert (told[ROOM].short_by, told[ROOM].fairness, told[ROOM].band) == (Fraction(120_000), None, None)
    assert told[STOREYS].feasible
    assert told[STOREYS].band == "low"


def test_everybody_on_the_ground_floor_is_offered_what_there_is() -> None:
    told = offers(small(1, 1, method={"name": "key", "key": "table", "within": "equal", "k": ["1"]}))
    assert told[OWN].shares == {"a": 50, "b": 50}
    assert (told[GUANGZHOU].feasible, told[STOREYS].short_by) == (False, Fraction(100))


def test_one_home_has_one_offer() -> None:
    assert [len(offer.names) for offer in proposals(read(small(3)))] == [3]


def test_a_late_home_signs_nothing_but_counts_in_what_is_needed() -> None:
    listed = [{"id": name, "floor": 2, "area": "50", "mu": "0", "s": "1"} for name in "abcd"]
    late = {"home": "d", "years": "1", "life": "15"}
    told = offers(small(2, net="0.00", homes=listed, late=late))[OWN]
    assert told.chance == Fraction(1, 8)
    assert told.enough == Fraction(1, 8)  # three of four homes, and three may sign
    assert told.legal is not None
    assert told.legal.chance == Fraction(1, 8)


def test_how_many_are_enough_is_the_cases_word_and_the_law_a_parameter() -> None:
    listed = [{"id": name, "floor": 2, "area": "50", "mu": "0", "s": "1"} for name in "abcd"]
    case = read(small(2, net="0.00", homes=listed, chance={"heads": 1}))
    (offer,) = proposals(case, need_heads=2, need_area=Fraction(50))
    assert offer.legal is not None
    assert (offer.enough, offer.legal.chance) == (Fraction(15, 16), Fraction(11, 16))
    assert proposals(case, need_area=Fraction("200.01"))[0].legal.chance == 0  # type: ignore[union-attr]


# the band, for everybody


@pytest.mark.parametrize(
    ("chance", "band", "en", "zh"),
    [
        ("0", "low", "low", "把握小"),
        ("333333/1000000", "low", "low", "把握小"),
        ("1/3", "even", "even", "一半一半"),
        ("666666/1000000", "even", "even", "一半一半"),
        ("2/3", "good", "good", "把握大"),
        ("1", "good", "good", "把握大"),
    ],
)
def test_two_to_one_for_is_good_and_two_to_one_against_low(chance: str, band: str, en: str, zh: str) -> None:
    told = band_of(Fraction(chance))
    assert told == band
    assert (band_words(told, "en"), band_words(told, "zh")) == (en, zh)


def test_stated_limits_are_taken_at_their_word() -> None:
    told = offers(plan(homes=homes(limit=[f"{limit}.00" for limit in LIMITS])))
    assert told[ROOM].band == "good"
    assert told[STOREYS].band == "low"  # 101 wants to be compensated
    assert offers(plan())[STOREYS].band is None


# any plan


def test_any_plan_has_offers_that_add_up_and_words_in_both_languages() -> None:
    for seed in range(150):
        file = any_case(Random(seed), "R")
        case = read_cases(written(file)).cases[0]
        listed = proposals(case)
        assert 1 <= len(listed) <= 5
        own = share(replace(case, sales=None, paid=None, chance=None, running=None))
        assert (listed[0].shares, listed[0].short_by, listed[0].over_by) == (own.shares, own.short_by, own.over_by)
        for offer in listed:
            assert offer.total - offer.reserve == (case.cost.net if offer.feasible else 0)
            assert offer.feasible == (offer.fairness is not None)
            if offer.fairness is not None:
                english, chinese = (fairness_words(offer.fairness, language) for language in ("en", "zh"))
                assert len(english) == len(chinese)
            for name in offer.names:
                assert name.en != name.zh
        assert all(one.shares != two.shares for one in listed for two in listed if one is not two and one.feasible)
        found = relief(case)
        if own.short_by:
            assert found is not None
            assert found.short_by >= own.short_by - Fraction(1, 200)
        if found is not None:
            assert len(relief_words(found, "en")) == len(relief_words(found, "zh"))


# what would close the gap

SHORT = homes(limit=["30000.00"] * 6)  # 360,000 of 420,000
BY_LIMITS = {"name": "least_slack", "scale": "one"}


def test_a_plan_that_pays_for_itself_needs_no_relief() -> None:
    assert relief(read(plan())) is None
    assert relief(read(plan(homes=homes(limit=["35000.00"] * 6), method=BY_LIMITS))) is None


@pytest.mark.parametrize("method", [BY_LIMITS, {"name": "key", "key": "storeys", "within": "equal"}])
def test_what_would_close_the_gap_in_exact_numbers(method: dict[str, Any]) -> None:
    """Limits that fall short of the net cost leave somebody who does not sign, by whatever method."""
    found = relief(read(plan(homes=SHORT, method=method)))
    assert found is not None
    assert (found.short_by, found.subsidy) == yuan("60000", "60000")
    assert (found.within_cap, found.cap_needed, found.rate_needed) == (False, *yuan("340000", "34/70"))
    assert found.cheaper_works == 100_000  # 600,000 less 240,000: the subsidy is less as well
    assert found.cheaper_other is None
    assert [(part.years, part.together, part.each_home) for part in found.instalments] == [
        (3, *yuan("20000", "1666.67")),
        (5, *yuan("12000", "1000")),
        (10, *yuan("6000", "500")),
    ]


def test_above_the_cap_a_cheaper_design_saves_yuan_for_yuan() -> None:
    found = relief(read(plan(homes=homes(limit=["50000.00"] * 6), method=BY_LIMITS, cost=cost("900000.00"))))
    assert found is not None
    assert (found.short_by, found.cheaper_works) == yuan("20000", "20000")


def test_without_a_cap_there_is_room_until_all_works_are_paid() -> None:
    found = relief(read(plan(homes=SHORT, method=BY_LIMITS, cost=cost(cap=None))))
    assert found is not None
    assert (found.within_cap, found.cap_needed) == (True, None)
    case = plan(homes=homes(limit=["0.00"] * 6), method=BY_LIMITS, cost=cost("1000.00", "500.00", cap=None))
    found = relief(read(case))
    assert found is not None
    assert (found.short_by, found.within_cap) == (Fraction(1_100), False)
    assert (found.cap_needed, found.rate_needed) == (None, None)
    assert (found.cheaper_works, found.cheaper_other) == (None, None)


def test_what_is_missing_in_parts_of_a_cent_is_asked_for_to_the_next_cent() -> None:
    found = relief(read(small(1, 1, net="0.10")))
    assert found is not None
    assert (found.short_by, found.cheaper_works) == (Fraction("0.10"), Fraction("0.10"))
    assert found.instalments[0].together == Fraction("0.04")
    assert found.instalments[0].each_home == Fraction("0.02")


def test_nobody_to_carry_a_late_home_is_a_gap_too() -> None:
    found = relief(read(small(1, 2, late={"home": "b", "years": "1", "life": "15"})))
    assert found is not None
    assert found.short_by == 100
    assert found.instalments[0].each_home == found.instalments[0].together


def test_constraints_that_ask_for_too_much_are_no_want_of_money() -> None:
    method = BY_LIMITS | {"caps": [{"floor": 6, "least": "90000.00"}]}
    case = read(plan(homes=homes(limit=["80000.00"] * 6), method=method))
    assert share(case).over_by == 10_000
    assert relief(case) is None


@pytest.mark.parametrize("name", ["least_slack", "proportional_benefit", "equal_gain", "max_chance"])
def test_what_closes_the_gap_closes_it_to_the_cent(name: str) -> None:
    chance = Random(7)
    for _ in range(40):
        sums = [f"{chance.randint(-500_000, 3_000_000)}.{chance.randint(10, 99)}"[:-3] + ".37" for _ in range(6)]
        method: dict[str, Any] = {"name": name} | ({"scale": "one"} if name == "least_slack" else {})
        listed = homes(limit=sums) if name == "least_slack" else homes(benefit=sums)
        if name == "max_chance":
            listed = homes(mu=LIMITS, s=SCALES)
            method["caps"] = [{"floor": floor, "most": sums[floor - 1]} for floor in range(1, 7)]
        case = read(plan(homes=listed, method=method, cost=cost(f"{chance.randint(1, 10**8)}.07", "3000.00")))
        found = relief(case)
        if found is None or found.cheaper_works is None:
            continue
        works = case.cost.works - found.cheaper_works
        cheaper = replace(case, cost=replace(case.cost, works=works))
        assert share(cheaper).feasible
        assert relief(cheaper) is None
        nearly = replace(case, cost=replace(case.cost, works=works + Fraction(1, 100)))
        assert not share(nearly).feasible or cheaper.cost.net == nearly.cost.net


def test_the_ways_out_are_told_in_both_languages() -> None:
    found = relief(read(plan(homes=SHORT, method=BY_LIMITS)), years=(5,))
    assert found is not None
    assert relief_words(found, "en") == (
        ("Missing", "¥60,000.00"),
        ("By subsidy", "¥60,000.00 more, for which the cap would have to be ¥340,000.00"),
        ("By a cheaper design", "works for ¥100,000.00 less, for cheaper works get less subsidy"),
        ("Over 5 years", "¥12,000.00 a year together, ¥1,000.00 a home, without interest"),
    )
    assert relief_words(found, "zh") == (
        ("还差", "60,000.00 元"),
        ("靠补贴", "再补 60,000.00 元，补贴上限要提到 340,000.00 元"),
        ("靠便宜些的方案", "工程费减 100,000.00 元（工程费少了，补贴也跟着少）"),
        ("分 5 年付", "每年合计 12,000.00 元，每户 1,000.00 元，不计利息"),
    )
    case = plan(homes=SHORT, method=BY_LIMITS, cost=cost("600000.00", "100000.00"))
    found = relief(read(case), years=())
    assert found is not None
    assert relief_words(found, "en") == (
        ("Missing", "¥100,000.00"),
        ("By subsidy", "¥100,000.00 more, for which the cap would have to be ¥340,000.00"),
        ("By a cheaper design", "works for ¥166,666.67 less, for cheaper works get less subsidy"),
        ("By cheaper survey and drawings", "¥100,000.00 less"),
    )
