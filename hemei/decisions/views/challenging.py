"""Pages on which an owner says that an act was not theirs, and the desk answers; acts declared void with two keys."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed
from hemei.decisions import policy
from hemei.decisions.actions import challenging as actions
from hemei.decisions.actions.authorities import refuse_unless_desk
from hemei.decisions.forms import own as forms
from hemei.decisions.queries import authorities as desk
from hemei.decisions.queries import challenging as queries
from hemei.decisions.views.own import nobody_keeps
from hemei.decisions.voices import may_answer, may_confirm
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, writes

PER_PAGE = 20


@nobody_keeps
@writes
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """ "This was not me": by the owner, or written down at the counter."""
    at, viewer = clock.now(), request.actor
    act = queries.act_for(viewer, pk)
    at_counter = policy.prepares_at(viewer, act.decision.place)
    back = (
        redirect("decisions:challenges", pk=act.decision_id)
        if at_counter
        else redirect("decisions:history", pk=act.decision_id, slot=act.slot_id)
    )
    return one_form(
        request,
        forms.RaiseChallenge(sent(request), at_counter=at_counter),
        template="decisions/own/challenge.html",
        act=lambda said: actions.challenge(actor=viewer, act=act, at=at, **said),
        then=lambda _made: back,
        act_said=act,
        decision=act.decision,
        at_counter=at_counter,
    )


@nobody_keeps
@require_safe
def challenges(request: HttpRequest, pk: int) -> HttpResponse:
    """For the desk: what waits for an answer or a second key, and what was answered."""
    viewer = request.actor
    found = desk.for_desk(viewer, pk)
    page = page_in(request, queries.challenges_of(found), PER_PAGE)
    words = {"decision": found, "page": page, "rows": queries.asked(viewer, page.object_list)}
    return render(request, "decisions/own/challenges.html", words | {"waiting": queries.waiting(viewer, found)})


@nobody_keeps
@require_safe
def recorded(request: HttpRequest, pk: int) -> HttpResponse:
    """For the desk: by which way and when something was recorded for a home (?home=), never what."""
    found = desk.for_desk(request.actor, pk)
    if "home" not in request.GET:
        words = {"decision": found, "homes": desk.homes_of(found), "action": request.path}
        return render(request, "decisions/own/choose_home.html", words)
    slot = desk.slot_for_desk(found, number_in(request, "home") or 0)
    page = page_in(request, queries.recorded_for(slot), PER_PAGE)
    words = {"decision": found, "slot": slot, "page": page, "base": f"home={slot.pk}"}
    return render(request, "decisions/own/recorded.html", words)


@nobody_keeps
@writes
def answer_challenge(request: HttpRequest, pk: int) -> HttpResponse:
    at, viewer = clock.now(), request.actor
    found = queries.challenge_for(viewer, pk)
    if not may_answer(viewer, found):
        raise NotAllowed(actions.who_answers())
    return one_form(
        request,
        forms.AnswerChallenge(sent(request)),
        template="decisions/own/answer_challenge.html",
        act=lambda said: actions.answer_challenge(actor=viewer, challenge=found, at=at, **said),
        then=lambda _answered: redirect("decisions:challenges", pk=found.act.decision_id),
        challenge=found,
        decision=found.act.decision,
    )


@nobody_keeps
@writes
def propose_voiding(request: HttpRequest, pk: int) -> HttpResponse:
    at, viewer = clock.now(), request.actor
    act = queries.act_for(viewer, pk)
    refuse_unless_desk(viewer, act.decision)
    return one_form(
        request,
        forms.ProposeVoiding(sent(request)),
        template="decisions/own/propose_voiding.html",
        act=lambda said: actions.propose_voiding(actor=viewer, act=act, at=at, **said),
        then=lambda _proposed: redirect("decisions:challenges", pk=act.decision_id),
        act_said=act,
        decision=act.decision,
    )


@nobody_keeps
@writes
def confirm_voiding(request: HttpRequest, pk: int) -> HttpResponse:
    """Second key; the page asks whether one is sure."""
    at, viewer = clock.now(), request.actor
    found = queries.voiding_for(viewer, pk)
    if not may_confirm(viewer, found):
        raise NotAllowed(actions.two_keys())
    return one_form(
        request,
        forms.ConfirmVoiding(sent(request)),
        template="decisions/own/confirm_voiding.html",
        act=lambda _said: actions.confirm_voiding(actor=viewer, voiding=found, at=at),
        then=lambda _confirmed: redirect("decisions:challenges", pk=found.act.decision_id),
        voiding=found,
        decision=found.act.decision,
    )


@nobody_keeps
@writes
def decline_voiding(request: HttpRequest, pk: int) -> HttpResponse:
    at, viewer = clock.now(), request.actor
    found = queries.voiding_for(viewer, pk)
    if not may_confirm(viewer, found):
        raise NotAllowed(actions.two_keys())
    return one_form(
        request,
        forms.DeclineVoiding(sent(request)),
        template="decisions/own/decline_voiding.html",
        act=lambda said: actions.decline_voiding(actor=viewer, voiding=found, at=at, **said),
        then=lambda _declined: redirect("decisions:challenges", pk=found.act.decision_id),
        voiding=found,
        decision=found.act.decision,
    )
