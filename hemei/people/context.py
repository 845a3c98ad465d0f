"""What every page says of the people in it: whether some are invented, and anybody can sign in as one of them.

Kept in the process for a minute, so that pages ask no question for it.
"""

import time
from typing import Any

from django.http import HttpRequest

from hemei.people.models import Person

KEPT_SECONDS = 60
_kept: tuple[float, bool] | None = None


def invented(_request: HttpRequest) -> dict[str, Any]:
    """`invented`: whether demo accounts are here, whatever the setting says now; asked by pages that show it."""
    return {"invented": _invented}


def _invented() -> bool:
    global _kept  # noqa: PLW0603 - one answer for the whole process
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        _kept = (time.monotonic(), Person.objects.filter(is_demo=True).exists())
    return _kept[1]


def forget() -> None:
    """Ask again for the next page."""
    global _kept  # noqa: PLW0603
    _kept = None
