"""Reading what happens at the doors. A volunteer reads of their own doors, and nowhere what a home wishes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.decisions import policy
from hemei.decisions.costing import money
from hemei.decisions.models import Door, Drive, PolicySheet, SheetReceipt, Visit, Wish
from hemei.decisions.models.drive import Stage
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place

VISITS_DUE, LETTERS_DUE = 2, 1  # before a home is called not reached: two visits and one letter
CELL = 5  # no figure about fewer homes than these; and figures change by at least so many at once
DOORS_MOST = 200  # of one volunteer
O = Visit.Outcome  # noqa: E741 - named often below
SPOKEN = (O.SPOKE, O.WANTS_VISIT, O.QUESTIONS)


@dataclass(frozen=True)
class DoorState:
    """What is known of a door, without what the home thinks. state: reached, due, not_reached.

    visits_due, letter_due: what is missing before it may be called not reached. wish_at: when a wish was noted.
    """

    drive: Drive
    home: Place
    state: str
    visits_due: int
    letter_due: bool
    last: Visit | None = None
    visits: tuple[Visit, ...] = ()
    receipts: tuple[SheetReceipt, ...] = ()
    wish_at: datetime | None = None

    @property
    def sheets(self) -> list[str]:
        return [f"{one.sheet.title} {one.sheet.version}" for one in self.receipts]


def _state(visits: list[Visit]) -> tuple[str, int, bool]:
    if any(one.outcome in SPOKEN for one in visits):
        return "reached", 0, False
    due = max(0, VISITS_DUE - sum(one.outcome == O.NOT_HOME for one in visits))
    letter = not any(one.outcome == O.LETTER for one in visits)
    return ("due" if due or letter else "not_reached"), due, letter


def doors_seen(*, viewer: Actor) -> QuerySet[Door]:
    """The doors given to `viewer`, of drives whose team they speak from now and that go on."""
    if viewer.seat is None:
        return Door.objects.none()
    running = Door.objects.filter(policy.doors_of(viewer), drive__team=viewer.seat.body)
    return running.exclude(drive__stage__in=(Stage.STOPPED, Stage.WORKS))


def my_doors(*, viewer: Actor) -> list[DoorState]:
    """The viewer's own doors; three questions to the database, however many there are."""
    doors = list(
        doors_seen(viewer=viewer)
        .select_related("drive__place__parent", "drive__estate", "drive__matter", "home")
        .order_by("drive__place__order", "drive", "home__order", "home", "pk")[:DOORS_MOST]
    )
    for door in doors:
        door.home.parent = door.drive.place
    return _states([(door.drive, door.home) for door in doors])


def homes_of(drive: Drive) -> list[Place]:
    """The homes of the stairwell, from the ground up."""
    homes = Place.objects.filter(parent=drive.place_id, kind=Kind.HOME, until=None)
    return list(homes.order_by("floor", "order", "pk"))


def doors_of_drive(drive: Drive) -> list[DoorState]:
    """Every door of the stairwell, for the desk."""
    return _states([(drive, home) for home in homes_of(drive)])


def door_for(*, viewer: Actor, drive: Drive, home: int) -> DoorState:
    """One door, for its volunteer or the desk; Http404 for everybody else, as if it were not there."""
    found = Place.objects.filter(parent=drive.place_id, kind=Kind.HOME, until=None, pk=home).first()
    if found is None:
        raise Http404
    if not policy.runs_at(viewer, drive.place) and found.pk not in _own_keys(viewer, drive):
        raise Http404
    return _states([(drive, found)])[0]


def _own_keys(viewer: Actor, drive: Drive) -> set[int]:
    return set(doors_seen(viewer=viewer).filter(drive=drive).values_list("home", flat=True))


def homes_to_serve(*, viewer: Actor, drive: Drive) -> list[Place]:
    """The homes to which `viewer` may hand a sheet: all for the desk, their own doors for a volunteer."""
    homes = homes_of(drive)
    if policy.runs_at(viewer, drive.place):
        return homes
    own = _own_keys(viewer, drive)
    return [home for home in homes if home.pk in own]


def _states(doors: list[tuple[Drive, Place]]) -> list[DoorState]:
    drives, homes = {drive.pk for drive, _home in doors}, {home.pk for _drive, home in doors}
    visits: dict[tuple[int, int], list[Visit]] = {}
    for one in Visit.objects.filter(drive__in=drives, home__in=homes).order_by("at", "pk"):
        visits.setdefault((one.drive_id, one.home_id), []).append(one)
    receipts: dict[int, list[SheetReceipt]] = {}
    for two in (
        SheetReceipt.objects.filter(home__in=homes).select_related("sheet").order_by("sheet__title", "sheet", "pk")
    ):
        receipts.setdefault(two.home_id, []).append(two)
    noted = Wish.objects.filter(drive__in=drives, home__in=homes, current=True).values_list("drive", "home", "at")
    wishes = {(drive, home): at for drive, home, at in noted}
    states = []
    for drive, home in doors:
        there = visits.get((drive.pk, home.pk), [])
        state, due, letter = _state(there)
        states.append(
            DoorState(
                drive,
                home,
                state,
                due,
                letter,
                there[-1] if there else None,
                tuple(there),
                tuple(receipts.get(home.pk, ())),
                wishes.get((drive.pk, home.pk)),
            )
        )
    return states


