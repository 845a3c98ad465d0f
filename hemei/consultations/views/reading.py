"""Pages that are read: the list, a consultation, its statements, one's own answers, the moderation log."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import Refused, TooMany
from hemei.consultations import pages, policy, queries
from hemei.consultations.figures import told
from hemei.consultations.models import Consultation, Document
from hemei.places.models import Place

PER_PAGE = 20


def paged(rows: object, request: HttpRequest, per_page: int = PER_PAGE) -> object:
    return Paginator(rows, per_page).get_page(request.GET.get("page", "")[:9])


def number_in(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address, or None for anything else."""
    given = request.GET.get(name, "")[:18]
    return int(given) if given.isascii() and given.isdigit() else None


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Open, ahead and closed consultations, each list under its own address."""
    at, S = clock.now(), Consultation.State
    tabs = [S.OPEN, S.AHEAD, S.CLOSED, S.CANCELLED, S.DRAFT]
    place = None
    if (key := number_in(request, "place")) is not None:
        place = Place.objects.filter(pk=key).first()
        if place is None:
            raise Http404
    counts = queries.counts_by_state(viewer=request.actor, at=at, place=place)
    chosen = request.GET.get("state", "")
    if chosen not in S.values:
        chosen = next((state for state in (S.OPEN, S.AHEAD, S.CLOSED) if counts[state]), S.OPEN)
    rows = queries.consultations_in(viewer=request.actor, state=chosen, at=at, place=place)
    return render(
        request,
        "consultations/consultations.html",
        {
            "page": paged(rows, request),
            "chosen": chosen,
            "tabs": [(S(tab), counts[tab]) for tab in tabs if counts[tab] or tab in (S.OPEN, S.AHEAD, S.CLOSED)],
            "place": place,
            "may_organise": _may_organise_somewhere(request),
        },
    )


def _may_organise_somewhere(request: HttpRequest) -> bool:
    seat = request.actor.seat
    return bool(seat and (seat.body.place is None or policy.may_organise(request.actor, seat.body.place)))


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
    status = 200 if refusal is None else 429 if isinstance(refusal, TooMany) else 422
    told_why = str(refusal) if refusal else ""
    response = render(request, template, {"page": page, "at": at, "refusal": told_why}, status=status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.after_seconds)
    return response


@require_safe
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """Every accepted statement, newest or most answered first, with a search in their words."""
    at = clock.now()
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    order = "answered" if request.GET.get("order") == "answered" else "new"
    words = request.GET.get("words", "")[:100].replace("\x00", "").strip()
    page = paged(queries.statements_in(consultation=found, order=order, words=words), request)
    answers = queries.answers_of(viewer=request.actor, consultation=found)
    tells = found.tells_results(at)
    for one in page:
        one.mine = answers.get(one.pk)
        one.told = told(agrees=one.agrees, passes=one.passes, disagrees=one.disagrees) if tells else None
    return render(
        request,
        "consultations/statements.html",
        {"consultation": found, "page": page, "order": order, "words": words, "tells": tells},
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
    words = {
        "consultation": found,
        "statement": one,
        "state": found.state_at(at),
        "told": told(agrees=one.agrees, passes=one.passes, disagrees=one.disagrees) if tells else None,
        "tells": tells,
        "answer": answers.get(one.pk),
        "reasons": queries.reasons_in(consultation=found, statement=one),
        "may_vote": pages.may_answer(request.actor, found),
        "may_speak": pages.may_say(request.actor, found),
        "mine": mine,
        "refusal": str(refusal) if refusal else "",
        "form_key": pages.uuid4(),
    }
    status = 200 if refusal is None else 429 if isinstance(refusal, TooMany) else 422
    return render(request, "consultations/statement.html", words, status=status)


@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What the reader answered and said here; each answer can be changed until close."""
    at = clock.now()
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    return render(
        request,
        "consultations/mine.html",
        {
            "consultation": found,
            "state": found.state_at(at),
            "page": paged(queries.my_votes(viewer=request.actor, consultation=found), request),
            "words": queries.my_words(viewer=request.actor, consultation=found),
            "reasons": queries.my_reasons(viewer=request.actor, consultation=found),
        },
    )


@require_safe
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """What moderators decided and why, without the words it was about."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    page = paged(queries.log_of(consultation=found), request)
    return render(request, "consultations/log.html", {"consultation": found, "page": page})


@require_safe
def document(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    one: Document = queries.paper_for(viewer=request.actor, pk=pk, paper=paper)
    return render(request, "consultations/document.html", {"consultation": one.consultation, "paper": one})
