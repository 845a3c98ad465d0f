"""What is missing: the smallest sets of homes that would change the verdict, as counts only.

Where the tests of the vote fail, how few homes would have to say something else; where they hold, how few could undo
it. No answer names a home. `for_everybody` counts homes and nothing else, so that it may be shown while the vote is
open; areas, shares and who is for or against are told to the counters alone. How many smallest sets there are is not
told: where there is one, the number would point at its homes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, product
from operator import itemgetter
from typing import Literal

from hemei.engines.decision.arithmetic import Need, need, short
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.changes import Changes, Limit
from hemei.engines.decision.fewest import Bounds, Effort
from hemei.engines.decision.needs import Vote, Way
from hemei.engines.decision.rule import Test
from hemei.engines.decision.tally import Standing, judge, standing, tally
from hemei.engines.decision.verdict import Outcome, Status, TestResult, Verdict

Saying = Literal["for", "abstain"]

MOST_WAYS = 64
"""Of meeting all tests at once (each test with a cap doubles them). Beyond, only an upper bound is sought."""

EFFORT = 1_000_000
"""Choices looked at for one vote before what is not settled is answered with bounds: about three seconds."""

NOT_SPOKEN: tuple[Status, ...] = ("none", "unresolved")
NOT_FOR: tuple[Status, ...] = (*NOT_SPOKEN, "spoiled", "abstain", "against")
EVERY_STATUS: tuple[Status, ...] = (*NOT_FOR, "for")


@dataclass(frozen=True, slots=True)
class Fewest:
    """A smallest number of homes: not fewer than `least`; `most` are enough, None where no number is known to be.

    The search is exact unless it grows too long; then the two differ. saying: what these homes would have to say:
    "abstain" only where taking part without a side needs fewer of them than saying for.
    """

    least: int
    most: int | None
    saying: Saying = "for"

    @property
    def exact(self) -> bool:
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Kinds:
    """Of a smallest set, how many homes have no vote now (silent, not agreed among themselves, or with a spoiled
    ballot), and how many have said what."""

    undecided: int
    abstaining: int
    against: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One test by itself, in the unit of its measure. need: what num must come to while den stays as it is, None where
    no number would do. short: how far num is from it, 0 where it is there, or exactly where more is asked for."""

    result: TestResult
    need: Need | None
    short: Fraction


@dataclass(frozen=True, slots=True)
class ForEverybody:
    """homes: the fewest of those that have not spoken; None where all of them together cannot change it."""

    homes: Fewest | None


