"""Who owns which share of which home, dated; lists, corrections with two keys, frozen copies, letters, matches."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.people.models import Body, Person
from hemei.places.models import Place

AREA_DIGITS, AREA_PLACES = 12, 4  # square metres, exact; SQLite keeps up to 15 digits of a number


class Roll(models.Model):
    """The roll of owners of one estate (业主清册): subject of its own chain in the ledger.

    version: grows with every list that is written and every correction that holds.
    """

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="roll")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="rolls")
    begun_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal: dict[str, str] = {}
    sealed = ("place_id", "body_id", "begun_at")


class RollList(models.Model):
    """A list of owners somebody sent: what it holds, what is wrong with it, and once both keys turned, its rows.

    One entry of the ledger vouches for all rows that came with a list (`rows_digest`); a row that is corrected later
    leaves its list and is vouched for alone. source, as_of: which register, as of which day. stated_homes,
    stated_area: what the register itself gives as totals; the list must add up to them. report: what the dry run
    found. replaces: a new list of the whole estate ends what stood before it; else it only adds homes.
    """

    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="lists")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    called = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)  # sha256 of the file
    source = models.CharField(max_length=200)
    as_of = models.DateField()
    stated_homes = models.PositiveIntegerField(null=True, blank=True)
    stated_area = models.DecimalField(max_digits=AREA_DIGITS, decimal_places=AREA_PLACES, null=True, blank=True)
    report = models.JSONField(default=dict, blank=True)
    job = models.UUIDField(null=True, blank=True)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)  # first key: whoever sent it asks for it to be written
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)  # second key
    declined_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_why = models.CharField(max_length=400, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    asked = models.JSONField(default=dict, blank=True)  # how the ledger names who turned the second key
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {
        "sent_by": "to show who turned the first key",
        "confirmed_by": "to show who turned the second key",
        "declined_by": "to show who declined it",
        "called": "file names may hold names",
        "asked": "to say in the ledger who asked for the writing",
        "report": "rows that cannot be taken may hold names",
    }
    of_others = ("report",)
    sealed = (
        "roll_id", "digest", "source", "as_of", "sent_by_id", "confirmed_by_id", "confirmed_at", "rows_digest",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(written_at=None) | Q(confirmed_at__isnull=False), name="no_roll_is_written_unconfirmed"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(sent_by=None) | ~Q(confirmed_by=F("sent_by")),
                name="two_keys_for_a_roll_list",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | ~Q(declined_why=""), name="a_declined_roll_list_says_why"
            ),
        ]
        indexes = [models.Index(fields=["roll", "-sent_at", "-id"], name="lists_of_a_roll")]

    @staticmethod
    def sealed_rows() -> "QuerySet[RollList]":
        return RollList.objects.exclude(written_at=None)

    @property
    def rows_digest(self) -> str:
        """Digest of the rows that came with this list and still belong to it, computed from them."""
        digest, count = hashlib.sha256(), 0
        for model in (Owner, Unit, Holding):
            rows = model.objects.filter(came_with=self.pk).order_by("pk").values_list("pk", *model.sealed)
            for row in rows.iterator(2000):
                digest.update("\x1f".join("" if value is None else str(value) for value in row).encode() + b"\x1e")
                count += 1
        return f"{count}:{digest.hexdigest()}"


class _Vouched(models.Model):
    """A row of the roll: vouched for by the list it came with, or alone once it was corrected."""

    came_with = models.ForeignKey(RollList, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Owner(_Vouched):
    """Somebody with title: a person, a company, a public body, the developer. Not an account (see `Match`).

    code: the register's own number where the list gives one, else made from the home; unique in the roll, so that two
    owners of one name are two, and one owner of several homes is one.
    """

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("an owner", "Person")
        COMPANY = "company", pgettext_lazy("an owner", "Company")
        PUBLIC = "public", pgettext_lazy("an owner", "Public body")  # unsold public flats 公房产权单位
        DEVELOPER = "developer", pgettext_lazy("an owner", "Developer")
        ESTATE = "estate", pgettext_lazy("an owner", "Heirs, not settled")  # 继承未办理

    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="owners")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.PERSON)
    personal = {"name": "to know who may consent for a home", "code": "the register's number for an owner"}
    sealed = ("roll_id", "code", "name", "kind")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll", "code"], name="one_owner_per_code"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(code=""), name="owner_has_name_and_code"),
        ]

    @staticmethod
    def theirs(person: Person) -> Q:
        """The owners this person is matched with."""
        return Q(matches__person=person, matches__ended_at=None)

    @staticmethod
    def sealed_rows() -> "QuerySet[Owner]":
        return Owner.objects.filter(came_with=None)


class Unit(_Vouched):
    """One exclusive part on the roll: a home, a shop, a garage. key: codes of its places under the estate, "03/1/0101".

    votable: false where the estate's rules leave it out of every count (garages in Ningbo), with the source in the
    correction or list that says so. until: the last day it was on the roll.
    """

    class Kind(models.TextChoices):
        HOME = "home", pgettext_lazy("on the roll", "Home")
        SHOP = "shop", pgettext_lazy("on the roll", "Shop")
        OFFICE = "office", pgettext_lazy("on the roll", "Office")
        GARAGE = "garage", pgettext_lazy("on the roll", "Garage")
        PARKING = "parking", pgettext_lazy("on the roll", "Parking space")
        OTHER = "other", pgettext_lazy("on the roll", "Other")

    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="units")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="roll_units")
    key = models.CharField(max_length=160)
    number = models.PositiveIntegerField()  # as counted on site
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.HOME)
    area_m2 = models.DecimalField(max_digits=AREA_DIGITS, decimal_places=AREA_PLACES)
    votable = models.BooleanField(default=True)
    until = models.DateField(null=True, blank=True)
    personal: dict[str, str] = {}
    sealed = ("roll_id", "place_id", "key", "kind", "area_m2", "votable", "until")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll", "place"], name="a_home_stands_on_the_roll_once"),
            models.UniqueConstraint(fields=["roll", "key"], name="one_unit_per_key"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="a_unit_has_an_area"),
        ]
        indexes = [models.Index(fields=["roll", "number", "id"], name="units_in_order")]

    @staticmethod
    def sealed_rows() -> "QuerySet[Unit]":
        return Unit.objects.filter(came_with=None)


class Holding(_Vouched):
    """One owner's share of one unit, from a day to a day. share_num / share_den: the fraction of the unit.

    rep: speaks for the co-owners where they named one. joint: undivided (共同共有), shares then only divide evenly.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holdings")
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="holdings")
    share_num = models.PositiveIntegerField(default=1)
    share_den = models.PositiveIntegerField(default=1)
    joint = models.BooleanField(default=False)
    rep = models.BooleanField(default=False)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # the last day
    personal = {"owner": "to know who may consent for a home"}
    sealed = ("unit_id", "owner_id", "share_num", "share_den", "joint", "rep", "since", "until")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "owner"], condition=Q(until=None), name="an_owner_holds_a_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(share_num__gt=0, share_den__gte=F("share_num")), name="a_share_is_a_part_of_the_whole"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="a_holding_ends_after_it_begins",
            ),
        ]

    @staticmethod
    def theirs(person: Person) -> Q:
        """What the owners this person is matched with hold and held."""
        return Q(owner__matches__person=person, owner__matches__ended_at=None)

    @staticmethod
    def sealed_rows() -> "QuerySet[Holding]":
        return Holding.objects.filter(came_with=None)


