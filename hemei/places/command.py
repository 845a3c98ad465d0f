"""`hemei import-places`: what a list would change, and with --yes the change."""

import hashlib
import sys
import time
from pathlib import Path
from typing import Any

from django.utils import translation

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.tables import BYTES_MAX, read_table
from hemei.places import actions, lists
from hemei.places.models import Kind, Place

DONE, BAD, MISUSED = 0, 1, 2


def import_places(*, file: Path, street: str, yes: bool, progress: Progress) -> int:
    """Print the report; write with `yes`. 0: done, or it could be; 1: bad rows; 2: no list or no such street."""
    began = time.monotonic()
    with translation.override("en"):
        try:
            found = Place.objects.filter(kind=Kind.STREET, code=street).first()
            if found is None:
                raise Refused(_no_street(street))
            with file.open("rb") as opened:
                content = opened.read(BYTES_MAX + 1)
            reading = lists.read(read_table(content))
            planned = lists.plan(found, reading, progress)
            _print(planned.report(), planned.bad)
            if planned.bad:
                say("Nothing was written.")
                return BAD
            if planned.new and yes:
                digest = hashlib.sha256(content).hexdigest()
                actions.import_at_once(
                    street=found, called=file.name[:100], digest=digest, reading=reading, at=clock.now()
                )
                say(f"Written, in {time.monotonic() - began:.1f} s.")
        except (Refused, OSError) as refusal:
            sys.stderr.write(f"hemei: {refusal}\n")
            return MISUSED
    if planned.new and not yes:
        say("Nothing was written. Run it again with --yes to write this.")
    return DONE


def _no_street(code: str) -> str:
    there = Place.objects.filter(kind=Kind.STREET).order_by("code").values_list("code", "name")[:50]
    streets = ", ".join(f"{one} ({name})" for one, name in there) or "none yet; an administrator adds the first"
    return f"There is no street with the code {code}. There are: {streets}."


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _print(report: dict[str, Any], bad: list[tuple[int, str]]) -> None:
    say(f"{report['rows']} rows")
    for kind, count in report["new"].items():
        say(f"{count:>8} new: {Kind(kind).label}")
    if not report["new"]:
        say("Everything in this list stands already.")
    say(f"{report['same']:>8} rows name what stands already")
    if report["unread"]:
        say(f"Columns that were not read: {', '.join(report['unread'])}")
    for row, told in report["remarks"]:
        say(f"Remark on row {row}: {told}")
    for row, told in bad:
        say(f"Row {row}: {told}")
    if bad:
        say(f"{len(bad)} bad rows")
