"""What the clock brings to a consultation: it opens, it closes, its results are out; each is told once."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from hemei.consultations import steps
from hemei.consultations.models import Consultation
from hemei.ledger import steps as ledger
from hemei.notices import steps as notices
from hemei.people.actor import machine

AT_ONCE = 50  # consultations in one round; the next one comes in seconds


def round(at: datetime) -> None:
    """Tell what fell due up to `at`, whenever the last round was."""
    due = Q()
    for moment in (F("opens_at"), F("closes_at"), F("tells")):
        passed = Q(**{f"{moment.name}__lte": at})
        due |= passed & (Q(told_until=None) | Q(told_until__lt=moment))
    going = Consultation.objects.filter(ready_at__isnull=False, cancelled_at=None, is_imported=False)
    waiting = going.annotate(tells=Coalesce("results_at", "closes_at")).filter(due).order_by("pk")
    for consultation in waiting[:AT_ONCE]:
        tell(consultation=consultation, at=at)


@transaction.atomic(durable=True)
def tell(*, consultation: Consultation, at: datetime) -> None:
    """What fell due in this consultation, each at its own moment, in order. A second time tells nothing."""
    consultation = steps.locked(consultation)
    until = consultation.told_until
    if consultation.cancelled_at is not None or (until is not None and until >= at):
        return
    moments = [
        (consultation.opens_at, "opened"),
        (consultation.closes_at, "closed"),
        (consultation.tells_at, "results_out"),
    ]
    clock = machine("clock")
    for moment, verb in sorted(moments, key=lambda one: one[0]):
        if moment > at or (until is not None and moment <= until):
            continue
        ledger.record(
            subject=consultation.matter,
            actor=clock,
            verb=f"consultations.{verb}",
            at=moment,
            public={
                "participants": consultation.participants,
                "votes": consultation.votes,
                "statements": consultation.statements,
            },
        )
        if verb == "results_out":
            notices.put(
                kind="consultations.results_out",
                key=f"consultations.results_out:{consultation.pk}",
                to=steps.those_who_took_part(consultation),
                at=at,
                matter=consultation.matter,
                words={"consultation": consultation.pk},
            )
    Consultation.objects.filter(pk=consultation.pk).update(told_until=at)
