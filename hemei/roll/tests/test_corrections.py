"""Corrections: proposed by one with reason and paper, confirmed or declined by another; a frozen copy never moves."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import translation

from conftest import put_person, put_seat, race, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.base.jobs import PrintedProgress
from hemei.ledger.verification import verify
from hemei.roll.actions.correcting import Named, confirm_correction, decline_correction, propose_correction
from hemei.roll.models import Correction, Holding, Owner, RollList, Unit
from hemei.roll.queries import owned_by
from hemei.roll.steps import freeze
from hemei.roll.tests.rolls import match, owner_of, put_roll, unit_of

PROGRESS = PrintedProgress(lambda _text: None)
DAY = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def second(area):
    """Head of the residents' committee: the other key."""
    return speaking_from(put_seat(put_person("二把钥匙", "+8613800000021"), "committee", "华富居委会", area, "head"))


@pytest.fixture
def roll(estate, stairwell, home, now):
    """101 belongs to 赵一 and 钱二, half each; 102 and 201 to 周五 alone; 202 to 业主4."""
    owners = {0: [("赵一", "1/2", "P1"), ("钱二", "1/2", "P2")], 1: [("周五", "1/1", "P5")], 2: [("周五", "1/1", "P5")]}
    return put_roll(estate, stairwells=[stairwell], homes=4, owners=owners)


def proposal(actor, unit, now, what="area", **more):
    said = {"on": DAY, "reason": "重新测绘", "source": "不动产权证", "form_key": uuid4(), "at": now}
    if what == "area":
        said["area_m2"] = Decimal("62.5")
    return {"actor": actor, "unit": unit, "what": what, **said, **more}


def corrected(clerk, second, unit, now, what, **more):
    made = propose_correction(**proposal(clerk, unit, now, what, **more))
    return confirm_correction(actor=second, correction=made, at=now)


def faults():
    return [fault for fault in verify(PROGRESS).faults if fault.startswith("roll.")]


def held(unit):
    rows = Holding.objects.filter(unit=unit, until=None).order_by("owner__code")
    return [(one.owner.code, one.owner.name, f"{one.share_num}/{one.share_den}", one.since) for one in rows]


def test_a_correction_waits_holds_when_another_confirms_and_leaves_its_list(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    made = propose_correction(**proposal(clerk, unit, now))
    assert (made.before, made.after) == ({"area_m2": "61.2"}, {"area_m2": "62.5"})
    unit.refresh_from_db()
    assert unit.area_m2 == Decimal("61.2"), "nothing changes before the second key"
    confirm_correction(actor=second, correction=made, at=now)
    unit.refresh_from_db()
    roll.refresh_from_db()
    assert (unit.area_m2, unit.came_with, roll.version) == (Decimal("62.5"), None, 2)
    assert faults() == []
    assert verbs(roll)[-4:] == ["roll.correction_proposed", "roll.row_changed", "roll.list_left", "roll.corrected"]


def test_a_corrected_row_altered_behind_its_entry_is_found_and_so_is_a_correction(clerk, second, roll, now):
    made = corrected(clerk, second, unit_of(roll, "0101"), now, "area")
    Unit.objects.filter(pk=made.unit_id).update(area_m2=99)
    assert any(f"roll.unit:{made.unit_id}" in fault for fault in faults())
    Correction.objects.filter(pk=made.pk).update(reason="x")
    assert any(f"roll.correction:{made.pk}" in fault for fault in faults())


def test_whoever_proposed_neither_confirms_nor_declines(clerk, roll, street, now):
    made = propose_correction(**proposal(clerk, unit_of(roll, "0101"), now))
    office = speaking_from(put_seat(clerk.person, "street_office", "街道办", street, "head"))
    for actor in (clerk, office):
        with pytest.raises(NotAllowed, match="You proposed this"):
            confirm_correction(actor=actor, correction=made, at=now)
        with pytest.raises(NotAllowed, match="You proposed this"):
            decline_correction(actor=actor, correction=made, why="x", at=now)


@pytest.mark.parametrize(
    "who", ["visitor", "guest", "resident", "owner_upstairs", "stranger", "steward", "clerk_elsewhere", "administrator"]
)
def test_nobody_else_proposes_confirms_or_declines(request, who, clerk, roll, now):
    made = propose_correction(**proposal(clerk, unit_of(roll, "0101"), now))
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed, match="The roll is kept by"):
        propose_correction(**proposal(actor, unit_of(roll, "0102"), now))
    with pytest.raises(NotAllowed, match="The roll is kept by"):
        confirm_correction(actor=actor, correction=made, at=now)
    with pytest.raises(NotAllowed, match="The roll is kept by"):
        decline_correction(actor=actor, correction=made, why="x", at=now)


