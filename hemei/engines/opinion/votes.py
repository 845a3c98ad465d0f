"""What goes into the engine: who answered what."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

AGREE, PASS, DISAGREE = 1, 0, -1


@dataclass(frozen=True, eq=False)
class Votes:
    """The answers that stand, one for each pair that has one.

    participants, statements: ids, in the order that rows and columns count. rows, columns: places in them, sorted by
    row, then column. answers: 1 agree, 0 pass, -1 disagree. rejected: for each statement, whether it was taken down;
    such a one stays in the reckoning as if everybody had passed on it.
    """

    participants: tuple[int, ...]
    statements: tuple[int, ...]
    rows: Whole
    columns: Whole
    answers: Whole
    rejected: Flags

    @cached_property
    def cast(self) -> Whole:
        """How many statements each participant answered, taken-down ones included."""
        return np.bincount(self.rows, minlength=len(self.participants)).astype(np.int64)

    @cached_property
    def counts(self) -> tuple[Whole, Whole, Whole]:
        """Agrees, passes and disagrees of each statement."""
        many = len(self.statements)
        cells = np.bincount(self.columns * 3 + (1 - self.answers), minlength=3 * many).reshape(many, 3)
        return cells[:, 0], cells[:, 1], cells[:, 2]

    @cached_property
    def answered(self) -> Flags:
        """For each statement, whether anybody answered it."""
        return np.bincount(self.columns, minlength=len(self.statements)) > 0


def votes_from(
    participants: Iterable[int],
    statements: Iterable[int],
    cast: Iterable[tuple[int, int, int]],
    *,
    rejected: Iterable[int] = (),
) -> Votes:
    """Votes from (participant id, statement id, answer); of one pair the last counts.

    Raises ValueError for an id that occurs twice or is not named, and for an answer other than 1, 0 and -1.
    """
    people, said = tuple(participants), tuple(statements)
    row_of = {one: place for place, one in enumerate(people)}
    column_of = {one: place for place, one in enumerate(said)}
    if len(row_of) < len(people) or len(column_of) < len(said):
        raise ValueError("an id occurs twice")
    try:
        places = [(row_of[who], column_of[what], answer) for who, what, answer in cast]
        down = [column_of[one] for one in rejected]
    except KeyError as fault:
        raise ValueError(f"no participant or statement has the id {fault}") from fault
    rows, columns, answers = np.array(places, dtype=np.int64).reshape(-1, 3).T
    return votes_at(people, said, rows, columns, answers, rejected=down)


def votes_at(
    participants: tuple[int, ...],
    statements: tuple[int, ...],
    rows: Whole,
    columns: Whole,
    answers: Whole,
    *,
    rejected: Iterable[int] = (),
) -> Votes:
    """Votes from places instead of ids, for those who have arrays already; of one pair the last counts.

    rejected: places of statements. Raises ValueError for a place outside and for an answer other than 1, 0 and -1.
    """
    if len(answers) and not (answers.min() >= DISAGREE and answers.max() <= AGREE):
        raise ValueError("an answer is 1, 0 or -1")
    width = max(1, len(statements))
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(participants)):
        raise ValueError("a vote of nobody")
    if len(columns) and not (columns.min() >= 0 and columns.max() < len(statements)):
        raise ValueError("a vote on nothing")
    pairs = rows.astype(np.int64) * width + columns
    if len(pairs) and not (np.diff(pairs) > 0).all():  # keep the last of each pair, in order of row and column
        order = np.argsort(pairs, kind="stable")
        last = np.append(np.diff(pairs[order]) > 0, True)
        pairs, answers = pairs[order][last], answers[order][last]
    down = np.zeros(len(statements), dtype=np.bool_)
    down[list(rejected)] = True
    return Votes(participants, statements, pairs // width, pairs % width, answers.astype(np.int64), down)
