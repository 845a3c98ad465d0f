"""The command `hemei`. Each verb loads what it needs only when it is called."""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any

from hemei.base.environment import BadSetting, Environment, read_environment

INTERRUPTED, MISUSED = 130, 2


def main(words: list[str] | None = None) -> int:
    """Run one verb. 0: done; 1: done, and something is wrong; 2: a bad setting or argument; 130: stopped."""
    asked = reader().parse_args(words)
    try:
        return asked.verb(asked)
    except BadSetting as fault:
        print(f"hemei: {fault}", file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-done was kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our lines has gone
        sys.stderr.close()
        return 0


def reader() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="hemei",
        description="Hemei carries a neighbourhood's concern to a kept promise. Settings come from the environment: "
        "see `hemei check` and docs/operate.md.",
    )
    verbs = top.add_subparsers(title="verbs", metavar="VERB", required=True)

    def verb(name: str, does: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=told, description=told)
        one.set_defaults(verb=does)
        return one

    verb("run", run, "Start web server and worker; make database, static files and demo ready first.")
    verb("check", check, "Show the settings as they are read, and say whether Hemei can start with them.")
    one = verb("admin", admin, "Make the first administrator and print the code for the first sign-in.")
    one.add_argument("phone", metavar="PHONE", help="the administrator's phone number")
    verb("verify", verify, "Recompute the whole ledger and name every fault; exit 1 if there is one.")
    verb("seal", seal, "Seal today's ledger now, if no seal of today stands.")
    one = verb("import-places", import_places, "Read places from a CSV or XLSX list; shows what would change first.")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--street", metavar="CODE", required=True, help="code of the street the places belong to")
    one.add_argument("--yes", action="store_true", help="write; without it nothing is changed")
    one = verb("import-roll", import_roll, "Read owners from a CSV or XLSX list; a keeper of the roll confirms it.")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--place", metavar="CODE", required=True, help="key or code of the estate")
    one.add_argument("--source", required=True, help="which register it is from, shown with it")
    one.add_argument("--as-of", metavar="DAY", required=True, help="the day on which the register stood so: 2026-09-01")
    one.add_argument("--homes", metavar="COUNT", type=int, help="homes in all, as the register says")
    one.add_argument("--area", metavar="M2", default="", help="area in all, as the register says")
    one.add_argument("--check", action="store_true", help="only show what it would bring")
    one = verb("import-polis", import_polis, "Read a Polis export folder; prints one line of JSON.")
    one.add_argument("folder", metavar="DIR", type=Path)
    one.add_argument("--place", metavar="CODE", default="", help="key or code of the place it belongs to")
    one.add_argument("--source", default="", help="where it comes from, shown with it (default: its address)")
    one.add_argument("--licence", default="", help="under which licence, shown with it")
    one = verb("export-polis", export_polis, "Write a consultation as a Polis export folder.")
    one.add_argument("key", metavar="ID", type=int, help="number of the consultation")
    one.add_argument("folder", metavar="DIR", type=Path)
    one = verb("opinion", opinion, "Compute the opinion map of a Polis export folder; touches no database.")
    one.add_argument("folder", metavar="DIR", type=Path)
    one.add_argument("--json", action="store_true", help="print the map as JSON")
    one.add_argument("--seed", type=int, default=0, help="the same seed gives the same map (default: 0)")
    one = verb("tally", tally, "Tally the decisions of a file of cases; touches no database.")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--check", action="store_true", help="compare with what each case expects; exit 1 if it differs")
    one = verb("recount", recount, "Work out every certified decision anew from the database and compare.")
    one.add_argument("key", metavar="ID", type=int, nargs="?", help="number of one decision (default: all)")
    one = verb("share", share, "Say who pays what for a lift, for each case of a file; touches no database.")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--check", action="store_true", help="compare with what the cases expect; exit 1 if one differs")
    verb("tick", tick, "One round of the clock: whatever is due now, in every room.")
    verb("demo", demo, "Load the demo story into an empty database.")
    one = verb("backup", backup, "Copy the SQLite database to FILE while the server runs.")
    one.add_argument("file", metavar="FILE", type=Path)
    return top


def run(_asked: argparse.Namespace) -> int:
    from hemei.run import run

    return run()


def check(_asked: argparse.Namespace) -> int:
    settings = read_environment()
    engine = str(settings.database["ENGINE"])
    where = settings.database["NAME"] if "sqlite" in engine else f"PostgreSQL, database {settings.database['NAME']}"
    for name, value in (
        ("PORT", settings.port),
        ("HEMEI_BIND", settings.bind),
        ("HEMEI_HOSTS", ", ".join(settings.hosts)),
        ("HEMEI_DATA", settings.folder),
        ("HEMEI_DATABASE_URL", where),
        ("HEMEI_SECRET_KEY", "set (not shown)"),
        ("HEMEI_DEMO", settings.demo),
        ("HEMEI_ZONE", settings.zone),
        ("HEMEI_WORKERS", settings.workers),
        ("HEMEI_TLS", "yes" if settings.tls else "no"),
    ):
        print(f"{name:20} {value}")
    open_database()
    print("Hemei can start with these settings.")
    return 0


