"""Reading votes, always for a viewer: the list, the page of one, and what its desk works with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base import clock
from hemei.decisions import checklist, policy, rules, standing
from hemei.decisions.actions.papers import slip_key
from hemei.decisions.models import Act, Counter, Decision, Paper, PrintRun, Service, Slot
from hemei.decisions.queries.counting import homes_named
from hemei.decisions.queries.own import decision_for
from hemei.matters.models import Matter
from hemei.outbox.models import Message
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place
from hemei.places.queries import with_trail
from hemei.shell.words import moment, named

State = Decision.State
PARTS = ("own", "counting", "contracts", "costs", "documents")  # of other parts of this room, found by name
OF_A_DRIVE = ("contracts", "costs")
PANEL_MOST, RUNS_SHOWN = 5, 20

# lists


def decisions_seen(*, viewer: Actor) -> QuerySet[Decision]:
    return (
        Decision.objects.filter(policy.visible(viewer))
        .select_related("place__parent", "matter")
        .defer("file", "verdict", "rule", "text", "text_en")
    )


def decisions_in(
    *, viewer: Actor, at: datetime, place: Place | None = None, state: str = "", words: str = ""
) -> QuerySet[Decision]:
    """For the list, the one that closes next first, then what closed last. state: see `in_state`."""
    seen = decisions_seen(viewer=viewer)
    if place is not None:
        seen = seen.filter(place__path__startswith=place.path)
    if words:
        seen = seen.filter(Q(question__icontains=words) | Q(question_en__icontains=words))
    if state:
        seen = seen.filter(in_state(state, at))
    return seen.order_by("closes_at", "pk") if state in ("going", "ahead") else seen.order_by("-closes_at", "-pk")


def in_state(state: str, at: datetime) -> Q:
    """going: open or being counted; ahead, counted, ended, draft."""
    announced = Q(announced_at__isnull=False, cancelled_at=None)
    return {
        "going": announced & Q(opens_at__lte=at, certified_at=None),
        "ahead": announced & Q(opens_at__gt=at),
        "counted": Q(certified_at__isnull=False),
        "ended": Q(cancelled_at__isnull=False),
        "draft": Q(announced_at=None, cancelled_at=None),
    }[state]


def counts_in(*, viewer: Actor, at: datetime, states: Sequence[str], **where: Any) -> dict[str, int]:
    """How many stand in each state; one query."""
    counted = {state: Count("pk", filter=in_state(state, at)) for state in states}
    return decisions_in(viewer=viewer, at=at, **where).order_by().aggregate(**counted)


@dataclass(frozen=True)
class Card:
    """A vote in a list: the stage in words, and what it asks."""

    decision: Decision
    state: str
    chip: str
    told: str
    where: str


def card_of(decision: Decision, at: datetime) -> Card:
    state = decision.state_at(at)
    chip = {State.OPEN: "soon", State.CERTIFIED: "kept"}.get(State(state), "")
    return Card(decision, state, chip, stage_told(decision, at), _where(decision.place))


def _where(place: Place) -> str:
    """A stairwell with its building, a building with its estate; an estate says enough."""
    above = place.parent if place.kind != Kind.ESTATE else None
    return f"{named(above)} {named(place)}" if above is not None else named(place)


def stage_told(decision: Decision, at: datetime) -> str:
    """The stage in one sentence, as everybody may know it; never a result."""
    state = decision.state_at(at)
    if state == State.DRAFT:
        return _("Being prepared; the owners have not been told yet.")
    if state == State.CANCELLED:
        return _("Cancelled: %(why)s") % {"why": decision.cancelled_why}
    if state == State.AHEAD:
        return _("It opens on %(at)s.") % {"at": moment(decision.opens_at)}
    if state == State.OPEN:
        return _("The vote is open until %(at)s.") % {"at": moment(decision.closes_at)}
    if state == State.COUNTING:
        return _("It closed on %(at)s and is being counted.") % {"at": moment(decision.closes_at)}
    return _("Counted and signed on %(at)s.") % {"at": moment(decision.certified_at)}


# the page of one


@dataclass
class Page:
    """What the page of a decision shows this viewer. told: the state in one sentence. bar: how many homes took part.

    behind: the estate's ballot that must pass as well, with its own bar. checks: for a draft, for those who prepare it.
    """

    decision: Decision
    state: str
    level: str
    shape: str
    told: str
    why: str
    bar: dict[str, Any] | None
    behind: dict[str, Any] | None
    rule: rules.RuleInWords
    note: str
    silence: bool
    runs: bool
    may_attest: bool
    tells_beforehand: bool
    checks: list[checklist.Check] = field(default_factory=list)
    waiting: int = 0
    counters: list[str] = field(default_factory=list)
    parts: dict[str, SafeString] = field(default_factory=dict)


def page_of(*, viewer: Actor, decision: Decision, at: datetime, request: HttpRequest) -> Page:
    """decision: as `decision_for` gives it."""
    waiting = _read_ahead(viewer, decision)
    if decision.drive is not None and decision.drive.place_id == decision.place_id:
        decision.drive.place = decision.place
    stands = standing.standing(viewer=viewer, decision=decision, at=at)
    with_trail(decision.place)
    state, own = stands.state, stands.own
    runs = policy.prepares_at(viewer, decision.place)
    page = Page(
        decision=decision,
        state=state,
        level=stands.level,
        shape=_shape(stands),
        told=_told(stands, at),
        why=_why(stands, at),
        bar=_bar(own),
        behind=_behind(stands, at),
        rule=rules.in_words(decision),
        note=rules.legal_note(decision),
        silence=rules.silence_counts(decision),
        runs=runs,
        may_attest=state == State.DRAFT and policy.may_attest(viewer) and rules.needs_attestation(decision),
        tells_beforehand=state in (State.AHEAD, State.OPEN),
    )
    if state == State.DRAFT and (runs or page.may_attest):
        page.checks = checklist.checks(decision, at)
        page.counters = [counter.person.name or str(counter.person) for counter in decision.counters.all()]
    elif runs and state in (State.AHEAD, State.OPEN, State.COUNTING):
        page.waiting = waiting
    page.parts = parts_of(viewer=viewer, decision=decision, at=at, request=request)
    return page


def _read_ahead(viewer: Actor, decision: Decision) -> int:
    """Who counts, asked once for the whole page, and how many entries wait for their second clerk."""
    policy.for_one_page(decision)
    if decision.announced_at is None:
        counters = Prefetch("counters", Counter.objects.select_related("person").order_by("number"))
        prefetch_related_objects([decision], counters)
        policy.known_counters(decision, {counter.person_id for counter in decision.counters.all()}, viewer)
        return 0
    if viewer.seat is None or not policy.prepares_at(viewer, decision.place):
        return 0
    waiting = acts_waiting(decision).order_by().values("decision").annotate(count=Count("pk")).values("count")
    row = Decision.objects.filter(pk=decision.pk).values_list(
        Subquery(waiting), Exists(Counter.objects.filter(decision=decision, person=viewer.person))
    )
    count, counts = row.get()
    policy.known_counters(decision, {viewer.key} if counts else set(), viewer)
    return count or 0


def checks_of(decision: Decision, at: datetime) -> list[checklist.Check]:
    """The list before the announcement; nothing once it was announced."""
    return checklist.checks(decision, at) if decision.announced_at is None else []


def _shape(stands: standing.Standing) -> str:
    """Of the box around the first line: passed, failed, open, or unknown."""
    if stands.state == State.CERTIFIED:
        return {"passed": "passed", "waiting": "open"}.get(stands.outcome, "failed")
    return "open" if stands.state in (State.AHEAD, State.OPEN) else "unknown"


def _told(stands: standing.Standing, at: datetime) -> str:
    """The first line: while it is open, for the electorate, in homes that handed in a vote; else the stage."""
    own = stands.own
    if stands.state == State.CERTIFIED:
        return {
            "passed": _("The owners have agreed."),
            "waiting": _("The owners here have agreed. The estate's ballot behind it is still being voted on."),
            "no_quorum": _("It did not pass: too few took part."),
        }.get(stands.outcome, _("It did not pass."))
    if stands.state not in (State.OPEN, State.COUNTING) or own.handed_in is None:
        return stage_told(stands.decision, at)
    told = ngettext(
        "%(count)d of %(homes)d homes has handed in a vote", "%(count)d of %(homes)d homes have handed in a vote",
        own.handed_in,
    ) % {"count": own.handed_in, "homes": own.homes}  # fmt: skip
    if stands.state == State.COUNTING:
        return _("The vote is closed: %(told)s.") % {"told": told}
    return _("%(told)s. %(still)s") % {"told": told, "still": _still_told(own.still)}


def _still_told(still: int | None) -> str:
    if still is None:
        return _("Even all of the others would not be enough.")
    if still == 0:
        return _("Enough took part; what they said is counted after the close.")
    told = ngettext("At least %(count)d more home must.", "At least %(count)d more homes must.", still)
    return told % {"count": still}


def _why(stands: standing.Standing, at: datetime) -> str:
    """The second line, where the first one is not the stage."""
    if stands.own.handed_in is None or stands.state not in (State.OPEN, State.COUNTING):
        return ""
    return stage_told(stands.decision, at)


def _bar(ballot: standing.Ballot) -> dict[str, Any] | None:
    """How many homes took part, and how many must at the least: never what they said."""
    if ballot.handed_in is None or ballot.homes is None or ballot.state == State.CERTIFIED:
        return None
    still = ballot.still
    return {
        "name": _("Homes that handed in a vote"),
        "part": ballot.handed_in,
        "whole": ballot.homes,
        "least": None if still is None else ballot.handed_in + still,
        "holds": still == 0,
        "told": _still_told(still) if ballot.state == State.OPEN else _("The vote is closed."),
    }


def _behind(stands: standing.Standing, at: datetime) -> dict[str, Any] | None:
    behind = stands.decision.linked
    if behind is None:
        return None
    ballot = stands.ballots[1] if len(stands.ballots) > 1 else None
    return {"decision": behind, "told": stage_told(behind, at), "bar": _bar(ballot) if ballot is not None else None}


def parts_of(*, viewer: Actor, decision: Decision, at: datetime, request: HttpRequest) -> dict[str, SafeString]:
    """What other parts of this room show on the page, by name: `queries.<part>.words(viewer, decision, at)` gives the
    words for `decisions/parts/<part>.html`, or None."""
    found = {}
    for part in PARTS:
        if find_spec(f"hemei.decisions.queries.{part}") is None:
            continue
        about = decision.drive if part in OF_A_DRIVE else decision
        if about is None:
            continue
        words = import_module(f"hemei.decisions.queries.{part}").words(viewer, about, at)
        if words is not None:
            found[part] = render_to_string(f"decisions/parts/{part}.html", words, request)
    return found


def drafts_behind(place: Place) -> QuerySet[Decision]:
    """Ballots of places around `place` that may stand behind a vote there."""
    above = place.ancestor_keys[:-1]
    return Decision.objects.filter(place__in=above, cancelled_at=None, certified_at=None, linked=None).order_by("-pk")


# what the desk works with


def desk_decision(viewer: Actor, pk: int) -> Decision:
    """For the desk alone; to everybody else the page is not there."""
    found = decision_for(viewer, pk)
    if not policy.prepares_at(viewer, found.place):
        raise Http404
    return found


@dataclass(frozen=True)
class Forms:
    """printed = used + void + unused."""

    printed: int
    used: int
    void: int

    @property
    def unused(self) -> int:
        return self.printed - self.used - self.void


def _entered() -> Exists:
    return Exists(Act.objects.filter(paper=OuterRef("pk"), refused_at=None))


def forms_of(decision: Decision) -> Forms:
    """Counted from the acts themselves: what was used is what an act came on."""
    counted = (
        Paper.objects.filter(decision=decision)
        .annotate(used=_entered())
        .aggregate(
            printed=Count("pk"), used_up=Count("pk", filter=Q(used=True)), void=Count("pk", filter=~Q(voided_at=None))
        )
    )
    return Forms(counted["printed"], counted["used_up"], counted["void"])


PAPER_STATES = ("unused", "used", "void")


def papers_in(decision: Decision, *, state: str = "", words: str = "") -> QuerySet[Paper]:
    """In order of their number. state: unused, used, void, or empty for all. words: of the home or the number."""
    rows = Paper.objects.filter(decision=decision).annotate(used=_entered()).select_related("slot__place", "run")
    if state:
        rows = rows.filter(
            {"unused": Q(used=False, voided_at=None), "used": Q(used=True), "void": ~Q(voided_at=None)}[state]
        )
    if words:
        wanted = Q(slot__key__icontains=words) | Q(slot__place__name__icontains=words)
        if words.isascii() and words.isdigit() and len(words) < 9:
            wanted |= Q(number=int(words))
        rows = rows.filter(wanted)
    return rows.order_by("number")


def runs_of(decision: Decision) -> list[PrintRun]:
    """The newest, each with how many of its ballots are unused."""
    unused = Count("ballots", filter=Q(ballots__used_at=None, ballots__voided_at=None))
    return list(PrintRun.objects.filter(decision=decision).annotate(unused=unused).order_by("-pk")[:RUNS_SHOWN])


def paper_for(viewer: Actor, pk: int) -> Paper:
    """For the desk alone."""
    found = Paper.objects.select_related("decision__place", "decision__roll", "slot__place").filter(pk=pk).first()
    if found is None or not policy.prepares_at(viewer, found.decision.place):
        raise Http404
    return found


@dataclass(frozen=True)
class Home:
    """A unit for the desk: whether its ballot was delivered, and whether a vote came in; never which."""

    slot: Slot
    name: str
    delivered: Service | None
    proven: bool
    handed_in: bool


HOME_STATES = ("open", "undelivered", "all")


def homes_in(decision: Decision, at: datetime, *, state: str, words: str = "") -> QuerySet[Slot]:
    """Units of the decision. state: "open" that handed in no vote, "undelivered" without proof of delivery, "all"."""
    rows = Slot.objects.filter(decision=decision).select_related("place").order_by("number")
    if state == "open":
        rows = rows.exclude(key__in=standing.handed_in(decision, at))
    if state == "undelivered":
        rows = rows.filter(~Exists(Service.objects.filter(slot=OuterRef("pk"), proof=True)))
    if words:
        rows = rows.filter(Q(key__icontains=words) | Q(place__name__icontains=words))
    return rows


def homes_of(decision: Decision, slots: Sequence[Slot], at: datetime) -> list[Home]:
    """For one page of them; two queries."""
    names, handed_in = homes_named(slots, decision.place), standing.handed_in(decision, at)
    last: dict[int, Service] = {}
    proven: set[int] = set()
    for service in Service.objects.filter(slot__in=[slot.pk for slot in slots]).order_by("at", "pk"):
        last[service.slot_id] = service
        if service.proof:
            proven.add(service.slot_id)
    return [
        Home(slot, names[slot.place_id], last.get(slot.pk), slot.pk in proven, slot.key in handed_in) for slot in slots
    ]


def service_for(viewer: Actor, pk: int) -> Service:
    """A delivery with its photo, for the desk and the counters."""
    found = Service.objects.select_related("slot__decision__place", "photo").filter(pk=pk).first()
    if found is None or found.photo is None:
        raise Http404
    decision = found.slot.decision
    if not (policy.prepares_at(viewer, decision.place) or policy.is_counter(viewer, decision)):
        raise Http404
    return found


def acts_waiting(decision: Decision) -> QuerySet[Act]:
    """Entries that wait for their second clerk, the oldest first. Neither signer nor choice is shown of them."""
    return Act.objects.filter(
        decision=decision, channel=Act.Channel.PAPER, confirmed_at=None, refused_at=None
    ).order_by("pk")


def act_to_confirm(viewer: Actor, pk: int) -> Act:
    """An entry for its second clerk, or Http404 for everybody else and for one that was decided."""
    found = (
        Act.objects.select_related("decision__place", "decision__roll", "decision__linked", "slot__place", "entered_by")
        .filter(pk=pk, channel=Act.Channel.PAPER)
        .first()
    )
    if found is None or not policy.prepares_at(viewer, found.decision.place):
        raise Http404
    return found


def photo_for(viewer: Actor, pk: int) -> Any:
    """The photo of a ballot, for whom `policy.may_see_photo` lets see it."""
    found = Act.objects.select_related("decision__place", "photo").filter(pk=pk).first()
    if found is None or found.photo is None or not policy.may_see_photo(viewer, found):
        raise Http404
    return found.photo


def slips_of(decision: Decision) -> QuerySet[Message]:
    """Slips for homes without an account that wait to be put into their letter boxes."""
    waiting = Message.objects.filter(
        key__startswith=slip_key(decision), channel=Message.Channel.PRINT, state=Message.State.WAITING
    )
    door = Slot.objects.filter(decision=decision, key=OuterRef("address"))
    return waiting.annotate(door=Subquery(door.values("number")[:1])).order_by("door", "pk")


# what other rooms' pages show


def votes_on(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """The votes on a matter that the viewer sees, the newest first."""

    at = clock.now()
    rows = list(decisions_seen(viewer=viewer).filter(matter=matter).order_by("-pk")[:PANEL_MOST])
    may_propose = policy.prepares_at(viewer, matter.place) and matter.closed_at is None
    if not rows and not may_propose:
        return None
    return {"cards": [card_of(row, at) for row in rows], "matter": matter, "may_propose": may_propose}


def votes_at(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Votes that go on or were counted at a place and inside it, the newest first."""

    at = clock.now()
    rows = list(decisions_in(viewer=viewer, at=at, place=place).exclude(in_state("ended", at))[: PANEL_MOST + 1])
    may_propose = policy.prepares_at(viewer, place) and place.kind in ("estate", "building", "stairwell")
    if not rows and not may_propose:
        return None
    return {
        "cards": [card_of(row, at) for row in rows[:PANEL_MOST]],
        "more": len(rows) > PANEL_MOST,
        "place": place,
        "may_propose": may_propose,
    }
