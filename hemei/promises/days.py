"""A promise is due at the end of a day, in the street's zone."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format


def end_of(day: date) -> datetime:
    """The last second of `day`."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(settings.TIME_ZONE))


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def told(at: datetime) -> str:
    """The day of `at`, in the reader's language."""
    return date_format(day_of(at), "DATE_FORMAT")
