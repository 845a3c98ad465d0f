"""The command `hemei tally FILE`: the verdict of every case as JSON, or how it differs from what was expected."""

import json
import sys
from pathlib import Path

from hemei.engines.decision.checking import differences, is_checked
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.tally import tally
from hemei.engines.decision.verdict import as_plain
from hemei.engines.strict import LARGEST_FILE, Mistake, decoded

DONE, DIFFERENT, BAD_FILE = 0, 1, 2


def main(file: Path, *, check: bool = False) -> int:
    """0: done, or all agree; 1: some case differs from what it expects; 2: a bad file, nothing was evaluated."""
    try:
        with file.open("rb") as opened:
            cases = read_cases(decoded(opened.read(LARGEST_FILE + 1))).cases
    except OSError as fault:
        sys.stderr.write(f"hemei: {file}: {fault.strerror}\n")
        return BAD_FILE
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return BAD_FILE
    verdicts = [tally(case) for case in cases]
    if not check:
        answers = [json.dumps(as_plain(verdict), ensure_ascii=False) for verdict in verdicts]
        sys.stdout.write("[\n" + ",\n".join(answers) + "\n]\n" if answers else "[]\n")
        return DONE
    lines = [line for case, verdict in zip(cases, verdicts, strict=True) for line in differences(case, verdict)]
    agree = sum(is_checked(case) for case in cases)
    sys.stdout.write("".join(f"{line}\n" for line in lines) or f"{agree} cases agree\n")
    return DIFFERENT if lines else DONE
