"""Proposals of who pays what: kept, dropped, and one frozen for the contract."""

import hashlib
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.decisions import costing, policy, steps
from hemei.decisions.costing import Asked
from hemei.decisions.models import CostPlan, Drive
from hemei.decisions.models.drive import Stage
from hemei.ledger import steps as ledger
from hemei.ledger.chains import canonical
from hemei.people.actor import Actor

STANDING_MAX = 5  # proposals side by side: our choice, as many as people can compare
PLANS_MAX = 60  # of one drive, with those that were dropped: our choice
CENTS = Decimal("0.01")


def who_may_plan() -> str:
    return _("Cost proposals are prepared by the residents' committee, the owners' committee or the street office.")


@transaction.atomic(durable=True)
def keep_plan(*, actor: Actor, drive: Drive, name: str, asked: Asked, form_key: UUID, at: datetime) -> CostPlan:
    """Keep what was worked out, as the drive's next proposal, for the owners of the stairwell to read.

    It is worked out anew from the roll of today. The same form again returns the first plan. Raises NotAllowed;
    Refused for what cannot be worked out or is short, for a sixth proposal, for a drive that stopped.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_plan())
    drive = steps.locked_drive(drive)
    words = {"drive_id": drive.pk, "name": name, "asked": asked.plain}
    if earlier := sent_before(CostPlan, form_key=form_key, words=words):
        return earlier
    refuse_unless_running(drive)
    known = list(CostPlan.objects.filter(drive=drive).values_list("number", "dropped_at"))
    if sum(dropped is None for _number, dropped in known) >= STANDING_MAX:
        told = _("There are %(most)d proposals side by side already. Drop one first.")
        raise Refused(told % {"most": STANDING_MAX})
    if len(known) >= PLANS_MAX:
        raise Refused(_("At most %(most)d proposals are kept for a drive.") % {"most": PLANS_MAX})
    flats = costing.flats_of(drive, timezone.localdate(at))
    result = costing.worked(asked, flats, costing.wishes_of(drive, flats))
    if not result.answer.feasible:
        told = _("With these numbers %(sum)s is missing: nobody can sign this. Change them first.")
        raise Refused(told % {"sum": costing.money(result.answer.short_by or result.answer.over_by)})

    case, answer = result.plain, result.kept_answer
    plan = CostPlan.objects.create(
        drive=drive,
        number=max((number for number, _dropped in known), default=0) + 1,
        name=name,
        total=Decimal(case["cost"]["works"]) + Decimal(case["cost"]["other"]),
        subsidy=Decimal(str(answer["subsidy"])).quantize(CENTS),
        case=case,
        answer=answer,
        asked=asked.plain,
        hash=hashlib.sha256(canonical({"case": case, "answer": answer}).encode()).hexdigest(),
        made_at=at,
        made_by=actor.person,
        form_key=form_key,
    )
    _record(plan, actor=actor, verb="decisions.plan_kept", at=at)
    return plan


@transaction.atomic(durable=True)
def drop_plan(*, actor: Actor, plan: CostPlan, at: datetime) -> CostPlan:
    """Lay a proposal aside; its row stays. Once more changes nothing. Raises NotAllowed; Refused once it is frozen."""
    if not policy.runs_at(actor, plan.drive.place):
        raise NotAllowed(who_may_plan())
    plan = _locked(plan)
    if plan.dropped_at is not None:
        return plan
    if plan.frozen_at is not None:
        raise Refused(_("This plan is frozen: nothing of it changes any more."))
    plan.dropped_at = at
    plan.save(update_fields=["dropped_at"])
    _record(plan, actor=actor, verb="decisions.plan_dropped", at=at)
    return plan


@transaction.atomic(durable=True)
def freeze_plan(*, actor: Actor, plan: CostPlan, at: datetime) -> CostPlan:
    """This one goes into the contract; nothing of it changes any more. Once more changes nothing.

    Another is frozen only once a contract on the frozen one has ended, or where the roll has changed since and the
    frozen one fits it no longer. Raises NotAllowed; Refused for a dropped plan, or one that does not fit the roll.
    """
    if not policy.runs_at(actor, plan.drive.place):
        raise NotAllowed(who_may_plan())
    plan = _locked(plan)
    if plan.frozen_at is not None:
        return plan
    drive = plan.drive
    refuse_unless_running(drive)
    if plan.dropped_at is not None:
        raise Refused(_("This proposal was dropped. Keep it anew first."))
    flats = costing.flats_of(drive, timezone.localdate(at))
    if changed := costing.changed_since(plan, flats):
        told = _("The roll has changed since this was worked out: %(homes)s. Keep the proposal anew.")
        raise Refused(told % {"homes": pgettext("list", ", ").join(changed)})
    frozen = costing.frozen_plan(drive)
    if frozen is not None and not costing.may_be_replaced(frozen, flats):
        told = _("Proposal no. %(number)d is frozen already. It can be replaced once the contract on it has ended.")
        raise Refused(told % {"number": frozen.number})
    plan.frozen_at = at
    plan.save(update_fields=["frozen_at"])
    steps.drive_changed(drive, at=at)
    public = {"total": plan.total, "subsidy": plan.subsidy, "hash": plan.hash}
    _record(plan, actor=actor, verb="decisions.plan_frozen", at=at, **public)
    return plan


def refuse_unless_running(drive: Drive) -> None:
    if drive.stage == Stage.STOPPED:
        raise Refused(_("This drive was stopped. Nothing is prepared for it any more."))
    if drive.stage == Stage.WORKS:
        raise Refused(_("The lift is being built. What it costs whom is settled by the contract."))


def _locked(plan: CostPlan) -> CostPlan:
    """The plan as it stands now; its drive is locked before it."""
    drive = steps.locked_drive(plan.drive)
    locked = CostPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    locked.drive = drive
    return locked


def _record(plan: CostPlan, *, actor: Actor, verb: str, at: datetime, **public: object) -> None:
    """On the timeline where it says something to everybody: a plan that was frozen, with its sums."""
    matter, said = plan.drive.matter, {"drive": plan.drive_id, "plan": plan.pk, "number": plan.number, **public}
    ledger.record(subject=matter, actor=actor, verb=verb, at=at, public=said, row=plan, quiet=not public)
