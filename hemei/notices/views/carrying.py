"""The printed list: what a clerk prints and carries to people without a phone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.notices import actions, forms, policy, queries
from hemei.notices.actions.carrying import AT_ONCE, who_may_carry
from hemei.shell.asking import page_in

PER_PAGE = 50


def _refuse_others(request: HttpRequest) -> None:
    if not policy.may_carry(request.actor):
        raise NotAllowed(who_may_carry())


@require_safe
def carrying(request: HttpRequest) -> HttpResponse:
    return _show(request, forms.MarkCarried())


def _show(request: HttpRequest, form: Any, refusal: str = "") -> HttpResponse:
    _refuse_others(request)
    state = "done" if request.GET.get("state") == "done" else "open"
    rows = queries.slips_in(viewer=request.actor, state=state)
    page = page_in(request, rows, PER_PAGE)
    page.object_list = queries.slips_of(list(page.object_list))
    ticked = set(form.cleaned_data.get("messages") or ()) if form.is_bound else set()
    words = {"page": page, "state": state, "form": form, "base": f"state={state}", "ticked": ticked, "refusal": refusal}
    return render(request, "notices/carrying.html", words, status=422 if refusal or form.errors else 200)


@require_POST
def mark_printed(request: HttpRequest) -> HttpResponse:
    form = forms.MarkPrinted(request.POST)
    return _mark(request, form, lambda **sent: actions.mark_printed(actor=request.actor, at=clock.now(), **sent))


@require_POST
def mark_carried(request: HttpRequest) -> HttpResponse:
    form = forms.MarkCarried(request.POST)
    return _mark(request, form, lambda **sent: actions.mark_carried(actor=request.actor, at=clock.now(), **sent))


def _mark(request: HttpRequest, form: Any, act: Any) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form)
    try:
        act(**form.cleaned_data)
    except Refused as refusal:
        shown = forms.MarkCarried(request.POST)
        shown.is_valid()
        if refusal.field == "on":
            shown.add_error("on", str(refusal))
        return _show(request, shown, refusal="" if refusal.field == "on" else str(refusal))
    return redirect("notices:carrying")


@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    """What is not handed over yet, door by door, on A4 to be cut."""
    _refuse_others(request)
    rows = list(queries.slips_in(viewer=request.actor, state="open")[: AT_ONCE + 1])
    words = {"slips": queries.slips_of(rows[:AT_ONCE]), "more": len(rows) > AT_ONCE, "body": request.actor.seat.body}
    return render(request, "notices/slips.html", words)
