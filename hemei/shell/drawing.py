"""Pictures drawn on the server: numbers in, places on the sheet out. Nothing is smoothed, a gap stays a gap."""

from collections.abc import Sequence
from dataclasses import dataclass

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
