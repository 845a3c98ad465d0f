"""What an address asks for: a whole number, a page of a list. Anything else that stands there is taken for nothing."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def number_in(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address, no longer than a key can be; None for anything else."""
    given = request.GET.get(name, "")[:18]
    return int(given) if given.isascii() and given.isdigit() else None


def page_in(request: HttpRequest, rows: Any, per_page: int, count: int | None = None) -> Page:
    """The page of `rows` that ?page= names; the first or the last one for what lies beyond.

    count: of `rows`, where it is known already.
    """
    pages = Paginator(rows, per_page)
    if count is not None:
        pages.count = count  # type: ignore[misc]
    return pages.get_page(request.GET.get("page", "")[:9])
