"""How the reader wants the pages: language and size, kept in two cookies. Nothing is written anywhere else."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemei.base import clock
from hemei.shell import examples
from hemei.shell.middleware import KNOWN_LANGUAGES

YEAR_SECONDS = 60 * 60 * 24 * 365
ADDRESS_MAX = 2000  # characters; browsers and proxies take no more


@csrf_exempt
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Change language or size, and back to the page one came from.

    Without a form token, so that a page can be read without any cookie: all that another site could do with this
    form is to show somebody larger letters.
    """
    response = redirect(safe_next(request))
    language, elder = request.POST.get("language"), request.POST.get("elder")
    if language in KNOWN_LANGUAGES:
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if elder in ("0", "1"):
        _keep(response, "elder", elder)
    return response


@require_safe
def elder(request: HttpRequest) -> HttpResponse:
    """The address printed on slips: from here on everything is large."""
    response = redirect("/")
    _keep(response, "elder", "1")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, in every state. What is sent here is looked at and kept nowhere."""
    at = clock.now()
    if "print" in request.GET:
        return render(request, "shell/styleguide_print.html", {"at": at, "line": examples.sealed(at)})
    if request.method == "POST":
        form = examples.Example(request.POST, request.FILES)
        if "answer" in request.POST or form.is_valid():
            return redirect("shell:styleguide")
    else:
        form = examples.Example(examples.WRONG if "wrong" in request.GET else None)
    words = {**examples.everything(at=at), "form": form, "form_key": uuid4()}
    return render(request, "shell/styleguide.html", words, status=422 if request.method == "POST" else 200)


def safe_next(request: HttpRequest) -> str:
    """The page to go back to, if it is one of ours."""
    given = request.POST.get("next", "")[:ADDRESS_MAX]
    ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/")
    return given if ours else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
