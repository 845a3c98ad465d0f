"""The tally: `tally(case)` is the verdict; `standing` and `judge` are its two halves.

`standing(case)` receives all acts once; `judge(standing, changed)` counts, as often as one asks "and if these units
had said for?". Counting is quick: no act is read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.counts import results_of, turnout_of
from hemei.engines.decision.electorate import Electorate, electorate_of
from hemei.engines.decision.gates import gates_of
from hemei.engines.decision.positions import Round, known_acts, receive
from hemei.engines.decision.verdict import Flag, Gates, Outcome, Status, TestResult, Verdict

WORST_FIRST: tuple[Outcome, ...] = ("rejected", "no_quorum", "blocked", "pending", "passed")


@dataclass(frozen=True, slots=True)
class Standing:
    """All acts of a case received, nothing counted yet.

    main, second: the units after each round; second is None without window2.
    gates: as for the main vote.
    """

    case: Case
    electorate: Electorate
    main: Round
    second: Round | None
    flags: tuple[tuple[Flag, str], ...]
    gates: Gates


def tally(case: Case | LinkedBallots) -> Verdict:
    """The verdict of one case, or of linked ballots: then the worst of theirs, with each of them in `ballots`.

    `case` as `read_cases` gives it; one that is built otherwise must satisfy what docs/engines-decision.md asks of a
    file. Deterministic and exact; it reads no clock. Source of the model: docs/engines-decision.md.
    """
    if isinstance(case, Case):
        return judge(standing(case))
    ballots = tuple(judge(standing(ballot)) for ballot in case.ballots)
    found = {ballot.outcome for ballot in ballots}
    return Verdict(case.id, next(outcome for outcome in WORST_FIRST if outcome in found), ballots=ballots)


def standing(case: Case) -> Standing:
    """Receive all acts of `case` that are known at evaluate_at."""
    electorate = electorate_of(case)
    acts = known_acts(case)
    received = receive(case, acts, electorate.numbers)
    return Standing(case, electorate, received.main, received.second, received.flags, gates_of(case, acts))


def judge(
    stands: Standing,
    changed: Mapping[str, Status] | None = None,
    changed_second: Mapping[str, Status] | None = None,
) -> Verdict:
    """The verdict of what `standing` received.

    changed, changed_second: unit id -> another status for it in the main vote and in the second round, to ask what
    would be; such an act is taken to come by whichever channel a test asks for. Flags and gates are those of the acts
    received.
    """
    case, electorate, rule = stands.case, stands.electorate, stands.case.rule
    main = _with(stands.main, changed, stands)
    turnout = turnout_of(rule, electorate, main)
    tests = deciding = results_of(rule.tests, electorate, turnout)
    second_tests: tuple[TestResult, ...] | None = None
    gates = stands.gates
    if rule.fallback is not None and stands.second is not None and not _all_hold(tests):
        second_tests = results_of(rule.fallback.trigger, electorate, turnout)
        if _all_hold(second_tests):
            second = turnout_of(rule, electorate, _with(stands.second, changed_second, stands))
            deciding = results_of(rule.fallback.tests, electorate, second)
            second_tests += deciding
            gates = replace(gates, vote_over=_second_vote_over(case))
    units = electorate.units
    return Verdict(
        id=case.id,
        outcome=_outcome(deciding, gates),
        tests=tests,
        second_tests=second_tests,
        status={unit.id: one for unit, one in zip(units, main.status, strict=True)},
        deemed={units[number].id: side for number, side in turnout.deemed.items()},
        flags=stands.flags,
        gates=gates,
    )


def _outcome(tests: Sequence[TestResult], gates: Gates) -> Outcome:
    """The first that applies."""
    failed = {result.test.kind for result in tests if not result.passed}
    if "participation" in failed:
        return "no_quorum"
    if "approval" in failed:
        return "rejected"
    if gates.open_objections:
        return "blocked"
    if not gates.notice_over or not gates.vote_over or gates.missing_evidence:
        return "pending"
    return "passed"


def _all_hold(tests: Sequence[TestResult]) -> bool:
    return all(result.passed for result in tests)


def _second_vote_over(case: Case) -> bool:
    assert case.window2 is not None
    return case.evaluate_at is None or case.evaluate_at >= case.window2.close


def _with(after: Round, changed: Mapping[str, Status] | None, stands: Standing) -> Round:
    if not changed:
        return after
    status = list(after.status)
    channels = dict(after.channels)
    asked = frozenset(test.channel for test in stands.case.rule.all_tests if test.channel is not None)
    for unit, one in changed.items():
        number = stands.electorate.numbers[unit]
        status[number] = one
        channels[number] = asked
    return replace(after, status=status, channels=channels)
