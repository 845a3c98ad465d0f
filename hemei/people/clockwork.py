"""The room's part of the clock's round: sittings nobody ended are ended when they have run out."""

from datetime import datetime

from hemei.people.actions.assistance import end_forgotten_sittings
from hemei.people.actor import machine
from hemei.people.models import Assistance
from hemei.people.policy import SITTING


def round(at: datetime) -> None:
    if Assistance.objects.filter(ended_at=None, began_at__lte=at - SITTING).exists():
        end_forgotten_sittings(actor=machine("clock"), at=at)
