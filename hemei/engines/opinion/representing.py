"""What tells a group from the others, and what all groups agree on."""

from dataclasses import dataclass

import numpy as np

from hemei.engines.opinion.result import Representative
from hemei.engines.opinion.votes import AGREE, DISAGREE, PASS, Floats, Votes, Whole

SURE = 1.2816  # one-sided 90 %
MOST = 5  # representative statements of one group


@dataclass(frozen=True, eq=False)
class Shares:
    """How a group answers each statement, beside everybody else; arrays over the statements.

    p: smoothed share (a+1)/(s+2). z: p against one half. ratio: p over the others' p. z_ratio: both compared.
    """

    p: Floats
    z: Floats
    ratio: Floats
    z_ratio: Floats


def shares(inside: Floats, seen: Floats, outside: Floats, seen_outside: Floats) -> Shares:
    """Shares from how many inside and outside gave the answer, and how many saw the statement and answered at all."""
    p = (inside + 1) / (seen + 2)
    z = 2 * np.sqrt(seen + 1) * ((inside + 1) / (seen + 1) - 0.5)
    ratio = p / ((outside + 1) / (seen_outside + 2))
    return Shares(p, z, ratio, two_proportions(inside, seen, outside, seen_outside))


def two_proportions(inside: Floats, seen: Floats, outside: Floats, seen_outside: Floats) -> Floats:
    """z of the difference between two shares, each with one more answer and one more voter; 0 where all agree."""
    first, many, second, others = inside + 1, seen + 1, outside + 1, seen_outside + 1
    both = (first + second) / (many + others)
    width = np.sqrt(both * (1 - both) * (1 / many + 1 / others))
    difference = first / many - second / others
    return np.divide(difference, width, out=np.zeros_like(difference), where=width > 0)


def counts_by_group(votes: Votes, groups: Whole, many: int) -> dict[int, Floats]:
    """How often each answer was given: {1, 0, -1: groups x statements}. groups: each participant's, -1 for none."""
    said = len(votes.statements)
    cells = ((groups[votes.rows] + 1) * said + votes.columns) * 3 + (1 - votes.answers)
    counted = np.bincount(cells, minlength=3 * said * (many + 1)).reshape(many + 1, said, 3)[1:].astype(np.float64)
    return {AGREE: counted[:, :, 0], PASS: counted[:, :, 1], DISAGREE: counted[:, :, 2]}


def representatives(counts: dict[int, Floats], votes: Votes) -> list[tuple[Representative, ...]]:
    """For each group at most MOST statements, at least one where the group answered any that stands.

    Ranked by ratio x z_ratio x p x z among those where both z are above SURE; where none is, the one that comes
    nearest.
    """
    seen = sum(counts.values())
    assert not isinstance(seen, int)
    chosen = []
    for group in range(len(seen)):
        known = np.flatnonzero((seen[group] > 0) & ~votes.rejected)
        tried = [(answer, _against_others(counts[answer], seen, group)) for answer in (AGREE, DISAGREE)]
        p, z, ratio, z_ratio = (
            np.concatenate([getattr(one, name)[known] for _, one in tried]) for name in ("p", "z", "ratio", "z_ratio")
        )
        weakest = np.minimum(z, z_ratio)
        order = np.argsort(-(ratio * z_ratio * p * z), kind="stable")
        best = order[weakest[order] > SURE][:MOST]
        if len(best) == 0 and len(weakest):
            best = np.array([weakest.argmax()])
        chosen.append(
            tuple(
                Representative(
                    statement=votes.statements[known[one % len(known)]],
                    answer=tried[one // len(known)][0],
                    p=float(p[one]),
                    ratio=float(ratio[one]),
                    z=float(z_ratio[one]),
                )
                for one in best
            )
        )
    return chosen


def _against_others(given: Floats, seen: Floats, group: int) -> Shares:
    return shares(given[group], seen[group], given.sum(0) - given[group], seen.sum(0) - seen[group])


def consensus(agrees: Floats, seen: Floats) -> Floats:
    """For each statement the product over the groups of (a+1)/(s+2); both are groups x statements."""
    product: Floats = ((agrees + 1) / (seen + 2)).prod(axis=0)
    return product
