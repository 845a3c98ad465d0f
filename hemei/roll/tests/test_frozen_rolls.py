"""The roll frozen for a decision: one text, one hash, whatever file it came from."""

import json
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import Http404

from conftest import NOW, verbs
from hemei.base.errors import Refused
from hemei.ledger.tests.forging import faults
from hemei.places.models import Kind
from hemei.roll import content, queries
from hemei.roll.models import FrozenRoll, Holding, Owner, Roll, Unit
from hemei.roll.steps import freeze
from hemei.roll.tests.rolls import match, owner_of, put_roll, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

ONE_OF_TWO_HOMES = {0: ["赵一", "钱二"], 1: [("孙三", "2/3"), ("李四", "1/3")], 2: [("周五", "1/1", "A7")]}


def frozen_of(clerk, roll, place=None, *, at=NOW, **more):
    with transaction.atomic():
        return freeze(actor=clerk, roll=roll, place=place or roll.place, at=at, **more)


def test_a_frozen_copy_says_codes_names_areas_and_shares_and_nothing_of_this_database(clerk, estate):
    roll = put_roll(estate, homes=3, areas=["61.20", "48"], owners=ONE_OF_TWO_HOMES)
    frozen = frozen_of(clerk, roll)
    said = json.loads(frozen.content)
    assert said["schema"] == "roll/1"
    assert said["place"] == ["001", "0009"]
    assert [unit["key"] for unit in said["units"]] == ["88/1/0101", "88/1/0102", "88/1/0201"]
    assert said["units"][1] == {
        "key": "88/1/0102",
        "area": "48",
        "kind": "home",
        "votable": True,
        "floor": 1,
        "owners": [
            {"code": "88/1/0102-1", "name": "孙三", "kind": "person", "share": "2/3", "joint": False, "rep": False},
            {"code": "88/1/0102-2", "name": "李四", "kind": "person", "share": "1/3", "joint": False, "rep": False},
        ],
    }
    assert said["units"][0]["area"] == "61.2"
    assert frozen.units == 3
    assert frozen.as_of == date(2026, 9, 12)
    assert verbs(roll)[-1] == "roll.frozen"


def test_the_same_roll_written_anew_gives_the_same_hash(clerk, estate):
    first = frozen_of(clerk, put_roll(estate, homes=3, owners=ONE_OF_TWO_HOMES))
    for model in (FrozenRoll, Holding, Owner, Unit):
        model.objects.all().delete()
    Roll.objects.get().lists.all().delete()
    Roll.objects.all().delete()
    again = frozen_of(clerk, put_roll(estate, homes=3, owners=ONE_OF_TWO_HOMES), at=NOW + timedelta(days=3))
    assert again.hash == first.hash
    assert again.content == first.content


def test_a_stairwell_is_frozen_alone(clerk, estate):
    roll = put_roll(estate, homes=2, stairwells=3)
    second = roll.units.get(key="88/2/0101").place.parent
    said = content.read(frozen_of(clerk, roll, second).content)
    assert said.place == ("001", "0009", "88", "2")
    assert [unit.key for unit in said.units] == ["88/2/0101", "88/2/0102"]


def test_only_named_units_are_frozen_and_one_that_is_not_there_is_named(clerk, estate):
    roll = put_roll(estate, homes=4)
    said = content.read(frozen_of(clerk, roll, only=["88/1/0102"]).content)
    assert [unit.key for unit in said.units] == ["88/1/0102"]
    with pytest.raises(Refused, match="88/1/0909"):
        frozen_of(clerk, roll, only=["88/1/0102", "88/1/0909"])


def test_an_empty_roll_is_not_frozen(clerk, estate):
    roll = put_roll(estate, homes=0)
    with pytest.raises(Refused, match="no home here yet"):
        frozen_of(clerk, roll)


def test_the_place_must_stand_in_the_estate_of_the_roll(clerk, estate, other_estate):
    with pytest.raises(Refused, match="does not belong"):
        frozen_of(clerk, put_roll(estate), other_estate)


def test_a_unit_without_owners_is_named(clerk, estate):
    roll = put_roll(estate)
    unit_of(roll, "0302").holdings.all().delete()
    with pytest.raises(Refused, match="owner of: 88/1/0302"):
        frozen_of(clerk, roll)
    assert not FrozenRoll.objects.exists()


def test_of_many_units_whose_shares_are_not_one_whole_the_first_are_named(clerk, estate):
    roll = put_roll(estate, owners={0: [("赵一", "1/2"), ("钱二", "1/3")]})
    with pytest.raises(Refused, match=r"add up to the whole home: 88/1/0101\. "):
        frozen_of(clerk, roll)
    Holding.objects.update(share_num=1, share_den=2)
    with pytest.raises(Refused, match="0601 and 1 more"):
        frozen_of(clerk, roll)


