"""What a tally answers: the outcome, every test with its two numbers, the status of every unit, flags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar, Literal

from hemei.engines.decision.rule import Test

Outcome = Literal["no_quorum", "rejected", "blocked", "pending", "passed"]
Status = Literal["for", "against", "abstain", "spoiled", "none", "unresolved"]
Side = Literal["for", "against", "abstain"]
Flag = Literal[
    "duplicate",
    "early_cast",
    "late_cast",
    "late_revoke",
    "not_an_owner",
    "proxy_against_instruction",
    "proxy_invalid",
    "proxy_not_written",
    "proxy_over_limit",
    "revoked",
    "roll_correction",
    "transfer",
    "voided",
]


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test and its arithmetic, in the unit of its measure. Where den is 0, num is given as 0 and it fails."""

    __test__: ClassVar[bool] = False  # not a test of pytest's

    test: Test
    num: Fraction
    den: Fraction
    passed: bool

    @property
    def need(self) -> Fraction:
        """What num is compared with: threshold x den, or the test's cap if that is less."""
        return need_of(self.test, self.den)


@dataclass(frozen=True, slots=True)
class Gates:
    """What stands between the numbers and "passed".

    vote_over: at evaluate_at the vote is closed (the second one, where a second round decides).
    notice_ends: the first moment after the notice; None where there is none.
    open_objections: (id, unit) of those filed in the notice and still open.
    missing_evidence: ids of evidence that is not complete.
    """

    vote_over: bool = True
    notice_ends: datetime | None = None
    notice_over: bool = True
    open_objections: tuple[tuple[str, str], ...] = ()
    missing_evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one case.

    second_tests: the triggers and, if they all hold, the tests of the second round; None where none was looked at.
    status: of every unit in the main vote; deemed: the side a silent, served unit was given there.
    flags: (name, unit), in alphabetical order.
    ballots: the verdicts of linked ballots; then tests, status, deemed and flags are empty.
    """

    id: str
    outcome: Outcome
    tests: tuple[TestResult, ...] = ()
    second_tests: tuple[TestResult, ...] | None = None
    status: Mapping[str, Status] = field(default_factory=dict)
    deemed: Mapping[str, Side] = field(default_factory=dict)
    flags: tuple[tuple[Flag, str], ...] = ()
    gates: Gates = Gates()
    ballots: tuple["Verdict", ...] = ()


def need_of(test: Test, den: Fraction) -> Fraction:
    need = test.threshold * den
    return need if test.cap is None else min(need, test.cap)


def as_plain(verdict: Verdict) -> dict[str, Any]:
    """The verdict as the command prints it: dictionaries, lists, strings and booleans."""
    plain: dict[str, Any] = {"id": verdict.id, "outcome": verdict.outcome, "tests": _plain_tests(verdict.tests)}
    if verdict.second_tests is not None:
        plain["second_tests"] = _plain_tests(verdict.second_tests)
    plain["status"] = dict(verdict.status)
    plain["deemed"] = dict(verdict.deemed)
    plain["flags"] = [list(flag) for flag in verdict.flags]
    if verdict.ballots:
        plain["ballots"] = [as_plain(ballot) for ballot in verdict.ballots]
    return plain


def written(number: Fraction) -> str:
    """A rational in lowest terms: "600.03" if its decimals end, else "1000/3"."""
    places = ending(number)
    if places is None:
        return f"{number.numerator}/{number.denominator}"
    if not places:
        return str(number.numerator)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def ending(number: Fraction) -> int | None:
    """How many decimals the number has; None: they do not end."""
    below, places = number.denominator, 0
    for prime in (2, 5):
        power = 0
        while below % prime == 0:
            below //= prime
            power += 1
        places = max(places, power)
    return places if below == 1 else None


def _plain_tests(results: tuple[TestResult, ...]) -> dict[str, list[Any]]:
    return {one.test.id: [written(one.num), written(one.den), one.passed] for one in results}
