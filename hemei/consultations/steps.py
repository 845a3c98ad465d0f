"""What several actions of this room share; each stands in an action's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hemei.base import plain
from hemei.base.errors import Refused
from hemei.base.prepared import Prepared
from hemei.consultations.models import (
    Answer,
    Argument,
    Consultation,
    OpinionMap,
    Participant,
    Statement,
    Vote,
    WordsState,
)
from hemei.ledger import steps as ledger
from hemei.ledger.models import Chain
from hemei.ledger.steps import subject_name
from hemei.notices import steps as notices
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.promises.models import Promise

PS = Promise.State
COUNTED = {Answer.AGREE: "agrees", Answer.PASS: "passes", Answer.DISAGREE: "disagrees"}


def locked(consultation: Consultation) -> Consultation:
    """The consultation as it stands now, locked: acts on one consultation take turns from here on."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    return (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("matter__place", "body")
        .get(pk=consultation.pk)
    )


_STANDS = Prepared(
    lambda person: (
        Person.objects.select_for_update()
        .filter(pk=person, merged_into=None, closed_at=None)
        .values_list("pk", flat=True)
    ),
    person=int,
)


def hold(actor: Actor) -> None:
    """Locks the person acted for, before the consultation: a guest who becomes an account takes turns with us.

    Else what the guest sends at that moment would count beside what the account says. Raises Refused when the person
    went into another account, or closed theirs, since the page was asked for.
    """
    assert actor.principal is not None
    if _STANDS.first(person=actor.principal.pk) is None:
        raise Refused(_("You signed in or out meanwhile, so this was not counted. Open the page again and send it."))


def refuse_unless_open(consultation: Consultation, at: datetime) -> None:
    """Raises Refused, saying since or from when, unless the consultation is open at `at`."""
    S = Consultation.State
    state = consultation.state_at(at)
    if state == S.OPEN and not consultation.is_imported:
        return
    told = {
        S.DRAFT: _("This consultation is still being prepared."),
        S.AHEAD: _("This consultation opens on %(opens)s. Come back then; nothing was counted now."),
        S.OPEN: _("This consultation comes from elsewhere and is shown as an example. Nobody answers in it here."),
        S.CLOSED: _("This consultation closed on %(closes)s. What you sent after that was not counted."),
        S.CANCELLED: _("This consultation was cancelled. What you sent after that was not counted."),
    }[S.OPEN if consultation.is_imported else S(state)]
    raise Refused(told % {"opens": _moment(consultation.opens_at), "closes": _moment(consultation.closes_at)})


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def touch(consultation: Consultation, **counted: int) -> None:
    """Something on the consultation's pages changed: its version grows, and its counts by what is named."""
    grown = ", ".join(f"{field} = {field} + ({int(by)})" for field, by in {"version": 1, **counted}.items() if by)
    plain.run(f"UPDATE consultations_consultation SET {grown} WHERE id = %s", consultation.pk)  # noqa: S608


def next_number(rows: Any) -> int:
    """1, 2, 3 … within one consultation, which is locked."""
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def participant_of(actor: Actor, consultation: Consultation, at: datetime) -> tuple[Participant, bool]:
    """The person's place among the participants, and whether it is new; the consultation is locked."""
    assert actor.principal is not None
    found = Participant.objects.filter(consultation=consultation, person=actor.principal).first()
    if found is not None:
        return found, False
    number = next_number(Participant.objects.filter(consultation=consultation))
    made = Participant.objects.create(consultation=consultation, number=number, person=actor.principal, made_at=at)
    notices.follow(matter=consultation.matter, person=actor.principal, at=at)
    return made, True


def those_who_took_part(consultation: Consultation, *, besides: int | None = None) -> QuerySet[Person]:
    """Everybody who answered or said something here, for a notice. besides: key of who need not be told."""
    answered = Participant.objects.filter(consultation=consultation, merged_into=None, person__isnull=False)
    said = Statement.objects.filter(consultation=consultation, author__isnull=False)
    argued = Argument.objects.filter(consultation=consultation, author__isnull=False)
    keys = Q(pk__in=answered.values("person")) | Q(pk__in=said.values("author")) | Q(pk__in=argued.values("author"))
    return Person.objects.filter(keys).exclude(pk=besides).order_by("pk")


def promised_answers(consultation: Consultation) -> list[Promise]:
    """The organiser's open promises to answer this consultation."""
    waiting = Promise.objects.filter(about=subject_name(consultation), state__in=(PS.OPEN, PS.LAPSED))
    return list(waiting.order_by("pk"))


def set_aside(
    vote: Vote, *, consultation: Consultation, actor: Actor, at: datetime, chain: Chain | None = None
) -> None:
    """The answer does not stand any more, for a later one of the same person does; the ledger vouches for its row."""
    plain.run('UPDATE consultations_vote SET "current" = %s WHERE id = %s', False, vote.pk)
    vote.current = False
    ledger.record(
        subject=consultation.matter,
        actor=actor,
        verb="consultations.vote_set_aside",
        at=at,
        row=vote,
        quiet=True,
        chain=chain,
    )


def put_vote(
    *,
    actor: Actor,
    consultation: Consultation,
    statement: Statement,
    participant: Participant,
    current: Vote | None,
    answer: int,
    drawn: bool,
    form_key: UUID,
    at: datetime,
    chain: Chain,
) -> Vote:
    """One answer: its row, the statement's counts and the ledger's entry. current: the answer it replaces."""
    counts = {COUNTED[Answer(answer)]: 1}
    if current is not None:
        set_aside(current, consultation=consultation, actor=actor, at=at, chain=chain)
        counts[COUNTED[Answer(current.answer)]] = -1
    elif drawn:
        counts["shown"] = 1
    # the number too: a corrected statement got a new one, and an answer to the old words is none to the new ones
    grown = ", ".join(f"{column} = {column} + ({by})" for column, by in counts.items())
    shown = f"UPDATE consultations_statement SET {grown} WHERE id = %s AND number = %s AND state = %s"  # noqa: S608
    if not plain.run(shown, statement.pk, statement.number, WordsState.ACCEPTED.value):
        raise Refused(_("This statement is not shown any more, so it takes no answers. The others do."))
    row = {
        "consultation_id": consultation.pk,
        "statement_id": statement.pk,
        "participant_id": participant.pk,
        "answer": int(answer),
        "at": at,
        "current": True,
        "drawn": drawn,
        "form_key": form_key,
    }
    vote = Vote(pk=plain.insert("consultations_vote", **row), **row)
    ledger.record(
        subject=consultation.matter,
        actor=actor,
        verb="consultations.voted",
        at=at,
        public={"statement": statement.number},
        row=vote,
        quiet=True,
        chain=chain,
    )
    return vote


def keep_map(
    *, consultation: Consultation, result: dict[str, Any], version: int, engine: str, at: datetime
) -> OpinionMap:
    """A newly computed map, computed from the votes of `version`; the same version and engine again keeps the first.

    The consultation's version grows with a new one, so that pages are made anew.
    """
    kept, new = OpinionMap.objects.get_or_create(
        consultation=consultation,
        version=version,
        engine=engine,
        defaults={
            "result": result,
            "votes": consultation.votes,
            "participants": consultation.participants,
            "seed": consultation.seed,
            "made_at": at,
        },
    )
    if new:
        touch(consultation)
    return kept
