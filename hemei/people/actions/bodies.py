"""Bodies and the seats in them: set up, corrected, ended; given, ended, handed over."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.ledger import steps as ledger
from hemei.people import policy
from hemei.people.actor import Actor
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Place

BODIES_MAX = 60  # at one place: our choice, so that a list stays a list
SEATS_MAX = 300  # that hold at once in one body: our choice, ten times the workstation of the founding street


@transaction.atomic(durable=True)
def set_up_body(
    *,
    actor: Actor,
    kind: str,
    name: str,
    place: Place | None,
    form_key: UUID,
    at: datetime,
    name_en: str = "",
    phone: str = "",
    office_hours: str = "",
    since: date | None = None,
) -> Body:
    """A new body at `place`. The same form again returns the first. Raises NotAllowed, Refused."""
    if not policy.may_set_up_bodies(actor):
        raise NotAllowed(who_sets_up())
    words = {
        "kind": kind,
        "name": name,
        "name_en": name_en,
        "place_id": place.pk if place else None,
        "phone": phone,
        "office_hours": office_hours,
        "since": since,
    }

    if place is not None:
        Place.objects.select_for_update().get(pk=place.pk)
    if earlier := sent_before(Body, form_key=form_key, words=words):
        return earlier
    if place is None and kind != Body.Kind.OPERATOR:
        raise Refused(_("Choose the place this body is there for."), field="place")
    there = Body.objects.filter(place=place, until=None)
    if there.filter(kind=kind, name=name).exists():
        raise Refused(_("There is a body of this kind and name here already. Open it to change it."), field="name")
    if there.count() >= BODIES_MAX:
        raise Refused(_("No more bodies fit here. End one that is not there any more."))

    body = Body.objects.create(**words, form_key=form_key)
    said = {"kind": kind, "name": name, "name_en": name_en}
    ledger.record(subject=body, actor=actor, verb="people.body_set_up", at=at, public=said, row=body)
    return body


@transaction.atomic(durable=True)
def correct_body(
    *,
    actor: Actor,
    body: Body,
    name: str,
    at: datetime,
    name_en: str = "",
    phone: str = "",
    office_hours: str = "",
    since: date | None = None,
) -> Body:
    """Put right what a body says of itself; kind and place stay. The same words again change nothing."""
    if not policy.may_set_up_bodies(actor):
        raise NotAllowed(who_sets_up())

    body = Body.objects.select_for_update().get(pk=body.pk)
    new = {"name": name, "name_en": name_en, "phone": phone, "office_hours": office_hours, "since": since}
    changed = [field for field, value in new.items() if getattr(body, field) != value]
    if not changed:
        return body
    if body.until is not None:
        raise Refused(_("This body has ended. What it was stays as it is."))
    if since is not None and Seat.objects.filter(body=body, since__lt=since).exists():
        raise Refused(_("Somebody held a seat in it before that day. Choose an earlier one."), field="since")

    was = body.name
    for field in changed:
        setattr(body, field, new[field])
    body.save(update_fields=changed)
    said = {"name": name, "name_en": name_en, "was": was if was != name else "", "changed": sorted(changed)}
    ledger.record(subject=body, actor=actor, verb="people.body_corrected", at=at, public=said, row=body)
    return body


@transaction.atomic(durable=True)
def end_body(*, actor: Actor, body: Body, at: datetime) -> Body:
    """The body is no more from this moment, and nobody speaks for it. A second time changes nothing."""
    if not policy.may_set_up_bodies(actor):
        raise NotAllowed(who_sets_up())

    body = Body.objects.select_for_update().get(pk=body.pk)
    if body.until is not None:
        return body
    if body.kind == Body.Kind.OPERATOR:
        raise Refused(_("The operator of this installation cannot be ended: nobody could administer it."))
    today = timezone.localdate(at)
    if body.since is not None and body.since > today:
        raise Refused(_("This body has not begun yet. Correct its first day instead."))

    for seat in list(Seat.objects.select_for_update().filter(body=body, ended_at=None).order_by("pk")):
        if seat.until is None or seat.until >= today:
            _end(seat, actor=actor, at=at, quiet=True)
    body.until = today
    body.save(update_fields=["until"])
    said = {"name": body.name, "name_en": body.name_en}
    ledger.record(subject=body, actor=actor, verb="people.body_ended", at=at, public=said, row=body)
    return body


@transaction.atomic(durable=True)
def give_seat(
    *,
    actor: Actor,
    body: Body,
    phone: str,
    name: str,
    office: str,
    since: date,
    form_key: UUID,
    at: datetime,
    until: date | None = None,
    level: str = "",
    field: str = "",
) -> Seat:
    """A seat in `body` for the person with this phone number (E.164); who has no account yet gets one under `name`.

    The same form again returns the first seat. Raises NotAllowed when the office is not the actor's to give; Refused.
    """
    if not policy.may_give(actor, body, office):
        raise NotAllowed(who_gives(actor, body))

    body = Body.objects.select_for_update().get(pk=body.pk)
    person = Person.objects.filter(phone=phone).first()
    words = {"body_id": body.pk, "office": office, "level": level, "field": field, "since": since, "until": until}
    if earlier := sent_before(Seat, form_key=form_key, words={**words, "person_id": person.pk if person else None}):
        return earlier
    if until is not None and until < since:
        raise Refused(_("The last day lies before the first one."), field="until")
    _refuse_unless_standing(body, since)
    if Seat.objects.filter(policy.holding(timezone.localdate(at)), body=body).count() >= SEATS_MAX:
        raise Refused(_("No more seats fit into this body. End one that is not held any more."))
    person = person or _new_account(actor, phone, name, at)
    _refuse_unless_seatable(actor, person)
    _refuse_overlap(body, person, office, since, until)

    seat = Seat.objects.create(**words, person=person, form_key=form_key)
    _record_seat("people.seat_given", seat, actor=actor, at=at)
    return seat


@transaction.atomic(durable=True)
def end_seat(*, actor: Actor, seat: Seat, at: datetime) -> Seat:
    """The seat ends from this moment. A second time changes nothing. Refused for the last administrator."""
    if not policy.may_give(actor, seat.body, seat.office):
        raise NotAllowed(who_gives(actor, seat.body))

    Body.objects.select_for_update().get(pk=seat.body_id)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("body", "person").get(pk=seat.pk)
    today = timezone.localdate(at)
    if seat.ended_at is not None or (seat.until is not None and seat.until < today):
        return seat
    if seat.office == Seat.Office.ADMINISTRATOR and not _another_administrator(seat, today):
        raise Refused(_("This is the last administrator. Give the seat to somebody else first, or hand it over."))

    _end(seat, actor=actor, at=at)
    return seat


@transaction.atomic(durable=True)
def hand_over(*, actor: Actor, seat: Seat, phone: str, name: str, form_key: UUID, at: datetime) -> Seat:
    """The seat ends and the same office begins for the person with this phone number; both stay in the history.

    Returns the new seat; the same form again returns it and changes nothing. Raises NotAllowed, Refused.
    """
    if not policy.may_give(actor, seat.body, seat.office):
        raise NotAllowed(who_gives(actor, seat.body))

    body = Body.objects.select_for_update().get(pk=seat.body_id)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    person = Person.objects.filter(phone=phone).first()
    words = {"body_id": body.pk, "office": seat.office, "person_id": person.pk if person else None}
    if earlier := sent_before(Seat, form_key=form_key, words=words):
        return earlier
    today = timezone.localdate(at)
    if seat.ended_at is not None or (seat.until is not None and seat.until < today):
        raise Refused(_("This seat has ended already. Give a new one instead."))
    _refuse_unless_standing(body, today)
    if person is not None and person.pk == seat.person_id:
        raise Refused(_("This person holds the seat already."), field="phone")
    person = person or _new_account(actor, phone, name, at)
    _refuse_unless_seatable(actor, person)
    until = seat.until
    _refuse_overlap(body, person, seat.office, today, until)

    _end(seat, actor=actor, at=at, quiet=True)
    new = Seat.objects.create(
        body=body, person=person, office=seat.office, level=seat.level, since=today, until=until, form_key=form_key
    )
    _record_seat("people.seat_handed_over", new, actor=actor, at=at)
    return new


# what they share


def who_sets_up() -> str:
    """For a refusal: who looks after bodies."""
    return _("Bodies are set up, corrected and ended by an administrator.")


def who_gives(actor: Actor, body: Body) -> str:
    """For a refusal: who gives the seats of this body."""
    if actor.seat is not None and actor.seat.body_id == body.pk and actor.seat.office == Seat.Office.HEAD:
        return _("The head of a body gives the seats of clerks, moderators and members. An administrator gives others.")
    return _("Seats are given by an administrator, or by the head of this body.")


def _refuse_unless_standing(body: Body, since: date) -> None:
    if body.until is not None:
        raise Refused(_("This body has ended. Nobody new can speak for it."))
    if body.since is not None and since < body.since:
        raise Refused(_("This body did not exist before its first day. Choose a later one."), field="since")


def _new_account(actor: Actor, phone: str, name: str, at: datetime) -> Person:
    """An account that waits for its first sign-in; made by somebody of the demo, it is of the demo too."""
    if not name:
        raise Refused(_("Nobody has this number yet. Write the person's name, and an account is made."), field="name")
    demo = actor.person.is_demo if actor.person else actor.system == "demo"
    person, _new = Person.objects.get_or_create(phone=phone, defaults={"name": name, "is_demo": demo, "created_at": at})
    return person


def _refuse_unless_seatable(actor: Actor, person: Person) -> None:
    if person.closed_at is not None or person.merged_into_id is not None:
        raise Refused(
            _("The account with this number is closed. Ask the person for their present number."), field="phone"
        )
    if actor.person is not None and actor.person.is_demo != person.is_demo:
        told = _("Demo accounts and real ones do not share a body. Use a number from the same side.")
        raise Refused(told, field="phone")


def _refuse_overlap(body: Body, person: Person, office: str, since: date, until: date | None) -> None:
    """One person holds an office in a body once at a time, also where the terms are dated."""
    for seat in Seat.objects.filter(body=body, person=person, office=office, ended_at=None):
        if (seat.until is None or seat.until >= since) and (until is None or until >= seat.since):
            raise Refused(_("This person already holds that office here in that time."), field="phone")


def _another_administrator(seat: Seat, today: date) -> bool:
    """Asked while every operator's row is locked: two administrators cannot end each other at once."""
    list(Body.objects.select_for_update().filter(kind=Body.Kind.OPERATOR).order_by("pk"))
    others = Seat.objects.filter(
        policy.holding(today), office=Seat.Office.ADMINISTRATOR, until=None, person__closed_at=None
    )
    return others.exclude(pk=seat.pk).exclude(person=seat.person).exists()


def _end(seat: Seat, *, actor: Actor, at: datetime, quiet: bool = False) -> None:
    """From `at`; its last day is that day, or its first where it had not begun."""
    seat.ended_at, seat.until = at, max(timezone.localdate(at), seat.since)
    seat.save(update_fields=["ended_at", "until"])
    _record_seat("people.seat_ended", seat, actor=actor, at=at, quiet=quiet)


def _record_seat(verb: str, seat: Seat, *, actor: Actor, at: datetime, quiet: bool = False) -> None:
    """On the body's chain: the office, its level and its dates are public, who it is stands apart."""
    said = {"office": seat.office, "level": seat.level, "since": seat.since, "until": seat.until}
    ledger.record(subject=seat.body, actor=actor, verb=verb, at=at, public=said, row=seat, quiet=quiet)
