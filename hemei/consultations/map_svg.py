"""The opinion map as a drawing made on the server: marks that differ by shape, no mark that is one person's."""

import random
from collections.abc import Callable, Sequence
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH, HEIGHT, EDGE = 320, 220, 14
HEAD = 18  # above the drawing, for the letter of the topmost group
SHAKE = 2.5  # how far a mark is moved, in units of the drawing
FLAT = 0.02  # a spread below this share of the other is drawn as none
CLASSES = ("a", "b", "c", "d", "e")


class Grouplike(Protocol):
    id: int
    name: str
    shape: str
    size: int


def draw(
    marks: Sequence[Sequence[Sequence[float]]], groups: Sequence[Grouplike], *, each: int, seed: int
) -> SafeString:
    """The drawing with title and description. marks: of each group, where they stand (see `maps.marks_of`).

    each: how many people one mark stands for. Marks are moved a little besides, by chance from `seed`: whoever knows
    how one neighbour answered finds no mark of that neighbour.
    """
    dice = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    fit = _fit([point for of_group in marks for point in of_group])
    body, labels = [], []
    for place, group in enumerate(groups):
        at = [_shaken(fit(point), dice) for point in marks[group.id]]
        drawn = "".join(_mark(CLASSES[place], x, y) for x, y in at)
        body.append(f'<path class="{CLASSES[place]}" d="{drawn}"/>')
        labels.append((group, _middle(at)))
    lettered = [
        format_html('<text x="{}" y="{}" text-anchor="middle">{}</text>', round(x), round(y), group.name)
        for group, (x, y) in _apart(labels)
    ]
    return format_html(
        '<svg class="map" viewBox="0 -{} {} {}" role="img" aria-labelledby="map-title map-desc" '
        'xmlns="http://www.w3.org/2000/svg"><title id="map-title">{}</title><desc id="map-desc">{}</desc>{}{}</svg>',
        HEAD,
        WIDTH,
        HEIGHT + HEAD,
        _("Opinion map"),
        described(groups, each),
        mark_safe("".join(body)),  # noqa: S308 - numbers and our own letters
        mark_safe("".join(lettered)),  # noqa: S308 - each was escaped above
    )


def described(groups: Sequence[Grouplike], each: int = 1) -> str:
    """What one would see, for who does not."""
    told = [
        ngettext("%(shape)s %(name)s: %(count)d person", "%(shape)s %(name)s: %(count)d people", group.size)
        % {"shape": group.shape, "name": group.name, "count": group.size}
        for group in groups
    ]
    near = _("Who answers alike stands close together.")
    several = _("One mark stands for about %(count)d people.") % {"count": each} if each > 1 else ""
    return " ".join(filter(None, [near, _("; ").join(told) + _("."), several]))


def _fit(points: Sequence[Sequence[float]]) -> Callable[[Sequence[float]], tuple[float, float]]:
    """From the map's measure to the drawing's, the same in both directions."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDTH - 2 * EDGE) / max(wide, 1e-9), (HEIGHT - 2 * EDGE) / max(high, wide * FLAT, 1e-9))
    across, up = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2

    def fit(point: Sequence[float]) -> tuple[float, float]:
        return WIDTH / 2 + (point[0] - across) * scale, HEIGHT / 2 - (point[1] - up) * scale

    return fit


def _shaken(point: tuple[float, float], dice: random.Random) -> tuple[float, float]:
    return point[0] + dice.uniform(-SHAKE, SHAKE), point[1] + dice.uniform(-SHAKE, SHAKE)


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _y in points) / len(points), min(y for _x, y in points) - 9


def _apart(labels: list[tuple[Grouplike, tuple[float, float]]]) -> list[tuple[Grouplike, tuple[float, float]]]:
    """Letters above their groups, inside the drawing and not over one another."""
    placed: list[tuple[Grouplike, tuple[float, float]]] = []
    for group, (x, y) in labels:
        across, down = min(max(x, 12.0), WIDTH - 12.0), max(y, 14.0 - HEAD)
        while any(abs(across - other[0]) < 16 and abs(down - other[1]) < 16 for _group, other in placed):
            down += 16
        placed.append((group, (across, down)))
    return placed


def _mark(shape: str, x: float, y: float) -> str:
    """● □ △ ◆ + as pieces of a path."""
    if shape == "a":
        return f"M{x - 3:.0f} {y:.0f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z"
    if shape == "b":
        return f"M{x - 3:.0f} {y - 3:.0f}h6v6h-6z"
    if shape == "c":
        return f"M{x:.0f} {y - 4:.0f}l4 7h-8z"
    if shape == "d":
        return f"M{x:.0f} {y - 4:.0f}l4 4-4 4-4-4z"
    return f"M{x - 4:.0f} {y:.0f}h8m-4-4v8"
