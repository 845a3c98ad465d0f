"""The command `hemei share FILE [--check]`: who pays what, as JSON; or whether it is what the file expects."""

from collections.abc import Sequence
from pathlib import Path

from hemei.engines.cases import answer_file, check_file
from hemei.engines.costs.answer import as_plain
from hemei.engines.costs.check import mismatches
from hemei.engines.costs.plan import Case
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import share


def main(file: Path, *, check: bool = False) -> int:
    """0: done, or all agree; 1: something differs from what is expected; 2: a bad file, nothing was evaluated."""
    if not check:
        return answer_file(file, read=_read, answer=share, as_plain=as_plain)
    return check_file(file, read=_read, differences=lambda case: mismatches(case, share(case)))


def _read(text: str) -> Sequence[Case]:
    return read_cases(text).cases
