"""Pages of the desk: ballots printed and voided, delivered, entered by one clerk and confirmed by another."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.base.text import searched
from hemei.decisions import photos, policy, reading_serials, signers
from hemei.decisions.actions import ballots, delivering
from hemei.decisions.actions import papers as acts
from hemei.decisions.forms import voting as forms
from hemei.decisions.models import Act, Decision, Paper
from hemei.decisions.queries import voting as queries
from hemei.decisions.queries.counting import homes_named
from hemei.shell.asking import page_in
from hemei.shell.sending import answer, beside_its_field, one_form, sent, writes

PER_PAGE, HOMES_PER_PAGE = 40, 60
apart = cache_control(private=True, no_store=True)  # kept by no cache, not even the reader's own


def _desk(request: HttpRequest, pk: int) -> Decision:
    """404 for who may not read the vote, 403 for who does not run it."""
    found = queries.decision_for(request.actor, pk)
    if not policy.prepares_at(request.actor, found.place):
        raise NotAllowed(ballots.who_may_run())
    return found


@apart
@require_safe
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """printed = used + void + unused, and every ballot by its number."""
    found = _desk(request, pk)
    state = request.GET.get("state", "")
    state = state if state in queries.PAPER_STATES else ""
    words = searched(request.GET.get("words", ""), most=60)
    page = page_in(request, queries.papers_in(found, state=state, words=words), PER_PAGE)
    rows = list(page.object_list)
    names = homes_named([row.slot for row in rows], found.place)
    return render(
        request,
        "decisions/votes/papers.html",
        {
            "decision": found,
            "forms": queries.forms_of(found),
            "page": page,
            "rows": [(names[row.slot.place_id], row) for row in rows],
            "runs": queries.runs_of(found),
            "state": state,
            "words": words,
            "base": f"state={state}" if state else "",
        },
    )


@apart
@writes
def print_ballots(request: HttpRequest, pk: int) -> HttpResponse:
    found = _desk(request, pk)
    return one_form(
        request,
        forms.PrintBallots(sent(request)),
        template="decisions/votes/print.html",
        act=lambda said: ballots.print_ballots(actor=request.actor, decision=found, at=clock.now(), **said),
        then=lambda _run: redirect("decisions:papers", pk=found.pk),
        decision=found,
    )


@apart
@writes
def void_paper(request: HttpRequest, pk: int) -> HttpResponse:
    paper = queries.paper_for(request.actor, pk)
    return one_form(
        request,
        forms.VoidPaper(sent(request)),
        template="decisions/votes/void.html",
        act=lambda said: ballots.void_paper(actor=request.actor, paper=paper, at=clock.now(), **said),
        then=lambda _done: redirect("decisions:papers", pk=paper.decision_id),
        decision=paper.decision,
        paper=paper,
    )


# deliveries


@apart
@writes
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """Which home has its ballot, and which has handed in a vote: to go and see the others. The form at its foot says
    that the ticked ones were delivered."""
    found, at = _desk(request, pk), clock.now()
    state = request.GET.get("state", "")
    state = state if state in queries.HOME_STATES else "undelivered"
    words = searched(request.GET.get("words", ""), most=60)
    page = page_in(request, queries.homes_in(found, at, state=state, words=words), HOMES_PER_PAGE)
    homes = queries.homes_of(found, list(page.object_list), at)
    form = forms.Deliver(sent(request), request.FILES or None, homes=[(home.slot.key, home.name) for home in homes])
    here = f"{reverse('decisions:deliveries', args=[pk])}?state={state}&page={page.number}"
    return one_form(
        request,
        form,
        template="decisions/votes/deliveries.html",
        act=lambda said: delivering.deliver(actor=request.actor, decision=found, at=at, **said),
        then=lambda _done: redirect(here),
        decision=found,
        page=page,
        homes=homes,
        state=state,
        words=words,
        states=_home_states(),
        base=f"state={state}",
        going=found.state_at(at) in ("ahead", "open", "counting"),
    )


def _home_states() -> list[tuple[str, Any]]:
    return [
        ("undelivered", _("No proof of delivery")),
        ("open", _("No vote handed in")),
        ("all", _("All homes")),
    ]


@apart
@require_safe
def service_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    return photos.answer(queries.service_for(request.actor, pk).photo)  # type: ignore[arg-type]


# a ballot that came in


@apart
@writes
def enter_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The serial first; then what the ballot says. A scan comes here with the serial in the address."""
    given = request.GET.get("serial", "")
    find, paper, refusal = forms.FindPaper({"serial": given} if given else None), None, None
    if find.is_bound and find.is_valid():
        try:
            paper = reading_serials.ballot_for(actor=request.actor, typed=find.cleaned_data["serial"], of=pk)
            if request.method != "POST":
                reading_serials.refuse_used(paper)
        except Refused as told:
            paper, refusal = None, beside_its_field(find, told)
    if paper is not None:  # who finds a ballot runs its vote
        return _enter(request, paper)
    words = {"form": find, "decision": _desk(request, pk), "entered": request.GET.get("entered") == "1"}
    return answer(request, "decisions/votes/find_paper.html", words, refusal)


