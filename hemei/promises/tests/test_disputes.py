"""Somebody it is owed to says that it was not kept; whoever oversees answers."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from conftest import NOW, put_seat, race, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.base.jobs import PrintedProgress
from hemei.ledger.verification import verify
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.promises import steps
from hemei.promises.actions import answer_dispute, dispute_promise, keep_promise
from hemei.promises.models import Dispute, Promise
from hemei.promises.tests.conftest import made


def disputed(actor: Actor, promise: Promise, **more: object) -> Dispute:
    words = {"reason": "昨晚又不亮了", "form_key": uuid4(), "at": NOW}
    return dispute_promise(actor=actor, promise=promise, **(words | more))


def answered(actor: Actor, dispute: Dispute, *, reopened: bool = True, **more: object) -> Dispute:
    words = {"answer": "去看过了，还有一盏没亮", "due_on": date(2026, 9, 25) if reopened else None, "at": NOW}
    return answer_dispute(actor=actor, dispute=dispute, reopened=reopened, **(words | more))


@pytest.mark.parametrize("who", ["resident", "newcomer", "owner_upstairs"])
def test_residents_of_the_place_may_say_so(request: pytest.FixtureRequest, who: str, kept: Promise) -> None:
    disputed(request.getfixturevalue(who), kept)
    kept.refresh_from_db()
    assert kept.state == "disputed"
    assert verbs(kept.matter)[-1] == "promises.disputed"


@pytest.mark.parametrize("who", ["visitor", "guest", "stranger", "manager", "clerk_elsewhere"])
def test_others_may_not(request: pytest.FixtureRequest, who: str, kept: Promise) -> None:
    with pytest.raises(NotAllowed, match="live, own or work there"):
        disputed(request.getfixturevalue(who), kept)
    assert not Dispute.objects.exists()


def test_what_is_owed_to_one_person_is_disputed_by_that_person(
    manager: Actor, resident: Actor, newcomer: Actor, estate: object
) -> None:
    promise = made(manager, estate, owed_to=resident.person)
    keep_promise(actor=manager, promise=promise, proof="做好了", form_key=uuid4(), at=NOW)
    with pytest.raises(NotAllowed):
        disputed(newcomer, promise)
    assert disputed(resident, promise).number == 1


def test_what_is_owed_to_a_body_is_disputed_by_that_body(
    manager: Actor, clerk: Actor, resident: Actor, estate: object
) -> None:
    promise = made(manager, estate, owed_to=clerk.seat.body)
    keep_promise(actor=manager, promise=promise, proof="做好了", form_key=uuid4(), at=NOW)
    with pytest.raises(NotAllowed):
        disputed(resident, promise)
    assert disputed(clerk, promise).by == clerk.person


def test_only_a_kept_one_is_disputed(resident: Actor, promise: Promise) -> None:
    with pytest.raises(Refused, match="not marked as kept"):
        disputed(resident, promise)


def test_one_dispute_waits_at_a_time(resident: Actor, newcomer: Actor, kept: Promise) -> None:
    disputed(resident, kept)
    with pytest.raises(Refused, match="waits for an answer"):
        disputed(newcomer, kept)


def test_a_dispute_sent_twice_is_one(resident: Actor, kept: Promise) -> None:
    key = uuid4()
    assert disputed(resident, kept, form_key=key) == disputed(resident, kept, form_key=key)
    with pytest.raises(Refused, match="other words"):
        disputed(resident, kept, form_key=key, reason="别的话")


def test_what_somebody_without_a_phone_disputed_goes_with_the_record(
    resident: Actor, stranger: Actor, kept: Promise
) -> None:
    dispute = disputed(resident, kept)
    with transaction.atomic():
        steps.take_over(guest=resident.person, account=stranger.person, actor=stranger, at=NOW)
    dispute.refresh_from_db()
    assert dispute.by == stranger.person
    report = verify(PrintedProgress(lambda _told: None))
    assert [fault for fault in report.faults if "promises." in fault] == []


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_waits(resident: Actor, kept: Promise) -> None:
    outcome = race(5, lambda: disputed(resident, kept))
    assert outcome.done == 1
    assert len(outcome.refused) == 4
    assert Dispute.objects.count() == 1


def test_the_owner_and_who_oversees_hear_of_it(resident: Actor, manager: Actor, clerk: Actor, kept: Promise) -> None:
    disputed(resident, kept)
    told = set(Notice.objects.filter(kind="promises.disputed").values_list("recipient", flat=True))
    assert told == {manager.person.pk, clerk.person.pk}


def test_the_words_of_a_dispute_stand_outside_the_chain(resident: Actor, kept: Promise) -> None:
    from hemei.ledger.queries import timeline_of

    disputed(resident, kept)
    assert "昨晚" not in str(timeline_of(kept.matter)[0].public)


def test_it_is_opened_again_with_a_new_day(resident: Actor, clerk: Actor, kept: Promise) -> None:
    dispute = answered(clerk, disputed(resident, kept))
    kept.refresh_from_db()
    assert dispute.reopened
    assert dispute.answered_by == clerk.seat.body
    assert (kept.state, kept.proof, kept.kept_at) == ("open", "", None)
    assert kept.due_at.isoformat().startswith("2026-09-25")
    assert Notice.objects.filter(recipient=resident.person, kind="promises.answered").exists()


def test_or_it_stands_as_kept_and_the_same_person_does_not_go_on_for_ever(
    resident: Actor, newcomer: Actor, clerk: Actor, kept: Promise
) -> None:
    answered(clerk, disputed(resident, kept), reopened=False)
    kept.refresh_from_db()
    assert kept.state == "kept"
    assert kept.proof
    with pytest.raises(Refused, match="had an answer"):
        disputed(resident, kept)
    assert disputed(newcomer, kept).number == 2


def test_opening_it_again_needs_a_day(resident: Actor, clerk: Actor, kept: Promise) -> None:
    dispute = disputed(resident, kept)
    for day in (None, date(2026, 9, 1)):
        with pytest.raises(Refused) as refusal:
            answered(clerk, dispute, due_on=day)
        assert refusal.value.field == "due_on"


@pytest.mark.parametrize("who", ["visitor", "resident", "manager", "clerk_elsewhere", "administrator"])
def test_only_who_oversees_answers(request: pytest.FixtureRequest, who: str, newcomer: Actor, kept: Promise) -> None:
    dispute = disputed(newcomer, kept)
    with pytest.raises(NotAllowed, match="never those who owe"):
        answered(request.getfixturevalue(who), dispute)


def test_a_committee_does_not_answer_for_its_own_promise(
    clerk: Actor, steward: Actor, resident: Actor, estate: object
) -> None:
    promise = made(clerk, estate)
    keep_promise(actor=clerk, promise=promise, proof="贴出来了", form_key=uuid4(), at=NOW)
    dispute = disputed(resident, promise)
    with pytest.raises(NotAllowed):
        answered(clerk, dispute)
    both = speaking_from(put_seat(clerk.person, "station", "政协委员工作站", steward.seat.body.place, "clerk"))
    with pytest.raises(NotAllowed):  # a second hat does not help
        answered(both, dispute)
    assert answered(steward, dispute).answered_by == steward.seat.body


def test_the_same_answer_again_changes_nothing_another_is_refused(resident: Actor, clerk: Actor, kept: Promise) -> None:
    dispute = disputed(resident, kept)
    assert answered(clerk, dispute) == answered(clerk, dispute)
    assert verbs(kept.matter).count("promises.answered") == 1
    with pytest.raises(Refused, match="answered already"):
        answered(clerk, dispute, answer="改主意了")


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_stands(resident: Actor, clerk: Actor, kept: Promise) -> None:
    dispute, words = disputed(resident, kept), iter(["甲", "乙", "丙", "丁"])
    outcome = race(4, lambda: answered(clerk, dispute, answer=next(words)))
    assert outcome.done == 1
    assert len(outcome.refused) == 3
