"""An export of Polis becomes a closed consultation: its rows, in one transaction, vouched for by one entry."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.text import TURNING, cleaned, likeness
from hemei.consultations import batches
from hemei.consultations.models import Batch, Consultation, Grade, Participant, Statement, WordsState
from hemei.engines.opinion.export import COMMENTS, VOTES, Comment, Event, Export
from hemei.ledger import steps as ledger
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter
from hemei.people.actor import Actor
from hemei.places.models import Place

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXT_MAX, TITLE_MAX, QUESTION_MAX, INTRO_MAX = 1000, 120, 120, 4000
SOURCE_MAX, LICENCE_MAX = 400, 200
PEOPLE_MAX, STATEMENTS_MAX, EVENTS_MAX = 200_000, 20_000, 2_000_000  # written in seconds, for others wait meanwhile
AT_ONCE = 2000
STATES = {1: WordsState.ACCEPTED, 0: WordsState.WAITING, -1: WordsState.REJECTED}


@dataclass
class Imported:
    """What came in. warnings: where it differs from what the export says of itself, and why."""

    consultation: Consultation
    participants: int
    statements: int
    votes: int
    warnings: list[str] = field(default_factory=list)

    def as_line(self) -> dict[str, Any]:
        return {
            "id": self.consultation.pk,
            "participants": self.participants,
            "statements": self.statements,
            "votes": self.votes,
            "warnings": self.warnings,
        }


def put_export(
    *,
    actor: Actor,
    export: Export,
    place: Place,
    source: str,
    licence: str,
    digest: str,
    called: str,
    progress: Progress,
    at: datetime,
    is_demo: bool = False,
) -> Imported:
    """Write `export` as a closed, imported consultation at `place`; a step of the caller's transaction.

    digest: of the files as they came. called: the title where the export names no topic. Raises Refused for what the
    tables cannot hold, with the line it stands on.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    _refuse_too_much(export)
    warnings: list[str] = []
    events = _all_events(export, warnings)
    told = dict(export.summary)
    title = _one_line(told.get("topic", "")) or called
    begins, ends = _span(export, events, at)

    matter = open_matter(
        actor=actor,
        place=place,
        title=title[:TITLE_MAX],
        visibility=Matter.Visibility.PUBLIC,
        at=at,
        verb="consultations.imported",
        step="talked",
        source=source,
        is_demo=is_demo,
        public={
            "participants": len(export.votes.participants),
            "statements": len(export.votes.statements),
            "votes": len(export.votes.rows),
            "source": source,
            "licence": licence,
        },
    )
    batch = Batch(matter=matter, source=source, licence=licence, digest=digest, made_at=at)
    batch.told = [list(pair) for pair in export.summary]
    batch.save()
    consultation = Consultation.objects.create(
        matter=matter,
        question=title[:QUESTION_MAX],
        intro=_several_lines(told.get("conversation-description", ""))[:INTRO_MAX],
        opens_at=begins,
        closes_at=ends,
        results_at=ends,
        ready_at=at,
        who_votes=Grade.GUEST,
        who_speaks=Grade.GUEST,
        statement_max_length=TEXT_MAX,
        is_imported=True,
        source=source,
        licence=licence,
        made_at=at,
        made_by=actor.principal,
        participants=len(export.votes.participants),
        votes=len(export.votes.rows),
        statements=sum(one.moderated == 1 for one in export.comments),
        version=1,
        told_until=at,
    )
    statements = _put_statements(export, consultation, batch, warnings)
    participants = _put_participants(export, events, consultation, batch)
    _put_votes(_votes(events, consultation, batch, statements, participants), len(events), progress)
    batch.rows, batch.rows_digest = batches.digest_of(batch)
    batch.save(update_fields=["rows", "rows_digest"])
    ledger.record(subject=matter, actor=actor, verb="consultations.batch_kept", at=at, row=batch, quiet=True)
    ledger.record(subject=matter, actor=actor, verb="consultations.drafted", at=at, row=consultation, quiet=True)
    warnings += _differences(export, events)
    return Imported(consultation, len(participants), len(statements), len(export.votes.rows), warnings)


