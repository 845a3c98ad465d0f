"""Days as the ledger keeps them, in a text that has nothing else."""

from datetime import date

from django import template
from django.utils.dateparse import parse_date

register = template.Library()


@register.filter
def day_kept(kept: str) -> date | None:
    return parse_date(kept or "")
