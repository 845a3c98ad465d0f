"""What a resident sends: an answer, a statement, an argument, a correction, an appeal; and a whole sheet of paper."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.consultations import actions, forms, pages, policy, queries
from hemei.consultations.models import Argument, AuthorKind, Consultation, Grade, Statement, WordsState
from hemei.consultations.views import reading
from hemei.people.actor import Actor
from hemei.shell.asking import number_in
from hemei.shell.sending import one_form, sent, writes


def acting(request: HttpRequest, consultation: Consultation, grade: str) -> Actor:
    """Who acts: a visitor becomes a guest where guests may, and stays a visitor elsewhere."""
    if not request.actor.is_visitor or grade != Grade.GUEST or consultation.is_imported:
        return request.actor
    from hemei.people.guests import writer

    return writer(request)


@require_POST
def cast_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer from the card, from a statement's own page or from the list of one's answers."""
    words = forms.sent_vote(request.POST)
    if words is None:
        found = queries.consultation_for(viewer=request.actor, pk=pk)
        torn = Refused(_("That answer did not arrive whole. Choose one of the three below."))
        return reading.show(request, found, refusal=torn)
    back, number = words.pop("back"), words.pop("statement")
    try:
        statement = queries.statement_for(viewer=request.actor, pk=pk, number=number, to_answer=True)
    except Http404:
        found = queries.consultation_for(viewer=request.actor, pk=pk)
        gone = Refused(_("This statement is not shown any more, so it takes no answers. The others do."))
        return reading.show(request, found, refusal=gone)
    actor = acting(request, statement.consultation, statement.consultation.who_votes)
    try:
        actions.cast_vote(actor=actor.read_ahead(), statement=statement, at=clock.now(), **words)
    except Refused as refusal:
        return _refused(request, statement, back, refusal)
    if "HX-Request" in request.headers and not back:
        found = queries.consultation_for(viewer=request.actor, pk=pk)
        return reading.show(request, found, kept=number)
    return redirect(_after(pk, number, back))


def _after(pk: int, number: int, back: str) -> str:
    if back == "mine":
        return reverse("consultations:mine", args=[pk])
    if back == "statement":
        return reverse("consultations:statement", args=[pk, number])
    return f"{_page_of(pk)}?kept={number}#card"


@lru_cache(maxsize=512)
def _page_of(pk: int) -> str:
    return reverse("consultations:consultation", args=[pk])


def _refused(request: HttpRequest, statement: Statement, back: str, refusal: Refused) -> HttpResponse:
    if back == "statement":
        return reading.show_statement(request, statement, refusal)
    found = queries.consultation_for(viewer=request.actor, pk=statement.consultation_id)
    return (
        reading.show_mine(request, found, refusal) if back == "mine" else reading.show(request, found, refusal=refusal)
    )


def _early_or_open(found: Consultation, viewer: Actor) -> bool:
    """Whether the form to say something stands on the page, as the action will decide it."""
    S = Consultation.State
    state = found.state_at(clock.now())
    return state == S.OPEN or (state in (S.DRAFT, S.AHEAD) and policy.may_look_after(viewer, found))


