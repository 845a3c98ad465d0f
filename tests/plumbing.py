"""What all tests stand on: a database in a file, a flush that the ledger's triggers let pass, and what was left out."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.serving import House

# a machine that is busy with something else is no fault of what is tested
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """SQLite in a file, one for each process of the test run, because threads share no database in memory.

    Commits are not forced to disk: what tests write need not survive a power cut (tests/faults see to that).
    """
    from django.conf import settings

    entry = settings.DATABASES["default"]
    if "sqlite" not in entry["ENGINE"]:
        return
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    entry.setdefault("TEST", {})["NAME"] = str(settings.ENVIRONMENT.folder / f"test-{worker}.sqlite3")
    entry["OPTIONS"]["init_command"] = entry["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files() -> None:
    """Pages name style sheets as they are called in the source; nothing needs to be gathered."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_triggers() -> Iterator[None]:
    """After a transactional test all tables are emptied; the ledger's triggers step aside for that moment only."""
    from django.db import connection
    from django.test import TransactionTestCase

    from hemei.ledger import triggers

    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(self: Any) -> None:
        triggers.remove(connection)
        try:
            flush(self)
        finally:
            triggers.install(connection)

    TransactionTestCase._fixture_teardown = flush_without_triggers
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def _speaks_english() -> Iterator[None]:
    """Outside a page, messages come as they stand in the code; a page speaks the reader's language all the same."""
    from django.utils import translation

    with translation.override("en"):
        yield


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if {"browser", "journeys"} & set(Path(str(item.fspath)).parts):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; tests that need it are skipped where none can be had, and named at the end of the run."""
    path = os.environ.get("HEMEI_CHROMIUM") or shutil.which("chromium") or ""
    if not path:
        pytest.skip("no Chromium was found")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread; the ORM is elsewhere
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo, loaded by whichever process comes first, copied for each."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    with open(shared.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "loaded").exists():
            House(shared, demo="yes").hemei("demo")
            House(shared, demo="yes").hemei("tick")
            (shared / "loaded").touch()
        own = base / "demo-of-this-process"
        House(shared).copy_to(own)
    return own


@pytest.fixture(scope="session")
def house(demo_folder: Path) -> Iterator[House]:
    """The demo, served as `make run` serves it. Whatever the tests did to it, nothing broke inside."""
    serving = House(demo_folder, demo="yes")
    serving.start()
    yield serving
    serving.stop()
    written = (serving.folder / "log").read_text()
    assert "Traceback" not in written, written[written.index("Traceback") :][:4000]


@pytest.fixture(scope="session")
def sessions(house: House) -> dict[str, str]:
    """A session for each of the demo's cast, by its key in story/people.toml."""
    return house.script("sessions")  # type: ignore[return-value]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """On the last lines: which browser tests did not run for want of a browser."""
    skipped = [
        report.nodeid for report in terminalreporter.stats.get("skipped", []) if "no Chromium" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests did NOT run, because no Chromium was found:")
        for name in sorted(skipped):
            terminalreporter.write_line(f"  {name}")
