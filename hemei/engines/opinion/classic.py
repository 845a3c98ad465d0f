"""The classic mode: the map that users of Polis expect to find again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped, unused-ignore]

from hemei.engines.opinion import grouping, projection
from hemei.engines.opinion.representing import consensus, counts_by_group, representatives
from hemei.engines.opinion.result import Group, OpinionResult, Placed, Previous, Weighed
from hemei.engines.opinion.routing import priority
from hemei.engines.opinion.votes import Flags, Floats, Votes, Whole

HOLDS = 4  # maps in a row that must ask for another number of groups before it shows
FEW = 15  # under so many who answered enough, groups are found in mere chance


def opinion_of(votes: Votes, *, seed: int = 0, previous: Previous | None = None, smallest: int = 1) -> OpinionResult:
    """The opinion map of `votes`; the same votes, seed and previous give the same map.

    seed: of the search for groups, 0 or more. previous: the map before, which keeps the picture the same way up, the
    groups' names, and their number until another has held for HOLDS maps. smallest: fewest people in a group; numbers
    of groups that leave a smaller one are not considered, and where none is left there are no groups.
    """
    inside = projection.who_is_in(votes)
    loadings, points = projection.project(votes, inside)
    if previous is not None:
        turn = _turn(votes, points, previous)
        loadings, points = loadings @ turn, points @ turn
    groups, candidate, held = _groups(points, inside, seed, previous, smallest)
    groups = _named(votes, groups, points, previous)
    many = int(groups.max(initial=-1)) + 1
    counts = counts_by_group(votes, groups, many)
    telling = representatives(counts, votes) if many else []
    return OpinionResult(
        mode="classic",
        seed=seed,
        active=int(projection.answered_enough(votes).sum()),
        participants=_placed(votes, points, groups),
        groups=tuple(Group(one, int((groups == one).sum()), telling[one]) for one in range(many)),
        statements=_weighed(votes, loadings, counts, many),
        warnings=_warnings(votes, many),
        candidate=candidate,
        held=held,
    )


def _turn(votes: Votes, points: Floats, previous: Previous) -> Floats:
    """The rotation or reflection that brings the points nearest to where the same people stood before (Procrustes)."""
    both = [(place, previous.points[who]) for place, who in enumerate(votes.participants) if who in previous.points]
    if not both:
        return np.eye(2)
    now = points[[place for place, _ in both]]
    before = np.array([point for _, point in both])
    left, _, right = np.linalg.svd(now.T @ before)
    turn: Floats = left @ right
    return turn


def _groups(
    points: Floats, inside: Flags, seed: int, previous: Previous | None, smallest: int
) -> tuple[Whole, int, int]:
    """Each participant's group or -1, the number of groups the data ask for, and for how many maps they have."""
    groups = np.full(len(points), -1)
    placed = np.flatnonzero(inside)
    if len(placed) == 0:
        return groups, 0, 0
    base = grouping.base_clusters(points[placed])
    found = grouping.partings(base, seed, smallest)
    if not found:
        if len(base.weights) == 1 and smallest == 1:
            groups[placed] = 0  # all of one mind
            return groups, 1, 1
        return groups, 0, 0
    candidate = max(found, key=lambda many: (found[many].silhouette, -many))
    held = previous.held + 1 if previous is not None and previous.candidate == candidate else 1
    shown = candidate
    if previous is not None and previous.shown in found and held < HOLDS:
        shown = previous.shown
    of = grouping.parted(points[placed], base, found[shown])
    if np.bincount(of).min() >= smallest:
        groups[placed] = of
    return groups, candidate, held


def _named(votes: Votes, groups: Whole, points: Floats, previous: Previous | None) -> Whole:
    """The groups numbered from the largest down, or as the map before numbered most of their people."""
    used = np.unique(groups[groups >= 0])
    if len(used) == 0:
        return groups
    sizes = {int(one): int((groups == one).sum()) for one in used}
    middles = {int(one): tuple(points[groups == one].mean(0)) for one in used}
    order = sorted(sizes, key=lambda one: (-sizes[one], middles[one]))
    if previous is not None and previous.groups:
        order = _as_before(votes, groups, order, previous)
    name = {one: number for number, one in enumerate(order)}
    return np.array([name.get(int(one), -1) for one in groups])


def _as_before(votes: Votes, groups: Whole, order: list[int], previous: Previous) -> list[int]:
    """`order` changed so that each name goes to the group that holds most of those who bore it."""
    many = len(order)
    shared = np.zeros((many, many))
    for who, group in zip(votes.participants, groups, strict=True):
        name = previous.groups.get(who, many)
        if group >= 0 and name < many:
            shared[order.index(int(group)), name] += 1
    shared += np.eye(many) * 1e-3  # nobody in common: as the sizes have it
    rows, names = linear_sum_assignment(-shared)
    renamed = [0] * many
    for row, name in zip(rows, names, strict=True):
        renamed[name] = order[row]
    return renamed


def _placed(votes: Votes, points: Floats, groups: Whole) -> tuple[Placed, ...]:
    columns = zip(votes.participants, groups.tolist(), points.tolist(), votes.cast.tolist(), strict=True)
    return tuple(Placed(who, group if group >= 0 else None, x, y, cast) for who, group, (x, y), cast in columns)


def _weighed(votes: Votes, loadings: Floats, counts: dict[int, Floats], many: int) -> tuple[Weighed, ...]:
    agrees, passes, disagrees = (one.astype(np.float64) for one in votes.counts)
    answered = agrees + passes + disagrees
    if many:
        common = consensus(counts[1], counts[1] + counts[0] + counts[-1])
    else:
        common = consensus(agrees[None], answered[None])
    weight = priority(agrees, passes, answered, np.sqrt((loadings**2).sum(1)))
    columns = zip(
        votes.statements,
        *(one.astype(np.int64).tolist() for one in (agrees, passes, disagrees)),
        *(np.where(votes.rejected, 0.0, one).tolist() for one in (common, weight)),
        map(tuple, loadings.tolist()),
        strict=True,
    )
    return tuple(Weighed(*column) for column in columns)


def _warnings(votes: Votes, many: int) -> tuple[str, ...]:
    told = []
    if (active := int(projection.answered_enough(votes).sum())) < FEW:
        told.append(f"{active} participants answered enough; under {FEW}, groups are found in mere chance")
    if not many:
        told.append("no groups: the answers do not part people")
    if silent := int((votes.cast == 0).sum()):
        told.append(f"{silent} participants answered nothing")
    if unasked := int((~votes.answered).sum()):
        told.append(f"{unasked} statements were answered by nobody")
    return tuple(told)


def rounded(result: OpinionResult, places: int = 6) -> OpinionResult:
    """The result with figures cut to so many decimals, so that the same votes give the same bytes."""

    def whole(value: float) -> float:
        return round(value, places) + 0.0  # never -0.0

    def both(pair: Sequence[float]) -> tuple[float, float]:
        return whole(pair[0]), whole(pair[1])

    return replace(
        result,
        participants=tuple(replace(one, x=whole(one.x), y=whole(one.y)) for one in result.participants),
        groups=tuple(
            replace(
                group,
                representative=tuple(
                    replace(one, p=whole(one.p), ratio=whole(one.ratio), z=whole(one.z)) for one in group.representative
                ),
            )
            for group in result.groups
        ),
        statements=tuple(
            replace(one, consensus=whole(one.consensus), priority=whole(one.priority), loading=both(one.loading))
            for one in result.statements
        ),
    )