# wishes: for the desk by home, for everybody by the estate in cells of five and more


@dataclass(frozen=True)
class WishRow:
    """A door with its wish or None. reasons, share: in words, as it was said."""

    door: DoorState
    wish: Wish | None
    reasons: str
    share: str


@dataclass(frozen=True)
class WishTable:
    """For who prepares the costs. says, reasons: how many homes; none is left out, so this is for the desk alone.

    not_reached: doors where nobody was spoken with yet."""

    rows: list[WishRow]
    says: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    not_asked: int
    not_reached: list[DoorState] = field(default_factory=list)


def wishes_of(drive: Drive) -> WishTable:
    doors = doors_of_drive(drive)
    wishes = {one.home_id: one for one in Wish.objects.filter(drive=drive, current=True)}
    rows = [WishRow(door, wish, _reasons(wish), _share(wish)) for door in doors for wish in [wishes.get(door.home.pk)]]
    said = Counter(one.says for one in wishes.values())
    reasons = Counter(reason for one in wishes.values() for reason in one.reasons)
    return WishTable(
        rows=rows,
        says=[(str(choice.label), said[choice]) for choice in Wish.Says],
        reasons=[(str(label), reasons[key]) for key, label in Wish.REASONS.items() if reasons[key]],
        not_asked=sum(row.wish is None for row in rows),
        not_reached=[door for door in doors if door.state != "reached" and wishes.get(door.home.pk) is None],
    )


def _reasons(wish: Wish | None) -> str:
    return pgettext("list", ", ").join(str(Wish.REASONS[key]) for key in wish.reasons) if wish is not None else ""


def _share(wish: Wish | None) -> str:
    """Up to what share the home would go along, as far as it was said."""
    if wish is None or (wish.share_low is None and wish.share_high is None):
        return ""
    if wish.share_low is None or wish.share_high is None or wish.share_low == wish.share_high:
        only = wish.share_high if wish.share_high is not None else wish.share_low
        assert only is not None
        return (_("from %(sum)s") if wish.share_high is None else _("up to %(sum)s")) % {"sum": money(only)}
    return _("%(low)s to %(high)s") % {"low": money(wish.share_low), "high": money(wish.share_high)}


@dataclass(frozen=True)
class Reasons:
    """What everybody may read of the wishes of a whole estate. counts: reason and homes, five and more; as of `at`."""

    homes: int
    counts: list[tuple[str, int]]
    fewer: bool
    at: datetime | None


def reasons_at(estate: Place) -> Reasons:
    """Published in batches: the figures move only when five more homes have said something, and no cell under five.

    So no two readings differ by one household, and who knows which door was visited today learns nothing from them.
    """
    rows = Wish.objects.filter(drive__estate=estate).order_by("at", "pk").values_list("home", "reasons", "at")
    return published(rows.iterator(2000))


def published(rows: Iterable[tuple[int, list[str], datetime]]) -> Reasons:
    """The last batch that is full: rows from the oldest, the newest of a home counts."""
    standing: dict[int, list[str]] = {}
    told: dict[int, list[str]] = {}
    since: set[int] = set()
    told_at: datetime | None = None
    for home, reasons, at in rows:
        standing[home] = reasons
        since.add(home)
        if len(since) >= CELL:
            told, told_at, since = dict(standing), at, set()
    counts = Counter(reason for reasons in told.values() for reason in reasons)
    shown = [(str(label), counts[key]) for key, label in Wish.REASONS.items() if counts[key] >= CELL]
    fewer = any(0 < counts[key] < CELL for key in Wish.REASONS)
    return Reasons(len(told), shown, fewer, told_at)


# policy sheets


def sheets_of(estate: Place) -> QuerySet[PolicySheet]:
    """All versions, by title, the newest first."""
    return PolicySheet.objects.filter(estate=estate).order_by("title", "-version", "pk")


def sheet_for(pk: int) -> PolicySheet:
    """A policy sheet is for everybody; Http404 where there is none."""
    found = PolicySheet.objects.select_related("estate", "file").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def newest_sheets(estate: Place) -> list[PolicySheet]:
    """The newest version of each sheet: what is handed over."""
    newest: dict[str, PolicySheet] = {}
    for sheet in sheets_of(estate):
        newest.setdefault(sheet.title, sheet)
    return list(newest.values())


def team_page(drive: Drive) -> dict[str, Any]:
    """For the desk: who of the team looks after which door."""
    given: dict[int, list[Door]] = {}
    for door in Door.objects.filter(drive=drive, ended_at=None).select_related("volunteer").order_by("since", "pk"):
        given.setdefault(door.home_id, []).append(door)
    return {"rows": [(state, given.get(state.home.pk, [])) for state in doors_of_drive(drive)]}
