"""Pages on which an owner votes, takes it back and reads what was recorded for their homes."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.decisions import rules
from hemei.decisions.actions import own as actions
from hemei.decisions.forms import own as forms
from hemei.decisions.models import Decision
from hemei.decisions.models.acts import Choice
from hemei.decisions.queries import own as queries
from hemei.shell.asking import page_in
from hemei.shell.sending import one_form, sent, writes

PER_PAGE = 20
State = Decision.State
nobody_keeps = cache_control(private=True, no_store=True)


@nobody_keeps
@writes
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, its text, then three answers of one weight; the choice is repeated in words before it is sent.

    Nothing is written before the second page was sent: that one carries `sure`.
    """
    at, viewer = clock.now(), request.actor
    found = queries.decision_for(viewer, pk)
    voices = queries.voices_of(viewer, found, at)
    why, told = queries.why_not(viewer, found, at, voices)
    late = found.state_at(at) == State.COUNTING and bool(voices) and found.online
    if why and not (request.method == "POST" and late):
        words = {"decision": found, "why": why, "told": told, "here": request.get_full_path()}
        words["note"] = rules.legal_note(found) if why == "time" else ""
        return render(request, "decisions/own/no_vote.html", words, status=200 if why == "time" else 403)
    own = [voice.value for voice in voices if voice.authority is None]
    form = forms.Consent(
        sent(request),
        voices=queries.named_voices(voices),
        ticked=own or [voice.value for voice in voices][:1],
        initial={"form_key": uuid4()},
    )
    page = {
        "decision": found,
        "voices": voices,
        "instructed": [voice for voice in voices if voice.authority is not None and voice.authority.instruction],
        "choices": forms.CHOSEN,
        "note": rules.legal_note(found),
        "at": at,
    }
    if request.method == "POST" and "sure" not in request.POST and form.is_valid():
        said = form.cleaned_data
        homes = [voice for voice in voices if voice.value in said["homes"]]
        page |= {"form": form, "said": said, "homes": homes, "choice": Choice(said["choice"]).label}
        return render(request, "decisions/own/sure.html", page)
    return one_form(
        request,
        form,
        template="decisions/own/vote.html",
        act=lambda said: actions.consent(actor=viewer, decision=found, at=at, **said),
        then=lambda acts: redirect("decisions:receipt", pk=found.pk, act=acts[0].pk),
        **page,
    )


@nobody_keeps
@writes
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was said for one's own homes, by whatever way it came."""
    at, viewer = clock.now(), request.actor
    found = queries.decision_for(viewer, pk)
    actions.refuse_other_hands(viewer)
    voices = [voice for voice in queries.voices_of(viewer, found, at) if voice.authority is None]
    if not voices:
        raise Http404
    form = forms.Revoke(sent(request), voices=queries.named_voices(voices))
    return one_form(
        request,
        form,
        template="decisions/own/take_back.html",
        act=lambda said: actions.revoke(actor=viewer, decision=found, at=at, **said),
        then=lambda acts: redirect("decisions:receipt", pk=found.pk, act=acts[0].pk),
        decision=found,
        voices=voices,
        state=found.state_at(at),
    )


@nobody_keeps
@require_safe
def receipt(request: HttpRequest, pk: int, act: int) -> HttpResponse:
    at = clock.now()
    found = queries.decision_for(request.actor, pk)
    page = queries.receipt(request.actor, found, act, at)
    return render(request, "decisions/own/receipt.html", {"page": page, "decision": found, "state": found.state_at(at)})


@nobody_keeps
@require_safe
def history(request: HttpRequest, pk: int, slot: int) -> HttpResponse:
    """Every act ever recorded for a home of the reader."""
    at = clock.now()
    found = queries.decision_for(request.actor, pk)
    page = queries.history(request.actor, found, slot, at)
    words: dict[str, Any] = {"page": page, "decision": found, "state": found.state_at(at), "at": at}
    return render(request, "decisions/own/history.html", words)


@nobody_keeps
@require_safe
def differing(request: HttpRequest, pk: int) -> HttpResponse:
    """Homes whose co-owners differ: for those who count, and for the co-owners themselves."""
    at = clock.now()
    found = queries.decision_for(request.actor, pk)
    page = queries.differing(request.actor, found, at)
    words = {"page": page, "decision": found, "state": found.state_at(at), "note": rules.legal_note(found)}
    return render(request, "decisions/own/differing.html", words)


@nobody_keeps
@require_safe
def my_votes(request: HttpRequest) -> HttpResponse:
    """All my homes in every decision, and for whom I may vote by authority."""
    at, viewer = clock.now(), request.actor
    page = page_in(request, queries.my_slots(viewer, at), PER_PAGE)
    words = {"page": page, "votes": queries.my_votes(viewer, page.object_list, at), "at": at}
    return render(request, "decisions/own/my_votes.html", words | {"given": queries.given_to(viewer, at)})
