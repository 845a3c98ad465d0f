"""The command `hemei opinion DIR`: the map of an export folder, as JSON or in words. It touches no database."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hemei.engines.opinion.classic import opinion_of, rounded
from hemei.engines.opinion.export import Unreadable, comments_in, read_votes
from hemei.engines.opinion.result import OpinionResult

DONE, UNREADABLE = 0, 2
ROUNDED_TO = 6


def main(folder: Path, *, as_json: bool = False, seed: int = 0) -> int:
    """Print the opinion map of `folder`. 0: done; 2: the folder cannot be read, the reason is on stderr."""
    if seed < 0:
        sys.stderr.write(f"hemei: --seed {seed}: a whole number from 0 on is needed.\n")
        return UNREADABLE
    try:
        result = rounded(opinion_of(read_votes(folder), seed=seed), ROUNDED_TO)
        words = {} if as_json else {one.id: one.body for one in comments_in(folder)}
    except Unreadable as fault:
        sys.stderr.write(f"hemei: {fault}\n")
        return UNREADABLE
    sys.stdout.write((json.dumps(as_plain(result), ensure_ascii=False) if as_json else summary(result, words)) + "\n")
    return DONE


def as_plain(result: OpinionResult) -> dict[str, Any]:
    """The map as the command prints it and as it is kept: plain dictionaries and lists."""
    plain = asdict(result)
    return {
        key: list(plain[key]) if isinstance(plain[key], tuple) else plain[key]
        for key in ("mode", "seed", "participants", "groups", "statements", "warnings")
    }


def summary(result: OpinionResult, words: dict[int, str]) -> str:
    """The map in a few lines, for a person at a terminal."""
    lines = [
        f"{len(result.participants)} participants, {result.active} of them with enough answers; "
        f"{len(result.statements)} statements; {sum(one.votes for one in result.participants)} answers.",
        *(f"Careful: {one}." for one in result.warnings),
    ]
    for group in result.groups:
        lines.append(f"\nGroup {group.id}: {group.size} people")
        for one in group.representative:
            said = "agrees" if one.answer == 1 else "disagrees"
            lines.append(
                f"  {said} ({_percent(one.p)}, {one.ratio:.1f} times the others): {_short(words, one.statement)}"
            )
    if result.groups:
        ranked = sorted(result.statements, key=lambda one: (-one.consensus, one.id))
        shown = [one for one in ranked if one.agrees][:5]
        lines += ["\nWhat all groups agree on most:"] if shown else []
        lines += [
            f"  {one.agrees} of {one.agrees + one.passes + one.disagrees} agree: {_short(words, one.id)}"
            for one in shown
        ]
    return "\n".join(lines)


def _percent(share: float) -> str:
    """Cut, never rounded up."""
    return f"{int(100 * share)} %"


def _short(words: dict[int, str], statement: int) -> str:
    text = " ".join(words.get(statement, "").split())
    return f"{statement}. {text if len(text) <= 100 else text[:99] + '…'}"
