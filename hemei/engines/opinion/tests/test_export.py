"""The folder of four files: what is survived, what is refused with file and line, and the way back."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hemei.engines.opinion.command import main
from hemei.engines.opinion.export import (
    COMMENTS,
    MATRIX,
    SUMMARY,
    VOTES,
    Comment,
    Event,
    Export,
    Unreadable,
    files_of,
    read,
    read_votes,
    write,
)
from hemei.engines.opinion.tests.exports import exports
from hemei.engines.opinion.votes import votes_from

HEAD = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
GOOD = {
    COMMENTS: HEAD + '1000,whenever,0,1,1,0,1,"two\nlines, and a ""quote"""\n2000,whenever,7,,0,1,-1,down\n',
    MATRIX: "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,7\n1,abc,0,1,1,1,0,1,\n5,,,0,0,0,0,,\n",
    VOTES: "timestamp,datetime,comment-id,voter-id,vote\n1500,whenever,0,1,-1\n1600,whenever,0,1,1\n",
    SUMMARY: "topic,Walls\nviews,3\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def test_line_breaks_gaps_xid_and_silent_participants_are_survived(folder: Path) -> None:
    export = read(folder)
    assert export.comments[0].body == 'two\nlines, and a "quote"'
    assert export.comments[1].author is None
    assert export.votes.participants == (1, 5)
    assert export.votes.statements == (0, 7)
    assert export.votes.rejected.tolist() == [False, True]
    assert export.votes.answers.tolist() == [1]
    assert export.events == (Event(1500, 0, 1, -1), Event(1600, 0, 1, 1))
    assert export.summary == (("topic", "Walls"), ("views", "3"))


def test_a_byte_order_mark_and_lines_of_windows_are_survived(folder: Path) -> None:
    for name, text in GOOD.items():
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read(folder).votes.answers.tolist() == [1]


def test_votes_in_time_may_be_missing(folder: Path) -> None:
    (folder / VOTES).unlink()
    assert read(folder).events is None


