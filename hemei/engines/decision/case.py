"""A case: rule, electorate, acts and times; or several ballots that only pass together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from hemei.engines.decision.acts import Act
from hemei.engines.decision.roll import Unit
from hemei.engines.decision.rule import NO_WORDS, Rule, Words
from hemei.engines.decision.verdict import Flag, Outcome, Side, Status

Counting = Literal["calendar", "working"]


@dataclass(frozen=True, slots=True)
class Window:
    """An act counts if open <= at < close."""

    open: datetime
    close: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """The posting of the result.

    The day of posting is not counted; the period ends at the end of day `days`, or of the next day that is none of
    `non_working_days`. counting "working": only days that are none of them are counted at all.
    """

    posted: date
    days: int
    non_working_days: frozenset[date] = frozenset()
    counting: Counting = "calendar"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper the decision needs; while it is not complete the decision is pending."""

    id: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody worked out beforehand; only what is named is compared."""

    outcome: Outcome | None = None
    tests: Mapping[str, tuple[Fraction, Fraction, bool]] = field(default_factory=dict)
    second_tests: Mapping[str, tuple[Fraction, Fraction, bool]] = field(default_factory=dict)
    status: Mapping[str, Status] = field(default_factory=dict)
    deemed: Mapping[str, Side] = field(default_factory=dict)
    flags: frozenset[tuple[Flag, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One decision.

    evaluate_at: acts after it are not known yet; None: vote and notice are over.
    certify_at: from then on no act can be declared void. record_date: last day whose sales count, where the rule asks.
    """

    id: str
    rule: Rule
    window: Window
    units: tuple[Unit, ...]
    acts: tuple[Act, ...] = ()
    title: Words = NO_WORDS
    why: Words = NO_WORDS
    window2: Window | None = None
    notice: Notice | None = None
    evidence: tuple[Evidence, ...] = ()
    evaluate_at: datetime | None = None
    certify_at: datetime | None = None
    record_date: date | None = None
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class LinkedBallots:
    """Ballots that only have effect together (a stairwell's and the estate's)."""

    id: str
    ballots: tuple[Case, ...]
    title: Words = NO_WORDS
    why: Words = NO_WORDS
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What a file of cases holds, checked from end to end."""

    cases: tuple[Case | LinkedBallots, ...]
    rules: Mapping[str, Rule]
