"""A lift for one stairwell, from the first look to the works, and the dated milestones of an estate."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.matters.models import Matter
from hemei.people.models import Body, Person
from hemei.places.models import Place
from hemei.promises.models import Promise


class Stage(models.TextChoices):
    """The stages of domain.md 2b in their order; each begins on a day, and the next one leaves it behind."""

    FEASIBILITY = "feasibility", pgettext_lazy("a drive", "Assessment")  # 评估
    WISHES = "wishes", pgettext_lazy("a drive", "Wishes")  # 意愿
    SCHEME = "scheme", pgettext_lazy("a drive", "Scheme")  # 方案
    CONSENT = "consent", pgettext_lazy("a drive", "Vote")  # 表决
    CONTRACT = "contract", pgettext_lazy("a drive", "Signing")  # 签约
    NOTICE = "notice", pgettext_lazy("a drive", "Public notice")  # 公示
    PLANNING = "planning", pgettext_lazy("a drive", "Planning")  # 规划
    PERMIT = "permit", pgettext_lazy("a drive", "Permit")  # 审批
    WORKS = "works", pgettext_lazy("a drive", "Handed to works")  # 施工: what follows is another room's
    STOPPED = "stopped", pgettext_lazy("a drive", "Stopped")  # 停下


class Drive(models.Model):
    """A lift drive of one stairwell (加装电梯). One runs at a time; one that stopped keeps its row and its reason.

    homes: how many homes the stairwell had when it began. contracted: homes whose owners have all signed the contract
    that stands now. contracted_on: the day the last one signed. waits_for, waits_for_body, waits_until: what the drive
    stands still for, whom it waits for and until when; never a home or a person. waits_promise: the same as a promise,
    where the body is one that we know. changed_at: when something was last recorded of it. Consent never shows here.
    """

    class Grade(models.TextChoices):
        A = "A", _("A · fits")
        B = "B", _("B · hard")
        C = "C", _("C · unfit")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="drives")  # the stairwell
    estate = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="drive")
    team = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="drives")
    stage = models.CharField(max_length=11, choices=Stage, default=Stage.FEASIBILITY)
    stage_since = models.DateField()
    began_on = models.DateField()
    grade = models.CharField(max_length=1, choices=Grade, blank=True)
    grade_why = models.CharField(max_length=400, blank=True)
    graded_on = models.DateField(null=True, blank=True)
    graded_by = models.CharField(max_length=80, blank=True)  # the assessor, a firm or an office
    drawing = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    uses_common_land = models.BooleanField(default=False)  # then the estate must vote as well
    homes = models.PositiveSmallIntegerField()
    contracted = models.PositiveSmallIntegerField(default=0)
    contracted_on = models.DateField(null=True, blank=True)
    waits_for = models.CharField(max_length=120, blank=True)
    waits_for_en = models.CharField(max_length=240, blank=True)
    waits_for_body = models.CharField(max_length=80, blank=True)
    waits_until = models.DateTimeField(null=True, blank=True)
    waits_promise = models.ForeignKey(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stopped_why = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {"made_by": "to know who began it"}
    sealed = (
        "place_id", "matter_id", "team_id", "stage", "stage_since", "began_on", "grade", "grade_why", "graded_on",
        "uses_common_land", "homes", "contracted", "contracted_on", "stopped_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=~Q(stage="stopped"), name="one_drive_at_a_time_in_a_stairwell"
            ),
            models.CheckConstraint(condition=Q(homes__gt=0), name="a_drive_has_homes"),
            models.CheckConstraint(condition=Q(contracted__lte=F("homes")), name="no_more_contracts_than_homes"),
            models.CheckConstraint(condition=~Q(stage="stopped") | ~Q(stopped_why=""), name="a_stopped_drive_says_why"),
            models.CheckConstraint(condition=Q(grade="") | Q(graded_on__isnull=False), name="a_grade_has_its_day"),
        ]
        indexes = [models.Index(fields=["estate", "stage", "id"], name="drives_of_an_estate")]


class StageMark(models.Model):
    """A stage of a drive that began on a day, with the paper that shows it. Stages are never taken out.

    passed: it was passed over without being gone through; note says why.
    """

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=11, choices=Stage)
    on = models.DateField()
    passed = models.BooleanField(default=False)
    note = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=800, blank=True)
    paper = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal: dict[str, str] = {}
    sealed = ("drive_id", "number", "stage", "on", "passed", "note", "paper_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "number"], name="marks_are_counted"),
            models.CheckConstraint(condition=Q(passed=False) | ~Q(note=""), name="a_passed_stage_says_why"),
        ]


class DeskForm(models.Model):
    """A form of the desk that wrote several rows, or none of its own: sent again it changes nothing.

    about: what it was about, as "decisions.drive:5". digest: sha256 of its words, to tell whether they are the same.
    """

    act = models.CharField(max_length=16)
    about = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    personal: dict[str, str] = {}


class Milestone(models.Model):
    """How many stairwells of an estate had signed, or lifts were handed over, on a day: told from a source (曲线)."""

    class What(models.TextChoices):
        SIGNED = "signed", pgettext_lazy("a milestone", "Stairwells signed")
        DELIVERED = "delivered", pgettext_lazy("a milestone", "Lifts handed over")

    estate = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=9, choices=What, default=What.SIGNED)
    on = models.DateField()
    on_told = models.CharField(max_length=40, blank=True)  # as the source says it, where it gives no day: "2022 年夏"
    count = models.PositiveSmallIntegerField()
    whole = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=400)
    form_key = models.UUIDField(unique=True)
    personal: dict[str, str] = {}
    sealed = ("estate_id", "what", "on", "on_told", "count", "whole", "source")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "what", "on"], name="one_milestone_a_day"),
            models.CheckConstraint(condition=Q(count__lte=F("whole")), name="a_milestone_stays_in_the_whole"),
            models.CheckConstraint(condition=~Q(source=""), name="a_milestone_has_a_source"),
        ]
