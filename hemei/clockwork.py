"""What time itself brings: once in a while every room is asked whether something is due.

A room that has something to do by the clock has `clockwork.py` with `round(at)`: found by name, called every few
seconds, and right also when it was not called for a day.
"""

import logging
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from hemei.rooms import ROOMS

log = logging.getLogger("hemei.clockwork")


def rooms_with_a_clock() -> tuple[str, ...]:
    return tuple(room for room in ROOMS if find_spec(f"hemei.{room}.clockwork"))


class Clockwork:
    """Calls the round of every room, or of `rooms`. One at fault is named once and holds up no other."""

    def __init__(self, rooms: tuple[str, ...] | None = None) -> None:
        self.rooms = rooms or rooms_with_a_clock()
        self.at_fault: dict[str, str] = {}

    def round(self, at: datetime) -> dict[str, str]:
        """One round at `at`. Returns the rooms at fault, with what went wrong."""
        for room in self.rooms:
            try:
                import_module(f"hemei.{room}.clockwork").round(at)
            except Exception as fault:
                told = f"{type(fault).__name__}: {fault}"
                if self.at_fault.get(room) != told:
                    log.exception("the clock's round of %s failed", room)
                self.at_fault[room] = told
            else:
                self.at_fault.pop(room, None)
        return dict(self.at_fault)