class Correction(models.Model):
    """A change of the roll with its reason and source: one proposes, another confirms (两人核对).

    on: from which day it holds (a sale: the day of registration). before, after: as `{"area_m2": "61.20"}`,
    `{"owners": [{"code", "name", "kind", "share", "joint", "rep"}]}`, `{"votable": false}`.
    """

    class What(models.TextChoices):
        AREA = "area", pgettext_lazy("a correction", "Area")
        OWNERS = "owners", pgettext_lazy("a correction", "Owners and shares")  # sale, inheritance, a slip of the pen
        VOTABLE = "votable", pgettext_lazy("a correction", "Whether it counts")
        KIND = "kind", pgettext_lazy("a correction", "What it is")
        GONE = "gone", pgettext_lazy("a correction", "No longer there")

    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="corrections")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="corrections")
    what = models.CharField(max_length=7, choices=What)
    sold = models.BooleanField(default=False)  # owners changed by a transfer of title, not by a slip of the pen
    on = models.DateField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=400)
    source = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_why = models.CharField(max_length=400, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {
        "before": "who owned before",
        "after": "who owns now",
        "reason": "why the roll was changed",
        "proposed_by": "to show who turned the first key",
        "confirmed_by": "to show who turned the second key",
        "declined_by": "to show who declined it",
    }
    of_others = ("before", "after", "reason")
    sealed = (
        "roll_id", "unit_id", "what", "sold", "on", "before", "after", "reason", "source", "proposed_by_id",
        "proposed_at", "confirmed_by_id", "confirmed_at", "declined_by_id", "declined_at", "declined_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="two_keys_for_a_correction"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(declined_at=None), name="a_correction_is_decided_once"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | ~Q(declined_why=""), name="a_declined_correction_says_why"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(source=""), name="a_correction_has_reason_and_source"),
        ]
        indexes = [models.Index(fields=["roll", "-proposed_at", "-id"], name="corrections_of_a_roll")]


class FrozenRoll(models.Model):
    """The roll as it stood at a moment, for one place: what a decision counts by. hash: sha256 of `content`.

    content: canonical JSON, schema "roll/1", of codes, names, areas and shares alone: no keys of this database and no
    time, so that the same roll gives the same hash wherever and however it was brought in.
    """

    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="frozen")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    made_at = models.DateTimeField()
    units = models.PositiveIntegerField()
    content = models.TextField()
    hash = models.CharField(max_length=64)
    personal = {"content": "who could consent, as the decision was counted"}
    of_others = ("content",)
    sealed = ("roll_id", "place_id", "as_of", "made_at", "units", "hash")

    @staticmethod
    def theirs(person: Person) -> Q:
        """The copies of a roll on which this person is an owner."""
        return Q(roll__owners__matches__person=person, roll__owners__matches__ended_at=None)

    def recomputed(self) -> dict[str, Any]:
        """The hash as the content gives it, for the ledger's check."""
        return {"hash": hashlib.sha256(self.content.encode()).hexdigest()}


