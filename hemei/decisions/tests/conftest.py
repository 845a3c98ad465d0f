"""The cast of this room (`cast.py`) as fixtures; the clock stands at NOW."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from hemei.decisions import standing
from hemei.decisions.tests.cast import Cast, put_cast
from hemei.places.models import Place


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Keys begin anew with each test, so no case of another test may be kept."""
    standing.forget()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are compared in the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(estate: Place, now: Any) -> Cast:
    return put_cast(estate)
