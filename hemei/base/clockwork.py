"""The ground floor's part of the clock's round: work whose worker died is marked as lost."""

from datetime import datetime

from hemei.base.jobs import mark_lost


def round(at: datetime) -> None:
    mark_lost(at=at)
