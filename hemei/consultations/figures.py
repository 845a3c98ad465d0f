"""What may be told of a statement's counts: no figure for fewer than five persons, and none that can be worked out."""

from dataclasses import dataclass

SMALL = 5  # law of the house: no public figure for a cell under five persons


def few(count: int) -> bool:
    """Whether `count` may not be told: somebody, and fewer than five."""
    return 0 < count < SMALL


@dataclass(frozen=True)
class Told:
    """Counts as they may be shown; None: fewer than five. answered is None when it would give a hidden one away.

    bars: width of each part in a bar of 100, agree, not sure, disagree; a hidden part has a width that tells nothing.
    """

    agrees: int | None
    passes: int | None
    disagrees: int | None
    answered: int | None
    bars: tuple[int, int, int]

    @property
    def silent(self) -> bool:
        """Nothing can be shown at all yet."""
        return self.agrees is self.passes is self.disagrees is None


NOTHING = Told(None, None, None, None, (0, 0, 0))


def told(*, agrees: int, passes: int, disagrees: int) -> Told:
    """Hide every count from 1 to 4, and the whole where it would give a single hidden one away."""
    counts = (agrees, passes, disagrees)
    answered = sum(counts)
    if answered < SMALL:
        return NOTHING
    shown = [count if count == 0 or count >= SMALL else None for count in counts]
    hidden = shown.count(None)
    drawn = [SMALL // 2 if count is None else count for count in shown]
    bars = tuple(100 * count // sum(drawn) for count in drawn)
    # one hidden count is the whole less the others; two hidden ones that sum to 2 or 8 are known as well
    rest = answered - sum(count for count in shown if count is not None)
    known = hidden == 1 or (hidden > 1 and rest in (hidden, hidden * (SMALL - 1)))
    return Told(shown[0], shown[1], shown[2], None if known else answered, (bars[0], bars[1], bars[2]))
