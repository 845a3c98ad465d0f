"""What owners decide (业主共同决定): question, rule, roll and dates, frozen when it is announced."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.decisions.models.drive import Drive
from hemei.matters.models import Matter
from hemei.people.models import Body, Person
from hemei.places.models import Place
from hemei.roll.models import FrozenRoll


class Subject(models.TextChoices):
    """What is decided, after Civil Code 278(1); `special` ones are (6)(7)(8)."""

    LIFT = "lift", _("A lift")  # 加装电梯, (7)
    RULES = "rules", _("Rules of procedure")  # (1)
    COVENANT = "covenant", _("The covenant")  # (2)
    COMMITTEE = "committee", _("Electing the owners' committee")  # (3)
    MANAGER = "manager", _("Hiring or dismissing the manager")  # (4)
    FUND_USE = "fund_use", _("Using the maintenance fund")  # (5)
    FUND_RAISE = "fund_raise", _("Raising the maintenance fund")  # (6)
    REBUILD = "rebuild", _("Rebuilding or altering")  # (7)
    COMMON_USE = "common_use", _("Use of common parts")  # (8)
    OTHER = "other", _("Another matter of all owners")  # (9)


class Decision(models.Model):
    """One ballot of the owners of a place: subject of its own chain in the ledger for its acts.

    Lifecycle, told by its moments: being prepared (announced_at None) → announced (roll, question, rule, dates and
    papers frozen; the notice of the vote hangs) → open (opens_at <= t < closes_at) → closed → certified by two
    counters → posted for objections → effective. Cancelled with a public reason at any time before certification.

    drive: the lift drive it belongs to. linked: the ballot of the whole estate that must pass as well where common
    land is used; one such ballot may stand behind several stairwells. only: keys of the units that vote, where not all
    of the place do; affected: keys of units whose owners must all agree besides (whose own part is taken).
    rule: the engine's rule as it stood when announced, in the schema of consent-cases/1, for good. attested: who
    entered source and date of a rule that is not checked, as {"source", "valid_from", "by", "at"}.
    silence_text: the estate's own rule that silence joins the majority, word for word; without it silence counts
    nowhere. verdict, file_hash: canonical JSON of the verdict and sha256 of the decision file, frozen when certified.
    version: grows with everything that can change what a page of it says.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a decision", "Being prepared")
        AHEAD = "ahead", pgettext_lazy("a decision", "Opens soon")
        OPEN = "open", pgettext_lazy("a decision", "Open")
        COUNTING = "counting", pgettext_lazy("a decision", "Being counted")
        CERTIFIED = "certified", pgettext_lazy("a decision", "Counted")
        CANCELLED = "cancelled", pgettext_lazy("a decision", "Cancelled")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="decisions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="decisions")
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    linked = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="stands_behind")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")  # who calls the vote
    subject = models.CharField(max_length=10, choices=Subject)
    question = models.CharField(max_length=200)
    question_en = models.CharField(max_length=400, blank=True)
    text = models.TextField(max_length=8000, blank=True)  # what is voted on, in full
    text_en = models.TextField(max_length=16000, blank=True)
    paper = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    only = models.JSONField(default=list, blank=True)
    affected = models.JSONField(default=list, blank=True)
    rule_id = models.CharField(max_length=60)
    rule = models.JSONField(default=dict, blank=True)
    attested = models.JSONField(default=dict, blank=True)
    silence_text = models.TextField(max_length=2000, blank=True)
    proxies_max = models.PositiveSmallIntegerField(null=True, blank=True)
    online = models.BooleanField(default=True)  # owners may also vote on screen; paper always
    notice_days = models.PositiveSmallIntegerField(default=15)  # owners are told so many full days before
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    posting_days = models.PositiveSmallIntegerField(default=10)  # the result hangs so many days for objections
    roll = models.ForeignKey(FrozenRoll, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    announced_at = models.DateTimeField(null=True, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, blank=True)  # of the vote alone: passed, rejected, no_quorum
    verdict = models.TextField(blank=True)
    file = models.TextField(blank=True)  # the decision file, canonical JSON, complete
    file_hash = models.CharField(max_length=64, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=400, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)  # opening and close up to here stand in the ledger
    version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {
        "made_by": "to know who prepared it",
        "verdict": "how each home was counted",
        "file": "what a court needs to check the decision",
        "attested": "who answers for source and date of the rule",
    }
    sealed = (
        "matter_id", "place_id", "drive_id", "linked_id", "body_id", "subject", "question", "question_en", "text",
        "text_en", "paper_id", "only", "affected", "rule_id", "rule", "attested", "silence_text", "proxies_max",
        "online", "notice_days", "opens_at", "closes_at", "posting_days", "roll_id", "announced_at", "certified_at",
        "outcome", "file_hash", "cancelled_at", "cancelled_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="decision_asks_something"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="decision_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(roll__isnull=False), name="an_announced_decision_has_its_roll"
            ),
            models.CheckConstraint(
                condition=Q(certified_at=None) | (Q(announced_at__isnull=False) & ~Q(outcome="") & ~Q(file_hash="")),
                name="a_certified_decision_has_outcome_and_file",
            ),
            models.CheckConstraint(
                condition=Q(certified_at=None) | Q(cancelled_at=None), name="what_is_certified_is_not_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_why=""), name="a_cancelled_decision_says_why"
            ),
            models.CheckConstraint(
                condition=Q(linked=None) | ~Q(linked=F("id")), name="a_decision_is_not_its_own_link"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-made_at", "-id"], name="decisions_of_a_place"),
            models.Index(fields=["closes_at", "id"], name="decisions_by_close"),
        ]

    def __str__(self) -> str:
        return self.question

    def state_at(self, at: datetime) -> str:
        """Where it stands at `at`; open from opens_at up to, not including, closes_at."""
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if self.announced_at is None:
            return self.State.DRAFT
        if self.certified_at is not None:
            return self.State.CERTIFIED
        if at < self.opens_at:
            return self.State.AHEAD
        return self.State.OPEN if at < self.closes_at else self.State.COUNTING

    def recomputed(self) -> dict[str, Any]:
        """What is summed up in sealed fields as the rows give it, for the ledger's check."""
        if self.certified_at is None:
            return {}
        import hashlib

        return {"file_hash": hashlib.sha256(self.file.encode()).hexdigest()}


class Counter(models.Model):
    """One of the two who count (计票人): sees for and against while it is open, and signs the result.

    signed_hash: sha256 of the decision file this counter signed; certified once both signed the same.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="counters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    named_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_hash = models.CharField(max_length=64, blank=True)
    personal = {"person": "to know who counted"}
    sealed = ("decision_id", "person_id", "number", "named_at", "signed_at", "signed_hash")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "person"], name="a_counter_is_named_once"),
            models.UniqueConstraint(fields=["decision", "number"], name="one_counter_for_each_number"),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="two_counters_count"),
        ]
