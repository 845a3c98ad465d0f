"""One place at a time: added, corrected, closed, opened again."""

from datetime import date
from uuid import uuid4

import pytest

from conftest import put_place, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.places import steps
from hemei.places.actions import add_place, close_place, correct_place, reopen_place
from hemei.places.models import Kind, Place

FIELDS = ("name", "name_en", "code", "address", "order", "floor", "since")


def building(actor, parent, now, **more):
    said = {"kind": Kind.BUILDING, "name": "5号楼", "form_key": uuid4(), **more}
    return {"actor": actor, "parent": parent, "at": now, **said}


def corrected(actor, place, now, **more):
    said = {field: getattr(place, field) for field in FIELDS}
    return {"actor": actor, "place": place, "at": now, "seen": steps.state_of(place), **said, **more}


def test_a_clerk_adds_a_building_that_finds_its_path_its_code_and_its_place_in_the_row(
    clerk, street, estate, now, holds
):
    made = add_place(**building(clerk, estate, now, name="05号楼"))
    assert (made.path, made.code, made.order) == (f"{estate.path}{made.pk}/", "05", 5)
    assert verbs(street) == ["places.added"]
    assert holds() == []


def test_the_first_street_is_added_by_an_administrator(administrator, clerk, now):
    said = {"parent": None, "kind": Kind.STREET, "name": "漕河泾街道", "code": "310105", "form_key": uuid4(), "at": now}
    with pytest.raises(NotAllowed, match="administrator"):
        add_place(actor=clerk, **{**said, "code": "2"})
    street = add_place(actor=administrator, **said)
    assert street.path == f"/{street.pk}/"
    assert verbs(street) == ["places.added"]
    with pytest.raises(Refused, match="already has the code"):
        add_place(actor=administrator, **{**said, "form_key": uuid4()})


@pytest.mark.parametrize("who", ["visitor", "resident", "clerk_elsewhere", "stranger"])
def test_who_does_not_keep_the_place_adds_nothing(who, estate, now, request):
    before = Place.objects.count()
    with pytest.raises(NotAllowed, match="kept by the street office"):
        add_place(**building(request.getfixturevalue(who), estate, now))
    assert before <= Place.objects.count() <= before + 5  # the cast itself
    assert not Place.objects.filter(name="5号楼").exists()


def test_a_form_sent_twice_adds_one_and_other_words_are_refused(clerk, estate, now):
    said = building(clerk, estate, now)
    assert add_place(**said) == add_place(**said)
    with pytest.raises(Refused, match="already sent with other words"):
        add_place(**{**said, "name": "6号楼"})


def test_what_cannot_stand_there_is_refused_beside_its_field(clerk, estate, stairwell, now):
    with pytest.raises(Refused, match="cannot stand there") as kind:
        add_place(**building(clerk, stairwell, now))
    assert kind.value.field == "kind"
    with pytest.raises(Refused, match="3号楼 already has the code 03") as code:
        add_place(**building(clerk, estate, now, code="03"))
    assert code.value.field == "code"


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_place_comes(clerk, estate, now):
    said = building(clerk, estate, now)
    outcome = race(8, lambda: add_place(**said))
    assert len({place.pk for place in outcome.results}) == 1
    assert Place.objects.filter(name="5号楼").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_forms_at_once_one_takes_the_code(clerk, estate, now):
    outcome = race(8, lambda: add_place(**building(clerk, estate, now)))
    assert outcome.done == 1
    assert len(outcome.refused) == 7


def test_a_correction_is_in_the_ledger_with_what_was_there_before(clerk, street, estate, now, holds):
    correct_place(**corrected(clerk, estate, now, name="龙吴路9弄小区", code="9"))
    estate.refresh_from_db()
    assert (estate.name, estate.code) == ("龙吴路9弄小区", "9")
    assert verbs(street) == ["places.corrected"]
    assert f"places.place:{estate.pk}: " not in " ".join(holds())
    Place.objects.filter(pk=estate.pk).update(name="别的名字")
    assert any(f"places.place:{estate.pk}: was changed behind" in fault for fault in holds())


def test_the_same_correction_twice_changes_nothing(clerk, street, estate, now):
    said = corrected(clerk, estate, now, name="龙吴路9弄小区")
    correct_place(**said)
    correct_place(**said)
    assert verbs(street) == ["places.corrected"]


def test_an_old_page_does_not_undo_what_somebody_else_corrected(clerk, estate, now):
    old_page = corrected(clerk, estate, now, address="龙吴路9弄")
    correct_place(**corrected(clerk, estate, now, name_en="Nine Lane"))
    with pytest.raises(Refused, match="Somebody else has changed"):
        correct_place(**old_page)
    estate.refresh_from_db()
    assert estate.name_en == "Nine Lane"


def test_a_street_is_corrected_too(administrator, street, now, holds):
    correct_place(**corrected(administrator, street, now, name="漕河泾"))
    street.refresh_from_db()
    assert street.name == "漕河泾"
    assert holds() == []


def test_a_correction_needs_the_right_to_it(resident, clerk_elsewhere, estate, now):
    for actor in (resident, clerk_elsewhere):
        with pytest.raises(NotAllowed):
            correct_place(**corrected(actor, estate, now, name="x"))


def test_a_building_is_closed_with_everything_in_it_and_opened_again(clerk, street, stairwell, home, now, holds):
    built = stairwell.parent
    day = date(2026, 9, 1)
    close_place(actor=clerk, place=built, until=day, at=now)
    assert set(Place.objects.filter(path__startswith=built.path).values_list("until", flat=True)) == {day}
    close_place(actor=clerk, place=built, until=day, at=now)
    with pytest.raises(Refused, match="was closed already"):
        close_place(actor=clerk, place=built, until=date(2026, 9, 2), at=now)
    with pytest.raises(Refused, match="Open that again first"):
        reopen_place(actor=clerk, place=stairwell, at=now)
    reopen_place(actor=clerk, place=built, at=now)
    reopen_place(actor=clerk, place=built, at=now)
    assert not Place.objects.exclude(until=None).exists()
    assert verbs(street) == ["places.closed"] * 3 + ["places.reopened"] * 3
    assert holds() == []


def test_a_day_before_the_first_is_refused(clerk, area, now):
    young = put_place(Kind.ESTATE, "新村", "N", area, since=date(2025, 1, 1))
    with pytest.raises(Refused, match="before the first") as refusal:
        close_place(actor=clerk, place=young, until=date(2024, 1, 1), at=now)
    assert refusal.value.field == "until"


def test_nothing_is_added_to_what_stands_no_more(clerk, estate, now):
    close_place(actor=clerk, place=estate, until=date(2026, 9, 1), at=now)
    with pytest.raises(Refused, match="does not stand any more"):
        add_place(**building(clerk, estate, now))


def test_closing_and_opening_need_the_right_to_it(resident, estate, now):
    with pytest.raises(NotAllowed):
        close_place(actor=resident, place=estate, until=date(2026, 9, 1), at=now)
    with pytest.raises(NotAllowed):
        reopen_place(actor=resident, place=estate, at=now)
