"""What every page's template may use."""

from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

SECTIONS = {
    "": "street",
    "places": "street",
    "matters": "street",
    "consultations": "consultations",
    "promises": "promises",
    "people": "me",
    "notices": "me",
}


def page(request: HttpRequest) -> dict[str, Any]:
    """menu and here are called by the pages that show them."""
    return {
        "actor": request.actor,  # type: ignore[attr-defined]
        "elder": getattr(request, "elder", False),
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "demo": settings.DEMO,
        "menu": partial(menu_of, request),
        "here": partial(here_of, request),
        "look_url": address("shell:look"),
        "seals_url": address("web:seals"),
    }


@cache
def address(name: str) -> str:
    """The address of a page that may not stand in this house; the same in every language."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def menu_of(request: HttpRequest) -> list[dict[str, str]]:
    """The four ways in. A visitor has no page of their own yet, and signs in there."""
    visitor = request.actor.is_visitor  # type: ignore[attr-defined]
    items = [
        ("street", pgettext("menu", "Street"), address("places:street") or "/"),
        ("consultations", pgettext("menu", "Consultations"), address("consultations:consultations")),
        ("promises", pgettext("menu", "Promises"), address("promises:promises")),
        ("me", pgettext("menu", "Sign in"), address("people:sign_in"))
        if visitor
        else ("me", pgettext("menu", "Mine"), address("people:me")),
    ]
    section = SECTIONS.get(request.path.split("/", 2)[1])
    return [
        {"name": name, "url": url, "current": ("page" if url == request.path else "true") if key == section else ""}
        for key, name, url in items
        if url
    ]


def here_of(request: HttpRequest) -> str:
    """Where to come back to: this page, or after something was sent the page it was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host():
        return came.path + (f"?{came.query}" if came.query else "")
    return "/"
