"""Words of this room for texts that know only what the ledger or a notice kept."""

from datetime import datetime

from django import template
from django.utils.dateparse import parse_datetime

from hemei.consultations import figures
from hemei.consultations.models import ModerationAct

register = template.Library()
GROUNDS = dict(ModerationAct.Ground.choices)


@register.filter
def ground(key: str) -> str:
    """The ground of a moderator's decision, in the reader's language."""
    return str(GROUNDS.get(key, ""))


@register.filter
def when(kept: str) -> datetime | None:
    """A moment as the ledger keeps it, to be shown."""
    return parse_datetime(kept or "")


@register.filter
def few(people: int | None) -> bool:
    """Whether so many people are too few to be counted in public; nobody at all can be told."""
    return figures.few(people or 0)
