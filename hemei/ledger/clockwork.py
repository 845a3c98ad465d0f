"""The ledger's part of the clock's round: the day that ended is sealed, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError

from hemei.ledger.actions import seal_day
from hemei.ledger.models import Seal


def round(at: datetime) -> None:
    """Seal yesterday, in the place's zone, unless it is sealed. A day on which nothing ran is not made up for."""
    yesterday = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)
    if Seal.objects.filter(day__gte=yesterday).exists():
        return
    try:
        seal_day(day=yesterday, at=at)
    except IntegrityError:
        if not Seal.objects.filter(day=yesterday).exists():  # else another round was faster
            raise
