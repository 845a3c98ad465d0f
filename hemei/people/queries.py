"""Reading bodies, ties and what was done for somebody; always for a viewer."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.ledger.models import Entry
from hemei.ledger.queries import Line, entries_of, timeline_of
from hemei.people import phones, policy
from hemei.people.actor import Actor
from hemei.people.models import Assistance, Body, Code, Person, Seat, Tie
from hemei.places.models import Kind, Place

FOUND_MAX = 20  # persons shown for one search at the counter
ACTS_MAX = 300  # acts shown for the sittings of one page
OFFICE_ORDER = ("administrator", "head", "clerk", "moderator", "member")


# bodies


def bodies_seen(*, kind: str = "", place: Place | None = None, words: str = "") -> QuerySet[Body]:
    """Bodies that stand, for everybody; at `place`, or above it: who is responsible there."""
    today = timezone.localdate(clock.now())
    standing = Body.objects.filter(Q(until=None) | Q(until__gt=today), Q(since=None) | Q(since__lte=today))
    standing = standing.exclude(kind=Body.Kind.OPERATOR).select_related("place")
    if kind:
        standing = standing.filter(kind=kind)
    if place is not None:
        standing = standing.filter(place__in=place.ancestor_keys)
    if words:
        standing = standing.filter(Q(name__icontains=words) | Q(name_en__icontains=words))
    return standing.order_by("place__path", "kind", "name", "pk")


def kinds_of_bodies(*, place: Place | None) -> list[tuple[str, str]]:
    """The kinds of the bodies that stand, with their names: what a list can be narrowed to."""
    there = set(bodies_seen(place=place).order_by().values_list("kind", flat=True).distinct())
    return [(kind.value, str(kind.label)) for kind in Body.Kind if kind in there]


def body_for(*, viewer: Actor, pk: int) -> Body:
    """A body, ended ones too, for history names them; the operator only for an administrator. Or Http404."""
    found = Body.objects.select_related("place").filter(pk=pk).first()
    if found is None or not (found.in_directory or viewer.is_administrator):
        raise Http404
    return found


def members_of(*, viewer: Actor, body: Body, today: date, level: str = "", field: str = "") -> QuerySet[Seat]:
    """The seats held on that day whose holders `viewer` may know by name: the public ones, or all of them."""
    held = Seat.objects.filter(policy.holding(today), body=body).select_related("person")
    if not policy.offices_to_give(viewer, body):
        held = held.filter(office__in=policy.offices_public(body))
    if level:
        held = held.filter(level=level)
    if field:
        held = held.filter(field=field)
    return held.order_by("office", "level", "person__name", "pk")


def offices_held(*, body: Body, today: date) -> list[tuple[str, int]]:
    """How many hold which office, for everybody."""
    counted = dict(
        Seat.objects.filter(policy.holding(today), body=body).order_by().values_list("office").annotate(Count("pk"))
    )
    return [(str(Seat.Office(office).label), counted[office]) for office in OFFICE_ORDER if office in counted]


def fields_of(*, body: Body, today: date) -> list[str]:
    """What the members of a station know, to choose from."""
    held = Seat.objects.filter(policy.holding(today), body=body).exclude(field="")
    return list(held.order_by("field").values_list("field", flat=True).distinct()[:60])


def history_of(*, body: Body) -> list[Line]:
    """The newest lines of the body's chain, their days as days."""
    lines = timeline_of(body)
    for line in lines:
        for name in ("since", "until"):
            if line.public.get(name):
                line.public[name] = date.fromisoformat(line.public[name])
    return lines


