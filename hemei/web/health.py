"""Is it up, and can it work? For whoever watches the machine; no secrets, no names."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BEAT_SECONDS = 30  # the worker says something every five
FREE_BYTES = 200 * 1024 * 1024


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers. Asks nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part and whether it works; 503 when one does not."""
    parts = {name: _told(check) for name, check in CHECKS.items()}
    ready = all(told == "ok" for told in parts.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **parts}, status=200 if ready else 503)


def _told(check: Callable[[], str]) -> str:
    try:
        return check()
    except (Error, OSError) as fault:
        return type(fault).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied" if missing else "ok"


def _worker() -> str:
    age = time.time() - (Path(settings.MEDIA_ROOT).parent / "worker.beat").stat().st_mtime
    return "ok" if age < BEAT_SECONDS else f"silent for {round(age)} s"


def _disk() -> str:
    free = shutil.disk_usage(settings.MEDIA_ROOT).free
    return "ok" if free >= FREE_BYTES else f"{free // 1024 // 1024} MB free"


CHECKS = {"database": _database, "migrations": _migrations, "worker": _worker, "disk": _disk}
