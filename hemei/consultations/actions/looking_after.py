"""Looking after what is said: read, show, hide with a reason, show again; and a second look by somebody else."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.consultations import policy, steps
from hemei.consultations.models import Appeal, Argument, ModerationAct, Statement, WordsState
from hemei.ledger import steps as ledger
from hemei.notices import steps as notices
from hemei.people.actor import Actor

APPEALS_A_DAY = 20  # of one person
D, W = ModerationAct.Deed, WordsState
Words = TypeVar("Words", Statement, Argument)


@transaction.atomic(durable=True)
def accept_words(*, actor: Actor, words: Words, form_key: UUID, at: datetime) -> ModerationAct:
    """A statement or reason that waited is shown; one that appeared at once was read and stays.

    The same form again changes nothing.

    Raises NotAllowed for who does not look after it or wrote it; Refused when it does not wait any more.
    """
    return _decide(actor=actor, words=words, deed=D.ACCEPTED, form_key=form_key, at=at)


@transaction.atomic(durable=True)
def reject_words(
    *, actor: Actor, words: Words, ground: str, reason: str, form_key: UUID, at: datetime
) -> ModerationAct:
    """A statement or reason is not shown, or not shown any more. The log says why, without its words.

    ground: one of ModerationAct.Ground. The same form again changes nothing. Raises NotAllowed as above; Refused
    without a reason, when it is hidden already, or when an appeal brought it back.
    """
    return _decide(actor=actor, words=words, deed=D.REJECTED, ground=ground, reason=reason, form_key=form_key, at=at)


@transaction.atomic(durable=True)
def restore_words(*, actor: Actor, words: Words, reason: str, form_key: UUID, at: datetime) -> ModerationAct:
    """What was hidden by mistake is shown again. The same form again changes nothing.

    Raises NotAllowed as above; Refused without a reason, when it is not hidden, or when an appeal waits or was
    decided: that is for somebody else.
    """
    return _decide(actor=actor, words=words, deed=D.RESTORED, reason=reason, form_key=form_key, at=at)


@transaction.atomic(durable=True)
def appeal(*, actor: Actor, words: Words, reason: str, form_key: UUID, at: datetime) -> Appeal:
    """The author asks that somebody else looks again; once. The same form again returns the first appeal.

    Raises NotAllowed for everybody but the author; Refused when it is not hidden or was asked before; TooMany.
    """
    if not policy.may_appeal(actor, words):
        raise NotAllowed(_("Only who said it can ask for a second look."))
    consultation = steps.locked(words.consultation)
    words = _fresh(words)
    if earlier := sent_before(Appeal, form_key=form_key, words={**_about(words), "reason": reason}):
        return earlier
    if words.state != W.REJECTED:
        raise Refused(_("It is not hidden, so there is nothing to look at again."))
    if Appeal.objects.filter(**_about(words)).exists():
        raise Refused(_("You asked for a second look before. It is done once, and its answer stands."))
    if not reason:
        raise Refused(_("Say why it should be shown."), field="reason")
    take(key=f"appeal:{actor.key}", most=APPEALS_A_DAY, seconds=86400, at=at)

    asked = Appeal.objects.create(
        consultation=consultation, **_about(words), reason=reason, made_at=at, form_key=form_key
    )
    ledger.record(
        subject=consultation.matter,
        actor=actor,
        verb="consultations.appealed",
        at=at,
        public=_named(words),
        row=asked,
        quiet=True,
    )
    return asked


@transaction.atomic(durable=True)
def decide_appeal(
    *, actor: Actor, appeal: Appeal, shown: bool, reason: str, form_key: UUID, at: datetime
) -> ModerationAct:
    """Somebody else than who hid the words decides: shown again, or they stay hidden. The log says why.

    The same form again changes nothing. Raises NotAllowed for who hid the words, wrote them or does not look after
    the consultation; Refused without a reason, or when it was decided.
    """
    words = appeal.statement or appeal.argument
    assert words is not None
    return _decide(
        actor=actor,
        words=words,
        deed=D.RESTORED if shown else D.UPHELD,
        reason=reason,
        form_key=form_key,
        at=at,
        appeal=appeal,
    )


def _decide(
    *,
    actor: Actor,
    words: Statement | Argument,
    deed: str,
    form_key: UUID,
    at: datetime,
    ground: str = "",
    reason: str = "",
    appeal: Appeal | None = None,
) -> ModerationAct:
    """One decision about words: the six steps that all five share."""
    consultation = words.consultation
    if not policy.may_look_after(actor, consultation):
        raise NotAllowed(_("The organiser's staff looks after what is said here."))
    assert actor.person is not None
    assert actor.seat is not None
    if not policy.may_judge(actor, words):
        raise NotAllowed(_("Somebody else reads your own words; so nobody decides about themselves."))

    consultation = steps.locked(consultation)
    words = _fresh(words)
    said = {**_about(words), "deed": deed, "ground": ground, "reason": reason}
    if earlier := sent_before(ModerationAct, form_key=form_key, words=said):
        return earlier
    if appeal is not None:
        appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    _refuse_decided(words, deed, appeal)
    if appeal is not None and words.moderated_by_id == actor.person.pk:
        raise NotAllowed(_("Who hid the words does not decide about them again; a colleague does."))
    if deed != D.ACCEPTED and not reason:
        raise Refused(_("Say why. Everybody may read it, so leave out the words themselves."), field="reason")
    if deed == D.REJECTED and ground not in ModerationAct.Ground.values:
        raise Refused(_("Choose the ground."), field="ground")

    was, now = words.state, W.REJECTED if deed in (D.REJECTED, D.UPHELD) else W.ACCEPTED
    words.state, words.moderated_at, words.moderated_why = now, at, reason
    if deed != D.UPHELD:
        words.moderated_by = actor.person
    words.save(update_fields=["state", "moderated_at", "moderated_by", "moderated_why"])
    act = ModerationAct.objects.create(
        consultation=consultation,
        **said,
        at=at,
        body=actor.seat.body,
        by=actor.person,
        form_key=form_key,
    )
    more = (now == W.ACCEPTED) - (was == W.ACCEPTED)
    if more:
        steps.touch(consultation, **{"statements" if isinstance(words, Statement) else "arguments": more})

    matter, named = consultation.matter, _named(words)
    ledger.record(
        subject=matter,
        actor=actor,
        verb=f"consultations.{deed}",
        at=at,
        public={**named, "ground": ground, "reason": reason},
        row=act,
        quiet=deed == D.ACCEPTED,
    )
    ledger.record(
        subject=matter, actor=actor, verb="consultations.moderated", at=at, public=named, row=words, quiet=True
    )
    if appeal is not None:
        appeal.answered_at = at
        appeal.save(update_fields=["answered_at"])
        ledger.record(
            subject=matter,
            actor=actor,
            verb="consultations.appeal_decided",
            at=at,
            public=named,
            row=appeal,
            quiet=True,
        )
    if words.author is not None and (now != was or deed == D.UPHELD):
        notices.put(
            kind=f"consultations.{deed}",
            key=f"consultations.{deed}:{act.pk}",
            to=[words.author],
            at=at,
            matter=matter,
            words={**named, "consultation": consultation.pk, "ground": ground, "reason": reason},
        )
    return act


def _refuse_decided(words: Statement | Argument, deed: str, appeal: Appeal | None) -> None:
    """Raises Refused when somebody was faster, or when it is not for this deed to decide."""
    if appeal is not None:
        if appeal.answered_at is not None:
            raise Refused(_("Somebody has decided this appeal already."))
        return
    unread = words.state == W.WAITING or (words.state == W.ACCEPTED and words.moderated_at is None)
    if deed == D.ACCEPTED and not unread:
        raise Refused(_("Somebody has read it already. The log says what was decided."))
    if deed == D.REJECTED and words.state == W.REJECTED:
        raise Refused(_("It is hidden already. The log says why."))
    asked = Appeal.objects.filter(**_about(words)).first()
    if deed == D.REJECTED and asked is not None:
        raise Refused(_("An appeal brought it back, and that stands."))
    if deed == D.RESTORED and words.state != W.REJECTED:
        raise Refused(_("It is not hidden."))
    if deed == D.RESTORED and asked is not None:
        raise Refused(_("Its author asked for a second look. Answer that, in the queue."))


def _fresh(words: Words) -> Words:
    """The words as they stand now, locked; the consultation is locked before."""
    rows = type(words)._default_manager.select_for_update(of=("self",))
    return rows.select_related("author", "consultation__matter__place").get(pk=words.pk)


def _about(words: Statement | Argument) -> dict[str, int | None]:
    """The two columns that name what an act or an appeal is about."""
    return {
        "statement_id": words.pk if isinstance(words, Statement) else None,
        "argument_id": words.pk if isinstance(words, Argument) else None,
    }


def _named(words: Statement | Argument) -> dict[str, object]:
    return {"kind": words._meta.model_name, "number": words.number}