def test_who_owns_on_the_day_of_the_street_is_in_it(clerk, estate):
    """At 16:30 UTC the street is a day further."""
    roll = put_roll(estate, homes=1)
    old = owner_of(roll, "0101").holdings.get()
    Holding.objects.filter(pk=old.pk).update(until=date(2026, 9, 12))
    buyer = Owner.objects.create(roll=roll, code="N1", name="吴六")
    Holding.objects.create(unit=old.unit, owner=buyer, since=date(2026, 9, 13))
    names = [owner.name for owner in content.read(frozen_of(clerk, roll).content).owners]
    assert names == ["业主1"]
    later = frozen_of(clerk, roll, at=NOW.replace(hour=16))
    assert [owner.name for owner in content.read(later.content).owners] == ["吴六"]


def test_a_home_that_is_no_longer_on_the_roll_is_left_out(clerk, estate):
    roll = put_roll(estate, homes=2)
    Unit.objects.filter(key="88/1/0101").update(until=date(2026, 9, 11))
    assert [unit.key for unit in content.read(frozen_of(clerk, roll).content).units] == ["88/1/0102"]


def test_freezing_four_hundred_homes_asks_no_more_than_freezing_four(clerk, estate, django_assert_max_num_queries):
    roll = put_roll(estate, homes=40)
    with django_assert_max_num_queries(14):  # savepoint, locks, two readings, places, the copy, its entry
        frozen_of(clerk, roll)


def test_what_is_frozen_is_vouched_for_and_tampering_is_found(clerk, estate):
    frozen = frozen_of(clerk, put_roll(estate))
    assert faults("roll.") == []
    FrozenRoll.objects.update(content=frozen.content.replace("业主7", "别人7"))
    assert any(f"roll.frozenroll:{frozen.pk}" in fault for fault in faults("roll."))
    other = frozen.content.replace("业主7", "别人7")
    FrozenRoll.objects.update(content=other, hash=content.hash_of(other))
    assert any(f"roll.frozenroll:{frozen.pk}" in fault for fault in faults("roll."))


def test_blacked_out_a_reader_finds_themselves_and_nobody_else(clerk, estate):
    owners = {0: [("赵一", "1/2", "310-77"), ("钱二", "1/2", "310-78")], 1: [("钱二", "1/1", "310-78")]}
    said = frozen_of(clerk, put_roll(estate, homes=3, owners=owners)).content
    blacked = content.blacked_out(said, ["310-77"])
    assert "钱二" not in blacked
    assert "310-78" not in blacked
    assert "业主" not in blacked
    units = content.read(blacked).units
    assert [(one.code, one.name) for one in units[0].owners] == [("310-77", "赵一"), ("o2", "")]
    assert [one.code for one in units[1].owners] == ["o2"], "one owner of two homes is still one"
    assert [one.share for one in units[0].owners] == ["1/2", "1/2"]
    nobody = content.read(content.blacked_out(said))
    assert [owner.code for owner in nobody.owners] == ["o1", "o2", "o2", "o3"]
    assert content.read(content.blacked_out(said, ["310-78"])).units[2].owners[0].code == "o3", "whoever reads"


def test_names_are_read_by_who_keeps_the_roll_alone(clerk, clerk_elsewhere, steward, resident, administrator, estate):
    frozen = frozen_of(clerk, put_roll(estate))
    assert queries.owners_named(frozen, clerk)["88/1/0101"][0].name == "业主1"
    assert queries.frozen_seen(clerk, frozen.pk) == frozen
    for other in (clerk_elsewhere, steward, resident, administrator):
        assert queries.owners_named(frozen, other) == {}
        with pytest.raises(Http404):
            queries.frozen_seen(other, frozen.pk)
    with pytest.raises(Http404):
        queries.frozen_seen(clerk, frozen.pk + 1)


def test_a_matched_person_owns_what_the_roll_says_of_today(resident, estate):
    roll = put_roll(estate, owners={0: [("周五", "1/1", "A7")], 3: [("周五", "1/1", "A7")]})
    match(owner_of(roll, "0101"), resident.person)
    first, second = unit_of(roll, "0101"), unit_of(roll, "0202")
    assert queries.owned_by(resident.person, roll.pk) == [(first.pk, "A7"), (second.pk, "A7")]
    Holding.objects.filter(unit=first).update(until=date(2026, 9, 11))
    assert queries.owned_by(resident.person, roll.pk) == [(second.pk, "A7")]
    Unit.objects.filter(pk=second.pk).update(until=date(2026, 9, 11))
    assert queries.owned_by(resident.person, roll.pk) == []


def test_the_homes_of_the_cast_are_on_the_roll_of_their_stairwell(estate, stairwell, home, home_upstairs):
    roll = put_roll(estate, stairwells=[stairwell])
    assert {unit_of(roll, "0101").place, unit_of(roll, "0601").place} == {home, home_upstairs}
    assert roll.units.filter(place__kind=Kind.HOME).count() == 12
