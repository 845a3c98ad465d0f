"""What the clock brings to a vote: it opens, its close is near, it closes; each is told once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

from hemei.decisions import standing, steps
from hemei.decisions.audience import owners_of_all
from hemei.decisions.models import Decision
from hemei.decisions.telling import desk_of, tell
from hemei.people.actor import machine
from hemei.people.models import Person

AT_ONCE = 50  # decisions in one round; the next one comes in seconds
BEFORE_CLOSE = timedelta(hours=24)  # our choice: an evening is left to hand in a ballot


def round(at: datetime) -> None:
    """Tell what fell due up to `at`, whenever the last round was."""

    def untold(moment: F | CombinedExpression) -> Q:
        return Q(told_until=None) | Q(told_until__lt=moment)

    due = Q(opens_at__lte=at) & untold(F("opens_at"))
    due |= Q(closes_at__lte=at + BEFORE_CLOSE) & untold(F("closes_at") - BEFORE_CLOSE)
    due |= Q(closes_at__lte=at) & untold(F("closes_at"))
    waiting = Decision.objects.filter(due, announced_at__isnull=False, cancelled_at=None).order_by("pk")
    for decision in waiting.only("pk")[:AT_ONCE]:
        tell_due(decision=decision, at=at)


@transaction.atomic(durable=True)
def tell_due(*, decision: Decision, at: datetime) -> None:
    """What fell due in this decision, in order. A second time tells nothing.

    The reminder that its close is near is left out where the close has passed meanwhile.
    """
    decision = steps.locked(decision)
    until = decision.told_until
    if decision.cancelled_at is not None or (until is not None and until >= at):
        return
    clock = machine("clock")
    for moment, what in (
        (decision.opens_at, "opened"),
        (max(decision.opens_at, decision.closes_at - BEFORE_CLOSE), "closing"),
        (decision.closes_at, "closed"),
    ):
        if moment > at or (until is not None and moment <= until):
            continue
        if what == "closing":
            if at < decision.closes_at:
                _remind(decision, at)
            continue
        steps.record(decision, actor=clock, verb=f"decisions.{what}", at=moment)
        if what == "opened" and at < decision.closes_at:
            _tell(decision, "opened", owners_of_all(decision, at=at), at)
        if what == "closed":
            counters = [counter.person for counter in decision.counters.select_related("person").order_by("number")]
            _tell(decision, "to_count", counters, at, urgent=True)
    Decision.objects.filter(pk=decision.pk).update(told_until=at)


def _remind(decision: Decision, at: datetime) -> None:
    """Each owner whose home has not handed in a vote, and the desk; nobody reads who the others are."""
    silent = owners_of_all(decision, at=at, besides=standing.handed_in(decision, at))
    _tell(decision, "closing", silent, at, urgent=True)
    _tell(decision, "closing_soon", desk_of(decision, at=at), at)


def _tell(decision: Decision, verb: str, to: list[Person], at: datetime, *, urgent: bool = False) -> None:
    tell(
        verb,
        decision,
        about=decision.pk,
        to=to,
        at=at,
        url=f"/decisions/{decision.pk}",
        urgent=urgent,
        closes_at=decision.closes_at,
    )
