"""What must hold for a test to pass, or to fail, as sums of whole numbers.

A test compares sums. Multiplied across and by the common denominator of its measure it becomes one or several *needs*:
a sum over homes or heads, with a whole number for each side one can be on, that must reach a whole number.

Homes are the units of the electorate by their number; those that may not vote are in no scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from hemei.engines.decision.electorate import Electorate, Part
from hemei.engines.decision.positions import Round
from hemei.engines.decision.rule import EVERYBODY, Measure, Rule, Test
from hemei.engines.decision.verdict import Status

FOR, AGAINST, ABSTAIN, SPOILED, SPLIT, NOTHING = range(6)
"""The side of a home or a head in a test. NOTHING: it does not take part there."""

STANDS_UNDER = {
    "all": (1, 1, 1, 1, 1, 1),
    "participating": (1, 1, 1, 1, 1, 0),
    "cast": (1, 1, 0, 0, 0, 0),
    "for": (1, 0, 0, 0, 0, 0),
    "against": (0, 1, 0, 0, 0, 0),
}
EVERY_HOME: Part = (EVERYBODY, frozenset())


@dataclass(frozen=True, slots=True)
class View:
    """Which acts are seen: those that came through one channel (None: through any), and whether silence that is given
    a side is seen as well."""

    silence: bool = True
    channel: str | None = None


ACTS = View(silence=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A sum over the heads or, times the weight in another measure, over the homes: of what their side is worth."""

    measure: Measure
    scope: Part
    worth: tuple[int, ...]
    view: View = View()


@dataclass(frozen=True, slots=True)
class Need:
    """All terms together must be at least `least`."""

    terms: tuple[Term, ...]
    least: int


Way = tuple[Need, ...]
"""Needs that together are enough for what is sought."""


class Vote:
    """One round of a vote as it stands, for asking what else would be."""

    def __init__(self, rule: Rule, electorate: Electorate, after: Round) -> None:
        numbers = range(len(electorate.units))
        self.rule = rule
        self.electorate = electorate
        self.statuses = after.status
        self.channels: Mapping[int, frozenset[str]] = after.channels
        self.votable = [unit.votable for unit in electorate.units]
        gives_a_side = rule.nonresponse != "absent"
        self.silence_counts = [gives_a_side and self.votable[home] and home in after.served for home in numbers]
        heads: dict[int, list[int]] = {}
        for home in numbers:
            if self.votable[home]:
                heads.setdefault(electorate.heads[home], []).append(home)
        self.joined = [homes for homes in heads.values() if len(homes) > 1]  # heads of several homes
        self.lone = [0] * len(numbers)  # 1 for a home that is a head by itself
        for homes in heads.values():
            if len(homes) == 1:
                self.lone[homes[0]] = 1
        self.scopes: dict[Part, list[bool]] = {EVERY_HOME: self.votable}
        for part, members in electorate.parts.items():
            inside = set(members)
            self.scopes[part] = [home in inside for home in numbers]

    def side(self, status: Status) -> int:
        if status == "abstain":
            return ABSTAIN if self.rule.abstain == "participates" else NOTHING
        if status == "spoiled":
            return SPOILED if self.rule.spoiled == "participates" else NOTHING
        return {"for": FOR, "against": AGAINST}.get(status, NOTHING)

    def ways_of_silence(self) -> list[tuple[int, Way]]:
        """The sides that silence may come to be given, each with the needs under which it is.

        Where silence joins the majority, that is the side ahead of both others by heads and by area among the votes
        cast. There is none exactly if some side is nowhere behind by heads and another one nowhere behind by area.
        """
        abstaining = self.side("abstain")
        if self.rule.nonresponse != "follows_majority_if_delivered" or not any(self.silence_counts):
            return [(abstaining, ())]
        sides = (FOR, AGAINST, ABSTAIN)
        ways = [(side, _ahead("heads", side, 1) + _ahead("area", side, 1)) for side in sides]
        for by_heads, by_area in product(sides, sides):
            if by_heads != by_area:
                ways.append((abstaining, _ahead("heads", by_heads, 0) + _ahead("area", by_area, 0)))
        return ways

    def ways_to_pass(self, test: Test) -> list[Way]:
        """A test passes when den is above 0, num reaches at_least, and num compares with the lesser of threshold x den
        and cap: at least the one or at least the other, but at most both."""
        always, compared = self._conditions(test)
        return [(*always, one) for one in compared] if test.cmp in (">=", ">") else [(*always, *compared)]

    def ways_to_fail(self, test: Test) -> list[Way]:
        """The opposite: missing any one condition is enough, but what may be met in two ways must be missed in both."""
        always, compared = self._conditions(test)
        missed = tuple([_missed(need) for need in compared])
        each = [(_missed(need),) for need in always]
        return [*each, missed] if test.cmp in (">=", ">") else [*each, *[(one,) for one in missed]]

    def _conditions(self, test: Test) -> tuple[Way, Way]:
        """What must hold in any case, and the comparisons with threshold x den and with the cap."""
        scale, strict = self.electorate.scales[test.measure], int(test.cmp in (">", "<"))
        sign = 1 if test.cmp in (">=", ">") else -1
        always = [_need(test, 0, 1, 1)]
        if (least := test.at_least) is not None:
            always.append(_need(test, least.denominator, 0, least.numerator * scale))
        share = test.threshold
        compared = [_need(test, sign * share.denominator, -sign * share.numerator, strict)]
        if (cap := test.cap) is not None:
            compared.append(_need(test, sign * cap.denominator, 0, sign * cap.numerator * scale + strict))
        return tuple(always), tuple(compared)


def _need(test: Test, num: int, den: int, least: int) -> Need:
    """num times the number counted plus den times the number it is of is at least `least`."""
    scope = test.who, test.exclude_kinds
    counted = tuple([num * one for one in STANDS_UNDER[test.count]])
    base = tuple([den * one for one in STANDS_UNDER[test.base]])
    if test.channel is None:
        return Need((Term(test.measure, scope, tuple(map(int.__add__, counted, base))),), least)
    came = View(silence=False, channel=test.channel)
    return Need((Term(test.measure, scope, counted, came), Term(test.measure, scope, base)), least)


def _missed(need: Need) -> Need:
    """A sum of whole numbers is not at least `least` when its opposite is at least 1 - `least`."""
    terms = [Term(term.measure, term.scope, tuple([-one for one in term.worth]), term.view) for term in need.terms]
    return Need(tuple(terms), 1 - need.least)


def _ahead(measure: Measure, side: int, by: int) -> Way:
    """By acts alone, `side` has at least `by` more than each of the other two."""
    worths = [tuple([(at == side) - (at == other) for at in range(6)]) for other in (FOR, AGAINST, ABSTAIN)]
    return tuple([Need((Term(measure, EVERY_HOME, worth, ACTS),), by) for worth in worths if any(worth)])
