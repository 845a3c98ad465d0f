"""Reading consultations, always for a viewer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from hemei.base import clock
from hemei.base.prepared import Prepared
from hemei.base.text import likeness
from hemei.consultations import policy
from hemei.consultations.models import (
    Appeal,
    Argument,
    AuthorKind,
    Consultation,
    Document,
    ModerationAct,
    OpinionMap,
    Reply,
    Statement,
    Vote,
    WordsState,
)
from hemei.ledger.models import STEPS, Entry
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.shell.words import named

S = Consultation.State
QUEUES_AT_COUNTER = 10
SHEET_MAX = 24  # statements on one paper sheet: two sides in print that one reads without glasses


def in_state(state: str, at: datetime) -> Q:
    """Consultations that stand in `state` at `at`, as `Consultation.state_at` says of one."""
    going = Q(cancelled_at=None, ready_at__isnull=False)
    return {
        S.DRAFT: Q(cancelled_at=None, ready_at=None),
        S.AHEAD: going & Q(opens_at__gt=at),
        S.OPEN: going & Q(opens_at__lte=at, closes_at__gt=at),
        S.CLOSED: going & Q(closes_at__lte=at),
        S.CANCELLED: Q(cancelled_at__isnull=False),
    }[S(state)]


def consultations_seen(*, viewer: Actor) -> QuerySet[Consultation]:
    """Every consultation that `viewer` may see, with its matter and place, in no order yet."""
    seen = Consultation.objects.filter(policy.visible(viewer))
    return seen.select_related("matter__place", "matter__street", "body")


def consultations_in(*, viewer: Actor, state: str, at: datetime, place: Place | None = None) -> QuerySet[Consultation]:
    """Those in `state`: open ones by close, those ahead by opening, the rest newest first."""
    seen = consultations_seen(viewer=viewer).filter(in_state(state, at))
    if place is not None:
        seen = seen.filter(matter__place__path__startswith=place.path)
    order = {S.OPEN: ("closes_at", "pk"), S.AHEAD: ("opens_at", "pk")}.get(S(state), ("-closes_at", "-pk"))
    return seen.order_by(*order)


def counts_by_state(*, viewer: Actor, at: datetime, place: Place | None = None) -> dict[str, int]:
    """How many stand in each state, in one query."""
    seen = Consultation.objects.filter(policy.visible(viewer))
    if place is not None:
        seen = seen.filter(matter__place__path__startswith=place.path)
    return seen.aggregate(**{state: Count("pk", filter=in_state(state, at)) for state in S.values})


def consultation_for(*, viewer: Actor, pk: int) -> Consultation:
    """The consultation, or Http404; with `reached`, the furthest of the seven steps its matter has begun.

    For who speaks from a seat with `waiting` too, how many words wait to be read.
    """
    found = (_ONE if viewer.seat is None else _ONE_OF_STAFF).first(pk=pk)
    if found is None or not _sees(viewer, found):
        raise Http404
    return found


def _sees(viewer: Actor, consultation: Consultation) -> bool:
    """As `policy.visible` says; what everybody may see needs no question to the database."""
    public = consultation.matter.visibility == Matter.Visibility.PUBLIC
    return public or policy.may_see(viewer, consultation)


def _reached() -> Subquery:
    """Place of the furthest step in the matter's chain, as a column: the page needs no query of its own for it."""
    places = [When(step=key, then=Value(place)) for place, (key, _) in enumerate(STEPS)]
    entries = Entry.objects.filter(
        chain__subject_kind="matters.matter", chain__subject_key=OuterRef("matter_id"), quiet=False
    ).filter(step__gt="")
    return Subquery(entries.annotate(place=Case(*places)).order_by("-place").values("place")[:1])


_STATEMENT = Prepared(
    lambda consultation, number: Statement.objects.filter(consultation_id=consultation, number=number).select_related(
        "consultation__matter__place"
    ),
    consultation=int,
    number=int,
)


# what an answer needs of the four rows; anything else is fetched when somebody asks for it
_TO_ANSWER = (
    *("number", "state", "author", "consultation"),
    *(f"consultation__{field}" for field in ("matter", "who_votes", "opens_at", "closes_at", "ready_at")),
    *(f"consultation__{field}" for field in ("cancelled_at", "is_imported")),
    *(f"consultation__matter__{field}" for field in ("place", "visibility", "author", "body", "street")),
    "consultation__matter__place__path",
)
_STATEMENT_TO_ANSWER = Prepared(
    lambda consultation, number: (
        Statement.objects.filter(consultation_id=consultation, number=number)
        .select_related("consultation__matter__place")
        .only(*_TO_ANSWER)
    ),
    consultation=int,
    number=int,
)


