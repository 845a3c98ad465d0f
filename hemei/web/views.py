"""The top floor's pages: home, search, seals, long work, and what Hemei is. They own nothing."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock, jobs
from hemei.base.models import Job
from hemei.base.text import cleaned
from hemei.ledger import queries as ledger
from hemei.ledger.models import Seal
from hemei.notices.paper import qr
from hemei.promises.queries import cards
from hemei.shell.asking import page_in
from hemei.web import home as first_page
from hemei.web import searching

STREET_COOKIE, COOKIE_SECONDS = "street", 60 * 60 * 24 * 365


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The street's page; where several streets live here, the one chosen (?street=) is remembered by a cookie."""
    among = first_page.streets()
    if not among:
        return render(request, "web/empty.html")
    asked = request.GET.get("street")
    chosen = "" if asked == "other" else request.COOKIES.get(STREET_COOKIE)
    street = None
    if asked != "other":
        street = first_page.street_of(request.actor, among, asked, chosen)
    if street is None:
        return render(request, "web/streets.html", {"streets": among})
    page = first_page.home_of(viewer=request.actor, street=street, streets=len(among), at=clock.now())
    response = render(request, "web/home.html", {"page": page, "at": page.at})
    if asked == str(street.pk) != request.COOKIES.get(STREET_COOKIE):
        response.set_cookie(
            STREET_COOKIE,
            asked,
            max_age=COOKIE_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words, told = _words(request.GET.get("words", ""))
    key = request.GET.get("group", "")
    said: dict[str, Any] = {"words": words, "told": told, "at": clock.now(), "asked": "words" in request.GET}
    if words and key in searching.GROUPS:
        number = _page(request)
        group = searching.search_in(viewer=request.actor, words=words, key=key, page=number)
        pages = min(searching.PAGES_MAX, -(-group.total // searching.PER_PAGE))
        said |= {"groups": [group], "one": group, "number": number, "pages": pages}
        said |= {"before": number - 1 if number > 1 else None, "after": number + 1 if number < pages else None}
    elif words:
        said["groups"] = searching.search(viewer=request.actor, words=words)
    for group in said.get("groups", ()):
        if group.key == "promises":
            said["cards"] = cards(group.rows, said["at"])
    return render(request, "web/search.html", said, status=422 if told else 200)


def _words(given: str) -> tuple[str, str]:
    """What was typed, cleaned and cut to what can be searched; or why it cannot be."""
    try:
        return cleaned(given[: searching.WORDS_MAX * 4])[: searching.WORDS_MAX].strip(), ""
    except ValidationError as fault:
        return "", fault.messages[0]


def _page(request: HttpRequest) -> int:
    given = request.GET.get("page", "")[:4]
    number = int(given) if given.isascii() and given.isdigit() else 1
    return min(max(1, number), searching.PAGES_MAX)


@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    page = page_in(request, ledger.seals(), 30)
    return render(request, "web/seals.html", {"page": page, "newest": ledger.last_seal()})


@require_safe
def seal(request: HttpRequest, day: str) -> HttpResponse:
    """The seal of a day; ?print for the sheet."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        raise Http404
    try:
        found = Seal.objects.filter(day=date.fromisoformat(day)).first()
    except ValueError as fault:  # 31 February
        raise Http404 from fault
    if found is None:
        raise Http404
    printed = "print" in request.GET
    words = {
        "seal": found,
        "root": ledger.in_groups(found.root),
        "previous": ledger.in_groups(found.previous),
        "svg": qr(request.build_absolute_uri(request.path), _("The seal on the website")) if printed else "",
    }
    return render(request, "web/seal_sheet.html" if printed else "web/seal.html", words)


@require_safe
@never_cache
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far some long work is; htmx asks for the fragment, without script the page itself comes again."""
    found = _job_for(request, pk)
    template = "web/parts/job.html" if "HX-Request" in request.headers else "web/job.html"
    return render(request, template, {"job": found, "running": found.ended_at is None})


@require_POST
def stop_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask it to stop; asking twice is asking once."""
    jobs.ask_to_stop(job=_job_for(request, pk), at=clock.now())
    return redirect("web:job", pk=pk)


def _job_for(request: HttpRequest, pk: UUID) -> Job:
    """The work of who asked for it, and of an administrator; hidden and absent answer alike."""
    found = Job.objects.filter(pk=pk).first()
    person = request.actor.person
    asked = found is not None and person is not None and found.asked_by == person.pk
    if found is None or not (asked or request.actor.is_administrator):
        raise Http404
    return found


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What Hemei is, how an answer is counted, what becomes of what one says."""
    return render(request, "web/about.html")


ROBOTS = "User-agent: *\nDisallow: /people/\nDisallow: /notices/\nDisallow: /search\nDisallow: /jobs/\n"


@require_safe
@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=86400, public=True)
def icon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask without having read the page."""
    return redirect(static("shell/seal.svg"))
