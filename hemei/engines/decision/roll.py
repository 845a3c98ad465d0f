"""The electorate as it stands at opening: units, their owners, areas and shares."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner of a unit. rep: speaks for the co-owners; share: of the unit, in any measure the co-owners use."""

    id: str
    rep: bool = False
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One home, shop or parking space.

    area: in square metres; share: of the whole, in any measure (1000ths, entitlements).
    head: name of a common head; units without one are joined by their set of owners.
    votable: false for a unit that is in no test.
    """

    id: str
    owners: tuple[Owner, ...]
    area: Fraction | None = None
    share: Fraction | None = None
    head: str | None = None
    groups: frozenset[str] = frozenset()
    kind: str = ""
    original_owner: bool = False
    votable: bool = True
