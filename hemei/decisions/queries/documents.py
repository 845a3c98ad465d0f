"""What goes on paper, for whom: every document is looked up here, and hidden and absent are the same 404."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base.models import Job, Upload
from hemei.decisions import policy
from hemei.decisions.models import (
    Act,
    Contract,
    Decision,
    Door,
    Drive,
    Objection,
    Paper,
    PolicySheet,
    Posted,
    PrintRun,
    Service,
    Slot,
    Voiding,
)
from hemei.decisions.standing import level_of
from hemei.people.actor import Actor
from hemei.places import policy as places
from hemei.places.models import Kind, Place
from hemei.places.queries import ABOVE, with_trail, with_trails
from hemei.roll import content
from hemei.roll import policy as roll
from hemei.roll.content import Content
from hemei.roll.models import Unit
from hemei.roll.queries import owned_by
from hemei.shell.pdf import PAGES_AT_ONCE
from hemei.shell.words import named

RUNS_SHOWN = 20
MAKES_BALLOTS = "decisions.typeset_ballots"


def decision_for(viewer: Actor, pk: int, *, certified: bool = False) -> Decision:
    """A decision on which papers can be printed: announced and not cancelled; certified where its result is told."""
    found = (
        Decision.objects.select_related("matter", "roll", "body", "drive", "linked__roll", f"place__{ABOVE}")
        .filter(policy.visible(viewer), pk=pk, announced_at__isnull=False, cancelled_at=None)
        .first()
    )
    if found is None or (certified and found.certified_at is None):
        raise Http404
    with_trail(found.place)
    return found


def of_desk(viewer: Actor, pk: int) -> Decision:
    """The same, for those who run it."""
    found = decision_for(viewer, pk)
    if not policy.runs(viewer, found):
        raise Http404
    return found


def ballots_for(viewer: Actor, pk: int) -> list[Decision]:
    """A certified decision, for those who may read its numbers: the owners who could vote, and its two counters. With
    it the estate's ballot behind it, where that is certified and theirs to read as well."""
    found = decision_for(viewer, pk, certified=True)
    if level_of(viewer, found) == "others":
        raise Http404
    behind = found.linked
    if behind is None or behind.certified_at is None or level_of(viewer, behind) == "others":
        return [found]
    return [found, behind]


# ballots


def run_for(decision: Decision, pk: int) -> PrintRun:
    """A run of ballots; the caller has checked who asks."""
    found = PrintRun.objects.filter(decision=decision, pk=pk).first()
    if found is None:
        raise Http404
    return found


def unused_of(run: PrintRun) -> list[Paper]:
    """The ballots of a run that were neither used nor voided, each with its place and `trail`; what was used or voided
    is never printed again."""
    rows = Paper.objects.filter(run=run, used_at=None, voided_at=None)
    papers = list(rows.select_related("slot__place").order_by("number"))
    with_trails([paper.slot.place for paper in papers])
    return papers


def areas_of(decision: Decision) -> dict[str, str]:
    """Square metres by key of the unit, as the frozen roll has them."""
    assert decision.roll is not None
    return {unit["key"]: unit["area"] for unit in json.loads(decision.roll.content)["units"]}


def made_for(viewer: Actor, decision: int, run: int, upload: UUID) -> Upload:
    """A long print that a job of this run has made."""
    of_run = run_for(of_desk(viewer, decision), run)
    done = Job.objects.filter(kind=MAKES_BALLOTS, words__run=of_run.pk, outcome__upload=str(upload))
    found = Upload.objects.filter(pk=upload).first() if done.exists() else None
    if found is None:
        raise Http404
    return found


