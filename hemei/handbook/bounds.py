"""How much a page reckons at once, and for how long. The command takes more; the engines' bounds are their readers'."""

import ctypes
from collections.abc import Callable, Sequence
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

from django.utils.translation import gettext as _

from hemei.base.errors import Refused

CASES_MAX = 30
HOMES_MAX = 2_000  # of all cases together: a page that can still be read
ACTS_MAX = 20_000
SECONDS = 5  # for all that is on one page; what people have takes some hundredths, a made-up rule could take hours

RECKONING = "reckoning"  # the name of its threads

Result = TypeVar("Result")


class TooMuch(Refused):
    """More than a page can hold or reckon (413)."""


class TooLong(Exception):
    """What was begun was stopped, for it took longer than it was given."""


def refuse_too_much(*, homes: Sequence[int], acts: int = 0) -> None:
    """homes: of each case. Raises TooMuch."""
    if len(homes) > CASES_MAX or sum(homes) > HOMES_MAX or acts > ACTS_MAX:
        told = _("A page takes %(cases)d cases with %(homes)s homes together at most. The command takes more.")
        raise TooMuch(told % {"cases": CASES_MAX, "homes": f"{HOMES_MAX:,}"})


class Allowance:
    """So many seconds for several pieces of work, one after the other."""

    def __init__(self, seconds: float) -> None:
        self.until = monotonic() + seconds

    def of(self, work: Callable[[], Result]) -> Result:
        """What `work` gives, if it gives it in the time that is left. Raises what it raises, or TooLong.

        `work` is pure: it runs in a thread of its own, which is stopped between two steps when the time is over, so
        it may hold nothing that has to be put back, and knows neither database nor the reader's language.
        """
        done, leave = Event(), Event()
        given: list[Result] = []
        raised: list[Exception] = []

        def run() -> None:
            try:
                given.append(work())
            except TooLong:
                pass
            except Exception as fault:  # noqa: BLE001 - raised again where it was asked for
                raised.append(fault)
            try:
                done.set()
                leave.wait()  # so that nobody else has this thread's number while it may still be stopped
            except TooLong:
                pass

        thread = Thread(target=run, name=RECKONING, daemon=True)
        thread.start()
        in_time = done.wait(max(0.0, self.until - monotonic()))
        if not in_time:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TooLong))
        leave.set()
        if raised:
            raise raised[0]
        if not in_time or not given:
            raise TooLong
        return given[0]


def reckoned(allowance: Allowance, work: Callable[[], Result]) -> Result:
    """As `Allowance.of`; what takes too long is TooMuch for a page."""
    try:
        return allowance.of(work)
    except TooLong as fault:
        told = _("This takes longer than %(seconds)d seconds, more than a page may. The command has the time.")
        raise TooMuch(told % {"seconds": SECONDS}) from fault
