"""The spine: a matter (事), who may see it, and through the ledger everything that happened to it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hemei.people.models import Body, Person
from hemei.places.models import Place


class Matter(models.Model):
    """One thing from concern to kept promise. Its timeline is its chain in the ledger."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        AREA = "area", _("Those who live, own or work there")
        PARTIES = "parties", _("Only the parties")
        CONFIDENTIAL = "confidential", _("Only the author and those who handle it")

    street = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")  # the tenant
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="matters")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="matters")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="matters")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    source = models.CharField(max_length=400, blank=True)  # history told from elsewhere names where from
    personal = {"author": "to answer the person"}
    sealed = ("place_id", "title", "visibility", "opened_at", "closed_at")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="matter_has_a_title")]
        indexes = [
            models.Index(fields=["street", "visibility", "-opened_at"], name="matters_of_a_street"),
            models.Index(fields=["place", "-opened_at"], name="matters_of_a_place"),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: object, at: datetime) -> None:
        """What a guest opened is the account's from now on."""
        Matter.objects.filter(author=guest).update(author=account)


class Party(models.Model):
    """A body or person with a part in the matter: may see it when only parties may."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="parties")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField()
    personal = {"person": "to show the matter to its parties"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, person=None) | Q(body=None, person__isnull=False),
                name="party_is_a_body_or_a_person",
            ),
            models.UniqueConstraint(fields=["matter", "body"], name="a_body_is_party_once"),
            models.UniqueConstraint(fields=["matter", "person"], name="a_person_is_party_once"),
        ]

    @staticmethod
    def taken_over(*, guest: Person, account: Person, actor: object, at: datetime) -> None:
        """A guest's part is the account's, once."""
        Party.objects.filter(person=guest, matter__in=Party.objects.filter(person=account).values("matter")).delete()
        Party.objects.filter(person=guest).update(person=account)


class Handling(models.Model):
    """What those who look after a matter did with it (办理): keeps the form's key, so that a form sent twice acts once.

    words: what the form said. The reader's account of it is the entry in the ledger.
    """

    class Act(models.TextChoices):
        TELL = "tell", _("Told what happened")
        SHOW = "show", _("Changed who sees it")
        CLOSE = "close", _("Closed it")
        REOPEN = "reopen", _("Opened it again")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="handlings")
    act = models.CharField(max_length=6, choices=Act)
    words = models.JSONField(default=dict)
    at = models.DateTimeField()
    form_key = models.UUIDField()
    personal: dict[str, str] = {}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "form_key"], name="one_handling_per_form")]
