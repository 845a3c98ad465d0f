"""What a newest map may tell, for the consultation's page and for the page with its numbers."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hemei.consultations import map_svg, reading_out
from hemei.consultations.group_figures import Counts, Figure, of_everybody, of_groups
from hemei.consultations.models import Consultation, OpinionMap, Statement, WordsState
from hemei.places.models import Kind
from hemei.shell.words import in_english

KEPT_MAX = 64  # of maps in one language, in one process
SHAPES = ("●", "□", "△", "◆", "+")  # as `map_svg` draws them; right in black and white


@dataclass(frozen=True)
class GroupShown:
    """A group as a reader meets it. told: sentences on what it says otherwise than the others."""

    id: int
    name: str
    shape: str
    size: int
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A statement with what may be told of it, over everybody and for each group."""

    number: int
    text: str
    total: Figure
    groups: tuple[Figure, ...]


@dataclass(frozen=True)
class Results:
    """why: why there are no groups, in a sentence; empty where there are. rows: statements, by number."""

    rows: list[Row]
    groups: tuple[GroupShown, ...] = ()
    svg: SafeString | str = ""
    why: str = ""
    lines: tuple[reading_out.Line, ...] = ()
    at: datetime | None = None
    votes: int = 0
    people: int = 0


_kept: dict[tuple[Any, ...], Results] = {}
_turn = threading.Lock()


def results_of(consultation: Consultation, newest: OpinionMap | None, said: Sequence[Any] | None = None) -> Results:
    """What the newest map tells; whether results may be told at all has been asked before.

    said: accepted statements if the caller has them, anything with number, text, text_en and counts. What a map tells
    of the same statements stays the same, so it is made once in each language and kept.
    """
    if said is None:
        said = list(Statement.objects.filter(consultation=consultation, state=WordsState.ACCEPTED).order_by("number"))
    if newest is None:
        rows = [_row(one, (one.agrees, one.passes, one.disagrees), []) for one in said]
        why = _("The map is being computed; it stands here within a minute.") if consultation.votes else ""
        return Results(rows=rows, why=why)
    key = (newest.pk, newest.made_at, get_language(), tuple(one.number for one in said))
    with _turn:
        if key in _kept:
            return _kept[key]
    told = _told(consultation, newest, said)
    with _turn:
        _kept[key] = told
        while len(_kept) > KEPT_MAX:
            del _kept[next(iter(_kept))]
    return told


def _told(consultation: Consultation, newest: OpinionMap, said: Sequence[Any]) -> Results:
    told_map = newest.result
    at_the_time = {one["id"]: (one["agrees"], one["passes"], one["disagrees"]) for one in told_map["statements"]}
    by_group = {number: [tuple(counts) for counts in groups] for number, groups in told_map["counts"]}
    nothing = [(0, 0, 0)] * len(told_map["groups"])
    rows = [_row(one, at_the_time.get(one.number, (0, 0, 0)), by_group.get(one.number, nothing)) for one in said]
    names = group_names(len(told_map["groups"]))
    by_number = {row.number: row for row in rows}
    groups = tuple(
        GroupShown(
            id=one["id"],
            name=names[one["id"]],
            shape=SHAPES[one["id"]],
            size=one["size"],
            told=reading_out.what_tells(one["id"], one["representative"], by_number),
        )
        for one in told_map["groups"]
    )
    return Results(
        rows=rows,
        groups=groups,
        svg=map_svg.draw(told_map["marks"], groups, each=told_map["each"], seed=consultation.seed) if groups else "",
        why="" if groups else _why_no_groups(consultation, told_map),
        lines=reading_out.lines(rows, names),
        at=newest.made_at,
        votes=newest.votes,
        people=newest.participants,
    )


def _row(one: Any, total: Counts, groups: list[Counts]) -> Row:
    return Row(
        number=one.number,
        text=in_english(one.text, one.text_en),
        total=of_everybody(total),
        groups=tuple(of_groups(groups, total)),
    )


def group_names(many: int) -> list[str]:
    """甲, 乙, 丙 …; A, B, C in English."""
    return [
        pgettext("name of an opinion group", "A"),
        pgettext("name of an opinion group", "B"),
        pgettext("name of an opinion group", "C"),
        pgettext("name of an opinion group", "D"),
        pgettext("name of an opinion group", "E"),
    ][:many]


def _why_no_groups(consultation: Consultation, told_map: dict[str, Any]) -> str:
    if consultation.matter.place.kind in (Kind.STAIRWELL, Kind.HOME):
        return _("One stairwell was asked. A map of it would show who lives behind which door, so none is drawn.")
    if told_map["hushed"]:
        return _(
            "Fewer than 15 people have answered enough. With so few, groups come about by mere chance, so no map is "
            "drawn. Sitting down together tells more."
        )
    return _("People do not fall into groups here: the answers form one cloud.")


@dataclass(frozen=True)
class Cell:
    """One cell of the table of numbers."""

    label: str
    told: str


@dataclass(frozen=True)
class TableRow:
    number: int
    text: str
    cells: tuple[Cell, ...]


def table(results: Results, rows: Sequence[Row]) -> list[TableRow]:
    """The numbers behind the map: for everybody and each group how many agree and disagree, of how many."""
    everybody = _("Everybody")
    labels = [everybody, *(f"{group.shape} {group.name}" for group in results.groups)]
    return [
        TableRow(
            row.number,
            row.text,
            tuple(
                Cell(label, reading_out.counted(one))
                for label, one in zip(labels, (row.total, *row.groups), strict=True)
            ),
        )
        for row in rows
    ]
