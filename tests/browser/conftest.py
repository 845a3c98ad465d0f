"""A real Chromium before a whole Hemei with the demo in it; the demo is loaded once for each test run."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import Looker
from tests.serving import House

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
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
    shutil.copytree(shared, own)
    return own


@pytest.fixture(scope="session")
def house(demo_folder: Path) -> Iterator[House]:
    """The demo, served as `make run` serves it."""
    serving = House(demo_folder, demo="yes")
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture(scope="session")
def sessions(house: House) -> dict[str, str]:
    """A session for each of the demo's cast, by its key in story/people.toml."""
    return house.script("sessions")  # type: ignore[return-value]


@pytest.fixture(scope="session")
def looker(chromium: Any, house: House, sessions: dict[str, str]) -> Looker:
    return Looker(chromium, house.address, sessions)
