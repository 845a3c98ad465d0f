"""Pages of votes: the list, the page of one for every reader, and how one is prepared, announced and cancelled."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.base.text import searched
from hemei.decisions import policy, rules
from hemei.decisions.actions import preparing
from hemei.decisions.forms import voting as forms
from hemei.decisions.models import Decision
from hemei.decisions.queries import drives as drive_queries
from hemei.decisions.queries import voting as queries
from hemei.matters.queries import matter_for
from hemei.places.models import Place
from hemei.places.queries import place_for
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, sure, writes

PER_PAGE = 20
apart = cache_control(private=True, no_store=True)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Votes that the reader may know of, one list for each state; at a place, and by words of the question."""
    viewer, at = request.actor, clock.now()
    place = place_for(viewer, number_in(request, "place") or 0) if "place" in request.GET else None
    words = searched(request.GET.get("words", ""), most=100)
    where = {"viewer": viewer, "at": at, "place": place, "words": words}
    counts = queries.counts_in(**where, states=[state for state, _name in forms.STATES])
    tabs = [(state, name, counts[state]) for state, name in forms.STATES if state != "draft" or counts[state]]
    chosen = request.GET.get("state", "")
    if chosen not in counts:
        chosen = next((state for state, _name, count in tabs if count), "going")
    page = page_in(request, queries.decisions_in(**where, state=chosen), PER_PAGE)
    filters = f"&place={place.pk}" if place is not None else ""
    return render(
        request,
        "decisions/votes/decisions.html",
        {
            "page": page,
            "cards": [queries.card_of(one, at) for one in page.object_list],
            "tabs": tabs,
            "chosen": chosen,
            "place": place,
            "words": words,
            "filters": filters,
            "base": f"state={chosen}{filters}",
            "at": at,
            "propose_at": place if place is not None and policy.prepares_at(viewer, place) else None,
        },
    )


@apart
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """THE page of a vote: each reader sees what they may know."""
    at = clock.now()
    found = queries.decision_for(request.actor, pk)
    page = queries.page_of(viewer=request.actor, decision=found, at=at, request=request)
    return render(request, "decisions/votes/decision.html", {"page": page, "decision": found, "at": at})


@require_safe
def decision_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper that is voted on, for those who may read the vote."""
    found = queries.decision_for(request.actor, pk)
    if found.paper is None:
        raise Http404
    return uploads.answer(found.paper)


# preparing


@writes
def propose_decision(request: HttpRequest) -> HttpResponse:
    """For a drive (?drive=), on a matter (?matter=) or at a place (?place=)."""
    viewer, drive, matter = request.actor, None, None
    if "drive" in request.GET:
        drive = drive_queries.drive_for(viewer=viewer, pk=number_in(request, "drive") or 0)
        place: Place = drive.place
    elif "matter" in request.GET:
        matter = matter_for(viewer=viewer, pk=number_in(request, "matter") or 0)
        place = matter.place
    else:
        place = place_for(viewer, number_in(request, "place") or 0)
    if not policy.prepares_at(viewer, place):
        raise NotAllowed(preparing.who_may_prepare())
    form = forms.ProposeDecision(
        sent(request),
        request.FILES or None,
        day=forms.today(),
        linked=queries.drafts_behind(place),
        lift=drive is not None,
        initial={"rule_id": "CN-278-SPECIAL", "subject": "lift"},
    )

    def act(said: dict[str, Any]) -> Decision:
        words = {"subject": "lift", **said}
        return preparing.propose_decision(
            actor=viewer, place=place, drive=drive, matter=matter, at=clock.now(), **words
        )

    return one_form(
        request,
        form,
        template="decisions/votes/propose.html",
        act=act,
        then=lambda made: redirect("decisions:decision", pk=made.pk),
        place=place,
        drive=drive,
    )


def _to_prepare(request: HttpRequest, pk: int) -> Decision:
    """A vote for those who prepare it: 404 for who may not read it, 403 for who may not do this."""
    found = queries.decision_for(request.actor, pk)
    if not policy.prepares_at(request.actor, found.place):
        raise NotAllowed(preparing.who_may_prepare())
    return found


def _back(found: Decision) -> Any:
    return lambda _done: redirect("decisions:decision", pk=found.pk)


@writes
def correct_decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_prepare(request, pk)
    initial = {name: getattr(found, name) for name in preparing.ASKED if name != "linked_id"}
    form = forms.CorrectDecision(
        sent(request),
        request.FILES or None,
        day=rules.opening_day(found),
        linked=queries.drafts_behind(found.place).exclude(pk=found.pk),
        lift=found.drive_id is not None,
        initial={**initial, "linked": found.linked_id, "seen_version": found.version},
    )
    return one_form(
        request,
        form,
        template="decisions/votes/correct.html",
        act=lambda said: preparing.correct_decision(actor=request.actor, decision=found, at=clock.now(), **said),
        then=_back(found),
        decision=found,
    )


@writes
def attest_rule(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.decision_for(request.actor, pk)
    if not policy.may_attest(request.actor):
        raise NotAllowed(preparing.who_may_attest())
    return one_form(
        request,
        forms.AttestRule(sent(request), initial={"source": found.attested.get("source", "")}),
        template="decisions/votes/attest.html",
        act=lambda said: preparing.attest_rule(actor=request.actor, decision=found, at=clock.now(), **said),
        then=_back(found),
        decision=found,
        rule=rules.in_words(found),
    )


@writes
def name_counters(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_prepare(request, pk)
    named = {counter.number: counter.person_id for counter in found.counters.order_by("number")}
    form = forms.NameCounters(
        sent(request),
        persons=policy.countable(found, clock.now()),
        initial={"first": named.get(1), "second": named.get(2)},
    )

    def act(said: dict[str, Any]) -> Any:
        persons = [said["first"], said["second"]]
        return preparing.name_counters(actor=request.actor, decision=found, persons=persons, at=clock.now())

    template = "decisions/votes/counters.html"
    return one_form(request, form, template=template, act=act, then=_back(found), decision=found)


@writes
def announce_decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_prepare(request, pk)
    at = clock.now()
    return one_form(
        request,
        sure(request),
        template="decisions/votes/announce.html",
        act=lambda _said: preparing.announce_decision(actor=request.actor, decision=found, at=at),
        then=_back(found),
        decision=found,
        checks=queries.checks_of(found, at),
        rule=rules.in_words(found),
    )


@writes
def cancel_decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_prepare(request, pk)
    return one_form(
        request,
        forms.CancelDecision(sent(request)),
        template="decisions/votes/cancel.html",
        act=lambda said: preparing.cancel_decision(actor=request.actor, decision=found, at=clock.now(), **said),
        then=_back(found),
        decision=found,
        draft=found.announced_at is None,
    )


@writes
def start_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_prepare(request, pk)
    return one_form(
        request,
        forms.Keyed(sent(request)),
        template="decisions/votes/again.html",
        act=lambda said: preparing.start_again(actor=request.actor, decision=found, at=clock.now(), **said),
        then=lambda made: redirect("decisions:correct_decision", pk=made.pk),
        decision=found,
    )
