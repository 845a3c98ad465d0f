"""Making promises, keeping them, moving and taking them back; disputing that one was kept, and answering that.

What the clock brings (a reminder, word that a day passed, a lapse) stands at the end; `clockwork.py` calls it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.matters.models import Matter
from hemei.people.actor import Actor, machine
from hemei.people.models import Body, Person
from hemei.places.models import Place
from hemei.promises import days, policy, steps
from hemei.promises.models import Dispute, Extension, Promise
from hemei.promises.telling import tell

PROMISES_AN_HOUR = 60  # our choice, for one person: more than a long meeting brings
YEARS_AHEAD = 10  # our choice: nobody who promises today answers for a later day
EXTENSIONS_MAX, DISPUTES_MAX = 5, 20  # our choice, for one promise
State = Promise.State


@transaction.atomic(durable=True)
def make_promise(
    *,
    actor: Actor,
    place: Place,
    what: str,
    due_on: date,
    form_key: UUID,
    at: datetime,
    matter: Matter | None = None,
    what_en: str = "",
    what_kind: str = Promise.Kind.OTHER,
    owed_to: Body | Person | None = None,
    source: str = "",
    is_demo: bool = False,
) -> Promise:
    """The body that `actor` speaks for promises something, on a matter or at a place, until the end of `due_on`.

    owed_to: None for the residents of `place`. The same form again returns the first promise and changes nothing.
    Raises NotAllowed; Refused when the day has passed or lies too far ahead; TooMany.
    """
    if not policy.may_make(actor, place, matter):
        raise NotAllowed(who_may_make())
    assert actor.seat is not None
    body, due_at = actor.seat.body, days.end_of(due_on)

    ledger.lock_chain(matter or Place.objects.get(pk=place.street_key))
    words = {"what": what, "due_at": due_at, "owner_body_id": body.pk, "place_id": place.pk}
    words["matter_id"] = matter.pk if matter else None
    if earlier := sent_before(Promise, form_key=form_key, words=words):
        return earlier
    _refuse_far(due_on, at)
    take(key=f"promise:{actor.key}", most=PROMISES_AN_HOUR, seconds=3600, at=at)

    promise = steps.make(
        actor=actor,
        matter=matter,
        place=place,
        what=what,
        what_en=what_en,
        what_kind=what_kind,
        due_at=due_at,
        at=at,
        owner_body=body,
        owed_to=owed_to,
        source=source,
        is_demo=is_demo,
        form_key=form_key,
    )
    tell("made", promise, at=at, to=steps.those_waiting(promise, at), by=actor)
    return promise


@transaction.atomic(durable=True)
def keep_promise(
    *,
    actor: Actor,
    promise: Promise,
    proof: str,
    form_key: UUID,
    at: datetime,
    proof_en: str = "",
    photo: Any = None,
) -> Promise:
    """It is done, and `proof` says what shows it. photo: a picture as it was sent, or None.

    Also after the day passed and after it lapsed: late is better than never, and both stay readable. The same form
    again changes nothing. Raises NotAllowed; Refused when it is not open any more, or for a picture that is none.
    """
    if not policy.may_keep(actor, promise):
        raise NotAllowed(who_may_keep())
    promise = steps.locked(promise)
    if promise.kept_key == form_key:
        if promise.proof != proof:
            raise Refused(_("This was already sent with other words, and those were kept."), field="proof")
        return promise
    steps.refuse_unless_open(promise, also=(State.LAPSED,))
    kept_photo = uploads.store(file=photo, sort="picture", sent_by=actor.key, at=at) if photo else None
    promise = steps.keep(
        promise=promise,
        actor=actor,
        at=at,
        proof=proof,
        proof_en=proof_en,
        proof_photo=kept_photo,
        kept_key=form_key,
    )
    tell("kept", promise, at=at, to=steps.those_waiting(promise, at), by=actor)
    return promise


@transaction.atomic(durable=True)
def extend_promise(
    *,
    actor: Actor,
    promise: Promise,
    due_on: date,
    reason: str,
    form_key: UUID,
    at: datetime,
    reason_en: str = "",
) -> Extension:
    """A later day, the end of `due_on`, with a reason that everybody may read, given before the old day passed.

    The same form again returns the first extension. Raises NotAllowed; Refused when the old day has passed, the new
    one is not later, or there were too many.
    """
    if not policy.may_extend(actor, promise):
        raise NotAllowed(who_may_extend())
    promise = steps.locked(promise)
    due_at = days.end_of(due_on)
    words = {"due_after": due_at, "reason": reason}
    if earlier := sent_before(Extension, promise=promise, form_key=form_key, words=words):
        return earlier
    steps.refuse_unless_open(promise)
    if at > promise.due_at:
        told = _(
            "The day has passed and cannot be moved any more. Keep the promise late, or take it back with a reason."
        )
        raise Refused(told)
    if due_at <= promise.due_at:
        told = _("An extension is later than %(day)s. Choose a later day.")
        raise Refused(told % {"day": days.told(promise.due_at)}, field="due_on")
    _refuse_far(due_on, at)
    number = (promise.extensions.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > EXTENSIONS_MAX:
        told = _("This promise was moved %(count)d times. Take it back with a reason, and make a new one.")
        raise Refused(told % {"count": EXTENSIONS_MAX})

    extension = Extension.objects.create(
        promise=promise,
        number=number,
        due_before=promise.due_at,
        due_after=due_at,
        reason=reason,
        reason_en=reason_en,
        at=at,
        form_key=form_key,
    )
    steps.move(promise, due_at=due_at)
    said = {"reason": reason, "reason_en": reason_en, "due_before": extension.due_before, "due_after": due_at}
    steps.vouch_for(extension, promise, actor=actor, verb="promises.extension_kept", at=at)
    steps.record(promise, actor=actor, verb="promises.extended", at=at, public=steps.what_of(promise) | said)
    tell("extended", promise, at=at, to=steps.those_waiting(promise, at), by=actor, key=number, reason=reason)
    return extension


@transaction.atomic(durable=True)
def withdraw_promise(*, actor: Actor, promise: Promise, why: str, at: datetime) -> Promise:
    """It is not owed any more, and everybody who sees it may read why.

    A second time with the same words changes nothing. Raises NotAllowed; Refused when it is not open any more.
    """
    if not policy.may_withdraw(actor, promise):
        raise NotAllowed(who_may_withdraw())
    promise = steps.locked(promise)
    if promise.state == State.WITHDRAWN and promise.withdrawn_why == why:
        return promise
    steps.refuse_unless_open(promise, also=(State.LAPSED,))
    promise = steps.withdraw(promise=promise, actor=actor, at=at, why=why)
    tell("withdrawn", promise, at=at, to=steps.those_waiting(promise, at), by=actor, reason=why)
    return promise


@transaction.atomic(durable=True)
def dispute_promise(
    *, actor: Actor, promise: Promise, reason: str, form_key: UUID, at: datetime, reason_en: str = ""
) -> Dispute:
    """Somebody it is owed to says that it was not kept. Whoever oversees those who owe it answers.

    The same form again returns the first dispute. Raises NotAllowed; Refused when it is not said to be kept, when
    a dispute waits for its answer, or when this person had an answer already.
    """
    if not policy.may_dispute(actor, promise):
        raise NotAllowed(who_may_dispute())
    assert actor.principal is not None
    promise = steps.locked(promise)
    if earlier := sent_before(
        Dispute, promise=promise, form_key=form_key, by=actor.principal, words={"reason": reason}
    ):
        return earlier
    if promise.state == State.DISPUTED:
        raise Refused(_("Somebody already says so, and it waits for an answer. Read it on the promise's page."))
    if promise.state != State.KEPT:
        raise Refused(_("This promise is not marked as kept, so there is nothing to say against it yet."))
    if promise.disputes.filter(by=actor.principal, reopened=False).exists():
        raise Refused(_("You said so before and had an answer. It stands on the promise's page."))
    number = (promise.disputes.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > DISPUTES_MAX:
        raise Refused(_("This promise was answered often enough here. Please call the residents' committee."))

    dispute = Dispute.objects.create(
        promise=promise,
        number=number,
        by=actor.principal,
        reason=reason,
        reason_en=reason_en,
        at=at,
        form_key=form_key,
    )
    steps.put_state(promise, State.DISPUTED)
    steps.vouch_for(dispute, promise, actor=actor, verb="promises.dispute_kept", at=at)
    steps.record(
        promise,
        actor=actor,
        verb="promises.disputed",
        at=at,
        public=steps.what_of(promise) | {"number": number},
        private={"reason": reason},
    )
    to = [*steps.owners(promise, at), *steps.overseers(promise, at)]
    tell("disputed", promise, at=at, to=to, by=actor, key=number, urgent=True)
    return dispute


@transaction.atomic(durable=True)
def answer_dispute(
    *, actor: Actor, dispute: Dispute, answer: str, reopened: bool, at: datetime, due_on: date | None = None
) -> Dispute:
    """The answer of whoever oversees: it still has to be done, until the end of `due_on`, or it was kept.

    The same answer again changes nothing. Raises NotAllowed; Refused when another answer stands, or when it has to
    be done and no day ahead is named.
    """
    if not policy.may_answer(actor, dispute.promise):
        raise NotAllowed(who_may_answer())
    assert actor.seat is not None
    if dispute.by_id == actor.key:
        raise NotAllowed(_("You said so yourself, so somebody else answers it."))
    promise = steps.locked(dispute.promise)
    dispute = Dispute.objects.select_related("by").get(pk=dispute.pk)
    if dispute.answered_at is not None:
        if (dispute.answer, dispute.reopened) == (answer, reopened):
            return dispute
        raise Refused(_("This was answered already, and that answer stands. Read it on the promise's page."))
    if reopened and due_on is None:
        raise Refused(_("Say by when it has to be done."), field="due_on")
    if reopened and due_on is not None:
        if days.end_of(due_on) <= at:
            raise Refused(_("A promise looks ahead: choose a day after today."), field="due_on")
        _refuse_far(due_on, at)

    dispute.answer, dispute.answered_at, dispute.reopened = answer, at, reopened
    dispute.answered_by = actor.seat.body
    dispute.save(update_fields=["answer", "answered_at", "reopened", "answered_by"])
    if reopened and due_on is not None:
        steps.reopen(promise, due_at=days.end_of(due_on))
    else:
        steps.put_state(promise, State.KEPT)
    steps.vouch_for(dispute, promise, actor=actor, verb="promises.dispute_kept", at=at)
    steps.record(
        promise,
        actor=actor,
        verb="promises.answered",
        at=at,
        public=steps.what_of(promise)
        | {"number": dispute.number, "reopened": reopened, "due_at": promise.due_at, "body": actor.seat.body_id},
        private={"answer": answer},
    )
    to = [dispute.by, *steps.owners(promise, at)]
    tell("answered", promise, at=at, to=to, by=actor, key=dispute.number, reopened=reopened)
    return dispute


def _refuse_far(due_on: date, at: datetime) -> None:
    if due_on.year > at.year + YEARS_AHEAD:
        told = _("Nobody answers for a day more than %(count)d years away. Choose a nearer one.")
        raise Refused(told % {"count": YEARS_AHEAD}, field="due_on")


# for a refusal: who may


def who_may_make() -> str:
    return _("A body promises for itself, where it has its place. Speak from your seat in it first.")


def who_may_keep() -> str:
    return _("Only those who owe a promise say that it is kept.")


def who_may_extend() -> str:
    return _("Only those who owe a promise ask for a later day.")


def who_may_withdraw() -> str:
    return _("Only those who owe a promise take it back.")


def who_may_dispute() -> str:
    return _("Those it is owed to may say that it was not kept. Say first that you live, own or work there.")


def who_may_answer() -> str:
    return _(
        "The residents' committee, street office or workstation over this place answers, "
        "and never those who owe the promise."
    )


# what the clock brings


@transaction.atomic(durable=True)
def remind_owner(*, promise: Promise, at: datetime) -> bool:
    """Those who owe it hear once that its day is near. Returns whether they were told now."""
    promise = steps.locked(promise)
    if promise.state != State.OPEN or promise.soon_told_for == promise.due_at or at >= promise.due_at:
        return False
    Promise.objects.filter(pk=promise.pk).update(soon_told_for=promise.due_at)
    tell("soon", promise, at=at, to=steps.owners(promise, at), key=steps.day_key(promise))
    return True


@transaction.atomic(durable=True)
def tell_late(*, promise: Promise, at: datetime) -> bool:
    """Those who owe it and those who wait for it hear once that its day has passed."""
    promise = steps.locked(promise)
    if not promise.is_late(at) or promise.late_told_for == promise.due_at:
        return False
    Promise.objects.filter(pk=promise.pk).update(late_told_for=promise.due_at)
    key = steps.day_key(promise)
    tell("late", promise, at=at, to=steps.owners(promise, at), key=key, urgent=True)
    tell("late", promise, at=at, to=steps.those_waiting(promise, at), key=key)
    return True


@transaction.atomic(durable=True)
def lapse_promise(*, promise: Promise, at: datetime) -> bool:
    """An open promise whose rule says so lapses: it was not kept, and that stays public."""
    promise = steps.locked(promise)
    if promise.state != State.OPEN or promise.lapses_at is None or promise.lapses_at > at:
        return False
    steps.put_state(promise, State.LAPSED)
    said = steps.what_of(promise) | {"due_at": promise.due_at}
    steps.record(promise, actor=machine("clock"), verb="promises.lapsed", at=at, public=said)
    tell("lapsed", promise, at=at, to=[*steps.owners(promise, at), *steps.those_waiting(promise, at)])
    return True
