"""Notices on paper, for people without a phone: printed by a clerk and carried to the door."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.ledger import steps as ledger
from hemei.notices import policy
from hemei.outbox.models import Message
from hemei.people.actor import Actor

AT_ONCE = 200  # messages marked with one form
State = Message.State


@transaction.atomic(durable=True)
def mark_printed(*, actor: Actor, messages: Collection[int], at: datetime) -> int:
    """These messages lie on the desk, printed. Returns how many were not yet. A second time changes nothing.

    Raises NotAllowed; Refused when none is chosen.
    """
    found = _theirs(actor, messages, State.WAITING)
    _keep(actor, "notices.paper_printed", found, at)
    return Message.objects.filter(pk__in=found).update(state=State.SENT, sent_at=at)


@transaction.atomic(durable=True)
def mark_carried(*, actor: Actor, messages: Collection[int], on: date, at: datetime) -> int:
    """These messages were handed over on that day. Returns how many were not yet. A second time changes nothing.

    Raises NotAllowed; Refused when none is chosen, when the day is ahead, or lies before one of them was made.
    """
    found = _theirs(actor, messages, State.WAITING, State.SENT)
    today = timezone.localdate(at)
    if on > today:
        raise Refused(_("That day is still ahead. Choose the day on which it was handed over."), field="on")
    made = Message.objects.filter(pk__in=found).order_by("-made_at").values_list("made_at", flat=True).first()
    if made is not None and on < timezone.localdate(made):
        raise Refused(_("One of these was made after that day. Choose a later one."), field="on")
    _keep(actor, "notices.paper_carried", found, at)
    waiting = Message.objects.filter(pk__in=found)
    waiting.filter(sent_at=None).update(sent_at=at)
    handed = at if on == today else timezone.make_aware(datetime.combine(on, time(12)))
    return waiting.update(state=State.DELIVERED, delivered_at=handed)


def _theirs(actor: Actor, messages: Collection[int], *states: str) -> list[int]:
    """Which of them stand in these states, locked. What the actor does not carry is left out without a word."""
    if not policy.may_carry(actor):
        raise NotAllowed(who_may_carry())
    if not messages:
        raise Refused(_("Nothing is chosen. Tick what it is about."), field="messages")
    if len(messages) > AT_ONCE:
        raise Refused(_("That is too much at once. Tick at most %(count)d.") % {"count": AT_ONCE}, field="messages")
    chosen = Message.objects.filter(policy.carried_by(actor), pk__in=messages, state__in=states)
    return list(chosen.select_for_update().order_by("pk").values_list("pk", flat=True))


def _keep(actor: Actor, verb: str, found: list[int], at: datetime) -> None:
    if found:
        assert actor.seat is not None
        words = {"messages": found}
        ledger.record(subject=actor.seat.body, actor=actor, verb=verb, at=at, private=words, quiet=True)


def who_may_carry() -> str:
    """For a refusal."""
    return _("The clerks of a place carry notices there. Speak from your seat first.")
