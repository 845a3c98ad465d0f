"""Reading promises, always for a viewer. What a viewer may not read is left out before anything is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from hemei.base import clock
from hemei.ledger.queries import ChainLine, chain_line
from hemei.matters import policy as matters
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Place
from hemei.promises import policy
from hemei.promises.days import day_of
from hemei.promises.models import Dispute, Extension, Promise

SOON_DAYS = 3  # as one counts on a calendar
KEPT_SHOWN = timedelta(days=90)  # on home and on a place's page: what was kept lately
PANEL_MOST = 6
State = Promise.State
LATE, SOON_STATE = "late", "soon"
TABS = (LATE, State.OPEN, State.KEPT, State.LAPSED, State.DISPUTED, State.WITHDRAWN)


@dataclass(frozen=True)
class Card:
    """One promise as one viewer may read it. told: whether its words are theirs to read.

    Without them only the kind, the owner and the day are here. state: late, soon, open, kept, lapsed, disputed or
    withdrawn, at the moment of asking. owner: "" for a person, whom a public page never names.
    """

    pk: int
    told: bool
    state: str
    kind: str
    owner: str
    owner_en: str
    owner_body: int | None
    due_at: datetime
    what: str = ""
    what_en: str = ""
    place: str = ""
    place_en: str = ""
    kept_at: datetime | None = None
    proof: str = ""
    proof_en: str = ""
    moved: int = 0
    is_demo: bool = False

    @property
    def chip(self) -> str:
        """The look of its state, from the style sheet."""
        return {LATE: "late", State.LAPSED: "late", SOON_STATE: "soon", State.DISPUTED: "soon", State.KEPT: "kept"}.get(
            self.state, ""
        )

    @property
    def is_running(self) -> bool:
        return self.state in (LATE, SOON_STATE, State.OPEN)


@dataclass(frozen=True)
class Page:
    """A promise's own page. promise is None when only its card may be read. may_…: what the reader can do here."""

    card: Card
    promise: Promise | None = None
    matter: Matter | None = None
    owner_is_me: bool = False
    owed_to: str = ""
    owed_to_en: str = ""
    owed_to_me: bool = False
    extensions: tuple[Extension, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    may_keep: bool = False
    may_extend: bool = False
    may_dispute: bool = False
    may_answer: bool = False
    may_withdraw: bool = False
    line: ChainLine | None = None


def in_state(state: str, at: datetime) -> Q:
    """Promises that stand in `state` at `at`. late: open, and the day has passed; open: the other open ones."""
    if state == LATE:
        return Q(state=State.OPEN, late_at__lt=at)
    if state == State.OPEN:
        return Q(state=State.OPEN, late_at__gte=at)
    return Q(state=state)


def _told(viewer: Actor) -> Any:
    return Case(When(policy.visible(viewer), then=Value(True)), default=Value(False), output_field=BooleanField())


def promises_seen(*, viewer: Actor, at: datetime) -> QuerySet[Promise]:
    """Every promise of which `viewer` may know. told: whether its words are theirs to read. moved: how often."""
    known = policy.visible(viewer) | policy.overdue(at)
    moves = Extension.objects.filter(promise=OuterRef("pk")).order_by().values("promise").annotate(count=Count("pk"))
    rows = Promise.objects.filter(known).select_related("place", "owner_body")
    return rows.annotate(told=_told(viewer), moved=Coalesce(Subquery(moves.values("count")), 0))


def promises_in(
    *, viewer: Actor, at: datetime, state: str, place: Place | None = None, body: Body | None = None
) -> QuerySet[Promise]:
    """Those in `state`: running ones by their day, the nearest first, ended ones newest first.

    Below the street a place is part of the words: what `viewer` may not read is not found by it.
    """
    seen = promises_seen(viewer=viewer, at=at).filter(in_state(state, at), _there(place, body))
    if place is not None and place.parent_id is not None:
        seen = seen.filter(told=True)
    newest = ("-kept_at", "-pk")
    order: dict[str, tuple[str, ...]] = {State.KEPT: newest, State.DISPUTED: newest}
    return seen.order_by(*order.get(state, ("late_at", "pk")))


def counts_by_state(
    *, viewer: Actor, at: datetime, place: Place | None = None, body: Body | None = None
) -> dict[str, int]:
    """How many stand in each of TABS, in one query; `all` of them that are not withdrawn as well."""
    seen = promises_seen(viewer=viewer, at=at).filter(_there(place, body))
    if place is not None and place.parent_id is not None:
        seen = seen.filter(told=True)
    counts = seen.aggregate(**{str(state): Count("pk", filter=in_state(state, at)) for state in TABS})
    return {**counts, "all": sum(counts[state] for state in TABS if state != State.WITHDRAWN)}


def _there(place: Place | None, body: Body | None) -> Q:
    there = Q()
    if place is not None:
        there &= Q(street=place) if place.parent_id is None else Q(place__path__startswith=place.path)
    return there & Q(owner_body=body) if body is not None else there


def card_of(promise: Promise, at: datetime) -> Card:
    """The card of a row of `promises_seen`; its words only where `told` says so."""
    body, told = promise.owner_body, bool(promise.told)  # type: ignore[attr-defined]
    bare = {
        "pk": promise.pk,
        "told": told,
        "state": state_of(promise, at),
        "kind": str(Promise.Kind(promise.what_kind).label),
        "owner": body.name if body else "",
        "owner_en": body.name_en if body else "",
        "owner_body": body.pk if body else None,
        "due_at": promise.due_at,
    }
    if not told:
        return Card(**bare)
    return Card(
        **bare,
        what=promise.what,
        what_en=promise.what_en,
        place=promise.place.name,
        place_en=promise.place.name_en,
        kept_at=promise.kept_at,
        proof=promise.proof,
        proof_en=promise.proof_en,
        moved=promise.moved,  # type: ignore[attr-defined]
        is_demo=promise.is_demo,
    )


def cards(rows: Any, at: datetime) -> list[Card]:
    return [card_of(row, at) for row in rows]


def state_of(promise: Promise, at: datetime) -> str:
    """Where it stands for a reader at `at`; late and soon are never stored."""
    if promise.state != State.OPEN:
        return promise.state
    if promise.is_late(at):
        return LATE
    return SOON_STATE if is_soon(promise.due_at, at) else State.OPEN


def is_soon(due_at: datetime, at: datetime) -> bool:
    """Within three days, as one counts on a calendar."""
    return (day_of(due_at) - day_of(at)).days <= SOON_DAYS


def promise_for(*, viewer: Actor, pk: int, at: datetime) -> Promise:
    """A promise whose words `viewer` may read, or Http404, whether they are hidden or absent."""
    found = promises_seen(viewer=viewer, at=at).filter(told=True, pk=pk)
    promise = found.select_related("matter", "place", "owner_body", "owner_person", "owed_to_body").first()
    if promise is None:
        raise Http404
    return promise


def dispute_for(*, viewer: Actor, pk: int, at: datetime) -> Dispute:
    """The dispute of promise `pk` that waits for an answer, or Http404."""
    promise = promise_for(viewer=viewer, pk=pk, at=at)
    dispute = promise.disputes.filter(answered_at=None).first()
    if dispute is None:
        raise Http404
    dispute.promise = promise
    return dispute


def page_of(*, viewer: Actor, pk: int, at: datetime) -> Page:
    """The promise's page; only a card for who may know no more of it; Http404 for who may not know of it."""
    found = promises_seen(viewer=viewer, at=at).filter(pk=pk)
    promise = found.select_related("matter", "place", "street", "owner_body", "owed_to_body").first()
    if promise is None:
        raise Http404
    card = card_of(promise, at)
    if not card.told:
        return Page(card)
    owns, running = policy.owns(viewer, promise), promise.state == State.OPEN
    owed_to = promise.owed_to_body or (promise.place if promise.owed_to_person_id is None else None)
    return Page(
        card,
        promise=promise,
        matter=_matter_of(promise, viewer),
        owner_is_me=owns,
        owed_to=owed_to.name if owed_to else "",
        owed_to_en=owed_to.name_en if owed_to else "",
        owed_to_me=promise.owed_to_person_id is not None and promise.owed_to_person_id == viewer.key,
        extensions=tuple(promise.extensions.order_by("number")),
        disputes=tuple(promise.disputes.select_related("answered_by").order_by("number")),
        may_keep=owns and promise.state in (State.OPEN, State.LAPSED),
        may_extend=owns and running and at <= promise.due_at,
        may_withdraw=owns and promise.state in (State.OPEN, State.LAPSED),
        may_dispute=promise.state == State.KEPT and policy.may_dispute(viewer, promise),
        may_answer=promise.state == State.DISPUTED and policy.may_answer(viewer, promise),
        line=chain_line(promise.matter or promise.street),
    )


def _matter_of(promise: Promise, viewer: Actor) -> Matter | None:
    """Its matter, if the viewer may open it: who owes or waits may read the promise without it."""
    matter = promise.matter
    if matter is None or matter.visibility == Matter.Visibility.PUBLIC:
        return matter
    return matter if matters.may_see(viewer, matter) else None


# what other rooms' pages show


def matter_panel(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """What was promised on a matter that the viewer sees: the nearest day first, ended ones after."""
    at = clock.now()
    rows = promises_seen(viewer=viewer, at=at).filter(matter=matter, told=True)
    rows = rows.order_by(_running_first(), "late_at", "pk")[: PANEL_MOST * 2]
    found = cards(rows, at)
    may_make = policy.speaks(viewer) and viewer.serves(matter.place)
    return {"cards": found, "at": at, "matter": matter, "may_make": may_make} if found or may_make else None


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Running promises at a place and inside it, and what was kept lately."""
    at = clock.now()
    rows = promises_seen(viewer=viewer, at=at).filter(_there(place, None), _worth_showing(at), told=True)
    found = cards(rows.order_by(_running_first(), "late_at", "pk")[:PANEL_MOST], at)
    may_make = policy.may_make(viewer, place)
    return {"cards": found, "at": at, "place": place, "may_make": may_make} if found or may_make else None


def counter_panel(viewer: Actor, body: Body) -> dict[str, Any] | None:
    """How many promises of the clerk's own body are late."""
    late = promises_seen(viewer=viewer, at=clock.now()).filter(in_state(LATE, clock.now()), owner_body=body).count()
    return {"late": late, "body": body} if late else None


def for_home(*, viewer: Actor, place: Place, at: datetime, most: int) -> tuple[list[Card], dict[str, int]]:
    """A few of a street or a place, and the counts of all.

    The late, the running and the lately kept take turns, and stand in that order.
    """
    seen = promises_seen(viewer=viewer, at=at).filter(_there(place, None), _worth_showing(at))
    if place.parent_id is not None:
        seen = seen.filter(told=True)
    nearest = Case(When(state=State.OPEN, then=F("late_at")), default=None)  # the late ones have the oldest day
    rows = list(seen.order_by(_running_first(), nearest, "-kept_at", "pk")[: 4 * most])
    late = [row for row in rows if row.is_late(at)]
    going = [row for row in rows if row.state == State.OPEN and not row.is_late(at)]
    kept = [row for row in rows if row.state != State.OPEN]
    turns = [row for turn in zip_longest(late, going, kept) for row in turn if row is not None]
    taken = {row.pk for row in turns[:most]}
    shown = [row for row in (*late, *going, *kept) if row.pk in taken]
    return cards(shown, at), counts_by_state(viewer=viewer, at=at, place=place)


def _lately(at: datetime) -> Q:
    """Kept within KEPT_SHOWN, or disputed."""
    return Q(state=State.KEPT, kept_at__gte=at - KEPT_SHOWN) | Q(state=State.DISPUTED)


def _worth_showing(at: datetime) -> Q:
    return Q(state=State.OPEN) | _lately(at)


def _running_first() -> Any:
    return Case(When(state=State.OPEN, then=Value(0)), default=Value(1))


def found_in(*, viewer: Actor, words: str, at: datetime) -> QuerySet[Promise]:
    """For the search: promises whose words hold `words`, newest first; only those the viewer may read."""
    seen = promises_seen(viewer=viewer, at=at).filter(Q(what__icontains=words) | Q(what_en__icontains=words), told=True)
    return seen.order_by("-made_at", "-pk")
