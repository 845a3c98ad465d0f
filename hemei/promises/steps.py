"""Making and keeping promises inside other rooms' actions, and what the room's own actions share."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.ledger import steps as ledger
from hemei.ledger.steps import subject_name
from hemei.matters.models import Matter
from hemei.people import policy as people
from hemei.people.actor import STAFF, Actor
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Place
from hemei.promises import days, policy
from hemei.promises.models import Dispute, Extension, Promise

State = Promise.State


def make(
    *,
    actor: Actor,
    matter: Matter | None,
    place: Place,
    what: str,
    due_at: datetime,
    at: datetime,
    owner_body: Body | None = None,
    owner_person: Person | None = None,
    owed_to: Body | Person | None = None,
    what_en: str = "",
    what_kind: str = Promise.Kind.OTHER,
    grace: timedelta = timedelta(0),
    lapses_after_days: int | None = None,
    about: Model | None = None,
    source: str = "",
    is_demo: bool = False,
    form_key: UUID | None = None,
) -> Promise:
    """A new promise, with its entry `promises.made` in the chain of the matter (of the street when there is none).

    owner_body or owner_person, one of the two, owes it. owed_to: a body or a person; None for the residents of
    `place`. grace: how long after `due_at` it does not count as late yet. lapses_after_days: an open one lapses
    that many days after it is late; None for never. about: the row that waits for this promise. Raises Refused when
    it is due before it is made.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    if due_at <= at:
        raise Refused(_("A promise looks ahead: choose a day after today."), field="due_on")
    late_at = due_at + grace
    promise = Promise.objects.create(
        street_id=place.street_key,
        matter=matter,
        place=place,
        what_kind=what_kind,
        what=what,
        what_en=what_en,
        owner_body=owner_body,
        owner_person=owner_person,
        owed_to_body=owed_to if isinstance(owed_to, Body) else None,
        owed_to_person=owed_to if isinstance(owed_to, Person) else None,
        made_at=at,
        due_at=due_at,
        late_at=late_at,
        lapses_at=late_at + timedelta(days=lapses_after_days) if lapses_after_days is not None else None,
        about=subject_name(about) if about is not None else "",
        source=source,
        is_demo=is_demo,
        form_key=form_key,
    )
    said = {
        "what": what,
        "what_en": what_en,
        "owner": owner_body.pk if owner_body else None,
        "due_at": due_at,
    }
    record(promise, actor=actor, verb="promises.made", at=at, public=said)
    return promise


def locked(promise: Promise) -> Promise:
    """The promise as it stands now, locked: acts on one promise take turns from here on."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    return (
        Promise.objects.select_for_update(of=("self",))
        .select_related("matter__author", "place", "street", "owner_body", "owner_person", "owed_to_person")
        .get(pk=promise.pk)
    )


def keep(
    *,
    promise: Promise,
    actor: Actor,
    at: datetime,
    proof: str,
    proof_en: str = "",
    proof_photo: Any = None,
    kept_key: UUID | None = None,
) -> Promise:
    """The promise is kept, `proof` shows it. A promise kept already stays as it was. Raises Refused otherwise."""
    promise = locked(promise)
    if promise.state == State.KEPT:
        return promise
    refuse_unless_open(promise, also=(State.LAPSED,))
    promise.state, promise.kept_at, promise.kept_key = State.KEPT, at, kept_key
    promise.proof, promise.proof_en, promise.proof_photo = proof, proof_en, proof_photo
    promise.save(update_fields=["state", "kept_at", "kept_key", "proof", "proof_en", "proof_photo"])
    said = what_of(promise) | {"proof": proof, "proof_en": proof_en, "late": promise.late_at < at}
    record(promise, actor=actor, verb="promises.kept", at=at, public=said)
    return promise


def withdraw(*, promise: Promise, actor: Actor, at: datetime, why: str) -> Promise:
    """The promise is not owed any more, and everybody may read why. A second time changes nothing."""
    promise = locked(promise)
    if promise.state == State.WITHDRAWN:
        return promise
    refuse_unless_open(promise, also=(State.LAPSED,))
    promise.state, promise.withdrawn_why = State.WITHDRAWN, why
    promise.save(update_fields=["state", "withdrawn_why"])
    record(promise, actor=actor, verb="promises.withdrawn", at=at, public=what_of(promise) | {"why": why})
    return promise


def record(
    promise: Promise,
    *,
    actor: Actor,
    verb: str,
    at: datetime,
    public: dict[str, Any],
    private: dict[str, Any] | None = None,
    quiet: bool = False,
) -> None:
    """One entry for this promise, in the chain of its matter or, without one, of its street."""
    ledger.record(
        subject=promise.matter or promise.street,
        actor=actor,
        verb=verb,
        at=at,
        public={"promise": promise.pk, **public},
        private=private,
        row=promise,
        quiet=quiet,
    )


def vouch_for(row: Extension | Dispute, promise: Promise, *, actor: Actor, verb: str, at: datetime) -> None:
    """A quiet entry for the row that hangs on the promise, whose own entry is recorded beside it."""
    ledger.record(
        subject=promise.matter or promise.street,
        actor=actor,
        verb=verb,
        at=at,
        row=row,
        quiet=True,
    )


def take_over(*, guest: Person, account: Person, actor: Actor, at: datetime) -> None:
    """What is owed to a guest, or by one, and what they disputed becomes the account's; the ledger says so, quietly."""
    theirs = Promise.objects.filter(Q(owner_person=guest) | Q(owed_to_person=guest)).order_by("pk")
    for one in list(theirs):
        promise = locked(one)
        for field in ("owner_person", "owed_to_person"):
            if getattr(promise, f"{field}_id") == guest.pk:
                setattr(promise, field, account)
        promise.save(update_fields=["owner_person", "owed_to_person"])
        record(promise, actor=actor, verb="promises.taken_over", at=at, public={}, quiet=True)
    for dispute in list(Dispute.objects.filter(by=guest).order_by("pk")):
        promise = locked(dispute.promise)
        dispute.by = account
        dispute.save(update_fields=["by"])
        vouch_for(dispute, promise, actor=actor, verb="promises.dispute_taken_over", at=at)


