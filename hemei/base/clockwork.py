"""The ground floor's part of the clock's round: lost work is marked, files that no row knows are removed."""

from datetime import datetime

from hemei.base.jobs import mark_lost
from hemei.base.uploads import sweep_orphans


def round(at: datetime) -> None:
    mark_lost(at=at)
    sweep_orphans(at=at, part=int(at.timestamp()) // 7)
