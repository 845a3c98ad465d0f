"""Making and keeping promises inside other rooms' actions, and what the room's own actions share."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.ledger import steps as ledger
from hemei.ledger.steps import subject_name
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Body, Person
from hemei.places.models import Place
from hemei.promises.models import Promise

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
        .select_related("matter", "place", "street", "owner_body", "owner_person")
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
    if promise.state not in (State.OPEN, State.LAPSED):
        raise Refused(_("This promise is not open any more. Look at its page to see where it stands."))
    promise.state, promise.kept_at, promise.kept_key = State.KEPT, at, kept_key
    promise.proof, promise.proof_en, promise.proof_photo = proof, proof_en, proof_photo
    promise.save(update_fields=["state", "kept_at", "kept_key", "proof", "proof_en", "proof_photo"])
    said = {"what": promise.what, "what_en": promise.what_en, "proof": proof, "proof_en": proof_en}
    record(promise, actor=actor, verb="promises.kept", at=at, public={**said, "late": promise.late_at < at})
    return promise


def withdraw(*, promise: Promise, actor: Actor, at: datetime, why: str) -> Promise:
    """The promise is not owed any more, and everybody may read why. A second time changes nothing."""
    promise = locked(promise)
    if promise.state == State.WITHDRAWN:
        return promise
    if promise.state not in (State.OPEN, State.LAPSED):
        raise Refused(_("This promise is not open any more. Look at its page to see where it stands."))
    promise.state, promise.withdrawn_why = State.WITHDRAWN, why
    promise.save(update_fields=["state", "withdrawn_why"])
    said = {"what": promise.what, "what_en": promise.what_en, "why": why}
    record(promise, actor=actor, verb="promises.withdrawn", at=at, public=said)
    return promise


def record(promise: Promise, *, actor: Actor, verb: str, at: datetime, public: dict[str, Any]) -> None:
    """One entry for this promise, in the chain of its matter or, without one, of its street."""
    subject = promise.matter or promise.street
    ledger.record(subject=subject, actor=actor, verb=verb, at=at, public={"promise": promise.pk, **public}, row=promise)
