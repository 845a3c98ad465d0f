"""The lift contract of a stairwell and who signed it (签约): a number of its own, public, and no vote."""

import hashlib
from typing import Any

from django.db import models
from django.db.models import F, Q

from hemei.base.models import Upload
from hemei.decisions.models.costs import CostPlan
from hemei.decisions.models.decision import Decision
from hemei.decisions.models.drive import Drive
from hemei.people.models import Person
from hemei.roll.models import FrozenRoll, Unit


class Contract(models.Model):
    """The agreement of a drive (加梯协议), frozen with its cost table when it opens for signing.

    A change ends it with a reason and begins another: signatures are given anew. Nobody signs before the aftercare is
    complete: manager, who pays for running, reserve, inspections, rules for late joiners and sales.
    decision: the certified vote it rests on. roll: who must sign, frozen when it opens. content, hash: what is signed.
    """

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="contracts")
    number = models.PositiveSmallIntegerField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    plan = models.ForeignKey(CostPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    roll = models.ForeignKey(FrozenRoll, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=8000)  # design, price, dispute, exit before works
    builder = models.CharField(max_length=80, blank=True)
    manager = models.CharField(max_length=80, blank=True)  # who runs the lift
    running_yuan_a_year = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    running_key = models.CharField(max_length=200, blank=True)  # how the running cost is shared
    reserve_yuan = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    inspections = models.CharField(max_length=400, blank=True)  # who asks for the inspection, when
    warranty = models.CharField(max_length=400, blank=True)
    life_years = models.PositiveSmallIntegerField(null=True, blank=True)  # a late joiner's share falls over these
    late_text = models.CharField(max_length=600, blank=True)
    sale_text = models.CharField(max_length=600, blank=True)
    compensation = models.CharField(max_length=600, blank=True)
    content = models.TextField(blank=True)  # canonical JSON of all of it with the cost table, frozen when it opens
    hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)  # the last one signed
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=400, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {"made_by": "to know who wrote it", "content": "who pays what"}
    sealed = (
        "drive_id", "number", "decision_id", "plan_id", "roll_id", "title", "hash", "opened_at", "completed_at",
        "ended_at", "ended_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "number"], name="contracts_are_counted"),
            models.UniqueConstraint(fields=["drive"], condition=Q(ended_at=None), name="one_contract_at_a_time"),
            models.CheckConstraint(condition=Q(opened_at=None) | ~Q(hash=""), name="an_open_contract_is_frozen"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(ended_why=""), name="an_ended_contract_says_why"),
        ]

    def recomputed(self) -> dict[str, Any]:
        """The hash as the content gives it, for the ledger's check; a draft has none."""
        return {"hash": hashlib.sha256(self.content.encode()).hexdigest()} if self.content else {}


class ContractSignature(models.Model):
    """One owner signed the contract for one unit; the unit counts once all its owners did.

    On paper: a clerk enters it with a photo, another confirms. On screen: the matched owner's own hand.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=160)
    owner = models.CharField(max_length=80)  # code on the roll
    channel = models.CharField(max_length=6, choices=[("screen", "screen"), ("paper", "paper")])
    signed_on = models.DateField()
    at = models.DateTimeField()
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=200, blank=True)
    form_key = models.UUIDField()
    personal = {
        "owner": "who is bound by the contract",
        "person": "who signed on screen",
        "entered_by": "who typed it",
        "confirmed_by": "who checked it",
    }
    sealed = (
        "contract_id", "unit_id", "key", "owner", "channel", "signed_on", "at", "photo_id", "person_id",
        "entered_by_id", "confirmed_by_id", "confirmed_at", "refused_at", "refused_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "unit", "owner"], condition=Q(refused_at=None), name="an_owner_signs_a_unit_once"
            ),
            models.UniqueConstraint(fields=["contract", "form_key"], name="one_signature_for_each_form"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")), name="two_clerks_for_a_signature"
            ),
        ]

    @property
    def counts(self) -> bool:
        """On screen at once, on paper once a second clerk confirmed it."""
        return self.refused_at is None and (self.channel == "screen" or self.confirmed_at is not None)
