"""Looking after what is said: the public log of what moderators did, and appeals against it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hemei.consultations.models.consultation import Consultation
from hemei.consultations.models.said import Argument, Statement
from hemei.people.models import Body, Person


class ModerationAct(models.Model):
    """One decision about a statement or an argument. The public log shows it without the words it is about."""

    class Deed(models.TextChoices):
        ACCEPTED = "accepted", _("Shown")
        REJECTED = "rejected", _("Not shown")
        RESTORED = "restored", _("Shown again")
        UPHELD = "upheld", _("Stays hidden after an appeal")

    class Ground(models.TextChoices):
        PERSONAL = "personal", _("Names or describes a private person")
        INSULT = "insult", _("Insults or threatens")
        OFF_TOPIC = "off_topic", _("Is about something else")
        NOT_ONE = "not_one", _("Says several things at once")
        SAME = "same", _("Was already said")
        ADVERT = "advert", _("Advertises something")
        UNLAWFUL = "unlawful", _("May not be published by law")

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="moderated")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    argument = models.ForeignKey(Argument, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    deed = models.CharField(max_length=8, choices=Deed)
    ground = models.CharField(max_length=9, choices=Ground, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    form_key = models.UUIDField(unique=True)
    personal = {"by": "so that an appeal is decided by somebody else"}
    sealed = ("consultation_id", "statement_id", "argument_id", "deed", "ground", "reason", "at", "by_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(statement__isnull=False, argument=None) | Q(statement=None, argument__isnull=False),
                name="moderation_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(deed="accepted") | Q(reason__gt=""), name="who_decides_against_words_says_why"
            ),
        ]
        indexes = [models.Index(fields=["consultation", "-at", "-id"], name="moderation_log")]


class Appeal(models.Model):
    """The author asks that somebody else looks again; once for each statement or argument."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="appeals")
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="appeal")
    argument = models.OneToOneField(Argument, on_delete=models.PROTECT, null=True, blank=True, related_name="appeal")
    reason = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {"reason": "a person's own words"}
    whose = ("statement__author", "argument__author")
    sealed = ("consultation_id", "statement_id", "argument_id", "reason", "made_at", "answered_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(statement__isnull=False, argument=None) | Q(statement=None, argument__isnull=False),
                name="appeal_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="appeal_gives_a_reason"),
        ]
