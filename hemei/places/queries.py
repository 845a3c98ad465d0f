"""Reading the address tree, always for a viewer."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex, Substr
from django.http import Http404
from django.utils.dateparse import parse_date

from hemei.base.prepared import Prepared
from hemei.ledger.queries import Line, timeline_of
from hemei.places import policy
from hemei.places.models import Change, Kind, Move, Place, PlaceList
from hemei.places.names import ways_to_write, words_of
from hemei.places.policy import Viewer

ABOVE = "parent__parent__parent__parent__parent__parent"  # a home of an old estate is the deepest there is
FOUND_MAX = 200
_RANK = Case(*(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(Kind.values)))


def streets() -> QuerySet[Place]:
    return Place.objects.filter(kind=Kind.STREET, until=None).order_by("order", "pk")


def place_for(viewer: Viewer, pk: int) -> Place:
    """The place with its `trail`, in one query; or Http404, whether it is hidden or absent."""
    found = _ONE.first(pk=pk)
    if found is None or not policy.may_see(viewer, found):
        raise Http404
    return with_trail(found)


_ONE = Prepared(lambda pk: Place.objects.select_related(ABOVE).filter(pk=pk), pk=int)


def with_trail(place: Place) -> Place:
    """`place` with `trail`: the places from the street down to it, itself last. At most one query."""
    trail, above = [place], place
    while above.parent_id is not None:
        if not Place.parent.is_cached(above):  # type: ignore[attr-defined]
            rows = {row.pk: row for row in Place.objects.filter(pk__in=place.ancestor_keys)}
            trail = [rows[key] for key in place.ancestor_keys[:-1]] + [place]
            break
        assert above.parent is not None
        above = above.parent
        trail.insert(0, above)
    place.trail = trail  # type: ignore[attr-defined]
    return place


def with_trails(places: list[Place]) -> list[Place]:
    """Each with its `trail`, for a list of results; one query for all."""
    rows = Place.objects.in_bulk({key for place in places for key in place.ancestor_keys})
    for place in places:
        place.trail = [rows[key] for key in place.ancestor_keys if key in rows]  # type: ignore[attr-defined]
    return places


@dataclass(frozen=True)
class Inside:
    """How many places of each kind stand in a place: in all, and under each child, the child itself included."""

    counts: dict[str, int]
    under: dict[int, dict[str, int]]
    children: int  # that stand directly in it, homes not counted

    @property
    def homes(self) -> int:
        return self.counts.get(Kind.HOME, 0)


def inside(place: Place) -> Inside:
    """Counted by the database in one query: rows come back for each child and kind, not for each home."""
    below = Substr("path", len(place.path) + 1)
    rows = (
        Place.objects.filter(path__startswith=place.path, until=None)
        .exclude(pk=place.pk)
        .annotate(child=Substr("path", len(place.path) + 1, StrIndex(below, Value("/")) - 1))
        .values_list("child", "kind")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts: Counter[str] = Counter()
    under: dict[int, dict[str, int]] = {}
    for child, kind, count in rows:
        counts[kind] += count
        under.setdefault(int(child), {})[kind] = count
    return Inside(dict(counts), under, sum(set(kinds) != {Kind.HOME} for kinds in under.values()))


def children_of(viewer: Viewer, place: Place) -> QuerySet[Place]:
    """What stands directly in it, kind by kind, as counted on site; homes only for staff of the place.

    before, before_en: in a merged estate, the name of the estate each stood in: the old boundary inside the new.
    """
    standing = Place.objects.filter(parent=place, until=None)
    if not viewer.serves(place):
        standing = standing.exclude(kind=Kind.HOME)
    if place.kind == Kind.ESTATE and place.since is not None:
        moves = Move.objects.filter(place=OuterRef("pk"), new_parent=place, old_parent__kind=Kind.ESTATE).order_by(
            "-pk"
        )
        standing = standing.annotate(
            before=Subquery(moves.values("old_parent__name")[:1]),
            before_en=Subquery(moves.values("old_parent__name_en")[:1]),
        )
    return standing.annotate(rank=_RANK).order_by("rank", "order", "pk")


def homes_by_floor(place: Place) -> list[tuple[int | None, int]]:
    """How many homes stand directly in it on each floor, from the ground up; those of an unknown floor last."""
    homes = Place.objects.filter(parent=place, kind=Kind.HOME, until=None)
    rows = list(homes.values_list("floor").annotate(count=Count("pk")).order_by("floor"))
    return sorted(rows, key=lambda row: (row[0] is None, row[0] or 0))


@dataclass(frozen=True)
class Named:
    """As much of an estate as its name and its page need."""

    pk: int
    name: str
    name_en: str


@dataclass(frozen=True)
class Changed:
    """A merger or a split, with the estates before and after."""

    kind: str
    on: date
    reason: str
    source: str
    before: list[Named]
    after: list[Named]


def changes_of(place: Place) -> list[Changed]:
    """Mergers and splits that made or ended this estate, oldest first; one query."""
    if place.since is None and place.until is None:
        return []  # every change leaves a day on what it made and on what it ended
    fields = ("pk", "name", "name_en")
    of_place = Change.objects.filter(Q(before=place) | Q(after=place)).values("pk")
    rows = Change.objects.filter(pk__in=of_place).values(
        "pk",
        "kind",
        "on",
        "reason",
        "source",
        *(f"{side}__{field}" for side in ("before", "after") for field in fields),
    )
    found: dict[int, Changed] = {}
    for row in rows.order_by("on", "pk", "before__order", "before__pk", "after__order", "after__pk"):
        change = found.setdefault(row["pk"], Changed(row["kind"], row["on"], row["reason"], row["source"], [], []))
        for side, estates in (("before", change.before), ("after", change.after)):
            estate = Named(*(row[f"{side}__{field}"] for field in fields))
            if estate not in estates:
                estates.append(estate)
    return list(found.values())


def stood_in(place: Place) -> list[Place]:
    """What stood directly in an estate that was merged or split, where it stands now."""
    moved = Place.objects.filter(moves__old_parent=place).exclude(kind__in=[Kind.ESTATE, Kind.HOME])
    return list(moved.annotate(rank=_RANK).order_by("rank", "order", "pk"))


def history_of(street: Place, *, before: int | None, most: int) -> tuple[list[Line], int | None]:
    """What changed in the street's tree, newest first, and where the earlier lines begin, if there are any."""
    lines = timeline_of(street, before=before, most=most)
    for line in lines:
        for key in {"on", "until"} & set(line.public):
            line.public[key] = parse_date(line.public[key])
    earlier = lines[-1].position if len(lines) == most else None
    return [line for line in lines if line.verb.startswith("places.")], earlier


