"""How the neighbours of the demo answer: lines of opinion, habits, haste, and people who answer hardly anything."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

AGREE, PASS, DISAGREE = 1, 0, -1
SEED = 309  # the lane's number; the story is the same at every loading


@dataclass(frozen=True)
class Answer:
    """One answer. when: from 0, the opening, to 1, the moment of loading."""

    voter: int
    statement: int
    answer: int
    when: float


def answers(
    leans: Sequence[Sequence[float]], voters: int, *, shares: Sequence[float], seed: int = SEED
) -> list[Answer]:
    """What `voters` answer, in the order of time.

    leans: for each statement how likely each line agrees with it. shares: how many of all belong to each line.
    One in six answers a handful only; two answer all alike without reading; everybody has a habit of passing.
    """
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    given: list[Answer] = []
    for voter in range(voters):
        line = dice.choices(range(len(shares)), shares)[0]
        firmness = dice.uniform(0.75, 1.0)  # the rest is the voter's own mind
        habit = dice.betavariate(1.2, 8)  # how often "not sure"
        haste = voter % 31 == 17
        first = dice.uniform(0.0, 0.97)
        for turn, statement in enumerate(_seen(dice, len(leans), voter)):
            lean = firmness * leans[statement][line] + (1 - firmness) * 0.5
            chance = dice.random()
            answer = AGREE if haste else PASS if chance < habit else AGREE if dice.random() < lean else DISAGREE
            given.append(Answer(voter, statement, answer, min(1.0, first + turn * 0.0004)))
    return sorted(given, key=lambda one: (one.when, one.voter, one.statement))


def _seen(dice: random.Random, statements: int, voter: int) -> list[int]:
    """Which statements a voter answers: a handful, most of them, or all; the early ones a little more often."""
    if voter % 6 == 5:
        many = dice.randint(3, min(6, statements))
    else:
        many = round(statements * min(1.0, dice.triangular(0.45, 1.1, 0.8)))
    weights = [1 / (1 + 0.02 * number) for number in range(statements)]
    ranked = sorted(range(statements), key=lambda number: dice.random() ** (1 / weights[number]), reverse=True)
    return ranked[:many]
