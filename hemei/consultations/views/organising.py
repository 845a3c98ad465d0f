"""The organiser's pages: prepare, check, announce, cancel, answer; papers; what is said is read and looked after."""

from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.consultations import actions, checklist, forms, policy, queries
from hemei.consultations.actions.organising import answer_due, who_may_organise
from hemei.consultations.models import Appeal, Argument, Consultation, Statement, WordsState
from hemei.consultations.views.taking_part import words_for
from hemei.places.models import Place
from hemei.shell.asking import number_in
from hemei.shell.sending import answer, one_form, sent, writes

ASKED = (
    "question",
    "question_en",
    "intro",
    "intro_en",
    "opens_at",
    "closes_at",
    "results_at",
    "who_votes",
    "who_speaks",
    "moderation",
    "audience",
    "statement_max_length",
)


def looked_after(request: HttpRequest, pk: int) -> Consultation:
    """The consultation for those who look after it: 404 where it cannot be seen, 403 where it can."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    if not policy.may_look_after(request.actor, found):
        raise NotAllowed(who_may_organise())
    return found


@writes
def prepare_consultation(request: HttpRequest) -> HttpResponse:
    places = queries.places_to_ask(viewer=request.actor)
    if not places:
        raise NotAllowed(who_may_organise())
    chosen = number_in(request, "place")
    form = forms.PrepareConsultation(sent(request), places=places, initial={"place": chosen or places[0].pk})

    def act(said: dict[str, Any]) -> Consultation:
        place = Place.objects.get(pk=said["place"])
        return actions.prepare_consultation(actor=request.actor, at=clock.now(), **{**said, "place": place})

    return one_form(
        request,
        form,
        template="consultations/prepare.html",
        act=act,
        then=lambda made: redirect("consultations:organise", pk=made.pk),
    )


@writes
def change_consultation(request: HttpRequest, pk: int) -> HttpResponse:
    found = looked_after(request, pk)
    words = {name: getattr(found, name) for name in ASKED}
    words |= {"title": found.matter.title, "title_en": found.matter.title_en, "seen_version": found.version}
    return one_form(
        request,
        forms.ChangeDraft(sent(request), initial=words),
        template="consultations/change.html",
        act=lambda said: actions.change_consultation(actor=request.actor, consultation=found, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:organise", pk=pk),
        consultation=found,
        state=found.state_at(clock.now()),
    )


@require_safe
def organise(request: HttpRequest, pk: int) -> HttpResponse:
    return _organise(request, looked_after(request, pk))


def _organise(request: HttpRequest, found: Consultation, refusal: Refused | None = None) -> HttpResponse:
    """What stands, what is missing, and what the organiser can do now."""
    at = clock.now()
    words = {
        "consultation": found,
        "state": found.state_at(at),
        "at": at,
        "checks": checklist.checks(found, at),
        "ready": not checklist.missing(found, at),
        "seeds": queries.statements_in(consultation=found)[:50],
        "papers": queries.papers_of(consultation=found),
        "waiting": found.waiting,
        "answer_due": answer_due(found),
        "replies": queries.replies_of(consultation=found),
        "tells": found.tells_results(at),
        "refusal": str(refusal) if refusal else "",
    }
    return answer(request, "consultations/organise.html", words, refusal)


@require_POST
def make_ready(request: HttpRequest, pk: int) -> HttpResponse:
    found = looked_after(request, pk)
    try:
        actions.make_ready(actor=request.actor, consultation=found, at=clock.now())
    except Refused as refusal:
        return _organise(request, found, refusal)
    return redirect("consultations:consultation", pk=pk)


@writes
def cancel_consultation(request: HttpRequest, pk: int) -> HttpResponse:
    found = looked_after(request, pk)
    return one_form(
        request,
        forms.CancelConsultation(sent(request)),
        template="consultations/cancel.html",
        act=lambda said: actions.cancel_consultation(actor=request.actor, consultation=found, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:consultation", pk=pk),
        consultation=found,
    )


@writes
def answer_consultation(request: HttpRequest, pk: int) -> HttpResponse:
    found = looked_after(request, pk)
    return one_form(
        request,
        forms.AnswerConsultation(sent(request)),
        template="consultations/answer.html",
        act=lambda said: actions.answer_consultation(actor=request.actor, consultation=found, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:consultation", pk=pk),
        consultation=found,
        answer_due=answer_due(found),
        tells=found.tells_results(clock.now()),
    )


# papers


@writes
def add_document(request: HttpRequest, pk: int) -> HttpResponse:
    found = looked_after(request, pk)
    return one_form(
        request,
        forms.AddDocument(sent(request), request.FILES or None),
        template="consultations/add_document.html",
        act=lambda said: actions.add_document(actor=request.actor, consultation=found, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:organise", pk=pk),
        consultation=found,
    )


@writes
def take_down_document(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    found = looked_after(request, pk)
    one = queries.paper_for(viewer=request.actor, pk=pk, paper=paper)
    return one_form(
        request,
        forms.TakeDownDocument(sent(request)),
        template="consultations/take_down_document.html",
        act=lambda said: actions.take_down_document(actor=request.actor, document=one, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:organise", pk=pk),
        consultation=found,
        paper=one,
    )


# what is said


@require_safe
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits to be read, the oldest first."""
    return _queue(request, looked_after(request, pk))


