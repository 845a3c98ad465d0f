"""Which statement comes next: drawn in proportion to how much an answer to it would tell, new ones first."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """An accepted statement as the pages and the draw need it.

    priority: its weight in the draw. newness: its weight where nothing of the answers may show.
    """

    pk: int
    number: int
    text: str
    text_en: str
    author_kind: str
    agrees: int
    passes: int
    disagrees: int
    priority: float
    newness: float


def priority(*, agrees: int, passes: int, answered: int, extremity: float) -> float:
    """Weight of a statement in the draw, after Polis: few passes, agreement, far out on the map; new ones more.

    extremity: length of the statement's loading on the map, 0 where there is no map yet.
    """
    importance = (1 - (passes + 1) / (answered + 2)) * (extremity + 1) * (agrees + 1) / (answered + 2)
    return (importance * (1 + 8 * 2 ** (-answered / 5))) ** 2


def newness(*, answered: int) -> float:
    """The weight without what was answered: that of a statement on which people are of two minds."""
    return priority(agrees=answered // 2, passes=0, answered=answered, extremity=0.0)


def next_statement(said: Sequence[Said], *, answered: Collection[int], draw: str, blind: bool = False) -> Said | None:
    """One of those not in `answered` (keys), in proportion to its priority; None when all are.

    draw: what the draw hangs on; the same words and the same statements give the same one. blind: by newness alone,
    for whoever may draw as often as they like: the frequencies would tell them what was answered.
    """
    left = [one for one in said if one.pk not in answered]
    if not left:
        return None
    return random.Random(draw).choices(left, weights=[one.newness if blind else one.priority for one in left])[0]  # noqa: S311 - no secret