def moment(milliseconds: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)


def _refuse_too_much(export: Export) -> None:
    for count, most, told in (
        (len(export.votes.participants), PEOPLE_MAX, _("The export has %(count)d participants, at most %(most)d fit.")),
        (len(export.comments), STATEMENTS_MAX, _("The export has %(count)d statements, at most %(most)d fit.")),
        (len(export.events or ()), EVENTS_MAX, _("The export has %(count)d votes, at most %(most)d fit.")),
    ):
        if count > most:
            raise Refused(told % {"count": count, "most": most})


def _span(export: Export, events: list[Event], at: datetime) -> tuple[datetime, datetime]:
    """From the first thing said or answered to the last, never past now, at least a second."""
    times = [one.at for one in events] + [one.at for one in export.comments]
    first = min(moment(min(times)), at - timedelta(seconds=2)) if times else at - timedelta(seconds=2)
    last = min(moment(max(times)) + timedelta(seconds=1), at) if times else at
    return first, max(last, first + timedelta(seconds=1))


def _one_line(text: str) -> str:
    return " ".join(_harmless(text).split())


def _several_lines(text: str) -> str:
    return _harmless(text).strip()


def _harmless(text: str) -> str:
    """`text` as it came, but for characters that cannot be shown or would turn the page around them."""
    try:
        cleaned(text, lines=True)
    except ValidationError:
        return "".join(sign for sign in text if sign == "\n" or (sign.isprintable() and sign not in TURNING))
    return text


# rows


def _put_statements(
    export: Export, consultation: Consultation, batch: Batch, warnings: list[str]
) -> dict[int, Statement]:
    counts = dict(
        zip(export.votes.statements, zip(*(one.tolist() for one in export.votes.counts), strict=True), strict=True)
    )
    rows, changed = [], 0
    for one in export.comments:
        text = _text_of(one)
        changed += text != one.body
        agrees, passes, disagrees = counts[one.id]
        rows.append(
            Statement(
                consultation=consultation,
                number=one.id,
                text=text,
                likeness=likeness(text),
                author_number=one.author,
                state=STATES[one.moderated],
                agrees=agrees,
                passes=passes,
                disagrees=disagrees,
                made_at=moment(one.at),
                batch=batch,
            )
        )
    if changed:
        warnings.append(
            ngettext(
                "%(count)d statement held characters that cannot be shown; they were left out.",
                "%(count)d statements held characters that cannot be shown; they were left out.",
                changed,
            )
            % {"count": changed}
        )
    return {one.number: one for one in Statement.objects.bulk_create(rows, batch_size=AT_ONCE)}


def _text_of(one: Comment) -> str:
    text = _harmless(one.body)
    where = {"file": COMMENTS, "line": one.line}
    if not text.strip():
        raise Refused(_("%(file)s, line %(line)d: the statement is empty. Nothing was imported.") % where)
    if len(text) > TEXT_MAX:
        told = _("%(file)s, line %(line)d: the statement is longer than %(most)d characters. Nothing was imported.")
        raise Refused(told % {**where, "most": TEXT_MAX})
    return text


def _put_participants(
    export: Export, events: list[Event], consultation: Consultation, batch: Batch
) -> dict[int, Participant]:
    first: dict[int, int] = {}
    for one in events:
        first.setdefault(one.participant, one.at)
    rows = [
        Participant(
            consultation=consultation,
            number=number,
            batch=batch,
            made_at=moment(first[number]) if number in first else consultation.opens_at,
        )
        for number in export.votes.participants
    ]
    return {one.number: one for one in Participant.objects.bulk_create(rows, batch_size=AT_ONCE)}


def _votes(
    events: list[Event],
    consultation: Consultation,
    batch: Batch,
    statements: dict[int, Statement],
    participants: dict[int, Participant],
) -> Iterator[tuple[Any, ...]]:
    """Every vote in the order of time, as _PUT_VOTE wants it; of each pair the last one stands."""
    last = {(one.participant, one.statement): place for place, one in enumerate(events)}
    adapted = connection.ops.adapt_datetimefield_value
    for place, one in enumerate(events):
        yield (
            consultation.pk,
            statements[one.statement].pk,
            participants[one.participant].pk,
            one.answer,
            adapted(moment(one.at)),
            last[one.participant, one.statement] == place,
            False,
            batch.pk,
        )


