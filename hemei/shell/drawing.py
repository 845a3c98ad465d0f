"""Pictures drawn on the server: numbers in, places on the sheet out. Nothing is smoothed, a gap stays a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LEFT, RIGHT, TOP, BOTTOM = 60, 630, 20, 220  # of a sheet of 640 x 260


@dataclass(frozen=True)
class Share:
    """What part of the whole it was at a time; part None where nobody knows."""

    when: str
    part: int | None
    whole: int


@dataclass(frozen=True)
class Curve:
    """A share over time as `shell/parts/curve.html` draws it.

    key: unique on the page. scale: height and words of each rule. lines: the stretches without a gap. dots: each
    known share. rows: the same as a table, "" where it is not known.
    """

    key: str
    title: str
    told: str
    scale: tuple[tuple[int, str], ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[int, int], ...]
    first: str
    last: str
    rows: tuple[tuple[str, str], ...]


def curve(shares: Sequence[Share], *, key: str, title: str, told: str) -> Curve:
    """`shares` from the oldest to the newest, at equal distances, on the whole scale from nothing to all."""
    step = (RIGHT - LEFT) / max(1, len(shares) - 1)
    places = [
        None if one.part is None or not one.whole else (round(LEFT + step * n), _height(one.part, one.whole))
        for n, one in enumerate(shares)
    ]
    return Curve(
        key=key,
        title=title,
        told=told,
        scale=tuple((_height(percent, 100), f"{percent} %") for percent in (0, 50, 100)),
        lines=tuple("M" + "L".join(f"{x} {y}" for x, y in run) for run in _runs(places) if len(run) > 1),
        dots=tuple(place for place in places if place),
        first=shares[0].when if shares else "",
        last=shares[-1].when if len(shares) > 1 else "",
        rows=tuple((one.when, "" if one.part is None else f"{one.part} / {one.whole}") for one in shares),
    )


@dataclass(frozen=True)
class Count:
    """How many of the whole it was from a day on."""

    on: date
    when: str
    part: int
    whole: int


def staircase(counts: Sequence[Count], *, key: str, title: str, told: str) -> Curve:
    """`counts` from the oldest to the newest, as far apart as their days, on the scale from nothing to the last whole.

    A count holds until the next one, so the line goes up in steps. It has no rows: its table stands beside it.
    """
    whole = counts[-1].whole if counts else 0
    days = [(one.on - counts[0].on).days for one in counts]
    span = max(1, days[-1]) if days else 1
    places = [
        (LEFT + (RIGHT - LEFT) * day // span, _height(min(one.part, whole), max(1, whole)))
        for day, one in zip(days, counts, strict=True)
    ]
    lines = ["".join((f"M{x} {y}" if n == 0 else f"H{x}V{y}") for n, (x, y) in enumerate(places))]
    marks = sorted({0, whole // 2, whole})
    return Curve(
        key=key,
        title=title,
        told=told,
        scale=tuple((_height(mark, max(1, whole)), f"{mark}") for mark in marks),
        lines=tuple(lines) if len(places) > 1 else (),
        dots=tuple(places),
        first=counts[0].when if counts else "",
        last=counts[-1].when if len(counts) > 1 else "",
        rows=(),
    )


def _height(part: int, whole: int) -> int:
    return BOTTOM - (BOTTOM - TOP) * part // whole


def _runs(places: Sequence[tuple[int, int] | None]) -> list[list[tuple[int, int]]]:
    """The stretches of places between the gaps."""
    runs: list[list[tuple[int, int]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return runs
