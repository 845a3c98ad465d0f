"""Who stands close together: base clusters, groups, and how many there are."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree  # type: ignore[import-untyped, unused-ignore]

from hemei.engines.opinion.votes import Floats, Whole

BASE_MAX = 100  # base clusters, so that the search for groups costs the same however many take part
GROUPS_MAX = 5
PER_GROUP = 12  # one more group is tried for every so many
BASE_ROUNDS, ROUNDS, STARTS, WAYS_MAX = 10, 100, 10, 5
AS_GOOD = 1e-4  # two ways to part people whose spreads differ by less are as good; then the clearer one counts


@dataclass(frozen=True, eq=False)
class Base:
    """Base clusters: centres (clusters x 2), how many people each holds, and each person's cluster."""

    centres: Floats
    weights: Floats
    of: Whole


@dataclass(frozen=True, eq=False)
class Parting:
    """The ways found to part the base clusters into one number of groups, the one with least spread first.

    centres: ways x groups x 2. silhouette: of the best way, from -1 to 1.
    """

    centres: Floats
    silhouette: float


def base_clusters(points: Floats) -> Base:
    """At most BASE_MAX clusters of `points`, begun at points spread evenly along the first axis."""
    distinct = np.unique(points, axis=0)
    if len(distinct) <= BASE_MAX:
        centres = distinct
    else:
        centres = distinct[np.linspace(0, len(distinct) - 1, BASE_MAX).round().astype(np.int64)]
        for _ in range(BASE_ROUNDS):
            nearest = cKDTree(centres).query(points)[1]
            held = np.bincount(nearest, minlength=len(centres))
            moved = _means(points, np.ones(len(points)), nearest, len(centres))
            centres = np.where(held[:, None] > 0, moved, centres)
    nearest = np.asarray(cKDTree(centres).query(points)[1], dtype=np.int64)
    used, of = np.unique(nearest, return_inverse=True)
    weights = np.bincount(of).astype(np.float64)
    return Base(_means(points, np.ones(len(points)), of, len(used)), weights, of.astype(np.int64))


def _means(points: Floats, weights: Floats, of: Whole, many: int) -> Floats:
    total = np.maximum(np.bincount(of, weights, many), 1e-12)
    sums = [np.bincount(of, weights * points[:, axis], many) / total for axis in (0, 1)]
    return np.stack(sums, axis=1)