_PUT_VOTE = (
    "INSERT INTO consultations_vote "
    '(consultation_id, statement_id, participant_id, answer, "at", current, drawn, batch_id) '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def _put_votes(rows: Iterator[tuple[Any, ...]], total: int, progress: Progress) -> None:
    """Plain statements: there are many, everybody else waits meanwhile, and models cost ten times as much."""
    done = 0
    with connection.cursor() as cursor:
        while part := list(islice(rows, AT_ONCE)):
            cursor.executemany(_PUT_VOTE, part)
            done += len(part)
            progress.at(done, total, _("Writing votes"))


def _all_events(export: Export, warnings: list[str]) -> list[Event]:
    """The votes in time, made whole: what stands at the end is what participants-votes.csv says.

    Without a votes.csv each vote is dated as its statement; a cell that votes.csv does not end with gets one more
    vote at the end.
    """
    votes = export.votes
    stands = {
        (votes.participants[row], votes.statements[column]): answer
        for row, column, answer in zip(votes.rows.tolist(), votes.columns.tolist(), votes.answers.tolist(), strict=True)
    }
    if export.events is None:
        said = {one.id: one.at for one in export.comments}
        warnings.append(_("There is no votes.csv: each vote is dated as its statement."))
        return sorted(
            (Event(said[statement], statement, who, answer) for (who, statement), answer in stands.items()),
            key=lambda one: one.at,
        )
    events = sorted(export.events, key=lambda one: one.at)
    last = {(one.participant, one.statement): one.answer for one in events}
    if gone := [pair for pair in last if pair not in stands]:
        told = _("%(file)s has a vote of participant %(who)d on statement %(what)d; participants-votes.csv lacks it.")
        raise Refused(told % {"file": VOTES, "who": gone[0][0], "what": gone[0][1]})
    end = max([one.at for one in events] + [one.at for one in export.comments], default=0)
    other = [(pair, answer) for pair, answer in stands.items() if last.get(pair) != answer]
    if other:
        warnings.append(
            ngettext(
                "%(count)d vote of participants-votes.csv is not the last one in votes.csv; it was added at the end.",
                "%(count)d votes of participants-votes.csv are not the last ones in votes.csv; they were added at the "
                "end.",
                len(other),
            )
            % {"count": len(other)}
        )
    return events + [Event(end, statement, who, answer) for (who, statement), answer in other]


def _differences(export: Export, events: list[Event]) -> list[str]:
    """Where the export's own sums differ from its votes, and what is not taken over."""
    agrees, _passes, disagrees = (
        dict(zip(export.votes.statements, one.tolist(), strict=True)) for one in export.votes.counts
    )
    miscounted = sum((one.agrees, one.disagrees) != (agrees[one.id], disagrees[one.id]) for one in export.comments)
    replaced = len(events) - len(export.votes.rows)
    unasked = int((~export.votes.answered).sum())
    silent = int((export.votes.cast == 0).sum())
    waiting = sum(one.moderated == 0 for one in export.comments)
    told = []
    for count, one, many in (
        (
            miscounted,
            _("%(count)d statement counts otherwise in comments.csv than its votes do; the votes count here."),
            _("%(count)d statements count otherwise in comments.csv than their votes do; the votes count here."),
        ),
        (
            replaced,
            _("%(count)d vote was replaced by a later one of the same person; it is kept and not counted."),
            _("%(count)d votes were replaced by later ones of the same persons; they are kept and not counted."),
        ),
        (unasked, _("%(count)d statement was answered by nobody."), _("%(count)d statements were answered by nobody.")),
        (silent, _("%(count)d participant answered nothing."), _("%(count)d participants answered nothing.")),
        (
            waiting,
            _("%(count)d statement was never moderated; its votes count and it is not shown."),
            _("%(count)d statements were never moderated; their votes count and they are not shown."),
        ),
    ):
        if count:
            told.append((one if count == 1 else many) % {"count": count})
    return told
