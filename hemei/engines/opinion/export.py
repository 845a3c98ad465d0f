"""A conversation as Polis exports it: a folder of four CSV files, read and written.

summary.csv key,value without a header · comments.csv one statement a line · votes.csv every vote in time (may be
missing) · participants-votes.csv one participant a line, one column a statement. UTF-8, 1 agree, 0 pass, -1 disagree,
times in milliseconds since 1970. The column group-id is never read. Source of the form: exports of Polis in
github.com/compdemocracy/openData (2024-10-09).
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from hemei.engines.opinion.votes import Votes, votes_at

SUMMARY, COMMENTS, VOTES, MATRIX = "summary.csv", "comments.csv", "votes.csv", "participants-votes.csv"
FILES = (SUMMARY, COMMENTS, VOTES, MATRIX)
REJECTED, WAITING, ACCEPTED = -1, 0, 1
ID_MAX = 2**31 - 1
MILLISECONDS_MAX = 253_402_300_799_999  # the end of the year 9999
FIELD_MAX = 1_000_000  # characters in one field: a description may be long
ANSWERS = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-0.0": 0, "-1.0": -1}
BEFORE_THE_VOTES = ("n-comments", "n-votes", "n-agree", "n-disagree")


class Unreadable(Exception):
    """The folder is no export. file, line: where, line 0 for the file as a whole.

    told: what is wrong, with places for `values`, so that it can be said in another language too.
    """

    def __init__(self, file: str, line: int, told: str, **values: object) -> None:
        self.file, self.line, self.told, self.values = file, line, told, values
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {told % values}")


@dataclass(frozen=True, slots=True)
class Comment:
    """A statement. author: a participant's id, or None. at: milliseconds. agrees, disagrees: as the export counts."""

    id: int
    author: int | None
    at: int
    moderated: int
    agrees: int
    disagrees: int
    body: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One vote at one moment, in milliseconds."""

    at: int
    statement: int
    participant: int
    answer: int


@dataclass(frozen=True, eq=False)
class Export:
    """A whole folder. votes: the answers that stand. events: None where the export has no votes.csv.

    votes.statements are all statements of both files, in the order of their ids.
    """

    summary: tuple[tuple[str, str], ...]
    comments: tuple[Comment, ...]
    events: tuple[Event, ...] | None
    votes: Votes


def read_votes(folder: Path) -> Votes:
    """What the engine needs of the folder: comments.csv and participants-votes.csv. Raises Unreadable."""
    comments = tuple(comments_in(folder))
    return _matrix(folder, {one.id: one.moderated for one in comments})


def read(folder: Path) -> Export:
    """Everything in the folder. Raises Unreadable with file and line for whatever does not fit together."""
    comments = tuple(comments_in(folder))
    votes = _matrix(folder, {one.id: one.moderated for one in comments})
    if unknown := set(votes.statements) - {one.id for one in comments}:
        told = "there is a column for statement %(number)d, which comments.csv does not have"
        raise Unreadable(MATRIX, 1, told, number=min(unknown))
    events = tuple(_events(folder, set(votes.participants), set(votes.statements)))
    there = (folder / VOTES).exists()
    return Export(tuple(_summary(folder)), comments, events if there else None, votes)


# -- reading


def _rows(folder: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty, with the number of the line it begins on."""
    try:
        raw = (folder / name).read_bytes()
    except FileNotFoundError as fault:
        raise Unreadable(name, 0, "is missing in the folder") from fault
    except OSError as fault:
        raise Unreadable(name, 0, "cannot be read (%(why)s)", why=fault.strerror) from fault
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise Unreadable(name, line, "is not UTF-8; save the file as UTF-8 and try again") from fault
    if "\0" in text:
        raise Unreadable(name, text.count("\n", 0, text.index("\0")) + 1, "holds a NUL character")
    csv.field_size_limit(FIELD_MAX)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise Unreadable(name, begins, "is no CSV from here on (%(why)s)", why=fault) from fault
        if row:
            yield begins, row
        begins = reader.line_num + 1


