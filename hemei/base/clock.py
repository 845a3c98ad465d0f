"""The one clock. Views and jobs ask it; actions and engines are told the time and never ask."""

from contextlib import contextmanager
from datetime import UTC, datetime

_set_to: datetime | None = None


def now() -> datetime:
    """The time, UTC; what a test has set, or the machine's."""
    return _set_to or datetime.now(UTC)


@contextmanager
def set_to(at: datetime):
    """Within the block the clock stands at `at` (aware)."""
    global _set_to  # noqa: PLW0603 - the one clock is one value
    assert at.tzinfo is not None
    before, _set_to = _set_to, at
    try:
        yield
    finally:
        _set_to = before
