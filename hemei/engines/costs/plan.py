"""What a cost case says: homes, cost, method, rounding, and what else it asks. Sums are yuan, all numbers exact.

Built by `reading.read_cases`, which refuses what does not fit together; who builds a `Case` by hand keeps to the same
conditions (docs/engines-costs.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

CENT = Fraction(1, 100)
ZERO = Fraction(0)

Within = Literal["area", "equal"]
KeyName = Literal["guangzhou", "storeys", "table"]
Scale = Literal["one", "limit", "given"]


@dataclass(frozen=True, slots=True)
class Home:
    """One home of the stairwell. What a method does not ask for is None."""

    id: str
    floor: int
    area: Fraction
    owner: str | None = None
    benefit: Fraction | None = None
    """What the lift is worth to this home; negative: what it loses."""
    limit: Fraction | None = None
    """Highest acceptable share; negative: the compensation it wants."""
    scale: Fraction | None = None
    mu: Fraction | None = None
    """Place of the logistic distribution of the highest acceptable share."""
    s: Fraction | None = None
    """Its spread, more than 0."""


@dataclass(frozen=True, slots=True)
class Subsidy:
    rate: Fraction
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """`works` is what the subsidy is reckoned on, `other` (survey, drawings) is not subsidised."""

    works: Fraction
    other: Fraction
    subsidy: Subsidy

    @property
    def gross(self) -> Fraction:
        """K = works + other."""
        return self.works + self.other

    @property
    def granted(self) -> Fraction:
        """S = min(rate x works, cap), cut to the cent before anything is shared."""
        by_rate = self.subsidy.rate * self.works
        granted = by_rate if self.subsidy.cap is None else min(by_rate, self.subsidy.cap)
        return granted // CENT * CENT

    @property
    def capped(self) -> bool:
        """The rate alone would give more than the cap."""
        return self.subsidy.cap is not None and self.subsidy.rate * self.works > self.subsidy.cap

    @property
    def net(self) -> Fraction:
        """C = K - S: what the homes share."""
        return self.gross - self.granted


@dataclass(frozen=True, slots=True)
class Cap:
    """Bounds on the share of one home, or of every home of one floor."""

    floor: int | None = None
    home: str | None = None
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a least-slack or best-chance proposal must keep to besides adding up."""

    monotone: bool = False
    """No home pays less than a home on a lower floor."""
    caps: tuple[Cap, ...] = ()
    floor1_max: Fraction | None = None

    def __bool__(self) -> bool:
        return self.monotone or bool(self.caps) or self.floor1_max is not None


UNCONSTRAINED = Constraints()


@dataclass(frozen=True, slots=True)
class Key:
    """By coefficients of the floors, within a floor by area or equally."""

    key: KeyName
    within: Within
    k: tuple[Fraction, ...] = ()
    """The table, floor 1 first; for `table` only."""
    half_landing: frozenset[int] = frozenset()
    """Floors whose stop lies half a storey off; for `storeys` only."""


@dataclass(frozen=True, slots=True)
class Shapley:
    """The Shapley value of the airport game over `need`."""


@dataclass(frozen=True, slots=True)
class Nucleolus:
    """The nucleolus of the airport game over `need`."""


@dataclass(frozen=True, slots=True)
class ProportionalBenefit:
    """Who gains pays in proportion to the gain, who loses is made whole."""


@dataclass(frozen=True, slots=True)
class EqualGain:
    """Everybody is better off by the same sum."""


@dataclass(frozen=True, slots=True)
class LeastSlack:
    """The least slack (limit - share) / scale as large as possible."""

    scale: Scale
    constraints: Constraints = UNCONSTRAINED


@dataclass(frozen=True, slots=True)
class MaxChance:
    """The chance that all sign as large as possible."""

    constraints: Constraints = UNCONSTRAINED


Method = Key | Shapley | Nucleolus | ProportionalBenefit | EqualGain | LeastSlack | MaxChance


@dataclass(frozen=True, slots=True)
class Rounding:
    """To the cent by largest remainder; with a `step`, up to its next multiple."""

    step: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A home that does not join, and joins after `years` of a `life` agreed beforehand."""

    home: str
    years: Fraction
    life: Fraction


@dataclass(frozen=True, slots=True)
class Sale:
    home: str
    date: date
    buyer: str


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely is it that all sign, or at least so many heads?"""

    heads: int


@dataclass(frozen=True, slots=True)
class Running:
    """What the lift costs a year, what is laid by a year, and the key of its own by which both are shared."""

    yearly: Fraction
    reserve: Fraction
    key: Key


@dataclass(frozen=True, slots=True)
class Title:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Case:
    """One plan: who is in the stairwell, what the lift costs, how it is to be shared, and what else is asked."""

    id: str
    title: Title
    floors: int
    homes: tuple[Home, ...]
    cost: Cost
    method: Method
    rounding: Rounding = Rounding()
    why: str = ""
    need: tuple[Fraction, ...] | None = None
    """Cost of serving floors 1..f, by floor; never falling, the last is the net cost."""
    late: Late | None = None
    sales: tuple[Sale, ...] | None = None
    """None: the case does not ask who owes what. Empty: it does, and nothing was sold."""
    paid: Mapping[str, Fraction] | None = None
    chance: Chance | None = None
    running: Running | None = None
    expected: Mapping[str, object] | None = field(default=None, compare=False)
    """As it stands in the file, after it has been checked; for `hemei share --check` only."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a method answers: exact shares before rounding, in the order of the homes, or by how much it falls short."""

    shares: tuple[Fraction, ...] = ()
    """Sums to the net cost (best chance: to 40 digits); empty when there is no proposal."""
    short_by: Fraction = ZERO
    """The sum that is missing. Without a proposal either this or `over_by` is more than 0."""
    over_by: Fraction = ZERO
    """By so much the constraints ask for more than there is to pay, or for more of a home than they allow it."""
    t: Fraction | None = None
    """Least slack: (limit - share) / scale of the worst-off home."""
    hazard: Fraction | None = None
    """Best chance: lambda, the hazard 1 / yuan at which every unbound home stands."""
