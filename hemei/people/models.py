"""Persons and what they may act as: sign-in, bodies, seats, ties. Rights come from seats and ties alone."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hemei.base.models import Upload
from hemei.places.models import Place


class Person(models.Model):
    """Somebody. A guest has no phone number yet; an assisted person may never have one."""

    name = models.CharField(max_length=60, blank=True)  # behind the scenes: on slips and letters
    nickname = models.CharField(max_length=40, blank=True)  # what neighbours read; empty: "a resident"
    phone = models.CharField(max_length=20, null=True, blank=True, unique=True)
    is_guest = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    password = models.CharField(max_length=256, blank=True)  # Argon2; staff only
    language = models.CharField(max_length=8, blank=True)
    stamp = models.UUIDField(default=uuid4)  # changing it ends every session of this person
    begun_with = models.CharField(max_length=64, null=True, blank=True, unique=True)  # digest of a guest's first form
    created_at = models.DateTimeField()
    last_seen_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    closed_at = models.DateTimeField(null=True, blank=True)
    personal = {
        "name": "to write on letters, slips and rolls",
        "nickname": "to show beside the person's own words",
        "phone": "to sign in and to be told",
        "password": "to sign in",
        "language": "to be told in one's own language",
        "last_seen_on": "to say what is new since the last visit",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_guest=False) | Q(phone=None), name="guest_has_no_phone"),
        ]

    def __str__(self) -> str:
        return self.nickname or self.name or f"#{self.pk}"


class Body(models.Model):
    """A committee, an alliance, a firm, a station, an office: what a person may speak for."""

    class Kind(models.TextChoices):
        OPERATOR = "operator", _("Operator of this installation")  # 运行管理
        STREET_OFFICE = "street_office", _("Street office")  # 街道办事处
        STATION = "station", _("Member workstation")  # 政协委员工作站
        COMMITTEE = "committee", _("Residents' committee")  # 居委会
        BRANCH = "branch", _("Party branch of the residential area")  # 居民区党总支
        OWNERS = "owners", _("Owners' committee")  # 业委会
        ALLIANCE = "alliance", _("Owners' committee alliance")  # 业委会联盟
        PROPERTY = "property", _("Property firm")  # 物业服务企业
        BUILDER = "builder", _("Builder")  # 施工单位
        TEAM = "team", _("Stairwell team")  # 加梯自治小组
        CITY = "city", _("City operations centre")  # 城运中心
        OTHER = "other", _("Another body")

    kind = models.CharField(max_length=14, choices=Kind)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="bodies")
    phone = models.CharField(max_length=40, blank=True)  # the number people may call, shown in elder mode
    office_hours = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal: dict[str, str] = {}
    sealed = ("kind", "name", "place_id", "since", "until")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="body_has_a_name"),
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(kind="operator"), name="only_the_operator_stands_nowhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_directory(self) -> bool:
        """Whether everybody finds its page; the operator is nobody's neighbour."""
        return self.kind != self.Kind.OPERATOR


class Seat(models.Model):
    """A person's office in a body, from a day to a day; a handover ends one and begins another, history stays."""

    class Office(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        HEAD = "head", _("Head")
        CLERK = "clerk", _("Clerk")
        MODERATOR = "moderator", _("Moderator")
        MEMBER = "member", _("Member")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    office = models.CharField(max_length=14, choices=Office)
    level = models.CharField(
        max_length=12, blank=True, choices=[("municipal", _("Municipal")), ("district", _("District"))]
    )
    field = models.CharField(max_length=40, blank=True)  # what a member knows: education, law, …
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day of the term
    ended_at = models.DateTimeField(null=True, blank=True)  # ended by an act: from that moment, not at the day's end
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {"person": "to know who speaks for the body", "field": "to ask the member who knows"}
    sealed = ("body_id", "person_id", "office", "since", "until", "ended_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="seat_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["body", "person", "office"], condition=Q(until=None), name="one_open_seat_per_office"
            ),
        ]


