"""Before anything runs: settings read, database up to date, static files in place."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from hemei.base.environment import BadSetting, Environment, read_environment

Say = Callable[[str], object]


def set_up() -> Environment:
    """Read the settings and make Django ready. Raises BadSetting."""
    environment = read_environment()
    os.environ["HEMEI_DATA"] = str(environment.folder)  # children and a changed directory mean the same folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hemei.settings")

    import django

    django.setup()
    return environment


def bring_up_to_date(say: Say) -> None:
    """Apply what the database lacks; nothing to do costs a few milliseconds. Raises BadSetting for a newer database."""
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as fault:
        raise BadSetting(
            f"The database cannot be reached: {_first_line(fault)}. Look at HEMEI_DATABASE_URL."
        ) from fault
    graph = executor.loader.graph
    unknown = [
        key for key in executor.loader.applied_migrations if key not in graph.nodes and key[0] in _labels(executor)
    ]
    if unknown:
        room, name = sorted(unknown)[0]
        raise BadSetting(
            f"The database was made by a newer Hemei (it knows {room} {name}). Start that version, or restore a backup."
        )
    if executor.migration_plan(graph.leaf_nodes()):
        say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)


def _labels(executor: object) -> set[str]:
    return set(executor.loader.migrated_apps)  # type: ignore[attr-defined]


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__


def gather_static_files(say: Say) -> None:
    """Collect and compress style sheets, fonts and scripts when one of them changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    sources = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen = Path(storage.path(name)).stat()
            sources.update(f"{name}\n{seen.st_size}\n{seen.st_mtime_ns}\n".encode())
    kept = Path(settings.STATIC_ROOT) / ".gathered"
    if kept.exists() and kept.read_text() == sources.hexdigest():
        return
    say("Gathering style sheets and scripts …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(sources.hexdigest())


def load_demo(say: Say) -> None:
    """The demo story, when the database holds neither a place nor a person."""
    from importlib import import_module
    from importlib.util import find_spec

    from hemei.people.models import Person
    from hemei.places.models import Place

    if Place.objects.exists() or Person.objects.exists() or not find_spec("hemei.web.demo.load"):
        return
    say("Loading the demo …")
    import_module("hemei.web.demo.load").load(say)
