"""Answering: one statement, or a whole sheet of paper."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.base.prepared import Prepared
from hemei.consultations import policy, steps
from hemei.consultations.models import Consultation, Grade, Participant, Statement, Vote, WordsState
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor

_HELD = Prepared(
    lambda consultation: (
        Consultation.objects.select_for_update().filter(pk=consultation).values_list("cancelled_at", flat=True)
    ),
    consultation=int,
)
_PARTICIPANT = Prepared(
    lambda consultation, person: Participant.objects.filter(consultation_id=consultation, person_id=person),
    consultation=int,
    person=int,
)
_EARLIER = Prepared(
    lambda participant, statement, form_key: (
        Vote.objects.filter(participant_id=participant)
        .filter(Q(form_key=form_key) | Q(statement_id=statement, current=True))
        .order_by("pk")
    ),
    participant=int,
    statement=int,
    form_key=UUID,
)
VOTES_A_MINUTE = 120  # our choice: faster than anybody reads, slow enough to make a flood pointless


@transaction.atomic(durable=True)
def cast_vote(
    *, actor: Actor, statement: Statement, answer: int, form_key: UUID, at: datetime, drawn: bool = False
) -> Vote:
    """The person's answer to `statement` (1 agree, 0 not sure, -1 disagree); a later one replaces it until close.

    statement: with its consultation, matter and place. at: when the answer reached us. drawn: it was the next card.
    The same form again, and the same answer again, return the answer that stands and change nothing.
    Raises NotAllowed; Refused when it is not open, when the statement is gone, or when a form that was sent comes
    back with another answer; TooMany.
    """
    consultation = statement.consultation
    if not policy.may_vote(actor, consultation):
        raise NotAllowed(who_may_vote(consultation))
    assert actor.principal is not None

    # lock: the person, and one row for all acts on this consultation, and what may have changed since the page was read
    steps.hold(actor)
    consultation.cancelled_at = _HELD.first(consultation=consultation.pk)
    participant = _PARTICIPANT.first(consultation=consultation.pk, person=actor.principal.pk)
    earlier, current = _earlier(participant, statement, form_key)
    if earlier is not None:
        if earlier.answer != answer or earlier.statement_id != statement.pk:
            raise Refused(
                _("This card was already answered, and that answer stands. You can change it under “My answers”.")
            )
        return earlier
    steps.refuse_unless_open(consultation, at)  # validate
    if current is not None and current.answer == answer:
        return current
    take(key=f"vote:{actor.key}", most=VOTES_A_MINUTE, seconds=60, at=at)

    new = participant is None  # write, with the ledger's entry
    if participant is None:
        participant, _new = steps.participant_of(actor, consultation, at)
    vote = steps.put_vote(
        actor=actor,
        consultation=consultation,
        statement=statement,
        participant=participant,
        current=current,
        answer=answer,
        drawn=drawn,
        form_key=form_key,
        at=at,
        chain=ledger.lock_chain(consultation.matter),
    )
    steps.touch(consultation, participants=int(new), votes=int(current is None))
    return vote


def _earlier(participant: Participant | None, statement: Statement, form_key: UUID) -> tuple[Vote | None, Vote | None]:
    """What this form already wrote, and the person's answer to this statement that stands."""
    if participant is None:
        return None, None
    found = _EARLIER.all(participant=participant.pk, statement=statement.pk, form_key=form_key)
    earlier = next((vote for vote in found if vote.form_key == form_key), None)
    return earlier, next((vote for vote in found if vote.current and vote.statement_id == statement.pk), None)


@transaction.atomic(durable=True)
def enter_sheet(
    *, actor: Actor, consultation: Consultation, answers: Mapping[int, int], form_key: UUID, at: datetime
) -> int:
    """A paper sheet of one assisted person, typed in whole: {statement number: answer}. Returns how many it holds.

    All or nothing. The same sheet again changes nothing. Raises NotAllowed outside a sitting; Refused when it is not
    open, holds nothing, names a statement that is not there, or comes back with other answers.
    """
    if actor.assistance is None:
        raise NotAllowed(_("A sheet is typed in while you help somebody. Begin a sitting with that person first."))
    if not policy.may_vote(actor, consultation):
        raise NotAllowed(who_may_vote(consultation))

    steps.hold(actor)
    consultation = steps.locked(consultation)
    said = {s.number: s for s in Statement.objects.filter(consultation=consultation, state=WordsState.ACCEPTED)}
    if not answers:
        raise Refused(_("No box is ticked on this sheet. Tick at least one answer."))
    if unknown := sorted(set(answers) - set(said)):
        told = _("Statement no. %(number)d is not shown any more. Leave it empty.")
        raise Refused(told % {"number": unknown[0]}, field=f"s{unknown[0]}")
    mine = list(Vote.objects.filter(consultation=consultation, participant__person=actor.principal).order_by("pk"))
    keys = {vote.form_key: vote.answer for vote in mine}
    standing = {vote.statement_id: vote for vote in mine if vote.current}
    sheet = {number: uuid5(form_key, str(number)) for number in said}
    if sent := {number: keys[key] for number, key in sheet.items() if key in keys}:
        if any(answers.get(number) != answer for number, answer in sent.items()):
            told = _(
                "This sheet was already sent with other answers, and those were kept. Open a new one to change them."
            )
            raise Refused(told)
        return len(answers)
    steps.refuse_unless_open(consultation, at)
    participant, new = steps.participant_of(actor, consultation, at)

    chain, added = ledger.lock_chain(consultation.matter), 0
    for number, answer in sorted(answers.items()):
        statement = said[number]
        current = standing.get(statement.pk)
        if current is not None and current.answer == answer:
            continue
        steps.put_vote(
            actor=actor,
            consultation=consultation,
            statement=statement,
            participant=participant,
            current=current,
            answer=answer,
            drawn=False,
            form_key=sheet[number],
            at=at,
            chain=chain,
        )
        added += current is None
    steps.touch(consultation, participants=int(new), votes=added)
    return len(answers)


def who_may_vote(consultation: Consultation) -> str:
    """For a refusal: who may answer, and how to become one of them."""
    if consultation.is_imported:
        return _("This consultation comes from elsewhere and is shown as an example. Nobody answers in it here.")
    return {
        Grade.GUEST: _("Everybody may answer here; your browser must accept a cookie for it."),
        Grade.DECLARED: _("Who lives, owns or works here answers. Sign in and say what ties you to this place."),
        Grade.CONFIRMED: _(
            "Who has been confirmed to live, own or work here answers. The residents' committee confirms it, "
            "or the code in a letter to your door."
        ),
    }[Grade(consultation.who_votes)]
