"""Tests that look at pages in a real Chromium, before a whole Hemei with the demo in it."""

from typing import Any

import pytest

from tests.browser.looking import Looker
from tests.serving import House


@pytest.fixture(scope="session")
def looker(chromium: Any, house: House, sessions: dict[str, str]) -> Looker:
    return Looker(chromium, house.address, sessions)
