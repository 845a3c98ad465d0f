"""The board of an estate: forty stairwells, one by one. What it shows is read anew each time; how it looks is kept.

Nothing here comes from wishes or votes: a stage, and from the signing on how many homes have signed the contract.
"""

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count as Number
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.base.prepared import Prepared
from hemei.decisions import gates, policy
from hemei.decisions.curves import Curves, curves_from
from hemei.decisions.models import Drive, Milestone
from hemei.decisions.models.drive import Stage
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place
from hemei.promises.models import Promise
from hemei.promises.queries import is_soon
from hemei.shell.words import in_english, left

V = Matter.Visibility
KEPT_MAX = 64  # boards in one process; the one asked for longest ago goes
WAITS_SHOWN = 12  # of those that stand still, the ones due soonest
SHAPES = {
    "": "dash",
    Stage.FEASIBILITY: "dot",
    Stage.WISHES: "dashed",
    Stage.SCHEME: "ring",
    Stage.CONSENT: "diamond",
    Stage.CONTRACT: "half",
    Stage.NOTICE: "disc",
    Stage.PLANNING: "triangle",
    Stage.PERMIT: "square",
    Stage.WORKS: "block",
    Stage.STOPPED: "cross",
}
SIGNING = gates.ORDER[gates.ORDER.index(Stage.CONTRACT) :]  # stages that tell how many homes have signed


@dataclass(frozen=True)
class Tile:
    """A stairwell on the board. part, whole: homes that have signed the contract, from the signing on."""

    url: str
    number: str
    shape: str
    stage: str
    part: int | None = None
    whole: int | None = None
    told: str = ""


@dataclass(frozen=True)
class Wait:
    """What a drive stands still for, and in whose hands it is."""

    url: str
    number: str
    what: str
    body: str
    left: str
    chip: str


@dataclass(frozen=True)
class Row:
    """A drive as one row of the database. promise_…: of the promise behind its wait."""

    pk: int
    place: int
    stage: str
    homes: int
    contracted: int
    contracted_on: date | None
    began_on: date
    waits_for: str
    waits_for_en: str
    waits_body: str
    waits_until: datetime | None
    changed_at: datetime
    promise_state: str | None
    promise_due_at: datetime | None
    promise_body_en: str | None

    @property
    def is_signed(self) -> bool:
        return self.stage in SIGNING and self.contracted == self.homes

    @property
    def waits(self) -> bool:
        """Whether it still stands still: a promise that was kept or taken back is no wait any more."""
        return bool(self.waits_for) and self.promise_state in (None, Promise.State.OPEN)

    @property
    def due_at(self) -> datetime | None:
        return self.promise_due_at or self.waits_until


_FIELDS = (
    "pk", "place_id", "stage", "homes", "contracted", "contracted_on", "began_on", "waits_for", "waits_for_en",
    "waits_for_body", "waits_until", Coalesce("changed_at", "made_at"), "waits_promise__state", "waits_promise__due_at",
    "waits_promise__owner_body__name_en",
)  # fmt: skip


@dataclass(frozen=True)
class Board:
    """began: whether any drive is or was there. body: the board itself, rendered."""

    began: bool
    body: SafeString


_kept: OrderedDict[tuple[Any, ...], Board] = OrderedDict()
_turn = threading.Lock()


