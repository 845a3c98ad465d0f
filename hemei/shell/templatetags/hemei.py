"""Tags and filters of every template."""

from typing import Any

from django import template
from django.forms import BoundField

from hemei.shell import words

register = template.Library()
for filter_ in (words.moment, words.day, words.lately, words.left, words.in_english, words.area, words.named):
    register.filter(filter_.__name__, filter_)

GROUPS = {"radioselect", "checkboxselectmultiple"}


@register.filter
def shape(field: BoundField) -> str:
    """How a form's field is laid out: group, tick, file or line."""
    kind = field.widget_type
    if kind in GROUPS:
        return "group"
    if kind == "checkbox":
        return "tick"
    return "file" if "file" in kind else "line"


@register.filter
def part_of(part: Any, whole: Any) -> str:
    """How far a bar of 1000 reaches for `part` in `whole`, cut and never past its end."""
    if not whole or part is None:
        return "0"
    return str(max(0, min(1000, int(part * 1000 // whole))))