def seat_for(*, viewer: Actor, pk: int) -> Seat:
    """A seat that `viewer` may end or hand over; or Http404."""
    seat = Seat.objects.select_related("body__place", "person").filter(pk=pk).first()
    if seat is None or not policy.may_give(viewer, seat.body, seat.office):
        raise Http404
    return seat


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Who is responsible for `place`, with the number to call: the nearest first."""
    responsible = sorted(bodies_seen(place=place)[:60], key=lambda body: (-len(_path(body)), body.kind, body.pk))
    if not responsible:
        return None
    stands = place.until is None or place.until >= timezone.localdate(clock.now())
    return {"bodies": responsible, "place": place, "may_be_chosen": stands}


def _path(body: Body) -> list[int]:
    return body.place.ancestor_keys if body.place else []


# ties


def my_ties(*, viewer: Actor) -> list[Tie]:
    """The ties of the person acted for, those that hold first, each place with its `trail`."""
    if viewer.principal is None:
        return []
    today = timezone.localdate(clock.now())
    ties = list(Tie.objects.filter(person=viewer.principal).select_related("place").order_by("-since", "-pk")[:60])
    for tie in ties:
        tie.holds = tie.ended_at is None and (tie.until is None or tie.until >= today)  # type: ignore[attr-defined]
    with_trails([tie.place for tie in ties])
    return sorted(ties, key=lambda tie: not tie.holds)  # type: ignore[attr-defined]


def my_tie(*, viewer: Actor, pk: int) -> Tie:
    """One's own tie, or Http404."""
    tie = Tie.objects.select_related("place", "person").filter(pk=pk, person=viewer.key or 0).first()
    if tie is None:
        raise Http404
    with_trails([tie.place])
    return tie


def tie_to_judge(*, viewer: Actor, pk: int) -> Tie:
    """A tie that `viewer` may decide on, or Http404."""
    tie = Tie.objects.filter(policy.ties_handled(viewer), pk=pk).select_related("place", "person").first()
    if tie is None or not policy.may_judge(viewer, tie):
        raise Http404
    with_trails([tie.place])
    return tie


def ties_to_confirm(*, viewer: Actor) -> QuerySet[Tie]:
    """Declared ties in the viewer's area that wait, the oldest first; never the viewer's own."""
    today = timezone.localdate(clock.now())
    waiting = Tie.objects.filter(policy.ties_handled(viewer), policy.holding(today), grade=Tie.Grade.DECLARED)
    waiting = waiting.exclude(person=viewer.person).filter(person__closed_at=None)
    return waiting.select_related("place", "person").order_by("since", "pk")


def letters_to_print(*, viewer: Actor) -> QuerySet[Tie]:
    """Ties to homes in the viewer's area whose person asked for a letter that was not printed since."""
    wanted = ties_to_confirm(viewer=viewer).filter(place__kind=Kind.HOME, letter_asked_at__isnull=False)
    return wanted.filter(~Exists(_letters_since())).order_by("place__path", "pk")


def letters_under_way(ties: list[Tie]) -> set[int]:
    """Keys of those of `ties` whose letter was asked for or printed and whose code can still come."""
    asked = {tie.pk for tie in ties if tie.letter_asked_at}
    printed = set(
        Code.objects.filter(kind=Code.Kind.LETTER, tie__in=ties, used_at=None, expires_at__gt=clock.now()).values_list(
            "tie", flat=True
        )
    )
    waits = Tie.objects.filter(~Exists(_letters_since()), pk__in=asked)
    return printed | set(waits.values_list("pk", flat=True))


def waits_for_letter(tie: Tie) -> bool:
    """Whether a letter was asked for and not printed since."""
    return Tie.objects.filter(~Exists(_letters_since()), pk=tie.pk, letter_asked_at__isnull=False).exists()


def _letters_since() -> QuerySet[Code]:
    return Code.objects.filter(kind=Code.Kind.LETTER, tie=OuterRef("pk"), made_at__gte=OuterRef("letter_asked_at"))


def place_named(pk: int, *, within: Place | None = None) -> Place:
    """A place that stands, with its `trail`, inside `within`; or Http404."""
    found = _standing(within).filter(pk=pk).first()
    if found is None:
        raise Http404
    with_trails([found])
    return found


