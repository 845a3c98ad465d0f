"""Showing that it is done, moving the day, taking it back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from conftest import NOW, put_person, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.ledger.verification import verify
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.people.models import Seat
from hemei.promises.actions import extend_promise, keep_promise, lapse_promise, withdraw_promise
from hemei.promises.models import Extension, Promise

LateBy = Callable[[Promise, int], datetime]


class Quiet:
    def at(self, done: int, total: int, doing: object = "") -> None:
        """Nobody listens."""


def test_it_is_kept_with_words_that_show_it(kept: Promise) -> None:
    assert (kept.state, kept.proof, kept.kept_at) == ("kept", "两盏灯都换了", NOW)
    assert verbs(kept.matter)[-1] == "promises.kept"


def test_kept_late_stays_readable_as_late(manager: Actor, promise: Promise, late_by: LateBy) -> None:
    at = late_by(promise, 3)
    done = keep_promise(actor=manager, promise=promise, proof="做好了", form_key=uuid4(), at=at)
    assert done.state == "kept"
    assert done.kept_at > done.late_at


def test_a_lapsed_one_can_still_be_kept(manager: Actor, promise: Promise, late_by: LateBy) -> None:
    Promise.objects.filter(pk=promise.pk).update(lapses_at=promise.due_at)
    assert lapse_promise(promise=promise, at=late_by(promise, 1))
    done = keep_promise(actor=manager, promise=promise, proof="做好了", form_key=uuid4(), at=late_by(promise, 2))
    assert done.state == "kept"


@pytest.mark.parametrize("who", ["visitor", "resident", "clerk", "administrator"])
def test_only_who_owes_it_says_that_it_is_kept(request: pytest.FixtureRequest, who: str, promise: Promise) -> None:
    with pytest.raises(NotAllowed, match="who owe"):
        keep_promise(actor=request.getfixturevalue(who), promise=promise, proof="做好了", form_key=uuid4(), at=NOW)
    promise.refresh_from_db()
    assert promise.state == "open"


def test_a_plain_member_of_the_body_does_not_speak_for_it(manager: Actor, promise: Promise) -> None:
    seat = Seat.objects.create(
        body=manager.seat.body, person=put_person("癸成员"), office="member", since=date(2020, 1, 1)
    )
    member = Actor(person=seat.person, principal=seat.person, seat=seat, strong=True)
    with pytest.raises(NotAllowed):
        keep_promise(actor=member, promise=promise, proof="做好了", form_key=uuid4(), at=NOW)


def test_the_form_of_proof_sent_twice_has_one_effect(manager: Actor, promise: Promise) -> None:
    sent = {"actor": manager, "promise": promise, "proof": "做好了", "form_key": uuid4()}
    first = keep_promise(**sent, at=NOW)
    assert keep_promise(**sent, at=NOW + timedelta(minutes=1)).kept_at == first.kept_at
    assert verbs(promise.matter).count("promises.kept") == 1
    with pytest.raises(Refused, match="other words"):
        keep_promise(**(sent | {"proof": "别的话"}), at=NOW)
    with pytest.raises(Refused, match="not open any more"):
        keep_promise(**(sent | {"form_key": uuid4()}), at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_many_proofs_at_once_one_stands(manager: Actor, promise: Promise) -> None:
    outcome = race(5, lambda: keep_promise(actor=manager, promise=promise, proof="做好了", form_key=uuid4(), at=NOW))
    assert outcome.done == 1
    assert len(outcome.refused) == 4
    assert verbs(promise.matter).count("promises.kept") == 1


def moved(actor: Actor, promise: Promise, **more: object) -> Extension:
    words = {"due_on": date(2026, 9, 30), "reason": "下雨，漆不干", "form_key": uuid4(), "at": NOW}
    return extend_promise(actor=actor, promise=promise, **(words | more))


def test_the_day_is_moved_with_a_reason_before_it_passed(manager: Actor, promise: Promise) -> None:
    old = promise.due_at
    extension = moved(manager, promise)
    promise.refresh_from_db()
    assert (extension.number, extension.due_before, promise.due_at) == (1, old, extension.due_after)
    assert promise.late_at == promise.due_at
    assert verbs(promise.matter)[-1] == "promises.extended"


def test_grace_and_lapse_move_with_the_day(manager: Actor, promise: Promise) -> None:
    Promise.objects.filter(pk=promise.pk).update(
        late_at=promise.due_at + timedelta(days=1), lapses_at=promise.due_at + timedelta(days=5)
    )
    moved(manager, promise)
    promise.refresh_from_db()
    assert promise.late_at - promise.due_at == timedelta(days=1)
    assert promise.lapses_at - promise.due_at == timedelta(days=5)


def test_once_the_day_has_passed_it_cannot_be_moved(manager: Actor, promise: Promise, late_by: LateBy) -> None:
    with pytest.raises(Refused, match="has passed"):
        moved(manager, promise, at=promise.due_at + timedelta(seconds=1))
    assert not Extension.objects.exists()


def test_it_moves_only_to_a_later_day(manager: Actor, promise: Promise) -> None:
    with pytest.raises(Refused, match="later than") as refusal:
        moved(manager, promise, due_on=date(2026, 9, 19))
    assert refusal.value.field == "due_on"


def test_it_is_not_moved_for_ever(manager: Actor, promise: Promise) -> None:
    for day in range(20, 25):
        moved(manager, promise, due_on=date(2026, 9, day))
    with pytest.raises(Refused, match="moved 5 times"):
        moved(manager, promise)


def test_only_who_owes_it_moves_it(clerk: Actor, promise: Promise) -> None:
    with pytest.raises(NotAllowed, match="later day"):
        moved(clerk, promise)


def test_a_move_sent_twice_is_one_move(manager: Actor, promise: Promise) -> None:
    key = uuid4()
    assert moved(manager, promise, form_key=key) == moved(manager, promise, form_key=key)
    with pytest.raises(Refused, match="other words"):
        moved(manager, promise, form_key=key, reason="别的理由")
    assert Extension.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_moves_at_once_one_stands(manager: Actor, promise: Promise) -> None:
    key = uuid4()
    assert len({one.pk for one in race(5, lambda: moved(manager, promise, form_key=key)).results}) == 1


def test_it_is_taken_back_with_a_reason(manager: Actor, promise: Promise) -> None:
    for _ in (1, 2):
        back = withdraw_promise(actor=manager, promise=promise, why="业主大会另有决定", at=NOW)
    assert (back.state, back.withdrawn_why) == ("withdrawn", "业主大会另有决定")
    assert verbs(promise.matter).count("promises.withdrawn") == 1
    with pytest.raises(Refused, match="not open any more"):
        withdraw_promise(actor=manager, promise=promise, why="又一个理由", at=NOW)


def test_what_is_kept_is_not_taken_back(manager: Actor, kept: Promise) -> None:
    with pytest.raises(Refused, match="not open any more"):
        withdraw_promise(actor=manager, promise=kept, why="不算了", at=NOW)


def test_only_who_owes_it_takes_it_back(resident: Actor, promise: Promise) -> None:
    with pytest.raises(NotAllowed, match="take it back"):
        withdraw_promise(actor=resident, promise=promise, why="不算了", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_many_withdrawals_at_once_one_is_recorded(manager: Actor, promise: Promise) -> None:
    assert race(5, lambda: withdraw_promise(actor=manager, promise=promise, why="不算了", at=NOW)).done == 5
    assert verbs(promise.matter).count("promises.withdrawn") == 1


def test_the_ledger_holds_after_all_of_it_and_names_a_change_behind_it(manager: Actor, kept: Promise) -> None:
    faults = [fault for fault in verify(Quiet()).faults if "promises" in fault]
    assert not faults
    Promise.objects.filter(pk=kept.pk).update(proof="什么也没做")
    assert any(f"promises.promise:{kept.pk}" in fault for fault in verify(Quiet()).faults)


def test_who_did_it_is_not_told_of_it(manager: Actor, kept: Promise) -> None:
    assert not Notice.objects.filter(recipient=manager.person).exists()
