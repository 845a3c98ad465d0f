"""A copy of the SQLite database while it is in use, through SQLite's own backup from a connection of its own."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from hemei.base.environment import BadSetting

PAGES_AT_ONCE = 2000


def copy_database(source: Path, target: Path, say: Callable[[str], object]) -> int:
    """Copy `source` to `target`, checked and on disk before it gets its name. Returns the size in bytes.

    Nothing stands under the target's name unless it is whole. Raises BadSetting when one of them cannot be used.
    """
    if not source.exists():
        raise BadSetting(f"There is no database at {source} yet.")
    if target.is_dir() or not target.parent.is_dir():
        raise BadSetting(f"{target}: name a file in a folder that exists.")
    growing = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _copy(source, growing, say)
        _put_on_disk(growing)
        growing.replace(target)
    except (sqlite3.Error, OSError) as fault:
        raise BadSetting(f"{target}: the copy could not be made ({fault}).") from fault
    finally:
        growing.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, growing: Path, say: Callable[[str], object]) -> None:
    reading = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    writing = sqlite3.connect(growing)
    growing.chmod(0o600)
    try:
        reading.backup(writing, pages=PAGES_AT_ONCE, progress=lambda _s, left, all_: say(f"pages {all_ - left}/{all_}"))
        writing.execute("PRAGMA journal_mode=DELETE")
        if (found := writing.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise BadSetting(f"{source}: the database is damaged ({found}).")
    finally:
        writing.close()
        reading.close()


def _put_on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
