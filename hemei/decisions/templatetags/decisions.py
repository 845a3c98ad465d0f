"""Words of this room for texts that know only what the ledger or a notice kept."""

from datetime import datetime

from django import template
from django.utils.dateparse import parse_datetime

register = template.Library()


@register.filter
def when(kept: str) -> datetime | None:
    """A moment as the ledger keeps it, to be shown."""
    return parse_datetime(kept or "")
