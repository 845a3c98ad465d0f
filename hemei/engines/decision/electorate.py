"""The roll made ready for counting: heads, and measures scaled to whole numbers once so that loops add integers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from hemei.engines.decision.case import Case
from hemei.engines.decision.roll import Unit
from hemei.engines.decision.rule import Measure, OriginalOwner, Rule, Test

NOTHING = Fraction(0)
Part = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Electorate:
    """Units by their number on the roll, 0 the first.

    numbers: unit id -> number. heads: the head of each unit; equal numbers are one head.
    weights: of units, area and share, by unit, as whole numbers; weights[m][i] / scales[m] is what the unit has,
    after the original owner's and the majority owner's reduction.
    parts: the units that the tests of one `who` and `exclude_kinds` look at, without those that may not vote.
    """

    units: tuple[Unit, ...]
    numbers: Mapping[str, int]
    heads: Sequence[int]
    weights: Mapping[Measure, Sequence[int]]
    scales: Mapping[Measure, int]
    parts: Mapping[Part, Sequence[int]]

    def part(self, test: Test) -> Sequence[int]:
        """The units this test looks at."""
        return self.parts[test.who, test.exclude_kinds]


def electorate_of(case: Case) -> Electorate:
    """The electorate of `case`, frozen at its opening. A unit without an area or share has none of it."""
    rule, units = case.rule, case.units
    by_owners = _joined(units)
    area, area_scale = _scaled([unit.area for unit in units])
    share, share_scale = _scaled([unit.share for unit in units])
    if rule.original_owner is not None:
        share, share_scale = _without_dominance(share, share_scale, units, rule.original_owner)
    if rule.majority_owner_cut:
        share, share_scale = _without_majority(share, share_scale, by_owners)
    return Electorate(
        units=units,
        numbers={unit.id: number for number, unit in enumerate(units)},
        heads=by_owners if rule.head_key == "owner" else range(len(units)),
        weights={"units": [1] * len(units), "area": area, "share": share},
        scales={"units": 1, "heads": 1, "area": area_scale, "share": share_scale},
        parts=_parts(units, rule),
    )


def units_in(units: Sequence[Unit], test: Test) -> list[int]:
    """Numbers of the units that `test` looks at."""
    group, excluded = test.group, test.exclude_kinds
    return [
        number
        for number, unit in enumerate(units)
        if unit.votable and (group is None or group in unit.groups) and unit.kind not in excluded
    ]


def _parts(units: Sequence[Unit], rule: Rule) -> dict[Part, Sequence[int]]:
    parts: dict[Part, Sequence[int]] = {}
    for test in rule.all_tests:
        key = test.who, test.exclude_kinds
        if key not in parts:
            parts[key] = units_in(units, test)
    return parts


def _joined(units: Sequence[Unit]) -> list[int]:
    """Units of one named head, or without a name of the same set of owners, are one head; the two never mix."""
    named: dict[str, int] = {}
    sole: dict[str, int] = {}
    several: dict[frozenset[str], int] = {}
    heads = []
    for unit in units:
        following = len(named) + len(sole) + len(several)
        if unit.head is not None:
            heads.append(named.setdefault(unit.head, following))
        elif len(unit.owners) == 1:
            heads.append(sole.setdefault(unit.owners[0].id, following))
        else:
            heads.append(several.setdefault(frozenset([owner.id for owner in unit.owners]), following))
    return heads


def _scaled(measures: Sequence[Fraction | None]) -> tuple[list[int], int]:
    """The measures as whole numbers, and how many of those make one."""
    scale = lcm(*{measure.denominator for measure in measures if measure is not None})
    return [0 if measure is None else measure.numerator * (scale // measure.denominator) for measure in measures], scale


def _without_dominance(
    share: list[int], scale: int, units: Sequence[Unit], reduced: OriginalOwner
) -> tuple[list[int], int]:
    """Where the original owner holds enough in a scheme large enough, its shares are multiplied by the factor."""
    held = sum([weight for weight, unit in zip(share, units, strict=True) if unit.original_owner])
    dominant = held * reduced.at_least.denominator >= reduced.at_least.numerator * sum(share)
    if not dominant or len(units) < reduced.min_lots:
        return share, scale
    above, below = reduced.factor.numerator, reduced.factor.denominator
    return [
        weight * (above if unit.original_owner else below) for weight, unit in zip(share, units, strict=True)
    ], scale * below


def _without_majority(share: list[int], scale: int, heads: Sequence[int]) -> tuple[list[int], int]:
    """An owner with more than half of all is cut to the sum of the others, each of its units in proportion."""
    held = [0] * (max(heads, default=-1) + 1)
    for head, weight in zip(heads, share, strict=True):
        held[head] += weight
    whole = sum(share)
    largest = max(range(len(held)), key=held.__getitem__, default=0)
    if not whole or 2 * held[largest] <= whole:
        return share, scale
    own, others = held[largest], whole - held[largest]
    return [
        weight * (others if head == largest else own) for head, weight in zip(heads, share, strict=True)
    ], scale * own