@pytest.mark.parametrize("kind", ["property", "builder", "team", "alliance"])
def test_firms_and_teams_do_not_either(kind, clerk, roll, estate, now):
    actor = speaking_from(put_seat(put_person("经理"), kind, "公司", estate, "head"))
    with pytest.raises(NotAllowed):
        propose_correction(**proposal(actor, unit_of(roll, "0102"), now))


def test_a_form_sent_twice_is_one_correction(clerk, roll, now):
    said = proposal(clerk, unit_of(roll, "0101"), now)
    made = propose_correction(**said)
    assert propose_correction(**said) == made
    with pytest.raises(Refused, match="other words"):
        propose_correction(**{**said, "area_m2": Decimal(70)})
    with pytest.raises(Refused, match="waits for its second key"):
        propose_correction(**{**said, "form_key": uuid4()})
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"area_m2": Decimal("61.20")}, "Nothing would change"),
        ({"on": date(2026, 9, 13)}, "has not come yet"),
        ({"source": "证 31010419800101123X"}, "Numbers of identity cards"),
    ],
)
def test_what_cannot_be_proposed_is_told(clerk, roll, now, more, told):
    with pytest.raises(Refused, match=told):
        propose_correction(**proposal(clerk, unit_of(roll, "0101"), now, **more))


def test_declined_with_a_reason_it_changes_nothing(clerk, second, roll, now):
    made = propose_correction(**proposal(clerk, unit_of(roll, "0101"), now))
    said = {"actor": second, "correction": made, "why": "证对不上", "at": now}
    declined = decline_correction(**said)
    assert decline_correction(**said) == declined
    with pytest.raises(Refused, match="was declined"):
        confirm_correction(actor=second, correction=made, at=now)
    assert unit_of(roll, "0101").area_m2 == Decimal("61.2")
    assert (verbs(roll)[-1], faults()) == ("roll.correction_declined", [])


def test_confirmed_twice_it_holds_once_and_is_not_declined_any_more(clerk, second, roll, now):
    made = corrected(clerk, second, unit_of(roll, "0101"), now, "area")
    assert confirm_correction(actor=second, correction=made, at=now).confirmed_at == now
    assert verbs(roll).count("roll.corrected") == 1
    with pytest.raises(Refused, match="confirmed meanwhile"):
        decline_correction(actor=second, correction=made, why="x", at=now)


@pytest.mark.django_db(transaction=True)
def test_confirmed_by_six_hands_at_once_it_holds_once(clerk, second, roll, now):
    made = propose_correction(**proposal(clerk, unit_of(roll, "0101"), now))
    assert race(6, lambda: confirm_correction(actor=second, correction=made, at=now)).done == 6
    roll.refresh_from_db()
    assert (verbs(roll).count("roll.corrected"), roll.version, faults()) == (1, 2, [])


@pytest.mark.django_db(transaction=True)
def test_of_confirming_and_declining_at_once_one_holds(clerk, second, roll, now):
    made = propose_correction(**proposal(clerk, unit_of(roll, "0101"), now))
    acts = [
        lambda: confirm_correction(actor=second, correction=made, at=now),
        lambda: decline_correction(actor=second, correction=made, why="x", at=now),
    ]

    def act():
        return acts.pop()()

    outcome = race(2, act)
    assert (outcome.done, len(outcome.refused), faults()) == (1, 1, [])


