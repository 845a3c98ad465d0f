"""The command `hemei tally FILE`: the verdict of every case as JSON, or how it differs from what was expected."""

from collections.abc import Sequence
from pathlib import Path

from hemei.engines.cases import answer_file, check_file
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.checking import differences, is_checked
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.tally import tally
from hemei.engines.decision.verdict import as_plain


def main(file: Path, *, check: bool = False) -> int:
    """0: done, or all agree; 1: some case differs from what it expects; 2: a bad file, nothing was evaluated."""
    if not check:
        return answer_file(file, read=_read, answer=tally, as_plain=as_plain)
    return check_file(file, read=_read, differences=lambda case: differences(case, tally(case)), agreed=_agreed)


def _read(text: str) -> Sequence[Case | LinkedBallots]:
    return read_cases(text).cases


def _agreed(cases: Sequence[Case | LinkedBallots]) -> str:
    return f"{sum(is_checked(case) for case in cases)} cases agree\n"
