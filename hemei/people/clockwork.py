"""The room's part of the clock's round: sittings nobody ended are ended; what has run out is swept away."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from hemei.people.actions.assistance import end_forgotten_sittings
from hemei.people.actor import machine
from hemei.people.models import Assistance, Code
from hemei.people.policy import SITTING

PHONE_CODES_KEPT = timedelta(days=1)  # after they expired: to answer whoever asks why a code did not count


def round(at: datetime) -> None:
    if Assistance.objects.filter(ended_at=None, began_at__lte=at - SITTING).exists():
        end_forgotten_sittings(actor=machine("clock"), at=at)
    Session.objects.filter(expire_date__lt=timezone.now()).delete()  # by the machine's time, as sessions are read
    Code.objects.filter(kind=Code.Kind.PHONE, expires_at__lt=at - PHONE_CODES_KEPT).delete()
