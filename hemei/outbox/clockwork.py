"""The outbox's part of the clock's round: what is due is sent."""

from datetime import datetime

from hemei.outbox.sender import send_due


def round(at: datetime) -> None:
    send_due(at)
