"""Words for stages of a drive, where a ledger line or a notice keeps their keys."""

from collections.abc import Iterable

from django import template
from django.utils.translation import pgettext

from hemei.decisions.models.drive import Stage

register = template.Library()


@register.filter
def stage_word(key: str) -> str:
    """方案 for "scheme"; a key that is none stays as it is."""
    return str(Stage(key).label) if key in Stage.values else key


@register.filter
def stage_words(keys: Iterable[str]) -> str:
    return pgettext("list", ", ").join(stage_word(key) for key in keys)