def partings(base: Base, seed: int, smallest: int) -> dict[int, Parting]:
    """How the base clusters can be parted, for each number of groups.

    smallest: a number whose best way leaves a group with fewer people is left out.
    """
    most = min(GROUPS_MAX, 2 + len(base.weights) // PER_GROUP, len(base.weights))
    between = _between(base)
    found: dict[int, Parting] = {}
    for many in range(2, most + 1):
        dice = np.random.default_rng([seed, many])
        starts = _starts(base.centres, base.weights, many, dice)
        centres, groups, spread = _settled(base.centres, base.weights, starts)
        _, distinct = np.unique(np.sort(spread.round(9)), return_index=True)
        ways = np.argsort(spread, kind="stable")[distinct[:WAYS_MAX]]
        best, clear = _best(base, between, groups, spread)
        if np.bincount(groups[best], base.weights, many).min() >= smallest:
            found[many] = Parting(centres[ways], clear)
    return found


def parted(points: Floats, base: Base, parting: Parting) -> Whole:
    """Each person's group: the ways of `parting` settled once more on the people themselves, the best of them taken.

    So the groups do not hang on how the base clusters happened to be cut.
    """
    centres, groups, spread = _settled(points, np.ones(len(points)), parting.centres)
    best, _ = _best(base, _between(base), _nearest(base.centres, centres), spread)
    chosen: Whole = groups[best]
    return chosen


def _between(base: Base) -> Floats:
    apart: Floats = np.sqrt(((base.centres[:, None] - base.centres[None]) ** 2).sum(-1))
    return apart


def _starts(points: Floats, weights: Floats, many: int, dice: np.random.Generator) -> Floats:
    """STARTS times `many` points, each drawn the likelier the farther it is from those drawn before (k-means++)."""
    drawn = np.empty((STARTS, many), dtype=np.int64)
    chance = np.broadcast_to(weights, (STARTS, len(points)))
    for place in range(many):
        reach = np.cumsum(chance, axis=1)
        aims = dice.random(STARTS) * reach[:, -1]
        drawn[:, place] = np.minimum((reach <= aims[:, None]).sum(1), len(points) - 1)
        apart = ((points[None, :, None] - points[drawn[:, : place + 1]][:, None]) ** 2).sum(-1).min(2)
        chance = apart * weights
    return points[drawn]


def _settled(points: Floats, weights: Floats, starts: Floats) -> tuple[Floats, Whole, Floats]:
    """Lloyd's steps from many starts at once until nothing moves: centres, groups and the spread left inside them."""
    centres = starts.copy()
    tries, many = centres.shape[:2]
    offsets = np.arange(tries)[:, None] * many
    x, y, length = points[:, 0], points[:, 1], tries * many
    heavy = np.tile(weights, tries)
    heavy_x, heavy_y = np.tile(weights * x, tries), np.tile(weights * y, tries)
    groups = np.full((tries, len(points)), -1)
    for _ in range(ROUNDS):
        before, groups = groups, _nearest(points, centres)
        if np.array_equal(before, groups):
            break
        flat = (groups + offsets).ravel()
        held = np.bincount(flat, heavy, length)
        sums = [np.bincount(flat, one, length) / np.maximum(held, 1e-12) for one in (heavy_x, heavy_y)]
        moved = np.stack(sums, axis=1)
        centres = np.where(held[:, None] > 0, moved, centres.reshape(length, 2)).reshape(centres.shape)
    own = np.take_along_axis(centres, groups[:, :, None], axis=1)
    spread = (((points[None] - own) ** 2).sum(-1) * weights).sum(1)
    return centres, groups, spread


def _nearest(points: Floats, centres: Floats) -> Whole:
    """For each start, each point's nearest centre; of two as near the first."""
    away = points[None, :, 0, None] * centres[:, None, :, 0]
    away += points[None, :, 1, None] * centres[:, None, :, 1]
    away *= -2
    away += (centres**2).sum(-1)[:, None, :]
    return np.asarray(away.argmin(-1), dtype=np.int64)


def _best(base: Base, between: Floats, bases: Whole, spread: Floats) -> tuple[int, float]:
    """The way that leaves least spread, and its silhouette; of those as good, the one with the clearest groups.

    bases: the base clusters' groups in each way.
    """
    as_good = np.flatnonzero(spread <= spread.min() * (1 + AS_GOOD))
    _, first = np.unique(spread[as_good].round(9), return_index=True)
    distinct = as_good[first]
    clear = [silhouette(between, base.weights, bases[one]) for one in distinct]
    best = max(range(len(distinct)), key=lambda one: (clear[one], -spread[distinct[one]]))
    return int(distinct[best]), clear[best]


def silhouette(between: Floats, weights: Floats, groups: Whole) -> float:
    """Mean over people of (b - a) / max(a, b): a the mean distance within one's group, b to the nearest other group.

    between: distances of the base clusters. Who is alone in a group counts 0. From -1 to 1; 0 for a single group.
    """
    many = int(groups.max()) + 1
    if many < 2:
        return 0.0
    member = np.zeros((len(groups), many))
    member[np.arange(len(groups)), groups] = weights
    size = member.sum(0)
    total = between @ member
    own = np.arange(len(groups)), groups
    others = size[groups] - 1  # one person less: oneself
    inner = total[own] / np.maximum(others, 1)
    outer = total / np.maximum(size, 1)
    outer[own] = np.inf
    outer[:, size == 0] = np.inf
    near = outer.min(1)
    width = np.where(others > 0, (near - inner) / np.maximum(np.maximum(inner, near), 1e-12), 0.0)
    return float((width * weights).sum() / weights.sum())
