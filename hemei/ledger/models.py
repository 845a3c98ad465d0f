"""Hash chains, one for each subject, that the database itself refuses to change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Chain(models.Model):
    """The chain of one subject: a matter, a person's record, a body, a place, a roll."""

    subject_kind = models.CharField(max_length=40)  # as "matters.matter"
    subject_key = models.BigIntegerField()
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)  # hash of the last entry
    mark = models.CharField(
        max_length=64, blank=True
    )  # keyed digest of length and head: a cut chain cannot be re-signed
    personal: dict[str, str] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_key"], name="one_chain_per_subject"),
        ]


class Entry(models.Model):
    """One change, for good. Its hash covers everything here and, through `digest`, the personal part kept apart."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries", db_index=False)
    position = models.PositiveIntegerField()  # 1, 2, 3 … within the chain
    verb = models.CharField(max_length=60)  # past, as "concern.raised"
    at = models.DateTimeField()
    step = models.CharField(max_length=12, blank=True)  # the step of the chain that this verb begins, or empty
    quiet = models.BooleanField(default=False)  # too small for a timeline: a vote among thousands
    public = models.TextField()  # canonical JSON, for everybody who sees the subject
    row = models.CharField(max_length=80, blank=True)  # the row this entry vouches for, as "consultations.vote:17"
    digest = models.CharField(max_length=64)  # salted digest of the personal part
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    personal: dict[str, str] = {}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_entry_per_position"),
        ]
        indexes = [
            models.Index(fields=["row"], name="entries_by_row"),
            # of thousands of votes in a chain, a timeline and the seven steps read none
            models.Index(fields=["chain", "position"], condition=Q(quiet=False), name="entries_for_a_timeline"),
            models.Index(fields=["chain", "step"], condition=Q(quiet=False), name="entries_that_begin_a_step"),
        ]


class PersonalPart(models.Model):
    """What an entry says about persons: kept apart, so that erasing it leaves the chain whole."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="personal_part")
    salt = models.CharField(max_length=32)
    words = models.TextField()  # canonical JSON: who, for whom, evidence, and the state of the row vouched for
    personal = {"words": "to show who did what, for whom and with what evidence"}


class Seal(models.Model):
    """The Merkle root over the heads of all chains at the end of a day, printed on notices and reports."""

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    root = models.CharField(max_length=64)
    chains = models.PositiveIntegerField()
    entries = models.PositiveBigIntegerField()
    previous = models.CharField(max_length=64)  # root of the seal before, so that seals are a chain too
    mark = models.CharField(max_length=64)  # keyed digest of all of it
    personal: dict[str, str] = {}


class SealedHead(models.Model):
    """Where a chain stood when a seal was made; only chains that grew since their last seal get a new one."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="heads")
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="sealed_heads")
    length = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    personal: dict[str, str] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "chain"], name="one_head_per_seal")]


STEPS = (
    ("raised", _("Raised")),
    ("seen", _("Seen")),
    ("talked", _("Talked over")),
    ("agreed", _("Agreed")),
    ("signed", _("Signed")),
    ("built", _("Built")),
    ("judged", _("Judged")),
)