def _table(folder: Path, name: str, needed: Sequence[str]) -> tuple[dict[str, int], Iterator[tuple[int, list[str]]]]:
    """The header as {name: place}, and the rows below it, each as wide as the header."""
    rows = _rows(folder, name)
    line, header = next(rows, (1, []))
    places = {title.strip(): place for place, title in enumerate(header)}
    if missing := [title for title in needed if title not in places]:
        raise Unreadable(name, line, "the column %(column)s is missing", column=missing[0])
    if len(places) < len(header):
        raise Unreadable(name, line, "a column stands there twice")

    def wide_enough() -> Iterator[tuple[int, list[str]]]:
        for line, row in rows:
            if len(row) != len(header):
                raise Unreadable(
                    name, line, "has %(found)d columns, the header has %(needed)d", found=len(row), needed=len(header)
                )
            yield line, row

    return places, wide_enough()


def _whole(text: str, name: str, line: int, what: str, most: int = ID_MAX) -> int:
    """A whole number from 0 to `most`."""
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 20 and int(digits) <= most:
        return int(digits)
    told = "%(column)s is %(found)s; a whole number from 0 to %(most)d is needed"
    raise Unreadable(name, line, told, column=what, found=_shown(text), most=most)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")


def _answer(text: str, name: str, line: int) -> int:
    try:
        return ANSWERS[text.strip()]
    except KeyError:
        told = "a vote is %(found)s; it is 1, 0 or -1, or nothing"
        raise Unreadable(name, line, told, found=_shown(text)) from None


def _summary(folder: Path) -> Iterator[tuple[str, str]]:
    if not (folder / SUMMARY).exists():
        return
    for line, row in _rows(folder, SUMMARY):
        if len(row) != 2:
            raise Unreadable(SUMMARY, line, "has %(found)d columns; a key and a value are needed", found=len(row))
        yield row[0], row[1]


def comments_in(folder: Path) -> Iterator[Comment]:
    needed = ("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body")
    places, rows = _table(folder, COMMENTS, needed)
    at, key, author, agrees, disagrees, moderated, body = (places[title] for title in needed)
    seen: set[int] = set()
    for line, row in rows:
        if row[moderated].strip() not in ("1", "0", "-1"):
            told = "moderated is %(found)s; it is 1, 0 or -1"
            raise Unreadable(COMMENTS, line, told, found=_shown(row[moderated]))
        one = Comment(
            id=_whole(row[key], COMMENTS, line, "comment-id"),
            author=_whole(row[author], COMMENTS, line, "author-id") if row[author].strip() else None,
            at=_whole(row[at], COMMENTS, line, "timestamp", MILLISECONDS_MAX),
            moderated=int(row[moderated]),
            agrees=_whole(row[agrees], COMMENTS, line, "agrees"),
            disagrees=_whole(row[disagrees], COMMENTS, line, "disagrees"),
            body=row[body],
            line=line,
        )
        if one.id in seen:
            raise Unreadable(COMMENTS, line, "statement %(number)d stands there twice", number=one.id)
        seen.add(one.id)
        yield one


def _events(folder: Path, people: set[int], said: set[int]) -> Iterator[Event]:
    if not (folder / VOTES).exists():
        return
    needed = ("timestamp", "comment-id", "voter-id", "vote")
    places, rows = _table(folder, VOTES, needed)
    at, statement, participant, vote = (places[title] for title in needed)
    for line, row in rows:
        one = Event(
            at=_whole(row[at], VOTES, line, "timestamp", MILLISECONDS_MAX),
            statement=_whole(row[statement], VOTES, line, "comment-id"),
            participant=_whole(row[participant], VOTES, line, "voter-id"),
            answer=_answer(row[vote], VOTES, line),
        )
        if one.participant not in people:
            raise Unreadable(VOTES, line, "voter %(number)d is not in participants-votes.csv", number=one.participant)
        if one.statement not in said:
            raise Unreadable(VOTES, line, "statement %(number)d is not in comments.csv", number=one.statement)
        yield one


