"""Pages of promises: the list, one promise, and a form for each act."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.matters.queries import matter_for
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.people.queries import body_for
from hemei.places.models import Place
from hemei.places.queries import place_for
from hemei.promises import actions, forms, policy, queries
from hemei.promises.models import Promise
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, writes

PER_PAGE = 20


def _place(request: HttpRequest) -> Place | None:
    """The place that the address names: None without one, 404 for one that is hidden or not there."""
    return place_for(request.actor, number_in(request, "place") or 0) if "place" in request.GET else None


def _body(request: HttpRequest) -> Body | None:
    """The body that the address names: None without one, 404 for one that is not there."""
    return body_for(viewer=request.actor, pk=number_in(request, "body") or 0) if "body" in request.GET else None


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
    page = page_in(request, queries.promises_in(**there, state=chosen), PER_PAGE)
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
    matter = matter_for(viewer=request.actor, pk=number_in(request, "matter") or 0) if "matter" in request.GET else None
    place = matter.place if matter is not None else _place(request)
    if place is None:
        raise Http404
    if not policy.may_make(request.actor, place, matter):
        raise NotAllowed(actions.who_may_make())
    return one_form(
        request,
        forms.MakePromise(sent(request)),
        template="promises/make.html",
        act=lambda said: actions.make_promise(actor=request.actor, place=place, matter=matter, at=clock.now(), **said),
        then=lambda made: redirect("promises:promise", pk=made.pk),
        place=place,
        matter=matter,
        body=request.actor.seat.body,
    )


def _one_to_act_on(
    request: HttpRequest, pk: int, may: Callable[[Actor, Promise], bool], told: Callable[[], str]
) -> Promise:
    """A promise for who may do this to it: 404 for who may not read it, 403 for who may not do this."""
    found = queries.promise_for(viewer=request.actor, pk=pk, at=clock.now())
    if not may(request.actor, found):
        raise NotAllowed(told())
    return found


def _act(
    request: HttpRequest,
    found: Promise,
    form: Form,
    *,
    template: str,
    act: Callable[[dict[str, Any]], object],
    **more: Any,
) -> HttpResponse:
    """The form of one act on one promise, under the promise's card; done, back to its page."""
    at = clock.now()
    return one_form(
        request,
        form,
        template=f"promises/{template}.html",
        act=act,
        then=lambda _done: redirect("promises:promise", pk=found.pk),
        promise=found,
        card=queries.card_of(found, at),
        at=at,
        **more,
    )


@writes
def keep_promise(request: HttpRequest, pk: int) -> HttpResponse:
    found = _one_to_act_on(request, pk, policy.may_keep, actions.who_may_keep)
    return _act(
        request,
        found,
        forms.KeepPromise(sent(request), request.FILES or None),
        template="keep",
        act=lambda said: actions.keep_promise(actor=request.actor, promise=found, at=clock.now(), **said),
    )


@writes
def extend_promise(request: HttpRequest, pk: int) -> HttpResponse:
    found = _one_to_act_on(request, pk, policy.may_extend, actions.who_may_extend)
    return _act(
        request,
        found,
        forms.ExtendPromise(sent(request)),
        template="extend",
        act=lambda said: actions.extend_promise(actor=request.actor, promise=found, at=clock.now(), **said),
    )


@writes
def withdraw_promise(request: HttpRequest, pk: int) -> HttpResponse:
    found = _one_to_act_on(request, pk, policy.may_withdraw, actions.who_may_withdraw)
    return _act(
        request,
        found,
        forms.WithdrawPromise(sent(request)),
        template="withdraw",
        act=lambda said: actions.withdraw_promise(actor=request.actor, promise=found, at=clock.now(), **said),
    )


@writes
def dispute_promise(request: HttpRequest, pk: int) -> HttpResponse:
    found = _one_to_act_on(request, pk, policy.may_dispute, actions.who_may_dispute)
    return _act(
        request,
        found,
        forms.DisputePromise(sent(request)),
        template="dispute",
        act=lambda said: actions.dispute_promise(actor=request.actor, promise=found, at=clock.now(), **said),
    )


@writes
def answer_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    dispute = queries.dispute_for(viewer=request.actor, pk=pk, at=clock.now())
    if not policy.may_answer(request.actor, dispute.promise):
        raise NotAllowed(actions.who_may_answer())
    return _act(
        request,
        dispute.promise,
        forms.AnswerDispute(sent(request)),
        template="answer",
        act=lambda said: actions.answer_dispute(actor=request.actor, dispute=dispute, at=clock.now(), **said),
        dispute=dispute,
    )
