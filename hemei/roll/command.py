"""`hemei import-roll`: what a list of owners would bring; without --check it waits for a keeper's key."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db.models import Q
from django.utils import translation

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.tables import read_table
from hemei.base.uploads import check
from hemei.places.models import Kind, Place
from hemei.roll import lists
from hemei.roll.actions.lists import propose_by_command
from hemei.roll.cells import Unreadable, area_from
from hemei.roll.models import Roll

DONE, BAD, MISUSED = 0, 1, 2


def import_roll(
    *,
    file: Path,
    place: str,
    source: str,
    as_of: str,
    homes: int | None,
    area: str,
    only_check: bool,
    progress: Progress,
) -> int:
    """Print the report; unless `only_check`, put the list up for somebody who keeps the roll to confirm.

    The machine turns one key at most. 0: done, or it could be; 1: bad rows; 2: no list, no such estate or day.
    """
    with translation.override("en"):
        try:
            estate = _estate(place)
            day, stated_area = _day(as_of), _area(area)
            with file.open("rb") as opened:
                checked = check(File(opened, name=file.name), "table")  # type: ignore[arg-type]
            reading = lists.read(read_table(checked.content))
            roll = Roll.objects.filter(place=estate).first() or Roll(place=estate)
            planned = lists.plan(roll, reading, progress, stated_homes=homes, stated_area=stated_area)
            _print(planned.report(), planned.bad)
            if planned.bad:
                say("Nothing was written.")
                return BAD
            if planned.new and not only_check:
                totals = {"stated_homes": homes, "stated_area": stated_area}
                sent = propose_by_command(
                    place=estate,
                    file=checked,
                    source=source,
                    as_of=day,
                    report=planned.report(),
                    at=clock.now(),
                    **totals,
                )
                say(f"List {sent.pk} waits: somebody who keeps the roll confirms it on the page /roll/lists/{sent.pk}.")
        except (Refused, OSError) as refusal:
            sys.stderr.write(f"hemei: {refusal}\n")
            return MISUSED
    if planned.new and only_check:
        say("Nothing was written. Run it again without --check to put it up for confirmation.")
    return DONE


def _estate(place: str) -> Place:
    called = Q(code=place) | (
        Q(pk=int(place)) if place.isascii() and place.isdigit() and len(place) < 18 else Q(pk=None)
    )
    found = list(Place.objects.filter(called, kind=Kind.ESTATE, until=None).select_related("parent").order_by("pk")[:5])
    if len(found) == 1:
        return found[0]
    there = found or Place.objects.filter(kind=Kind.ESTATE, until=None).select_related("parent").order_by("pk")[:50]
    estates = "; ".join(f"{one.pk} ({one.parent.name if one.parent else ''} {one.name})" for one in there)
    told = f"Several estates have the code {place}; name one by its key" if found else f"There is no estate {place}"
    raise Refused(f"{told}. There are: {estates or 'none yet'}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Refused(f"The day {text!r} cannot be read. Write it as 2026-09-01.") from fault


def _area(text: str) -> Decimal | None:
    try:
        return area_from(text) if text else None
    except Unreadable as fault:
        raise Refused(str(fault)) from fault


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _print(report: dict[str, Any], bad: list[tuple[int, str]]) -> None:
    say(f"{report['rows']} rows, {report['homes']} homes" + (f", {report['area']} m²" if report["area"] else ""))
    if not bad and report["new"]:
        say(f"{report['new']:>8} new homes, {report['new_area']} m²")
        say(f"{report['owners']:>8} owners, {report['heads']} heads that count")
    elif not bad:
        say("Everything in this list stands already.")
    say(f"{report['same']:>8} homes stand already, just so")
    if report["unread"]:
        say(f"Columns that were not read: {', '.join(report['unread'])}")
    for row, told in bad:
        where = f"Row {row}" if row else "Whole list"
        for line in told.split("\n"):
            say(f"{where}: {line}")
    if bad:
        say(f"{len(bad)} bad rows")
