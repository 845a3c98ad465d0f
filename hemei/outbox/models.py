"""Rows to be sent after commit: one for each recipient, channel and text, with the state of its delivery."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One text on its way to one recipient by one channel."""

    class Channel(models.TextChoices):
        CONSOLE = "console", _("Console")  # printed where the server runs: stands in for a text message
        INAPP = "inapp", _("On the website")
        PRINT = "print", _("Printed list")
        SMS = "sms", _("Text message")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Not needed any more")

    recipient = models.BigIntegerField(null=True, blank=True, db_index=True)  # a person's key
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=120, blank=True)  # phone number, or where a printed slip goes
    kind = models.CharField(max_length=60)  # the notice's kind, as "people.code"
    key = models.CharField(max_length=120)  # the same key, recipient and channel are put once, whatever happens
    text = models.TextField()
    secret = models.BooleanField(default=False)  # holds a code: shown to nobody but its recipient, wiped once sent
    language = models.CharField(max_length=8, default="zh-hans")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    personal = {
        "recipient": "to deliver the message",
        "address": "to deliver the message",
        "text": "what the person was told",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient", "channel"], name="one_message_per_key_and_channel"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="messages_to_send")]

    @staticmethod
    def taken_over(*, guest: Any, account: Any, actor: Any, at: datetime) -> None:
        """What was put for one person goes to the other they became; what both were put goes once."""
        same = Message.objects.filter(recipient=account.pk, key=OuterRef("key"), channel=OuterRef("channel"))
        theirs = Message.objects.filter(recipient=guest.pk)
        theirs.filter(Exists(same), state=Message.State.WAITING).update(state=Message.State.CANCELLED)
        theirs.filter(~Exists(same)).update(recipient=account.pk)
