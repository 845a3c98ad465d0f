"""What the tests of places share."""

from collections.abc import Iterator
from typing import Any

import pytest

from conftest import put_person, put_seat, speaking_from
from hemei.base.jobs import PrintedProgress
from hemei.ledger.verification import verify
from hemei.people.actor import Actor
from hemei.places import context
from hemei.places.models import Place


@pytest.fixture(autouse=True)
def _street_is_asked_anew() -> Iterator[None]:
    context.forget()
    yield
    context.forget()


@pytest.fixture
def office(street: Place) -> Actor:
    """Clerk of the street office."""
    return speaking_from(put_seat(put_person("壬科员", "+8613800000011"), "street_office", "街道办", street, "clerk"))


def quiet(_text: str) -> None:
    """Nobody listens."""


@pytest.fixture
def holds(db: None) -> Any:
    """Says whether the ledger vouches for every place but those the cast put up without an entry."""
    alone = "stands without an entry"

    def faults() -> list[str]:
        put_up = {fault for fault in verify(PrintedProgress(quiet)).faults if alone in fault}
        return [fault for fault in verify(PrintedProgress(quiet)).faults if fault not in put_up or fault not in known]

    known = {fault for fault in verify(PrintedProgress(quiet)).faults if alone in fault}
    return faults
