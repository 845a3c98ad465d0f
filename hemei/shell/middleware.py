"""What every answer carries: the content policy, the reader's language and size, and a page for every refusal."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from hemei.base.errors import NotAllowed, Refused, TooMany

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
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
        return response

    return middleware


def refusals(answer: Answer) -> Answer:
    """A page for what no view caught: 403 for who may not, 422 for what cannot stand, 429 for too much."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def process_exception(request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, NotAllowed):
            return render(request, "shell/told.html", {"told": str(fault), "kind": "not_allowed"}, status=403)
        if isinstance(fault, TooMany):
            response = render(request, "shell/told.html", {"told": str(fault), "kind": "too_many"}, status=429)
            response.headers["Retry-After"] = str(fault.after_seconds)
            return response
        if isinstance(fault, Refused):
            return render(request, "shell/told.html", {"told": str(fault), "kind": "refused"}, status=422)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
