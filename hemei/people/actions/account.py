"""One's own account: what it says, its number, its sessions, what is kept about one, and its end."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.ledger.models import Entry
from hemei.ledger.queries import entries_of
from hemei.ledger.verification import ERASED
from hemei.outbox.models import Message
from hemei.people import codes, merging, own_data
from hemei.people.actions.second_factor import refuse_demo
from hemei.people.actions.signing_in import put_code, take_for_code
from hemei.people.actor import Actor
from hemei.people.models import Code, OneTimeSecret, Passkey, Person, Seat, Tie
from hemei.places.models import Kind, Place

EXPORTS_A_DAY = 5


@transaction.atomic(durable=True)
def change_profile(*, actor: Actor, name: str, nickname: str, language: str, at: datetime) -> Person:
    """How one is called and in which language one is told. The same again changes nothing. Raises NotAllowed."""
    person = _whose(actor)
    new = {"name": name, "nickname": nickname, "language": language}
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    if not changed:
        return person
    for field in changed:
        setattr(person, field, new[field])
    person.save(update_fields=changed)
    ledger.record(
        subject=person, actor=actor, verb="people.profile_changed", at=at, public={"fields": changed}, quiet=True
    )
    return person


@transaction.atomic(durable=True)
def ask_phone_change(*, actor: Actor, phone: str, source: str, form_key: UUID, at: datetime) -> None:
    """A code goes to the new number, and one to the present one if there is one. The same form again sends nothing.

    Whether somebody else has the number is not said before the new number's code came back. Raises NotAllowed,
    Refused, TooMany.
    """
    person = _whose(actor)
    if phone == person.phone:
        raise Refused(_("This is your number already."), field="phone")
    for number in filter(None, (phone, person.phone)):
        key = f"change:{form_key}:{number}"
        if Message.objects.filter(kind="people.code", key=key).exists():
            continue
        take_for_code(number, source, at)
        code = codes.make(kind=Code.Kind.PHONE, address=number, person=person, at=at, form=str(form_key))
        put_code(phone=number, code=code, key=key, person=person, at=at)


@codes.counting_tries
def change_phone(*, actor: Actor, phone: str, code: str, old_code: str, source: str, at: datetime) -> Person:
    """The number becomes `phone`; both numbers showed by their codes that they are the person's.

    Other sessions end. Raises NotAllowed; WrongCode, and the wrong try counts; Refused when it is another account's.
    """
    person = _whose(actor)
    if person.phone == phone:
        return person
    found = [codes.find(kind=Code.Kind.PHONE, address=phone, code=code, source=source, at=at)]
    if person.phone:
        old = {"address": person.phone, "code": old_code, "field": "old_code"}
        found.append(codes.find(kind=Code.Kind.PHONE, source=source, at=at, **old))
    if Person.objects.filter(phone=phone).exists():
        raise Refused(
            _("There is an account with this number already. Sign in with it, close it there, then come back."),
            field="phone",
        )

    for one in found:
        codes.use(one, at=at)
    for kind in (Code.Kind.SLIP, Code.Kind.CLAIM):  # on paper for whoever had no number; now the number is enough
        codes.void(kind=kind, person=person, at=at)
    was, person.phone, person.stamp = person.phone, phone, uuid4()
    person.save(update_fields=["phone", "stamp"])
    ledger.record(subject=person, actor=actor, verb="people.phone_changed", at=at, private={"was": was, "phone": phone})
    return person


@transaction.atomic(durable=True)
def end_other_sessions(*, actor: Actor, at: datetime) -> Person:
    """Every session of the person ends; the view lets the one at hand go on. Raises NotAllowed."""
    person = _whose(actor)
    person.stamp = uuid4()
    person.save(update_fields=["stamp"])
    ledger.record(subject=person, actor=actor, verb="people.sessions_ended", at=at)
    return person


@transaction.atomic(durable=True)
def export_own_data(*, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything that is kept about the person, as JSON has it. Raises NotAllowed, TooMany."""
    if actor.person is None or actor.assistance is not None:
        raise NotAllowed(_not_theirs())
    take(key=f"export:{actor.person.pk}", most=EXPORTS_A_DAY, seconds=86400, at=at)

    ledger.record(subject=actor.person, actor=actor, verb="people.exported", at=at)
    return own_data.of(actor.person, at=at)


@transaction.atomic(durable=True)
def close_account(*, actor: Actor, at: datetime) -> None:
    """The account ends: name, number and ways to sign in are wiped, sessions and ties end; what was said stays.

    Ties keep no more than the estate. What the ledger says of the person on the person's own chain is erased, and
    that is recorded. Raises NotAllowed; Refused while the person holds a seat.
    """
    if actor.person is None or actor.assistance is not None:
        raise NotAllowed(_not_theirs())
    refuse_demo(actor.person)
    person = Person.objects.select_for_update().get(pk=actor.person.pk)
    if person.closed_at is not None:
        return
    today = timezone.localdate(at)
    held = Seat.objects.filter(person=person, ended_at=None).exclude(until__lt=today)
    if seat := held.select_related("body").order_by("pk").first():
        told = _(
            "You hold a seat in “%(body)s”. It is handed over or ended first; the head or an administrator does it."
        )
        raise Refused(told % {"body": seat.body.name})

    about = list(entries_of(person).values_list("pk", flat=True))
    for tie in Tie.objects.select_for_update(of=("self",)).filter(person=person).select_related("place").order_by("pk"):
        about += Entry.objects.filter(row=f"people.tie:{tie.pk}").values_list("pk", flat=True)
        _coarsen(tie, at)
        ledger.record(subject=person, actor=actor, verb="people.tie_ended", at=at, row=tie, quiet=True)
    Passkey.objects.filter(person=person).delete()
    OneTimeSecret.objects.filter(person=person).delete()
    Code.objects.filter(person=person).update(used_at=at, address="")
    Message.objects.filter(recipient=person.pk).update(text="", address="")
    Message.objects.filter(recipient=person.pk, state=Message.State.WAITING).update(state=Message.State.CANCELLED)
    for let_go in merging.told_by_rooms("let_go"):
        let_go(person=person, actor=actor, at=at)
    person.name = person.nickname = person.password = person.language = ""
    person.phone = person.last_seen_on = person.begun_with = None
    person.closed_at, person.stamp = at, uuid4()
    person.save()
    erased = sorted(set(about))
    ledger.erase_personal_parts(Entry.objects.filter(pk__in=erased))
    ledger.record(subject=person, actor=actor, verb=ERASED, at=at, public={"entries": erased})
    ledger.record(subject=person, actor=actor, verb="people.closed", at=at)


def _coarsen(tie: Tie, at: datetime) -> None:
    """Ended, and tied to no more than the estate: a home would still say who it was."""
    estate = Place.objects.filter(pk__in=tie.place.ancestor_keys, kind=Kind.ESTATE).order_by("-pk").first()
    if estate is not None:
        tie.place = estate
    if tie.ended_at is None:
        tie.ended_at, tie.until = at, max(timezone.localdate(at), tie.since)
    tie.ground = tie.ended_why = ""
    tie.letter_asked_at = None
    tie.save()


def _whose(actor: Actor) -> Person:
    """The person whose account it is, locked; not through somebody who helps. Raises NotAllowed."""
    if actor.person is None or actor.is_guest or actor.assistance is not None:
        raise NotAllowed(_not_theirs())
    refuse_demo(actor.person)
    return Person.objects.select_for_update().get(pk=actor.person.pk)


def _not_theirs() -> str:
    return _("Only the person whose account it is can do this, signed in themselves.")