@pytest.mark.django_db(transaction=True)
def test_of_four_proposals_at_once_one_waits(clerk, roll, now):
    unit = unit_of(roll, "0101")
    outcome = race(4, lambda: propose_correction(**proposal(clerk, unit, now)))
    assert (outcome.done, Correction.objects.count()) == (1, 1)


def test_a_frozen_copy_stays_as_it_was(clerk, second, roll, now):
    with transaction.atomic():
        frozen = freeze(actor=clerk, roll=roll, place=roll.place, at=now)
    content = frozen.content
    corrected(clerk, second, unit_of(roll, "0101"), now, "area")
    corrected(clerk, second, unit_of(roll, "0202"), now, "gone")
    frozen.refresh_from_db()
    assert frozen.content == content
    assert faults() == []


def test_a_roll_that_changed_meanwhile_is_proposed_anew(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    made = propose_correction(**proposal(clerk, unit, now))
    Unit.objects.filter(pk=unit.pk).update(area_m2=70)
    with pytest.raises(Refused, match="has changed since"):
        confirm_correction(actor=second, correction=made, at=now)


# kinds


def test_use_and_whether_it_counts_are_corrected(clerk, second, roll, now):
    unit = unit_of(roll, "0202")
    corrected(clerk, second, unit, now, "kind", kind="garage")
    made = corrected(clerk, second, unit, now, "votable", votable=False)
    assert (made.before, made.after) == ({"votable": True}, {"votable": False})
    unit.refresh_from_db()
    assert (unit.kind, unit.votable, faults()) == ("garage", False, [])


def test_a_home_that_is_gone_ends_with_its_holdings_and_comes_back_with_them(clerk, second, roll, owner_upstairs, now):
    unit = unit_of(roll, "0202")
    match(owner_of(roll, "0202"), owner_upstairs.person)
    assert owned_by(owner_upstairs.person, roll.pk)
    corrected(clerk, second, unit, now, "gone")
    unit.refresh_from_db()
    assert (unit.until, owned_by(owner_upstairs.person, roll.pk)) == (DAY, [])
    with pytest.raises(Refused, match="not on the roll any more"):
        propose_correction(**proposal(clerk, unit, now))
    made = corrected(clerk, second, unit, now, "gone")
    assert (made.before, made.after) == ({"until": "2026-09-01"}, {"until": None})
    unit.refresh_from_db()
    assert (unit.until, len(owned_by(owner_upstairs.person, roll.pk)), faults()) == (None, 1, [])


def test_a_sale_ends_one_holding_and_begins_another_on_its_day(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    made = corrected(
        clerk, second, unit, now, "owners", sold=True, owners=[Named("赵一", "1/2"), Named("孙三", "1/2", rep=True)]
    )
    assert [one["code"] for one in made.after["owners"]] == ["03/1/0101#1", "P1"]
    assert held(unit) == [("03/1/0101#1", "孙三", "1/2", DAY), ("P1", "赵一", "1/2", None)]
    ended = Holding.objects.get(unit=unit, owner__code="P2")
    assert ended.until == DAY - timedelta(days=1)
    assert Holding.objects.get(unit=unit, owner__code="P1").came_with is not None, "who stays is not touched"
    assert faults() == []


def test_a_sale_to_somebody_on_the_roll_makes_one_owner_of_two_homes(clerk, second, roll, now):
    unit = unit_of(roll, "0202")
    with pytest.raises(Refused, match="“周五” stands on the roll already, with the number P5"):
        propose_correction(**proposal(clerk, unit, now, "owners", sold=True, owners=[Named("周五")]))
    corrected(clerk, second, unit, now, "owners", sold=True, owners=[Named("周 五", code="P5")])
    assert held(unit) == [("P5", "周五", "1/1", DAY)]
    assert Owner.objects.filter(name__contains="五").count() == 1


def test_a_number_under_another_name_is_told(clerk, roll, now):
    for sold in (True, False):
        with pytest.raises(Refused, match="The number P5 is that of 周五"):
            propose_correction(
                **proposal(clerk, unit_of(roll, "0202"), now, "owners", sold=sold, owners=[Named("吴六", code="P5")])
            )


def test_a_slip_in_a_name_is_put_right_for_every_home_of_the_owner(clerk, second, roll, now):
    unit = unit_of(roll, "0102")
    corrected(clerk, second, unit, now, "owners", owners=[Named("周武", code="P5")])
    assert held(unit) == held(unit_of(roll, "0201")) == [("P5", "周武", "1/1", None)]
    assert faults() == []


def test_a_wrong_owner_never_was_one(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    owners = [Named("赵一", "1/3"), Named("李四", "2/3")]
    corrected(clerk, second, unit, now, "owners", owners=owners)
    assert held(unit) == [("03/1/0101#1", "李四", "2/3", None), ("P1", "赵一", "1/3", None)]
    assert Holding.objects.filter(unit=unit).count() == 2
    assert faults() == []


def test_a_missing_owner_is_added_and_one_too_many_goes(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    three = [Named("赵一"), Named("钱二"), Named("李四")]
    corrected(clerk, second, unit, now, "owners", joint=True, owners=three)
    assert [row[2:] for row in held(unit)] == [("1/3", None)] * 3
    corrected(clerk, second, unit, now, "owners", owners=three[:1])
    assert [row[1:] for row in held(unit)] == [("赵一", "1/1", None)]
    assert faults() == []


def test_a_sale_entered_wrongly_today_can_be_put_right_today(clerk, second, roll, now):
    unit, today = unit_of(roll, "0202"), date(2026, 9, 12)
    corrected(clerk, second, unit, now, "owners", sold=True, on=today, owners=[Named("吴六")])
    with pytest.raises(Refused, match="since 2026-09-12 only"):
        propose_correction(**proposal(clerk, unit, now, "owners", sold=True, on=today, owners=[Named("郑七")]))
    corrected(clerk, second, unit, now, "owners", on=today, owners=[Named("郑七")])
    assert [row[1:] for row in held(unit)] == [("郑七", "1/1", today)]
    assert faults() == []


@pytest.mark.parametrize(
    ("owners", "joint", "told"),
    [
        ([], False, "at least one owner"),
        ([Named("甲", "1/2"), Named("乙", "1/3")], False, "add up to 5/6"),
        ([Named("甲", "1/2"), Named("乙")], False, "share of each owner"),
        ([Named("甲", "1/2"), Named("乙", "1/2")], True, "has no shares"),
        ([Named("甲", "1/2")], False, "add up to 1/2"),
        ([Named("赵一", "1/2"), Named("赵一", "1/2")], False, "named twice"),
        ([Named("甲", "1/2", rep=True), Named("乙", "1/2", rep=True)], False, "One owner speaks"),
        ([Named("赵一", "1/2"), Named("钱二", "1/2")], False, "Nothing would change"),
    ],
)
def test_owners_that_cannot_be_are_told(clerk, roll, now, owners, joint, told):
    with pytest.raises(Refused, match=told):
        propose_correction(**proposal(clerk, unit_of(roll, "0101"), now, "owners", owners=owners, joint=joint))


def test_a_number_taken_meanwhile_stops_a_correction(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    made = propose_correction(
        **proposal(
            clerk, unit, now, "owners", sold=True, owners=[Named("赵一", "1/2"), Named("孙三", "1/2", code="N9")]
        )
    )
    Owner.objects.create(roll=roll, code="N9", name="别人", came_with=RollList.objects.get())
    with pytest.raises(Refused, match="has changed since"):
        confirm_correction(actor=second, correction=made, at=now)
