"""What a forger with the database in hand can do, and what the check then says."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from hemei.base.jobs import PrintedProgress
from hemei.ledger import triggers
from hemei.ledger.verification import Report, verify


def checked() -> Report:
    return verify(PrintedProgress(lambda _: None))


def faults(about: str = "matters.matter") -> list[str]:
    """What does not hold, among the things `about`; the cast of the tests stands there without entries."""
    return [fault for fault in checked().faults if about in fault]


@contextmanager
def forger() -> Iterator[None]:
    """Within the block the triggers are gone."""
    triggers.remove(connection)
    try:
        yield
    finally:
        triggers.install(connection)


def run(statement: str, *words: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, words)
