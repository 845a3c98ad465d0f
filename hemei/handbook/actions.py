"""The one thing the handbook writes: that somebody at this address tried an engine once more."""

from datetime import datetime

from django.db import transaction

from hemei.base.limits import take

TRIES, SECONDS = 60, 600  # from one address: an evening of trying at a committee's table, and no flood of reckoning


@transaction.atomic(durable=True)
def take_a_turn(*, source: str, at: datetime) -> None:
    """Let one address reckon once more; nothing of what is reckoned is kept. source: see people.sessions. TooMany."""
    take(key=f"handbook:{source}", most=TRIES, seconds=SECONDS, at=at)
