"""What every answer carries: the content policy, the reader's language and size, and a page for every refusal."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.shell.context import came_from

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
KEY_MAX = 2**63 - 1  # the largest key that a database keeps
KNOWN_LANGUAGES = {code for code, _ in settings.LANGUAGES}


def content_policy(answer: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(self)")
        return response

    return middleware


def look(answer: Answer) -> Answer:
    """Language and elder mode as the reader chose them; Chinese until somebody chooses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in KNOWN_LANGUAGES else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        request.elder = request.COOKIES.get("elder") == "1"  # type: ignore[attr-defined]
        with translation.override(language):
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def refusals(answer: Answer) -> Answer:
    """A page for what no view caught: 403 for who may not, 422 for what cannot stand, 429 for too much."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def process_exception(request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, NotAllowed):
            return _told(request, fault, "not_allowed", 403)
        if isinstance(fault, TooMany):
            response = _told(request, fault, "too_many", 429)
            response.headers["Retry-After"] = str(fault.after_seconds)
            return response
        if isinstance(fault, Refused):
            return _told(request, fault, "refused", 422)
        return None

    def process_view(request: HttpRequest, view: Any, args: Any, words: dict[str, Any]) -> None:
        if any(isinstance(word, int) and word > KEY_MAX for word in words.values()):
            raise Http404  # no row has such a key, and no database can be asked for it

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _told(request: HttpRequest, fault: Exception, kind: str, status: int) -> HttpResponse:
    words = {"told": str(fault), "kind": kind, "back": came_from(request)}
    response = render(request, "shell/told.html", words, status=status)
    if "HX-Request" in request.headers:  # a part of the page was asked for; this is a whole one
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reselect"] = ".skip, .top, #main, .foot"
        response.headers["HX-Reswap"] = "innerHTML show:top"
    return response
