"""The roll for those who keep it: everything here answers 404 to everybody else, as if it were not there."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from hemei.base import clock
from hemei.engines.decision import written
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place
from hemei.places.names import ways_to_write, words_of
from hemei.places.queries import ABOVE, with_trail
from hemei.roll import policy
from hemei.roll.models import Correction, Holding, Match, Owner, Roll, RollList, Unit

FOUND_WORDS_MAX = 60  # characters of what is looked for

_WAITING_LIST = {"proposed_at__isnull": False, "confirmed_at": None, "declined_at": None, "written_at": None}
_WAITING_CORRECTION = {"confirmed_at": None, "declined_at": None}
_WAITING_SHEET = {"paper_due": True, "paper_printed_at": None, "ended_at": None}


def is_keeper(viewer: Actor) -> bool:
    """Whether the desk spoken from keeps any roll."""
    return viewer.seat is not None and policy.may_keep(viewer, viewer.seat.body.place)


def estates_of(viewer: Actor) -> QuerySet[Place]:
    """The estates of the desk, with `roll` if there is one, its `homes`, and how many lists and corrections wait for a
    second key and how many sheets about matches to be printed."""
    estates = _with_waiting(viewer).filter(until=None).select_related("roll", "parent")
    return estates.order_by("parent__order", "parent_id", "order", "pk")


def _with_waiting(viewer: Actor) -> QuerySet[Place]:
    units = Unit.objects.filter(policy.standing(_today()), roll__place=OuterRef("pk"))
    lists = RollList.objects.filter(**_WAITING_LIST, roll__place=OuterRef("pk"))
    corrections = Correction.objects.filter(**_WAITING_CORRECTION, roll__place=OuterRef("pk"))
    sheets = Match.objects.filter(**_WAITING_SHEET, owner__roll__place=OuterRef("pk"))
    counts = {"homes": _count(units), "lists_waiting": _count(lists), "corrections_waiting": _count(corrections)}
    counts["sheets_waiting"] = _count(sheets, "owner__roll__place")
    return Place.objects.filter(policy.kept(viewer), kind=Kind.ESTATE).annotate(**counts)


def _count(rows: QuerySet[Any], place: str = "roll__place") -> Subquery:
    return Subquery(rows.order_by().values(place).annotate(count=Count("pk")).values("count"))


def _today() -> Any:
    return timezone.localdate(clock.now())


def estate_for(viewer: Actor, pk: int) -> tuple[Place, Roll | None]:
    """An estate with its `trail` and what waits, and its roll if one was begun."""
    found = _with_waiting(viewer).select_related("roll__body", ABOVE).filter(pk=pk).first()
    if found is None:
        raise Http404
    return with_trail(found), getattr(found, "roll", None)


def roll_for(viewer: Actor, pk: int) -> Roll:
    """The roll of the estate with that key, its place with `trail`."""
    _place, roll = estate_for(viewer, pk)
    if roll is None:
        raise Http404
    return roll


# figures


@dataclass(frozen=True)
class Figures:
    """What stands on a roll today. heads: owners as the law counts them, co-owners of one home together as one."""

    homes: int
    area: str
    owners: int
    heads: int
    kinds: dict[str, int]
    not_counted: int
    rows: int  # homes in all, with those that are gone


def figures_of(roll: Roll) -> Figures:
    """Two readings; sums are exact, so they are not the database's."""
    today = _today()
    rows = list(Unit.objects.filter(roll=roll).values_list("pk", "area_m2", "kind", "votable", "until"))
    units = [row[:4] for row in rows if row[4] is None or row[4] >= today]
    holders: dict[int, list[int]] = {}
    held = Holding.objects.filter(policy.holding(today), unit__roll=roll)
    for unit, owner in held.values_list("unit_id", "owner_id").iterator(5000):
        holders.setdefault(unit, []).append(owner)
    heads = {frozenset(holders.get(pk, ())) for pk, _area, _kind, votable in units if votable} - {frozenset()}
    return Figures(
        homes=len(units),
        area=written(Fraction(sum((area for _pk, area, *_rest in units), Decimal(0)))),
        owners=len({owner for pk, *_rest in units for owner in holders.get(pk, ())}),
        heads=len(heads),
        kinds=dict(Counter(kind for _pk, _area, kind, _votable in units)),
        not_counted=sum(not votable for *_rest, votable in units),
        rows=len(rows),
    )


# homes


def units_found(roll: Roll, words: str) -> QuerySet[Unit]:
    """Homes in the order of the site, each with `now`: who holds it. words: a door in any way of writing, an owner's
    name or number; each word must be found."""
    found = Unit.objects.filter(roll=roll).select_related("place__parent__parent__parent")
    for word in words_of(words):
        found = found.filter(_is_called(word))
    held = Holding.objects.filter(policy.holding(_today())).select_related("owner").order_by("owner__code", "pk")
    return found.prefetch_related(Prefetch("holdings", queryset=held, to_attr="now")).order_by("number", "pk")


