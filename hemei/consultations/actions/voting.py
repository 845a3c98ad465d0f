"""Answering: one statement, or a whole sheet of paper."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.base.prepared import Prepared
from hemei.consultations import policy, steps
from hemei.consultations.models import Consultation, Grade, Participant, Statement, Vote, WordsState
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor

_OF_A_VOTE = ("pk", "statement_id", "answer", "at", "current", "form_key")
_HELD = Prepared(
    lambda consultation: (
        Consultation.objects.select_for_update().filter(pk=consultation).values_list("cancelled_at", flat=True)
    ),
    consultation=int,
)
_ANSWERED = Prepared(  # one question: whether the person takes part, and what this form or this statement already has
    lambda consultation, person, statement, form_key: (
        Participant.objects.filter(consultation_id=consultation, person_id=person)
        .annotate(
            vote=FilteredRelation(
                "votes",
                condition=Q(votes__form_key=form_key) | Q(votes__statement_id=statement, votes__current=True),
            )
        )
        .order_by("vote__pk")
        .values_list("pk", *(f"vote__{field}" for field in _OF_A_VOTE))
    ),
    consultation=int,
    person=int,
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
    participant, earlier, current = _answered(consultation, actor.principal.pk, statement, form_key)
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


def _answered(
    consultation: Consultation, person: int, statement: Statement, form_key: UUID
) -> tuple[Participant | None, Vote | None, Vote | None]:
    """The person's place here, what this form already wrote, and their answer to this statement that stands."""
    found = _ANSWERED.all(consultation=consultation.pk, person=person, statement=statement.pk, form_key=form_key)
    if not found:
        return None, None, None
    place = Participant(pk=found[0][0], consultation_id=consultation.pk, person_id=person)
    votes = [
        Vote(consultation_id=consultation.pk, participant_id=place.pk, **dict(zip(_OF_A_VOTE, words, strict=True)))
        for _place, *words in found
        if words[0] is not None
    ]
    earlier = next((vote for vote in votes if vote.form_key == form_key), None)
    return place, earlier, next((vote for vote in votes if vote.current and vote.statement_id == statement.pk), None)


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
