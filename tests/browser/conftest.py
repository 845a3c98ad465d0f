"""Tests that look at pages in a real Chromium, before a whole Hemei with the demo in it."""

from typing import Any

import pytest

from tests.browser.looking import Looker
from tests.serving import House


@pytest.fixture(scope="session")
def day(house: House) -> dict[str, Any]:
    """What happened in the street today, so that every page has something on it."""
    return house.script("a_day")


@pytest.fixture(scope="session")
def sessions(sessions: dict[str, str], day: dict[str, Any]) -> dict[str, str]:
    """Of the cast, and of those that today's events brought."""
    return {**sessions, **day["sessions"]}


@pytest.fixture(scope="session")
def looker(chromium: Any, house: House, sessions: dict[str, str]) -> Looker:
    return Looker(chromium, house.address, sessions)
