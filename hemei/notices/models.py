"""Who is told what: the inbox, how people want to be told, printed sheets and the proof that they hung."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hemei.base.models import Upload
from hemei.matters.models import Matter
from hemei.people.models import Body, Person
from hemei.places.models import Place

TITLE_MAX, BODY_MAX = 60, 600  # what fits on one sheet in large type
WHY_MAX = 400


class Notice(models.Model):
    """One thing somebody is told, as it stands in their inbox. Its words are put together when it is read.

    kind: "<room>.<verb>", whose words stand in `templates/<room>/notices/<verb>.txt`. words: what the template
    fills in; keys that end in `_at` are times. key: the same one is put once for each recipient.
    """

    recipient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    words = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    personal = {"recipient": "to tell the person", "words": "what the person was told"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="told_once_for_each_key"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-made_at", "-id"], name="inbox_in_order"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="inbox_unread"),
        ]

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: object, at: datetime) -> None:
        """What a guest was told stands in the account's inbox; what both were told stands there once."""
        theirs = Notice.objects.filter(recipient=account).values("key")
        Notice.objects.filter(recipient=guest, key__in=theirs).delete()
        Notice.objects.filter(recipient=guest).update(recipient=account)

    @staticmethod
    def let_go(*, person: Person, actor: object, at: datetime) -> None:
        """Whoever closes their account leaves no inbox behind."""
        Notice.objects.filter(recipient=person).delete()


class Preference(models.Model):
    """How somebody wants to be told about one topic, besides the inbox, which always holds it."""

    class Way(models.TextChoices):
        WEB = "web", _("Only on the website")
        URGENT = "urgent", _("By text message when it is urgent")
        PHONE = "phone", _("Always by text message")
        PAPER = "paper", _("Printed, from the residents' committee")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="preferences")
    topic = models.CharField(max_length=20)  # the first half of a kind: the room that tells
    way = models.CharField(max_length=6, choices=Way)
    personal = {
        "person": "to tell the person in the way they chose",
        "way": "to tell the person in the way they chose",
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_way_for_each_topic")]

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: object, at: datetime) -> None:
        """The account's own choice stands where both chose."""
        theirs = Preference.objects.filter(person=account).values("topic")
        Preference.objects.filter(person=guest, topic__in=theirs).delete()
        Preference.objects.filter(person=guest).update(person=account)

    @staticmethod
    def let_go(*, person: Person, actor: object, at: datetime) -> None:
        """How a closed account wanted to be told is of no use to anybody."""
        Preference.objects.filter(person=person).delete()


class Following(models.Model):
    """Somebody wants to hear what happens to a matter (关注). Ended, the row stays: nobody is made to follow again."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="followings")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="followings")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    personal = {"person": "to tell the person what happens to a matter they follow"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "matter"], name="a_matter_is_followed_once")]
        indexes = [models.Index(fields=["matter"], condition=Q(ended_at=None), name="followers_of_a_matter")]

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: object, at: datetime) -> None:
        """What a guest follows the account follows; where both chose, the account's choice stands."""
        theirs = Following.objects.filter(person=account).values("matter")
        Following.objects.filter(person=guest, matter__in=theirs).delete()
        Following.objects.filter(person=guest).update(person=account)

    @staticmethod
    def let_go(*, person: Person, actor: object, at: datetime) -> None:
        """A closed account follows nothing."""
        Following.objects.filter(person=person).delete()


class Heard(models.Model):
    """Up to which entry of its chain the followers of a matter have been told."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    personal: dict[str, str] = {}


class PrintedNotice(models.Model):
    """A sheet of A4 to be put up where people pass (公示), with its own number, hash and way back to the matter."""

    street = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # counted in the street's year
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="printed_notices")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="printed_notices")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="printed_notices")  # in whose name
    title = models.CharField(max_length=TITLE_MAX)
    text = models.TextField(max_length=BODY_MAX)
    language = models.CharField(max_length=8, default="zh-hans")
    seal = models.CharField(max_length=64, blank=True)  # root of the last seal when it was made
    made_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_why = models.CharField(max_length=WHY_MAX, blank=True)
    form_key = models.UUIDField(unique=True)
    personal: dict[str, str] = {}
    sealed = (
        "street_id", "year", "number", "place_id", "matter_id", "body_id", "title", "text", "made_at", "voided_at",
        "voided_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["street", "year", "number"], name="one_sheet_for_each_serial"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="sheet_says_something"),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_why="") | (Q(voided_at__isnull=False) & ~Q(voided_why="")),
                name="sheet_is_voided_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["place", "-made_at", "-id"], name="sheets_of_a_place")]

    @property
    def serial(self) -> str:
        return f"{self.year}-{self.number:04d}"


class Posting(models.Model):
    """One place where a sheet hangs, since when, with the photo that shows it (张贴凭证)."""

    notice = models.ForeignKey(PrintedNotice, on_delete=models.PROTECT, related_name="postings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="postings")
    posted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    posted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField(unique=True)
    personal = {"posted_by": "to ask who put it up"}
    sealed = ("notice_id", "place_id", "posted_at", "removed_at", "photo_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "place"], condition=Q(removed_at=None), name="a_sheet_hangs_once_in_a_place"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(removed_at__gte=models.F("posted_at")),
                name="a_sheet_comes_down_after_it_went_up",
            ),
        ]
