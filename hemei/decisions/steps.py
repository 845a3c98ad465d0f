"""Writing that needs an open transaction: locks, versions, entries in a decision's own chain."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Model

from hemei.decisions.models import Decision, Drive, Slot
from hemei.ledger import steps as ledger
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
