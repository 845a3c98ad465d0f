"""The decision file leaves the house: complete for a court, with purpose and receiver; blacked out for an owner."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.decisions import files, policy, steps
from hemei.decisions.models import Decision
from hemei.people.actor import Actor

COMPLETE_A_DAY, OWN_A_DAY = 20, 20  # of one person


@transaction.atomic(durable=True)
def hand_out_complete(*, actor: Actor, decision: Decision, purpose: str, receiver: str, at: datetime) -> str:
    """The certified file with names and choices; what for and to whom stands in the decision's chain, each time.

    Raises NotAllowed; Refused before it is certified; TooMany.
    """
    if not (policy.is_counter(actor, decision) or actor.is_administrator):
        raise NotAllowed(who_may_complete())
    decision = _certified(decision)
    take(key=f"decision_file:{actor.key}", most=COMPLETE_A_DAY, seconds=86400, at=at)
    private = {"purpose": purpose, "receiver": receiver}
    steps.record_quietly(decision, actor=actor, verb="decisions.file_handed_out", at=at, private=private)
    return decision.file


@transaction.atomic(durable=True)
def hand_out_to_owner(*, actor: Actor, decision: Decision, at: datetime) -> str:
    """The file as an owner of the electorate may read it: the own home, and of all others neither name nor choice.

    Raises NotAllowed; Refused before it is certified; TooMany.
    """
    homes = policy.slots_of(actor, decision)
    if not homes:
        raise NotAllowed(_("The owners of the homes that voted read this file."))
    decision = _certified(decision)
    take(key=f"own_file:{actor.key}", most=OWN_A_DAY, seconds=86400, at=at)
    steps.record_quietly(decision, actor=actor, verb="decisions.own_file_handed_out", at=at)
    return files.for_owner(decision, [(slot.key, code) for slot, code in homes])


def _certified(decision: Decision) -> Decision:
    decision = steps.locked(decision)
    if decision.certified_at is None:
        raise Refused(_("There is no file yet: both counters sign first."))
    return decision


def who_may_complete() -> str:
    return _("The two counters and an administrator hand out the complete file.")
