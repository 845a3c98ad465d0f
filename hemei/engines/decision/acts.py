"""What happened, each with the time it was received (local, without zone). Append-only; order of receipt counts."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from hemei.engines.decision.roll import Owner

Choice = Literal["for", "against", "abstain", "spoiled"]


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote for one unit. for_owner: `by` is then that owner's agent. signed_at: for the record only."""

    at: datetime
    unit: str
    by: str
    choice: Choice
    for_owner: str | None = None
    round: int = 1
    id: str | None = None
    channel: str | None = None
    signed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Revoke:
    """An owner takes back his own act."""

    at: datetime
    unit: str
    by: str
    round: int = 1


@dataclass(frozen=True, slots=True)
class Grant:
    """Authority for one unit from owner `by` to agent `to`, in force while at < expires."""

    at: datetime
    unit: str
    by: str
    to: str
    written: bool = False
    expires: datetime | None = None
    instruction: Choice | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The end of what `by` granted to `to` for the unit."""

    at: datetime
    unit: str
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """A sale. to: all owners from then on."""

    at: datetime
    unit: str
    to: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Deliver:
    """The ballot was served, if there is proof."""

    at: datetime
    unit: str
    proof: bool = False


@dataclass(frozen=True, slots=True)
class Void:
    """The cast with id `ref` is declared void."""

    at: datetime
    unit: str
    ref: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    at: datetime
    id: str
    unit: str
    ground: str = ""


@dataclass(frozen=True, slots=True)
class ObjectionClosed:
    """Withdrawn, settled or dismissed with reasons: any way of closing it ends it."""

    at: datetime
    ref: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class RollCorrection:
    """Logged; it changes no running vote."""

    at: datetime
    unit: str
    area: Fraction | None = None
    share: Fraction | None = None
    source: str = ""


Act = Cast | Revoke | Grant | Withdraw | Transfer | Deliver | Void | Objection | ObjectionClosed | RollCorrection
