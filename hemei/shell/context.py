"""What every page's template may use."""

from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

# what the frame of every page links to: rooms below, so by name alone
LINKS = {
    "look": "shell:look",
    "street": "places:street",
    "consultations": "consultations:consultations",
    "promises": "promises:promises",
    "me": "people:me",
    "sign_in": "people:sign_in",
    "inbox": "notices:inbox",
    "search": "web:search",
    "seals": "web:seals",
    "about": "web:about",
    "sums": "handbook:handbook",
}
# how a page's address begins, and the way in it belongs to
SECTIONS = {
    "": "street",
    "places": "street",
    "matters": "street",
    "consultations": "consultations",
    "promises": "promises",
    "people/bodies": "street",
    "people": "me",
    "notices": "me",
}


def page(request: HttpRequest) -> dict[str, Any]:
    """`menu` and `here` are worked out by the pages that show them."""
    return {
        "actor": request.actor,  # type: ignore[attr-defined]
        "elder": getattr(request, "elder", False),
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "demo": settings.DEMO,
        "address": addresses(),
        "menu": partial(menu_of, request),
        "here": partial(here_of, request),
    }


@cache
def addresses() -> dict[str, str]:
    """Where the frame's links lead; the same for everybody and in every language."""
    return {key: _address(name) for key, name in LINKS.items()}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a house without that room
        return "/"


def menu_of(request: HttpRequest) -> list[dict[str, str]]:
    """The four ways in. A visitor has no page of their own yet, and signs in instead."""
    visitor = request.actor.is_visitor  # type: ignore[attr-defined]
    items = (
        ("street", "street", pgettext("menu", "Street")),
        ("consultations", "consultations", pgettext("menu", "Consultations")),
        ("promises", "promises", pgettext("menu", "Promises")),
        ("me", "sign_in", pgettext("menu", "Sign in")) if visitor else ("me", "me", pgettext("menu", "Mine")),
    )
    section, links = section_of(request.path), addresses()
    return [
        {"name": name, "url": links[link], "current": _current(links[link] == request.path, key == section)}
        for key, link, name in items
    ]


def section_of(path: str) -> str | None:
    first, _, rest = path[1:].partition("/")
    return SECTIONS.get(f"{first}/{rest.partition('/')[0]}", SECTIONS.get(first))


def _current(this_page: bool, this_section: bool) -> str:
    return "page" if this_page else "true" if this_section else ""


def here_of(request: HttpRequest) -> str:
    """Where to come back to: this page, or after something was sent the page it was sent from."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else came_from(request)


def came_from(request: HttpRequest) -> str:
    """The page of ours the reader was on before, or the first page."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return "/"
    if came.netloc != request.get_host() or not came.path.startswith("/"):
        return "/"
    return came.path + (f"?{came.query}" if came.query else "")
