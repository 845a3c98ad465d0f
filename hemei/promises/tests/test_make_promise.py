"""A body promises something for itself."""

from datetime import date
from uuid import uuid4

import pytest

from conftest import NOW, race, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.matters.models import Matter
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises import actions
from hemei.promises.models import Promise
from hemei.promises.tests.conftest import IN_A_WEEK, made, put_matter


def test_a_body_promises_on_a_matter_until_the_end_of_a_day(manager: Actor, matter: Matter) -> None:
    promise = made(manager, matter.place, matter=matter)
    assert promise.state == "open"
    assert promise.owner_body == manager.seat.body
    assert promise.due_at.isoformat() == "2026-09-19T23:59:59+08:00"
    assert verbs(matter) == ["promises.made"]


def test_without_a_matter_the_streets_chain_holds_it(manager: Actor, street: Place, estate: Place) -> None:
    made(manager, estate)
    assert verbs(street) == ["promises.made"]


def test_the_matters_author_hears_of_it(manager: Actor, resident: Actor, estate: Place) -> None:
    made(manager, estate, matter=put_matter(estate, author=resident.person))
    assert Notice.objects.get().recipient == resident.person


def test_a_day_that_has_passed_is_refused_beside_its_field(manager: Actor, estate: Place) -> None:
    with pytest.raises(Refused, match="looks ahead") as refusal:
        made(manager, estate, due_on=date(2026, 9, 11))
    assert refusal.value.field == "due_on"
    assert not Promise.objects.exists()


def test_nobody_promises_for_the_next_century(manager: Actor, estate: Place) -> None:
    with pytest.raises(Refused, match="10 years"):
        made(manager, estate, due_on=date(2100, 1, 1))


def test_today_is_a_day_ahead_until_it_ends(manager: Actor, estate: Place) -> None:
    assert made(manager, estate, due_on=date(2026, 9, 12)).due_at > NOW


@pytest.mark.parametrize("who", ["visitor", "guest", "resident", "stranger", "clerk_elsewhere"])
def test_only_those_who_speak_for_a_body_there_promise(request: pytest.FixtureRequest, who: str, estate: Place) -> None:
    with pytest.raises(NotAllowed, match="Speak from your seat"):
        made(request.getfixturevalue(who), estate)
    assert not Promise.objects.exists()


def test_a_seat_without_a_strong_sign_in_does_not_promise(manager: Actor, estate: Place) -> None:
    weak = Actor(person=manager.person, principal=manager.person, seat=manager.seat)
    with pytest.raises(NotAllowed):
        made(weak, estate)


def test_nothing_is_promised_on_a_matter_one_does_not_see(manager: Actor, estate: Place) -> None:
    with pytest.raises(NotAllowed):
        made(manager, estate, matter=put_matter(estate, "confidential"))


def test_a_form_sent_twice_makes_one_promise(manager: Actor, estate: Place) -> None:
    key = uuid4()
    assert made(manager, estate, form_key=key) == made(manager, estate, form_key=key)
    assert Promise.objects.count() == 1


def test_the_same_form_with_other_words_is_refused(manager: Actor, clerk: Actor, estate: Place) -> None:
    key = uuid4()
    made(manager, estate, form_key=key)
    with pytest.raises(Refused, match="other words"):
        made(manager, estate, form_key=key, what="修好大门")
    with pytest.raises(Refused, match="other words"):
        made(clerk, estate, form_key=key)


def test_a_flood_of_promises_is_slowed_down(manager: Actor, estate: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PROMISES_AN_HOUR", 2)
    for number in (1, 2):
        made(manager, estate, what=f"第 {number} 件")
    with pytest.raises(TooMany):
        made(manager, estate)
    assert Promise.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_once_one_promise_stands(manager: Actor, estate: Place) -> None:
    key = uuid4()
    outcome = race(6, lambda: made(manager, estate, form_key=key, due_on=IN_A_WEEK))
    assert len({one.pk for one in outcome.results}) == 1
    assert Promise.objects.count() == 1
