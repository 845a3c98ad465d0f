"""Cases to begin with: what a press on an example writes into the small forms, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

Said = dict[str, str]
Examples = Mapping[str, tuple[Any, Callable[[], Said]]]

AREAS = ("62.30", "60.35")
HOMES = [(f"{floor}0{n}", floor, area) for floor in range(1, 7) for n, area in enumerate(AREAS, 1)]

# votes

VOTE = {"rule": "CN-278-SPECIAL"}
AGREED = ("201", "202", "301", "302", "401", "501")
AGAINST = ("402", "502")


def _votes(agreed: tuple[str, ...], against: tuple[str, ...]) -> str:
    """The stairwell's homes, a line each."""
    said = dict.fromkeys(agreed, pgettext("typed", "for")) | dict.fromkeys(against, pgettext("typed", "against"))
    silent = pgettext("typed", "none")
    return "\n".join(f"{home}, {area}, {said.get(home, silent)}" for home, _floor, area in HOMES)


VOTES: Examples = {
    "lift": (_("A lift: exactly enough"), lambda: {**VOTE, "homes": _votes(AGREED, AGAINST)}),
    "short": (
        _("A lift: one home is missing"),
        lambda: {**VOTE, "homes": _votes(tuple(home for home in AGREED if home != "301"), AGAINST)},
    ),
    "manager": (
        _("Choosing a manager: exactly half is not enough"),
        lambda: {"rule": "CN-278-ORDINARY", "homes": _votes(AGREED[:4], (*AGREED[4:], *AGAINST))},
    ),
}

# costs

COST = {
    "floors": "6",
    "each": "2",
    "works": "700,000",
    "other": "",
    "rate": "40",
    "cap": "280,000",
    "key": "guangzhou",
    "within": "equal",
    "rounding": "cent",
}
LIMITS = (-10_000, 10_000, 40_000, 65_000, 85_000, 100_000)  # by floor


def _listed(with_limits: bool) -> str:
    lines = [f"{home}, {floor}, {area}" for home, floor, area in HOMES]
    if with_limits:
        lines = [f"{line}, {LIMITS[floor - 1]}" for line, (_home, floor, _area) in zip(lines, HOMES, strict=True)]
    return "\n".join(lines)


COSTS: Examples = {
    "lift": (
        _("Six floors, two sizes of homes"),
        lambda: {
            **COST,
            "each": "",
            "homes": _listed(with_limits=False),
            "works": "680,000",
            "other": "12,000",
            "within": "area",
        },
    ),
    "hundreds": (
        _("Storeys climbed, to full hundreds"),
        lambda: {**COST, "key": "half_landing", "works": "650,000", "other": "8,888", "rounding": "100"},
    ),
    "limits": (
        _("What each home would pay is known"),
        lambda: {**COST, "each": "", "homes": _listed(with_limits=True)},
    ),
}