def places_to_tie(*, words: str, within: Place | None = None, most: int = 20) -> list[Place]:
    """Places that stand and whose name, or that of a place above, holds every word; the nearest to the street first.

    Each has its `trail`. Areas and streets are left out: nobody belongs to less than an estate.
    """
    found = _standing(within).exclude(kind__in=[Kind.STREET, Kind.AREA])
    for word in words.split()[:6]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(address__icontains=word)
            | Q(parent__name__icontains=word)
            | Q(parent__parent__name__icontains=word)
            | Q(parent__parent__parent__name__icontains=word)
        )
    places = list(found.order_by("path", "order", "pk")[:most])
    with_trails(places)
    return places


def places_under(
    place: Place | None, *, first: str = Kind.ESTATE, within: Place | None = None, most: int = 400
) -> list[Place]:
    """The next step down the tree from `place`; from nowhere, every place of kind `first`."""
    standing = _standing(within)
    if place is None:
        standing = standing.filter(kind=first).order_by("path", "order", "pk")
    else:
        standing = standing.filter(parent=place).order_by("kind", "order", "pk")
    return list(standing[:most])


def _standing(within: Place | None) -> QuerySet[Place]:
    today = timezone.localdate(clock.now())
    standing = Place.objects.filter(Q(until=None) | Q(until__gte=today))
    return standing.filter(path__startswith=within.path) if within is not None else standing


def with_trails(places: list[Place]) -> None:
    """Gives each place its `trail`: the places above it and itself, from the estate down. One query."""
    keys = {key for place in places for key in place.ancestor_keys[1:]}
    by_key = {one.pk: one for one in Place.objects.filter(pk__in=keys)} if keys else {}
    for place in places:
        above = [by_key[key] for key in place.ancestor_keys if key in by_key]
        place.trail = [one for one in above if one.kind != Kind.AREA] or above or [place]  # type: ignore[attr-defined]


# the counter


@dataclass(frozen=True)
class Counter:
    """What waits at a desk. An open sitting is in `actor.assistance` and is shown by every page."""

    body: Body
    to_confirm: int
    letters: int
    contested: int
    slips: int
    oldest: date | None


def counter_of(*, viewer: Actor, at: datetime) -> Counter:
    """The viewer's desk, or Http404 for whoever has none."""
    if not policy.sits_at_a_desk(viewer) or viewer.assistance is not None:
        raise Http404
    assert viewer.seat is not None
    wanted = Q(place__kind=Kind.HOME, letter_asked_at__isnull=False) & ~Exists(_letters_since())
    ties = ties_to_confirm(viewer=viewer).aggregate(
        count=Count("pk"), oldest=Min("since"), letters=Count("pk", filter=wanted)
    )
    slips = Code.objects.filter(
        kind=Code.Kind.SLIP,
        used_at=None,
        expires_at__gt=at,
        person__in=Person.objects.filter(policy.people_of_desk(viewer, timezone.localdate(at))),
    )
    return Counter(
        viewer.seat.body,
        ties["count"],
        ties["letters"],
        contests(viewer=viewer, at=at).count(),
        slips.values("person").distinct().count(),
        ties["oldest"],
    )


def people_found(*, viewer: Actor, words: str, at: datetime) -> list[Person]:
    """Persons of the viewer's desk whose name, whole phone number or home holds every word; each with `homes`."""
    today = timezone.localdate(at)
    there = Tie.objects.filter(policy.holding(today), policy.ties_handled(viewer))
    found = Person.objects.filter(policy.people_of_desk(viewer, today))
    if not words.split():
        return []
    for word in words.split()[:6]:
        at_home = there.filter(
            Q(place__name__icontains=word)
            | Q(place__parent__name__icontains=word)
            | Q(place__parent__parent__name__icontains=word)
            | Q(place__parent__parent__parent__name__icontains=word),
            person=OuterRef("pk"),
        )
        fits = Q(name__icontains=word) | Q(nickname__icontains=word) | Q(Exists(at_home))
        with suppress(Refused):
            fits |= Q(phone=phones.read(word))
        found = found.filter(fits)
    people = list(found.order_by("name", "pk")[: FOUND_MAX + 1])
    ties = list(there.filter(person__in=people).select_related("place__parent__parent__parent").order_by("pk")[:200])
    for tie in ties:
        tie.place.trail = _up_to_estate(tie.place)  # type: ignore[attr-defined]
    for person in people:
        person.homes = [tie for tie in ties if tie.person_id == person.pk]  # type: ignore[attr-defined]
    return people


