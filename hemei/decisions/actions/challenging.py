"""Whether an act was really the owner's: "this was not me" (异议), its answer, and acts declared void with two keys."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.decisions import policy, steps
from hemei.decisions.actions.authorities import refuse_unless_desk
from hemei.decisions.models import Act, Challenge, Decision, Voiding
from hemei.decisions.telling import desk_of, owners_of, tell
from hemei.decisions.voices import may_answer, may_challenge, may_confirm
from hemei.ledger.steps import subject_name
from hemei.people.actor import Actor
from hemei.promises import days
from hemei.promises import steps as promises
from hemei.promises.models import Promise

ANSWER_DAYS = 5  # working days, counted Monday to Friday; public holidays are not known here
CHALLENGES_AN_HOUR = 20  # our choice, for one person
State = Decision.State


@transaction.atomic(durable=True)
def challenge(*, actor: Actor, act: Act, words: str, form_key: UUID, at: datetime, by_name: str = "") -> Challenge:
    """The owner says that an act recorded for their home was not theirs; at the counter a clerk writes it down.

    by_name: who says so, at the counter. Until the votes are counted. The body that calls the vote promises an answer
    within five working days. The same form again returns the first one. Raises NotAllowed; Refused when one waits,
    when the act was refused or is void already, or when the votes are counted; TooMany.
    """
    at_counter = policy.prepares_at(actor, act.decision.place)
    if not at_counter and not may_challenge(actor, act):
        raise NotAllowed(_("The owner in whose name it was recorded says that it was not theirs."))
    decision = steps.locked(act.decision)
    act = _locked(act, decision)
    said = {"act_id": act.pk, "words": words, "by_id": None if at_counter else actor.key}
    if earlier := sent_before(Challenge, form_key=form_key, words=said):
        return earlier
    _refuse_counted(decision, at)
    if at_counter and not by_name:
        raise Refused(_("Write down who says so."), field="by_name")
    if act.refused_at is not None:
        raise Refused(_("A second clerk already declined this entry, so it counts nowhere."))
    if Voiding.objects.filter(act=act, confirmed_at__isnull=False).exists():
        raise Refused(_("This act is void already, so it counts nowhere."))
    if Challenge.objects.filter(act=act, answered_at=None).exists():
        raise Refused(_("It was said already, and waits for its answer."))
    take(key=f"challenge:{actor.key}", most=CHALLENGES_AN_HOUR, seconds=3600, at=at)

    made = Challenge.objects.create(
        act=act,
        by=None if at_counter else actor.principal,
        by_name=by_name if at_counter else "",
        words=words,
        at=at,
        form_key=form_key,
    )
    steps.record_quietly(decision, actor=actor, verb="decisions.challenged", at=at, row=made)
    promises.make(
        actor=actor,
        matter=decision.matter,
        place=decision.place,
        what=_promised(settings.LANGUAGE_CODE),
        what_en=_promised("en"),
        what_kind=Promise.Kind.ANSWER,
        due_at=answer_due(at),
        at=at,
        owner_body=decision.body,
        about=made,
        is_demo=decision.is_demo,
    )
    steps.changed(decision)
    to, url = desk_of(decision, at=at), f"/decisions/{decision.pk}/challenges"
    tell("challenged", decision, about=made.pk, to=to, at=at, besides=actor.person, url=url, urgent=True)
    return made


@transaction.atomic(durable=True)
def answer_challenge(*, actor: Actor, challenge: Challenge, upheld: bool, answer: str, at: datetime) -> Challenge:
    """Whoever neither entered, confirmed nor made the act says what they found. Upheld: its voiding is proposed.

    The same answer again changes nothing. Raises NotAllowed; Refused when another answer stands, when the votes are
    counted, or when the act cannot be voided.
    """
    decision = challenge.act.decision
    refuse_unless_desk(actor, decision)
    if not may_answer(actor, challenge):
        raise NotAllowed(_("Somebody answers who neither entered nor confirmed this act, and owns no part of it."))
    decision = steps.locked(decision)
    act = _locked(challenge.act, decision)
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("by").get(pk=challenge.pk)
    if challenge.answered_at is not None:
        if (challenge.upheld, challenge.answer) == (upheld, answer):
            return challenge
        raise Refused(_("This was answered already, and that answer stands."))
    _refuse_counted(decision, at)
    if upheld:
        _refuse_unless_voidable(act)

    challenge.upheld, challenge.answer = upheld, answer
    challenge.answered_at, challenge.answered_by = at, actor.person
    challenge.save(update_fields=["upheld", "answer", "answered_at", "answered_by"])
    steps.record_quietly(decision, actor=actor, verb="decisions.challenge_answered", at=at, row=challenge)
    if upheld and not Voiding.objects.filter(act=act, declined_at=None).exists():
        _propose(actor, decision, act=act, challenge=challenge, reason=_upheld(), form_key=challenge.form_key, at=at)
    for promise in Promise.objects.filter(about=subject_name(challenge), state=Promise.State.OPEN):
        proof = {language: _answered(language) for language in (settings.LANGUAGE_CODE, "en")}
        promises.keep(promise=promise, actor=actor, at=at, proof=proof[settings.LANGUAGE_CODE], proof_en=proof["en"])
    steps.changed(decision)
    if challenge.by is not None:
        tell(
            "challenge_answered",
            decision,
            about=challenge.pk,
            to=[challenge.by],
            at=at,
            slot=act.slot,
            url=f"/decisions/{decision.pk}/homes/{act.slot_id}",
            answer=answer,
            upheld=upheld,
        )
    return challenge


@transaction.atomic(durable=True)
def propose_voiding(*, actor: Actor, act: Act, reason: str, form_key: UUID, at: datetime) -> Voiding:
    """First key: an act shall count nowhere, as when one ballot was used twice. Another person turns the second.

    The same form again returns the first one. Raises NotAllowed; Refused where it is proposed or void already, where
    it does not count anyway, or when the votes are counted.
    """
    refuse_unless_desk(actor, act.decision)
    decision = steps.locked(act.decision)
    act = _locked(act, decision)
    if earlier := sent_before(Voiding, form_key=form_key, words={"act_id": act.pk, "reason": reason}):
        return earlier
    _refuse_counted(decision, at)
    _refuse_unless_voidable(act)
    if Voiding.objects.filter(act=act, declined_at=None).exists():
        raise Refused(_("That is proposed already, or done. Look at the list of what waits for a second key."))
    voiding = _propose(actor, decision, act=act, challenge=None, reason=reason, form_key=form_key, at=at)
    steps.changed(decision)
    return voiding


@transaction.atomic(durable=True)
def confirm_voiding(*, actor: Actor, voiding: Voiding, at: datetime) -> Voiding:
    """Second key, by another person: the act was never made, and what it had replaced counts again.

    Again by the same person changes nothing. Raises NotAllowed; Refused where it is decided, or when the votes are
    counted.
    """
    voiding = _locked_voiding(actor, voiding)
    decision, act = voiding.act.decision, voiding.act
    if voiding.confirmed_at is not None and actor.person is not None and voiding.confirmed_by_id == actor.person.pk:
        return voiding
    _refuse_decided(voiding)
    _refuse_counted(decision, at)
    voiding.confirmed_by, voiding.confirmed_at = actor.person, at
    voiding.save(update_fields=["confirmed_by", "confirmed_at"])
    steps.record_quietly(decision, actor=actor, verb="decisions.act_voided", at=at, row=voiding)
    steps.changed(decision)
    tell(
        "act_voided",
        decision,
        about=voiding.pk,
        to=owners_of(act.slot, at=at, codes=[act.for_owner or act.by]),
        at=at,
        slot=act.slot,
        url=f"/decisions/{decision.pk}/homes/{act.slot_id}",
        urgent=True,
        received_at=act.at,
        reason=voiding.reason,
    )
    return voiding


@transaction.atomic(durable=True)
def decline_voiding(*, actor: Actor, voiding: Voiding, why: str, at: datetime) -> Voiding:
    """The second person does not agree: the act counts on, and who said that it was not theirs reads why.

    A second time by anybody changes nothing. Raises NotAllowed; Refused where it is confirmed.
    """
    voiding = _locked_voiding(actor, voiding)
    decision, act = voiding.act.decision, voiding.act
    if voiding.declined_at is not None:
        return voiding
    _refuse_decided(voiding)
    voiding.declined_at = at
    voiding.save(update_fields=["declined_at"])
    steps.record_quietly(
        decision, actor=actor, verb="decisions.voiding_declined", at=at, row=voiding, private={"why": why}
    )
    steps.changed(decision)
    if voiding.challenge is not None and voiding.challenge.by is not None:
        url, to = f"/decisions/{decision.pk}/homes/{act.slot_id}", [voiding.challenge.by]
        tell("voiding_declined", decision, about=voiding.pk, to=to, at=at, slot=act.slot, url=url, why=why)
    return voiding


# writing


def _propose(actor: Actor, decision: Decision, *, at: datetime, **words: Any) -> Voiding:
    voiding = Voiding.objects.create(proposed_by=actor.person, proposed_at=at, **words)
    steps.record_quietly(decision, actor=actor, verb="decisions.voiding_proposed", at=at, row=voiding)
    return voiding


def _locked(act: Act, decision: Decision) -> Act:
    found = Act.objects.select_for_update(of=("self",)).select_related("slot__place").get(pk=act.pk)
    found.decision = decision
    return found


def _locked_voiding(actor: Actor, voiding: Voiding) -> Voiding:
    refuse_unless_desk(actor, voiding.act.decision)
    if not may_confirm(actor, voiding):
        raise NotAllowed(two_keys())
    decision = steps.locked(voiding.act.decision)
    act = _locked(voiding.act, decision)
    rows = Voiding.objects.select_for_update(of=("self",)).select_related("challenge__by")
    found = rows.get(pk=voiding.pk)
    found.act = act
    return found


def _refuse_counted(decision: Decision, at: datetime) -> None:
    state = decision.state_at(at)
    if state == State.CANCELLED:
        raise Refused(_("This decision was cancelled, so nothing was recorded."))
    if state == State.CERTIFIED:
        raise Refused(_("The votes are counted and signed, so no act changes any more. You can object to the result."))


def _refuse_unless_voidable(act: Act) -> None:
    if act.kind != Act.Kind.CAST:
        raise Refused(_("What was taken back cannot be void. The owner votes again instead."))
    if not act.counts:
        raise Refused(_("It does not count yet: the second clerk declines it instead."))


def _refuse_decided(voiding: Voiding) -> None:
    if voiding.confirmed_at is not None or voiding.declined_at is not None:
        raise Refused(_("This was decided already. Look at the list to see how."))


def answer_due(at: datetime) -> datetime:
    """The end of the fifth working day after the day of `at`."""
    day, left = timezone.localdate(at), ANSWER_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return days.end_of(day)


def _promised(language: str) -> str:
    with translation.override(language):
        return _("Answer a question about the record of the vote")


def _answered(language: str) -> str:
    with translation.override(language):
        return _("Answered to who asked")


def _upheld() -> str:
    return _("The owner said that it was not theirs, and that was found to be so.")


# for a refusal


def who_answers() -> str:
    return _("Somebody answers who neither entered nor confirmed this act, and owns no part of it.")


def two_keys() -> str:
    return _("Two keys: another person than the one who proposed it decides.")
