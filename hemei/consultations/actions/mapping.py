"""Keeping a map that was computed. It is a reading of the votes, not a truth of its own, so the ledger has no entry."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hemei.consultations import steps
from hemei.consultations.models import Consultation, OpinionMap

NEWEST_KEPT = 5  # besides the last of each day


@transaction.atomic(durable=True)
def keep_computed_map(
    *, consultation: Consultation, result: dict[str, Any], version: int, engine: str, at: datetime
) -> OpinionMap:
    """Keep `result`, computed from the votes of `version`, as the newest map; the same again returns the first."""
    steps.locked(consultation)
    kept = steps.keep_map(consultation=consultation, result=result, version=version, engine=engine, at=at)
    _thin_out(consultation)
    return kept


def _thin_out(consultation: Consultation) -> None:
    """Of the older maps the last of each day stays."""
    rows = list(OpinionMap.objects.filter(consultation=consultation).order_by("-pk").values_list("pk", "made_at"))
    days, gone = set(), []
    for place, (key, made_at) in enumerate(rows):
        day = timezone.localdate(made_at)
        if place >= NEWEST_KEPT and day in days:
            gone.append(key)
        days.add(day)
    OpinionMap.objects.filter(pk__in=gone).delete()
