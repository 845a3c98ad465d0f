"""The ten days in which the result hangs: from which day, until when, and where the decision stands meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from hemei.decisions import casefile
from hemei.decisions.models import Decision, Posted
from hemei.engines.decision.case import Notice
from hemei.engines.decision.gates import notice_ends


@dataclass(frozen=True)
class Period:
    """on: the first day it hung, which is not counted. last: the last day on which one can object."""

    on: date
    days: int
    last: date
    over: bool


def period_of(decision: Decision, first: Posted | None, at: datetime) -> Period | None:
    """first: of the postings of the result the earliest; None while none hangs. Counted as the engine counts it."""
    if first is None:
        return None
    ends = notice_ends(Notice(first.on, decision.posting_days))
    over = datetime.fromisoformat(casefile.local(at)) >= ends
    return Period(first.on, decision.posting_days, (ends - timedelta(days=1)).date(), over)


def postings_of(decision: Decision) -> list[Posted]:
    """Where the result hung, the earliest first."""
    return list(Posted.objects.filter(decision=decision, what=Posted.What.RESULT).order_by("on", "pk"))


def day_of(at: datetime) -> date:
    return timezone.localdate(at)