def _enter(request: HttpRequest, paper: Paper) -> HttpResponse:
    """What only the page needs is read when it is shown: most forms that are sent are right at once."""
    decision, slot = paper.decision, paper.slot
    form = forms.EnterPaper(sent(request), request.FILES or None, signers=partial(signers.signers_of, decision, slot))

    def enter(said: dict[str, Any]) -> Act:
        said["photo"] = photos.ahead(said["photo"])
        return acts.enter_paper(actor=request.actor, paper=paper, at=clock.now(), **said)

    return one_form(
        request,
        form,
        template="decisions/votes/enter_paper.html",
        act=enter,
        then=lambda _act: redirect(f"{reverse('decisions:enter_paper', args=[decision.pk])}?entered=1"),
        decision=decision,
        paper=paper,
        name=lambda: homes_named([slot], decision.place)[slot.place_id],
    )


@apart
@require_safe
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Entries for their second clerk, with the home alone: who signed and what is ticked the second clerk reads."""
    found = _desk(request, pk)
    rows = queries.acts_waiting(found).select_related("slot__place", "entered_by").defer("choice", "by", "for_owner")
    page = page_in(request, rows, PER_PAGE)
    waits = list(page.object_list)
    names = homes_named([act.slot for act in waits], found.place)
    return render(
        request,
        "decisions/votes/waiting.html",
        {
            "decision": found,
            "page": page,
            "rows": [(names[act.slot.place_id], act) for act in waits],
            "me": request.actor.key,
            "after": request.GET.get("after", ""),
        },
    )


@apart
@writes
def confirm_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The second clerk types from the photo; the first entry is nowhere on the page."""
    act = queries.act_to_confirm(request.actor, pk)
    if act.entered_by_id == request.actor.key:
        raise NotAllowed(acts.who_confirms())
    form = forms.ConfirmPaper(sent(request), signers=partial(signers.signers_of, act.decision, act.slot))

    def confirm(said: dict[str, Any]) -> Act:
        typed = said.pop("serial")
        paper: Paper = reading_serials.ballot_for(actor=request.actor, typed=typed, of=act.decision_id)
        return acts.confirm_paper(actor=request.actor, act=act, paper=paper, at=clock.now(), **said)

    def then(done: Act) -> HttpResponse:
        after = "confirmed" if done.confirmed_at is not None else "differs"
        return redirect(f"{reverse('decisions:waiting', args=[act.decision_id])}?after={after}")

    return one_form(
        request,
        form,
        template="decisions/votes/confirm_paper.html",
        act=confirm,
        then=then,
        decision=act.decision,
        entry=act.pk,
        decided=act.confirmed_by_id is not None,
        name=homes_named([act.slot], act.decision.place)[act.slot.place_id],
    )


@apart
@require_safe
def act_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of a ballot: for the two counters, and for the desk while the entry waits."""
    return photos.answer(queries.photo_for(request.actor, pk))


@apart
@writes
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Slips for homes whose owners have no account: printed here, put into their letter boxes, then marked."""
    found = _desk(request, pk)
    rows = list(queries.slips_of(found)[:PER_PAGE])
    slots = {
        slot.key: slot for slot in found.slots.filter(key__in=[row.address for row in rows]).select_related("place")
    }
    names = homes_named(slots.values(), found.place)
    last = max((row.pk for row in rows), default=0)
    return one_form(
        request,
        forms.SlipsCarried(sent(request), initial={"up_to": last}),
        template="decisions/votes/slips.html",
        act=lambda said: acts.mark_slips_carried(actor=request.actor, decision=found, at=clock.now(), **said),
        then=lambda _done: redirect("decisions:slips", pk=found.pk),
        decision=found,
        rows=[(names[slots[row.address].place_id], row) for row in rows if row.address in slots],
    )
