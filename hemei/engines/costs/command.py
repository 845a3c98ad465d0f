"""The command `hemei share FILE [--check]`: who pays what, as JSON; or whether it is what the file expects."""

import json
import sys
from pathlib import Path

from hemei.engines.costs.answer import as_plain
from hemei.engines.costs.check import mismatches
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import share
from hemei.engines.strict import LARGEST_FILE, Mistake, decoded

DONE, DIFFERS, UNREADABLE = 0, 1, 2


def main(file: Path, *, check: bool = False) -> int:
    """Answer every case of `file`. 0: done, or all agree; 1: something differs from what is expected; 2: a bad file.

    A bad file is told on stderr, with the place and the reason; nothing of it is evaluated.
    """
    try:
        with file.open("rb") as opened:
            cases = read_cases(decoded(opened.read(LARGEST_FILE + 1))).cases
    except OSError as fault:
        sys.stderr.write(f"hemei: {file}: {fault.strerror}\n")
        return UNREADABLE
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return UNREADABLE

    answers = [share(case) for case in cases]
    if not check:
        lines = (json.dumps(as_plain(answer), ensure_ascii=False) for answer in answers)
        sys.stdout.write("[\n" + ",\n".join(lines) + "\n]\n" if answers else "[]\n")
        return DONE
    differing = [line for case, answer in zip(cases, answers, strict=True) for line in mismatches(case, answer)]
    sys.stdout.write("".join(f"{line}\n" for line in differing))
    return DIFFERS if differing else DONE
