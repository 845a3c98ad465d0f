"""The dated curve of an estate: how many stairwells had signed, or lifts were handed over, from which day on.

What the system recorded itself and what is told from a source stand in one line, each with where it is from.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hemei.decisions.models import Milestone
from hemei.shell.drawing import Count, Curve, staircase
from hemei.shell.words import day

W = Milestone.What


@dataclass(frozen=True)
class Point:
    """So many of the whole from a day on. source: "" for what was recorded here."""

    on: date
    when: str
    part: int
    whole: int
    source: str


@dataclass(frozen=True)
class Line:
    """One curve with its table."""

    name: str
    drawn: Curve
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Curves:
    """signed, delivered: None while there is nothing to draw."""

    signed: Line | None
    delivered: Line | None

    @property
    def lines(self) -> list[Line]:
        return [line for line in (self.signed, self.delivered) if line is not None]


def curves_from(
    *, key: str, signed: Iterable[date], began: date | None, told: Sequence[tuple[Any, ...]], whole: int
) -> Curves:
    """signed: the day each stairwell's last home signed. began: when the first drive began, at nothing.

    told: what, on, on_told, count, whole, source of each milestone.
    """
    by_what: dict[str, list[tuple[Any, ...]]] = {W.SIGNED: [], W.DELIVERED: []}
    for what, *rest in told:
        by_what[what].append(tuple(rest))
    return Curves(
        _line(f"{key}-signed", W.SIGNED, points_of(signed, began, by_what[W.SIGNED], whole)),
        _line(f"{key}-delivered", W.DELIVERED, points_of((), None, by_what[W.DELIVERED], whole)),
    )


def points_of(
    signed: Iterable[date], began: date | None, told: Sequence[tuple[Any, ...]], whole: int
) -> tuple[Point, ...]:
    """Day by day. What a source tells of a day is the count from then on; what was recorded later adds to it."""
    by_day, sources = Counter(signed), {row[0]: row for row in told}
    points: list[Point] = []
    if began is not None and by_day and not sources and began < min(by_day):
        points.append(Point(began, day(began), 0, whole, ""))
    part = 0
    for on in sorted({*by_day, *sources}):
        if on in sources:
            _on, on_told, part, of, source = sources[on]
            points.append(Point(on, on_told or day(on), part, of, source))
        else:
            part += by_day[on]
            points.append(Point(on, day(on), part, max(whole, part), ""))
    return tuple(points)


def _line(key: str, what: str, points: tuple[Point, ...]) -> Line | None:
    if not points:
        return None
    name = _("Stairwells where every home has signed") if what == W.SIGNED else _("Lifts handed over")
    first, last = points[0], points[-1]
    if len(points) > 1:
        told = _("From %(first)d on %(first_day)s to %(last)d of %(whole)d on %(last_day)s.") % {
            "first": first.part,
            "first_day": first.when,
            "last": last.part,
            "last_day": last.when,
            "whole": last.whole,
        }
    else:
        told = _("%(last)d of %(whole)d on %(last_day)s.") % {
            "last": last.part,
            "whole": last.whole,
            "last_day": last.when,
        }
    counts = [Count(point.on, point.when, point.part, point.whole) for point in points]
    return Line(name, staircase(counts, key=key, title=name, told=told), points)