@writes
def add_statement(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    organiser = policy.speaks_as(request.actor, found) == AuthorKind.ORGANISER

    def then(one: Statement) -> HttpResponse:
        if found.state_at(clock.now()) in (Consultation.State.DRAFT, Consultation.State.AHEAD):
            return redirect("consultations:organise", pk=pk)
        return redirect("consultations:statement", pk=pk, number=one.number)

    return one_form(
        request,
        forms.AddStatement(sent(request), most=found.statement_max_length, english=organiser),
        template="consultations/add_statement.html",
        act=lambda said: actions.add_statement(
            actor=acting(request, found, found.who_speaks), consultation=found, at=clock.now(), **said
        ),
        then=then,
        **_to_say(request, found),
    )


@writes
def correct_statement(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    one = queries.statement_for(viewer=request.actor, pk=pk, number=number)
    found = one.consultation
    if request.actor.key is None or one.author_id != request.actor.key:
        raise NotAllowed(_("Only who said it can put it in other words."))
    organiser = policy.speaks_as(request.actor, found) == AuthorKind.ORGANISER
    words = {"text": one.text, "text_en": one.text_en}

    def act(said: dict[str, Any]) -> Statement:
        del said["form_key"]
        return actions.correct_statement(actor=request.actor, statement=one, at=clock.now(), **said)

    return one_form(
        request,
        forms.AddStatement(sent(request), most=found.statement_max_length, english=organiser, initial=words),
        template="consultations/correct_statement.html",
        act=act,
        then=lambda corrected: redirect("consultations:statement", pk=pk, number=corrected.number),
        statement=one,
        **_to_say(request, found),
    )


@writes
def add_argument(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """A reason on the question, or on statement `number`."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    one = queries.statement_for(viewer=request.actor, pk=pk, number=number) if number is not None else None

    def then(kept: Argument) -> HttpResponse:
        if kept.state == WordsState.WAITING:
            return redirect("consultations:mine", pk=pk)
        if one is not None:
            return redirect("consultations:statement", pk=pk, number=one.number)
        return redirect(reverse("consultations:consultation", args=[pk]) + "#reasons")

    return one_form(
        request,
        forms.AddArgument(sent(request)),
        template="consultations/add_argument.html",
        act=lambda said: actions.add_argument(
            actor=acting(request, found, found.who_speaks), consultation=found, statement=one, at=clock.now(), **said
        ),
        then=then,
        statement=one,
        **_to_say(request, found),
    )


def _to_say(request: HttpRequest, found: Consultation) -> dict[str, Any]:
    """For the page of a form to say something: with what has to be done first, for who may not speak here."""
    may_speak = pages.may_say(request.actor, found)
    return {
        "consultation": found,
        "state": found.state_at(clock.now()),
        "takes": _early_or_open(found, request.actor),
        "may_speak": may_speak,
        "joins": "" if may_speak else pages.how_to_join(request.actor, found.who_speaks),
    }


@writes
def appeal(request: HttpRequest, pk: int, kind: str, number: int) -> HttpResponse:
    """The author of hidden words asks for a second look."""
    one = words_for(request, pk, kind, number)
    if not policy.may_appeal(request.actor, one):
        raise NotAllowed(_("Only who said it can ask for a second look."))
    return one_form(
        request,
        forms.Appeal(sent(request)),
        template="consultations/appeal.html",
        act=lambda said: actions.appeal(actor=request.actor, words=one, at=clock.now(), **said),
        then=lambda _done: redirect("consultations:mine", pk=pk),
        consultation=one.consultation,
        one=one,
        kind=kind,
    )


def words_for(request: HttpRequest, pk: int, kind: str, number: int) -> Statement | Argument:
    """A statement or an argument, by the name of its kind in the address; or Http404."""
    find = queries.statement_for if kind == "statement" else queries.argument_for
    return find(viewer=request.actor, pk=pk, number=number)


@writes
def enter_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A clerk types in the sheet of the person they sit with."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    if request.actor.assistance is None:
        return render(request, "consultations/enter_sheet.html", {"consultation": found, "form": None})
    part = max(1, min(number_in(request, "part") or 1, 1000))
    said, parts = queries.sheet_of(consultation=found, part=part)
    answers = queries.answers_of(viewer=request.actor, consultation=found)
    standing = {f"s{one.number}": answers[one.pk] for one in said if one.pk in answers}
    form = forms.EnterSheet(sent(request), said=said, initial=standing)

    def act(said: dict[str, Any]) -> int:
        key = said["form_key"]
        return actions.enter_sheet(
            actor=request.actor, consultation=found, answers=form.answers(), form_key=key, at=clock.now()
        )

    return one_form(
        request,
        form,
        template="consultations/enter_sheet.html",
        act=act,
        then=lambda count: redirect(reverse("consultations:enter_sheet", args=[pk]) + f"?part={part}&kept={count}"),
        consultation=found,
        part=part,
        parts=range(1, parts + 1),
        kept=number_in(request, "kept"),
        state=found.state_at(clock.now()),
    )
