"""What a case is answered with, and how it is written: sums with two decimals, never "-0.00"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from hemei.engines.costs.plan import ZERO


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """What the late home pays, and to whom it goes."""

    home: str
    share: Fraction
    """The agreed share: with everyone in, rounded by the case's rule."""
    pays: Fraction
    refunds: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Due:
    owner: str | None
    amount: Fraction
    """Share less what was paid; negative: paid too much, or still to be compensated."""


@dataclass(frozen=True, slots=True)
class ChanceAnswer:
    """Probabilities from 0 to 1, exact to 6 decimals and more. For the organiser, never per home."""

    all: Fraction
    heads: Fraction


@dataclass(frozen=True, slots=True)
class RunningAnswer:
    """One year of running: `total` less `reserve` is the yearly cost."""

    shares: Mapping[str, Fraction]
    total: Fraction
    reserve: Fraction
    short_by: Fraction


@dataclass(frozen=True, slots=True)
class Answer:
    """Who pays what. Sums in yuan, whole cents, except `exact`: the shares as they stood before rounding."""

    id: str
    subsidy: Fraction
    net: Fraction
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    exact: Mapping[str, Fraction] = field(default_factory=dict)
    total: Fraction = ZERO
    reserve: Fraction = ZERO
    short_by: Fraction = ZERO
    over_by: Fraction = ZERO
    """By so much the constraints of the method cannot be kept."""
    flags: tuple[str, ...] = ()
    """In alphabetical order."""
    core_violations: tuple[int, ...] | None = None
    t: Fraction | None = None
    hazard: Fraction | None = None
    late: LateAnswer | None = None
    due: Mapping[str, Due] | None = None
    chance: ChanceAnswer | None = None
    running: RunningAnswer | None = None

    @property
    def feasible(self) -> bool:
        return "infeasible" not in self.flags


def decimals(number: Fraction, places: int) -> str:
    """`number` with so many decimals, halves away from zero; nothing is ever written as minus nought."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    before, after = divmod(whole, 10**places)
    sign = "-" if number < 0 and whole else ""
    return f"{sign}{before}.{after:0{places}d}"


def money(amount: Fraction) -> str:
    return decimals(amount, 2)


def as_plain(answer: Answer) -> dict[str, object]:
    """The answer as the command prints it."""
    plain: dict[str, object] = {
        "id": answer.id,
        "shares": sums(answer.shares),
        "total": money(answer.total),
        "reserve": money(answer.reserve),
        "short_by": money(answer.short_by),
        "flags": list(answer.flags),
        "subsidy": money(answer.subsidy),
        "net": money(answer.net),
    }
    if answer.over_by:
        plain["over_by"] = money(answer.over_by)
    if answer.core_violations is not None:
        plain["core_violations"] = list(answer.core_violations)
    if answer.t is not None:
        plain["t"] = decimals(answer.t, 4)
    if answer.hazard is not None:
        plain["lambda"] = decimals(answer.hazard, 9)
    if answer.late is not None:
        plain["late"] = {
            "home": answer.late.home,
            "share": money(answer.late.share),
            "pays": money(answer.late.pays),
            "refunds": sums(answer.late.refunds),
        }
    if answer.due is not None:
        plain["due"] = {home: {"owner": due.owner, "amount": money(due.amount)} for home, due in answer.due.items()}
    if answer.chance is not None:
        plain["chance"] = {"all": decimals(answer.chance.all, 6), "heads": decimals(answer.chance.heads, 6)}
    if answer.running is not None:
        plain["running"] = {
            "shares": sums(answer.running.shares),
            "total": money(answer.running.total),
            "reserve": money(answer.running.reserve),
            "short_by": money(answer.running.short_by),
        }
    return plain


def sums(amounts: Mapping[str, Fraction]) -> dict[str, str]:
    return {home: money(amount) for home, amount in amounts.items()}