def _up_to_estate(place: Place) -> list[Place]:
    """The place and those above it, as far as they were fetched with it, from the estate down."""
    trail = [place]
    while trail[0].kind != Kind.ESTATE and "parent" in trail[0]._state.fields_cache and trail[0].parent:
        trail.insert(0, trail[0].parent)
    return trail


def person_to_help(*, viewer: Actor, pk: int, at: datetime) -> Person:
    """A person of the viewer's desk, or Http404."""
    found = Person.objects.filter(policy.people_of_desk(viewer, timezone.localdate(at)), pk=pk).first()
    if found is None:
        raise Http404
    return found


def stands_open(viewer: Actor, person: Person, at: datetime) -> bool:
    """Whether `viewer` opened this person's record a short while ago, as the person's own chain tells."""
    assert viewer.person is not None
    opened = entries_of(person).filter(verb="people.record_opened", at__gt=at - policy.RECORD_OPEN, at__lte=at)
    said = opened.values_list("personal_part__words", flat=True)
    return any(json.loads(words)["by"]["person"] == viewer.person.pk for words in said if words)


def ties_of(*, viewer: Actor, person: Person) -> list[Tie]:
    """The person's ties in the viewer's area, newest first, each place with its `trail`."""
    ties = Tie.objects.filter(policy.ties_handled(viewer), person=person).select_related("place", "person")
    found = list(ties.order_by("-since", "-pk")[:60])
    with_trails([tie.place for tie in found])
    return found


def live_slips(person: Person, at: datetime) -> int:
    """How many codes on slips of this person are still good."""
    return Code.objects.filter(kind=Code.Kind.SLIP, person=person, used_at=None, expires_at__gt=at).count()


def sitting_for(*, viewer: Actor, pk: int) -> Assistance:
    """A sitting for whoever was helped in it; or Http404."""
    found = (
        Assistance.objects.select_related("seat__body", "principal").filter(pk=pk, principal=viewer.key or 0).first()
    )
    if found is None:
        raise Http404
    return found


def paper_for(*, viewer: Actor, pk: int, at: datetime) -> Assistance:
    """A sitting whose paper `viewer` may look at: whoever was helped, and whoever answers what they contest."""
    if viewer.key is not None and Assistance.objects.filter(pk=pk, principal=viewer.key).exists():
        return sitting_for(viewer=viewer, pk=pk)
    return contest_for(viewer=viewer, pk=pk, at=at)


def contests(*, viewer: Actor, at: datetime) -> QuerySet[Assistance]:
    """Contested sittings that wait for an answer of the viewer's, the oldest first."""
    waiting = Assistance.objects.filter(contested_at__isnull=False, answered_at=None)
    if not viewer.is_administrator:
        people = Person.objects.filter(policy.people_of_desk(viewer, timezone.localdate(at)))
        waiting = waiting.filter(principal__in=people)
    waiting = waiting.exclude(helper=viewer.person)
    return waiting.select_related("principal", "helper", "seat__body").order_by("contested_at", "pk")


def contest_for(*, viewer: Actor, pk: int, at: datetime) -> Assistance:
    """A contested sitting that `viewer` may answer or has answered; or Http404."""
    found = (
        Assistance.objects.filter(pk=pk, contested_at__isnull=False)
        .select_related("principal", "helper", "seat__body")
        .first()
    )
    if found is None or not policy.may_answer_contest(viewer, found, timezone.localdate(at)):
        raise Http404
    return found


