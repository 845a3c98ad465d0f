"""What needs would gain if homes changed what they say, and the smallest sets of homes whose change meets them."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from hemei.engines.decision.fewest import COMPARED, Bounds, Effort, Gain, Option, fewest, in_rows, sums_of
from hemei.engines.decision.needs import ACTS, NOTHING, SPLIT, Need, Term, View, Vote
from hemei.engines.decision.verdict import Status

MOST_OPTIONS = 300
"""Of one head with several rows. What a head with more could do is bounded from both sides."""

Limit = tuple[Sequence[int], int]
"""What the change of each home adds to a sum, and what the sum may not exceed."""
Sides = tuple[list[int], list[int]]
"""The side of every home: now, and if it changes."""


class Changes:
    """All sets of homes that may come to one new status, while silence is given one side.

    costs: for each home what its change costs, None where it may not change.
    """

    def __init__(
        self,
        vote: Vote,
        silence: int,
        new_status: Status,
        costs: Sequence[int | None],
        *,
        limits: Sequence[Limit],
        effort: Effort,
    ) -> None:
        self.vote, self.silence, self.new_status, self.costs, self.limits = vote, silence, new_status, costs, limits
        self._effort = effort
        self._sides: dict[View, Sides] = {}
        self._effects: dict[Need, _Effect] = {}
        self._alone: dict[Need, int | None] = {}

    def at_least(self, needs: Sequence[Need]) -> int | None:
        """No set whose change meets all needs costs less than the dearest need by itself; None: one cannot be met."""
        least = 0
        for need in needs:
            if need not in self._alone:
                effect = self._effect(need)
                groups, _ = self._groups([effect], (), generous=True)
                self._alone[need] = fewest(groups, [effect.missing], effort=self._effort).least
            alone = self._alone[need]
            if alone is None:
                return None
            least = max(least, alone)
        return least

    def smallest(self, needs: Sequence[Need], below: int | None) -> Bounds:
        """The least cost of a set whose change meets all needs, if it is below `below`."""
        effects = [self._effect(need) for need in needs]
        missing = [*[effect.missing for effect in effects], *[-most for _, most in self.limits]]
        groups, complete = self._groups(effects, self.limits)
        found = fewest(groups, missing, below=below, effort=self._effort)
        if complete:
            return found
        groups, _ = self._groups(effects, self.limits, generous=True)
        return Bounds(fewest(groups, missing, below=below, effort=self._effort).least, found.most)

    def sides(self, view: View) -> Sides:
        """As this view sees it."""
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

    def _effect(self, need: Need) -> "_Effect":
        if need not in self._effects:
            self._effects[need] = _Effect(self, need)
        return self._effects[need]

    def _cost(self, home: int) -> int:
        return self.costs[home] or 0

    def _groups(
        self, effects: Sequence["_Effect"], limits: Sequence[Limit], *, generous: bool = False
    ) -> tuple[list[list[Option]], bool]:
        """For every head the options that its homes have, without doing nothing; and whether these are all.

        Of a head that has more than MOST_OPTIONS some are listed, or, if `generous`, it can do more than it can.
        """
        columns = [*[effect.homes for effect in effects], *[[-amount for amount in amounts] for amounts, _ in limits]]
        gains: list[Gain] = list(zip(*columns, strict=True))
        rest = (0,) * len(limits)
        shaped = any(effect.shapes for effect in effects)
        groups: list[list[Option]] = []
        complete = True

        def alone(homes: Sequence[int]) -> Iterator[list[Option]]:
            return ([(self._cost(home), gains[home])] for home in homes if self.costs[home] is not None)

        if not shaped:
            return list(alone(range(len(gains)))), True
        groups.extend(alone([home for home, lone in enumerate(self.vote.lone) if lone]))
        for number, head in enumerate(self.vote.joined):
            rows = self._rows([home for home in head if self.costs[home] is not None], gains)
            many = prod(len(row) for _, row in rows)
            few = many if many <= MOST_OPTIONS else 2 * len(head)
            shapings = min(few, 4 * len(rows)) * len(head) * len(effects)
            self._effort.spend(few + (few * len(rows) + shapings) // COMPARED)
            if len(rows) < 2 or (many <= MOST_OPTIONS and self._effort.left > 0):
                counts: Iterator[tuple[int, ...]] = product(*(range(len(row)) for _, row in rows))
                next(counts)  # nothing changes
            else:
                complete = False
                if generous:
                    groups.append([(0, (*[effect.most(number) for effect in effects], *rest))])
                    groups.extend(alone(head))
                    continue
                counts = _one_after_the_other([len(row) - 1 for _, row in rows])
            shapes: dict[frozenset[int], Gain] = {}
            options: list[Option] = []
            for each in counts:
                changed = _changed(rows, each)
                if changed not in shapes:
                    shapes[changed] = (*[effect.of_head(number, changed) for effect in effects], *rest)
                taken = [row[count] for count, (_, row) in zip(each, rows, strict=True)]
                columns_of_gains = zip(shapes[changed], *(gain for _, gain in taken), strict=True)
                options.append((sum(cost for cost, _ in taken), tuple(map(sum, columns_of_gains))))
            groups.append(options)
        return groups, complete

    def _rows(self, homes: Sequence[int], gains: Sequence[Gain]) -> list["_Row"]:
        """The homes of one head in rows. Those that stand alike in everything but weight shape the head alike, so of
        these the best change first, and how many decides what the row brings."""
        vote = self.vote
        alike: dict[tuple[object, ...], list[int]] = {}
        for home in homes:
            scopes = tuple([scope[home] for scope in vote.scopes.values()])
            standing = (vote.statuses[home], vote.silence_counts[home], vote.channels.get(home), scopes)
            alike.setdefault(standing, []).append(home)
        rows: list[_Row] = []
        for those in alike.values():
            remaining = iter(those)  # being alike, they may be shared out in any order
            steps = in_rows([(self._cost(home), gains[home]) for home in those])
            rows.extend(([next(remaining) for _ in row], sums_of(row)) for row in steps)
        return rows


_Row = tuple[list[int], list[Option]]
"""Homes, and what the first 0, 1, 2 ... of them bring."""


def _changed(rows: Sequence[_Row], counts: Sequence[int]) -> frozenset[int]:
    """Homes whose change shapes the head as these counts of the rows do: all of a row, some, or none."""
    changed: set[int] = set()
    for count, (homes, _) in zip(counts, rows, strict=True):
        changed.update(homes if count == len(homes) else homes[: min(count, 1)])
    return frozenset(changed)


def _one_after_the_other(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Some of too many counts: the rows change one after the other, first to last and last to first."""
    for order in (range(len(lengths)), range(len(lengths) - 1, -1, -1)):
        counts = [0] * len(lengths)
        for place in order:
            for count in range(1, lengths[place] + 1):
                counts[place] = count
                yield tuple(counts)


