"""Which promises somebody may know of, and which words of them they may read."""

from datetime import datetime, timedelta

import pytest
from django.http import Http404

from conftest import NOW
from hemei.matters.steps import add_party
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises import clockwork, policy, queries
from hemei.promises.models import Promise
from hemei.promises.tests.conftest import made, put_matter

CAST = (
    "visitor", "guest", "resident", "owner_upstairs", "newcomer", "stranger", "clerk", "steward", "clerk_elsewhere",
    "administrator", "manager",
)  # fmt: skip
SECRET = "给 601 室装防护栏"


def hidden_promise(manager: Actor, estate: Place, resident: Actor, visibility: str) -> Promise:
    hidden = put_matter(estate, visibility, author=resident.person)
    add_party(matter=hidden, at=NOW, body=manager.seat.body)
    if visibility == "confidential":
        hidden.body = manager.seat.body
        hidden.save(update_fields=["body"])
    return made(manager, estate, matter=hidden, what=SECRET, what_kind="work")


@pytest.mark.parametrize("visibility", ["public", "area", "parties", "confidential"])
@pytest.mark.parametrize("who", CAST)
def test_one_and_many_answer_alike(
    request: pytest.FixtureRequest, who: str, visibility: str, manager: Actor, estate: Place, resident: Actor
) -> None:
    viewer, promise = request.getfixturevalue(who), hidden_promise(manager, estate, resident, visibility)
    assert policy.may_see(viewer, promise) == Promise.objects.filter(policy.visible(viewer), pk=promise.pk).exists()
    listed = queries.promises_in(viewer=viewer, at=NOW, state="open").exists()
    assert listed == policy.may_see(viewer, promise)


@pytest.mark.parametrize("after", [timedelta(days=1), timedelta(days=40)])
def test_what_is_late_or_lapsed_is_public_but_never_its_words(
    visitor: Actor, stranger: Actor, manager: Actor, estate: Place, resident: Actor, after: timedelta
) -> None:
    promise = hidden_promise(manager, estate, resident, "parties")
    Promise.objects.filter(pk=promise.pk).update(lapses_at=promise.due_at + timedelta(days=30))
    at = promise.due_at + after
    clockwork.round(at)
    for viewer in (visitor, stranger):
        card = queries.page_of(viewer=viewer, pk=promise.pk, at=at).card
        assert (card.told, card.what, card.place, card.proof) == (False, "", "", "")
        assert (card.kind, card.owner, card.due_at) == ("A piece of work", "演示物业", promise.due_at)
        assert card.state == ("lapsed" if after.days > 30 else "late")
        with pytest.raises(Http404):
            queries.promise_for(viewer=viewer, pk=promise.pk, at=at)
    assert queries.page_of(viewer=resident, pk=promise.pk, at=at).card.what == SECRET


def test_before_its_day_a_hidden_one_is_absent(visitor: Actor, manager: Actor, estate: Place, resident: Actor) -> None:
    promise = hidden_promise(manager, estate, resident, "parties")
    with pytest.raises(Http404):
        queries.page_of(viewer=visitor, pk=promise.pk, at=NOW)
    assert queries.counts_by_state(viewer=visitor, at=NOW)["all"] == 0
    assert queries.for_home(viewer=visitor, place=estate, at=NOW, most=6)[0] == []


def test_a_late_one_is_not_found_by_its_place_nor_by_its_words(
    visitor: Actor, manager: Actor, street: Place, estate: Place, resident: Actor
) -> None:
    promise = hidden_promise(manager, estate, resident, "parties")
    at = promise.due_at + timedelta(days=1)
    assert queries.promises_in(viewer=visitor, at=at, state="late", place=street).count() == 1
    assert queries.promises_in(viewer=visitor, at=at, state="late", place=estate).count() == 0
    assert queries.counts_by_state(viewer=visitor, at=at, place=estate)["late"] == 0
    assert queries.counts_by_state(viewer=visitor, at=at, place=street)["late"] == 1
    assert not queries.found_in(viewer=visitor, words="防护栏", at=at).exists()
    assert queries.found_in(viewer=resident, words="防护栏", at=at).exists()


def test_late_is_never_stored(promise: Promise, visitor: Actor) -> None:
    def state(at: datetime) -> str:
        return queries.page_of(viewer=visitor, pk=promise.pk, at=at).card.state

    day = timedelta(days=1)
    states = [
        state(promise.due_at - 4 * day),
        state(promise.due_at - day),
        state(promise.due_at),
        state(promise.due_at + day),
    ]
    assert states == ["open", "soon", "soon", "late"]
    promise.refresh_from_db()
    assert promise.state == "open"


def test_home_shows_some_of_each_and_late_ones_first(manager: Actor, street: Place, estate: Place) -> None:
    from uuid import uuid4

    from hemei.promises.actions import keep_promise

    long_ago, passed = NOW - timedelta(days=30), (NOW - timedelta(days=2)).date()
    for number in range(8):
        made(manager, estate, what=f"迟的 {number}", at=long_ago, due_on=passed)
    for number in range(8):
        made(manager, estate, what=f"在办 {number}")
    for number in range(3):
        one = made(manager, estate, what=f"办好 {number}")
        keep_promise(actor=manager, promise=one, proof="办好了", form_key=uuid4(), at=NOW)
    shown, counts = queries.for_home(viewer=Actor(), place=street, at=NOW, most=6)
    assert counts == queries.counts_by_state(viewer=Actor(), at=NOW, place=street)
    assert [card.state for card in shown] == ["late", "late", "open", "open", "kept", "kept"]


def test_counts_fit_the_lists(manager: Actor, kept: Promise, estate: Place, visitor: Actor) -> None:
    made(manager, estate)
    counts = queries.counts_by_state(viewer=visitor, at=NOW)
    lists = {state: queries.promises_in(viewer=visitor, at=NOW, state=state).count() for state in queries.TABS}
    assert {state: counts[state] for state in queries.TABS} == lists
    assert counts["all"] == 2


def test_what_is_owed_to_a_guest_is_owed_to_the_account_the_guest_becomes(
    manager: Actor, guest: Actor, stranger: Actor, estate: Place
) -> None:
    from django.db import transaction

    from hemei.ledger.verification import verify_subject
    from hemei.people.merging import merge_guest

    promise = made(manager, estate, owed_to=guest.person)
    with transaction.atomic():
        merge_guest(guest=guest.person, account=stranger.person, actor=stranger, at=NOW)
    promise.refresh_from_db()
    assert promise.owed_to_person == stranger.person
    assert verify_subject(promise.street) == []
