"""The map's two axes and where everybody stands on them."""

from typing import Any

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse.linalg import (  # type: ignore[import-untyped, unused-ignore]
    ArpackNoConvergence,
    LinearOperator,
    eigsh,
)

from hemei.engines.opinion.votes import Flags, Floats, Votes

VOTES_MIN = 7  # so many answers, or all statements if there are fewer, place a participant
PLACED_MIN = 15  # if fewer than so many have them, the so many who answered most are taken
DENSE_MAX = 64  # statements up to which the whole matrix of products is solved at once
NOTHING = 1e-9  # a direction with less of the spread than this is no direction


def answered_enough(votes: Votes) -> Flags:
    """For each participant, whether they gave VOTES_MIN answers, or one to every statement that got any."""
    return (votes.cast > 0) & (votes.cast >= min(VOTES_MIN, int(votes.answered.sum())))


def who_is_in(votes: Votes) -> Flags:
    """For each participant, whether they answered enough to be placed. Nobody without an answer is."""
    cast, enough = votes.cast, answered_enough(votes)
    if int(enough.sum()) < PLACED_MIN:
        most = np.argsort(-cast, kind="stable")[:PLACED_MIN]
        enough = np.zeros(len(cast), dtype=np.bool_)
        enough[most] = cast[most] > 0
    return enough


def project(votes: Votes, inside: Flags) -> tuple[Floats, Floats]:
    """Loadings (statements x 2, columns of length 1 or 0) and points (participants x 2).

    A missing cell takes the statement's mean over those inside, so it is 0 once the mean is taken off, and only
    cells with an answer need to be stored. A taken-down statement is 0 for everybody: it moves nobody, and counts
    as answered by everybody where points are scaled by sqrt(statements / answers), as Polis does it.
    """
    people, said = len(votes.participants), len(votes.statements)
    standing = ~votes.rejected[votes.columns]
    rows, columns = votes.rows[standing], votes.columns[standing]
    answers = votes.answers[standing].astype(np.float64)
    counted = inside[rows]
    seen = np.bincount(columns[counted], minlength=said)
    mean = np.bincount(columns[counted], answers[counted], minlength=said) / np.maximum(seen, 1)
    starts = np.searchsorted(rows, np.arange(people + 1))
    centred = csr_array((answers - mean[columns], columns, starts), shape=(people, said))
    loadings = _axes(centred[np.flatnonzero(inside)], said)

    asked = int(votes.answered.sum())
    down = int((votes.answered & votes.rejected).sum())
    known = np.bincount(rows, minlength=people) + down
    scale = np.sqrt(asked / np.maximum(known, 1))
    return loadings, np.asarray(centred @ loadings, dtype=np.float64) * scale[:, None]


def _axes(centred: Any, said: int) -> Floats:
    """The two directions of the largest spread, each pointing to where its largest entry is positive."""
    axes = np.zeros((said, 2))
    alive = np.flatnonzero(np.bincount(centred.indices, np.abs(centred.data), minlength=said) > NOTHING)
    if len(alive) == 0:
        return axes
    matrix = centred[:, alive] if len(alive) < said else centred
    spreads, found = _largest_two(matrix)
    for axis in range(len(spreads)):
        if spreads[axis] > NOTHING * max(1.0, spreads[0]):
            direction = found[:, axis]
            axes[alive, axis] = direction * (1.0 if direction[np.abs(direction).argmax()] > 0 else -1.0)
    return axes


def _largest_two(matrix: Any) -> tuple[Floats, Floats]:
    """The two largest eigenvalues of matrix' matrix, largest first, with their vectors."""
    size = matrix.shape[1]
    if size > DENSE_MAX:
        turned = matrix.T.tocsr()
        spread = LinearOperator((size, size), matvec=lambda one: turned @ (matrix @ one), dtype=np.float64)
        start = np.random.default_rng(0).standard_normal(size)
        try:
            values, vectors = eigsh(spread, k=2, which="LA", v0=start, ncv=20)
            return values[::-1].astype(np.float64), vectors[:, ::-1].astype(np.float64)
        except ArpackNoConvergence:  # spreads that hardly differ: solve the whole
            pass
    values, vectors = np.linalg.eigh((matrix.T @ matrix).toarray())
    return values[::-1][:2].astype(np.float64), vectors[:, ::-1][:, :2].astype(np.float64)
