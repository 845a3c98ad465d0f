"""Writers take turns.

SQLite lets one transaction write at a time; a second one sleeps and asks again, ever longer, so that under load the
database idles between two votes and some voters wait for seconds. Here a transaction first takes its turn: a lock
among the threads of this process, then a lock on a file beside the database among processes. Both wake the next one
at once, and both are released by the system when a process dies. SQLite's own lock still decides what is right.
"""

import fcntl
import os
import threading
from typing import Any

from django.db.backends.sqlite3 import base

WAIT_SECONDS = 20

_turn_in_process = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection whose transactions take turns."""

    _turn_file: int | None = None
    _has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()
        finally:
            self._end_turn()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()
        finally:
            self._end_turn()
            if self._turn_file is not None:
                os.close(self._turn_file)
                self._turn_file = None

    def _take_turn(self) -> None:
        if self.is_in_memory_db() or not _turn_in_process.acquire(timeout=WAIT_SECONDS):
            return  # SQLite's own waiting answers, with "database is locked" when it comes to that
        try:
            if self._turn_file is None:
                path = f"{self.settings_dict['NAME']}.turn"
                self._turn_file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._turn_file, fcntl.LOCK_EX)
        except BaseException:
            _turn_in_process.release()
            raise
        self._has_turn = True

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            if self._turn_file is not None:
                fcntl.flock(self._turn_file, fcntl.LOCK_UN)
            _turn_in_process.release()
