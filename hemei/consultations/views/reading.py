"""Pages that are read: the list, a consultation, its statements, one's own answers, the moderation log."""

from urllib.parse import urlencode
from uuid import uuid4

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import Refused
from hemei.base.text import searched
from hemei.consultations import pages, policy, queries
from hemei.consultations.figures import told
from hemei.consultations.models import Appeal, Argument, Consultation, Document, WordsState
from hemei.places.queries import place_for
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import answer

PER_PAGE = 20
COPIES_MAX = 40  # sheets printed in one go


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Open, ahead and closed consultations, each list under its own address."""
    at, S = clock.now(), Consultation.State
    tabs = [S.OPEN, S.AHEAD, S.CLOSED, S.CANCELLED, S.DRAFT]
    place = None
    if (key := number_in(request, "place")) is not None:
        place = place_for(request.actor, key)
    counts = queries.counts_by_state(viewer=request.actor, at=at, place=place)
    chosen = request.GET.get("state", "")
    if chosen not in S.values:
        chosen = next((state for state in (S.OPEN, S.AHEAD, S.CLOSED) if counts[state]), S.OPEN)
    rows = queries.consultations_in(viewer=request.actor, state=chosen, at=at, place=place)
    return render(
        request,
        "consultations/consultations.html",
        {
            "page": page_in(request, rows, PER_PAGE),
            "base": f"state={chosen}" + (f"&place={place.pk}" if place else ""),
            "chosen": S(chosen),
            "tabs": [(S(tab), counts[tab]) for tab in tabs if counts[tab] or tab in (S.OPEN, S.AHEAD, S.CLOSED)],
            "place": place,
            "at": at,
            "may_organise": _may_organise_somewhere(request),
            "queues": queries.queues_of(viewer=request.actor),
        },
    )


def _may_organise_somewhere(request: HttpRequest) -> bool:
    actor = request.actor
    if actor.seat is None or actor.seat.body.place is None:
        return actor.is_administrator
    return policy.may_organise(actor, actor.seat.body.place)


@require_safe
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    return show(request, found, kept=number_in(request, "kept"))


def show(
    request: HttpRequest, found: Consultation, *, kept: int | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The consultation's page; with `refusal` on it when what was just sent could not be kept."""
    at = clock.now()
    page = pages.page_of(found, viewer=request.actor, at=at, kept=kept)
    one_question = request.elder and page.card is not None and "all" not in request.GET
    template = "consultations/one_question.html" if one_question else "consultations/consultation.html"
    told_why = str(refusal) if refusal else ""
    words = {"page": page, "consultation": found, "at": at, "refusal": told_why}
    return answer(request, template, words, refusal)


@require_safe
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """Every accepted statement, newest or most answered first, with a search in their words."""
    at = clock.now()
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    order = "answered" if request.GET.get("order") == "answered" else "new"
    words = searched(request.GET.get("words", ""), most=100)
    page = page_in(request, queries.statements_in(consultation=found, order=order, words=words), PER_PAGE)
    answers = queries.answers_of(viewer=request.actor, consultation=found)
    tells = found.tells_results(at)
    for one in page:
        one.mine = answers.get(one.pk)
        one.told = told(agrees=one.agrees, passes=one.passes, disagrees=one.disagrees) if tells else None
    return render(
        request,
        "consultations/statements.html",
        {
            "consultation": found,
            "page": page,
            "base": urlencode({"order": order, "words": words}),
            "order": order,
            "words": words,
            "tells": tells,
        },
    )