class Tie(models.Model):
    """What binds a person to a place: lives, rents, owns or works there; declared by the person, or confirmed."""

    class Role(models.TextChoices):
        LIVE = "live", _("Lives here")
        RENT = "rent", _("Rents here")
        OWN = "own", _("Owns here")
        WORK = "work", _("Works here")

    class Grade(models.TextChoices):
        DECLARED = "declared", _("Declared")
        CONFIRMED = "confirmed", _("Confirmed")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ties")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="ties")
    role = models.CharField(max_length=4, choices=Role)
    grade = models.CharField(max_length=9, choices=Grade, default=Grade.DECLARED)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day
    ended_at = models.DateTimeField(null=True, blank=True)  # ended by an act: from that moment, not at the day's end
    ended_why = models.CharField(max_length=200, blank=True)  # a clerk's reason; empty when the person ended it
    letter_asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_how = models.CharField(
        max_length=6, blank=True, choices=[("letter", _("By letter")), ("clerk", _("By a clerk"))]
    )
    ground = models.CharField(max_length=200, blank=True)  # how a clerk checked it: "lease seen at the counter"
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    personal = {
        "person": "to know where a person may take part",
        "place": "where a person lives, owns or works",
        "ended_why": "to tell the person why the tie does not hold",
        "ground": "to show the person on what ground it was confirmed",
    }
    sealed = ("person_id", "place_id", "role", "grade", "since", "until", "ended_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "place", "role"], condition=Q(until=None), name="one_open_tie_per_role"
            ),
            models.CheckConstraint(
                condition=Q(grade="declared", confirmed_at=None) | Q(grade="confirmed", confirmed_at__isnull=False),
                name="confirmed_tie_says_when",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="tie_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["place", "role"], name="ties_by_place")]

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """The ties of a record become the account's, within the action that merges them."""
        from hemei.people import taking_over

        taking_over.ties(record=guest, account=account, actor=actor, at=at)


class Code(models.Model):
    """A short secret delivered to somebody: by phone, on a paper slip, in a letter. One validity check for all."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Sign-in code by phone")
        SLIP = "slip", _("Sign-in code on a paper slip")
        LETTER = "letter", _("Code in a letter that confirms a tie")
        CLAIM = "claim", _("Code to take over one's own record")
        FIRST = "first", _("First sign-in of an administrator")
        OWNER = "owner", _("Code in a letter that matches an owner of the roll")

    kind = models.CharField(max_length=6, choices=Kind)
    digest = models.CharField(max_length=64, db_index=True)  # keyed digest of kind, address and code
    address = models.CharField(max_length=40, blank=True)  # the phone number, or the owner of the roll, it was sent to
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="codes")
    tie = models.ForeignKey(Tie, on_delete=models.PROTECT, null=True, blank=True, related_name="codes")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    personal = {"address": "where the code was sent", "person": "whose code it is"}
    whose = ("person",)


class Passkey(models.Model):
    """A WebAuthn credential of a person (passkey 通行密钥)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="passkeys")
    credential = models.BinaryField(unique=True, max_length=1024)
    key = models.BinaryField()  # attested credential data, as CTAP2 encodes it
    uses = models.PositiveBigIntegerField(default=0)
    called = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    personal = {"person": "to sign in", "called": "to tell one's devices apart"}


class OneTimeSecret(models.Model):
    """The secret of an authenticator app (TOTP, RFC 6238); a code counts once."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="one_time_secret")
    secret = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_counter = models.PositiveBigIntegerField(default=0)
    personal = {"person": "to sign in", "secret": "to check the second factor"}


class Assistance(models.Model):
    """One sitting in which somebody acts for another person, how, and with what evidence. Each act names it."""

    class Way(models.TextChoices):
        COUNTER = "counter", _("At the counter")
        PHONE = "phone", _("By phone")
        PAPER = "paper", _("From paper")
        DOOR = "door", _("At the door")

    helper = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="given")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="received")
    way = models.CharField(max_length=7, choices=Way)
    evidence = models.CharField(max_length=400)  # "signed slip no. 12", "called back at 15:10"
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)
    contest = models.CharField(max_length=400, blank=True)  # the person's words: what was not as they wanted it
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=400, blank=True)  # of somebody else than the helper
    form_key = models.UUIDField(unique=True)
    personal = {
        "helper": "to show who helped",
        "principal": "to show whom",
        "evidence": "to show on what ground",
        "contest": "to put right what was entered for the person",
        "answer": "to answer the person",
    }
    whose = ("principal",)
    sealed = (
        "helper_id", "principal_id", "way", "evidence", "photo_id", "began_at", "contested_at", "contest",
        "answered_at", "answer",
    )  # fmt: skip

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
        """The sittings in which a record was acted for become the account's to read and to contest."""
        from hemei.people import taking_over

        taking_over.sittings(record=guest, account=account, actor=actor, at=at)
