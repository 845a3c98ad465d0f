"""A lift contract as it is signed: what has to stand in it, the text that is frozen, and which homes have signed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from hemei.decisions import costing, standing
from hemei.decisions.models import Contract, ContractSignature, CostPlan, Decision, Drive
from hemei.engines import costs
from hemei.engines.decision import written
from hemei.ledger.chains import canonical
from hemei.roll import content as frozen
from hemei.roll.models import FrozenRoll

SCHEMA = "lift-contract/1"

TERMS: Final[dict[str, Any]] = {
    "text": _("Design, price and duties"),
    "builder": _("Builder"),
    "manager": _("Who runs the lift"),
    "running_yuan_a_year": _("Running cost of a year"),
    "running_key": _("How the running cost is shared"),
    "reserve_yuan": _("Laid by each year for repairs"),
    "inspections": _("Who asks for the inspection, and when"),
    "warranty": _("Warranty"),
    "life_years": _("Years over which a late joiner's share falls"),
    "late_text": _("Who joins later"),
    "sale_text": _("When a home is sold"),
    "compensation": _("Compensation"),
}
"""In the order of the paper. All of them stand in a contract before anybody signs it."""

EXAMPLE = Fraction(3, 10)  # of the life agreed: after 4.5 of 15 years, as in the worked case of docs/engines-costs.md


def missing_of(contract: Contract) -> list[str]:
    """What has not been written yet, in words. A sum of 0 is written; an empty line is not."""
    return [str(label) for name, label in TERMS.items() if getattr(contract, name) in (None, "")]


def passed_decision(drive: Drive, at: datetime) -> Decision | None:
    """The vote a contract rests on: certified and passed, with the estate's where common land is used; the last one."""
    rows = Decision.objects.filter(drive=drive, certified_at__isnull=False, cancelled_at=None, outcome="passed")
    for decision in rows.select_related("linked").order_by("-certified_at", "-pk"):
        if drive.uses_common_land and decision.linked_id is None:
            continue
        if standing.told_outcome(decision, decision.outcome, at) == "passed":
            return decision
    return None


@dataclass(frozen=True)
class LateExample:
    """A home that joins after `years` of `life`: what its share was, what it then pays."""

    share: Fraction
    pays: Fraction
    years: Fraction
    life: int


def late_example(plan: CostPlan, life: int) -> LateExample | None:
    """Worked by the engine, of the home that pays most; None where nobody pays."""
    case = costing.read(plan.case)
    shares = {home: Fraction(str(sum_)) for home, sum_ in plan.answer["shares"].items()}
    home = max(case.homes, key=lambda one: (shares[one.id], one.id)).id
    years = EXAMPLE * life
    late = costing.late_of(case, home=home, years=written(years), life=life) if shares[home] > 0 else None
    return LateExample(late.share, late.pays, years, life) if late is not None else None


def content_of(contract: Contract, *, decision: Decision, plan: CostPlan, roll: FrozenRoll) -> str:
    """What is signed, canonical JSON: every term, the cost table, the vote and the roll it rests on. No names."""
    example = late_example(plan, contract.life_years or 1)
    return canonical(
        {
            "schema": SCHEMA,
            "place": list(frozen.read(roll.content).place),
            "number": contract.number,
            "title": contract.title,
            "terms": {name: _plain(getattr(contract, name)) for name in TERMS},
            "late_example": example and {
                "share": costs.money(example.share),
                "years": written(example.years),
                "life": example.life,
                "pays": costs.money(example.pays),
            },
            "decision": {"question": decision.question, "file_hash": decision.file_hash},
            "plan": {
                "number": plan.number,
                "hash": plan.hash,
                "total": f"{plan.total:.2f}",
                "subsidy": f"{plan.subsidy:.2f}",
                "net": plan.answer["net"],
                "reserve": plan.answer["reserve"],
                "key": plan.case["title"],
                "shares": plan.answer["shares"],
            },
            "roll": roll.hash,
        }
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else f"{value:.2f}"


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


# -- who has signed


def owners_of(contract: Contract) -> dict[str, tuple[frozen.FrozenOwner, ...]]:
    """By the key of each home that must sign, its owners on the frozen roll."""
    assert contract.roll is not None, "a draft binds nobody"
    return {unit.key: unit.owners for unit in frozen.read(contract.roll.content).units}


def signed_of(signatures: Iterable[ContractSignature]) -> Mapping[str, frozenset[str]]:
    """By home, the owners whose signature counts."""
    signed: dict[str, set[str]] = defaultdict(set)
    for one in signatures:
        if one.counts:
            signed[one.key].add(one.owner)
    return {key: frozenset(owners) for key, owners in signed.items()}


def homes_signed(contract: Contract, signatures: Iterable[ContractSignature]) -> list[str]:
    """Keys of the homes all of whose owners have signed; one of several is not enough."""
    signed = signed_of(signatures)
    return [
        key
        for key, owners in owners_of(contract).items()
        if {owner.code for owner in owners} <= signed.get(key, frozenset())
    ]