def admin(asked: argparse.Namespace) -> int:
    open_database()
    from hemei.base import clock
    from hemei.base.errors import NotAllowed, Refused
    from hemei.people.actions import make_first_administrator

    try:
        print(make_first_administrator(phone=asked.phone, at=clock.now()))
    except (NotAllowed, Refused) as refusal:
        return refused(refusal)
    return 0


def verify(_asked: argparse.Namespace) -> int:
    open_database()
    from hemei.ledger.verification import verify

    report = verify(progress())
    print(f"{report.chains} chains, {report.entries} entries, {report.rows} rows vouched for, {report.seals} seals")
    for fault in report.faults:
        print(f"FAULT  {fault}")
    print(f"{len(report.faults)} faults" if report.faults else "Everything holds.")
    return 1 if report.faults else 0


def seal(_asked: argparse.Namespace) -> int:
    open_database()
    from django.utils import timezone

    from hemei.base import clock
    from hemei.ledger.actions import seal_day

    at = clock.now()
    made = seal_day(day=timezone.localdate(at), at=at)
    print(f"{made.day}  {made.root}  {made.chains} chains, {made.entries} entries")
    return 0


def import_places(asked: argparse.Namespace) -> int:
    there(asked.file)
    open_database()
    from hemei.places.command import import_places

    return import_places(file=asked.file, street=asked.street, yes=asked.yes, progress=progress())


def import_roll(asked: argparse.Namespace) -> int:
    there(asked.file)
    open_database()
    from hemei.roll.command import import_roll

    return import_roll(
        file=asked.file,
        place=asked.place,
        source=asked.source,
        as_of=asked.as_of,
        homes=asked.homes,
        area=asked.area,
        only_check=asked.check,
        progress=progress(),
    )


def import_polis(asked: argparse.Namespace) -> int:
    there(asked.folder)
    open_database()
    from hemei.base.errors import Refused
    from hemei.consultations.command import import_polis

    try:
        words = {"place": asked.place, "source": asked.source, "licence": asked.licence}
        print(json.dumps(import_polis(folder=asked.folder, progress=progress(), **words)))
    except Refused as refusal:
        return refused(refusal)
    return 0


def export_polis(asked: argparse.Namespace) -> int:
    open_database()
    from hemei.base.errors import Refused
    from hemei.consultations.command import export_polis

    try:
        print(json.dumps(export_polis(key=asked.key, folder=asked.folder, progress=progress())))
    except Refused as refusal:
        return refused(refusal)
    return 0


def opinion(asked: argparse.Namespace) -> int:
    there(asked.folder)
    from hemei.engines.opinion.command import main

    return main(asked.folder, as_json=asked.json, seed=asked.seed)


def tally(asked: argparse.Namespace) -> int:
    speak_utf_8()
    from hemei.engines.decision.command import main

    return main(asked.file, check=asked.check)


def recount(asked: argparse.Namespace) -> int:
    open_database()
    from hemei.decisions.command import recount

    return recount(key=asked.key)


def share(asked: argparse.Namespace) -> int:
    there(asked.file)
    speak_utf_8()
    from hemei.engines.costs.command import main

    return main(asked.file, check=asked.check)


def speak_utf_8() -> None:
    """JSON is UTF-8 wherever it goes; a locale that cannot write an id (GBK, ASCII) is no reason to print nothing."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def tick(_asked: argparse.Namespace) -> int:
    open_database()
    from hemei.base import clock
    from hemei.clockwork import Clockwork

    at_fault = Clockwork().round(clock.now())
    for room, told in at_fault.items():
        print(f"{room}: {told}", file=sys.stderr)
    return 1 if at_fault else 0


def demo(_asked: argparse.Namespace) -> int:
    open_database()
    from hemei.people.models import Person
    from hemei.places.models import Place
    from hemei.start import load_demo

    if Place.objects.exists() or Person.objects.exists():
        raise BadSetting("The demo is loaded into an empty database only; name another folder with HEMEI_DATA.")
    load_demo(tell)
    return 0


def backup(asked: argparse.Namespace) -> int:
    from hemei.backup import copy_database

    settings = read_environment()
    if "sqlite" not in str(settings.database["ENGINE"]):
        raise BadSetting(
            "This Hemei stands on PostgreSQL: back it up with pg_dump --format=custom, and copy the folders "
            f"{settings.folder / 'files'} and {settings.folder / 'secret.key'} beside it."
        )
    size = copy_database(Path(str(settings.database["NAME"])), asked.file, tell)
    print(
        f"{asked.file}: {size} bytes, whole. Copy {settings.folder / 'files'} and {settings.folder / 'secret.key'} too."
    )
    return 0


# -- what the verbs share


def open_database() -> Environment:
    """Settings read, Django ready, the database up to date; SIGTERM stops as Ctrl-C does."""
    from hemei.start import bring_up_to_date, set_up

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    settings = set_up()
    bring_up_to_date(tell)
    return settings


def tell(text: str) -> None:
    """Progress goes to stderr, so that what is printed can be piped."""
    print(text, file=sys.stderr, flush=True)


def progress() -> Any:
    from hemei.base.jobs import PrintedProgress

    return PrintedProgress(tell)


def refused(refusal: Exception) -> int:
    print(f"hemei: {refusal}", file=sys.stderr)
    return MISUSED


def there(path: Path) -> None:
    if not path.exists():
        raise BadSetting(f"{path} does not exist.")
