"""How times, days and names are said, in the reader's language and the street's zone."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hemei.base import clock


def moment(at: datetime | None) -> str:
    """9 月 12 日 18:30 or 12 Sep 18:30; with the year when it is not this one. Nothing for nothing."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return date_format(local, "SHORT_DATETIME_FORMAT" if local.year == _today().year else "DATETIME_FORMAT")


def day(at: date | datetime | None) -> str:
    """9 月 12 日 or 12 Sep; with the year when it is not this one."""
    if at is None:
        return ""
    local = _day_of(at)
    return date_format(local, "MONTH_DAY_FORMAT" if local.year == _today().year else "DATE_FORMAT")


def lately(at: date | datetime | None) -> str:
    """As `moment`, and "今天 08:00" for today: the age of what is shown. A date alone stays a date."""
    if isinstance(at, datetime):
        local = timezone.localtime(at)
        if local.date() == _today():
            return _("today %(time)s") % {"time": date_format(local, "TIME_FORMAT")}
        return moment(at)
    return day(at)


def left(due: date | datetime | None, now: datetime) -> str:
    """还有 3 天, 迟了 2 天; hours on the last day and on the first one late.

    Days are counted as on a calendar, and a day that ends at midnight is the day before. A date ends with its day.
    """
    if due is None:
        return ""
    if not isinstance(due, datetime):
        due = timezone.make_aware(datetime.combine(due, time()) + timedelta(days=1))
    late, span = now > due, abs(due - now)
    days = abs((_day_of(due - timedelta(microseconds=1)) - _day_of(now)).days)
    hours = span // timedelta(hours=1)
    if days:
        told = (
            ngettext("%(count)d day late", "%(count)d days late", days)
            if late
            else ngettext("%(count)d day left", "%(count)d days left", days)
        )
    elif hours:
        told = (
            ngettext("%(count)d hour late", "%(count)d hours late", hours)
            if late
            else ngettext("%(count)d hour left", "%(count)d hours left", hours)
        )
    else:
        told = _("just late") if late else _("less than an hour left")
    return told % {"count": days or hours}


def in_english(zh: str | None, en: str | None) -> str:
    """The English text when the reader reads English and there is one, else the first."""
    return (en if en and get_language() == "en" else zh) or ""


def area(m2: Decimal | str) -> str:
    """Square metres as a register writes them, exact, with two decimals at least: 1,062.30 or 62.1875."""
    whole, _dot, part = f"{Decimal(m2):f}".partition(".")
    return f"{int(whole):,}.{part.rstrip('0'):0<2}"


def named(thing: Any) -> str:
    """The name of anything that has `name` and `name_en`."""
    return "" if thing is None else in_english(thing.name, thing.name_en)


def _day_of(at: date | datetime) -> date:
    return timezone.localdate(at) if isinstance(at, datetime) else at


def _today() -> date:
    return timezone.localdate(clock.now())
