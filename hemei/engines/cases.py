"""What `hemei tally` and `hemei share` have in common: a file of cases in, its answers or its differences out."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hemei.engines.strict import LARGEST_FILE, Mistake, decoded

DONE, DIFFERS, BAD_FILE = 0, 1, 2

Case = TypeVar("Case")
Answer = TypeVar("Answer")


def answer_file(
    file: Path,
    *,
    read: Callable[[str], Sequence[Case]],
    answer: Callable[[Case], Answer],
    as_plain: Callable[[Answer], dict[str, Any]],
) -> int:
    """Print the answer to every case of `file` as one JSON array, in its order. 0: done; 2: a bad file.

    A bad file is told on stderr, with the place and the reason; nothing of it is evaluated.
    """
    cases = _cases(file, read)
    if cases is None:
        return BAD_FILE
    answers = [json.dumps(as_plain(answer(case)), ensure_ascii=False) for case in cases]
    sys.stdout.write("[\n" + ",\n".join(answers) + "\n]\n" if answers else "[]\n")
    return DONE


def check_file(
    file: Path,
    *,
    read: Callable[[str], Sequence[Case]],
    differences: Callable[[Case], Sequence[str]],
    agreed: Callable[[Sequence[Case]], str] = lambda _cases: "",
) -> int:
    """Print a line for each difference from what the cases expect. 0: none, and says `agreed`; 1: some; 2: bad file."""
    cases = _cases(file, read)
    if cases is None:
        return BAD_FILE
    lines = [line for case in cases for line in differences(case)]
    sys.stdout.write("".join(f"{line}\n" for line in lines) or agreed(cases))
    return DIFFERS if lines else DONE


def _cases(file: Path, read: Callable[[str], Sequence[Case]]) -> Sequence[Case] | None:
    """None: it is a bad file, and has been told."""
    try:
        with file.open("rb") as opened:
            return read(decoded(opened.read(LARGEST_FILE + 1)))
    except OSError as fault:
        sys.stderr.write(f"hemei: {file}: {fault.strerror}\n")
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
    return None
