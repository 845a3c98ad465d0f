"""What the map says, in plain sentences with the numbers they stand on. It speaks of no group that is not there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from hemei.consultations.figures import SMALL
from hemei.consultations.group_figures import Figure, percent

LINES_MAX = 3  # of a kind
MOST = 60  # per cent that makes "most" in every group
APART = 30  # points between two groups that make a division worth saying
UNSURE = 25  # per cent "not sure" worth saying
ANSWERED_MIN = 10  # answers before a share is said of anything
TELLING_MAX = 3  # statements that tell a group from the others


class Rowlike(Protocol):
    """A statement with what may be told of it."""

    number: int
    text: str
    total: Figure
    groups: tuple[Figure, ...]


@dataclass(frozen=True)
class Line:
    """One finding. what: agreed, opposed, divides, unsure. head: how it begins. numbers: of each group, or of all."""

    what: str
    head: str
    text: str
    numbers: str
    statement: int


def lines(rows: Sequence[Rowlike], names: Sequence[str]) -> tuple[Line, ...]:
    """Common ground first, then what divides, then what most are unsure of."""
    if not names:
        return (*_of_everybody(rows), *_unsure(rows))
    agreed = _in_every_group(rows, names, "agreed", _agrees)
    opposed = _in_every_group(rows, names, "opposed", _disagrees)
    return (*agreed, *opposed, *_dividing(rows, names), *_unsure(rows))


def _agrees(one: Figure) -> int | None:
    return one.agrees


def _disagrees(one: Figure) -> int | None:
    return one.disagrees


def _share(one: Figure, count: Callable[[Figure], int | None]) -> int | None:
    """Per cent of those who answered, or None where it may not be told or too few answered.

    Where nearly all said so and the few others are not counted, the least it can be.
    """
    part, whole = count(one), one.answered
    if part is None:
        return None
    if whole is None and one.nearly_all and part >= ANSWERED_MIN:
        return percent(part, part + SMALL - 1)
    return None if whole is None or whole < ANSWERED_MIN else percent(part, whole)


def _head(what: str, groups: int) -> str:
    if what == "agreed":
        return _("Most on both sides agree:") if groups == 2 else _("Most in every group agree:")
    return _("Most on both sides are against it:") if groups == 2 else _("Most in every group are against it:")


def _in_every_group(
    rows: Sequence[Rowlike], names: Sequence[str], what: str, count: Callable[[Figure], int | None]
) -> list[Line]:
    found = []
    for row in rows:
        shares = [_share(one, count) for one in row.groups]
        known = [share for share in shares if share is not None]
        if len(known) == len(names) and min(known) >= MOST:
            found.append((-min(known), row.number, row))
    return [
        Line(what, _head(what, len(names)), row.text, _numbers(row, names, count), row.number)
        for _rank, _number, row in sorted(found, key=lambda one: one[:2])[:LINES_MAX]
    ]


def _dividing(rows: Sequence[Rowlike], names: Sequence[str]) -> list[Line]:
    found = []
    for row in rows:
        known = [share for one in row.groups if (share := _share(one, _agrees)) is not None]
        if len(known) > 1 and max(known) - min(known) >= APART:
            found.append((min(known) - max(known), row.number, row))
    return [
        Line("divides", _("This divides most:"), row.text, _numbers(row, names, _agrees), row.number)
        for _rank, _number, row in sorted(found, key=lambda one: one[:2])[:LINES_MAX]
    ]


def _of_everybody(rows: Sequence[Rowlike]) -> list[Line]:
    found = []
    for row in rows:
        for what, count, head in (
            ("agreed", _agrees, _("Most agree:")),
            ("opposed", _disagrees, _("Most are against it:")),
        ):
            share = _share(row.total, count)
            if share is not None and share >= MOST:
                found.append((-share, row.number, Line(what, head, row.text, _part(row.total, count), row.number)))
    return [line for _rank, _number, line in sorted(found, key=lambda one: one[:2])[:LINES_MAX]]


def _unsure(rows: Sequence[Rowlike]) -> list[Line]:
    shares = [(share, row) for row in rows if (share := _share(row.total, lambda one: one.passes)) is not None]
    found = sorted(((-share, row.number, row) for share, row in shares if share >= UNSURE), key=lambda one: one[:2])
    return [
        Line("unsure", _("Most are unsure here:"), row.text, _part(row.total, lambda one: one.passes), row.number)
        for _rank, _number, row in found[:1]
    ]


def _numbers(row: Rowlike, names: Sequence[str], count: Callable[[Figure], int | None]) -> str:
    """甲 91 %（73/80），乙 84 %（42/50）; a group whose figures may not be told is left out."""
    parts = [
        _("%(group)s %(part)s") % {"group": name, "part": _part(one, count)}
        for name, one in zip(names, row.groups, strict=True)
        if _share(one, count) is not None
    ]
    return _(", ").join(parts)


def _part(one: Figure, count: Callable[[Figure], int | None]) -> str:
    part, whole = count(one), one.answered
    assert part is not None
    if whole is None:
        return _("%(part)d people, fewer than 5 say otherwise") % {"part": part}
    return _("%(percent)d %% (%(part)d of %(whole)d)") % {
        "percent": percent(part, whole),
        "part": part,
        "whole": whole,
    }


def what_tells(group: int, representative: Sequence[Mapping[str, Any]], rows: Mapping[int, Rowlike]) -> tuple[str, ...]:
    """What the group says more than the others, as sentences; statements that are not shown are left out."""
    told = []
    for one in representative:
        row = rows.get(one["statement"])
        if row is None:
            continue
        count = _agrees if one["answer"] == 1 else _disagrees
        if _share(row.groups[group], count) is None:
            continue
        words = {"text": row.text, "part": _part(row.groups[group], count)}
        if one["answer"] == 1:
            told.append(_("agrees: “%(text)s”, %(part)s") % words)
        else:
            told.append(_("is against: “%(text)s”, %(part)s") % words)
    return tuple(told[:TELLING_MAX])


def counted(one: Figure) -> str:
    """A cell of the table: how many agree and disagree, of how many; what is withheld is said to be."""
    if one.silent:
        return _("not told")

    def figure(count: int | None) -> str:
        return _("not told") if count is None else str(count)

    words = {"agrees": figure(one.agrees), "disagrees": figure(one.disagrees), "whole": one.answered}
    if one.answered is None:
        return _("%(agrees)s agree, %(disagrees)s disagree") % words
    return _("%(agrees)s agree, %(disagrees)s disagree, of %(whole)d") % words
