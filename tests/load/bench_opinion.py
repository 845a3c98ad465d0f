"""How fast the opinion engine is, and how well its groups agree with the published ones.

    .venv/bin/python tests/load/bench_opinion.py [--scale]

Prints one line for each export that is here: milliseconds of one core for reading the folder and for the classic mode
(median of seven runs in one process, without imports), and the adjusted Rand index against the published groups (median
over seeds 0–9). --scale adds synthetic votes, 10 % of the cells, 10,000 people by 200 statements and 50,000 by 500.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one core, so that who else uses the machine changes little
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from hemei.engines.opinion.classic import opinion_of
from hemei.engines.opinion.export import read_votes
from hemei.engines.opinion.tests.exports import REFERENCE, exports
from hemei.engines.opinion.tests.test_real_conversations import adjusted_rand, published
from hemei.engines.opinion.votes import Votes, votes_at

# seconds of the reference implementation (red-dwarf 0.4.0, 2 cores, Python 3.11, 2026-11-23)
REFERENCE_SECONDS = {
    "london.youth.policing": 0.18,
    "brexit-consensus": 0.28,
    "15-per-hour-seattle": 0.14,
    "canadian-electoral-reform": 0.40,
    "scoop-hivemind.biodiversity": 0.52,
    "austria-climate.5twd2jsnkf": 1.21,
    "vtaiwan.uberx": 0.83,
}
SCALES = {(10_000, 200): 6.9, (50_000, 500): 83.5}


def seconds(call: Callable[[], object], runs: int = 7) -> float:
    taken = []
    for _ in range(runs):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def synthetic(people: int, statements: int, share: float = 0.1) -> Votes:
    """Three camps with a mind of their own each, and chance; everybody answers about `share` of the statements."""
    dice = np.random.default_rng(1)
    many = dice.binomial(statements, share, people)
    rows = np.repeat(np.arange(people), many)
    columns = np.concatenate([dice.choice(statements, one, replace=False) for one in many])
    leans = dice.normal(size=(3, statements))
    leaning = leans[dice.integers(0, 3, people)[rows], columns] + dice.normal(size=len(rows))
    answers = np.where(leaning > 0.3, 1, np.where(leaning < -0.3, -1, 0))
    return votes_at(tuple(range(people)), tuple(range(statements)), rows, columns, answers)


def main(words: list[str]) -> int:
    print(f"{'set':30} {'votes':>9} {'read ms':>8} {'map ms':>8} {'faster':>7} {'ARI':>6} {'reference':>9}")
    for folder in exports():
        votes, theirs = read_votes(folder), published(folder)
        found = []
        for seed in range(10):
            ours = {p.id: p.group for p in opinion_of(votes, seed=seed).participants if p.group is not None}
            found.append(adjusted_rand(ours, theirs))
        read, took = seconds(lambda: read_votes(folder), 3), seconds(lambda: opinion_of(votes))  # noqa: B023
        faster = REFERENCE_SECONDS[folder.name] / took
        print(
            f"{folder.name:30} {len(votes.rows):9,} {1000 * read:8.1f} {1000 * took:8.1f} {faster:6.0f}x "
            f"{statistics.median(found):6.3f} {REFERENCE[folder.name]:9.2f}"
        )
    if "--scale" in words:
        for (people, statements), reference in SCALES.items():
            votes = synthetic(people, statements)
            took = seconds(lambda: opinion_of(votes), 3)  # noqa: B023
            name = f"{people:,} x {statements}"
            print(f"{name:30} {len(votes.rows):9,} {'':8} {1000 * took:8.0f} {reference / took:6.0f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
