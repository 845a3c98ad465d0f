"""The promises' part of the clock's round: reminders, word of what is late, lapses. A day missed is caught up."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from hemei.promises import actions
from hemei.promises.models import Promise

SOON = timedelta(days=3)  # how long before its day the owner is reminded
SETTLED = timedelta(days=1)  # whoever promised only yesterday needs no reminder yet
AT_ONCE = 100  # promises looked at in one round; the next round takes the next


def round(at: datetime) -> None:
    for promise in _running().filter(lapses_at__lte=at)[:AT_ONCE]:
        actions.lapse_promise(promise=promise, at=at)
    for promise in _untold("late_told_for").filter(late_at__lt=at)[:AT_ONCE]:
        actions.tell_late(promise=promise, at=at)
    near = Q(due_at__gt=at, due_at__lte=at + SOON, made_at__lte=at - SETTLED)
    for promise in _untold("soon_told_for").filter(near)[:AT_ONCE]:
        actions.remind_owner(promise=promise, at=at)


def _running() -> QuerySet[Promise]:
    return Promise.objects.filter(state=Promise.State.OPEN).order_by("due_at", "pk")


def _untold(field: str) -> QuerySet[Promise]:
    """Running ones of whose day nothing was told yet; a moved day is told anew."""
    return _running().filter(Q(**{field: None}) | ~Q(**{field: F("due_at")}))