class _Effect:
    """What changes mean to one need: `missing` as things are, what each home gains for itself, what heads gain."""

    def __init__(self, changes: Changes, need: Need) -> None:
        vote = changes.vote
        self._changes = changes
        self._terms = [term for term in need.terms if term.measure == "heads"]
        self._before = [self._worth(head, frozenset()) for head in vote.joined]
        self.shapes = bool(self._terms)
        self.missing = need.least - sum(self._before)
        self.homes = [0] * len(vote.statuses)
        for term in need.terms:
            now, new = changes.sides(term.view)
            scope, worth = vote.scopes[term.scope], term.worth
            weights = vote.lone if term.measure == "heads" else vote.electorate.weights[term.measure]
            self.missing -= sum(
                [worth[s] * weight for s, weight, within in zip(now, weights, scope, strict=True) if within]
            )
            self.homes = [
                gain + (worth[after] - worth[before]) * weight if within else gain
                for gain, before, after, weight, within in zip(self.homes, now, new, weights, scope, strict=True)
            ]

    def of_head(self, number: int, changed: frozenset[int]) -> int:
        """What a head of several homes gains as a head when these of them change."""
        return self._worth(self._changes.vote.joined[number], changed) - self._before[number]

    def most(self, number: int) -> int:
        """No less than a head of several homes can gain as a head."""
        return sum(max(0, *term.worth) for term in self._terms) - self._before[number]

    def _worth(self, head: Sequence[int], changed: frozenset[int]) -> int:
        return sum([self._worth_in(term, head, changed) for term in self._terms])

    def _worth_in(self, term: Term, head: Sequence[int], changed: frozenset[int]) -> int:
        """Different sides of its homes are a split. Silence shapes a head only where none of its homes votes; and only
        a home that came by a channel brings its head there."""
        changes = self._changes
        scope, statuses = changes.vote.scopes[term.scope], changes.vote.statuses
        homes = [home for home in head if scope[home]]
        if not homes:
            return 0
        now, new = changes.sides(term.view)
        if term.view.channel is not None:
            if all((new if home in changed else now)[home] == NOTHING for home in homes):
                return term.worth[NOTHING]
            now, new = changes.sides(ACTS)
        voting: set[int] = set()
        silent: set[int] = set()
        for home in homes:
            side, status = (new[home], changes.new_status) if home in changed else (now[home], statuses[home])
            (silent if status == "none" else voting).add(side)
        voting.discard(NOTHING)
        silent.discard(NOTHING)
        if not (shaping := voting or silent):
            return term.worth[NOTHING]
        return term.worth[shaping.pop() if len(shaping) == 1 else SPLIT]