def board_of(*, viewer: Actor, estate: Place, at: datetime) -> Board:
    """The board as it stands; at most five questions to the database, however many stairwells there are."""
    stairwells = _STAIRWELLS.all(estate=estate.pk)
    drives = drives_of(viewer=viewer, estate=estate)
    told = milestones_of(estate)
    begun = {drive.place for drive in drives}
    idle = [place[0] for place in stairwells if place[0] not in begun]
    homes = _homes_of(idle)
    waits = [(drive.pk, left(drive.due_at, at), _chip(drive, at)) for drive in drives if drive.waits]
    key = (estate.pk, get_language(), at.astimezone().year, *map(tuple, (stairwells, drives, told, waits)), homes)
    with _turn:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    read = Read(stairwells, drives, told, {pk: rest for pk, *rest in waits}, homes)
    made = _make(estate, read)
    with _turn:
        _kept[key] = made
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Keep nothing; for tests whose databases begin anew with the same keys."""
    _kept.clear()


def drives_of(*, viewer: Actor, estate: Place) -> list[Row]:
    """The drive of each stairwell that `viewer` may see: the one that runs, else the last that stopped."""
    newest: dict[int, Row] = {}
    rows = _DRIVES.all(estate=estate.pk)
    seen = _matters_seen(viewer, [matter for matter, visibility, *_rest in rows if visibility != V.PUBLIC])
    for matter, visibility, *values in rows:
        if visibility != V.PUBLIC and matter not in seen:
            continue
        row = Row(*values)
        if row.place not in newest or newest[row.place].stage == Stage.STOPPED:
            newest[row.place] = row
    return list(newest.values())


def _matters_seen(viewer: Actor, matters: list[int]) -> set[int]:
    """Those of them that `viewer` sees though not everybody does."""
    if not matters:
        return set()
    return set(Drive.objects.filter(policy.drives_seen(viewer), matter__in=matters).values_list("matter", flat=True))


def milestones_of(estate: Place) -> list[tuple[Any, ...]]:
    """What, on, on_told, count, whole and source of each, the oldest first."""
    return _TOLD.all(estate=estate.pk)


_STAIRWELLS = Prepared(
    lambda estate: (
        Place.objects.filter(
            parent__in=Place.objects.filter(Q(pk=estate) | Q(parent=estate, kind=Kind.BUILDING)).values("pk"),
            kind=Kind.STAIRWELL,
            until=None,
        )
        .order_by("parent__order", "parent_id", "order", "pk")
        .values_list("pk", "name", "name_en", "parent__kind", "parent__name", "parent__name_en")
    ),
    estate=int,
)
_DRIVES = Prepared(
    lambda estate: (
        Drive.objects.filter(estate=estate)
        .order_by("place_id", "pk")
        .values_list("matter_id", "matter__visibility", *_FIELDS)
    ),
    estate=int,
)
_TOLD = Prepared(
    lambda estate: (
        Milestone.objects.filter(estate=estate)
        .order_by("on", "pk")
        .values_list("what", "on", "on_told", "count", "whole", "source")
    ),
    estate=int,
)


def _homes_of(stairwells: list[int]) -> int:
    """How many homes stand in stairwells where no drive began."""
    if not stairwells:
        return 0
    counted = Place.objects.filter(parent__in=stairwells, kind=Kind.HOME, until=None).aggregate(count=Number("pk"))
    return int(counted["count"])


def _chip(drive: Row, at: datetime) -> str:
    if drive.due_at is None:
        return ""
    return "late" if drive.due_at < at else "soon" if is_soon(drive.due_at, at) else ""


@dataclass(frozen=True)
class Read:
    """What the database gave. waits: of the drives that stand still, how long is left and how it looks."""

    stairwells: list[tuple[Any, ...]]
    drives: list[Row]
    told: list[tuple[Any, ...]]
    waits: dict[int, list[str]]
    idle_homes: int


def _make(estate: Place, read: Read) -> Board:
    stairwells, drives, waits = read.stairwells, read.drives, read.waits
    of = {drive.place: drive for drive in drives}
    names = {pk: _name(*rest) for pk, *rest in stairwells}
    tiles = [_tile(of.get(pk), pk, name) for pk, name in names.items()]
    standing_still = [
        Wait(
            reverse("decisions:drive", args=[drive.pk]),
            names.get(drive.place, ""),
            in_english(drive.waits_for, drive.waits_for_en),
            in_english(drive.waits_body, drive.promise_body_en),
            *waits[drive.pk],
        )
        for drive in sorted(
            (one for one in drives if one.waits), key=lambda one: (one.due_at is None, one.due_at, one.pk)
        )
    ]
    stages = Counter(drive.stage for drive in drives)
    words = {
        "estate": estate,
        "count": len(tiles),
        "tiles": tiles,
        "wide": any(kind == Kind.BUILDING for _pk, _name_, _en, kind, *_rest in stairwells),
        "figures": _figures(tiles, drives, stages, len(standing_still), read.idle_homes),
        "waits": standing_still[:WAITS_SHOWN],
        "more_waits": max(0, len(standing_still) - WAITS_SHOWN),
        "stages": _stages(stages, len(tiles) - len([pk for pk in names if pk in of])),
        "curve": _curves(estate, drives, read.told, len(tiles)),
        "changed_at": max((drive.changed_at for drive in drives), default=None),
    }
    return Board(bool(drives), SafeString(render_to_string("decisions/parts/board.html", words)))


def _curves(estate: Place, drives: list[Row], told: list[tuple[Any, ...]], whole: int) -> Curves:
    signed = [drive.contracted_on for drive in drives if drive.is_signed and drive.contracted_on]
    began = min((drive.began_on for drive in drives), default=None)
    return curves_from(key=f"curve-{estate.pk}", signed=signed, began=began, told=told, whole=whole)


def _name(name: str, name_en: str, kind: str, above: str, above_en: str) -> str:
    own = in_english(name, name_en)
    return f"{in_english(above, above_en)} {own}" if kind == Kind.BUILDING else own


def _tile(drive: Row | None, place: int, name: str) -> Tile:
    if drive is None:
        return Tile(reverse("places:place", args=[place]), name, SHAPES[""], _("not begun"))
    stage = Stage(drive.stage)
    url, shape, word = reverse("decisions:drive", args=[drive.pk]), SHAPES[stage], str(stage.label)
    if stage not in SIGNING:
        return Tile(url, name, shape, word)
    told = _("%(part)d of %(whole)d homes have signed the contract")
    full = told % {"part": drive.contracted, "whole": drive.homes}
    return Tile(url, name, shape, word, drive.contracted, drive.homes, full)


def _figures(
    tiles: list[Tile], drives: list[Row], stages: Counter[str], waiting: int, idle_homes: int
) -> list[tuple[str, str]]:
    signed = sum(drive.is_signed for drive in drives)
    part = sum(drive.contracted for drive in drives if drive.stage in SIGNING)
    whole = sum(drive.homes for drive in drives) + idle_homes
    return [
        (f"{signed} / {len(tiles)}", _("stairwells: every home has signed the contract")),
        (f"{part} / {whole}", _("homes have signed, %(percent)s %%") % {"percent": cut(part, whole)}),
        (f"{stages[Stage.WISHES]} / {len(tiles)}", _("stairwells are asked for their wishes")),
        (f"{waiting}", _("things lie in somebody's hands")),
    ]


def cut(part: int, whole: int) -> str:
    """The percentage with one decimal, cut, never rounded up: 463 of 480 are 96.4."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def _stages(stages: Counter[str], idle: int) -> list[tuple[str, str, int]]:
    """Shape, word and count of each stage where a stairwell stands."""
    rows = [(SHAPES[stage], str(stage.label), stages[stage]) for stage in Stage if stages[stage]]
    return [(SHAPES[""], _("not begun"), idle), *rows] if idle else rows
