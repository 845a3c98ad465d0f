"""Pages of authorities: an owner gives and withdraws one, two clerks take one from paper."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.decisions import policy, rules
from hemei.decisions.actions import authorities as actions
from hemei.decisions.actions.own import refuse_other_hands
from hemei.decisions.forms import own as forms
from hemei.decisions.models import Decision
from hemei.decisions.queries import authorities as queries
from hemei.decisions.queries import own as reading
from hemei.decisions.views.own import nobody_keeps
from hemei.decisions.voices import own_voices, who_may_vote
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, writes

PER_PAGE = 50


@nobody_keeps
@writes
def give_authority(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner lets somebody vote for them."""
    at, viewer = clock.now(), request.actor
    found = reading.decision_for(viewer, pk)
    refuse_other_hands(viewer)
    voices = own_voices(viewer, found)
    if not voices:
        raise NotAllowed(who_may_vote())
    return one_form(
        request,
        forms.GiveAuthority(sent(request), voices=reading.named_voices(voices)),
        template="decisions/own/authorise.html",
        act=lambda said: actions.give_authority(actor=viewer, decision=found, at=at, **said),
        then=lambda given: redirect("decisions:history", pk=found.pk, slot=given[0].slot_id),
        decision=found,
        voices=voices,
        open=found.state_at(at) == Decision.State.OPEN,
        most=found.rule.get("proxy", {}).get("max_principals"),
        note=rules.legal_note(found),
    )


@nobody_keeps
@require_safe
def authorities(request: HttpRequest, pk: int) -> HttpResponse:
    """For the desk: what waits for a second clerk, and what holds."""
    at = clock.now()
    found = queries.for_desk(request.actor, pk)
    page = page_in(request, queries.authorities_of(found), PER_PAGE)
    rows = queries.told(page.object_list, found, at)
    words = {"decision": found, "page": page, "rows": rows, "me": request.actor.key}
    return render(request, "decisions/own/authorities.html", words)


@nobody_keeps
@writes
def enter_authority(request: HttpRequest, pk: int) -> HttpResponse:
    """A clerk types one from paper; first the home (?home=), then what it says."""
    at, viewer = clock.now(), request.actor
    found = queries.for_desk(viewer, pk)
    if "home" not in request.GET:
        words = {"decision": found, "homes": queries.homes_of(found), "action": request.path}
        return render(request, "decisions/own/choose_home.html", words)
    slot = queries.slot_for_desk(found, number_in(request, "home") or 0)
    form = forms.EnterAuthority(
        sent(request),
        request.FILES or None,
        owners=queries.owners_at(found, slot, at),
        initial={"received_at": at},
    )
    return one_form(
        request,
        form,
        template="decisions/own/enter_authority.html",
        act=lambda said: actions.enter_authority(actor=viewer, decision=found, slot=slot, at=at, **said),
        then=lambda _entered: redirect("decisions:authorities", pk=found.pk),
        decision=found,
        slot=slot,
    )


@nobody_keeps
@writes
def confirm_authority(request: HttpRequest, pk: int) -> HttpResponse:
    """The second clerk types what the paper says, without seeing what was typed first."""
    at, viewer = clock.now(), request.actor
    found = queries.authority_for(viewer, pk)
    _desk_only(request, found.decision)
    if viewer.person.pk in (found.entered_by_id, found.agent_person_id):
        raise NotAllowed(actions.two_clerks())
    form = forms.ConfirmAuthority(sent(request), owners=queries.owners_at(found.decision, found.slot, at))
    return one_form(
        request,
        form,
        template="decisions/own/confirm_authority.html",
        act=lambda said: actions.confirm_authority(actor=viewer, authority=found, at=at, **said),
        then=lambda _confirmed: redirect("decisions:authorities", pk=found.decision_id),
        decision=found.decision,
        authority=found,
    )


@nobody_keeps
@writes
def decline_authority(request: HttpRequest, pk: int) -> HttpResponse:
    at, viewer = clock.now(), request.actor
    found = queries.authority_for(viewer, pk)
    _desk_only(request, found.decision)
    return one_form(
        request,
        forms.DeclineAuthority(sent(request)),
        template="decisions/own/decline_authority.html",
        act=lambda said: actions.decline_authority(actor=viewer, authority=found, at=at, **said),
        then=lambda _declined: redirect("decisions:authorities", pk=found.decision_id),
        decision=found.decision,
        authority=found,
    )


@nobody_keeps
@writes
def withdraw_authority(request: HttpRequest, pk: int) -> HttpResponse:
    """By its owner, or by the desk on the owner's paper."""
    at, viewer = clock.now(), request.actor
    found = queries.authority_for(viewer, pk)
    by_desk = policy.prepares_at(viewer, found.decision.place)
    if not by_desk:
        refuse_other_hands(viewer)
    return one_form(
        request,
        forms.WithdrawAuthority(sent(request), by_desk=by_desk),
        template="decisions/own/withdraw_authority.html",
        act=lambda said: actions.withdraw_authority(actor=viewer, authority=found, at=at, **said),
        then=lambda _withdrawn: (
            redirect("decisions:authorities", pk=found.decision_id)
            if by_desk
            else redirect("decisions:history", pk=found.decision_id, slot=found.slot_id)
        ),
        decision=found.decision,
        authority=found,
        by_desk=by_desk,
    )


@require_safe
def scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper itself, for those who have to read it."""
    response = uploads.answer(queries.scan_for(request.actor, pk))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _desk_only(request: HttpRequest, decision: Decision) -> None:
    if not policy.prepares_at(request.actor, decision.place):
        raise NotAllowed(actions.who_runs_it())