def receipt_for(viewer: Actor, pk: int, serial: str) -> tuple[Decision, Paper, Act]:
    """A vote that came on this ballot: for the desk, and for an owner of its home."""
    decision = decision_for(viewer, pk)
    acts = Act.objects.filter(decision=decision, paper__isnull=False).order_by("-pk")
    acts = acts.select_related("paper__slot__place", "paper__decision")
    runs = policy.runs(viewer, decision)
    if not runs:
        acts = acts.filter(slot__in=[slot.pk for slot, _code in policy.slots_of(viewer, decision)])
    number = serial.split("-")[1] if serial.count("-") == 2 else ""
    act = acts.filter(paper__number=int(number)).first() if number.isascii() and number.isdigit() else None
    if act is None or act.paper is None or act.paper.serial != serial:
        raise Http404
    with_trail(act.paper.slot.place)
    return decision, act.paper, act


def is_void(act: Act) -> bool:
    return Voiding.objects.filter(act=act, confirmed_at__isnull=False).exists()


@dataclass(frozen=True)
class Delivery:
    """What a service list needs. names: by key of the unit, for who keeps the roll."""

    slots: list[Slot]
    names: dict[str, str]
    served: set[int]


def delivery_of(viewer: Actor, decision: Decision) -> Delivery:
    slots = list(Slot.objects.filter(decision=decision).select_related("place").order_by("number"))
    with_trails([slot.place for slot in slots])
    names: dict[str, str] = {}
    if roll.may_keep(viewer, decision.place):
        assert decision.roll is not None
        units = json.loads(decision.roll.content)["units"]
        names = {unit["key"]: "、".join(owner["name"] for owner in unit["owners"]) for unit in units}
    served = Service.objects.filter(slot__decision=decision).values_list("slot", flat=True)
    return Delivery(slots, names, set(served))


# after the count


def posted_of(decision: Decision) -> Posted | None:
    """The first day the result hangs, if it does."""
    return Posted.objects.filter(decision=decision, what=Posted.What.RESULT).order_by("on", "pk").first()


def objection_for(viewer: Actor, pk: int, number: int) -> tuple[Decision, Objection]:
    """An objection, for who objected and for those who run the decision."""
    decision = decision_for(viewer, pk)
    rows = Objection.objects.filter(decision=decision, number=number).select_related("answered_by")
    if not policy.runs(viewer, decision):
        own = Q(by=viewer.principal) if viewer.principal is not None else Q(pk__in=[])
        rows = rows.filter(own)
    found = rows.first()
    if found is None:
        raise Http404
    return decision, found


# drives