def _matrix(folder: Path, moderated: Mapping[int, int]) -> Votes:
    places, rows = _table(folder, MATRIX, ("participant",))
    who = places["participant"]
    titles = {title: place for title, place in places.items() if title.isascii() and title.isdigit()}
    columns = {_whole(title, MATRIX, 1, "a column"): place for title, place in titles.items()}
    if len(columns) < len(titles):
        raise Unreadable(MATRIX, 1, "two columns stand for the same statement")
    statements = tuple(sorted({*columns, *moderated}))
    place_of = {one: place for place, one in enumerate(statements)}
    wanted = [(column, place_of[one]) for one, column in sorted(columns.items())]
    people: dict[int, int] = {}
    row_places: list[int] = []
    column_places: list[int] = []
    answers: list[int] = []
    for line, row in rows:
        key = _whole(row[who], MATRIX, line, "participant")
        if key in people:
            raise Unreadable(MATRIX, line, "participant %(number)d stands there twice", number=key)
        mine = people[key] = len(people)
        for column, place in wanted:
            if cell := row[column]:
                answer = ANSWERS.get(cell)
                answers.append(_answer(cell, MATRIX, line) if answer is None else answer)
                column_places.append(place)
                row_places.append(mine)
    down = [place_of[one] for one, state in moderated.items() if state == REJECTED]
    arrays = (np.array(one, dtype=np.int64) for one in (row_places, column_places, answers))
    return votes_at(tuple(people), statements, *arrays, rejected=down)


# -- writing


def write(export: Export, folder: Path, *, groups: Mapping[int, int] | None = None) -> None:
    """Write the folder; the same export gives the same bytes. groups: group-id of participants that are in one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files_of(export, groups=groups).items():
        (folder / name).write_bytes(text.encode())


def files_of(export: Export, *, groups: Mapping[int, int] | None = None) -> dict[str, str]:
    """The files of the export by their names."""
    files = {
        SUMMARY: _lines([_quoted(key), _quoted(value)] for key, value in export.summary),
        COMMENTS: _lines(_comment_rows(export)),
        MATRIX: _lines(_matrix_rows(export, groups or {})),
    }
    if export.events is not None:
        files[VOTES] = _lines(_event_rows(export.events))
    return files


def _lines(rows: Iterable[Iterable[object]]) -> str:
    return "".join([",".join(map(str, row)) + "\n" for row in rows])


def _quoted(text: str) -> str:
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _comment_rows(export: Export) -> Iterator[Sequence[object]]:
    yield "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"
    for one in export.comments:
        author = "" if one.author is None else one.author
        counts = one.agrees, one.disagrees, one.moderated
        yield one.at, moment(one.at), one.id, author, *counts, _quoted(one.body)


def _event_rows(events: Sequence[Event]) -> Iterator[Sequence[object]]:
    yield "timestamp", "datetime", "comment-id", "voter-id", "vote"
    for one in events:
        yield one.at, moment(one.at), one.statement, one.participant, one.answer


def _matrix_rows(export: Export, groups: Mapping[int, int]) -> Iterator[Sequence[object]]:
    votes = export.votes
    yield "participant", "group-id", *BEFORE_THE_VOTES, *votes.statements
    starts = np.searchsorted(votes.rows, np.arange(len(votes.participants) + 1)).tolist()
    columns, answers = votes.columns.tolist(), votes.answers.tolist()
    written = Counter(one.author for one in export.comments)
    for row, who in enumerate(votes.participants):
        part = slice(starts[row], starts[row + 1])
        mine = answers[part]
        cells: list[object] = [""] * len(votes.statements)
        for column, answer in zip(columns[part], mine, strict=True):
            cells[column] = answer
        yield who, groups.get(who, ""), written[who], len(mine), mine.count(1), mine.count(-1), *cells


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(milliseconds: int) -> str:
    """As Polis writes it: Sat Nov 17 05:09:36 UTC 2018."""
    at = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S} UTC {at.year}"
