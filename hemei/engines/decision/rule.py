"""The rule of a decision as data: whose acts count, how silence is read, which tests must hold."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar, Literal

HeadKey = Literal["owner", "unit"]
Joint = Literal["presumed_unless_contradicted", "unanimous", "representative", "shares_two_thirds"]
Abstain = Literal["participates", "ignored"]
Spoiled = Literal["participates", "not_participating"]
Nonresponse = Literal["absent", "abstain_if_delivered", "follows_majority_if_delivered"]
TransferRule = Literal["stands_unless_replaced", "lapses", "record_date"]
CostEffect = Literal["all", "for_only"]
Kind = Literal["participation", "approval", "trigger"]
Measure = Literal["heads", "units", "area", "share"]
Count = Literal["participating", "for", "against"]
Base = Literal["all", "participating", "cast"]
Comparison = Literal[">=", ">", "<=", "<"]

EVERYBODY = "all"
GROUP = "group:"


@dataclass(frozen=True, slots=True)
class Words:
    """A short text in both languages; either may be empty."""

    en: str = ""
    zh: str = ""


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Test:
    """num = measure of the units with `count` in `who`; den = measure of `base` in `who`; passes when num cmp need.

    threshold: 0 to 1. The need is threshold x den or, if that is less, `cap` (in the unit of the measure).
    at_least: what num must reach as well, in the unit of the measure.
    exclude_kinds: units of these kinds are in neither number.
    channel: only acts that came this way count in num.
    """

    __test__: ClassVar[bool] = False  # not a test of pytest's

    id: str
    kind: Kind
    measure: Measure
    count: Count
    base: Base
    cmp: Comparison
    threshold: Fraction
    who: str = EVERYBODY
    cap: Fraction | None = None
    at_least: Fraction | None = None
    exclude_kinds: frozenset[str] = frozenset()
    channel: str | None = None

    @property
    def group(self) -> str | None:
        """The group whose units alone are in this test; None for all units."""
        return self.who.removeprefix(GROUP) if self.who.startswith(GROUP) else None


@dataclass(frozen=True, slots=True)
class ProxyRule:
    """What an agent needs. max_principals: distinct owners one agent may act for; None is no limit."""

    written_required: bool = True
    own_act_overrides: bool = True
    max_principals: int | None = None


@dataclass(frozen=True, slots=True)
class Fallback:
    """If the main tests fail and every trigger holds, a second round is tallied alone against `tests`."""

    trigger: tuple[Test, ...]
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class OriginalOwner:
    """The developer's reduced vote: with `at_least` of all shares and `min_lots` units, its shares x `factor`."""

    at_least: Fraction
    factor: Fraction
    min_lots: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision rule. The defaults are those of domain practice where the law is silent.

    majority_owner_cut: an owner with more than half of all shares is cut to the sum of the others.
    cost_effect: who pays if it passes; it changes no verdict.
    checked: false where nobody has compared it with the text of the law.
    """

    id: str
    tests: tuple[Test, ...]
    head_key: HeadKey = "owner"
    joint: Joint = "presumed_unless_contradicted"
    abstain: Abstain = "participates"
    spoiled: Spoiled = "not_participating"
    nonresponse: Nonresponse = "absent"
    transfer: TransferRule = "stands_unless_replaced"
    proxy: ProxyRule = ProxyRule()
    fallback: Fallback | None = None
    original_owner: OriginalOwner | None = None
    majority_owner_cut: bool = False
    cost_effect: CostEffect = "all"
    checked: bool = True
    name: Words = NO_WORDS
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    matter: str = ""
    place: str = ""
    notes: Words = NO_WORDS

    @property
    def all_tests(self) -> tuple[Test, ...]:
        """The main tests, then the triggers and tests of the second round."""
        return self.tests + (self.fallback.trigger + self.fallback.tests if self.fallback else ())
