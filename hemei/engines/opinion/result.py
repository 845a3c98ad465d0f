"""What comes out of the engine, with the numbers each figure was computed from."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Placed:
    """A participant on the map. group: None for who answered too little, or where there are no groups.

    x, y: position, as far from the middle as the answers are; 0, 0 for who answered nothing. votes: answers given.
    """

    id: int
    group: int | None
    x: float
    y: float
    votes: int


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that tells a group from the others. answer: 1 or -1, what the group says to it.

    p: smoothed share of the group that answers so. ratio: that share over the others'. z: how surely the group
    differs from the others (two-proportion z).
    """

    statement: int
    answer: int
    p: float
    ratio: float
    z: float


@dataclass(frozen=True, slots=True)
class Group:
    """People who answer alike. id: 0, 1, 2 …, the largest first, or as the map before called them."""

    id: int
    size: int
    representative: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A statement with its counts over everybody.

    consensus: product over the groups of the smoothed share that agrees, from 0 to 1. priority: weight in the draw
    of the next statement. loading: how the two axes of the map hang on it. A taken-down one has 0 for all three.
    """

    id: int
    agrees: int
    passes: int
    disagrees: int
    consensus: float
    priority: float
    loading: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Previous:
    """What the next map takes from the one before, so that neither the picture nor the names jump.

    points, groups: of the participants that were placed. shown: how many groups were shown. candidate, held: which
    number the data asked for lately, and for how many maps in a row.
    """

    points: dict[int, tuple[float, float]] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    shown: int = 0
    candidate: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class OpinionResult:
    """The map. active: participants with enough answers to be placed in a group."""

    mode: str
    seed: int
    active: int
    participants: tuple[Placed, ...]
    groups: tuple[Group, ...]
    statements: tuple[Weighed, ...]
    warnings: tuple[str, ...]
    candidate: int
    held: int

    def as_previous(self) -> Previous:
        """What the next computation is handed."""
        placed = [one for one in self.participants if one.votes]
        return Previous(
            points={one.id: (one.x, one.y) for one in placed},
            groups={one.id: one.group for one in placed if one.group is not None},
            shown=len(self.groups),
            candidate=self.candidate,
            held=self.held,
        )