@require_safe
def statement(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    one = queries.statement_for(viewer=request.actor, pk=pk, number=number)
    return show_statement(request, one)


def show_statement(request: HttpRequest, one: object, refusal: Refused | None = None) -> HttpResponse:
    """One statement: the three answers, its counts if they may be told, its reasons."""
    at = clock.now()
    found = one.consultation
    answers = queries.answers_of(viewer=request.actor, consultation=found)
    tells = found.tells_results(at)
    mine = request.actor.key is not None and one.author_id == request.actor.key
    may_vote = pages.may_answer(request.actor, found)
    words = {
        "consultation": found,
        "statement": one,
        "state": found.state_at(at),
        "told": told(agrees=one.agrees, passes=one.passes, disagrees=one.disagrees) if tells else None,
        "tells": tells,
        "answer": answers.get(one.pk),
        "reasons": queries.reasons_in(consultation=found, statement=one),
        "may_vote": may_vote,
        "joins": "" if may_vote else pages.how_to_join(request.actor, found.who_votes),
        "may_speak": pages.may_say(request.actor, found),
        "mine": mine,
        "may_correct": mine and one.answered == 0 and one.state != WordsState.REJECTED,
        "may_appeal": mine and one.state == WordsState.REJECTED and not Appeal.objects.filter(statement=one).exists(),
        "may_look_after": policy.may_look_after(request.actor, found),
        "at": at,
        "refusal": str(refusal) if refusal else "",
        "form_key": uuid4(),
    }
    return answer(request, "consultations/statement.html", words, refusal)


@require_safe
def arguments(request: HttpRequest, pk: int) -> HttpResponse:
    """Every reason that is shown, newest first: all of them, or one side."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    side = request.GET.get("side", "")
    side = side if side in Argument.Side.values else ""
    words = {
        "consultation": found,
        "side": side,
        "base": urlencode({"side": side}),
        "page": page_in(request, queries.arguments_in(consultation=found, side=side), PER_PAGE),
        "may_look_after": policy.may_look_after(request.actor, found),
    }
    return render(request, "consultations/arguments.html", words)


@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What the reader answered and said here; each answer can be changed until close."""
    return show_mine(request, queries.consultation_for(viewer=request.actor, pk=pk))


def show_mine(request: HttpRequest, found: Consultation, refusal: Refused | None = None) -> HttpResponse:
    """One's own answers and words; with `refusal` on it when a change could not be kept."""
    at = clock.now()
    page = page_in(request, queries.my_votes(viewer=request.actor, consultation=found), PER_PAGE)
    for vote in page:
        vote.next_key = uuid4()
    words = {
        "consultation": found,
        "state": found.state_at(at),
        "page": page,
        "words": queries.my_words(viewer=request.actor, consultation=found),
        "reasons": queries.my_reasons(viewer=request.actor, consultation=found),
        "refusal": str(refusal) if refusal else "",
    }
    return answer(request, "consultations/mine.html", words, refusal)


@require_safe
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """What moderators decided and why, without the words it was about."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    page = page_in(request, queries.log_of(consultation=found), PER_PAGE)
    words = {"consultation": found, "page": page, "may_look_after": policy.may_look_after(request.actor, found)}
    return render(request, "consultations/log.html", words)


@require_safe
def document(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    one: Document = queries.paper_for(viewer=request.actor, pk=pk, paper=paper)
    words = {
        "consultation": one.consultation,
        "paper": one,
        "may_look_after": policy.may_look_after(request.actor, one.consultation),
    }
    return render(request, "consultations/document.html", words)


@require_safe
def document_file(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    one = queries.paper_for(viewer=request.actor, pk=pk, paper=paper)
    if one.file is None:
        raise Http404
    return uploads.answer(one.file)


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper ballot: statements with three boxes each, to be printed. part: so many statements on one sheet."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    part = max(1, min(number_in(request, "part") or 1, 1000))
    said, parts = queries.sheet_of(consultation=found, part=part)
    if not said and part > 1:
        raise Http404
    first = max(1, min(number_in(request, "first") or 1, 9000))
    copies = max(1, min(number_in(request, "copies") or 1, COPIES_MAX))
    address = request.build_absolute_uri(reverse("consultations:consultation", args=[pk]))
    words = {
        "consultation": found,
        "state": found.state_at(clock.now()),
        "said": said,
        "part": part,
        "parts": range(1, parts + 1),
        "numbers": [f"{pk}-{part}-{number:04d}" for number in range(first, first + copies)],
        "first": first,
        "copies": copies,
        "copies_max": COPIES_MAX,
        "next_first": first + copies,
        "address": address,
        "svg": segno.make(address, error="m").svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True),
        "here_before": reverse("consultations:consultation", args=[pk]),
    }
    return render(request, "consultations/sheet.html", words)
