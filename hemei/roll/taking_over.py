"""What a record brings along when somebody takes it over with their own account, and what ends with an account."""

from datetime import datetime

from hemei.ledger import steps as ledger
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.roll.models import Match


def matches(*, record: Person, account: Person, actor: Actor, at: datetime) -> None:
    """The owners a record was matched to are the account's; one that both had stays the account's alone."""
    held = set(Match.objects.filter(person=account, ended_at=None).values_list("owner", flat=True))
    for match in Match.objects.filter(person=record).select_related("owner__roll").order_by("pk"):
        if match.ended_at is None and match.owner_id in held:
            match.ended_at, match.ended_why = at, Match.Ended.TAKEN_OVER
        match.person = account
        match.save(update_fields=["person", "ended_at", "ended_why"])
        ledger.record(subject=match.owner.roll, actor=actor, verb="roll.match_taken_over", at=at, row=match, quiet=True)


def let_go(*, person: Person, actor: Actor, at: datetime) -> None:
    for match in Match.objects.filter(person=person, ended_at=None).select_related("owner__roll").order_by("pk"):
        match.ended_at, match.ended_why = at, Match.Ended.CLOSED
        match.save(update_fields=["ended_at", "ended_why"])
        ledger.record(subject=match.owner.roll, actor=actor, verb="roll.match_let_go", at=at, row=match, quiet=True)