def changed(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        assert old in GOOD[name]
        (folder / name).write_bytes(GOOD[name].replace(old, new).encode("utf-8", "surrogateescape"))

    return change


HUGE = "9" * 400
BAD = {
    "a vote of 2": (changed(MATRIX, "1,1,0,1,\n", "1,1,0,2,\n"), MATRIX, 2, "a vote is '2'"),
    "a vote that is a word": (changed(MATRIX, "1,1,0,1,\n", "1,1,0,yes,\n"), MATRIX, 2, "it is 1, 0 or -1"),
    "a huge vote": (changed(MATRIX, "1,1,0,1,\n", f"1,1,0,{HUGE},\n"), MATRIX, 2, "a vote is"),
    "a short row": (changed(MATRIX, "0,0,0,0,,\n", "0,0\n"), MATRIX, 3, "has 5 columns, the header has 9"),
    "a participant twice": (changed(MATRIX, "\n5,", "\n1,"), MATRIX, 3, "participant 1 stands there twice"),
    "a huge participant": (changed(MATRIX, "\n5,", f"\n{HUGE},"), MATRIX, 3, "a whole number from 0"),
    "a negative participant": (changed(MATRIX, "\n5,", "\n-5,"), MATRIX, 3, "a whole number from 0"),
    "no participant column": (changed(MATRIX, "participant,", "who,"), MATRIX, 1, "participant is missing"),
    "a column twice": (changed(MATRIX, ",0,7\n", ",0,0\n"), MATRIX, 1, "stands there twice"),
    "two columns of one statement": (changed(MATRIX, ",0,7\n", ",7,07\n"), MATRIX, 1, "the same statement"),
    "a statement twice": (changed(COMMENTS, ",7,,", ",0,,"), COMMENTS, 4, "statement 0 stands there twice"),
    "a state nobody knows": (changed(COMMENTS, ",-1,down", ",3,down"), COMMENTS, 4, "moderated is '3'"),
    "a time that is none": (changed(COMMENTS, "2000,", "now,"), COMMENTS, 4, "timestamp is 'now'"),
    "an open quote": (changed(COMMENTS, "down", '"down'), COMMENTS, 4, "no CSV"),
    "another encoding": (changed(COMMENTS, "down", "\udcb2\udce2"), COMMENTS, 4, "not UTF-8"),
    "a NUL": (changed(COMMENTS, "down", "do\0wn"), COMMENTS, 4, "NUL"),
    "an empty file": (lambda folder: (folder / MATRIX).write_bytes(b""), MATRIX, 1, "participant is missing"),
    "no matrix": (lambda folder: (folder / MATRIX).unlink(), MATRIX, 0, "is missing"),
    "no comments": (lambda folder: (folder / COMMENTS).unlink(), COMMENTS, 0, "is missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_named_with_file_and_line(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, file, line, told = BAD[case]
    change(folder)
    with pytest.raises(Unreadable, match=told) as refusal:
        read(folder)
    assert (refusal.value.file, refusal.value.line) == (file, line)
    assert main(folder, as_json=True) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith(f"hemei: {file}, line {line}: " if line else f"hemei: {file}: ")


@pytest.mark.parametrize(
    ("case", "name", "old", "new", "line"),
    [
        ("voter", VOTES, "0,1,1\n", "0,6,1\n", 3),
        ("statement", VOTES, "0,1,1\n", "3,1,1\n", 3),
        ("a vote is", VOTES, "0,1,1\n", "0,1,\n", 3),
        ("columns; a key", SUMMARY, "views,3", "views,3,4", 2),
        ("column for statement 9", MATRIX, ",0,7\n", ",0,9\n", 1),
    ],
)
def test_what_only_the_whole_export_shows_is_named_too(
    folder: Path, case: str, name: str, old: str, new: str, line: int
) -> None:
    changed(name, old, new)(folder)
    with pytest.raises(Unreadable, match=case) as refusal:
        read(folder)
    assert (refusal.value.file, refusal.value.line) == (name, line)


def test_an_empty_folder_and_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is missing"):
        read_votes(tmp_path)
    (tmp_path / "x").write_text("")
    assert main(tmp_path / "x") == 2


def test_a_folder_with_headers_only_has_an_empty_map(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (COMMENTS, MATRIX):
        (folder / name).write_text(GOOD[name].split("\n")[0] + "\n")
    assert main(folder, as_json=True) == 0
    assert '"groups": []' in capsys.readouterr().out


@pytest.mark.parametrize("path", exports(), ids=lambda path: path.name)
def test_a_real_export_written_and_read_again_is_the_same(path: Path, tmp_path: Path) -> None:
    first = read(path)
    write(first, tmp_path / "again")
    assert same(first, read(tmp_path / "again"))


def same(one: Export, other: Export) -> bool:
    def without_lines(export: Export) -> list[Comment]:
        return [Comment(c.id, c.author, c.at, c.moderated, c.agrees, c.disagrees, c.body) for c in export.comments]

    votes = ("rows", "columns", "answers", "rejected")
    return (
        (one.summary, without_lines(one), one.events) == (other.summary, without_lines(other), other.events)
        and (one.votes.participants, one.votes.statements) == (other.votes.participants, other.votes.statements)
        and all(np.array_equal(getattr(one.votes, name), getattr(other.votes, name)) for name in votes)
    )


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
ids = st.integers(0, 2**31 - 1)
times = st.integers(0, 10**12)
states = st.sampled_from([-1, 0, 1])


@st.composite
def any_exports(draw: st.DrawFn) -> Export:
    people = sorted(draw(st.lists(ids, unique=True, max_size=6)))
    said = sorted(draw(st.lists(ids, unique=True, max_size=5)))
    comments = tuple(Comment(one, draw(st.none() | ids), draw(times), draw(states), 0, 1, draw(texts)) for one in said)
    pair = st.tuples(st.sampled_from(people or [0]), st.sampled_from(said or [0]), st.sampled_from([1, 0, -1]))
    cast = draw(st.lists(pair, max_size=10)) if people and said else []
    events = tuple(Event(place, statement, who, answer) for place, (who, statement, answer) in enumerate(cast))
    down = [one.id for one in comments if one.moderated == -1]
    summary = tuple(draw(st.lists(st.tuples(texts, texts), max_size=3)))
    return Export(summary, comments, events, votes_from(people, said, cast, rejected=down))


@given(any_exports())
@settings(max_examples=60, deadline=None)
def test_any_export_written_and_read_again_is_the_same(tmp_path_factory: pytest.TempPathFactory, one: Export) -> None:
    folder = tmp_path_factory.mktemp("export")
    write(one, folder)
    again = read(folder)
    assert same(one, again)
    assert files_of(again) == files_of(one)
