"""Tests that look at pages in a real Chromium, before a whole Hemei with the demo in it."""

from typing import Any

import pytest

from tests.browser.addresses import Found, Sample, crawl
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


# of pages that no link leads to; for those that need something to have happened, see tests/a_day.py
SAMPLES = {
    "people:code": Sample("asking", "/people/sign-in/code"),
    "people:confirm_phone": Sample("moving", "/people/me/phone/confirm"),
    "people:first": Sample("visitor", "/people/first"),
    "people:sign_out": Sample("resident", "/people/sign-out"),
    "people:welcome": Sample("resident", "/people/me/welcome"),
    "places:add_street": Sample("administrator", "/places/add"),
}


@pytest.fixture(scope="session")
def found(house: House, sessions: dict[str, str], day: dict[str, Any]) -> Found:
    """Every page that somebody of the cast finds by following links."""
    samples = SAMPLES | {name: Sample(*one) for name, one in day["samples"].items()}
    return crawl(house.address, sessions, samples, day["first"])


@pytest.fixture(scope="session")
def looker(chromium: Any, house: House, sessions: dict[str, str]) -> Looker:
    return Looker(chromium, house.address, sessions)
