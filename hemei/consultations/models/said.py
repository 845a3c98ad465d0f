"""What people say: statements, the votes on them, and arguments for and against."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.consultations.models.consultation import Batch, Consultation, Participant
from hemei.people.models import Person


class WordsState(models.TextChoices):
    WAITING = "waiting", _("Waits to be read")
    ACCEPTED = "accepted", _("Shown")
    REJECTED = "rejected", _("Not shown")


class AuthorKind(models.TextChoices):
    RESIDENT = "resident", _("A resident")
    ORGANISER = "organiser", _("The organiser")
    MEMBER = "member", _("A CPPCC member")  # 政协委员


class Answer(models.IntegerChoices):
    AGREE = 1, pgettext_lazy("an answer", "Agree")
    PASS = 0, pgettext_lazy("an answer", "Not sure")
    DISAGREE = -1, pgettext_lazy("an answer", "Disagree")


class Stake(models.TextChoices):
    LIGHT = "light", _("Daylight")
    NOISE = "noise", _("Noise")
    COST = "cost", _("Cost")
    ACCESS = "access", _("Getting through")
    SAFETY = "safety", _("Safety")
    QUIET = "quiet", _("Quiet")
    GREEN = "green", _("Greenery")
    PARKING = "parking", _("Parking")
    VALUE = "value", _("Value of the home")
    OTHER = "other", _("Something else")


class Statement(models.Model):
    """One sentence that others answer. It is not edited after the first vote.

    likeness: digest of the text without spaces, marks and case; the same sentence stands once in a consultation.
    shown: how often it was drawn for somebody and answered (the card), not looked up.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="said")
    number = models.PositiveIntegerField()  # the id in a Polis export
    text = models.TextField(max_length=1000)
    text_en = models.TextField(max_length=1000, blank=True)
    likeness = models.CharField(max_length=64)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author_number = models.PositiveIntegerField(null=True, blank=True)  # imported ones: the author's participant number
    author_kind = models.CharField(max_length=9, choices=AuthorKind, default=AuthorKind.RESIDENT)
    state = models.CharField(max_length=8, choices=WordsState, default=WordsState.WAITING)
    agrees = models.PositiveIntegerField(default=0)
    disagrees = models.PositiveIntegerField(default=0)
    passes = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderated_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    moderated_why = models.CharField(max_length=400, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField(null=True, blank=True)
    personal = {
        "author": "to tell the author what became of it, and to count each person's statements",
        "text": "a person's own words",
        "moderated_by": "so that an appeal is decided by somebody else",
    }
    whose = ("author",)
    sealed = ("consultation_id", "number", "text", "text_en", "author_id", "author_kind", "state", "made_at")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="statement_says_something"),
            models.UniqueConstraint(fields=["consultation", "number"], name="one_statement_per_number"),
            models.UniqueConstraint(
                fields=["consultation", "likeness"], condition=Q(batch=None), name="a_sentence_stands_once"
            ),
            models.UniqueConstraint(fields=["author", "form_key"], name="one_statement_per_form"),
        ]
        indexes = [models.Index(fields=["consultation", "state", "number"], name="statements_shown")]

    def __str__(self) -> str:
        return self.text

    @property
    def answered(self) -> int:
        return self.agrees + self.disagrees + self.passes

    @staticmethod
    def sealed_rows() -> "QuerySet[Statement]":
        return Statement.objects.filter(batch=None)

    def recomputed(self) -> dict[str, Any]:
        """The counts that its standing answers give, for the ledger's check."""
        standing = self.votes.filter(current=True).order_by().values_list("answer").annotate(count=Count("pk"))
        counts = {Answer(answer): count for answer, count in standing}
        return {
            "agrees": counts.get(Answer.AGREE, 0),
            "passes": counts.get(Answer.PASS, 0),
            "disagrees": counts.get(Answer.DISAGREE, 0),
        }

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """What a guest said becomes the account's, within the action that merges them."""
        from hemei.consultations import taking_over

        taking_over.words(Statement, guest=guest, account=account, actor=actor, at=at)


class Vote(models.Model):
    """One answer given at one moment. Rows are only added; `current` marks the one that stands, and is vouched for
    too: else an earlier answer could be made to count again.

    drawn: the statement was the next one on the card, not one the person looked up. Nobody but the person reads a
    row; figures are read from the statement's counts.
    """

    # no index of their own: those below begin with them, and each index is one more page for every vote to write
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="votes")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="votes", db_index=False)
    answer = models.SmallIntegerField(choices=Answer)
    at = models.DateTimeField()
    current = models.BooleanField(default=True)
    drawn = models.BooleanField(default=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    form_key = models.UUIDField(null=True, blank=True)
    personal = {"answer": "an opinion; shown to the person alone, counted for all"}
    whose = ("participant__person",)
    sealed = ("consultation_id", "statement_id", "participant_id", "answer", "at", "current")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "statement"], condition=Q(current=True), name="one_answer_stands"
            ),
            models.UniqueConstraint(fields=["participant", "form_key"], name="one_vote_per_form"),
            models.CheckConstraint(condition=Q(answer__in=[-1, 0, 1]), name="an_answer_is_one_of_three"),
        ]
        indexes = [
            models.Index(fields=["consultation", "current"], name="votes_for_the_map"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="votes_of_a_batch"),
        ]

    @staticmethod
    def sealed_rows() -> "QuerySet[Vote]":
        return Vote.objects.filter(batch=None)


class Argument(models.Model):
    """A reason for or against, tagged by what is at stake, not by who says it. statement: None: on the question."""

    class Side(models.TextChoices):
        FOR = "for", _("Speaks for it")
        AGAINST = "against", _("Speaks against it")

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="reasons")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="reasons")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=7, choices=Side)
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=600, blank=True)
    stake = models.CharField(max_length=8, choices=Stake)
    likeness = models.CharField(max_length=64)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author_kind = models.CharField(max_length=9, choices=AuthorKind, default=AuthorKind.RESIDENT)
    state = models.CharField(max_length=8, choices=WordsState, default=WordsState.WAITING)
    made_at = models.DateTimeField()
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderated_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    moderated_why = models.CharField(max_length=400, blank=True)
    form_key = models.UUIDField(null=True, blank=True)
    personal = {
        "author": "to tell the author what became of it, and to count each person's arguments",
        "text": "a person's own words",
        "moderated_by": "so that an appeal is decided by somebody else",
    }
    whose = ("author",)
    sealed = (
        "consultation_id",
        "statement_id",
        "number",
        "side",
        "text",
        "text_en",
        "stake",
        "author_id",
        "state",
        "made_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="argument_says_something"),
            models.UniqueConstraint(fields=["consultation", "number"], name="one_argument_per_number"),
            models.UniqueConstraint(
                fields=["consultation", "side", "likeness"],
                condition=Q(statement=None),
                name="a_reason_on_the_question_stands_once",
            ),
            models.UniqueConstraint(
                fields=["statement", "side", "likeness"], name="a_reason_on_a_statement_stands_once"
            ),
            models.UniqueConstraint(fields=["author", "form_key"], name="one_argument_per_form"),
        ]
        indexes = [models.Index(fields=["consultation", "state", "number"], name="arguments_shown")]

    def __str__(self) -> str:
        return self.text

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """What a guest argued becomes the account's, within the action that merges them."""
        from hemei.consultations import taking_over

        taking_over.words(Argument, guest=guest, account=account, actor=actor, at=at)
