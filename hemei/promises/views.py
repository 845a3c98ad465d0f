"""Pages of promises: the list, one promise, and a form for each act."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.matters.queries import matter_for
from hemei.people.models import Body
from hemei.people.queries import body_for
from hemei.places.models import Place
from hemei.places.queries import place_for
from hemei.promises import actions, forms, policy, queries
from hemei.promises.models import Promise

PER_PAGE = 20
writes = require_http_methods(["GET", "HEAD", "POST"])


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")[:18]
    return int(given) if given.isascii() and given.isdigit() else None


def _place(request: HttpRequest) -> Place | None:
    """The place that the address names: None without one, 404 for one that is hidden or not there."""
    return place_for(request.actor, _number(request, "place") or 0) if "place" in request.GET else None


def _body(request: HttpRequest) -> Body | None:
    """The body that the address names: None without one, 404 for one that is not there."""
    return body_for(viewer=request.actor, pk=_number(request, "body") or 0) if "body" in request.GET else None


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise the reader may know of, one list for each state; filters by place and by who owes it."""
    at = clock.now()
    place, body = _place(request), _body(request)
    there = {"viewer": request.actor, "at": at, "place": place, "body": body}
    counts = queries.counts_by_state(**there)
    chosen = request.GET.get("state", "")
    if chosen not in queries.TABS:
        chosen = next((state for state in queries.TABS if counts[state]), Promise.State.OPEN)
    page = Paginator(queries.promises_in(**there, state=chosen), PER_PAGE).get_page(request.GET.get("page", "")[:9])
    filters = "".join(f"&{name}={one.pk}" for name, one in (("place", place), ("body", body)) if one)
    return render(
        request,
        "promises/promises.html",
        {
            "page": page,
            "cards": queries.cards(page.object_list, at),
            "at": at,
            "counts": counts,
            "tabs": [(state, counts[state]) for state in queries.TABS],
            "chosen": chosen,
            "filters": filters,
            "base": f"state={chosen}{filters}",
            "place": place,
            "body": body,
            "make_at": place if place is not None and policy.may_make(request.actor, place) else None,
        },
    )


@require_safe
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    at = clock.now()
    return render(
        request, "promises/promise.html", {"page": queries.page_of(viewer=request.actor, pk=pk, at=at), "at": at}
    )


@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo that shows it was kept, for those who may read the promise."""
    found = queries.promise_for(viewer=request.actor, pk=pk, at=clock.now())
    if found.proof_photo is None:
        raise Http404
    return uploads.answer(found.proof_photo)


@writes
def make_promise(request: HttpRequest) -> HttpResponse:
    """On a matter (?matter=) or at a place (?place=)."""
    matter = matter_for(viewer=request.actor, pk=_number(request, "matter") or 0) if "matter" in request.GET else None
    place = matter.place if matter is not None else _place(request)
    if place is None:
        raise Http404
    if not policy.may_make(request.actor, place, matter):
        raise NotAllowed(actions.who_may_make())
    form = forms.MakePromise(request.POST or None)
    if form.is_valid():
        try:
            made = actions.make_promise(
                actor=request.actor, place=place, matter=matter, at=clock.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return redirect("promises:promise", pk=made.pk)
    words = {"form": form, "place": place, "matter": matter, "body": request.actor.seat.body}
    return render(request, "promises/make.html", words, status=422 if form.errors else 200)


def _act(
    request: HttpRequest,
    pk: int,
    *,
    kind: type[Form],
    template: str,
    may: Callable[..., bool],
    told: Callable[[], str],
    act: Callable[..., Any],
    found: Any = None,
) -> HttpResponse:
    """One act on one promise: 404 for who may not read it, 403 for who may not do this, else the form and the act."""
    at = clock.now()
    subject = found or queries.promise_for(viewer=request.actor, pk=pk, at=at)
    about = subject if isinstance(subject, Promise) else subject.promise
    if not may(request.actor, about):
        raise NotAllowed(told())
    form = kind(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            act(subject, at, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return redirect("promises:promise", pk=pk)
    about.told, about.moved = True, 0
    words = {"form": form, "promise": about, "card": queries.card_of(about, at), "subject": subject, "at": at}
    return render(request, f"promises/{template}.html", words, status=422 if form.errors else 200)


@writes
def keep_promise(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        kind=forms.KeepPromise,
        template="keep",
        may=policy.may_keep,
        told=actions.who_may_keep,
        act=lambda one, at, sent: actions.keep_promise(actor=request.actor, promise=one, at=at, **sent),
    )


@writes
def extend_promise(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        kind=forms.ExtendPromise,
        template="extend",
        may=policy.may_extend,
        told=actions.who_may_extend,
        act=lambda one, at, sent: actions.extend_promise(actor=request.actor, promise=one, at=at, **sent),
    )


@writes
def withdraw_promise(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        kind=forms.WithdrawPromise,
        template="withdraw",
        may=policy.may_withdraw,
        told=actions.who_may_withdraw,
        act=lambda one, at, sent: actions.withdraw_promise(actor=request.actor, promise=one, at=at, **sent),
    )


@writes
def dispute_promise(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        kind=forms.DisputePromise,
        template="dispute",
        may=policy.may_dispute,
        told=actions.who_may_dispute,
        act=lambda one, at, sent: actions.dispute_promise(actor=request.actor, promise=one, at=at, **sent),
    )


@writes
def answer_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        kind=forms.AnswerDispute,
        template="answer",
        may=policy.may_answer,
        told=actions.who_may_answer,
        act=lambda one, at, sent: actions.answer_dispute(actor=request.actor, dispute=one, at=at, **sent),
        found=queries.dispute_for(viewer=request.actor, pk=pk, at=clock.now()),
    )
