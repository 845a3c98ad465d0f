"""A ballot that came in on paper: one clerk types it with its photo, another types it again, blind, and confirms."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hemei.base import plain
from hemei.base.errors import NotAllowed, Refused
from hemei.base.prepared import Prepared
from hemei.decisions import photos, policy, steps
from hemei.decisions.actions.ballots import who_may_run
from hemei.decisions.models import Act, Decision, Paper
from hemei.decisions.models.acts import Choice
from hemei.decisions.reading_serials import already
from hemei.decisions.signers import Signer, same, signer_for
from hemei.decisions.telling import owners_of, tell
from hemei.ledger import steps as ledger
from hemei.notices import gate
from hemei.outbox import steps as outbox
from hemei.outbox.models import Message
from hemei.people.actor import Actor
from hemei.people.models import Person

DIFFERS = "differs"  # the second clerk read something else on the paper than the first
State = Decision.State

_HELD = Prepared(  # one row for all acts on this decision, and what may have changed since the serial was read
    lambda decision, paper: (
        Decision.objects.select_for_update()
        .filter(pk=decision, papers__pk=paper)
        .values_list("certified_at", "cancelled_at", "papers__voided_at", "papers__voided_why")
    ),
    decision=int,
    paper=int,
)
_EARLIER = Prepared(  # what this form wrote, and what came on this ballot
    lambda decision, paper, form_key: Act.objects.filter(
        Q(form_key=form_key) | Q(paper_id=paper, refused_at=None), decision_id=decision
    ).select_related("entered_by"),
    decision=int,
    paper=int,
    form_key=UUID,
)


@transaction.atomic(durable=True)
def enter_paper(
    *,
    actor: Actor,
    paper: Paper,
    signer: str,
    choice: str,
    photo: Any,
    form_key: UUID,
    at: datetime,
    other_name: str = "",
    signed_on: date | None = None,
    received_at: datetime | None = None,
) -> Act:
    """The first of two clerks types what the ballot says; it counts once another clerk has confirmed it.

    paper: as `reading_serials.ballot_for` gives it. signer: value of one of its `signers_of`, or "other" with the name
    as written. received_at: an earlier receipt of the same day, as the clerk states it; else the moment of entry. What
    came too early or too late is recorded with its time, and the count says that it changes nothing.
    The same form again returns the first act. Raises NotAllowed; Refused for a ballot that was voided or used, without
    signer, choice or photo, for a time that cannot be, and once the vote is certified or cancelled.
    """
    decision = paper.decision
    if not policy.prepares_at(actor, decision.place):
        raise NotAllowed(who_may_run())
    assert actor.person is not None
    who = signer_for(decision, paper.slot, signer, other_name)

    certified_at, cancelled_at, voided_at, voided_why = _HELD.first(decision=decision.pk, paper=paper.pk)  # lock
    for earlier in _EARLIER.all(decision=decision.pk, paper=paper.pk, form_key=form_key):
        if earlier.form_key == form_key:
            _refuse_other_words(earlier, paper, who, choice)
            return earlier
        raise Refused(already(earlier), field="serial")
    if certified_at is not None or cancelled_at is not None:
        raise Refused(closed_for_good(cancelled=cancelled_at is not None))
    if voided_at is not None:
        raise Refused(_("This ballot was voided meanwhile: %(why)s") % {"why": voided_why}, field="serial")
    if who is None:
        raise Refused(
            _("Say who signed. For somebody else, write the name as it stands on the ballot."), field="signer"
        )
    if choice not in Choice.values:
        raise Refused(_("Choose what is ticked on the ballot."), field="choice")
    if photo is None:
        raise Refused(_("Take a photo of the ballot. The second clerk reads from it."), field="photo")
    _refuse_odd_times(decision, received_at, signed_on, at)

    kept = photos.keep(photo, actor=actor, at=at)
    values: dict[str, Any] = {
        "decision_id": decision.pk,
        "slot_id": paper.slot_id,
        "number": _next(paper.slot_id),
        "kind": Act.Kind.CAST.value,
        "channel": Act.Channel.PAPER.value,
        "by": who.by,
        "for_owner": who.for_owner,
        "choice": str(choice),
        "at": received_at or at,
        "entered_at": at if received_at is not None else None,
        "signed_on": signed_on,
        "paper_id": paper.pk,
        "photo_id": kept.pk,
        "authority_id": who.authority,
        "entered_by_id": actor.person.pk,
        "refused_why": "",
        "form_key": form_key,
    }
    act = Act(**values)
    act.pk = plain.insert("decisions_act", **values)
    plain.run('UPDATE "decisions_paper" SET "used_at" = %s WHERE "id" = %s', at, paper.pk)
    steps.record_quietly(decision, actor=actor, verb="decisions.act_recorded", at=at, row=act)
    plain.run('UPDATE "decisions_decision" SET "version" = "version" + 1 WHERE "id" = %s', decision.pk)
    return act


def _next(slot: int) -> int:
    """Counts one more act in the slot, locked from here on."""
    with connection.cursor() as cursor:
        cursor.execute('UPDATE "decisions_slot" SET "acts" = "acts" + 1 WHERE "id" = %s RETURNING "acts"', [slot])
        return int(cursor.fetchone()[0])


def _refuse_other_words(earlier: Act, paper: Paper, who: Signer | None, choice: str) -> None:
    if earlier.paper_id != paper.pk or earlier.choice != choice or who is None or not same(who, earlier):
        raise Refused(
            _(
                "This form was already sent with other words, and those were kept. "
                "To send these too, open the form again."
            )
        )


def _refuse_odd_times(decision: Decision, received_at: datetime | None, signed_on: date | None, at: datetime) -> None:
    if received_at is not None:
        if received_at > at:
            raise Refused(_("That time is still ahead. Say when the ballot came in."), field="received_at")
        if timezone.localdate(received_at) != timezone.localdate(at):
            raise Refused(
                _("Ballots are entered on the day they come in. An earlier day cannot be stated."), field="received_at"
            )
        if received_at < decision.opens_at:
            raise Refused(_("The vote was not open then. Leave it empty to enter it as of now."), field="received_at")
    if signed_on is not None and signed_on > timezone.localdate(received_at or at):
        raise Refused(_("It cannot have been signed after it came in. Look at the date again."), field="signed_on")


def who_confirms() -> str:
    return _("You entered this ballot, so somebody else confirms it.")


def closed_for_good(*, cancelled: bool) -> str:
    if cancelled:
        return _("This vote was cancelled, so nothing is entered any more. Keep the ballot with the others.")
    return _("The votes are counted and signed, so nothing is entered any more. Keep the ballot with the others.")


@transaction.atomic(durable=True)
def confirm_paper(
    *, actor: Actor, act: Act, paper: Paper, signer: str, choice: str, at: datetime, other_name: str = ""
) -> Act:
    """The second clerk typed serial, signer and choice from the paper without seeing the first entry.

    paper: the ballot of the serial that was typed. The same as entered: it counts from its receipt, and the owners are
    told by a second way. Anything else: the entry is refused, the ballot is free to be entered anew, and both clerks
    are told. The same clerk's second click changes nothing. Raises NotAllowed for whoever entered it; Refused when
    another clerk decided it, and once the vote is certified or cancelled.
    """
    if not policy.prepares_at(actor, act.decision.place):
        raise NotAllowed(who_may_run())
    assert actor.person is not None
    if act.entered_by_id == actor.person.pk:
        raise NotAllowed(who_confirms())
    who = signer_for(act.decision, act.slot, signer, other_name)

    decision = steps.locked(act.decision)
    act = (
        Act.objects.select_for_update(of=("self",)).select_related("slot__place", "paper", "entered_by").get(pk=act.pk)
    )
    if act.confirmed_by_id is not None:
        if act.confirmed_by_id == actor.person.pk:
            return act
        raise Refused(_("Another clerk has decided this entry meanwhile. Look at the list again."))
    if decision.certified_at is not None or decision.cancelled_at is not None:
        raise Refused(closed_for_good(cancelled=decision.cancelled_at is not None))
    if who is None:
        raise Refused(
            _("Say who signed. For somebody else, write the name as it stands on the ballot."), field="signer"
        )
    if choice not in Choice.values:
        raise Refused(_("Choose what is ticked on the ballot."), field="choice")

    act.confirmed_by = actor.person
    if act.paper_id == paper.pk and same(who, act) and act.choice == choice:
        act.confirmed_at, verb = at, "decisions.act_confirmed"
    else:
        act.refused_at, act.refused_why, verb = at, DIFFERS, "decisions.act_refused"
        Paper.objects.filter(pk=act.paper_id).update(used_at=None)
    act.save(update_fields=["confirmed_by", "confirmed_at", "refused_at", "refused_why"])
    steps.record_quietly(decision, actor=actor, verb=verb, at=at, row=act)
    steps.changed(decision)
    if act.refused_at is not None:
        _tell_clerks(decision, act, [actor.person, act.entered_by], at)
    else:
        _tell_owners(decision, act, at)
    return act


def _tell_clerks(decision: Decision, act: Act, clerks: list[Person | None], at: datetime) -> None:
    tell(
        "entry_differs",
        decision,
        about=act.pk,
        to=[clerk for clerk in clerks if clerk is not None],
        at=at,
        slot=act.slot,
        url=f"/decisions/{decision.pk}/waiting",
    )


def _tell_owners(decision: Decision, act: Act, at: datetime) -> None:
    """Owners with an account are told at once; for a home without one a slip waits to be printed and carried."""
    words = {"received_at": act.at, "before_at": decision.closes_at if at < decision.closes_at else None}
    owners = owners_of(act.slot, at=at)
    if owners:
        tell(
            "vote_received",
            decision,
            about=act.pk,
            to=owners,
            at=at,
            slot=act.slot,
            url=f"/decisions/{decision.pk}/homes/{act.slot_id}",
            urgent=True,
            **words,
        )
        return
    with translation.override(settings.LANGUAGE_CODE):
        said = {"question": decision.question, "question_en": "", "home": act.slot.place.name, "home_en": "", **words}
        text = gate.told("decisions.vote_received", matter=None, words=gate.storable(said))
    outbox.put(
        kind="decisions.vote_received",
        key=slip_key(decision, act.pk),
        recipient=None,
        channel=Message.Channel.PRINT,
        text=text,
        at=at,
        address=act.slot.key,
    )


def slip_key(decision: Decision, act: int | str = "") -> str:
    """Under which a decision's slips for homes without an account stand in the outbox."""
    return f"decisions.slip:{decision.pk}:{act}"


@transaction.atomic(durable=True)
def mark_slips_carried(*, actor: Actor, decision: Decision, up_to: int, at: datetime) -> int:
    """The slips for homes without an account, up to the one shown last, were put into their letter boxes.

    Returns how many were not yet. A second time changes nothing. Raises NotAllowed.
    """
    if not policy.prepares_at(actor, decision.place):
        raise NotAllowed(who_may_run())
    decision = steps.locked(decision)
    waiting = Message.objects.filter(
        key__startswith=slip_key(decision), channel=Message.Channel.PRINT, state=Message.State.WAITING, pk__lte=up_to
    )
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:1000])
    if keys:
        ledger.record(
            subject=decision, actor=actor, verb="decisions.slips_carried", at=at, private={"slips": keys}, quiet=True
        )
    return Message.objects.filter(pk__in=keys).update(state=Message.State.DELIVERED, sent_at=at, delivered_at=at)