def statement_for(*, viewer: Actor, pk: int, number: int, to_answer: bool = False) -> Statement:
    """A statement with its consultation, matter and place; refused ones are their author's and the moderators'.

    to_answer: only what the action of voting reads of them, for every vote passes here.
    """
    found = (_STATEMENT_TO_ANSWER if to_answer else _STATEMENT).first(consultation=pk, number=number)
    if found is None or not _sees(viewer, found.consultation):
        raise Http404
    if found.state == WordsState.ACCEPTED or (viewer.key is not None and found.author_id == viewer.key):
        return found
    if policy.may_look_after(viewer, found.consultation):
        return found
    raise Http404


def statements_in(*, consultation: Consultation, order: str = "new", words: str = "") -> QuerySet[Statement]:
    """Accepted statements. order: new, or answered (most answers first; never by what was answered)."""
    said = Statement.objects.filter(consultation=consultation, state=WordsState.ACCEPTED)
    if words:
        said = said.filter(Q(text__icontains=words) | Q(text_en__icontains=words))
    if order == "answered":
        said = said.annotate(total=F("agrees") + F("disagrees") + F("passes")).order_by("-total", "number")
    else:
        said = said.order_by("-number")
    return said


def sheet_of(*, consultation: Consultation, part: int) -> tuple[list[Statement], int]:
    """The statements on sheet number `part`, in the order of their numbers, and how many sheets there are."""
    said = Statement.objects.filter(consultation=consultation, state=WordsState.ACCEPTED).order_by("number")
    parts = max(1, -(-consultation.statements // SHEET_MAX))
    return list(said[(part - 1) * SHEET_MAX : part * SHEET_MAX]), parts


def like_it(*, consultation: Consultation, text: str) -> Statement | None:
    """The statement that already says this, shown or not."""
    return Statement.objects.filter(consultation=consultation, likeness=likeness(text), batch=None).first()


def answers_of(*, viewer: Actor, consultation: Consultation) -> dict[int, int]:
    """The viewer's own answers that stand, by statement key, the latest last."""
    if viewer.key is None:
        return {}
    return dict(_ANSWERS.all(person=viewer.key, consultation=consultation.pk))


def my_votes(*, viewer: Actor, consultation: Consultation) -> QuerySet[Vote]:
    """The viewer's own answers that stand, the latest first, with their statements."""
    mine = Vote.objects.filter(
        participant__person_id=viewer.key or 0, participant__consultation=consultation.pk, current=True
    )
    return mine.select_related("statement").order_by("-pk")


def my_words(*, viewer: Actor, consultation: Consultation) -> list[Statement]:
    """The viewer's own statements in every state, newest first."""
    mine = Statement.objects.filter(consultation=consultation, author_id=viewer.key or 0)
    return list(mine.select_related("appeal").order_by("-number"))


def my_reasons(*, viewer: Actor, consultation: Consultation) -> list[Argument]:
    """The viewer's own arguments in every state, newest first."""
    mine = Argument.objects.filter(consultation=consultation, author_id=viewer.key or 0)
    return list(mine.select_related("appeal").order_by("-number"))


def argument_for(*, viewer: Actor, pk: int, number: int) -> Argument:
    """One argument for its author or those who look after the consultation; or Http404."""
    found = (
        Argument.objects.filter(policy.visible(viewer, "consultation__"), consultation_id=pk, number=number)
        .select_related("consultation__matter__place", "statement")
        .first()
    )
    if found is None:
        raise Http404
    mine = viewer.key is not None and found.author_id == viewer.key
    if mine or policy.may_look_after(viewer, found.consultation):
        return found
    raise Http404


def appeal_for(*, viewer: Actor, pk: int, appeal: int) -> Appeal:
    """An appeal that waits, for those who look after the consultation; or Http404."""
    found = (
        Appeal.objects.filter(policy.visible(viewer, "consultation__"), consultation_id=pk, pk=appeal, answered_at=None)
        .select_related("consultation__matter__place")
        .select_related("statement__consultation__matter__place", "argument__consultation__matter__place")
        .first()
    )
    if found is None or not policy.may_look_after(viewer, found.consultation):
        raise Http404
    return found


def reasons_in(
    *, consultation: Consultation, statement: Statement | None = None, most: int = 20
) -> dict[str, list[Argument]]:
    """Accepted arguments on the question or one statement: {"for": …, "against": …}, newest first, `most` of each."""
    shown = Argument.objects.filter(consultation=consultation, statement=statement, state=WordsState.ACCEPTED).order_by(
        "-number"
    )
    both: dict[str, list[Argument]] = {"for": [], "against": []}
    for one in shown[: 10 * most]:
        if len(both[one.side]) < most:
            both[one.side].append(one)
    return both


def papers_of(*, consultation: Consultation) -> list[Document]:
    """Background documents that are shown, in the order they were added."""
    return list(Document.objects.filter(consultation=consultation, taken_down_at=None).order_by("pk")[:50])


def arguments_in(*, consultation: Consultation, side: str = "") -> QuerySet[Argument]:
    """Accepted arguments, newest first, with the statements that are shown; side: for, against, or "" for both."""
    shown = Argument.objects.filter(consultation=consultation, state=WordsState.ACCEPTED)
    shown = shown.filter(Q(statement=None) | Q(statement__state=WordsState.ACCEPTED))
    return (shown.filter(side=side) if side else shown).select_related("statement").order_by("-number")


def replies_of(*, consultation: Consultation) -> list[Reply]:
    """What the organiser made of it, the first answer first."""
    return list(Reply.objects.filter(consultation=consultation).select_related("body").order_by("pk")[:20])


def paper_for(*, viewer: Actor, pk: int, paper: int) -> Document:
    found = (
        Document.objects.filter(policy.visible(viewer, "consultation__"), consultation_id=pk, pk=paper)
        .filter(taken_down_at=None)
        .select_related("consultation__matter__place", "file")
        .first()
    )
    if found is None:
        raise Http404
    return found


def latest_map(consultation: Consultation) -> OpinionMap | None:
    """The newest map; whether it may be shown at this moment is asked of `Consultation.tells_results`."""
    return OpinionMap.objects.filter(consultation=consultation).order_by("-pk").first()


def log_of(*, consultation: Consultation) -> QuerySet[ModerationAct]:
    """What moderators decided against words or for them again, newest first; the words themselves are not in it."""
    acts = ModerationAct.objects.filter(consultation=consultation).exclude(deed=ModerationAct.Deed.ACCEPTED)
    return acts.select_related("body", "statement", "argument").order_by("-at", "-pk")


@dataclass(frozen=True)
class Waiting:
    """One thing in the moderators' queue. appeal: None for a first reading."""

    words: Statement | Argument
    appeal: Appeal | None
    since: datetime

    @property
    def is_statement(self) -> bool:
        return isinstance(self.words, Statement)


def _unread() -> Q:
    """Words that nobody has read yet: they wait, or they appeared at once because they are read afterwards."""
    afterwards = Q(consultation__moderation=Consultation.Moderation.AFTER, consultation__is_imported=False)
    at_once = Q(state=WordsState.ACCEPTED, moderated_at=None) & ~Q(author_kind=AuthorKind.ORGANISER)
    return Q(state=WordsState.WAITING) | (afterwards & at_once)


def queue_of(*, consultation: Consultation, most: int = 30) -> list[Waiting]:
    """What waits to be read, and appeals that wait for somebody else, the oldest first."""
    waiting: list[Waiting] = []
    for model in (Statement, Argument):
        rows = model.objects.filter(_unread(), consultation=consultation).order_by("number")
        waiting += [Waiting(words, None, words.made_at) for words in rows[:most]]
    appeals = Appeal.objects.filter(consultation=consultation, answered_at=None).order_by("made_at", "pk")
    for appeal in appeals.select_related("statement", "argument")[:most]:
        waiting.append(Waiting(appeal.statement or appeal.argument, appeal, appeal.made_at))
    return sorted(waiting, key=lambda one: (one.since, one.words.pk))[:most]


def queue_length(*, consultation: Consultation) -> int:
    """How many things wait for a moderator."""
    return _with_waiting(Consultation.objects.filter(pk=consultation.pk)).values_list("waiting", flat=True).get()


def _with_waiting(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """`waiting`: how many statements, reasons and appeals wait to be read."""

    def count(model: type[Statement] | type[Argument] | type[Appeal], which: Q) -> Any:
        here = model._default_manager.filter(which, consultation=OuterRef("pk")).order_by().values("consultation")
        return Coalesce(Subquery(here.annotate(count=Count("pk")).values("count")), 0)

    return rows.annotate(
        waiting=count(Statement, _unread()) + count(Argument, _unread()) + count(Appeal, Q(answered_at=None))
    )


def counter_panel(viewer: Actor, body: Body) -> dict[str, Any] | None:
    """Where words wait to be read by a clerk's body."""
    may_organise = body.place is not None and policy.may_organise(viewer, body.place)
    queues = queues_of(viewer=viewer, most=QUEUES_AT_COUNTER)
    return {"queues": queues, "may_organise": may_organise} if queues or may_organise else None


def queues_of(*, viewer: Actor, most: int = 50) -> list[Consultation]:
    """Consultations the viewer looks after in which words wait to be read (`waiting`), the fullest queue first."""
    seat = viewer.seat
    if seat is None or not any(policy.may_organise(viewer, place) for place in [seat.body.place] if place):
        return []
    there = consultations_seen(viewer=viewer).filter(matter__place__path__startswith=seat.body.place.path)
    rows = _with_waiting(there.filter(is_imported=False)).filter(waiting__gt=0)
    return list(rows.order_by("-waiting", "pk")[:most])


def places_to_ask(*, viewer: Actor, most: int = 300) -> list[Place]:
    """Where the viewer may put a question: their body's place and what lies in it, down to estates; `told` names it."""
    seat = viewer.seat
    if seat is None:
        return []
    there = Place.objects.filter(kind__in=(Kind.STREET, Kind.AREA, Kind.ESTATE), until=None).order_by("path")
    if seat.body.place is not None:
        there = there.filter(path__startswith=seat.body.place.path) | Place.objects.filter(pk=seat.body.place_id)
    found = [place for place in there.order_by("path")[:most] if policy.may_organise(viewer, place)]
    names = {place.pk: named(place) for place in found}
    for place in found:
        place.told = " · ".join(names[key] for key in place.ancestor_keys if key in names)
    return found


_ONE = Prepared(
    lambda pk: (
        Consultation.objects.filter(pk=pk)
        .select_related("matter__place", "matter__street", "body")
        .annotate(reached=_reached())
    ),
    pk=int,
)
_ONE_OF_STAFF = Prepared(lambda pk: _with_waiting(_ONE.described(pk)), pk=int)
_STATEMENT = Prepared(
    lambda consultation, number: Statement.objects.filter(consultation_id=consultation, number=number).select_related(
        "consultation__matter__place"
    ),
    consultation=int,
    number=int,
)
_ANSWERS = Prepared(
    lambda person, consultation: (
        Vote.objects.filter(participant__person_id=person, participant__consultation_id=consultation, current=True)
        .order_by("pk")
        .values_list("statement_id", "answer")
    ),
    person=int,
    consultation=int,
)


def matter_panel(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """What the matter's page says of its consultation; None when it has none that the viewer may see."""
    found = consultations_seen(viewer=viewer).filter(matter=matter).first()
    if found is None:
        return None
    at = clock.now()
    return {"consultation": found, "state": found.state_at(at), "at": at}


def place_panel(viewer: Actor, place: Place, most: int = 5) -> dict[str, Any] | None:
    """What is asked at a place and inside it now and soon; lately closed ones where there is nothing else."""
    at = clock.now()
    there = consultations_seen(viewer=viewer).filter(matter__place__path__startswith=place.path)
    over = Case(When(closes_at__lte=at, then=Value(1)), default=Value(0))
    soonest = Case(When(closes_at__gt=at, then=F("closes_at")))
    worth = in_state(S.OPEN, at) | in_state(S.AHEAD, at) | in_state(S.CLOSED, at)
    found = list(there.filter(worth).order_by(over, soonest, "-closes_at", "pk")[:most])
    shown = [one for one in found if one.closes_at > at] or found
    may_organise = policy.may_organise(viewer, place)
    if not shown and not may_organise:
        return None
    rows = [{"consultation": one, "state": one.state_at(at)} for one in shown]
    return {"rows": rows, "at": at, "place": place, "may_organise": may_organise}