class OwnerLetter(models.Model):
    """A letter to an owner with a code that matches the owner of the roll to whoever types it (people.Code "owner").

    ended_at: from then on its code counts no more: it was used, called off, or a newer letter took its place.
    """

    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="letters")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    delivered_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField()
    personal = {"owner": "to whom the letter goes", "made_by": "to ask who printed it"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form_key", "owner", "unit"], name="one_letter_per_form")]


class Match(models.Model):
    """This account is that owner of the roll: by the code of a delivered letter, or by a clerk who saw the papers.

    ground: what the clerk saw, never a number of a document. While `ended_at` is None it holds. paper_due: nobody but
    the person could be told of it, so a sheet goes to the homes of the owner: whoever it was not can say so.
    """

    class Ended(models.TextChoices):
        """Reasons that nobody wrote; what a clerk writes is no key of these."""

        OWN = "own", pgettext_lazy("a match ended", "Ended by the person")
        CLOSED = "closed", pgettext_lazy("a match ended", "The account was closed")
        TAKEN_OVER = "taken over", pgettext_lazy("a match ended", "The account had it already")

    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="matches")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="matches")
    how = models.CharField(max_length=6, choices=[("letter", _("By letter")), ("clerk", _("By a clerk"))])
    ground = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    paper_due = models.BooleanField(default=False)
    paper_printed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {
        "owner": "to know for which homes a person may consent",
        "person": "to know for which homes a person may consent",
        "ground": "to show on what ground it was confirmed",
        "ended_why": "to tell the person why it does not hold",
    }
    whose = ("person",)
    sealed = ("owner_id", "person_id", "how", "ground", "made_at", "ended_at", "ended_why")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "person"], condition=Q(ended_at=None), name="a_person_is_an_owner_once"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(ended_why=""), name="a_match_ends_with_a_reason"),
        ]

    @property
    def told_why(self) -> str:
        """Why it ended, for a reader."""
        known = {reason.value: reason.label for reason in self.Ended}
        return str(known.get(self.ended_why, self.ended_why))

    @staticmethod
    def let_go(*, person: Person, actor: Any, at: datetime) -> None:
        """A closed account is no owner any more; that it was one stays, for the votes that were given with it."""
        from hemei.roll import taking_over

        taking_over.let_go(person=person, actor=actor, at=at)

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """What was matched to a record becomes the account's, within the action that merges them."""
        from hemei.roll import taking_over

        taking_over.matches(record=guest, account=account, actor=actor, at=at)
