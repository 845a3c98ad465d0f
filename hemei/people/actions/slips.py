"""Sheets with codes for somebody without a phone: to sign in with, and to take over one's own record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.people import codes, merging, policy
from hemei.people.actor import Actor
from hemei.people.models import Assistance, Code, Person, Seat

SLIPS_A_DAY = 200  # printed by one helper
CODES_ON_A_SLIP = 6  # each counts once; our choice, about half a year of votes


@dataclass(frozen=True)
class Slip:
    """A printed sheet: its codes as they are typed. claim: the one to take over the record with."""

    person: Person
    sign_in: tuple[str, ...]
    claim: str
    until: datetime


@transaction.atomic(durable=True)
def print_slip(*, actor: Actor, person: Person, form_key: UUID, at: datetime) -> Slip:
    """A sheet for somebody without a phone; what was printed before counts no more.

    The same form again gives the same sheet. Raises NotAllowed; Refused for whoever has a phone number or a seat:
    they sign in with what only they hold.
    """
    if not policy.may_help(actor, person, timezone.localdate(at)):
        raise NotAllowed(_("Slips are printed at the desk of the person's own area."))

    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.phone:
        raise Refused(_("This person has a phone number and signs in with a code sent to it."))
    if Seat.objects.filter(policy.holding(timezone.localdate(at)), person=person).exists():
        raise Refused(_("Whoever speaks for a body does not sign in with a slip."))

    assert actor.person is not None
    take(key=f"slip:{actor.person.pk}", most=SLIPS_A_DAY, seconds=86400, at=at)

    live = [code.pk for code in _live(person, at)]
    made = {"at": at, "made_by": actor.person, "person": person}
    slip = Slip(
        person,
        tuple(
            codes.make(kind=Code.Kind.SLIP, form=f"{form_key}/{person.pk}/{number}", **made)
            for number in range(CODES_ON_A_SLIP)
        ),
        codes.make(
            kind=Code.Kind.CLAIM, form=f"{form_key}/{person.pk}", valid_for=codes.VALID_FOR[Code.Kind.SLIP], **made
        ),
        at + codes.VALID_FOR[Code.Kind.SLIP],
    )
    if len(_live(person, at)) > len(live):  # a new sheet, and not the same one once more
        Code.objects.filter(pk__in=live).update(used_at=at)
        ledger.record(subject=person, actor=actor, verb="people.slip_printed", at=at, quiet=True)
    return slip


@transaction.atomic(durable=True)
def revoke_slips(*, actor: Actor, person: Person, at: datetime) -> int:
    """A lost sheet: its codes count no more. The person may do it too. How many codes it ended."""
    if actor.key != person.pk and not policy.may_help(actor, person, timezone.localdate(at)):
        raise NotAllowed(_("Slips are revoked by the person, or at the desk of their own area."))

    person = Person.objects.select_for_update().get(pk=person.pk)
    ended = sum(codes.void(kind=kind, person=person, at=at) for kind in (Code.Kind.SLIP, Code.Kind.CLAIM))
    if ended:
        ledger.record(subject=person, actor=actor, verb="people.slip_revoked", at=at, quiet=True)
    return ended


def _live(person: Person, at: datetime) -> list[Code]:
    kinds = (Code.Kind.SLIP, Code.Kind.CLAIM)
    return list(Code.objects.filter(kind__in=kinds, person=person, used_at=None, expires_at__gt=at))


@codes.counting_tries
def claim_record(*, actor: Actor, code: str, source: str, at: datetime) -> Person:
    """Whoever was helped at the counter has an account now and takes over what was written down for them.

    The code stands on the slip. Ties, answers, statements and sittings become the account's. The same code again, by
    who used it, changes nothing. source: see `sessions.source_of`. Raises NotAllowed; WrongCode, and the wrong try
    counts; Refused for whoever helped that person; TooMany.
    """
    if actor.person is None or actor.is_guest or actor.assistance is not None:
        raise NotAllowed(_("Sign in with your own number first; then the record can become yours."))
    if codes.was_used(kind=Code.Kind.CLAIM, code=code, person__merged_into=actor.person):
        return actor.person
    found = codes.take(kind=Code.Kind.CLAIM, code=code, source=source, at=at)
    record = Person.objects.select_for_update().get(pk=found.person_id)
    if record.closed_at is not None or record.merged_into_id is not None or record.phone:
        raise Refused(_("This record belongs to an account already."), field="code")
    helped = Assistance.objects.filter(helper=actor.person, principal=record).exists()
    if helped or found.made_by_id == actor.person.pk:
        raise Refused(_("You helped this person, so their record cannot become yours."), field="code")

    codes.void(kind=Code.Kind.SLIP, person=record, at=at)
    merging.merge_record(record=record, account=actor.person, actor=actor, at=at)
    return actor.person
