"""What a frozen copy of the roll says: one canonical text of codes, names, areas and shares, schema "roll/1".

It holds no key of this database and no time, so that whoever has the roll gets the same text and the same hash.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction

from hemei.engines.decision import written
from hemei.ledger.chains import canonical

SCHEMA = "roll/1"


@dataclass(frozen=True)
class FrozenOwner:
    """share: of the unit, as "1/2". Blacked out, `name` and `kind` are empty and `code` is a number."""

    code: str
    name: str
    kind: str
    share: str
    joint: bool
    rep: bool


@dataclass(frozen=True)
class FrozenUnit:
    """area: square metres in lowest terms, as "61.2". floor: None where the place says none."""

    key: str
    area: str
    kind: str
    votable: bool
    floor: int | None
    owners: tuple[FrozenOwner, ...]


@dataclass(frozen=True)
class Content:
    """place: codes from the residential area down to the place it was frozen for."""

    place: tuple[str, ...]
    units: tuple[FrozenUnit, ...]

    @property
    def owners(self) -> list[FrozenOwner]:
        """Every owner of every unit in order; who owns two units is there twice."""
        return [owner for unit in self.units for owner in unit.owners]


def content_of(*, place: Iterable[str], units: Iterable[FrozenUnit]) -> str:
    """The canonical text; `units` in their order, the owners of each in the order of their codes."""
    ordered = [
        {**asdict(unit), "owners": [asdict(owner) for owner in sorted(unit.owners, key=lambda one: one.code)]}
        for unit in units
    ]
    return canonical({"schema": SCHEMA, "place": list(place), "units": ordered})


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def read(content: str) -> Content:
    said = json.loads(content)
    assert said["schema"] == SCHEMA, "a text of another schema"
    units = (
        FrozenUnit(**{**unit, "owners": tuple(FrozenOwner(**owner) for owner in unit["owners"])})
        for unit in said["units"]
    )
    return Content(tuple(said["place"]), tuple(units))


def share_of(num: int, den: int) -> str:
    """In lowest terms, always with its denominator: "1/1", "1/2"."""
    share = Fraction(num, den)
    return f"{share.numerator}/{share.denominator}"


def area_of(area_m2: object) -> str:
    return written(Fraction(str(area_m2)))


def stand_ins(content: str) -> dict[str, str]:
    """For each owner's code a number in its place, "o1", "o2", …: the same whoever reads, and it says nothing of
    the code. One owner of two homes has one number, so that heads can still be counted."""
    numbers: dict[str, str] = {}
    for owner in read(content).owners:
        numbers.setdefault(owner.code, f"o{len(numbers) + 1}")
    return numbers


def blacked_out(content: str, keep_owner_codes: Iterable[str] = ()) -> str:
    """The same text for a reader who owns as `keep_owner_codes`: everybody else's name and kind are gone, and their
    codes are numbers (`stand_ins`). Every test can still be counted from it; its hash is another."""
    kept, numbers = set(keep_owner_codes), stand_ins(content)
    said = read(content)
    units = (
        replace(unit, owners=tuple(_blacked_out(owner, kept, numbers) for owner in unit.owners)) for unit in said.units
    )
    return content_of(place=said.place, units=units)


def _blacked_out(owner: FrozenOwner, kept: set[str], numbers: Mapping[str, str]) -> FrozenOwner:
    return owner if owner.code in kept else replace(owner, code=numbers[owner.code], name="", kind="")
