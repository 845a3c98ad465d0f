"""What owners do by their own hand on screen: vote for their homes, and take it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.decisions import steps
from hemei.decisions.models import Act, Decision
from hemei.decisions.models.acts import Choice
from hemei.decisions.telling import owners_of, tell
from hemei.decisions.voices import (
    Voice,
    by_own_hand,
    chosen,
    given_voices,
    holds,
    own_voices,
    paper_only,
    who_may_vote,
)
from hemei.people.actor import Actor

ACTS_MAX = 60  # on screen, by one owner for one home: our choice, more than anybody changes their mind
FORMS_A_MINUTE = 60  # our choice: faster than anybody reads
CHOICES = (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)
State = Decision.State


@transaction.atomic(durable=True)
def consent(
    *, actor: Actor, decision: Decision, homes: Sequence[str], choice: str, form_key: UUID, at: datetime
) -> list[Act]:
    """A vote for each of `homes`, the same for all; a later act of the owner replaces it until close.

    homes: values of the actor's voices. at: when it reached us. What comes after the close is recorded too, and
    changes nothing. The same form again returns its acts and changes nothing; a new form with the same choice is the
    owner's repeat. Raises NotAllowed; Refused before the opening, once it is counted or cancelled, for an authority
    that has ended, or when a form that was sent comes back with other words; TooMany.
    """
    refuse_other_hands(actor)
    every = [*own_voices(actor, decision), *given_voices(actor, decision)]
    voices = _chosen(every, homes)
    if choice not in CHOICES:
        raise Refused(_("Choose for, against or abstain."), field="choice")

    decision = steps.locked(decision)  # lock, and what may have changed since the page was read
    if earlier := _sent_before(voices, every, said=(Act.Kind.CAST, choice), form_key=form_key):
        return earlier
    refuse_unless_taken(decision, at)
    if not decision.online:
        raise Refused(paper_only())
    for voice in voices:
        if voice.authority is not None and not holds(voice.authority, at):
            raise Refused(_("This authority has ended or was not confirmed, so nothing was recorded."), field="homes")
    take(key=f"own_vote:{actor.key}", most=FORMS_A_MINUTE, seconds=60, at=at)

    acts = [
        _put(actor, decision, voice, kind=Act.Kind.CAST, choice=choice, form_key=form_key, at=at) for voice in voices
    ]
    steps.changed(decision)
    for voice, act in zip(voices, acts, strict=True):
        if voice.authority is not None:
            tell(
                "voted_by_agent",
                decision,
                about=act.pk,
                to=owners_of(voice.slot, at=at, codes=[voice.owner]),
                at=at,
                besides=actor.person,
                slot=voice.slot,
                url=f"/decisions/{decision.pk}/homes/{voice.slot.pk}",
                urgent=True,
                agent=voice.authority.agent_name,
                received_at=at,
            )
    return acts


@transaction.atomic(durable=True)
def revoke(*, actor: Actor, decision: Decision, homes: Sequence[str], form_key: UUID, at: datetime) -> list[Act]:
    """What was said for each of `homes` is taken back, by its owner: what an agent said too.

    Also where the vote was on paper, and where owners cannot vote on screen. After the close it is recorded and
    changes nothing. The same form again returns its acts. Raises NotAllowed; Refused where there is nothing to take
    back, before the opening, and once it is counted or cancelled; TooMany.
    """
    refuse_other_hands(actor)
    every = own_voices(actor, decision)
    voices = _chosen(every, homes)

    decision = steps.locked(decision)
    if earlier := _sent_before(voices, every, said=(Act.Kind.REVOKE, ""), form_key=form_key):
        return earlier
    refuse_unless_taken(decision, at)
    for voice in voices:
        last = last_act_of(voice)
        if last is None or last.kind == Act.Kind.REVOKE:
            told = _("There is nothing to take back for %(home)s.")
            raise Refused(told % {"home": voice.slot.place}, field="homes")
    take(key=f"own_vote:{actor.key}", most=FORMS_A_MINUTE, seconds=60, at=at)

    acts = [_put(actor, decision, voice, kind=Act.Kind.REVOKE, choice="", form_key=form_key, at=at) for voice in voices]
    steps.changed(decision)
    return acts


def last_act_of(voice: Voice) -> Act | None:
    """What was received last from the owner or from somebody for them; what a second clerk refused is nothing."""
    theirs = Q(by=voice.owner, for_owner="") | Q(for_owner=voice.owner)
    return Act.objects.filter(theirs, slot=voice.slot, refused_at=None).order_by("-at", "-pk").first()


def _chosen(every: list[Voice], homes: Sequence[str]) -> list[Voice]:
    """The voices that `homes` names. Raises NotAllowed where the actor has none, or not one that is named."""
    found = chosen(every, homes)
    if found is None or not every:
        raise NotAllowed(who_may_vote())
    if not found:
        raise Refused(_("Choose for which home."), field="homes")
    return found


def _sent_before(voices: list[Voice], every: list[Voice], *, said: tuple[str, str], form_key: UUID) -> list[Act] | None:
    """The acts that this form wrote. Raises Refused when it comes back with another choice or for other homes."""
    keys = [voice.key(form_key) for voice in every]
    sent = Act.objects.filter(decision=voices[0].slot.decision_id, form_key__in=keys).select_related("slot__place")
    earlier = list(sent.order_by("slot__number", "pk"))
    if not earlier:
        return None
    same_homes = {act.form_key for act in earlier} == {voice.key(form_key) for voice in voices}
    if not same_homes or any((act.kind, act.choice) != said for act in earlier):
        raise Refused(
            _("This form was already sent with other words, and those were recorded. Open the page again to change it.")
        )
    return earlier


def _put(
    actor: Actor, decision: Decision, voice: Voice, *, kind: str, choice: str, form_key: UUID, at: datetime
) -> Act:
    """One act, counted in its slot, with its entry in the decision's chain."""
    slot = steps.locked_slot(voice.slot)
    mine = {"slot": slot, "by": voice.by, "for_owner": voice.for_owner, "channel": Act.Channel.SCREEN}
    if Act.objects.filter(**mine).count() >= ACTS_MAX:
        told = _("%(home)s was voted for %(count)d times on screen. Please go on with a paper ballot.")
        raise Refused(told % {"home": slot.place, "count": ACTS_MAX}, field="homes")
    slot.acts += 1
    slot.save(update_fields=["acts"])
    act = Act.objects.create(
        decision=decision,
        number=slot.acts,
        kind=kind,
        choice=choice,
        at=at,
        authority=voice.authority,
        person=actor.person,
        form_key=voice.key(form_key),
        **mine,
    )
    verb = "decisions.voted" if kind == Act.Kind.CAST else "decisions.vote_taken_back"
    steps.record_quietly(decision, actor=actor, verb=verb, at=at, row=act)
    return act


# what the actions of owners share


def refuse_other_hands(actor: Actor) -> None:
    """Raises NotAllowed unless the owner is at the keys for themselves."""
    if actor.assistance is not None:
        raise NotAllowed(by_own_hand())
    if actor.seat is not None:
        raise NotAllowed(_("You speak for a body now. Speak for yourself again to vote for your home."))
    if actor.is_guest:
        raise NotAllowed(who_may_vote())


def refuse_unless_taken(decision: Decision, at: datetime) -> None:
    """Raises Refused unless acts are recorded now: from the opening until it is counted, late ones with their flag."""
    state = decision.state_at(at)
    if state == State.CANCELLED:
        raise Refused(_("This decision was cancelled, so nothing was recorded."))
    if state in (State.DRAFT, State.AHEAD):
        raise Refused(_("The vote has not opened yet, so nothing was recorded. Come back when it has."))
    if state == State.CERTIFIED:
        raise Refused(_("The votes are counted and signed, so nothing was recorded. You can object to the result."))
