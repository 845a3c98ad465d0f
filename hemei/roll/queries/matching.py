"""Letters and matches: one's own for everybody, those of a roll for those who keep it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from hemei.base import clock
from hemei.people.actor import Actor
from hemei.people.codes import VALID_FOR
from hemei.people.models import Body, Code
from hemei.people.queries import with_trails
from hemei.roll import policy
from hemei.roll.content import area_of, share_of
from hemei.roll.models import Holding, Match, Owner, OwnerLetter, Roll, Unit

MATCHES_MAX = 40  # of one account, shown
HOMES_MAX = 200  # of one account, shown
GOOD_FOR = VALID_FOR[Code.Kind.OWNER]
ANSWER_DAYS = 15  # how long whoever reads a sheet has to say that it was not they: our choice


# one's own


@dataclass(frozen=True)
class Home:
    """One home that somebody owns by the roll. share: empty for the whole of it."""

    unit: Unit
    area: str
    share: str
    joint: bool


@dataclass
class Mine:
    """One owner that the viewer is matched with, and what this owner holds today."""

    match: Match
    homes: list[Home] = field(default_factory=list)


def my_matches(*, viewer: Actor) -> tuple[list[Mine], list[Mine]]:
    """Those that hold, with their homes, and those that ended, newest first. Three readings, however many homes."""
    if viewer.principal is None or viewer.is_guest:
        return [], []
    rows = Match.objects.filter(person=viewer.principal).select_related("owner__roll__place")
    mine = [Mine(match) for match in rows.order_by("-made_at", "-pk")[:MATCHES_MAX]]
    open_ones = {one.match.owner_id: one for one in mine if one.match.ended_at is None}
    held = _held().filter(owner__in=open_ones).select_related("unit__place").order_by("unit__number", "pk")
    for one in held[:HOMES_MAX]:
        share = share_of(one.share_num, one.share_den)
        home = Home(one.unit, area_of(one.unit.area_m2), "" if share == "1/1" else share, one.joint)
        open_ones[one.owner_id].homes.append(home)
    with_trails([home.unit.place for one in open_ones.values() for home in one.homes])
    return list(open_ones.values()), [one for one in mine if one.match.ended_at is not None]


def whom_to_ask(rolls: Collection[Roll]) -> list[Body]:
    """The committees at the places of these rolls, the nearest first: a wrong row is put right there."""
    keys = {key for roll in rolls for key in roll.place.ancestor_keys}
    kinds = (Body.Kind.COMMITTEE, Body.Kind.OWNERS)
    found = Body.objects.filter(place__in=keys, kind__in=kinds, until=None)
    return list(found.order_by("-place__path", "kind", "pk")[:8])


def match_to_end(viewer: Actor, pk: int) -> Match:
    """A match that `viewer` may end, or Http404."""
    found = Match.objects.select_related("owner__roll__place", "person").filter(pk=pk).first()
    if found is None or not policy.may_end_match(viewer, found):
        raise Http404
    return found


# for those who keep a roll


@dataclass
class Reached:
    """How far an owner was reached. letter: the last one; under_way: its code is still good."""

    letter: OwnerLetter | None = None
    under_way: bool = False
    matches: list[Match] = field(default_factory=list)


def reached(owners: Iterable[Owner]) -> dict[int, Reached]:
    """For each of these owners, by key; two readings."""
    found = {owner.pk: Reached() for owner in owners}
    now = clock.now()
    for letter in OwnerLetter.objects.filter(owner__in=found).order_by("made_at", "pk"):
        found[letter.owner_id].letter = letter
        found[letter.owner_id].under_way = letter.ended_at is None and letter.made_at > now - GOOD_FOR
    matches = Match.objects.filter(owner__in=found, ended_at=None).select_related("person")
    for match in matches.order_by("made_at", "pk"):
        found[match.owner_id].matches.append(match)
    return found


def figures_of_letters(roll: Roll) -> dict[str, int]:
    """Owners of the roll, how many are matched, and how many of the others have a letter on its way."""
    matched = Exists(Match.objects.filter(owner=OuterRef("pk"), ended_at=None))
    recent = _under_way().filter(owner=OuterRef("pk"))
    rows = Owner.objects.filter(Exists(_held().filter(owner=OuterRef("pk"))), roll=roll)
    rows = rows.annotate(is_matched=matched, has_letter=Exists(recent))
    return rows.aggregate(
        owners=Count("pk"),
        matched=Count("pk", filter=Q(is_matched=True)),
        under_way=Count("pk", filter=Q(is_matched=False, has_letter=True)),
        without=Count("pk", filter=Q(is_matched=False, has_letter=False, kind=Owner.Kind.PERSON)),
    )


def not_matched(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those of `units` with an owner whom no account is matched with."""
    matched = Match.objects.filter(owner=OuterRef("owner"), ended_at=None)
    return units.filter(Exists(_held().filter(~Exists(matched), unit=OuterRef("pk"))))


def letters_not_delivered(roll: Roll) -> QuerySet[OwnerLetter]:
    """Letters whose day of delivery nobody noted, in the order of the doors; codes that have gone by left out."""
    rows = _under_way().filter(owner__roll=roll, delivered_on=None)
    return rows.select_related("owner", "unit__place__parent__parent__parent").order_by("unit__number", "pk")


def sheets_to_print(roll: Roll, *, printed: bool = False) -> QuerySet[Match]:
    """Matches that hold and whose sheet to the homes was not printed yet; `printed`: those as well."""
    rows = Match.objects.filter(owner__roll=roll, paper_due=True, ended_at=None)
    if not printed:
        rows = rows.filter(paper_printed_at=None)
    return rows.select_related("owner").order_by("made_at", "pk")


def answer_until(match: Match) -> date:
    """The day up to which whoever reads the sheet is asked to answer."""
    return timezone.localdate((match.paper_printed_at or clock.now()) + timedelta(days=ANSWER_DAYS))


def homes_of_owners(owners: Collection[int]) -> dict[int, list[Unit]]:
    """What each of these owners holds today, by the owner's key, each place with its `trail`; two readings."""
    found: dict[int, list[Unit]] = {key: [] for key in owners}
    rows = _held().filter(owner__in=owners).select_related("unit__place").order_by("unit__number", "pk")
    for one in rows[: 10 * HOMES_MAX]:
        found[one.owner_id].append(one.unit)
    with_trails([unit.place for units in found.values() for unit in units])
    return found


def owner_for(viewer: Actor, pk: int) -> Owner:
    """An owner on a roll that the viewer keeps, or Http404."""
    found = Owner.objects.select_related("roll__place").filter(pk=pk).first()
    if found is None or not policy.may_keep(viewer, found.roll.place):
        raise Http404
    return found


def _under_way() -> QuerySet[OwnerLetter]:
    return OwnerLetter.objects.filter(ended_at=None, made_at__gt=clock.now() - GOOD_FOR)


def _held() -> QuerySet[Holding]:
    today = timezone.localdate(clock.now())
    return Holding.objects.filter(policy.holding(today), policy.standing(today, "unit__"))
