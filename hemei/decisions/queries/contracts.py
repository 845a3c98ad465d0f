"""The lift contract, as far as a reader may know it.

How many homes have signed is a number of its own, public. The desk reads which homes are missing, to visit them; the
owners of the stairwell read the contract, its table of costs and that number; everybody else the number, what it costs,
what is granted and how it is shared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hemei.decisions import contracting, costing, policy
from hemei.decisions.costing import money
from hemei.decisions.models import Contract, ContractSignature, CostPlan, Drive
from hemei.decisions.models.drive import Stage
from hemei.decisions.queries import costs
from hemei.decisions.queries.costs import Level, Shares
from hemei.people.actor import Actor
from hemei.roll.content import FrozenOwner

LIFE_USUAL = 15  # years

State = str  # none, draft, open, complete


@dataclass(frozen=True)
class Home:
    """A home that must sign, for the desk. state: signed, waiting (for the second clerk), missing."""

    key: str
    name: str
    signed: int
    owners: int
    state: str


@dataclass(frozen=True)
class Own:
    """A home of the reader. signed_on: when they signed for it; may_sign: it still waits for them."""

    key: str
    name: str
    signed_on: date | None
    waits: bool
    may_sign: bool


@dataclass(frozen=True)
class Waiting:
    """A signature from paper that a second clerk compares. own: the reader typed it and cannot confirm it."""

    signature: ContractSignature
    home: str
    own: bool


@dataclass(frozen=True)
class ContractPage:
    """state: none, draft, open or complete. ended: the one before, with its public reason.

    missing: terms that are still empty; blocked: what else keeps it from opening. homes: for the desk alone.
    plan_homes: of the cost table, by key and name, for who is bound by it.
    """

    level: Level
    state: State
    contract: Contract | None
    ended: Contract | None
    signed: int = 0
    of: int = 0
    sums: list[tuple[str, str]] = field(default_factory=list)
    key: str = ""
    terms: list[tuple[str, str]] = field(default_factory=list)
    example: str = ""
    shares: Shares | None = None
    missing: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    own: list[Own] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    may_run: bool = False
    may_sign: bool = False
    plan_homes: list[tuple[str, str]] = field(default_factory=list)


def state_of(contract: Contract | None) -> State:
    if contract is None:
        return "none"
    if contract.opened_at is None:
        return "draft"
    return "complete" if contract.completed_at is not None else "open"


def last_two(drive: Drive) -> tuple[Contract | None, Contract | None]:
    """The contract that stands, and the last opened one that ended."""
    rows = Contract.objects.filter(drive=drive).select_related("plan", "roll__roll__place", "decision")
    found = list(rows.order_by("-number")[:4])
    for one in found:
        one.drive = drive
    standing = next((one for one in found if one.ended_at is None), None)
    return standing, next((one for one in found if one.ended_at is not None and one.opened_at is not None), None)


def contract_page(*, viewer: Actor, drive: Drive, at: datetime) -> ContractPage:
    contract, ended = last_two(drive)
    desk = policy.runs_at(viewer, drive.place)
    owned = [] if desk and viewer.seat is not None else policy.homes_in(viewer, drive)
    level: Level = "desk" if desk else "owner" if owned else "others"
    if contract is not None and contract.opened_at is None and not desk:
        contract = None  # what is being prepared is the desk's
    state = state_of(contract)
    may_run = desk and drive.stage not in (Stage.STOPPED, Stage.WORKS)
    if contract is None:
        return ContractPage(level, state, None, ended, of=drive.homes, may_run=may_run)
    plan = contract.plan if contract.opened_at is not None else costing.frozen_plan(drive)
    page: dict[str, Any] = {"signed": drive.contracted, "of": drive.homes, "may_run": may_run}
    page |= _of_plan(plan)
    if level == "others":
        return ContractPage(level, state, contract, ended, **page)
    keys = [home["id"] for home in plan.case["homes"]] if plan is not None else []
    names = costs.names_of(drive, keys) if keys else {}
    if plan is not None:
        page["shares"] = costs.shares_of(costs.kept(plan), names)
        page["example"] = _example(plan, contract.life_years)
        page["plan_homes"] = [(home["id"], names.get(home["id"], home["id"])) for home in plan.case["homes"]]
    page["terms"] = [(str(label), _term(contract, name)) for name, label in contracting.TERMS.items()]
    if contract.opened_at is None:
        page["missing"] = contracting.missing_of(contract)
        page["blocked"] = _blocked(drive, plan, at)
        return ContractPage(level, state, contract, ended, **page)
    signatures = list(ContractSignature.objects.filter(contract=contract, refused_at=None).order_by("pk"))
    if level == "desk":
        page["homes"] = _homes(contract, signatures, names)
        page["waiting"] = [
            Waiting(one, names.get(one.key, one.key), own=bool(viewer.person and one.entered_by_id == viewer.person.pk))
            for one in signatures
            if not one.counts
        ]
    else:
        page["own"] = _own(contract, owned, signatures, names)
        page["may_sign"] = state == "open" and policy.own_hand(viewer) and any(one.may_sign for one in page["own"])
    return ContractPage(level, state, contract, ended, **page)


def _of_plan(plan: CostPlan | None) -> dict[str, Any]:
    return {} if plan is None else {"sums": costs.told_sums(plan), "key": costs.key_told(plan)}


def _term(contract: Contract, name: str) -> str:
    value = getattr(contract, name)
    if value in (None, ""):
        return ""
    if name in ("running_yuan_a_year", "reserve_yuan"):
        return money(value)
    if name == "life_years":
        return ngettext("%(count)d year", "%(count)d years", value) % {"count": value}
    return str(value)


def _example(plan: CostPlan, life: int | None) -> str:
    """A worked case of a late joiner, from the engine."""
    example = contracting.late_example(plan, life) if life else None
    if example is None:
        return ""
    told = _("A home whose share was %(share)s joins after %(years)s of %(life)d years: it pays %(pays)s.")
    return told % {
        "share": money(example.share),
        "years": contracting.written(example.years),
        "life": example.life,
        "pays": money(example.pays),
    }


def example_of(drive: Drive, life: int | None) -> str:
    """For who writes the contract: the worked case of the frozen plan, over 15 years where none are written."""
    plan = costing.frozen_plan(drive)
    return _example(plan, life or LIFE_USUAL) if plan is not None else ""


def _blocked(drive: Drive, plan: CostPlan | None, at: datetime) -> list[str]:
    found = []
    if contracting.passed_decision(drive, at) is None:
        found.append(_("A vote that passed and was certified by two counters"))
    if plan is None:
        found.append(_("A frozen plan of who pays what"))
    return found


def _homes(contract: Contract, signatures: Sequence[ContractSignature], names: Mapping[str, str]) -> list[Home]:
    signed, found = contracting.signed_of(signatures), []
    waiting = {one.key for one in signatures if not one.counts}
    for key, owners in contracting.owners_of(contract).items():
        count = sum(owner.code in signed.get(key, ()) for owner in owners)
        state = "signed" if count == len(owners) else "waiting" if key in waiting else "missing"
        found.append(Home(key, names.get(key, key), count, len(owners), state))
    return found


def _own(
    contract: Contract,
    owned: Sequence[tuple[str, str]],
    signatures: Sequence[ContractSignature],
    names: Mapping[str, str],
) -> list[Own]:
    on_roll = {key: {owner.code for owner in owners} for key, owners in contracting.owners_of(contract).items()}
    given = {(one.key, one.owner): one for one in signatures}
    found = []
    for key, code in owned:
        signature = given.get((key, code))
        found.append(
            Own(
                key=key,
                name=names.get(key, key),
                signed_on=signature.signed_on if signature is not None and signature.counts else None,
                waits=signature is not None and not signature.counts,
                may_sign=signature is None and code in on_roll.get(key, ()),
            )
        )
    return found


# -- who signs at the desk


def signers_of(contract: Contract) -> list[tuple[str, str]]:
    """Who has not signed yet, as a form names them and as the desk calls them: home and name. For the desk alone."""
    rows = ContractSignature.objects.filter(contract=contract, refused_at=None)
    given = set(rows.values_list("key", "owner"))
    owners = contracting.owners_of(contract)
    names = costs.names_of(contract.drive, list(owners))
    return [
        (signer_value(key, owner.code), _("%(home)s, %(owner)s") % {"home": names.get(key, key), "owner": owner.name})
        for key, its in owners.items()
        for owner in its
        if (key, owner.code) not in given
    ]


def signer_value(key: str, code: str) -> str:
    return f"{quote(key, safe='')} {quote(code, safe='')}"


def owner_named(signature: ContractSignature) -> FrozenOwner | None:
    owners = contracting.owners_of(signature.contract).get(signature.key, ())
    return next((owner for owner in owners if owner.code == signature.owner), None)


def contract_for(*, viewer: Actor, pk: int) -> Contract:
    """A contract with its drive, for who sees the drive; a draft only for the desk. Http404 else."""
    seen = Contract.objects.filter(policy.drives_seen(viewer, "drive__"), pk=pk)
    related = ("drive__matter", "drive__place__parent", "drive__estate", "plan", "roll__roll__place")
    contract = seen.select_related(*related).first()
    if contract is None or (contract.opened_at is None and not policy.runs_at(viewer, contract.drive.place)):
        raise Http404
    return contract


def signature_for(*, viewer: Actor, pk: int) -> ContractSignature:
    """A signature with its contract, for the desk alone; Http404 else."""
    rows = ContractSignature.objects.filter(policy.drives_seen(viewer, "contract__drive__"), pk=pk)
    related = ("contract__drive__matter", "contract__drive__place__parent", "contract__drive__estate")
    signature = rows.select_related(*related, "contract__roll", "contract__plan", "photo", "unit__place").first()
    if signature is None or not policy.runs_at(viewer, signature.contract.drive.place):
        raise Http404
    return signature


# -- late joiners and sales


@dataclass(frozen=True)
class LateTold:
    told: str
    refunds: list[tuple[str, str]]


def late_told(contract: Contract, *, home: str, years: str, names: Mapping[str, str]) -> LateTold:
    """What a home pays that joins so late, and who gets it back."""
    assert contract.plan is not None, "an open contract has its plan"
    assert contract.life_years is not None, "an open contract says the years"
    late = costing.late_of(costing.read(contract.plan.case), home=home, years=years, life=contract.life_years)
    if late is None or late.share <= 0:
        return LateTold(_("This home pays no share, so it joins without paying."), [])
    told = _("Its share would have been %(share)s. After %(years)s of %(life)d years it pays %(pays)s, to the payers:")
    said = {"share": money(late.share), "years": years, "life": contract.life_years, "pays": money(late.pays)}
    together: dict[str, list[str]] = {}
    for key, amount in late.refunds.items():
        together.setdefault(money(amount), []).append(names.get(key, key))
    return LateTold(told % said, [(pgettext("list", ", ").join(homes), amount) for amount, homes in together.items()])


def sale_told(contract: Contract, *, home: str, paid: str, on: date) -> str:
    """What the buyer of a home takes over: duties follow the home."""
    assert contract.plan is not None
    due = costing.owed_after_sale(costing.read(contract.plan.case), home=home, paid=paid, on=on).amount
    if due > 0:
        return _("The buyer still owes %(sum)s.") % {"sum": money(due)}
    if due < 0:
        return _("The buyer still receives %(sum)s.") % {"sum": money(-due)}
    return _("Nothing is owed any more.")


# -- what other pages show


def words(viewer: Actor, drive: Drive, at: datetime) -> dict[str, Any] | None:
    """For the page of the drive, or of its decision: how many homes have signed, and the way to the contract."""
    desk = policy.runs_at(viewer, drive.place)
    rows = Contract.objects.filter(drive=drive).order_by("-number")
    found = list(rows.only("number", "opened_at", "completed_at", "ended_at", "ended_why")[:4])
    standing = next((one for one in found if one.ended_at is None), None)
    if standing is not None and standing.opened_at is None and not desk:
        standing = None
    ended = next((one for one in found if one.ended_at is not None and one.opened_at is not None), None)
    if standing is None and ended is None and not (desk and drive.stage == Stage.CONTRACT):
        return None
    state = state_of(standing)
    return {
        "drive": drive,
        "state": state,
        "contract": standing,
        "ended": ended if state != "complete" else None,
        "signed": drive.contracted,
        "of": drive.homes,
        "desk": desk,
    }
