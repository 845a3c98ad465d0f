"""Pages of the count: for its two counters, its files, and the summary for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import policy
from hemei.decisions.actions import certifying, handing_out
from hemei.decisions.forms.counting import HandOut, SignCount
from hemei.decisions.models import Decision
from hemei.decisions.queries import counting as queries
from hemei.shell.sending import answer, beside_its_field, sent, writes

apart = cache_control(private=True, no_store=True)  # kept by no cache, not even the reader's own


@apart
@writes
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """The counters' page. To look at the numbers is an act of its own, on record: the form answers with the page."""
    decision, at = queries.for_counter(request.actor, pk), clock.now()
    if request.method != "POST":
        return _shown(request, queries.count_page(request.actor, decision, at))
    try:
        decision = certifying.look_at_count(actor=request.actor, decision=decision, at=at)
    except Refused as refusal:
        return _shown(request, queries.count_page(request.actor, decision, at), refusal)
    number = request.POST.get("page", "")[:6]
    number = int(number) if number.isascii() and number.isdigit() else 1
    return _shown(request, queries.count_page(request.actor, decision, at, looked=True, number=number))


def _shown(request: HttpRequest, page: queries.CountPage, refusal: Refused | None = None) -> HttpResponse:
    form = SignCount(initial={"seen": page.count.hash}) if page.count and page.count.hash else None
    words: dict[str, Any] = {"page": page, "decision": page.decision, "sign": form, "refusal": refusal}
    return answer(request, "decisions/counting/count.html", words, refusal)


@apart
@require_POST
def sign_count(request: HttpRequest, pk: int) -> HttpResponse:
    decision, form, at = queries.for_counter(request.actor, pk), SignCount(request.POST), clock.now()
    seen = form.cleaned_data["seen"] if form.is_valid() else ""
    try:
        certifying.sign_count(actor=request.actor, decision=decision, seen=seen, at=at)
    except Refused as refusal:
        return _shown(request, queries.count_page(request.actor, decision, at), refusal)
    return redirect("decisions:count", pk=pk)


# files


@apart
@require_safe
def files(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.certified_for(request.actor, pk)
    page = queries.files_page(request.actor, decision)
    return render(request, "decisions/counting/files.html", {"page": page, "decision": decision})


@apart
@writes
def file_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Purpose and receiver first, then the file itself."""
    decision = queries.certified_for(request.actor, pk)
    if not policy.may_export_complete(request.actor, decision):
        raise NotAllowed(handing_out.who_may_complete())
    form, refusal = HandOut(sent(request)), None
    if form.is_bound and form.is_valid():
        try:
            file = handing_out.hand_out_complete(
                actor=request.actor, decision=decision, at=clock.now(), **form.cleaned_data
            )
            return _file(file, f"decision-{pk}.json")
        except Refused as told:
            refusal = beside_its_field(form, told)
    return answer(request, "decisions/counting/file_complete.html", {"form": form, "decision": decision}, refusal)


@apart
@require_POST
def file_for_owner(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.certified_for(request.actor, pk)
    try:
        file = handing_out.hand_out_to_owner(actor=request.actor, decision=decision, at=clock.now())
    except Refused as refusal:
        words = {"page": queries.files_page(request.actor, decision), "decision": decision, "refusal": refusal}
        return answer(request, "decisions/counting/files.html", words, refusal)
    return _file(file, f"decision-{pk}-own.json")


def _file(text: str, called: str) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type="application/json")
    response.headers["Content-Disposition"] = content_disposition_header(True, called)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@apart
@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    page = _summary(request, pk)
    return render(request, "decisions/counting/summary.html", {"page": page, "decision": page.decision})


@apart
@require_safe
def summary_json(request: HttpRequest, pk: int) -> HttpResponse:
    return JsonResponse(_summary(request, pk).plain, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _summary(request: HttpRequest, pk: int) -> queries.Summary:
    decision: Decision = queries.certified_for(request.actor, pk)
    return queries.summary_of(request.actor, decision, clock.now())
