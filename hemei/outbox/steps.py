"""Putting messages into the outbox, inside the action that has something to tell."""

from datetime import datetime

from django.db import connection

from hemei.outbox.models import Message


def put(
    *,
    kind: str,
    key: str,
    recipient: int | None,
    channel: str,
    text: str,
    at: datetime,
    address: str = "",
    secret: bool = False,
    language: str = "zh-hans",
    due_at: datetime | None = None,
) -> None:
    """One row to be sent after commit. The same key, recipient and channel again changes nothing."""
    assert connection.in_atomic_block, "a message is put inside the action that has something to tell"
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                key=key,
                recipient=recipient,
                channel=channel,
                text=text,
                address=address,
                secret=secret,
                language=language,
                due_at=due_at or at,
                made_at=at,
            )
        ],
        ignore_conflicts=True,
    )