def _queue(request: HttpRequest, found: Consultation, refusal: Refused | None = None) -> HttpResponse:
    waiting = queries.queue_of(consultation=found)
    rows = [
        {
            "one": one,
            "kind": "statement" if one.is_statement else "argument",
            "shown": one.words.state == WordsState.ACCEPTED,
            "mine": one.words.author_id == request.actor.person.pk,
            "hid_it": one.appeal is not None and one.words.moderated_by_id == request.actor.person.pk,
            "form_key": uuid4(),
        }
        for one in waiting
    ]
    words = {"consultation": found, "rows": rows, "length": found.waiting, "refusal": str(refusal) if refusal else ""}
    return answer(request, "consultations/queue.html", words, refusal)


def _said(request: HttpRequest, pk: int, kind: str, number: int) -> Statement | Argument:
    looked_after(request, pk)
    return words_for(request, pk, kind, number)


@require_POST
def accept_words(request: HttpRequest, pk: int, kind: str, number: int) -> HttpResponse:
    one = _said(request, pk, kind, number)
    form = forms.Keyed(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("That did not arrive whole. Press the button once more."))
        actions.accept_words(actor=request.actor, words=one, at=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        return _queue(request, looked_after(request, pk), refusal)
    return redirect("consultations:queue", pk=pk)


@writes
def reject_words(request: HttpRequest, pk: int, kind: str, number: int) -> HttpResponse:
    """Hide what waits or what is shown, with ground and reason."""
    one = _said(request, pk, kind, number)
    return _judge(request, one, kind, forms.RejectWords(sent(request)), actions.reject_words)


@writes
def restore_words(request: HttpRequest, pk: int, kind: str, number: int) -> HttpResponse:
    """Show again what was hidden by mistake."""
    one = _said(request, pk, kind, number)
    return _judge(request, one, kind, forms.RestoreWords(sent(request)), actions.restore_words)


def _judge(request: HttpRequest, one: Statement | Argument, kind: str, form: Form, action: Any) -> HttpResponse:
    where = "queue" if one.state == WordsState.WAITING else "log"
    return one_form(
        request,
        form,
        template=f"consultations/{action.__name__}.html",
        act=lambda said: action(actor=request.actor, words=one, at=clock.now(), **said),
        then=lambda _done: redirect(f"consultations:{where}", pk=one.consultation_id),
        consultation=one.consultation,
        one=one,
        kind=kind,
    )


@writes
def decide_appeal(request: HttpRequest, pk: int, appeal: int) -> HttpResponse:
    one: Appeal = queries.appeal_for(viewer=request.actor, pk=pk, appeal=appeal)
    return one_form(
        request,
        forms.DecideAppeal(sent(request)),
        template="consultations/decide_appeal.html",
        act=lambda said: actions.decide_appeal(actor=request.actor, appeal=one, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:queue", pk=pk),
        consultation=one.consultation,
        appeal=one,
        one=one.statement or one.argument,
    )
