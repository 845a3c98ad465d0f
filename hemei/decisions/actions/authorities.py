"""Authorities (授权委托书): an owner lets somebody vote for a home, on screen or on paper, and takes it back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.decisions import policy, steps
from hemei.decisions.actions.own import refuse_other_hands, refuse_unless_taken
from hemei.decisions.agents import account_of, agent_key, over_limit
from hemei.decisions.models import Authority, Counter, Decision, Slot
from hemei.decisions.telling import owners_of, tell
from hemei.decisions.voices import chosen, holds, in_force, is_theirs, own_voices, who_may_vote
from hemei.people import phones
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.promises import days

FORMS_AN_HOUR = 60  # our choice, for one owner: more than the homes anybody owns in a stairwell
State = Decision.State


@transaction.atomic(durable=True)
def give_authority(
    *,
    actor: Actor,
    decision: Decision,
    homes: Sequence[str],
    agent_name: str,
    form_key: UUID,
    at: datetime,
    phone: str = "",
    instruction: str = "",
    expires_on: date | None = None,
) -> list[Authority]:
    """By the owner's own hand on screen, which is a written form; in force at once, for each of `homes`.

    phone: of the agent's account, to vote on screen; whether there is such an account is told to nobody. expires_on:
    its last day; None: until the close. The same form again returns the first ones. Raises NotAllowed; Refused outside
    the vote, for oneself, a counter, an agent who acts for as many as the rule allows, or where one holds; TooMany.
    """
    refuse_other_hands(actor)
    every = own_voices(actor, decision)
    voices = chosen(every, homes)
    if voices is None or not every:
        raise NotAllowed(who_may_vote())
    if not voices:
        raise Refused(_("Choose for which home."), field="homes")
    number = phones.read(phone) if phone else ""

    decision = steps.locked(decision)
    keys = {voice.key(form_key): voice for voice in every}
    if earlier := list(Authority.objects.filter(form_key__in=keys).select_related("slot__place").order_by("pk")):
        words = (agent_name, instruction, _end_of(expires_on))
        same = {one.form_key for one in earlier} == {voice.key(form_key) for voice in voices}
        if not same or any((one.agent_name, one.instruction, one.expires_at) != words for one in earlier):
            raise Refused(_("This form was already sent with other words, and those were recorded. Open it again."))
        return earlier
    _refuse_unless_open(decision, at)
    _refuse_ended(expires_on, at)
    person = account_of(number, agent_name)
    _refuse_agent(decision, actor, person)
    take(key=f"authority:{actor.key}", most=FORMS_AN_HOUR, seconds=3600, at=at)
    for voice in voices:
        standing = Authority.objects.filter(in_force(at), slot=voice.slot, owner=voice.owner).first()
        if standing is not None:
            told = _("%(name)s may vote for %(home)s already. Withdraw that first.")
            raise Refused(told % {"name": standing.agent_name, "home": voice.slot.place}, field="agent_name")
        if told := over_limit(decision, agent_key(decision, person, agent_name), owner=voice.owner):
            raise Refused(told, field="agent_name")

    given = [
        _put(
            actor,
            decision,
            verb="decisions.authority_given",
            now=at,
            slot=steps.locked_slot(voice.slot),
            owner=voice.owner,
            agent_name=agent_name,
            agent_person=person,
            written=True,
            instruction=instruction,
            expires_at=_end_of(expires_on),
            at=at,
            given_by=actor.person,
            form_key=voice.key(form_key),
        )
        for voice in voices
    ]
    steps.changed(decision)
    for authority in given:
        _tell_of("authority_given", authority, actor, at)
    return given


@transaction.atomic(durable=True)
def enter_authority(
    *,
    actor: Actor,
    decision: Decision,
    slot: Slot,
    owner: str,
    agent_name: str,
    received_at: datetime,
    form_key: UUID,
    at: datetime,
    phone: str = "",
    written: bool = False,
    scan: Any = None,
    instruction: str = "",
    expires_on: date | None = None,
) -> Authority:
    """A clerk types an authority that was handed in; it holds once a second clerk has read the same on it.

    owner: a code on the roll. written: False for one that was only spoken, which the rule may not take. One that
    exceeds what the rule allows is recorded as it came, and the vote cast by it changes nothing. The same form again
    returns the first one. Raises NotAllowed; Refused where it came outside the vote, or for a file that is none.
    """
    refuse_unless_desk(actor, decision)
    number = phones.read(phone) if phone else ""
    decision = steps.locked(decision)
    slot = steps.locked_slot(slot)
    words = {
        "slot_id": slot.pk,
        "owner": owner,
        "agent_name": agent_name,
        "written": written,
        "instruction": instruction,
        "expires_at": _end_of(expires_on),
        "at": received_at,
    }
    if earlier := sent_before(Authority, form_key=form_key, words=words):
        return earlier
    refuse_unless_taken(decision, at)
    if received_at > at:
        raise Refused(_("That lies ahead. Say when it was handed in."), field="received_at")
    if not decision.opens_at <= received_at < decision.closes_at:
        raise Refused(
            _("It was handed in outside the vote, so nobody can vote by it. Keep the paper with the files."),
            field="received_at",
        )
    person = account_of(number, agent_name)
    _refuse_agent(decision, actor, person)
    kept = uploads.store(file=scan, sort="document", sent_by=actor.key, at=at) if scan else None

    authority = _put(
        actor,
        decision,
        verb="decisions.authority_entered",
        now=at,
        slot=slot,
        scan=kept,
        agent_person=person,
        entered_by=actor.person,
        form_key=form_key,
        **{name: value for name, value in words.items() if name != "slot_id"},
    )
    steps.changed(decision)
    _tell_of("authority_entered", authority, actor, at)
    return authority


@transaction.atomic(durable=True)
def confirm_authority(
    *,
    actor: Actor,
    authority: Authority,
    owner: str,
    agent_name: str,
    at: datetime,
    written: bool = False,
    instruction: str = "",
    expires_on: date | None = None,
) -> Authority:
    """A second clerk read the paper and typed the same: it holds from the moment it was received.

    Again by the same clerk changes nothing. Raises NotAllowed for who typed it first; Refused where they read
    something else, where it is decided, or when the votes are counted.
    """
    authority = _locked_to_decide(actor, authority)
    if authority.confirmed_at is not None and actor.person is not None and authority.confirmed_by_id == actor.person.pk:
        return authority
    _refuse_decided(authority)
    refuse_unless_taken(authority.decision, at)
    read = {
        "owner": (owner, authority.owner),
        "agent_name": (agent_name, authority.agent_name),
        "written": (written, authority.written),
        "instruction": (instruction, authority.instruction),
        "expires_on": (_end_of(expires_on), authority.expires_at),
    }
    if other := [field for field, (now, first) in read.items() if now != first]:
        raise Refused(
            _(
                "The first clerk read something else here. Look at the paper once more; "
                "if the first entry is wrong, decline it, and it is typed anew."
            ),
            field=other[0],
        )
    authority.confirmed_by, authority.confirmed_at = actor.person, at
    authority.save(update_fields=["confirmed_by", "confirmed_at"])
    steps.record_quietly(authority.decision, actor=actor, verb="decisions.authority_confirmed", at=at, row=authority)
    steps.changed(authority.decision)
    _tell_of("authority_confirmed", authority, actor, at)
    return authority


@transaction.atomic(durable=True)
def decline_authority(*, actor: Actor, authority: Authority, why: str, at: datetime) -> Authority:
    """The second clerk found that the entry does not say what the paper says: it never held, and the owner reads why.

    Again with the same words changes nothing. Raises NotAllowed for who typed it first; Refused where it is decided.
    """
    authority = _locked_to_decide(actor, authority)
    if authority.refused_at is not None and authority.refused_why == why:
        return authority
    _refuse_decided(authority)
    authority.refused_at, authority.refused_why = at, why
    authority.save(update_fields=["refused_at", "refused_why"])
    steps.record_quietly(authority.decision, actor=actor, verb="decisions.authority_declined", at=at, row=authority)
    steps.changed(authority.decision)
    _tell_of("authority_declined", authority, actor, at)
    return authority


@transaction.atomic(durable=True)
def withdraw_authority(*, actor: Actor, authority: Authority, at: datetime, why: str = "") -> Authority:
    """It ends from now on; what the agent did before stays. By the owner on screen, or by the desk on their paper.

    why: what the desk was handed in. A second time changes nothing. Raises NotAllowed; Refused where it never held,
    when the votes are counted, or where the desk does not say what it saw.
    """
    by_desk = policy.prepares_at(actor, authority.decision.place)
    if not by_desk:
        refuse_other_hands(actor)
        if not is_theirs(actor, authority):
            raise NotAllowed(_("The owner who gave it withdraws it."))
    decision = steps.locked(authority.decision)
    authority = _locked(authority)
    authority.decision = decision
    if authority.withdrawn_at is not None:
        return authority
    if authority.refused_at is not None:
        raise Refused(_("It was declined and never held, so there is nothing to withdraw."))
    refuse_unless_taken(decision, at)
    if by_desk and not why:
        raise Refused(_("Say what the owner handed in."), field="why")

    authority.withdrawn_at = at
    authority.save(update_fields=["withdrawn_at"])
    steps.record_quietly(
        decision,
        actor=actor,
        verb="decisions.authority_withdrawn",
        at=at,
        row=authority,
        private={"why": why},
    )
    steps.changed(decision)
    _tell_of("authority_withdrawn", authority, actor, at)
    return authority


# writing


def _refuse_agent(decision: Decision, actor: Actor, person: Person | None) -> None:
    if person is None:
        return
    if actor.person is not None and person.pk == actor.person.pk:
        raise Refused(_("That is your own number. An agent is somebody else."), field="phone")
    if Counter.objects.filter(decision=decision, person=person).exists():
        raise Refused(_("Who counts this vote cannot vote for others in it: name somebody else."), field="agent_name")


def _put(actor: Actor, decision: Decision, *, verb: str, now: datetime, **words: Any) -> Authority:
    agent = agent_key(decision, words["agent_person"], words["agent_name"])
    authority = Authority.objects.create(decision=decision, agent=agent, **words)
    if not agent:
        authority.agent = f"agent:{authority.pk}"
        authority.save(update_fields=["agent"])
    steps.record_quietly(decision, actor=actor, verb=verb, at=now, row=authority)
    return authority


def _locked(authority: Authority) -> Authority:
    rows = Authority.objects.select_for_update(of=("self",))
    return rows.select_related("slot__place", "agent_person").get(pk=authority.pk)


def _locked_to_decide(actor: Actor, authority: Authority) -> Authority:
    """The authority that waits for a second clerk, locked after its decision, for somebody who may be that clerk."""
    refuse_unless_desk(actor, authority.decision)
    if actor.person is not None and actor.person.pk in (authority.entered_by_id, authority.agent_person_id):
        raise NotAllowed(two_clerks())
    decision = steps.locked(authority.decision)
    found = _locked(authority)
    found.decision = decision
    return found


def _refuse_decided(authority: Authority) -> None:
    if authority.entered_by_id is None:
        raise Refused(_("The owner gave it on screen: it needs no second clerk."))
    if authority.confirmed_at is not None or authority.refused_at is not None:
        raise Refused(_("This was decided already. Look at the list of authorities to see how."))


def _refuse_unless_open(decision: Decision, at: datetime) -> None:
    refuse_unless_taken(decision, at)
    if decision.state_at(at) != State.OPEN:
        raise Refused(_("The vote has closed, so nobody can vote by an authority any more."))


def _refuse_ended(expires_on: date | None, at: datetime) -> None:
    if expires_on is not None and days.end_of(expires_on) <= at:
        raise Refused(_("That day has passed. Choose a later one, or leave it empty."), field="expires_on")


def _end_of(day: date | None) -> datetime | None:
    return days.end_of(day) if day else None


def refuse_unless_desk(actor: Actor, decision: Decision) -> None:
    if not policy.prepares_at(actor, decision.place):
        raise NotAllowed(who_runs_it())


def two_clerks() -> str:
    return _("Two clerks: who typed it, or is named in it, does not confirm it.")


def who_runs_it() -> str:
    return _("Head or clerk of the body that runs votes here does this.")


def _tell_of(verb: str, authority: Authority, actor: Actor, at: datetime) -> None:
    """The owner hears of everything that is done with their vote, the agent of what they may do and no longer may."""
    about, decision, slot = f"{authority.pk}:{at.isoformat()}", authority.decision, authority.slot
    tell(
        verb,
        decision,
        about=about,
        to=owners_of(slot, at=at, codes=[authority.owner]),
        at=at,
        besides=actor.person,
        slot=slot,
        url=f"/decisions/{decision.pk}/homes/{slot.pk}",
        urgent=verb == "authority_entered",
        agent=authority.agent_name,
        why=authority.refused_why,
    )
    if authority.agent_person is not None and (holds(authority, at) or authority.withdrawn_at is not None):
        tell(
            "agent_ended" if authority.withdrawn_at is not None else "agent_named",
            decision,
            about=about,
            to=[authority.agent_person],
            at=at,
            besides=actor.person,
            slot=slot,
            url=f"/decisions/{decision.pk}/vote",
        )
