"""Who may have signed the ballot of a home: its owners on the frozen roll, who bought it since, agents, or others."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from hemei.base.text import likeness
from hemei.decisions.models import Act, Authority, Decision, Slot
from hemei.roll.models import Correction, FrozenRoll

OTHER = "other"  # somebody who is not on the roll, with the name as it was written
UNKNOWN = "?"  # begins `Act.by` of such a one
KEPT_MAX = 64  # frozen rolls kept in one process
_kept: OrderedDict[str, dict[str, list[dict[str, Any]]]] = OrderedDict()


@dataclass(frozen=True)
class Signer:
    """value: as a form names them. by, for_owner: as an act keeps them."""

    value: str
    name: str
    by: str
    for_owner: str = ""
    authority: int | None = None
    for_name: str = ""

    def signed(self, act: Act) -> bool:
        return (act.by, act.for_owner) == (self.by, self.for_owner)


def owners_on(roll: FrozenRoll, key: str) -> list[dict[str, Any]]:
    """Owners of a unit as the roll was frozen. A roll is read once: what is frozen never changes."""
    known = _kept.get(roll.hash)
    if known is None:
        known = {unit["key"]: unit["owners"] for unit in json.loads(roll.content)["units"]}
        _kept[roll.hash] = known
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return known.get(key, [])


def signers_of(decision: Decision, slot: Slot) -> list[Signer]:
    """Owners first, then buyers, then agents in order of their authority; two queries."""
    assert decision.roll is not None
    owners = list(owners_on(decision.roll, slot.key))
    owners += [one for one in _buyers(decision, slot) if one["code"] not in {owner["code"] for owner in owners}]
    names = {owner["code"]: owner["name"] for owner in owners}
    found = [Signer(f"owner:{owner['code']}", owner["name"], owner["code"]) for owner in owners]
    grants = Authority.objects.filter(slot=slot, refused_at=None).order_by("at", "pk")
    for grant in grants.values("pk", "agent", "agent_name", "owner", "entered_by", "confirmed_at"):
        if grant["entered_by"] is None or grant["confirmed_at"] is not None:
            owner = names.get(grant["owner"], "")
            found.append(
                Signer(f"agent:{grant['pk']}", grant["agent_name"], grant["agent"], grant["owner"], grant["pk"], owner)
            )
    return found


def _buyers(decision: Decision, slot: Slot) -> list[dict[str, Any]]:
    """Who owns the home by a sale that was confirmed since the roll was frozen."""
    sold = Correction.objects.filter(
        unit=slot.unit_id, what=Correction.What.OWNERS, sold=True, confirmed_at__gte=decision.announced_at
    )
    return [
        owner
        for after in sold.order_by("confirmed_at", "pk").values_list("after", flat=True)
        for owner in after["owners"]
    ]


def signer_for(decision: Decision, slot: Slot, value: str, other_name: str = "") -> Signer | None:
    """The one that a form names, None where it names nobody; an owner of the frozen roll without any query."""
    assert decision.roll is not None
    if value == OTHER:
        name = other_name.strip()
        return Signer(OTHER, name, f"{UNKNOWN}{name}") if name else None
    for owner in owners_on(decision.roll, slot.key):
        if value == f"owner:{owner['code']}":
            return Signer(value, owner["name"], owner["code"])
    return next((signer for signer in signers_of(decision, slot) if signer.value == value), None)


def same(signer: Signer, act: Act) -> bool:
    """Whether the second clerk read the same signature; two spellings of a stranger's name are one."""
    if signer.value == OTHER:
        return act.by.startswith(UNKNOWN) and likeness(act.by) == likeness(signer.by)
    return signer.signed(act)
