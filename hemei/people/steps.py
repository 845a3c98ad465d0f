"""Writing about ties that needs an open transaction, for other rooms' actions too."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from hemei.ledger import steps as ledger
from hemei.people import codes, policy
from hemei.people.actor import Actor
from hemei.people.models import Code, Person, Tie
from hemei.places.models import Place


def confirm_at(
    *, person: Person, places: Iterable[Place], role: str, how: str, ground: str, actor: Actor, at: datetime
) -> list[Tie]:
    """The person belongs to each of `places` in that role, confirmed; the caller has locked the person.

    A declared tie is confirmed, a missing one is made, one that was confirmed before stays as it is. The ties that
    were confirmed by this; all of them carry `at` as the moment.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    today, confirmed = timezone.localdate(at), []
    held = Tie.objects.select_for_update().filter(policy.holding(today), person=person, role=role)
    there = {tie.place_id: tie for tie in held.order_by("until", "pk")}
    for place in sorted(places, key=lambda one: one.pk):
        tie = there.get(place.pk) or Tie(person=person, place=place, role=role, since=today)
        if tie.grade == Tie.Grade.CONFIRMED:
            continue
        tie.person, tie.place = person, place
        confirmed.append(confirm(tie, how=how, ground=ground, actor=actor, at=at))
    return confirmed


def confirm(tie: Tie, *, how: str, ground: str, actor: Actor, at: datetime) -> Tie:
    """Letters under way to the same tie count no more."""
    if tie.pk is not None:
        codes.void(kind=Code.Kind.LETTER, tie=tie, at=at)
    tie.grade, tie.confirmed_at, tie.confirmed_how, tie.ground = Tie.Grade.CONFIRMED, at, how, ground
    tie.save()
    record(tie, actor=actor, verb="people.tie_confirmed", at=at, how=how, ground=ground)
    return tie


def end(tie: Tie, *, actor: Actor, at: datetime, why: str = "") -> Tie:
    """From `at`; its last day is that day. why: a clerk's reason, which the person reads; empty for the person's own
    word. Letters under way count no more."""
    codes.void(kind=Code.Kind.LETTER, tie=tie, at=at)
    tie.ended_at, tie.until, tie.ended_why = at, max(timezone.localdate(at), tie.since), why
    tie.save(update_fields=["ended_at", "until", "ended_why"])
    record(tie, actor=actor, verb="people.tie_refused" if why else "people.tie_ended", at=at, why=why)
    return tie


def record(tie: Tie, *, actor: Actor, verb: str, at: datetime, quiet: bool = False, **private: str) -> None:
    """On the person's own chain, which is nobody else's to read: where one lives is never public."""
    ledger.record(subject=tie.person, actor=actor, verb=verb, at=at, private=private, row=tie, quiet=quiet)
