"""What the tests of a round would gain if homes changed what they say: the round as whole numbers.

A test compares sums. Multiplied across and by the common denominator of its measure it becomes one or several *needs*:
a sum over homes or heads, with a whole number for each side one can be on, that must reach a whole number. What a home
may do is then a difference of such numbers, and `fewest` finds the smallest sets.

Homes are the units of the electorate by their number; those that may not vote are in no scope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from hemei.engines.decision.electorate import Electorate, Part
from hemei.engines.decision.fewest import Bounds, Gain, Option, fewest, in_rows, sums_of
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
MOST_OPTIONS = 2_000
"""Of one head. What a head with more could do is bounded from both sides."""

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
        self.heads = list(heads.values())
        self.scopes: dict[Part, list[bool]] = {EVERY_HOME: self.votable}
        for part, homes in electorate.parts.items():
            inside = set(homes)
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


class Changes:
    """What changing would gain, for one way of silence and one change: some homes come to one new status.

    costs: for each home what its change costs, None where it may not change. limits: sums that may not be exceeded,
    each with what the change of a home adds to it.
    """

    def __init__(
        self,
        vote: Vote,
        silence: int,
        new_status: Status,
        costs: Sequence[int | None],
        limits: Sequence[tuple[Sequence[int], int]] = (),
    ) -> None:
        self.vote, self.silence, self.new_status, self.costs, self.limits = vote, silence, new_status, costs, limits
        self._sides: dict[View, tuple[list[int], list[int]]] = {}

    def smallest(self, needs: Sequence[Need], below: int | None) -> Bounds:
        """The least cost of a set of homes whose change meets all needs, if it is below `below`."""
        missing = [need.least - sum([self._total(term) for term in need.terms]) for need in needs]
        missing.extend(-limit for _, limit in self.limits)
        groups, generous = self._groups(needs)
        found = fewest(groups, missing, below=below)
        if generous is None:
            return found
        return Bounds(fewest(generous, missing, below=below).least, found.most)

    def _sides_in(self, view: View) -> tuple[list[int], list[int]]:
        """The side of every home as this view sees it: now, and if it changes."""
        if view not in self._sides:
            vote, given = self.vote, self.silence if view.silence else NOTHING
            now = [vote.side(status) for status in vote.statuses]
            new = [vote.side(self.new_status)] * len(now)
            for home, counts in enumerate(vote.silence_counts):
                if counts and vote.statuses[home] == "none":
                    now[home] = given
                if counts and self.new_status == "none":
                    new[home] = given
            if view.channel is not None:  # who changes comes by the channel that the test asks for
                now = [
                    side if view.channel in vote.channels.get(home, ()) else NOTHING for home, side in enumerate(now)
                ]
            self._sides[view] = now, new
        return self._sides[view]

    def _total(self, term: Term) -> int:
        scope = self.vote.scopes[term.scope]
        if term.measure == "heads":
            return sum(self._worth_of_head(term, head, frozenset()) for head in self.vote.heads)
        now, _ = self._sides_in(term.view)
        weights = self.vote.electorate.weights[term.measure]
        return sum([term.worth[s] * weight for s, weight, inside in zip(now, weights, scope, strict=True) if inside])

    def _worth_of_head(self, term: Term, head: Sequence[int], changed: frozenset[int]) -> int:
        """Different sides of its homes are a split. Silence shapes a head only where none of its homes votes; and only
        a home that came by a channel brings its head there."""
        scope, statuses = self.vote.scopes[term.scope], self.vote.statuses
        homes = [home for home in head if scope[home]]
        if not homes:
            return 0
        now, new = self._sides_in(term.view)
        if term.view.channel is not None:
            if all((new if home in changed else now)[home] == NOTHING for home in homes):
                return term.worth[NOTHING]
            now, new = self._sides_in(ACTS)
        voting: set[int] = set()
        silent: set[int] = set()
        for home in homes:
            side, status = (new[home], self.new_status) if home in changed else (now[home], statuses[home])
            (silent if status == "none" else voting).add(side)
        voting.discard(NOTHING)
        silent.discard(NOTHING)
        if not (shaping := voting or silent):
            return term.worth[NOTHING]
        return term.worth[shaping.pop() if len(shaping) == 1 else SPLIT]

    def _groups(self, needs: Sequence[Need]) -> tuple[list[list[Option]], list[list[Option]] | None]:
        """For every head the options that its homes have, without doing nothing.

        Where a head has more of them than MOST_OPTIONS, the first answer has some of its options, and there is a
        second one in which it can do more than it can.
        """
        gains = self._gains_of_homes(needs)
        shaped = any(term.measure == "heads" for need in needs for term in need.terms)
        groups: list[list[Option]] = []
        generous: list[list[Option]] = []
        complete = True
        for head in self.vote.heads:
            homes = [home for home in head if self.costs[home] is not None]
            if not shaped or not homes:
                alone = [[(self._cost(home), gains[home])] for home in homes]
                groups.extend(alone)
                generous.extend(alone)
                continue
            options, whole = self._options_of_head(needs, head, homes, gains)
            groups.append(options)
            if whole:
                generous.append(options)
            else:
                complete = False
                generous.append([(0, self._most_of_head(needs, head))])
                generous.extend([(self._cost(home), gains[home])] for home in homes)
        return groups, None if complete else generous

    def _cost(self, home: int) -> int:
        return self.costs[home] or 0

    def _gains_of_homes(self, needs: Sequence[Need]) -> list[Gain]:
        """What the change of each home gains for itself, whatever its head becomes."""
        columns: list[list[int]] = []
        for need in needs:
            column = [0] * len(self.costs)
            for term in need.terms:
                if term.measure == "heads":
                    continue
                now, new = self._sides_in(term.view)
                scope, weights, worth = (
                    self.vote.scopes[term.scope],
                    self.vote.electorate.weights[term.measure],
                    term.worth,
                )
                column = [
                    gain + (worth[after] - worth[before]) * weight if inside else gain
                    for gain, before, after, weight, inside in zip(column, now, new, weights, scope, strict=True)
                ]
            columns.append(column)
        columns.extend([-amount for amount in amounts] for amounts, _ in self.limits)
        return list(zip(*columns, strict=True))

    def _gain_of_head(self, needs: Sequence[Need], head: Sequence[int], changed: frozenset[int]) -> Gain:
        """What the head gains as a head when these of its homes change."""
        gains = [
            sum(
                self._worth_of_head(term, head, changed) - self._worth_of_head(term, head, frozenset())
                for term in need.terms
                if term.measure == "heads"
            )
            for need in needs
        ]
        return (*gains, *[0] * len(self.limits))

    def _most_of_head(self, needs: Sequence[Need], head: Sequence[int]) -> Gain:
        """For each need alone, no less than the head can gain as a head."""
        gains = [
            sum(
                max(0, *term.worth) - self._worth_of_head(term, head, frozenset())
                for term in need.terms
                if term.measure == "heads"
            )
            for need in needs
        ]
        return (*gains, *[0] * len(self.limits))

    def _options_of_head(
        self, needs: Sequence[Need], head: Sequence[int], homes: Sequence[int], gains: Sequence[Gain]
    ) -> tuple[list[Option], bool]:
        """What may be done with one head, and whether that is all.

        Homes of a head that stand alike in everything but weight shape it alike, so of these the best come first, and
        what the head becomes depends only on whether none, some or all of them change.
        """
        if len(homes) == 1:
            gain = map(int.__add__, gains[homes[0]], self._gain_of_head(needs, head, frozenset(homes)))
            return [(self._cost(homes[0]), tuple(gain))], True
        vote = self.vote
        alike: dict[tuple[object, ...], list[int]] = {}
        for home in homes:
            scopes = tuple([scope[home] for scope in vote.scopes.values()])
            standing = (vote.statuses[home], vote.silence_counts[home], vote.channels.get(home), scopes)
            alike.setdefault(standing, []).append(home)
        rows: list[tuple[list[int], list[Option]]] = []  # homes, and what the first 0, 1, 2 ... of a row bring
        for those in alike.values():
            remaining = iter(those)  # being alike, they may be shared out in any order
            steps = in_rows([(self._cost(home), gains[home]) for home in those])
            rows.extend(([next(remaining) for _ in row], sums_of(row)) for row in steps)

        shape: dict[tuple[frozenset[int], ...], Gain] = {}

        def option(counts: Sequence[int]) -> Option:
            changed = tuple(
                frozenset(those if count == len(those) else those[: min(count, 1)])
                for count, (those, _) in zip(counts, rows, strict=True)
            )
            if changed not in shape:
                shape[changed] = self._gain_of_head(needs, head, frozenset[int]().union(*changed))
            taken = [row[count] for count, (_, row) in zip(counts, rows, strict=True)]
            columns = zip(shape[changed], *(gain for _, gain in taken), strict=True)
            return sum(cost for cost, _ in taken), tuple(map(sum, columns))

        if prod(len(row) for _, row in rows) <= MOST_OPTIONS:
            every = product(*(range(len(row)) for _, row in rows))
            next(every)  # nothing changes
            return [option(counts) for counts in every], True
        some: list[Option] = []
        for order in (range(len(rows)), range(len(rows) - 1, -1, -1)):
            counts = [0] * len(rows)
            for place in order:
                for count in range(1, len(rows[place][1])):
                    counts[place] = count
                    some.append(option(counts))
        return some, False
