"""One's own ties and what was done for one: pages that only the person sees."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock, uploads
from hemei.people import queries, sessions
from hemei.people.actions import assistance, slips
from hemei.people.actions import ties as actions
from hemei.people.forms import ties as forms
from hemei.people.models import Tie
from hemei.people.picking import picked
from hemei.shell.asking import page_in
from hemei.shell.sending import one_form, sent, sure, writes

PER_PAGE = 10


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Whoever has no account yet signs in first and comes back."""
    return redirect(f"{reverse('people:sign_in')}?{urlencode({'next': request.get_full_path()})}")


@never_cache
@require_safe
def ties(request: HttpRequest) -> HttpResponse:
    if request.actor.is_guest:
        return to_sign_in(request)
    mine = queries.my_ties(viewer=request.actor)
    return render(request, "people/ties/ties.html", {"ties": mine, "waiting": queries.letters_under_way(mine)})


@never_cache
@writes
def declare_tie(request: HttpRequest) -> HttpResponse:
    """Choose the place (?place=, ?words=), then say what ties one to it."""
    if request.actor.is_guest:
        return to_sign_in(request)
    picking = picked(request)
    if request.method == "POST" and picking.place is None:
        raise Http404
    form = forms.DeclareTie(sent(request))
    if not picking.is_home:
        del form.fields["wants_letter"]
    may_be_chosen = picking.place is not None and picking.place.kind in actions.WORKED_AT
    if may_be_chosen and picking.place.kind not in actions.TIED_TO:
        form.fields["role"].choices = [one for one in forms.ROLES if one[0] == Tie.Role.WORK]
    return one_form(
        request,
        form,
        template="people/ties/declare.html",
        act=lambda said: actions.declare_tie(actor=request.actor, place=picking.place, at=clock.now(), **said),
        then=lambda _made: redirect("people:ties"),
        picking=picking,
        may_be_chosen=may_be_chosen,
    )


@never_cache
@writes
def confirm_by_letter(request: HttpRequest, pk: int) -> HttpResponse:
    if request.actor.is_guest:
        return to_sign_in(request)
    tie = queries.my_tie(viewer=request.actor, pk=pk)
    source = sessions.source_of(request)
    return one_form(
        request,
        forms.TypeLetterCode(sent(request)),
        template="people/ties/confirm.html",
        act=lambda said: actions.confirm_by_letter(actor=request.actor, tie=tie, source=source, at=clock.now(), **said),
        then=lambda _made: redirect("people:ties"),
        tie=tie,
    )


@require_POST
def ask_for_letter(request: HttpRequest, pk: int) -> HttpResponse:
    tie = queries.my_tie(viewer=request.actor, pk=pk)
    actions.ask_for_letter(actor=request.actor, tie=tie, at=clock.now())
    return redirect("people:ties")


@never_cache
@writes
def end_tie(request: HttpRequest, pk: int) -> HttpResponse:
    if request.actor.is_guest:
        return to_sign_in(request)
    tie = queries.my_tie(viewer=request.actor, pk=pk)
    return one_form(
        request,
        sure(request),
        template="people/ties/end.html",
        act=lambda _said: actions.end_tie(actor=request.actor, tie=tie, at=clock.now()),
        then=lambda _made: redirect("people:ties"),
        tie=tie,
    )


@never_cache
@require_safe
def helped(request: HttpRequest) -> HttpResponse:
    """What was done for the person at a counter, by whom, on what ground; and who opened their record."""
    if request.actor.is_guest:
        return to_sign_in(request)
    page = page_in(request, queries.sittings_of(viewer=request.actor), PER_PAGE)
    words = {
        "page": page,
        "helped": queries.helped(list(page.object_list)),
        "looks": queries.looks_at_me(viewer=request.actor),
    }
    return render(request, "people/ties/helped.html", words)


@require_safe
def sitting_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper somebody acted from, for the person it is about and for whoever answers what they contest."""
    sitting = queries.paper_for(viewer=request.actor, pk=pk, at=clock.now())
    if sitting.photo is None:
        raise Http404
    return uploads.answer(sitting.photo)


@never_cache
@writes
def contest_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    if request.actor.is_guest:
        return to_sign_in(request)
    sitting = queries.sitting_for(viewer=request.actor, pk=pk)
    return one_form(
        request,
        forms.ContestSitting(sent(request)),
        template="people/ties/contest.html",
        act=lambda said: assistance.contest_sitting(actor=request.actor, sitting=sitting, at=clock.now(), **said),
        then=lambda _made: redirect("people:helped"),
        sitting=sitting,
    )


@never_cache
@writes
def claim_record(request: HttpRequest) -> HttpResponse:
    if request.actor.is_guest:
        return to_sign_in(request)
    source = sessions.source_of(request)
    return one_form(
        request,
        forms.ClaimRecord(sent(request)),
        template="people/ties/claim.html",
        act=lambda said: slips.claim_record(actor=request.actor, source=source, at=clock.now(), **said),
        then=lambda _made: redirect("people:ties"),
    )
