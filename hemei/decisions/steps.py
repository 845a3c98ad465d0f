"""Writing that needs an open transaction: locks, versions, entries in a decision's own chain."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Model
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.decisions.models import Decision, DeskForm, Door, Drive, Slot
from hemei.ledger import steps as ledger
from hemei.ledger.chains import canonical
from hemei.people.actor import Actor


def locked(decision: Decision) -> Decision:
    """The decision as it stands now, locked, with matter, place, roll, linked ballot and body."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    return (
        Decision.objects.select_for_update(of=("self",))
        .select_related("matter", "place", "roll", "body", "drive", "linked__roll", "linked__place")
        .get(pk=decision.pk)
    )


def locked_slot(slot: Slot) -> Slot:
    """The unit's slot, locked: acts on one unit take turns from here on. Locked after the decision, never before."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    return Slot.objects.select_for_update(of=("self",)).select_related("place").get(pk=slot.pk)


def locked_drive(drive: Drive) -> Drive:
    """The drive as it stands now, locked; before its decision, as the tree has it."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    return (
        Drive.objects.select_for_update(of=("self",))
        .select_related("matter", "place", "estate", "team")
        .get(pk=drive.pk)
    )


def changed(decision: Decision) -> None:
    """What a page of this decision says may be other now."""
    Decision.objects.filter(pk=decision.pk).update(version=F("version") + 1)


def record_quietly(
    decision: Decision,
    *,
    actor: Actor,
    verb: str,
    at: datetime,
    row: Model | None = None,
    private: dict[str, Any] | None = None,
) -> None:
    """An entry in the decision's own chain, which no timeline shows: acts, papers, deliveries. Its public part says
    nothing but the way it came, not even which unit."""
    ledger.record(subject=decision, actor=actor, verb=verb, at=at, private=private, row=row, quiet=True)


def record(
    decision: Decision,
    *,
    actor: Actor,
    verb: str,
    at: datetime,
    public: dict[str, Any] | None = None,
    row: Model | None = None,
    step: str = "",
) -> None:
    """An entry on the matter's timeline, as announced or certified. Never a choice, a name or a unit."""
    said = {"decision": decision.pk, "question": decision.question, "question_en": decision.question_en}
    ledger.record(
        subject=decision.matter, actor=actor, verb=verb, at=at, public=said | (public or {}), row=row, step=step
    )


# drives


def drive_changed(drive: Drive, *fields: str, at: datetime) -> None:
    """Write `fields` of a locked drive; what the board says of it may be other now."""
    drive.version, drive.changed_at = drive.version + 1, at
    drive.save(update_fields=[*fields, "version", "changed_at"])


def record_of_drive(
    drive: Drive,
    *,
    actor: Actor,
    verb: str,
    at: datetime,
    public: dict[str, Any] | None = None,
    row: Model | None = None,
    step: str = "",
) -> None:
    """An entry on the timeline of the drive's matter. Never a home, a name, a wish or a choice."""
    said = {"drive": drive.pk} | (public or {})
    ledger.record(subject=drive.matter, actor=actor, verb=verb, at=at, public=said, row=row or drive, step=step)


def record_at_doors(drive: Drive, *, actor: Actor, verb: str, at: datetime, row: Model | None = None) -> None:
    """An entry in the drive's own chain, which no timeline shows: doors, visits, wishes, sheets handed over."""
    ledger.record(subject=drive, actor=actor, verb=verb, at=at, row=row, quiet=True)


def put_contracted(*, drive: Drive, contracted: int, on: date | None, actor: Actor, at: datetime) -> Drive:
    """So many homes of the drive have signed the contract that stands now, all their owners.

    on: the day the last signature was given; it is kept once all homes have signed. 0 when a contract ends. Takes the
    drive's lock, so call it before you lock a decision. The same number again changes nothing.
    """
    drive = locked_drive(drive)
    complete_on = on if contracted == drive.homes else None
    if (drive.contracted, drive.contracted_on) == (contracted, complete_on):
        return drive
    drive.contracted, drive.contracted_on = contracted, complete_on
    drive_changed(drive, "contracted", "contracted_on", at=at)
    ledger.record(
        subject=drive.matter,
        actor=actor,
        verb="decisions.all_contracted" if complete_on else "decisions.contracted",
        at=at,
        public={"drive": drive.pk},
        row=drive,
        quiet=complete_on is None,
    )
    return drive


def end_doors(drive: Drive, *, actor: Actor, at: datetime) -> None:
    """Nobody of the team looks after a door of this drive any more: the task is over."""
    for door in Door.objects.select_for_update().filter(drive=drive, ended_at=None).order_by("pk"):
        door.ended_at = at
        door.save(update_fields=["ended_at"])
        record_at_doors(drive, actor=actor, verb="decisions.door_taken", at=at, row=door)


def sent_by_desk(*, act: str, about: Model, words: dict[str, Any], form_key: UUID, at: datetime) -> bool:
    """Whether this form was sent before with the same words; else it is noted as sent, within the caller's lock.

    Raises Refused when it comes back with other words.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    said = {"act": act, "about": ledger.subject_name(about)}
    said["digest"] = hashlib.sha256(canonical(words).encode()).hexdigest()
    form, new = DeskForm.objects.get_or_create(form_key=form_key, defaults={**said, "at": at})
    if not new and any(getattr(form, field) != value for field, value in said.items()):
        raise Refused(
            _(
                "This form was already sent with other words, and those were kept. "
                "To send these too, open the form again."
            )
        )
    return not new
