"""The consultation itself, its papers, and those who take part."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from hemei.base.models import Upload
from hemei.matters.models import Matter
from hemei.people.models import Body, Person


class Grade(models.TextChoices):
    """How well somebody must be known here to take part; the order is that of `people.actor.GRADES`."""

    GUEST = "guest", _("Everybody, also without an account")
    DECLARED = "declared", _("Who says to live, own or work here")
    CONFIRMED = "confirmed", _("Who has been confirmed to live, own or work here")


class Batch(models.Model):
    """Rows that came together from elsewhere: one entry of the ledger vouches for all of them.

    rows_digest: recomputed by `batches.digest_of` over every statement, participant and vote of the batch. told: what
    the export says of itself, as [key, value], so that it can be written again.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=400)
    licence = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)  # of the files as they came
    rows_digest = models.CharField(max_length=64)  # of the rows as they were written
    told = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    personal: dict[str, str] = {}
    sealed = ("source", "licence", "rows", "digest", "rows_digest", "told")

    def recomputed(self) -> dict[str, Any]:
        """What the sealed fields that sum up other rows are now, for the ledger's check."""
        from hemei.consultations import batches

        rows, rows_digest = batches.digest_of(self)
        return {"rows": rows, "rows_digest": rows_digest}


class Consultation(models.Model):
    """A question put to a neighbourhood for a stated time.

    Question, dates and grades are frozen once it opened: a change means cancelling with a reason and starting again.
    results_at: before this moment nobody sees for and against, the organiser neither; None: when it closes.
    version: grows with every vote, statement, argument and map, so that pages are kept by it.
    told_until: opening, close and results that fell due up to this moment stand in the ledger (see `rounds`).
    """

    class Moderation(models.TextChoices):
        BEFORE = "before", _("Somebody reads each statement before it appears")
        AFTER = "after", _("Statements appear at once and are read afterwards")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        AREA = "area", _("Those who live, own or work there")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        AHEAD = "ahead", _("Opens soon")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="consultation")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = models.CharField(max_length=120)
    question_en = models.CharField(max_length=240, blank=True)
    intro = models.TextField(max_length=4000, blank=True)
    intro_en = models.TextField(max_length=8000, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    results_at = models.DateTimeField(null=True, blank=True)
    who_votes = models.CharField(max_length=9, choices=Grade, default=Grade.DECLARED)
    who_speaks = models.CharField(max_length=9, choices=Grade, default=Grade.DECLARED)
    moderation = models.CharField(max_length=6, choices=Moderation, default=Moderation.BEFORE)
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.PUBLIC)
    statement_max_length = models.PositiveSmallIntegerField(default=140)
    ready_at = models.DateTimeField(null=True, blank=True)  # the checklist was passed; it opens by its date
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=400, blank=True)
    is_imported = models.BooleanField(default=False)
    source = models.CharField(max_length=400, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    seed = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    participants = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)  # answers that stand now
    statements = models.PositiveIntegerField(default=0)  # accepted ones
    arguments = models.PositiveIntegerField(default=0)  # accepted ones
    documents = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    told_until = models.DateTimeField(null=True, blank=True)
    personal = {"made_by": "to know who prepared it"}
    sealed = (
        "matter_id",
        "body_id",
        "question",
        "question_en",
        "intro",
        "intro_en",
        "source",
        "licence",
        "opens_at",
        "closes_at",
        "results_at",
        "who_votes",
        "who_speaks",
        "moderation",
        "audience",
        "statement_max_length",
        "ready_at",
        "cancelled_at",
        "cancelled_why",
        "is_imported",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="consultation_asks_something"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="consultation_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(results_at=None) | Q(results_at__gte=F("opens_at")),
                name="results_are_not_out_before_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_why=""), name="cancelled_consultation_says_why"
            ),
            models.CheckConstraint(
                condition=Q(is_imported=False) | ~Q(source=""), name="imported_one_names_its_source"
            ),
        ]
        indexes = [models.Index(fields=["closes_at", "id"], name="consultations_by_close")]

    def __str__(self) -> str:
        return self.question

    def state_at(self, at: datetime) -> str:
        """Where it stands at `at`; open from opens_at up to, not including, closes_at."""
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if self.ready_at is None:
            return self.State.DRAFT
        if at < self.opens_at:
            return self.State.AHEAD
        return self.State.OPEN if at < self.closes_at else self.State.CLOSED

    def recomputed(self) -> dict[str, Any]:
        """The counts on its pages as its rows give them, for the ledger's check; an imported one's batch vouches."""
        if self.is_imported:
            return {}
        from hemei.consultations.models.said import Argument, Statement, Vote, WordsState

        standing = Vote.objects.filter(consultation=self, current=True)
        shown = {"consultation": self, "state": WordsState.ACCEPTED}
        return {
            "participants": standing.aggregate(people=Count("participant", distinct=True))["people"],
            "votes": standing.count(),
            "statements": Statement.objects.filter(**shown).count(),
            "arguments": Argument.objects.filter(**shown).count(),
        }

    @property
    def tells_at(self) -> datetime:
        """From when on results are shown."""
        return self.results_at or self.closes_at

    def tells_results(self, at: datetime) -> bool:
        """Whether for and against may be shown at `at`; a cancelled one tells them only if it already did."""
        ended = self.cancelled_at
        return self.ready_at is not None and (at if ended is None else min(at, ended)) >= self.tells_at


class Document(models.Model):
    """What one should know before answering: a text, or a file."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=240, blank=True)
    text = models.TextField(max_length=20000, blank=True)
    text_en = models.TextField(max_length=40000, blank=True)
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=400, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_why = models.CharField(max_length=400, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {"added_by": "to know who put it there"}
    sealed = (
        "consultation_id",
        "title",
        "title_en",
        "text",
        "text_en",
        "file_id",
        "source",
        "added_at",
        "taken_down_at",
        "taken_down_why",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & (~Q(text="") | Q(file__isnull=False)),
                name="document_holds_something",
            ),
        ]


class Reply(models.Model):
    """What becomes of it: the organiser's answer after close. More may be added; nothing is taken back."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="replies")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=8000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form_key = models.UUIDField(unique=True)
    personal = {"by": "to know who wrote it"}
    sealed = ("consultation_id", "body_id", "text", "text_en", "at", "by_id")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]


class Participant(models.Model):
    """One who answered in one consultation. number: 1, 2, 3 … in order of the first answer; the id in a Polis export.

    person: None in an imported one. merged_into: the guest's place after the guest became an account that had its own.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="people")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    personal = {"person": "to count each person once and to show them their own answers"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person"], name="a_person_takes_part_once"),
            models.UniqueConstraint(fields=["consultation", "number"], name="one_participant_per_number"),
        ]

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """What a guest answered becomes the account's, within the action that merges them."""
        from hemei.consultations import taking_over

        taking_over.answers(guest=guest, account=account, actor=actor, at=at)