def places_found(*, viewer: Viewer, words: str, street: Place | None = None) -> QuerySet[Place]:
    """Places called so, in whatever way a door is written: 三栋 finds 3号楼; old estates are found by their old names.

    Every word must be in the name, English name, code or address of the place, or in the name of one it stands in;
    the last word in its own.
    """
    cut = words_of(words)
    if not cut:
        return Place.objects.none()
    found = Place.objects.filter(policy.visible(viewer), _called(cut[-1]))
    for word in cut[:-1]:
        above = Q(address__icontains=word)
        for up in ("", "parent__", "parent__parent__", "parent__parent__parent__", "parent__parent__parent__parent__"):
            for way in ways_to_write(word):
                above |= Q(**{f"{up}name__icontains": way})
            above |= Q(**{f"{up}name_en__icontains": word})
        found = found.filter(above)
    if street is not None:
        found = found.filter(path__startswith=street.path)
    exactly = Q(name__iexact=cut[-1]) | Q(code__iexact=cut[-1]) | Q(name_en__iexact=cut[-1])
    return found.annotate(rank=_RANK, near=Case(When(exactly, then=Value(0)), default=Value(1))).order_by(
        "near", "rank", "path", "pk"
    )


def _called(word: str) -> Q:
    called = Q(code__iexact=word) | Q(name_en__icontains=word) | Q(address__icontains=word)
    for way in ways_to_write(word):
        called |= Q(name__icontains=way)
    return called


def list_for(viewer: Viewer, pk: int) -> PlaceList:
    """A list that was sent, for those who may send lists to its street; or Http404."""
    found = PlaceList.objects.select_related("street").filter(pk=pk).first()
    if found is None or not policy.may_send_lists(viewer, found.street):
        raise Http404
    return found


def lists_of(street: Place) -> QuerySet[PlaceList]:
    """Lists sent to the street, newest first."""
    return PlaceList.objects.filter(street=street).order_by("-sent_at", "-pk")
