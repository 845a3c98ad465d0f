"""Who pays what: worked out from the roll, kept, dropped, frozen; and who reads how much of it."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from conftest import NOW, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import costing
from hemei.decisions.actions.costing import STANDING_MAX, drop_plan, freeze_plan, keep_plan
from hemei.decisions.costing import Asked
from hemei.decisions.models import CostPlan, Drive, Wish
from hemei.decisions.tests.cast import Cast, faults, put_drive
from hemei.engines import costs
from hemei.people.actor import Actor

GUANGZHOU = Asked(works="700000")


@pytest.fixture
def drive(cast: Cast) -> Drive:
    return put_drive(cast)


def kept(cast: Cast, drive: Drive, asked: Asked = GUANGZHOU, **more: Any) -> CostPlan:
    words = {"actor": cast.clerk, "name": "广州系数", "form_key": uuid4(), "at": NOW} | more
    return keep_plan(drive=drive, asked=asked, **words)


def by_floor(plan: CostPlan) -> list[list[str]]:
    """What the homes of each floor pay, from the ground up."""
    floors = sorted({home["floor"] for home in plan.case["homes"]})
    shares = plan.answer["shares"]
    return [[shares[home["id"]] for home in plan.case["homes"] if home["floor"] == floor] for floor in floors]


# the engine's tests T1 to T4


def test_the_guangzhou_key_by_floor_is_as_in_its_source(cast: Cast, drive: Drive) -> None:
    plan = kept(cast, drive)
    told = ["0.00", "20588.24", "41176.47", "45294.12", "49411.76", "53529.41"]
    for (left, right), expected in zip(by_floor(plan), told, strict=True):
        assert abs(Fraction(left) - Fraction(expected)) <= Fraction("0.01")
        assert abs(Fraction(right) - Fraction(expected)) <= Fraction("0.01")
    assert sum(map(Fraction, plan.answer["shares"].values())) == 420_000


def test_storeys_climbed_by_floor_are_as_in_their_source(cast: Cast, drive: Drive) -> None:
    plan = kept(cast, drive, replace(GUANGZHOU, key="storeys"))
    told = ["0.00", "14000.00", "28000.00", "42000.00", "56000.00", "70000.00"]
    assert by_floor(plan) == [[one, one] for one in told]


@pytest.mark.parametrize(
    ("works", "granted"), [("650000", "260000.00"), ("700000", "280000.00"), ("900000", "280000.00")]
)
def test_the_subsidy_is_two_fifths_of_the_works_up_to_its_cap(
    cast: Cast, drive: Drive, works: str, granted: str
) -> None:
    plan = kept(cast, drive, Asked(works=works, other="1234.56"))
    assert plan.answer["subsidy"] == granted
    assert f"{plan.subsidy:.2f}" == granted
    assert Fraction(plan.total) == Fraction(works) + Fraction("1234.56")
    assert sum(map(Fraction, plan.answer["shares"].values())) == Fraction(works) + Fraction("1234.56") - Fraction(
        granted
    )


def test_within_a_floor_by_area_it_adds_up_to_the_cent(cast: Cast, drive: Drive) -> None:
    from decimal import Decimal

    from hemei.roll.models import Unit

    for number, unit in enumerate(Unit.objects.order_by("number")):
        Unit.objects.filter(pk=unit.pk).update(area_m2=Decimal("62.30" if number % 2 == 0 else "48.70"))
    plan = kept(cast, drive, replace(GUANGZHOU, within="area"))
    floors = by_floor(plan)
    assert floors[2] == ["46221.52", "36131.42"]
    assert floors[5] == ["60087.97", "46970.85"]
    assert sum(map(Fraction, plan.answer["shares"].values())) == 420_000


# every key


@pytest.mark.parametrize(
    "asked",
    [
        replace(GUANGZHOU, key="half_landing"),
        replace(GUANGZHOU, key="area"),
        replace(GUANGZHOU, key="own", numbers=("-1", "0", "2", "3", "4", "5.5")),
        replace(GUANGZHOU, key="xinmin"),
        replace(GUANGZHOU, key="gain", numbers=("-20000", "10000", "60000", "90000", "110000", "130000")),
        replace(GUANGZHOU, key="worth", numbers=("-20000", "10000", "60000", "90000", "110000", "130000")),
        replace(GUANGZHOU, key="shapley"),
        replace(GUANGZHOU, key="nucleolus", numbers=("0", "300", "330", "360", "390", "420")),
        replace(GUANGZHOU, key="guangzhou", compensation=("6000", "3000")),
        replace(GUANGZHOU, key="storeys", within="area", compensation=("6000",)),
        replace(GUANGZHOU, subsidy="123456.78", other="0.03"),
        replace(GUANGZHOU, rounding="100"),
    ],
)
def test_every_key_adds_up_to_the_cent_and_is_what_the_command_answers(cast: Cast, drive: Drive, asked: Asked) -> None:
    plan = kept(cast, drive, asked)
    (case,) = costs.read_cases(costs_file(plan)).cases
    assert costs.as_plain(costs.share(case)) == plan.answer
    shares = sum(map(Fraction, plan.answer["shares"].values()))
    assert shares - Fraction(plan.answer["reserve"]) == Fraction(plan.answer["net"]) == plan.total - plan.subsidy
    assert faults() == []


def costs_file(plan: CostPlan) -> str:
    import json

    return json.dumps({"cases": [plan.case]})


def test_the_low_floors_receive_what_was_named_and_the_others_pay_it(cast: Cast, drive: Drive) -> None:
    plan = kept(cast, drive, replace(GUANGZHOU, compensation=("6000", "3000")))
    floors = by_floor(plan)
    assert floors[0] == ["-6000.00", "-6000.00"]
    assert floors[1] == ["-3000.00", "-3000.00"]
    paid = sum(Fraction(share) for floor in floors[2:] for share in floor)
    assert paid == 420_000 + 2 * 9_000
    assert float(Fraction(floors[5][0]) / Fraction(floors[2][0])) == pytest.approx(1.3)  # the same key among those


def test_the_yardsticks_are_as_in_their_source(cast: Cast, drive: Drive) -> None:
    needs = ("0", "300", "330", "360", "390", "420")
    shapley = kept(cast, drive, replace(GUANGZHOU, key="shapley", numbers=needs))
    assert [floor[0] for floor in by_floor(shapley)] == [
        "0.00", "30000.00", "33750.00", "38750.00", "46250.00", "61250.00",
    ]  # fmt: skip
    nucleolus = kept(cast, drive, replace(GUANGZHOU, key="nucleolus", numbers=needs))
    assert [floor[0] for floor in by_floor(nucleolus)] == ["0.00"] + ["42000.00"] * 5


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Asked(works="0"), "more than nothing"),
        (replace(GUANGZHOU, subsidy="700000.01"), "cannot be more than the works"),
        (replace(GUANGZHOU, key="own"), "one number for each of 6 floors"),
        (replace(GUANGZHOU, key="own", numbers=("1", "2")), "one number for each of 6 floors"),
        (replace(GUANGZHOU, key="own", numbers=("1",) * 5 + ("9999999",)), "at most"),
        (replace(GUANGZHOU, key="gain", numbers=("1.234",) * 6), "two decimals"),
        (replace(GUANGZHOU, key="yanji"), "for 7 floors"),
        (replace(GUANGZHOU, key="shapley", numbers=("0", "3", "2", "4", "5", "6")), "never costs less"),
        (replace(GUANGZHOU, key="shapley", compensation=("1",)), "goes together with a key by floors"),
        (replace(GUANGZHOU, compensation=("1",) * 6), "lowest floors"),
        (replace(GUANGZHOU, compensation=("-1",)), "lowest floors"),
        (replace(GUANGZHOU, key="own", numbers=("0",) * 5 + ("-1",), compensation=("5",)), "Nobody is left"),
        (replace(GUANGZHOU, key="own", numbers=("0",) * 6), "is missing"),
        (replace(GUANGZHOU, key="gain", numbers=("100",) * 6), "is missing"),
        (replace(GUANGZHOU, key="slack"), "Only 0 of 12 homes"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_in_words(cast: Cast, drive: Drive, asked: Asked, told: str) -> None:
    with pytest.raises(Refused, match=told):
        kept(cast, drive, asked)
    assert not CostPlan.objects.exists()


def test_without_a_roll_or_a_floor_nothing_is_shared(cast: Cast, drive: Drive) -> None:
    from hemei.places.models import Place
    from hemei.roll.models import Unit

    Place.objects.filter(code="0301").update(floor=None)
    with pytest.raises(Refused, match="floor is missing of: 03/1/0301"):
        kept(cast, drive)
    Unit.objects.update(until=NOW.date().replace(year=2020))
    with pytest.raises(Refused, match="no home here yet"):
        kept(cast, drive)


def test_every_key_has_a_name_in_both_languages_and_the_plan_keeps_both(cast: Cast, drive: Drive) -> None:
    for key in (*costing.KEYS, *costing.TABLES):
        with override("zh-hans"):
            chinese = costing.key_name(key)
        assert not re.search("[A-Za-z]{3}", chinese), key
    plan = kept(cast, drive, replace(GUANGZHOU, within="area", compensation=("6000",)))
    assert plan.case["title"] == {
        "en": "Guangzhou reference key, within a floor by area, the low floors compensated",
        "zh": "广州参考系数，同一层按面积，低楼层给补偿",
    }


# from wishes


def put_wishes(cast: Cast, drive: Drive, ranges: dict[int, tuple[int, int]], without: str = "") -> None:
    for home in cast.homes:
        low, high = ranges[home.floor]
        if home.code != without:
            Wish.objects.create(
                drive=drive, home=home, number=1, says="yes", who="owner", share_low=low, share_high=high,
                by=cast.clerk.person, at=NOW, form_key=uuid4(),
            )  # fmt: skip


RANGES = {
    1: (-20_000, 0),
    2: (0, 20_000),
    3: (24_000, 56_000),
    4: (45_000, 85_000),
    5: (61_000, 109_000),
    6: (70_000, 130_000),
}


@pytest.mark.parametrize("key", ["slack", "chance"])
def test_a_proposal_from_wishes_is_kept_as_sums_and_holds_no_wish(cast: Cast, drive: Drive, key: str) -> None:
    put_wishes(cast, drive, RANGES)
    plan = kept(cast, drive, replace(GUANGZHOU, key=key))
    case = str(plan.case)
    assert plan.case["method"]["key"] == "table"
    assert not any(word in case for word in ("limit", "'mu'", "'s'", "wish", "意愿", "room", "chance", "把握"))
    assert {"t", "lambda", "chance"}.isdisjoint(plan.answer)
    flats = costing.flats_of(drive, NOW.date())
    asked = costing.case_of(replace(GUANGZHOU, key=key), flats, costing.wishes_of(drive, flats))
    direct = costs.share(costing.read(asked))
    assert all(
        abs(Fraction(plan.answer["shares"][home]) - sum_) <= Fraction("0.01") for home, sum_ in direct.shares.items()
    )
    assert sum(map(Fraction, plan.answer["shares"].values())) == 420_000


def test_the_lowest_wish_of_a_floor_counts_and_one_silent_home_leaves_them_out(cast: Cast, drive: Drive) -> None:
    put_wishes(cast, drive, RANGES, without="0602")
    flats = costing.flats_of(drive, NOW.date())
    assert costing.wishes_of(drive, flats) == costing.Wishes(11, 12)
    Wish.objects.create(
        drive=drive, home=cast.home("0602"), number=1, says="depends", who="owner", share_high=50_000,
        by=cast.clerk.person, at=NOW, form_key=uuid4(),
    )  # fmt: skip
    wishes = costing.wishes_of(drive, flats)
    assert wishes.complete
    assert (wishes.limits[6], wishes.mu[6], wishes.s[6]) == (50_000, 50_000, costing.SURE)
    assert (wishes.limits[5], wishes.mu[5], wishes.s[5]) == (109_000, 85_000, 12_000)


def test_where_wishes_do_not_cover_the_cost_it_says_by_how_much(cast: Cast, drive: Drive) -> None:
    put_wishes(cast, drive, dict.fromkeys(range(1, 7), (0, 30_000)))
    with pytest.raises(Refused, match=r"60,000\.00 is missing"):
        kept(cast, drive, replace(GUANGZHOU, key="slack"))


# keeping, dropping, freezing


def test_the_same_form_twice_keeps_one_plan_and_other_words_are_refused(cast: Cast, drive: Drive) -> None:
    key = uuid4()
    first = kept(cast, drive, form_key=key)
    assert kept(cast, drive, form_key=key) == first
    with pytest.raises(Refused, match="already sent with other words"):
        kept(cast, drive, replace(GUANGZHOU, works="800000"), form_key=key)
    assert CostPlan.objects.count() == 1


def test_a_sixth_proposal_waits_until_one_is_dropped(cast: Cast, drive: Drive) -> None:
    plans = [kept(cast, drive) for _ in range(STANDING_MAX)]
    with pytest.raises(Refused, match="5 proposals side by side"):
        kept(cast, drive)
    assert drop_plan(actor=cast.head, plan=plans[1], at=NOW).dropped_at == NOW
    assert drop_plan(actor=cast.head, plan=plans[1], at=NOW).dropped_at == NOW
    assert kept(cast, drive).number == 6
    assert faults() == []


def test_one_plan_is_frozen_and_then_nothing_of_it_changes(cast: Cast, drive: Drive) -> None:
    first, second = kept(cast, drive), kept(cast, drive, replace(GUANGZHOU, key="storeys"))
    frozen = freeze_plan(actor=cast.clerk, plan=first, at=NOW)
    assert freeze_plan(actor=cast.head, plan=first, at=NOW).frozen_at == NOW
    before = CostPlan.objects.filter(pk=first.pk).values().get()
    with pytest.raises(Refused, match="nothing of it changes"):
        drop_plan(actor=cast.clerk, plan=first, at=NOW)
    with pytest.raises(Refused, match=r"no\. 1 is frozen already"):
        freeze_plan(actor=cast.clerk, plan=second, at=NOW)
    assert CostPlan.objects.filter(pk=first.pk).values().get() == before
    assert frozen.hash == frozen.recomputed()["hash"]
    assert verbs(drive.matter).count("decisions.plan_frozen") == 1
    assert faults() == []


def test_a_frozen_plan_that_the_roll_has_left_behind_can_be_replaced(cast: Cast, drive: Drive) -> None:
    from decimal import Decimal

    from hemei.roll.models import Unit

    first = freeze_plan(actor=cast.clerk, plan=kept(cast, drive), at=NOW)
    stale = kept(cast, drive)
    Unit.objects.filter(key="03/1/0301").update(area_m2=Decimal("99"))
    with pytest.raises(Refused, match="03/1/0301"):
        freeze_plan(actor=cast.clerk, plan=stale, at=NOW)
    second = freeze_plan(actor=cast.clerk, plan=kept(cast, drive), at=NOW)
    assert costing.frozen_plan(drive) == second != first


def test_a_changed_plan_is_named_by_the_check(cast: Cast, drive: Drive) -> None:
    plan = freeze_plan(actor=cast.clerk, plan=kept(cast, drive), at=NOW)
    answer = {**plan.answer, "shares": {**plan.answer["shares"], "03/1/0601": "1.00"}}
    CostPlan.objects.filter(pk=plan.pk).update(answer=answer)
    assert any("costplan" in fault for fault in faults())


def test_nothing_is_kept_for_a_drive_that_stopped(cast: Cast, drive: Drive) -> None:
    plan = kept(cast, drive)
    Drive.objects.filter(pk=drive.pk).update(stage="stopped", stopped_why="住户改变了主意")
    with pytest.raises(Refused, match="stopped"):
        kept(cast, drive)
    with pytest.raises(Refused, match="stopped"):
        freeze_plan(actor=cast.clerk, plan=plan, at=NOW)


NOT_THE_DESK = ["property_clerk", "builder", "volunteer", "stranger", "counter", "owner", "visitor", "clerk_elsewhere"]


def someone(cast: Cast, who: str, request: pytest.FixtureRequest) -> Actor:
    if who == "counter":
        return cast.counters[0]
    if who == "owner":
        return cast.owners["w0601"]
    return getattr(cast, who) if hasattr(cast, who) else request.getfixturevalue(who)


@pytest.mark.parametrize("who", NOT_THE_DESK)
def test_only_the_desk_prepares(request: pytest.FixtureRequest, cast: Cast, drive: Drive, who: str) -> None:
    plan, actor = kept(cast, drive), someone(cast, who, request)
    with pytest.raises(NotAllowed):
        kept(cast, drive, actor=actor)
    with pytest.raises(NotAllowed):
        drop_plan(actor=actor, plan=plan, at=NOW)
    with pytest.raises(NotAllowed):
        freeze_plan(actor=actor, plan=plan, at=NOW)
    plan.refresh_from_db()
    assert (plan.frozen_at, plan.dropped_at, CostPlan.objects.count()) == (None, None, 1)


@pytest.mark.django_db(transaction=True)
def test_of_eight_desks_at_once_one_freezes(cast: Cast, drive: Drive) -> None:
    plans = [kept(cast, drive, replace(GUANGZHOU, works=works)) for works in ("700000", "710000", "720000", "730000")]
    turn = iter(plans * 2)
    outcome = race(8, lambda: freeze_plan(actor=cast.clerk, plan=next(turn), at=NOW))
    assert len({plan.pk for plan in outcome.results}) == 1
    assert CostPlan.objects.exclude(frozen_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_eight_tabs_keeps_one_plan(cast: Cast, drive: Drive) -> None:
    key = uuid4()
    assert race(8, lambda: kept(cast, drive, form_key=key)).done == 8
    assert CostPlan.objects.count() == 1