@dataclass(frozen=True, slots=True)
class ForCounters:
    """For the two counters of an open vote, and for those who may see the tests after it.

    changing: fewest homes where those may change as well that said something else; None where no set is enough.
    kinds: of such a set with as few as can be against, then abstaining; None where that is not known.
    leaving, turning: where the tests hold, the fewest homes that undo it by taking their act back, or by coming out
    against, whatever they said or did not say; None where no set does, and where the tests fail.
    """

    changing: Fewest | None
    kinds: Kinds | None
    leaving: Fewest | None
    turning: Fewest | None
    tests: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing in one vote, or, for linked ballots, in each of them (`ballots`, in their order; the rest empty).

    reached: every test of the vote that decides holds. Notice, objections and evidence are no matter of homes.
    round: the vote that is asked about; 2 where the main tests fail and the triggers of a second vote hold.
    vote_over: it is closed, so that what is missing is what would have been needed.
    """

    outcome: Outcome
    reached: bool
    round: Literal[1, 2] = 1
    for_everybody: ForEverybody | None = None
    for_counters: ForCounters | None = None
    ballots: tuple["Missing", ...] = ()
    vote_over: bool = False


def what_is_missing(case: Case | LinkedBallots) -> Missing:
    """The smallest sets of homes that would change what the vote comes to, as numbers of homes.

    A *change* is a set of units that may vote, of which each comes to one and the same status while all others stay as
    they are; it is made through whichever channel a test asks for. Asked is for the fewest units of a change

    - after which every test holds: all of them say for, or all abstain where fewer do it so. `for_everybody` lets
      those change that have not spoken (status none, given a side by silence or not, and unresolved: their co-owners
      would have to agree on it); `for_counters.changing` lets all change that are not for;
    - after which some test fails, where all hold now: all of them take their act back (`leaving`: those that have
      one), or all are against (`turning`: all that are not yet).

    The tests are those of the main vote, or, where they fail and the triggers of a second round hold, those of the
    second round, with its statuses; the main vote then stays as it is. Unless a search grew too long (see `Fewest`)
    the numbers are exact: no smaller set does it, and one of that size does. Pure; reads no clock; answers a stairwell
    in milliseconds and an estate of 2,000 homes in about a second. Source of the tests: docs/engines-decision.md.
    """
    if isinstance(case, LinkedBallots):
        ballots = tuple(what_is_missing(ballot) for ballot in case.ballots)
        reached, over = all(one.reached for one in ballots), all(one.vote_over for one in ballots)
        return Missing(tally(case).outcome, reached, ballots=ballots, vote_over=over)

    stands = standing(case)
    verdict = judge(stands)
    vote, results, number = _vote_that_decides(stands, verdict)
    reached = all(result.passed for result in results)
    search = _Search(vote, [result.test for result in results])
    silent: Fewest | None = Fewest(0, 0)
    changing: Fewest | None = silent
    kinds = leaving = turning = None
    if reached:
        leaving, turning = search.to_fail("none"), search.to_fail("against")
    else:
        silent = search.to_pass(NOT_SPOKEN)
        changing, kinds = search.whoever_changes(silent)
    shortfalls = tuple(Shortfall(result, need(result), short(result)) for result in results)
    return Missing(
        verdict.outcome,
        reached,
        number,
        ForEverybody(silent),
        ForCounters(changing, kinds, leaving, turning, shortfalls),
        vote_over=verdict.gates.vote_over,
    )


def _vote_that_decides(stands: Standing, verdict: Verdict) -> tuple[Vote, Sequence[TestResult], Literal[1, 2]]:
    """The main vote, or the second one where it is counted."""
    rule = stands.case.rule
    if rule.fallback is not None and stands.second is not None and verdict.second_tests is not None:
        second = verdict.second_tests[len(rule.fallback.trigger) :]
        if second:
            return Vote(rule, stands.electorate, stands.second), second, 2
    return Vote(rule, stands.electorate, stands.main), verdict.tests, 1


class _Search:
    """The searches for one vote, which share what may be spent."""

    def __init__(self, vote: Vote, tests: Sequence[Test]) -> None:
        self.vote = vote
        self.effort = Effort(EFFORT)
        every = product(*(vote.ways_to_pass(test) for test in tests))
        together = [tuple(chain.from_iterable(ways)) for ways in islice(every, MOST_WAYS + 1)]
        self.complete = len(together) <= MOST_WAYS
        self.ways_to_pass: list[Way] = together[:MOST_WAYS]
        self.ways_to_fail: list[Way] = [way for test in tests for way in vote.ways_to_fail(test)]

    def to_pass(self, open_to: Sequence[Status], below: int | None = None) -> Fewest | None:
        """The fewest homes among those of these statuses that make every test hold by all saying the same, if there
        are fewer than `below`; None if there is no such set."""
        best: Fewest | None = None if self.complete else Fewest(1, None)
        sayings: tuple[Saying, ...] = ("for", "abstain")
        for saying in sayings:
            costs = self._costs(saying, dict.fromkeys(open_to, 1))
            found = self._least(self.ways_to_pass, saying, costs, below=below)
            if found.least is None:
                continue
            least = max(1, found.least if best is None else min(best.least, found.least))
            if found.most is not None:
                best, below = Fewest(least, found.most, saying), found.most
            else:
                best = Fewest(least, best.most, best.saying) if best else Fewest(least, None, saying)
        return best

    def whoever_changes(self, silent: Fewest | None) -> tuple[Fewest | None, Kinds | None]:
        """As `silent`, of all that are not for: fewer homes than of the silent alone, or the same."""
        if silent is None or silent.most is None or silent.saying != "for":
            fewer = self.to_pass(NOT_FOR)
            return fewer, None if fewer is None else self.kinds(fewer)
        enough = silent.most
        fewer = self.to_pass(NOT_FOR, below=enough)
        if fewer is None:
            return Fewest(enough, enough, silent.saying), Kinds(enough, abstaining=0, against=0)
        if fewer.most is None:
            return Fewest(fewer.least, enough, silent.saying), None
        return fewer, self.kinds(fewer)

    def kinds(self, changing: Fewest) -> Kinds | None:
        """Of the smallest sets one with the fewest homes that are against, of these one with the fewest that abstain:
        each time the sums before are held, and the next is made smallest."""
        if not self.complete or not changing.exact or changing.most is None:
            return None
        statuses = self.vote.statuses
        limits = [([1] * len(statuses), changing.most)]
        fewest: dict[Status, int] = {}
        kinds: tuple[Status, ...] = ("against", "abstain")
        for kind in kinds:
            if kind not in statuses:
                fewest[kind] = 0
                continue
            costs = self._costs(changing.saying, {status: int(status == kind) for status in NOT_FOR})
            found = self._least(self.ways_to_pass, changing.saying, costs, limits=limits)
            if not found.exact or found.most is None:
                return None
            fewest[kind] = found.most
            limits.append(([int(status == kind) for status in statuses], found.most))
        undecided = changing.most - sum(fewest.values())
        return Kinds(undecided, abstaining=fewest["abstain"], against=fewest["against"])

    def to_fail(self, status: Literal["none", "against"]) -> Fewest | None:
        """The fewest homes that make some test fail by all coming to this status; None if there is no such set."""
        found = self._least(self.ways_to_fail, status, self._costs(status, dict.fromkeys(EVERY_STATUS, 1)))
        return None if found.least is None else Fewest(max(1, found.least), found.most)

    def _costs(self, status: Status, costs: Mapping[Status, int]) -> list[int | None]:
        """What it costs that a home comes to `status`, by its status now; None where it may not or is there."""
        return [
            costs.get(now) if votable and now != status else None
            for now, votable in zip(self.vote.statuses, self.vote.votable, strict=True)
        ]

    def _least(
        self,
        ways: Sequence[Way],
        status: Status,
        costs: Sequence[int | None],
        *,
        limits: Sequence[Limit] = (),
        below: int | None = None,
    ) -> Bounds:
        """The least cost at which some homes come to `status` and one of the ways is met, whatever silence comes to."""
        by_side: dict[int, Changes] = {}
        each: list[tuple[int, Changes, Way]] = []
        for silence, leading in self.vote.ways_of_silence():
            if silence not in by_side:
                by_side[silence] = Changes(self.vote, silence, status, costs, limits=limits, effort=self.effort)
            for way in ways:
                bound = by_side[silence].at_least((*leading, *way))
                if bound is not None:
                    each.append((bound, by_side[silence], (*leading, *way)))
        least: int | None = None
        most: int | None = None
        for bound, changes, needs in sorted(each, key=itemgetter(0)):
            if below is not None and bound >= below:
                break  # so are all after it
            found = changes.smallest(needs, below) if self.effort.left > 0 else Bounds(bound, None)
            if found.least is not None:
                proved = max(bound, found.least)
                least = proved if least is None else min(least, proved)
            if found.most is not None:
                most = below = found.most
        return Bounds(least, most)
