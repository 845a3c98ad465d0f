"""After the count: the result hangs for ten days, objections come in and are answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.decisions.models.decision import Decision
from hemei.notices.models import PrintedNotice
from hemei.people.models import Body, Person


class Posted(models.Model):
    """What hangs (公示), from which day, for how many days, with the photo that shows it.

    what: the notice of the vote before it, or its result after it. notice: the printed sheet, whose own postings are
    the proof. The period is the engine's to count: the day of posting is not counted.
    """

    class What(models.TextChoices):
        VOTE = "vote", pgettext_lazy("posted", "Notice of the vote")
        RESULT = "result", pgettext_lazy("posted", "Result")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="posted")
    what = models.CharField(max_length=6, choices=What)
    notice = models.ForeignKey(PrintedNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    where = models.CharField(max_length=120)
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    personal = {"by": "to ask who put it up"}
    sealed = ("decision_id", "what", "notice_id", "on", "where", "photo_id", "by_id", "made_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="result") | Q(photo__isnull=False), name="a_posted_result_has_its_photo"
            ),
        ]
        indexes = [models.Index(fields=["decision", "what", "on", "id"], name="what_hangs_of_a_decision")]


class Objection(models.Model):
    """Somebody objects while the result hangs (异议): recorded, answered, mediated, closed; never deleted.

    owner: code on the roll where an owner of the electorate objects; key: the unit. how: in what way it ended.
    """

    class Ground(models.TextChoices):
        LIGHT = "light", pgettext_lazy("a ground", "Light and air")
        NOISE = "noise", pgettext_lazy("a ground", "Noise")
        ACCESS = "access", pgettext_lazy("a ground", "Way in and space")
        COST = "cost", pgettext_lazy("a ground", "Cost")
        SAFETY = "safety", pgettext_lazy("a ground", "Safety of the building")
        PROCEDURE = "procedure", pgettext_lazy("a ground", "How the vote was run")
        OTHER = "other", pgettext_lazy("a ground", "Something else")

    class How(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("an objection ended", "Withdrawn")
        SETTLED = "settled", pgettext_lazy("an objection ended", "Settled")
        DISMISSED = "dismissed", pgettext_lazy("an objection ended", "Dismissed, with reasons")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=160, blank=True)
    ground = models.CharField(max_length=9, choices=Ground)
    words = models.TextField(max_length=2000)
    evidence = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mediation = models.TextField(max_length=2000, blank=True)  # the record of the mediation, if there was one
    how = models.CharField(max_length=9, choices=How, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {
        "by": "to answer the person",
        "by_name": "to answer the person",
        "key": "from which home it came",
        "words": "the person's own words",
        "answer": "what the person was told",
        "mediation": "what was agreed between the two sides",
        "entered_by": "who typed it",
    }
    sealed = (
        "decision_id", "number", "by_id", "by_name", "key", "ground", "words", "evidence_id", "at", "entered_by_id",
        "answer", "answered_at", "answered_by_id", "mediation", "how", "closed_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="objections_are_counted"),
            models.CheckConstraint(condition=~Q(words=""), name="an_objection_says_why"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="an_objection_is_answered_in_words"
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(how=""), name="a_closed_objection_says_how"),
        ]
