"""Who owes what to whom by when. Every clock in the product is one of these."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.matters.models import Matter
from hemei.people.models import Body, Person
from hemei.places.models import Place

WHAT_MAX, WORDS_MAX = 200, 600


class Promise(models.Model):
    """Something owed (承诺). Late is never stored: open, and `late_at` has passed.

    what_kind: said to everybody when a promise is late and the matter itself is not theirs to see.
    owed_to_body, owed_to_person: to whom; neither means the residents of `place`. due_at: the moment promised.
    late_at: due_at and the grace that was agreed with it. lapses_at: when an open one lapses by rule, or never.
    about: the row of another room that waits for this, as "consultations.consultation:5".
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a promise", "Open")
        KEPT = "kept", pgettext_lazy("a promise", "Kept")
        LAPSED = "lapsed", pgettext_lazy("a promise", "Lapsed")
        DISPUTED = "disputed", pgettext_lazy("a promise", "Disputed")
        WITHDRAWN = "withdrawn", pgettext_lazy("a promise", "Withdrawn")

    class Kind(models.TextChoices):
        ANSWER = "answer", pgettext_lazy("a promise", "An answer")
        WORK = "work", pgettext_lazy("a promise", "A piece of work")
        PAPER = "paper", pgettext_lazy("a promise", "A paper to be shown")
        VISIT = "visit", pgettext_lazy("a promise", "A visit")
        OTHER = "other", pgettext_lazy("a promise", "Something else")

    street = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="promises")
    what_kind = models.CharField(max_length=6, choices=Kind, default=Kind.OTHER)
    what = models.CharField(max_length=WHAT_MAX)
    what_en = models.CharField(max_length=WHAT_MAX, blank=True)
    owner_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    owner_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    owed_to_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owed_to_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    late_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    kept_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=WORDS_MAX, blank=True)
    proof_en = models.CharField(max_length=WORDS_MAX, blank=True)
    proof_photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_why = models.CharField(max_length=WORDS_MAX, blank=True)
    about = models.CharField(max_length=80, blank=True, db_index=True)
    source = models.CharField(max_length=400, blank=True)
    is_demo = models.BooleanField(default=False)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    kept_key = models.UUIDField(null=True, blank=True)  # the form that said it was kept
    soon_told_for = models.DateTimeField(null=True, blank=True)  # the due_at of which the owner was reminded
    late_told_for = models.DateTimeField(null=True, blank=True)  # the due_at whose passing was told
    personal = {"owner_person": "to know who owes it", "owed_to_person": "to know to whom it is owed"}
    sealed = (
        "matter_id", "place_id", "what", "what_en", "owner_body_id", "owner_person_id", "owed_to_body_id",
        "owed_to_person_id", "made_at", "due_at", "late_at", "lapses_at", "state", "kept_at", "proof", "proof_en",
        "proof_photo_id", "withdrawn_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="promise_says_what"),
            models.CheckConstraint(
                condition=Q(owner_body__isnull=False, owner_person=None)
                | Q(owner_body=None, owner_person__isnull=False),
                name="promise_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(owed_to_body=None) | Q(owed_to_person=None), name="promise_is_owed_to_one_at_most"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("made_at"), late_at__gte=F("due_at")),
                name="promise_is_due_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["kept", "disputed"]) | (Q(kept_at__isnull=False) & ~Q(proof="")),
                name="promise_is_kept_with_proof",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_why=""),
                name="promise_is_withdrawn_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["street", "state", "late_at", "id"], name="promises_of_a_street"),
            models.Index(fields=["matter", "due_at", "id"], name="promises_of_a_matter"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="promises_running"),
        ]

    def __str__(self) -> str:
        return self.what

    def is_late(self, at: datetime) -> bool:
        return self.state == self.State.OPEN and self.late_at < at

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """What is owed to a guest, or by one, becomes the account's, within the action that merges them."""
        from hemei.promises import steps

        steps.take_over(guest=guest, account=account, actor=actor, at=at)


class Extension(models.Model):
    """A later day for a promise, given before the old one passed, with a reason everybody may read (延期)."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="extensions")
    number = models.PositiveSmallIntegerField()
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    reason = models.CharField(max_length=WORDS_MAX)
    reason_en = models.CharField(max_length=WORDS_MAX, blank=True)
    at = models.DateTimeField()
    form_key = models.UUIDField()
    personal: dict[str, str] = {}
    sealed = ("promise_id", "number", "due_before", "due_after", "reason", "reason_en", "at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "form_key"], name="one_extension_for_each_form"),
            models.UniqueConstraint(fields=["promise", "number"], name="extensions_are_counted"),
            models.CheckConstraint(condition=Q(due_after__gt=F("due_before")), name="an_extension_is_later"),
            models.CheckConstraint(condition=Q(at__lte=F("due_before")), name="an_extension_comes_before_expiry"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_has_a_reason"),
        ]


class Dispute(models.Model):
    """Somebody to whom it is owed says that it was not kept, and what was answered (有异议)."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="disputes")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=WORDS_MAX)
    reason_en = models.CharField(max_length=WORDS_MAX, blank=True)
    at = models.DateTimeField()
    answer = models.CharField(max_length=WORDS_MAX, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened = models.BooleanField(default=False)  # the answer: yes, it still has to be done
    form_key = models.UUIDField()
    personal = {
        "by": "to answer the person",
        "reason": "a resident's own words",
        "answer": "what the person was told",
    }
    whose = ("by",)
    sealed = (
        "promise_id",
        "number",
        "by_id",
        "reason",
        "reason_en",
        "at",
        "answer",
        "answered_at",
        "answered_by_id",
        "reopened",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "form_key"], name="one_dispute_for_each_form"),
            models.UniqueConstraint(fields=["promise", "number"], name="disputes_are_counted"),
            models.UniqueConstraint(fields=["promise"], condition=Q(answered_at=None), name="one_dispute_at_a_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_dispute_has_a_reason"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="a_dispute_is_answered_in_words",
            ),
        ]
