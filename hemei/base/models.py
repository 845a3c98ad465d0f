"""What every room uses and no room owns: limits, jobs and uploads."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Bucket(models.Model):
    """A token bucket: so much of one thing in so much time, counted in the database (see `limits`)."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.FloatField()  # seconds since 1970, so that both databases reckon with it alike
    personal: dict[str, str] = {}


class Job(models.Model):
    """Long work that somebody waits for: how far it is, what came out, and whether it was asked to stop."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=60)  # the dotted name of the function, as "consultations.import_polis"
    asked_by = models.BigIntegerField(null=True, blank=True)  # a person's key; None for the clock's own work
    words = models.JSONField(default=dict)  # what the function is called with
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)  # the step at hand, in the asker's language
    outcome = models.JSONField(default=dict, blank=True)
    told = models.TextField(blank=True)  # why it failed or was stopped, for a reader
    stop_asked = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="zh-hans")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True)
    personal = {"asked_by": "to show the asker how far the work is"}

    class Meta:
        indexes = [models.Index(fields=["kind", "state"], name="jobs_by_kind_and_state")]
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "form_key"], name="one_job_per_form"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(state__in=["done", "stopped", "failed"]),
                name="only_an_ended_job_has_an_end",
            ),
        ]


class Upload(models.Model):
    """A file somebody sent, checked, re-encoded and stored under a random name.

    Who may fetch it is decided by the room whose row points here; nothing is served by its address alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=80)  # media type after checking, as "image/jpeg"
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    called = models.CharField(max_length=200, blank=True)  # the name it came with, cleaned, only for showing
    sent_by = models.BigIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField()
    personal = {"sent_by": "to show the sender their own files", "called": "file names may hold names"}
