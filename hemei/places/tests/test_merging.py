"""华富: four lanes became one block. And one estate becomes several."""

from datetime import date
from uuid import uuid4

import pytest

from conftest import put_place, put_tie, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.people.actor import own
from hemei.places.actions import Part, merge_estates, reopen_place, split_estate
from hemei.places.models import Change, Kind, Move, Place
from hemei.places.queries import changes_of, places_found

DAY = date(2019, 1, 1)


@pytest.fixture
def lanes(area, estate):
    """Four lanes, each with a building no. 1 and its stairwell."""
    found = [estate] + [
        put_place(Kind.ESTATE, name, code, area)
        for name, code in (("龙吴路11弄", "0011"), ("龙吴路13弄", "0013"), ("龙华西路309弄", "0309"))
    ]
    for lane in found:
        put_place(Kind.STAIRWELL, "1单元", "1", put_place(Kind.BUILDING, "1号楼", "01", lane, order=1))
    return found


def merging(actor, lanes, now, **more):
    said = {
        "name": "华富街区",
        "code": "HF",
        "on": DAY,
        "reason": "围墙阻隔，合为一个街区",
        "form_key": uuid4(),
        **more,
    }
    return {"actor": actor, "estates": lanes, "at": now, **said}


def test_four_lanes_become_one_block_and_the_old_boundary_stays_readable(clerk, street, lanes, stairwell, now, holds):
    change = merge_estates(**merging(clerk, lanes, now, source="区政协报道"))
    block = change.after.get()
    assert (block.name, block.since, block.parent) == ("华富街区", DAY, lanes[0].parent)
    old = list(Place.objects.filter(pk__in=[lane.pk for lane in lanes]).order_by("pk"))
    assert {(lane.until, lane.parent_id) for lane in old} == {(DAY, block.pk)}
    assert all(lane.path == f"{block.path}{lane.pk}/" for lane in old)
    buildings = Place.objects.filter(parent=block, kind=Kind.BUILDING).order_by("code")
    assert [(one.code, one.name) for one in buildings] == [
        ("0009-01", "龙吴路9弄1号楼"),
        ("0011-01", "龙吴路11弄1号楼"),
        ("0013-01", "龙吴路13弄1号楼"),
        ("03", "3号楼"),
        ("0309-01", "龙华西路309弄1号楼"),
    ]
    in_order = Place.objects.filter(parent=block, kind=Kind.BUILDING).order_by("order")
    assert [one.code for one in in_order] == ["03", "0009-01", "0011-01", "0013-01", "0309-01"]
    for one in Place.objects.filter(kind=Kind.STAIRWELL).select_related("parent"):
        assert one.path == f"{one.parent.path}{one.pk}/"
    assert Move.objects.filter(change=change, place=lanes[0]).get().old_parent == lanes[0].parent
    assert verbs(street)[-1] == "places.merged"
    assert holds() == []


def test_the_page_of_the_block_says_what_it_was(clerk, lanes, now):
    block = merge_estates(**merging(clerk, lanes, now)).after.get()
    (said,) = changes_of(block)
    assert [one.name for one in said.before] == [lane.name for lane in lanes]
    assert [one.name for one in said.after] == ["华富街区"]


def test_old_names_are_found_after_the_merger(clerk, lanes, now, visitor):
    merge_estates(**merging(clerk, lanes, now))
    found = list(places_found(viewer=visitor, words="龙吴路9弄"))
    assert found[0] == lanes[0]
    assert [one.name for one in places_found(viewer=visitor, words="华富街区3号楼")] == []
    assert [one.name for one in places_found(viewer=visitor, words="龙吴路11弄 1栋")] == ["龙吴路11弄1号楼"]


def test_who_belonged_to_a_lane_belongs_to_the_block(clerk, lanes, now, stranger):
    put_tie(stranger.principal, lanes[1])
    block = merge_estates(**merging(clerk, lanes, now)).after.get()
    assert own(stranger.principal).reaches("confirmed", block)


def test_the_same_form_again_returns_the_first_merger(clerk, lanes, now):
    said = merging(clerk, lanes, now)
    assert merge_estates(**said) == merge_estates(**said)
    assert Change.objects.count() == 1
    with pytest.raises(Refused, match="other words"):
        merge_estates(**{**said, "reason": "another"})


@pytest.mark.django_db(transaction=True)
def test_of_four_mergers_at_once_one_happens(clerk, lanes, now):
    outcome = race(4, lambda: merge_estates(**merging(clerk, lanes, now)))
    assert outcome.done == 1
    assert Place.objects.filter(name="华富街区").count() == 1


def test_what_cannot_be_merged_is_refused_in_words(administrator, clerk, lanes, other_estate, now):
    with pytest.raises(Refused, match="at least two"):
        merge_estates(**merging(clerk, lanes[:1], now))
    with pytest.raises(Refused, match="one residential area"):
        merge_estates(**merging(administrator, [lanes[0], other_estate], now))
    with pytest.raises(Refused, match="already has the code 0011"):
        merge_estates(**merging(clerk, lanes, now, code="0011"))
    with pytest.raises(NotAllowed):
        merge_estates(**merging(clerk, [lanes[0], other_estate], now))
    Place.objects.filter(pk=lanes[2].pk).update(since=date(2020, 1, 1))
    with pytest.raises(Refused, match="stands only since") as refusal:
        merge_estates(**merging(clerk, lanes, now))
    assert refusal.value.field == "on"
    assert not Change.objects.exists()


def test_what_was_merged_is_not_opened_again(clerk, lanes, now):
    merge_estates(**merging(clerk, lanes, now))
    with pytest.raises(Refused, match="lives on in what it became"):
        reopen_place(actor=clerk, place=Place.objects.get(pk=lanes[0].pk), at=now)


def splitting(actor, estate, now, parts, **more):
    said = {"parts": parts, "on": DAY, "reason": "分为两个小区", "form_key": uuid4(), **more}
    return {"actor": actor, "estate": estate, "at": now, **said}


def test_one_estate_becomes_two(clerk, street, estate, stairwell, home, now, holds):
    three = stairwell.parent
    five = put_place(Kind.BUILDING, "5号楼", "05", estate)
    parts = [Part("东园", frozenset({three.pk}), code="E"), Part("西园", frozenset({five.pk}), code="W")]
    said = splitting(clerk, estate, now, parts)
    assert split_estate(**said) == split_estate(**said)
    east = Place.objects.get(code="E", kind=Kind.ESTATE)
    home.refresh_from_db()
    assert home.path.startswith(east.path)
    estate.refresh_from_db()
    assert (estate.until, estate.parent_id) == (DAY, east.parent_id)
    assert [one.name for one in changes_of(estate)[0].after] == ["东园", "西园"]
    assert verbs(street)[-1] == "places.split"
    assert f"places.place:{five.pk}: was changed" not in " ".join(holds())


def test_everything_goes_to_exactly_one_part(clerk, resident, estate, stairwell, now):
    three = stairwell.parent
    put_place(Kind.BUILDING, "5号楼", "05", estate)
    with pytest.raises(Refused, match="exactly one"):
        split_estate(**splitting(clerk, estate, now, [Part("东园", frozenset({three.pk})), Part("西园", frozenset())]))
    with pytest.raises(Refused, match="at least two"):
        split_estate(**splitting(clerk, estate, now, [Part("东园", frozenset({three.pk}))]))
    with pytest.raises(NotAllowed):
        split_estate(**splitting(resident, estate, now, [Part("东园", frozenset({three.pk}))]))
