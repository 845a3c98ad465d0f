"""What time brings to this room."""

from datetime import datetime

from hemei.decisions import rounds


def round(at: datetime) -> None:
    rounds.round(at)
