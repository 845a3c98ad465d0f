"""Which statement is asked next: the weight of each in the draw."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])


def priority(agrees: Number, passes: Number, answered: Number, extremity: Number) -> Number:
    """Weight of a statement among those a person has not seen, after Polis: (importance (1 + 8 · 2^(-S/5)))².

    agrees, passes, answered: its counts A, P, S. extremity: length of its loading, E. Importance is
    (1 - (P+1)/(S+2)) (E+1) (A+1)/(S+2): few passes, far out on the map, agreed to; new ones weigh up to 81 times.
    """
    importance = (1 - (passes + 1) / (answered + 2)) * (extremity + 1) * (agrees + 1) / (answered + 2)
    return (importance * (1 + 8 * 2 ** (-answered / 5))) ** 2
