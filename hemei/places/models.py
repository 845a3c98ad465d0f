"""The address tree: 街道 > 居民区 > 小区 > 楼 > 门洞 > 户, with what owners share and what people meet at."""

import hashlib

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload


class Kind(models.TextChoices):
    STREET = "street", _("Street")  # 街道
    AREA = "area", _("Residential area")  # 居民区
    ESTATE = "estate", _("Estate")  # 小区
    BUILDING = "building", _("Building")  # 楼
    STAIRWELL = "stairwell", _("Stairwell")  # 门洞
    HOME = "home", pgettext_lazy("place", "Home")  # 户
    SPACE = "space", _("Common space")  # 公共部位: a road, a garden, a gate
    LANDMARK = "landmark", _("Landmark")  # 地标: what people call the spot


# which kinds may stand directly under which; a small estate may skip the building or the stairwell
UNDER = {
    Kind.STREET: (None,),
    Kind.AREA: (Kind.STREET,),
    Kind.ESTATE: (Kind.AREA,),  # one that was merged away stands under what it became
    Kind.BUILDING: (Kind.ESTATE,),
    Kind.STAIRWELL: (Kind.BUILDING, Kind.ESTATE),
    Kind.HOME: (Kind.STAIRWELL, Kind.BUILDING, Kind.ESTATE),
    Kind.SPACE: (Kind.STREET, Kind.AREA, Kind.ESTATE, Kind.BUILDING, Kind.STAIRWELL),
    Kind.LANDMARK: (Kind.STREET, Kind.AREA, Kind.ESTATE, Kind.BUILDING, Kind.STAIRWELL),
}


class PlaceList(models.Model):
    """A list of places somebody sent: what it would change, and once written, the places that came with it.

    One entry of the ledger vouches for all places that came with a list (`rows_digest`). A place that is changed
    later leaves its list and is vouched for alone. report: what `lists.plan` found, for a reader. asked: how the
    ledger names who asked for the writing. job: the work under way, or the last one.
    """

    street = models.ForeignKey("Place", on_delete=models.PROTECT, related_name="lists")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    called = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)  # sha256 of the file
    report = models.JSONField(default=dict, blank=True)
    asked = models.JSONField(default=dict, blank=True)
    job = models.UUIDField(null=True, blank=True)
    sent_by = models.BigIntegerField(null=True, blank=True)  # a person's key
    sent_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {
        "sent_by": "to show the sender what became of the list",
        "called": "file names may hold names",
        "asked": "to say in the ledger who asked for the writing",
    }
    sealed = ("street_id", "digest", "rows_digest")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(written_at=None) | Q(confirmed_at__isnull=False), name="no_list_is_written_unconfirmed"
            ),
        ]
        indexes = [models.Index(fields=["street", "-sent_at", "-id"], name="lists_of_a_street")]

    @staticmethod
    def sealed_rows() -> "QuerySet[PlaceList]":
        return PlaceList.objects.exclude(written_at=None)

    @property
    def rows_digest(self) -> str:
        """Digest of the places that came with this list and still belong to it, computed from their rows."""
        digest, count = hashlib.sha256(), 0
        rows = Place.objects.filter(came_with=self.pk).order_by("pk").values_list("pk", *Place.sealed)
        for row in rows.iterator(2000):
            digest.update("\x1f".join("" if value is None else str(value) for value in row).encode() + b"\x1e")
            count += 1
        return f"{count}:{digest.hexdigest()}"


class Place(models.Model):
    """One node of the address tree.

    path: the keys from the street down to this place, as "/1/5/7/": ancestors are read off it, descendants begin
    with it. code: what clerks call it in their lists, unique under its parent, text because of leading zeros.
    since, until: the dates between which it stood; an estate that was merged away keeps its row and its date.
    came_with: the list that brought it and whose entry vouches for it, until it is changed for the first time.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40)
    address = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=160, db_index=True, blank=True)
    order = models.PositiveIntegerField(default=0)  # as counted on site: the 2nd floor comes before the 10th
    floor = models.SmallIntegerField(null=True, blank=True)  # homes only
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    came_with = models.ForeignKey(PlaceList, on_delete=models.PROTECT, null=True, blank=True, related_name="places")
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal: dict[str, str] = {}
    sealed = ("parent_id", "kind", "name", "code", "since", "until")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "kind", "code"], name="one_place_per_code_and_parent"),
            models.UniqueConstraint(fields=["code"], condition=Q(parent=None), name="one_street_per_code"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(code=""), name="place_has_name_and_code"),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(kind="street"), name="only_a_street_stands_alone"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="place_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["parent", "kind", "order", "id"], name="children_in_order")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def sealed_rows() -> "QuerySet[Place]":
        """Those vouched for alone; the others are in the digest of the list they came with."""
        return Place.objects.filter(came_with=None)

    @property
    def ancestor_keys(self) -> list[int]:
        """Keys from the street down to this place itself."""
        return [int(key) for key in self.path.strip("/").split("/") if key]

    @property
    def street_key(self) -> int:
        return self.ancestor_keys[0]


class Change(models.Model):
    """Estates that became one, or one that became several, on a day and with a source (合并、拆分)."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merged")
        SPLIT = "split", _("Split")

    kind = models.CharField(max_length=5, choices=Kind)
    on = models.DateField()
    before = models.ManyToManyField(Place, related_name="became")
    after = models.ManyToManyField(Place, related_name="came_from")
    reason = models.CharField(max_length=400)
    source = models.CharField(max_length=400, blank=True)
    form_key = models.UUIDField(unique=True)
    personal: dict[str, str] = {}
    sealed = ("kind", "on", "reason", "source")


class Move(models.Model):
    """Which place stood under which parent before a change: the old boundary stays visible."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="moves")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="moves")
    old_parent = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    new_parent = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    personal: dict[str, str] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "place"], name="one_move_per_change")]
