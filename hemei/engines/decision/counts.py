"""From the status of every unit to the numbers of every test: integers only, settled by multiplying across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from hemei.engines.decision.electorate import Electorate
from hemei.engines.decision.positions import Round
from hemei.engines.decision.rule import Comparison, Measure, Rule, Test
from hemei.engines.decision.verdict import Side, Status, TestResult, need_of

Stance = Literal["for", "against", "neither"] | None  # how a unit or head takes part; None: it does not

SIDES: tuple[Side, ...] = ("for", "against", "abstain")
SPLIT = "split"
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Turnout:
    """How every unit counts in one round, by number.

    voted: by its own acts alone; stances: by its acts or by silence. deemed: the silent units that were given a side.
    """

    voted: Sequence[Stance]
    stances: Sequence[Stance]
    deemed: Mapping[int, Side]
    channels: Mapping[int, frozenset[str]]


def turnout_of(rule: Rule, electorate: Electorate, after: Round) -> Turnout:
    """How the units count `after` a round."""
    stance = _stances(rule)
    voted = [stance[one] for one in after.status]
    if rule.nonresponse == "absent" or not after.served:
        return Turnout(voted, voted, {}, after.channels)
    silent = [number for number in sorted(after.served) if after.status[number] == "none"]
    joined: Side | None = None
    if rule.nonresponse == "follows_majority_if_delivered":
        joined = _lead(rule, electorate, after.status)
    deemed = dict.fromkeys([number for number in silent if electorate.units[number].votable], joined or "abstain")
    stances = list(voted)
    for number, side in deemed.items():
        stances[number] = stance[side]
    return Turnout(voted, stances, deemed, after.channels)


def results_of(tests: Sequence[Test], electorate: Electorate, turnout: Turnout) -> tuple[TestResult, ...]:
    """Every test with its two numbers."""
    counted: dict[tuple[str, frozenset[str], Measure], dict[Stance, int]] = {}
    results = []
    for test in tests:
        key = test.who, test.exclude_kinds, test.measure
        sums = counted.get(key)
        if sums is None:
            sums = counted[key] = _sums(electorate, electorate.part(test), test.measure, turnout)
        num_from = sums if test.channel is None else _sums_by_channel(electorate, test, turnout)
        results.append(_result(test, _number(test.count, num_from), _number(test.base, sums), electorate))
    return tuple(results)


def _result(test: Test, num: int, den: int, electorate: Electorate) -> TestResult:
    if not den:
        return TestResult(test, NOTHING, NOTHING, False)
    scale = electorate.scales[test.measure]
    if test.cap is None and test.at_least is None:
        passed = _compares(num * test.threshold.denominator, test.cmp, test.threshold.numerator * den)
        return TestResult(test, Fraction(num, scale), Fraction(den, scale), passed)
    exact_num, exact_den = Fraction(num, scale), Fraction(den, scale)
    passed = _compares(exact_num, test.cmp, need_of(test, exact_den))
    if test.at_least is not None:
        passed = passed and exact_num >= test.at_least
    return TestResult(test, exact_num, exact_den, passed)


def _compares(num: int | Fraction, cmp: Comparison, need: int | Fraction) -> bool:
    if cmp == ">=":
        return num >= need
    if cmp == ">":
        return num > need
    return num <= need if cmp == "<=" else num < need


def _number(which: str, sums: Mapping[Stance, int]) -> int:
    """`count` or `base` of a test. What is in no side takes part, and is in no other number."""
    if which in {"for", "against"}:
        return sums["for"] if which == "for" else sums["against"]
    cast = sums["for"] + sums["against"]
    if which == "cast":
        return cast
    return cast + sums["neither"] + (sums[None] if which == "all" else 0)


def _sums(electorate: Electorate, part: Sequence[int], measure: Measure, turnout: Turnout) -> dict[Stance, int]:
    """How much of the part stands how: heads by what their units say together, everything else unit by unit."""
    sums: dict[Stance, int] = {"for": 0, "against": 0, "neither": 0, None: 0}
    if measure == "heads":
        heads = _heads(electorate, part, turnout)
        for stance in heads.values():
            sums[stance] += 1
    else:
        weights = electorate.weights[measure]
        for number in part:
            sums[turnout.stances[number]] += weights[number]
    return sums


def _heads(electorate: Electorate, part: Sequence[int], turnout: Turnout) -> dict[int, Stance]:
    """How each head of the part takes part. Only units that vote shape it; a silent head is what silence makes it."""
    voted, head_of = turnout.voted, electorate.heads
    heads: dict[int, Stance] = {}
    for number in part:
        stance, head = voted[number], head_of[number]
        before = heads.get(head)
        if before is None:
            heads[head] = stance
        elif stance is not None and stance != before:
            heads[head] = "neither"  # split: it takes part and agrees nowhere
    for number in part if turnout.deemed else ():
        head = head_of[number]
        if heads[head] is None:
            heads[head] = turnout.stances[number]
    return heads


def _sums_by_channel(electorate: Electorate, test: Test, turnout: Turnout) -> dict[Stance, int]:
    """As `_sums`, of what came by the test's channel: a unit by an act that made its status, a head by such a unit."""
    sums: dict[Stance, int] = {"for": 0, "against": 0, "neither": 0, None: 0}
    part = electorate.part(test)
    came = [number for number in part if test.channel in turnout.channels.get(number, ()) and turnout.voted[number]]
    if test.measure == "heads":
        heads = _heads(electorate, part, turnout)
        for head in {electorate.heads[number] for number in came}:
            sums[heads[head]] += 1
    else:
        weights = electorate.weights[test.measure]
        for number in came:
            sums[turnout.voted[number]] += weights[number]
    return sums


def _stances(rule: Rule) -> dict[Status, Stance]:
    return {
        "for": "for",
        "against": "against",
        "abstain": "neither" if rule.abstain == "participates" else None,
        "spoiled": "neither" if rule.spoiled == "participates" else None,
        "none": None,
        "unresolved": None,
    }


def _lead(rule: Rule, electorate: Electorate, status: Sequence[Status]) -> Side | None:
    """The choice strictly ahead of both others by heads and by area among the votes cast; split heads lead nobody.

    An ignored abstention is no vote cast.
    """
    votes = {one for one, stance in _stances(rule).items() if stance is not None}
    heads: dict[int, str] = {}
    area: dict[str, int] = dict.fromkeys(SIDES, 0)
    for number, unit in enumerate(electorate.units):
        choice = status[number]
        if choice in votes and unit.votable:
            head = electorate.heads[number]
            heads[head] = choice if heads.get(head, choice) == choice else SPLIT
            if choice != "spoiled":
                area[choice] += electorate.weights["area"][number]
    ahead = list(heads.values())
    by_heads = {side: ahead.count(side) for side in SIDES}
    for side in SIDES:
        if all(by_heads[side] > by_heads[other] and area[side] > area[other] for other in SIDES if other != side):
            return side
    return None
