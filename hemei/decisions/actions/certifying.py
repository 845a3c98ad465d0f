"""Two counters count: each look is on record, and what both sign as the same file is the result."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.decisions import files, policy, readiness, steps
from hemei.decisions.audience import owners_of_all
from hemei.decisions.models import Counter, Decision
from hemei.decisions.standing import told_outcome
from hemei.decisions.telling import desk_of, tell
from hemei.ledger.queries import entries_of
from hemei.people.actor import Actor

LOOKS_AN_HOUR = 120  # our choice: a counter at work, never a machine that watches every vote come in
State = Decision.State


@transaction.atomic(durable=True)
def look_at_count(*, actor: Actor, decision: Decision, at: datetime) -> Decision:
    """A counter looks at the count; that they did stands in the decision's chain, each time.

    Raises NotAllowed; Refused before the vote opens and when it was cancelled; TooMany.
    """
    if not policy.is_counter(actor, decision):
        raise NotAllowed(who_counts())
    decision = steps.locked(decision)
    if decision.state_at(at) in (State.DRAFT, State.AHEAD):
        raise Refused(_("The vote has not opened yet: there is nothing to count."))
    if decision.cancelled_at is not None:
        raise Refused(_was_cancelled())
    take(key=f"count:{actor.key}", most=LOOKS_AN_HOUR, seconds=3600, at=at)
    steps.record_quietly(decision, actor=actor, verb="decisions.count_looked_at", at=at)
    return decision


@transaction.atomic(durable=True)
def sign_count(*, actor: Actor, decision: Decision, seen: str, at: datetime) -> Decision:
    """One of the two counters signs the file they looked at; certified once both signed the same.

    seen: sha256 of the decision file as it was shown to them. The same signature again changes nothing. Where the file
    has changed since the other counter signed it, that signature falls and they are told. Raises NotAllowed; Refused
    while the vote is open or something is not settled, and when the file has changed since this counter looked.
    """
    if not policy.is_counter(actor, decision):
        raise NotAllowed(who_counts())
    decision = steps.locked(decision)
    counters = list(Counter.objects.select_for_update(of=("self",)).filter(decision=decision).select_related("person"))
    mine = next(one for one in counters if one.person_id == actor.key)
    if decision.certified_at is not None:
        if seen == decision.file_hash:
            return decision
        raise Refused(_("Both counters have signed already. What they signed stands on the page of the decision."))
    if decision.cancelled_at is not None:
        raise Refused(_was_cancelled())
    at = _after_all_before(decision, at)
    if missing := readiness.missing(decision, at):
        raise Refused(_("It cannot be signed yet. %(missing)s") % {"missing": " ".join(missing)})
    count = files.frozen(decision, at)
    if seen != count.hash:
        raise Refused(_("Something has changed since you looked. Look at the count again, then sign."))
    if mine.signed_hash == count.hash:
        return decision

    for other in counters:
        if other.pk != mine.pk and other.signed_at is not None and other.signed_hash != count.hash:
            _let_fall(decision, other, actor=actor, at=at)
    mine.signed_at, mine.signed_hash = at, count.hash
    mine.save(update_fields=["signed_at", "signed_hash"])
    steps.record_quietly(decision, actor=actor, verb="decisions.count_signed", at=at, row=mine)
    if all(one.signed_hash == count.hash for one in counters):
        _certify(decision, count, actor=actor, at=at)
    else:
        others = [one.person for one in counters if one.pk != mine.pk]
        url = reverse("decisions:count", args=[decision.pk])
        tell("count_signed", decision, about=f"{decision.pk}:{at.isoformat()}", to=others, at=at, url=url)
    steps.changed(decision)
    return decision


def _after_all_before(decision: Decision, at: datetime) -> datetime:
    """`at`, or the moment of the newest entry in the decision's chain if that is later: what came to the lock before
    this signature is counted, though its own clock was read after."""
    newest = entries_of(decision).order_by("-position").values_list("at", flat=True).first()
    return max(at, newest) if newest is not None else at


def _let_fall(decision: Decision, counter: Counter, *, actor: Actor, at: datetime) -> None:
    """What this counter signed is no longer what the rows say: they look again."""
    counter.signed_at, counter.signed_hash = None, ""
    counter.save(update_fields=["signed_at", "signed_hash"])
    steps.record_quietly(decision, actor=actor, verb="decisions.signature_fell", at=at, row=counter)
    url, about = reverse("decisions:count", args=[decision.pk]), f"{decision.pk}:{at.isoformat()}"
    tell("signature_fell", decision, about=about, to=[counter.person], at=at, url=url, urgent=True)


def _certify(decision: Decision, count: files.Frozen, *, actor: Actor, at: datetime) -> None:
    decision.certified_at, decision.outcome = at, count.outcome
    decision.verdict, decision.file, decision.file_hash = count.written_verdict, count.file, count.hash
    decision.save(update_fields=["certified_at", "outcome", "verdict", "file", "file_hash"])
    Decision.objects.filter(linked=decision).update(version=F("version") + 1)  # what hung on this ballot is known now
    told = public_outcome(told_outcome(decision, decision.outcome, at))
    public = {"outcome": told, "hash": decision.file_hash}
    steps.record(decision, actor=actor, verb="decisions.certified", at=at, public=public, row=decision)
    people = {person.pk: person for person in (*owners_of_all(decision, at=at), *desk_of(decision, at=at))}
    url = f"/decisions/{decision.pk}"
    tell("certified", decision, about=decision.pk, to=people.values(), at=at, url=url, outcome=told)


def public_outcome(outcome: str) -> str:
    """passed, waiting or not_passed: as everybody may know it."""
    return outcome if outcome in ("passed", "waiting") else "not_passed"


def who_counts() -> str:
    return _("Only the two counters of this vote look at its count and sign it, each for themselves.")


def _was_cancelled() -> str:
    return _("This vote was cancelled, so nothing is counted.")
