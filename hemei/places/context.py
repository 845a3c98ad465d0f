"""What the head and foot of every page say of the street: its name, and the number people may call.

Kept in the process for a minute, so that pages ask no question for it.
"""

import time
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from hemei.places.models import Kind, Place

KEPT_SECONDS = 60
_kept: tuple[float, dict[str, str]] | None = None


def street(_request: HttpRequest) -> dict[str, Any]:
    """street_name: the one street's name in the reader's language; nothing when there is none, or several."""
    kept = _street()
    name = (kept.get("name_en") if get_language() == "en" else "") or kept.get("name", "")
    return {"street_name": name, "help_phone": kept.get("phone", "")}


def _street() -> dict[str, str]:
    global _kept  # noqa: PLW0603 - one answer for the whole process
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        _kept = (time.monotonic(), _asked())
    return _kept[1]


def _asked() -> dict[str, str]:
    """The street and the phone of its office, or of another body there, in one query."""
    rows = Place.objects.filter(kind=Kind.STREET).order_by("pk", "bodies__pk")
    found = list(rows.values_list("pk", "name", "name_en", "bodies__kind", "bodies__phone")[:200])
    if len({row[0] for row in found}) != 1:
        return {}
    phones = sorted((row[3] != "street_office", place, row[4]) for place, row in enumerate(found) if row[4])
    return {"name": found[0][1], "name_en": found[0][2], "phone": phones[0][2] if phones else ""}


def forget() -> None:
    """Ask again for the next page: a street was added or has a new name."""
    global _kept  # noqa: PLW0603
    _kept = None