def _is_called(word: str) -> Q:
    doors = Q(key__iexact=word)
    for up in ("place__", "place__parent__", "place__parent__parent__"):
        doors |= Q(**{f"{up}code__iexact": word}) | Q(**{f"{up}name_en__icontains": word})
        for way in ways_to_write(word):
            doors |= Q(**{f"{up}name__icontains": way})
    owned = Holding.objects.filter(
        Q(owner__name__icontains=word) | Q(owner__code__iexact=word), policy.holding(_today()), unit=OuterRef("pk")
    )
    return doors | Exists(owned)


def doors_of(place: Place, estate: int) -> list[Place]:
    """The home and what it stands in, from below the estate down; no query where its parents came along."""
    doors = [place]
    while doors[0].parent_id not in (None, estate):
        above = doors[0].parent
        assert above is not None
        doors.insert(0, above)
    return doors


def unit_for(viewer: Actor, pk: int) -> Unit:
    """A home on a roll that the viewer keeps."""
    above = "place__parent__parent__parent"
    found = Unit.objects.select_related(above, "roll__place", "came_with").filter(pk=pk).first()
    if found is None or not policy.may_keep(viewer, found.roll.place):
        raise Http404
    return found


def held_by(unit: Unit) -> tuple[list[Holding], list[Holding]]:
    """Its owners today, and those before, the last first."""
    today = _today()
    rows = list(Holding.objects.filter(unit=unit).select_related("owner").order_by("owner__code", "pk"))
    now = [one for one in rows if (one.since or today) <= today and (one.until is None or one.until >= today)]
    before = [one for one in rows if one not in now]
    return now, sorted(before, key=lambda one: (one.until or today, one.pk), reverse=True)


def homes_of(owners: Collection[Owner], but: Unit) -> dict[int, list[Unit]]:
    """The other homes that each of these owners holds today, by the owner's key."""
    rows = Holding.objects.filter(policy.holding(_today()), owner__in=owners).exclude(unit=but)
    found: dict[int, list[Unit]] = {}
    for one in rows.select_related("unit").order_by("unit__number", "pk")[:200]:
        found.setdefault(one.owner_id, []).append(one.unit)
    return found


# lists


def lists_of(roll: Roll) -> QuerySet[RollList]:
    """Lists sent to the roll, newest first."""
    return RollList.objects.filter(roll=roll).select_related("sent_by").order_by("-sent_at", "-pk")


def list_for(viewer: Actor, pk: int) -> RollList:
    """A list that was sent to a roll that the viewer keeps."""
    people = ("sent_by", "confirmed_by", "declined_by")
    found = RollList.objects.select_related("roll__place", *people).filter(pk=pk).first()
    if found is None or not policy.may_keep(viewer, found.roll.place):
        raise Http404
    return found


def is_waiting(sent: RollList) -> bool:
    """For the second key."""
    return bool(sent.proposed_at and not (sent.confirmed_at or sent.declined_at or sent.written_at))


# corrections


def corrections_of(viewer: Actor, *, waiting: bool, roll: Roll | None = None) -> QuerySet[Correction]:
    """Corrections of the rolls of the desk, or of one: those that wait, oldest first, or the decided, newest first."""
    people = ("proposed_by", "confirmed_by", "declined_by")
    rows = Correction.objects.filter(policy.kept(viewer, "roll__place__"))
    rows = rows.select_related("unit__place__parent__parent__parent", "roll__place", *people)
    if roll is not None:
        rows = rows.filter(roll=roll)
    if waiting:
        return rows.filter(**_WAITING_CORRECTION).order_by("proposed_at", "pk")
    return rows.exclude(**_WAITING_CORRECTION).order_by("-proposed_at", "-pk")


def corrections_at(unit: Unit) -> QuerySet[Correction]:
    people = ("proposed_by", "confirmed_by", "declined_by")
    return Correction.objects.filter(unit=unit).select_related(*people).order_by("-proposed_at", "-pk")


def correction_for(viewer: Actor, pk: int) -> Correction:
    above = "unit__place__parent__parent__parent"
    found = Correction.objects.select_related("roll__place", above, "proposed_by").filter(pk=pk).first()
    if found is None or not policy.may_keep(viewer, found.roll.place):
        raise Http404
    return found


# on other pages


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """On an estate's page, for those who keep its roll: the way there, and what waits."""
    if place.kind != Kind.ESTATE or not policy.may_keep(viewer, place):
        return None
    found = estates_of(viewer).filter(pk=place.pk).first()
    return {"estate": found} if found is not None else None
