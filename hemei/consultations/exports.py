"""A consultation as an export of Polis: participants by number only, never by who they are."""

from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np

from hemei.consultations.imports import EPOCH, STATES
from hemei.consultations.models import Batch, Consultation, Participant, Statement, Vote, WordsState
from hemei.engines.opinion.classic import FEW, opinion_of
from hemei.engines.opinion.export import Comment, Event, Export
from hemei.engines.opinion.votes import Votes, votes_at

SMALLEST = 5  # people in a group that is named


def export_of(consultation: Consultation) -> Export:
    """Everything that was said and answered, in the order it came; times cut to the millisecond."""
    numbers = _participants(consultation)
    statements = list(Statement.objects.filter(consultation=consultation).order_by("number"))
    events = _events(consultation, numbers, {one.pk: one.number for one in statements})
    votes = _votes(consultation, numbers, statements)
    agrees, _passes, disagrees = (dict(zip(votes.statements, one.tolist(), strict=True)) for one in votes.counts)
    authors = dict(
        Participant.objects.filter(consultation=consultation, person__isnull=False, merged_into=None).values_list(
            "person_id", "number"
        )
    )
    back = {state: moderated for moderated, state in STATES.items()}
    comments = tuple(
        Comment(
            id=one.number,
            author=one.author_number if one.batch_id else authors.get(one.author_id or 0),
            at=milliseconds(one.made_at),
            moderated=back[WordsState(one.state)],
            agrees=agrees[one.number],
            disagrees=disagrees[one.number],
            body=one.text,
        )
        for one in sorted(statements, key=lambda one: one.pk)
    )
    return Export(_summary(consultation, comments, votes), comments, tuple(events), votes)


def milliseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def groups_of(votes: Votes) -> dict[int, int]:
    """The group of each participant for the column group-id, by the classic engine; none where too few answered."""
    result = opinion_of(votes, smallest=SMALLEST)
    if result.active < FEW:
        return {}
    return {one.id: one.group for one in result.participants if one.group is not None}


def standing_votes(consultation: Consultation) -> Votes:
    """The answers that stand, by numbers, for the engine; statements taken down are in it as such."""
    statements = list(Statement.objects.filter(consultation=consultation).order_by("number"))
    return _votes(consultation, _participants(consultation), statements)


def _participants(consultation: Consultation) -> dict[int, int]:
    """Numbers by key, in the order they came, without guests who became somebody else here."""
    rows = Participant.objects.filter(consultation=consultation, merged_into=None).order_by("pk")
    return dict(rows.values_list("pk", "number"))


def _votes(consultation: Consultation, numbers: dict[int, int], statements: list[Statement]) -> Votes:
    row_of = {key: place for place, key in enumerate(numbers)}
    column_of = {one.pk: place for place, one in enumerate(statements)}
    rows = Vote.objects.filter(consultation=consultation, current=True, participant__merged_into=None)
    cast = [
        (row_of[who], column_of[what], answer)
        for who, what, answer in rows.values_list("participant_id", "statement_id", "answer").iterator(5000)
    ]
    people, said, answers = np.array(cast, dtype=np.int64).reshape(-1, 3).T
    return votes_at(
        tuple(numbers.values()),
        tuple(one.number for one in statements),
        people,
        said,
        answers,
        rejected=[place for place, one in enumerate(statements) if one.state == WordsState.REJECTED],
    )


def _events(consultation: Consultation, numbers: dict[int, int], said: dict[int, int]) -> list[Event]:
    """Every vote by statement, participant and time, as Polis orders them; the one that stands ends its pair.

    A guest who became an account may have answered later what the account had answered before: the account's answer
    stands, and the guest's later one is left out, so that who reads the votes in time comes to what stands.
    """
    pairs: dict[tuple[int, int], list[tuple[datetime, int, int, bool]]] = defaultdict(list)
    rows = Vote.objects.filter(consultation=consultation, participant__merged_into=None).order_by("at", "pk")
    columns = ("statement_id", "participant_id", "at", "pk", "answer", "current")
    for statement, who, at, pk, answer, current in rows.values_list(*columns).iterator(5000):
        pairs[said[statement], numbers[who]].append((at, pk, answer, current))
    events = []
    for (statement, who), given in sorted(pairs.items()):
        stands = next((one for one in given if one[3]), None)
        if stands is not None:
            before = [one for one in given if one[:2] < stands[:2]]
            events += [Event(milliseconds(at), statement, who, answer) for at, _pk, answer, _now in [*before, stands]]
    return events


def _summary(consultation: Consultation, comments: tuple[Comment, ...], votes: Votes) -> tuple[tuple[str, str], ...]:
    """What the export says of itself; an imported one says again what it said when it came."""
    batch = Batch.objects.filter(matter_id=consultation.matter_id).order_by("pk").first()
    if consultation.is_imported and batch is not None:
        return tuple((str(key), str(value)) for key, value in batch.told)
    groups = set(groups_of(votes).values())
    voters = str(int((votes.cast > 0).sum()))
    return (
        ("topic", consultation.question),
        ("url", ""),
        ("views", ""),
        ("voters", voters),
        ("voters-in-conv", voters),
        ("commenters", str(len({one.author for one in comments if one.author is not None}))),
        ("comments", str(len(comments))),
        ("groups", str(len(groups))),
        ("conversation-description", consultation.intro),
    )