def drive_for(viewer: Actor, pk: int) -> Drive:
    found = (
        Drive.objects.select_related("matter", "estate", "team", f"place__{ABOVE}")
        .filter(policy.drives_seen(viewer), pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    with_trail(found.place)
    return found


def carried(viewer: Actor, pk: int) -> Drive:
    """A drive, for those who go to its doors: its team, and the desk that runs it."""
    found = drive_for(viewer, pk)
    if not (policy.in_team(viewer, found) or policy.runs_at(viewer, found.place)):
        raise Http404
    return found


def doors_to_visit(viewer: Actor, drive: Drive) -> list[Place]:
    """A volunteer's own doors; for the desk, all homes of the stairwell."""
    homes = Place.objects.filter(path__startswith=drive.place.path, kind=Kind.HOME, until=None)
    if not policy.runs_at(viewer, drive.place):
        homes = homes.filter(pk__in=Door.objects.filter(policy.doors_of(viewer), drive=drive).values("home"))
    return list(homes.order_by("order", "pk"))


def policy_sheet_for(viewer: Actor, pk: int) -> PolicySheet:
    found = PolicySheet.objects.select_related(f"estate__{ABOVE}").filter(pk=pk).first()
    if found is None or not places.may_see(viewer, found.estate):
        raise Http404
    with_trail(found.estate)
    return found


def contract_for(viewer: Actor, drive: int) -> Contract:
    """The newest contract of a drive that was opened: for the desk, and for the owners who are asked to sign it."""
    found = drive_for(viewer, drive)
    contracts = Contract.objects.filter(drive=found, opened_at__isnull=False)
    contracts = contracts.select_related("roll", "decision")
    contract = contracts.order_by("-number").first()
    if contract is None or not (policy.runs_at(viewer, found.place) or _must_sign(viewer, contract)):
        raise Http404
    contract.drive = found
    return contract


def homes_of(contract: Contract) -> tuple[Content, dict[str, str]]:
    """The roll it was frozen with, and what each unit is called, by key."""
    assert contract.roll is not None
    roll_of_then = content.read(contract.roll.content)
    rows = Unit.objects.filter(roll=contract.roll.roll_id, key__in=[unit.key for unit in roll_of_then.units])
    return roll_of_then, {unit.key: named(unit.place) for unit in rows.select_related("place")}


def _must_sign(viewer: Actor, contract: Contract) -> bool:
    """Owns a home that is bound by it."""
    if viewer.principal is None or viewer.is_guest or contract.roll is None:
        return False
    keys = [unit.key for unit in content.read(contract.roll.content).units]
    owned = [unit for unit, _code in owned_by(viewer.principal, contract.roll.roll_id)]
    return Unit.objects.filter(pk__in=owned, key__in=keys).exists()


# what can be printed, on the page of a decision and of a drive


def words(viewer: Actor, decision: Decision, at: datetime) -> dict[str, Any] | None:
    """The papers this viewer may print, each one click away; None while there are none."""
    if decision.announced_at is None or decision.cancelled_at is not None:
        return None
    one = [decision.pk]
    papers = [
        _paper(_("Notice of the vote"), "notice_pdf", one),
        _paper(_("Authority for an agent, to fill in"), "authority_pdf", one),
        _paper(_("Statement of co-owners, to fill in"), "co_owners_pdf", one),
    ]
    if decision.certified_at is not None:
        papers.append(_paper(_("Result, for everybody"), "result_pdf", one))
        if level_of(viewer, decision) != "others":
            papers.append(_paper(_("Result with its numbers"), "result_copy_pdf", one))
        papers.append(_paper(_("Public notice, for objections"), "posting_pdf", one))
        papers.append(_paper(_("Objection, to fill in"), "objection_form_pdf", one))
    for_desk = list(_for_desk(decision)) if policy.runs(viewer, decision) else []
    return {"papers": papers, "for_desk": for_desk}


def _for_desk(decision: Decision) -> Iterable[dict[str, str]]:
    unused = Count("ballots", filter=Q(ballots__used_at=None, ballots__voided_at=None))
    runs = PrintRun.objects.filter(decision=decision).annotate(unused=unused).filter(unused__gt=0)
    for run in runs.order_by("-pk")[:RUNS_SHOWN]:
        told = ngettext("%(count)d ballot", "%(count)d ballots", run.unused) % {"count": run.unused}
        name = "typeset_ballots" if run.unused > PAGES_AT_ONCE else "ballots_pdf"
        yield _paper(told, name, [decision.pk, run.pk], made_at=run.made_at)
    yield _paper(_("List to sign for ballots delivered"), "service_list_pdf", [decision.pk])


def drive_words(viewer: Actor, drive: Drive, at: datetime) -> dict[str, Any] | None:
    """The papers of a drive: for its team and its desk; the contract for those who sign it."""
    papers = []
    if policy.in_team(viewer, drive) or policy.runs_at(viewer, drive.place):
        papers.append(_paper(_("Wish sheet, to fill in"), "wish_sheet_pdf", [drive.pk]))
        papers.append(_paper(_("Visit sheet"), "visit_sheet_pdf", [drive.pk]))
    contract = Contract.objects.filter(drive=drive, opened_at__isnull=False).select_related("roll")
    newest = contract.order_by("-number").first()
    if newest is not None and (policy.runs_at(viewer, drive.place) or _must_sign(viewer, newest)):
        papers.append(_paper(_("Contract with its cost table"), "contract_pdf", [drive.pk]))
    return {"papers": papers, "for_desk": []} if papers else None


def _paper(told: str, name: str, args: list[int], **more: Any) -> dict[str, Any]:
    return {"told": told, "url": reverse(f"decisions:{name}", args=args)} | more
