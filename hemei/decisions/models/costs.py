"""Who pays what: proposals for a drive, one of which is frozen into the contract."""

import hashlib
from typing import Any

from django.db import models
from django.db.models import Q

from hemei.decisions.models.drive import Drive
from hemei.people.models import Person


class CostPlan(models.Model):
    """One proposal (费用分摊方案). case: what the engine was given; answer: what it said; both as plain JSON in the
    schemas of docs/engines-costs.md. hash: sha256 of the canonical JSON of case and answer; frozen, neither changes.

    total, subsidy: yuan. Units are named by their key on the roll. Per-home chances are never kept here.
    """

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    subsidy = models.DecimalField(max_digits=12, decimal_places=2)
    case = models.JSONField()
    answer = models.JSONField()
    asked = models.JSONField(default=dict, blank=True)  # what was chosen in the form, to begin from it again
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {"made_by": "to know who worked it out"}
    sealed = ("drive_id", "number", "name", "total", "subsidy", "hash", "made_at", "frozen_at", "dropped_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "number"], name="plans_are_counted"),
            models.CheckConstraint(condition=Q(total__gt=0, subsidy__gte=0), name="a_plan_has_a_sum"),
            models.CheckConstraint(
                condition=Q(frozen_at=None) | Q(dropped_at=None), name="a_frozen_plan_is_not_dropped"
            ),
        ]

    def recomputed(self) -> dict[str, Any]:
        """The hash as case and answer give it, for the ledger's check."""
        from hemei.ledger.chains import canonical

        return {"hash": hashlib.sha256(canonical({"case": self.case, "answer": self.answer}).encode()).hexdigest()}
