"""What every page may show of the reader's inbox."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from hemei.notices.queries import unread_count


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread`: how many notices wait; counted when a page shows it, and once."""
    return {"unread": cache(lambda: unread_count(viewer=request.actor))}  # type: ignore[attr-defined]
