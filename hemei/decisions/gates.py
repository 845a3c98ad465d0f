"""What must be true before a drive reaches a stage, and before it goes back. No gate is passed by a reason."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.decisions.models import Contract, Decision, Drive
from hemei.decisions.models.drive import Stage
from hemei.decisions.standing import standing
from hemei.people.actor import Actor

ORDER = tuple(stage for stage in Stage if stage != Stage.STOPPED)


def stands_behind(drive: Drive, at: datetime, actor: Actor) -> tuple[bool, str]:
    """Whether a certified decision of the drive passed, with the estate's where common land is used; and how it stands
    while the result hangs: pending, blocked or nothing."""
    found = Decision.objects.filter(drive=drive, certified_at__isnull=False, outcome="passed", cancelled_at=None)
    for decision in found.select_related("roll", "linked__roll").order_by("-certified_at", "-pk"):
        if drive.uses_common_land and decision.linked_id is None:
            continue
        now = standing(viewer=actor, decision=decision, at=at)
        if now.outcome == "passed":
            return True, now.after
    return False, ""


def refuse_ahead(drive: Drive, stage: Stage, *, actor: Actor, at: datetime) -> None:
    """Raises Refused, beside the stage, naming the first gate on the way to `stage` that is shut."""
    wanted = ORDER.index(stage)

    def reaches(gate: Stage) -> bool:
        return wanted >= ORDER.index(gate)

    told = ""
    if reaches(Stage.WISHES) and not drive.grade:
        told = _("The stairwell has no grade yet. Homes see the assessment before they are asked for their wishes.")
    elif reaches(Stage.CONSENT) and drive.grade == Drive.Grade.C:
        told = _("The stairwell was found unfit for a lift. Assess it anew, or stop the drive.")
    elif reaches(Stage.CONSENT) and not _has_scheme(drive):
        told = _("There is no scheme to vote on. The drive goes through the stage of the scheme first.")
    if told:
        raise Refused(told, field="stage")
    if reaches(Stage.CONTRACT):
        passed, after = stands_behind(drive, at, actor)
        if not passed and drive.uses_common_land:
            told = _("Signing begins when the vote of the stairwell and the vote of the estate both have passed.")
        elif not passed:
            told = _("Signing begins when the vote has been counted by both counters, and has passed.")
        elif reaches(Stage.NOTICE) and drive.contracted < drive.homes:
            told = _("Not every home has signed the contract yet. The notice hangs when all have.")
        elif reaches(Stage.PLANNING) and after:
            told = _("The result still hangs, or an objection is not closed. Planning begins after that.")
        if told:
            raise Refused(told, field="stage")


def _has_scheme(drive: Drive) -> bool:
    return drive.stage == Stage.SCHEME or drive.marks.filter(stage=Stage.SCHEME, passed=False).exists()


def refuse_back(drive: Drive, stage: Stage) -> None:
    """Raises Refused while a vote runs, or a contract stands, that `stage` lies before."""
    wanted = ORDER.index(stage)
    running = Q(announced_at__isnull=False, certified_at=None, cancelled_at=None)
    if wanted < ORDER.index(Stage.CONSENT) and Decision.objects.filter(running, drive=drive).exists():
        raise Refused(
            _("The owners vote on it now. Cancel the vote first, with a reason, or wait until it is counted.")
        )
    standing_now = Contract.objects.filter(drive=drive, opened_at__isnull=False, ended_at=None)
    if wanted < ORDER.index(Stage.CONTRACT) and standing_now.exists():
        raise Refused(_("A contract stands that owners sign. End it first, with a reason."))
