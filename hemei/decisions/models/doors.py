"""What a stairwell team does at the doors (加梯小组): visits, wishes, policy sheets. Nothing here is consent."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.decisions.models.drive import Drive
from hemei.people.models import Person
from hemei.places.models import Place


class Door(models.Model):
    """A home that a volunteer looks after in a drive, from a day to a day: what they may see and write ends with it."""

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="doors")
    home = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    personal = {"volunteer": "to know who visits which door"}
    sealed = ("drive_id", "home_id", "volunteer_id", "since", "ended_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "home", "volunteer"], condition=Q(ended_at=None), name="a_door_is_given_once"
            ),
        ]
        indexes = [models.Index(fields=["volunteer"], condition=Q(ended_at=None), name="doors_of_a_volunteer")]


class Visit(models.Model):
    """Somebody of the team stood at a door. outcome says nothing of what the home thinks."""

    class Outcome(models.TextChoices):
        NOT_HOME = "not_home", pgettext_lazy("a visit", "Nobody at home")
        SPOKE = "spoke", pgettext_lazy("a visit", "Spoke with somebody")
        WANTS_VISIT = "wants_visit", pgettext_lazy("a visit", "Wants a visit of the committee")
        QUESTIONS = "questions", pgettext_lazy("a visit", "Has questions")
        LETTER = "letter", pgettext_lazy("a visit", "Left a letter")

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="visits")
    home = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=11, choices=Outcome)
    question = models.CharField(max_length=400, blank=True)  # what they want to know
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    personal = {"by": "to know who was there", "question": "to answer the home"}
    sealed = ("drive_id", "home_id", "outcome", "question", "by_id", "at")

    class Meta:
        indexes = [models.Index(fields=["drive", "home", "at"], name="visits_at_a_door")]


class Wish(models.Model):
    """What a home wishes (意愿征询), asked before anything is decided; a later one replaces it. It is no consent.

    reasons: keys of `REASONS`, for counts of five and more. share_low, share_high: up to what share of the cost the
    home would go along, in yuan; negative for a compensation it asks. Seen only by those who prepare the costs.
    """

    class Says(models.TextChoices):
        YES = "yes", pgettext_lazy("a wish", "Wants a lift")
        DEPENDS = "depends", pgettext_lazy("a wish", "It depends")
        NO = "no", pgettext_lazy("a wish", "Does not want one")
        UNSURE = "unsure", pgettext_lazy("a wish", "Cannot say yet")

    class Who(models.TextChoices):
        OWNER = "owner", pgettext_lazy("said by", "An owner")
        OCCUPANT = "occupant", pgettext_lazy("said by", "Somebody who lives there")

    REASONS = {
        "light": pgettext_lazy("a reason", "Light and air"),
        "noise": pgettext_lazy("a reason", "Noise"),
        "cost": pgettext_lazy("a reason", "Cost"),
        "access": pgettext_lazy("a reason", "Way in and space"),
        "value": pgettext_lazy("a reason", "Value of the home"),
        "safety": pgettext_lazy("a reason", "Safety of the building"),
        "other": pgettext_lazy("a reason", "Something else"),
    }

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="wishes")
    home = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    says = models.CharField(max_length=7, choices=Says)
    who = models.CharField(max_length=8, choices=Who)
    reasons = models.JSONField(default=list, blank=True)
    share_low = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    share_high = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who wrote it down
    at = models.DateTimeField()
    current = models.BooleanField(default=True)
    form_key = models.UUIDField(unique=True)
    personal = {
        "says": "to prepare a scheme that the homes can accept",
        "reasons": "to answer what speaks against it",
        "share_low": "to work out shares that the homes can accept",
        "share_high": "to work out shares that the homes can accept",
        "by": "to know who wrote it down",
    }
    sealed = ("drive_id", "home_id", "number", "says", "who", "reasons", "share_low", "share_high", "by_id", "at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "home"], condition=Q(current=True), name="one_wish_of_a_home_stands"
            ),
            models.UniqueConstraint(fields=["drive", "home", "number"], name="wishes_are_counted"),
            models.CheckConstraint(
                condition=Q(share_low=None) | Q(share_high=None) | Q(share_high__gte=F("share_low")),
                name="a_wish_names_a_range",
            ),
        ]


class PolicySheet(models.Model):
    """A sheet that explains the policy (政策宣传), with its version; who received which version is kept."""

    estate = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=6000, blank=True)
    text_en = models.TextField(max_length=12000, blank=True)
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    personal: dict[str, str] = {}
    sealed = ("estate_id", "title", "version", "text", "file_id", "source", "made_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "title", "version"], name="a_sheet_has_each_version_once"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(source=""), name="a_policy_sheet_has_title_and_source"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(file__isnull=False), name="a_policy_sheet_holds_something"
            ),
        ]


class SheetReceipt(models.Model):
    """A home received a version of a policy sheet."""

    sheet = models.ForeignKey(PolicySheet, on_delete=models.PROTECT, related_name="receipts")
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="receipts")
    home = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {"by": "to know who handed it over"}
    sealed = ("sheet_id", "drive_id", "home_id", "by_id", "at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "home"], name="a_home_receives_a_version_once")]
