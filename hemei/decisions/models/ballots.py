"""Slots, one for each unit of the frozen roll; printed ballots with serials; proof that they were delivered."""

import hashlib

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.decisions.models.decision import Decision
from hemei.people.models import Person
from hemei.places.models import Place
from hemei.roll.models import Unit


class Slot(models.Model):
    """The one place of a unit in a decision, whatever the channel. Acts on one unit take turns on this row.

    key: the unit's id in the frozen roll and in the engine. number: its order on the roll.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="slots")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=160)
    number = models.PositiveIntegerField()
    acts = models.PositiveIntegerField(default=0)  # how many acts were written for it
    personal: dict[str, str] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "key"], name="one_slot_for_each_unit"),
            models.UniqueConstraint(fields=["decision", "number"], name="slots_are_counted"),
        ]


class PrintRun(models.Model):
    """Ballots sent to the printer together: how many, by whom. Its entry vouches for all of them."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="print_runs")
    papers = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form_key = models.UUIDField(unique=True)
    personal = {"made_by": "to ask who printed them"}
    sealed = ("decision_id", "papers", "made_at", "made_by_id", "ballots_digest")

    @property
    def ballots_digest(self) -> str:
        """Digest of the serials that came with this run and the units they are for, computed from the rows."""
        digest = hashlib.sha256()
        rows = Paper.objects.filter(run=self.pk).order_by("number").values_list("number", "slot_id", "mark")
        for row in rows.iterator(2000):
            digest.update("\x1f".join(map(str, row)).encode() + b"\x1e")
        return digest.hexdigest()


class Paper(models.Model):
    """A printed ballot (表决票) with its serial, for one unit. printed = used + void + unused, at any moment.

    number: counted in the decision, printed with four digits and a check mark (`serial`). used_at: an act came on it,
    which the act's own entry vouches for; the run's entry vouches for the serial, one of its own for its voiding.
    """

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="ballots")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="papers")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="papers")
    number = models.PositiveIntegerField()
    mark = models.CharField(max_length=4)  # keyed check mark over decision, unit and number: a serial cannot be guessed
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_why = models.CharField(max_length=200, blank=True)
    voided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    personal = {"voided_by": "to ask who voided it"}
    sealed = ("decision_id", "slot_id", "number", "mark", "voided_at", "voided_why", "voided_by_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="one_ballot_for_each_serial"),
            models.CheckConstraint(condition=Q(voided_at=None) | Q(used_at=None), name="a_used_ballot_is_not_voided"),
            models.CheckConstraint(condition=Q(voided_at=None) | ~Q(voided_why=""), name="a_voided_ballot_says_why"),
        ]

    @staticmethod
    def sealed_rows() -> "QuerySet[Paper]":
        return Paper.objects.exclude(voided_at=None)

    @property
    def serial(self) -> str:
        """As it is printed and typed: decision, number, check mark."""
        return f"{self.decision_id}-{self.number:04d}-{self.mark}"


class Service(models.Model):
    """A ballot was delivered to a unit (送达), with proof or without. Several may stand; one with proof is enough."""

    class How(models.TextChoices):
        HAND = "hand", pgettext_lazy("delivered", "Handed over, signed for")
        BOX = "box", pgettext_lazy("delivered", "Put in the letter box")
        POST = "post", pgettext_lazy("delivered", "By registered post")
        SCREEN = "screen", pgettext_lazy("delivered", "Read on screen by the owner")

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="services")
    how = models.CharField(max_length=6, choices=How)
    at = models.DateTimeField()
    to = models.CharField(max_length=60, blank=True)  # who took it: "the owner", "a son"
    proof = models.BooleanField(default=False)  # a signature, a post receipt or a photo was seen
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {"to": "to prove that the ballot arrived", "by": "to ask who delivered it"}
    sealed = ("slot_id", "how", "at", "to", "proof", "photo_id", "by_id", "made_at")

    class Meta:
        indexes = [models.Index(fields=["slot", "at"], name="services_of_a_slot")]
