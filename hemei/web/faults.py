"""The pages for what went wrong: what happened, why, and what to do next. Absent and hidden things answer alike."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from hemei.people.actor import Actor

log = logging.getLogger("hemei.web")


def _told(request: HttpRequest, status: int, told: str, then: str) -> HttpResponse:
    if not hasattr(request, "actor"):  # refused before anybody asked who is there, as with a strange host name
        request.actor = Actor()  # type: ignore[attr-defined]
    return render(request, "web/fault.html", {"told": told, "next": then, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _told(
            request,
            413,
            _("This was too large to be taken in"),
            _("Go back: what you typed is still there. Send a shorter text, or send it as a file."),
        )
    return _told(
        request,
        400,
        _("This address could not be read"),
        _(
            "A part of it is missing or is not one that we know. "
            "Go back and choose again, or begin from the first page."
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(
        request,
        403,
        _("This is not yours to do"),
        _("Sign in with the account that may, or ask your residents' committee."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(
        request,
        404,
        _("Nothing stands here"),
        _("The address is wrong, the page has gone, or it is open only to those it concerns."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _told(
        request,
        403,
        _("The page was open for too long"),
        _(
            "Nothing was sent. Go back, copy what you typed, open the page again and send it from there. "
            "If this happens every time, allow cookies for this site."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """As nobody in particular, for the session may be what broke; and without the page around it, if that broke."""
    words: dict[str, Any] = {
        "told": _("Something went wrong on our side"),
        "next": _("It was written down. Nothing half-done was kept: go back and try once more in a minute."),
        "status": 500,
    }
    request.actor = Actor()  # type: ignore[attr-defined]
    try:
        return render(request, "web/fault.html", words, status=500)
    except Exception:
        log.exception("the page for a fault has a fault")
        words["language"] = translation.get_language()
        return HttpResponse(render_to_string("web/broken.html", words), status=500)
