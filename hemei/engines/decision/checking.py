"""A verdict beside what somebody worked out beforehand, difference by difference."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from hemei.engines.decision.case import Case, Expected, LinkedBallots
from hemei.engines.decision.verdict import TestResult, Verdict, written
from hemei.engines.strict import named

Numbers = tuple[Fraction, Fraction, bool]


def differences(case: Case | LinkedBallots, verdict: Verdict) -> list[str]:
    """One line for each key of `expected` that the verdict does not answer so; also those of linked ballots."""
    found = list(_lines(case.expected, verdict))
    if isinstance(case, LinkedBallots):
        for ballot, its_verdict in zip(case.ballots, verdict.ballots, strict=True):
            found += [f"ballots.{named(ballot.id)}.{line}" for line in _lines(ballot.expected, its_verdict)]
    return [f"{named(case.id)} {line}" for line in found]


def is_checked(case: Case | LinkedBallots) -> bool:
    """Somebody said what to expect of the case, or of one of its ballots."""
    ballots = case.ballots if isinstance(case, LinkedBallots) else ()
    return case.expected is not None or any(ballot.expected is not None for ballot in ballots)


def _lines(expected: Expected | None, verdict: Verdict) -> Iterator[str]:
    if expected is None:
        return
    if expected.outcome is not None and expected.outcome != verdict.outcome:
        yield _line("outcome", expected.outcome, verdict.outcome)
    yield from _test_lines("tests", expected.tests, verdict.tests)
    yield from _test_lines("second_tests", expected.second_tests, verdict.second_tests or ())
    for unit, status in expected.status.items():
        if verdict.status[unit] != status:
            yield _line(f"status.{named(unit)}", status, verdict.status[unit])
    for unit, side in expected.deemed.items():
        if verdict.deemed.get(unit) != side:
            yield _line(f"deemed.{named(unit)}", side, verdict.deemed.get(unit))
    for flag in sorted(expected.flags - set(verdict.flags)):
        yield _line("flags", list(flag), [list(one) for one in verdict.flags if one[1] == flag[1]])


def _test_lines(key: str, expected: Mapping[str, Numbers], results: tuple[TestResult, ...]) -> Iterator[str]:
    found = {result.test.id: (result.num, result.den, result.passed) for result in results}
    for test, numbers in expected.items():
        if found.get(test) != numbers:
            yield _line(f"{key}.{named(test)}", _plain(numbers), _plain(found[test]) if test in found else None)


def _plain(numbers: Numbers) -> list[object]:
    num, den, passed = numbers
    return [written(num), written(den), passed]


def _line(key: str, expected: object, got: object) -> str:
    return f"{key}: expected {expected!r}, got {got!r}"