# what the room's own actions share


def what_of(promise: Promise) -> dict[str, Any]:
    """What is promised, for an entry that everybody who sees the matter may read."""
    return {"what": promise.what, "what_en": promise.what_en}


def refuse_unless_open(promise: Promise, *, also: tuple[str, ...] = ()) -> None:
    """Raises Refused unless it is open, or in one of the states in `also`."""
    if promise.state not in (State.OPEN, *also):
        raise Refused(_("This promise is not open any more. Look at its page to see where it stands."))


def put_state(promise: Promise, state: str) -> None:
    """The caller records the entry that vouches for it."""
    promise.state = state
    promise.save(update_fields=["state"])


def move(promise: Promise, *, due_at: datetime) -> None:
    """Another day; grace and lapse stay as far from it as they were. The caller records the entry."""
    by = due_at - promise.due_at
    promise.due_at, promise.late_at = due_at, promise.late_at + by
    promise.lapses_at = promise.lapses_at + by if promise.lapses_at else None
    promise.save(update_fields=["due_at", "late_at", "lapses_at"])


def reopen(promise: Promise, *, due_at: datetime) -> None:
    """It still has to be done, by another day; the proof that did not hold stays in the ledger alone."""
    promise.state, promise.kept_at, promise.kept_key = State.OPEN, None, None
    promise.proof, promise.proof_en, promise.proof_photo = "", "", None
    promise.save(update_fields=["state", "kept_at", "kept_key", "proof", "proof_en", "proof_photo"])
    move(promise, due_at=due_at)


def day_key(promise: Promise) -> str:
    """Names the day that a notice speaks of: a moved day is told anew."""
    return promise.due_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def owners(promise: Promise, at: datetime) -> list[Person]:
    """Who owes it: the person, or those who speak for the body."""
    if promise.owner_person is not None:
        return [promise.owner_person]
    return _speakers(Q(body=promise.owner_body_id), at)


def those_waiting(promise: Promise, at: datetime) -> list[Person]:
    """Whom it is owed to, where that is somebody one can tell, and the author of the matter."""
    waiting = [promise.owed_to_person] if promise.owed_to_person is not None else []
    if promise.matter is not None and promise.matter.author is not None:
        waiting.append(promise.matter.author)
    return waiting + (_speakers(Q(body=promise.owed_to_body_id), at) if promise.owed_to_body_id else [])


def overseers(promise: Promise, at: datetime) -> list[Person]:
    """Who answers a dispute: the nearest body that oversees the place and does not owe the promise itself."""
    there = Q(body__kind__in=policy.OVERSEERS, body__place__in=promise.place.ancestor_keys)
    seats = _seats(there & ~Q(body=promise.owner_body_id), at).select_related("body__place")
    by_depth: dict[int, list[Person]] = {}
    for seat in seats:
        by_depth.setdefault(len(seat.body.place.ancestor_keys), []).append(seat.person)
    return by_depth[max(by_depth)] if by_depth else []


def _speakers(bodies: Q, at: datetime) -> list[Person]:
    return [seat.person for seat in _seats(bodies, at)]


def _seats(bodies: Q, at: datetime) -> QuerySet[Seat]:
    """Staff seats that hold on the day of `at`, with their persons; the first hundred."""
    found = Seat.objects.filter(bodies, people.holding(days.day_of(at)), office__in=STAFF)
    return found.select_related("person").order_by("pk")[:100]
