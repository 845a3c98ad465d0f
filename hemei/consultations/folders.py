"""Exports on their way in and out: a folder of four files, or a zip of it, opened with care."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext as in_the_readers_language
from django.utils.translation import gettext_noop

from hemei.base.errors import Refused
from hemei.engines.opinion.export import COMMENTS, FILES, MATRIX, Export, Unreadable, read

ZIP_MAX = 50_000_000  # bytes as sent
FILE_MAX = 250_000_000  # bytes of one file unpacked
MEMBERS_MAX = 100
KEPT_HOURS = 24  # how long a finished export can be fetched, and an upload waits for its work

# what `engines.opinion.export` says of a folder it cannot read, so that it can be said in Chinese
TOLD = (
    gettext_noop("is missing in the folder"),
    gettext_noop("cannot be read (%(why)s)"),
    gettext_noop("is not UTF-8; save the file as UTF-8 and try again"),
    gettext_noop("holds a NUL character"),
    gettext_noop("is no CSV from here on (%(why)s)"),
    gettext_noop("the column %(column)s is missing"),
    gettext_noop("a column stands there twice"),
    gettext_noop("has %(found)d columns, the header has %(needed)d"),
    gettext_noop("%(column)s is %(found)s; a whole number from 0 to %(most)d is needed"),
    gettext_noop("a vote is %(found)s; it is 1, 0 or -1, or nothing"),
    gettext_noop("has %(found)d columns; a key and a value are needed"),
    gettext_noop("moderated is %(found)s; it is 1, 0 or -1"),
    gettext_noop("statement %(number)d stands there twice"),
    gettext_noop("voter %(number)d is not in participants-votes.csv"),
    gettext_noop("statement %(number)d is not in comments.csv"),
    gettext_noop("two columns stand for the same statement"),
    gettext_noop("participant %(number)d stands there twice"),
    gettext_noop("there is a column for statement %(number)d, which comments.csv does not have"),
)


def read_folder(folder: Path) -> Export:
    """The export in `folder`. Raises Refused with file and line for what cannot be read."""
    try:
        return read(folder)
    except Unreadable as fault:
        told = in_the_readers_language(fault.told) % fault.values
        if not fault.line:
            raise Refused(_("%(file)s %(told)s. Nothing was imported.") % {"file": fault.file, "told": told}) from fault
        where = {"file": fault.file, "line": fault.line, "told": told}
        raise Refused(_("%(file)s, line %(line)d: %(told)s. Nothing was imported.") % where) from fault


def digest_of(folder: Path) -> str:
    """sha256 over names and contents of the export's files."""
    digest = hashlib.sha256()
    for name in FILES:
        path = folder / name
        if path.exists():
            content = path.read_bytes()
            digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


# zips


def check_zip(file: IO[bytes]) -> None:
    """Raises Refused unless `file` is a zip that holds an export and unpacks to a bearable size."""
    try:
        with zipfile.ZipFile(file) as packed:
            members = _members(packed)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as fault:
        raise Refused(_not_a_zip(), field="file") from fault
    if missing := [name for name in (COMMENTS, MATRIX) if name not in members]:
        told = _("The zip holds no %(file)s. Pack the folder as it was exported, and send that.")
        raise Refused(told % {"file": missing[0]}, field="file")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The four files of the zip at `path` in a folder of their own, gone afterwards; nothing else is unpacked."""
    with TemporaryDirectory(prefix="hemei-") as folder:
        try:
            with zipfile.ZipFile(path) as packed:
                for name, member in _members(packed).items():
                    with packed.open(member) as source, (Path(folder) / name).open("wb") as out:
                        shutil.copyfileobj(_Limited(source), out)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as fault:
            raise Refused(_not_a_zip()) from fault
        yield Path(folder)


def _members(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The export's files by their names, wherever in the zip they lie; their own paths are never used."""
    infos = packed.infolist()
    if len(infos) > MEMBERS_MAX:
        raise Refused(
            _("The zip holds more than %(most)d files. Pack the four of the export only.") % {"most": MEMBERS_MAX},
            field="file",
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.rpartition("/")[2]
        if info.is_dir() or name not in FILES or "__MACOSX" in info.filename:
            continue
        if name in found:
            raise Refused(_("The zip holds %(file)s twice. Pack one export only.") % {"file": name}, field="file")
        if info.flag_bits & 1:
            raise Refused(_("The zip is locked with a password. Pack it without one."), field="file")
        if info.file_size > FILE_MAX:
            raise Refused(_too_large(), field="file")
        found[name] = info
    return found


class _Limited:
    """Reads no more than FILE_MAX, whatever the zip said of its size."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.left = source, FILE_MAX

    def read(self, size: int = -1) -> bytes:
        part = self.source.read(size)
        self.left -= len(part)
        if self.left < 0:
            raise Refused(_too_large())
        return part


def _not_a_zip() -> str:
    return _("This is no zip, or it did not arrive whole. Pack the export's folder as a zip and send that.")


def _too_large() -> str:
    return _("Unpacked, a file of it is larger than %(most)d MB.") % {"most": FILE_MAX // 1_000_000}


# where zips wait: uploads for their work, finished exports for who asked


def waiting_at(key: UUID) -> Path:
    return _in("waiting", key)


def finished_at(key: UUID) -> Path:
    return _in("finished", key)


def _in(shelf: str, key: UUID) -> Path:
    folder = Path(settings.MEDIA_ROOT) / "polis" / shelf
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{key}.zip"


def sweep(at: datetime) -> None:
    """Remove what nobody fetched or whose work never came."""
    before = (at - timedelta(hours=KEPT_HOURS)).timestamp()
    for path in (Path(settings.MEDIA_ROOT) / "polis").glob("*/*.zip"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def pack(files: dict[str, str], path: Path) -> None:
    """A zip of the files, the same bytes for the same files."""
    made = path.with_suffix(".part")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    made.replace(path)
