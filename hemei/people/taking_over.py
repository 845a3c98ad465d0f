"""A record written down at the counter is claimed by its person: its ties and sittings become the account's."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from hemei.ledger import steps as ledger
from hemei.people.models import Assistance, Person, Tie


def ties(*, record: Person, account: Person, actor: Any, at: datetime) -> None:
    """Every tie moves. Where both say the same of one place, the confirmed one stands, else the account's own."""
    theirs = Tie.objects.select_for_update().filter(person=account, ended_at=None, until=None)
    own = {(tie.place_id, tie.role): tie for tie in theirs.order_by("pk")}
    for tie in Tie.objects.select_for_update().filter(person=record).order_by("pk"):
        same = own.get((tie.place_id, tie.role)) if tie.ended_at is None and tie.until is None else None
        if same is not None:
            better = tie.grade == Tie.Grade.CONFIRMED and same.grade == Tie.Grade.DECLARED
            ending = same if better else tie
            ending.ended_at, ending.until = at, max(timezone.localdate(at), ending.since)
            ending.save(update_fields=["ended_at", "until"])
            if ending is same:
                _record(same, account, actor=actor, at=at)
        tie.person = account
        tie.save(update_fields=["person"])
        _record(tie, account, actor=actor, at=at)


def sittings(*, record: Person, account: Person, actor: Any, at: datetime) -> None:
    """Who was helped keeps sight of it; one that still runs ends."""
    for sitting in Assistance.objects.select_for_update().filter(principal=record).order_by("pk"):
        sitting.principal, sitting.ended_at = account, sitting.ended_at or at
        sitting.save(update_fields=["principal", "ended_at"])
        ledger.record(subject=account, actor=actor, verb="people.sitting_taken_over", at=at, row=sitting, quiet=True)


def _record(tie: Tie, account: Person, *, actor: Any, at: datetime) -> None:
    ledger.record(subject=account, actor=actor, verb="people.tie_taken_over", at=at, row=tie, quiet=True)