# what was done for somebody


@dataclass
class Act:
    """One entry written in a sitting. templates: the words of the room that wrote it, or the plain ones."""

    line: Line
    url: str
    tie: Tie | None = None

    @property
    def templates(self) -> list[str]:
        return [self.line.template, "people/parts/act.html"]


@dataclass
class Helped:
    """A sitting as the person helped sees it."""

    sitting: Assistance
    ended_at: datetime | None
    acts: list[Act] = field(default_factory=list)

    @property
    def body(self) -> Body | None:
        return self.sitting.seat.body if self.sitting.seat else None


def sittings_of(*, viewer: Actor) -> QuerySet[Assistance]:
    """The sittings in which the person acted for was helped, newest first."""
    received = Assistance.objects.filter(principal=viewer.key or 0)
    return received.select_related("seat__body").order_by("-began_at", "-pk")


def helped(sittings: list[Assistance]) -> list[Helped]:
    """What was done in each of `sittings`, oldest first within each; one query, and one for ties.

    Acts name their sitting in the personal part of their entry. Entries are numbered as they are written, so only
    those between a sitting's first entry and its last need to be looked at.
    """
    shown = {one.pk: Helped(one, one.ended_at) for one in sittings}
    within = Q(pk__in=[])
    for key, one in shown.items():
        entries = Entry.objects.filter(row=f"people.assistance:{key}").order_by("pk").values("pk")
        first = entries.filter(verb="people.sitting_began")[:1]
        last = entries.filter(verb__in=["people.sitting_ended", "people.sitting_taken_over"])[:1]
        span = Q(pk__gt=Subquery(first), at__lte=one.sitting.began_at + policy.SITTING)
        if one.ended_at is not None:
            span &= Q(pk__lt=Subquery(last))
        within |= span & Q(personal_part__words__contains=f'"by":{{"assistance":{key},')
    entries = Entry.objects.filter(within).select_related("chain", "personal_part").order_by("pk")[:ACTS_MAX]
    for entry in entries:
        key = json.loads(entry.personal_part.words)["by"].get("assistance")
        if key in shown:
            shown[key].acts.append(_act(entry))
    _with_ties([act for one in shown.values() for act in one.acts])
    return list(shown.values())


def _act(entry: Entry) -> Act:
    line = Line(entry.position, entry.verb, entry.at, entry.step, json.loads(entry.public), entry.hash, entry.row)
    url = ""
    if entry.chain.subject_kind == "matters.matter":
        try:
            url = reverse("matters:matter", args=[entry.chain.subject_key])
        except NoReverseMatch:
            url = ""
    return Act(line, url)


def _with_ties(acts: list[Act]) -> None:
    keys = {act.line.row for act in acts if act.line.row.startswith("people.tie:")}
    ties = (
        {
            f"people.tie:{tie.pk}": tie
            for tie in Tie.objects.filter(pk__in=[key.rpartition(":")[2] for key in keys]).select_related("place")
        }
        if keys
        else {}
    )
    for act in acts:
        act.tie = ties.get(act.line.row)


@dataclass(frozen=True)
class Looked:
    """Somebody of a body opened the record."""

    at: datetime
    body: Body | None


def looks_at_me(*, viewer: Actor, most: int = 30) -> list[Looked]:
    """When the record of the person acted for was opened at a counter, and by which body; newest first."""
    if viewer.principal is None:
        return []
    mine = Person.objects.filter(Q(pk=viewer.key) | Q(merged_into=viewer.principal)).values("pk")
    opened = Entry.objects.filter(
        chain__subject_kind="people.person", chain__subject_key__in=mine, verb="people.record_opened"
    ).order_by("-pk")[:most]
    said = [(entry.at, json.loads(entry.public)["by"].get("body")) for entry in opened]
    bodies = Body.objects.in_bulk({body for _at, body in said if body})
    return [Looked(at, bodies.get(body)) for at, body in said]
