"""A real Chromium before a whole Hemei with the demo in it; the demo is loaded once for each test run."""

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
def looker(chromium: Any, house: House, sessions: dict[str, str]) -> Looker:
    return Looker(chromium, house.address, sessions)
