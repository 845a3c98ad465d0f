"""Sending what is due. No message is lost, and two senders never send the same one.

A sender claims a message in a transaction of its own: the row stays waiting but is not due again before the pause is
over, so a sender that dies in the middle leaves it to the next round. What the gateway said is written in a second
transaction; no lock is held while the gateway is at work.
"""

from datetime import datetime, timedelta

from django.db import transaction

from hemei.outbox.gateways import GATEWAYS, Gateway, TryAgain, Undeliverable
from hemei.outbox.models import Message

# after the first, second … try; the first is longer than any gateway takes to answer
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 240, 720))
AT_ONCE = 200  # messages in one round, so that a flood does not keep the worker from its other rounds
FAULT_MAX = 300
State = Message.State


def send_due(at: datetime, *, gateways: dict[str, Gateway] | None = None, most: int = AT_ONCE) -> int:
    """Send what is due at `at`, oldest first, at most `most`. Returns how many left. One query when nothing is due."""
    gateways, left = GATEWAYS if gateways is None else gateways, 0
    for _turn in range(most):
        message = _claim(at, gateways)
        if message is None:
            break
        left += _send(message, gateways[message.channel], at)
    return left


def _due(at: datetime, gateways: dict[str, Gateway]):
    return Message.objects.filter(state=State.WAITING, due_at__lte=at, channel__in=gateways)


def _claim(at: datetime, gateways: dict[str, Gateway]) -> Message | None:
    """The next due message, which no other sender takes before its pause is over."""
    if not _due(at, gateways).exists():  # SQLite: without the writer's lock while there is nothing to send
        return None
    with transaction.atomic(durable=True):
        due = _due(at, gateways).select_for_update(skip_locked=True)
        message = due.order_by("due_at", "pk").first()
        if message is not None:
            message.tries += 1
            message.due_at = at + PAUSES[min(message.tries, len(PAUSES)) - 1]
            message.save(update_fields=["tries", "due_at"])
    return message


def _send(message: Message, gateway: Gateway, at: datetime) -> bool:
    try:
        reached, fault = gateway(message), ""
    except Undeliverable as never:
        reached, fault = State.FAILED, str(never)
    except TryAgain as later:
        reached, fault = State.WAITING, str(later)
        if message.tries > len(PAUSES):
            reached = State.FAILED
    _put_state(message, reached, fault[:FAULT_MAX], at)
    return reached in (State.SENT, State.DELIVERED)


@transaction.atomic(durable=True)
def _put_state(message: Message, reached: str, fault: str, at: datetime) -> None:
    """What became of it; a code that has left, or never will, is wiped."""
    message.state, message.fault = reached, fault
    if reached in (State.SENT, State.DELIVERED):
        message.sent_at = at
    if reached == State.DELIVERED:
        message.delivered_at = at
    if message.secret and reached != State.WAITING:
        message.text = ""
    kept = Message.objects.filter(pk=message.pk, state=State.WAITING)  # cancelled meanwhile stays cancelled
    kept.update(
        state=message.state,
        fault=message.fault,
        sent_at=message.sent_at,
        delivered_at=message.delivered_at,
        text=message.text,
    )
