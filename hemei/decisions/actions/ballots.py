"""Ballots are printed for units, each with a serial of its own, and voided with a reason."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import policy, serials, steps
from hemei.decisions.models import Decision, Paper, PrintRun, Slot
from hemei.decisions.signers import owners_on
from hemei.people.actor import Actor
from hemei.shell.words import named

PAPERS_MAX = 30  # ballots ever printed for one unit: our choice
AT_ONCE = 500
State = Decision.State


@transaction.atomic(durable=True)
def print_ballots(
    *, actor: Actor, decision: Decision, form_key: UUID, at: datetime, homes: Collection[str] = ()
) -> PrintRun:
    """One ballot for each of `homes` (keys of units), or for every unit for which none was printed yet.

    A unit never has more unused ballots than owners: one that was lost is voided first. The same form again returns
    the first run and prints nothing. Raises NotAllowed; Refused before the announcement, after the close, and where
    nothing is to be printed.
    """
    _refuse_stranger(actor, decision)
    assert actor.person is not None
    decision = steps.locked(decision)
    if earlier := PrintRun.objects.filter(form_key=form_key).first():
        printed = set(earlier.ballots.values_list("slot__key", flat=True))
        if earlier.decision_id != decision.pk or (homes and set(homes) != printed):
            raise Refused(_("This form was already sent for other homes. Open it again to print for these too."))
        return earlier
    if decision.state_at(at) not in (State.AHEAD, State.OPEN):
        raise Refused(_("Ballots are printed from the announcement until the close."))
    slots = _slots(decision, homes)

    last = Paper.objects.filter(decision=decision).aggregate(last=Max("number"))["last"] or 0
    run = PrintRun.objects.create(
        decision=decision, papers=len(slots), made_at=at, made_by=actor.person, form_key=form_key
    )
    Paper.objects.bulk_create(
        [
            Paper(
                run=run,
                decision=decision,
                slot=slot,
                number=number,
                mark=serials.mark_of(decision.pk, slot.key, number),
            )
            for number, slot in enumerate(slots, last + 1)
        ],
        batch_size=AT_ONCE,
    )
    steps.record_quietly(decision, actor=actor, verb="decisions.ballots_printed", at=at, row=run)
    return run


def _slots(decision: Decision, homes: Collection[str]) -> list[Slot]:
    """The units to print for, in the roll's order. Raises Refused for one that needs no ballot."""
    unused = Count("papers", filter=Q(papers__used_at=None, papers__voided_at=None))
    slots = Slot.objects.filter(decision=decision).annotate(unused=unused, printed=Count("papers")).order_by("number")
    if not homes:
        found = [slot for slot in slots if not slot.printed]
        if not found:
            raise Refused(_("Every home has its ballot. Choose homes to print another one for them."), field="homes")
        return found
    found = list(slots.filter(key__in=homes).select_related("place"))
    if unknown := sorted(set(homes) - {slot.key for slot in found}):
        told = _("These homes do not vote here: %(homes)s.")
        raise Refused(told % {"homes": "、".join(unknown[:10])}, field="homes")
    assert decision.roll is not None
    for slot in found:
        if slot.unused >= max(1, len(owners_on(decision.roll, slot.key))):
            told = _("%(home)s has a ballot that was not handed in. If it was lost, void it first.")
            raise Refused(told % {"home": named(slot.place)}, field="homes")
        if slot.printed >= PAPERS_MAX:
            told = _("%(count)d ballots were printed for %(home)s, and no more can be.")
            raise Refused(told % {"home": named(slot.place), "count": slot.printed}, field="homes")
    return found


@transaction.atomic(durable=True)
def void_paper(*, actor: Actor, paper: Paper, why: str, at: datetime) -> Paper:
    """A ballot that was lost or spoiled in the printer counts no more; its serial is refused from now on.

    A second time with the same reason changes nothing. Raises NotAllowed; Refused where an act came on it.
    """
    _refuse_stranger(actor, paper.decision)
    decision = steps.locked(paper.decision)
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.voided_at is not None:
        if paper.voided_why != why:
            raise Refused(_("It was voided already, and that reason stands."))
        return paper
    if paper.used_at is not None:
        raise Refused(_("A vote came in on this ballot, so it cannot be voided. An act is declared void by two keys."))
    if decision.certified_at is not None or decision.cancelled_at is not None:
        raise Refused(_("This vote is over. Its ballots stay as they are."))
    if not why:
        raise Refused(_("Say why: lost, printed badly, written off."), field="why")
    paper.voided_at, paper.voided_why, paper.voided_by = at, why, actor.person
    paper.save(update_fields=["voided_at", "voided_why", "voided_by"])
    steps.record_quietly(decision, actor=actor, verb="decisions.ballot_voided", at=at, row=paper)
    return paper


def _refuse_stranger(actor: Actor, decision: Decision) -> None:
    if not policy.prepares_at(actor, decision.place):
        raise NotAllowed(who_may_run())


def who_may_run() -> str:
    return _(
        "Head or clerk of the residents' committee, the owners' committee or the street office run the vote. "
        "Speak from your seat first."
    )
