"""What may be told of a statement group by group: no cell under five, and none that others give away."""

from collections.abc import Sequence
from dataclasses import dataclass

from hemei.consultations.figures import SMALL, told

Counts = tuple[int, int, int]  # agrees, passes, disagrees


@dataclass(frozen=True)
class Figure:
    """Counts as they may be shown; None: withheld. nearly_all: all but the largest count are together one to four."""

    agrees: int | None
    passes: int | None
    disagrees: int | None
    answered: int | None
    nearly_all: bool = False

    @property
    def silent(self) -> bool:
        """Nothing can be shown at all."""
        return self.agrees is self.passes is self.disagrees is None


def of_everybody(counts: Counts) -> Figure:
    """The counts of everybody, as they are told wherever the statement stands."""
    one = told(agrees=counts[0], passes=counts[1], disagrees=counts[2])
    return Figure(one.agrees, one.passes, one.disagrees, one.answered, _nearly_all(counts))


def of_groups(groups: Sequence[Counts], total: Counts) -> list[Figure]:
    """Each group's counts as they may be shown beside those of everybody.

    Within a group what is withheld is together nobody or at least five, or the whole is withheld too. Who stands in
    no group is the rest, total less groups: so for each answer what is withheld, the rest included, is nobody or at
    least five as well; where it is fewer, the smallest cell that would be shown is withheld with it.
    """
    assert all(sum(counts[answer] for counts in groups) <= total[answer] for answer in range(3))
    withheld = [_within(counts) for counts in groups]
    for answer in range(3):
        shown = {g: groups[g][answer] for g in range(len(groups)) if answer not in withheld[g] and groups[g][answer]}
        left = total[answer] - sum(shown.values())
        while 0 < left < SMALL and shown:
            least = min(shown, key=lambda g: (shown[g], g))
            left += shown.pop(least)
            withheld[least].add(answer)
    return [_figure(counts, hidden) for counts, hidden in zip(groups, withheld, strict=True)]


def _within(counts: Counts) -> set[int]:
    """Which of a group's counts are withheld for their own sake: those from 1 to 4, and a larger one that hides them.

    The largest is never withheld here: it is what the group says.
    """
    if sum(counts) < SMALL:
        return {0, 1, 2}
    hidden = {answer for answer in range(3) if 0 < counts[answer] < SMALL}
    largest = max(range(3), key=lambda answer: counts[answer])
    others = sorted((c, answer) for answer, c in enumerate(counts) if answer not in hidden | {largest} and c)
    if hidden and sum(counts[answer] for answer in hidden) < SMALL and others:
        hidden.add(others[0][1])
    return hidden


def _figure(counts: Counts, hidden: set[int]) -> Figure:
    together = sum(counts[answer] for answer in hidden)
    whole_may_be_told = not hidden or (len(hidden) > 1 and together >= SMALL)
    agrees, passes, disagrees = (None if answer in hidden else count for answer, count in enumerate(counts))
    return Figure(agrees, passes, disagrees, sum(counts) if whole_may_be_told else None, _nearly_all(counts))


def _nearly_all(counts: Counts) -> bool:
    return 0 < sum(counts) - max(counts) < SMALL <= max(counts)


def percent(part: int, whole: int) -> int:
    """Cut, never rounded up."""
    return 100 * part // whole
