"""Files people send: looked at before they are opened, pictures made anew, kept under random names.

Who may fetch a file is decided by the room whose row points to it; its view then gives `answer(upload)`.
"""

import hashlib
import io
import os
import re
import struct
import unicodedata
import warnings
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from hemei.base import tables
from hemei.base.errors import Refused
from hemei.base.models import Upload

BYTES_MAX = 20_000_000
PIXELS_MAX = 50_000_000  # read from the header before anything is decoded; phones make 12 to 50 million
SIDE_MAX = 2000  # of a stored picture: a poster is still readable, and it loads over a weak network
CALLED_MAX = 100
ORPHAN_HOURS = 1  # a younger file without a row may belong to a transaction that has not ended yet

SUFFIXES = {
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # the limit below is lower and refuses
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_BROKEN = (  # what decoders raise over broken or hostile pictures
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, RuntimeError, OverflowError,
    ZeroDivisionError, MemoryError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A file that was looked at and can be kept: its content as it will be stored.

    key: of the row to come, where the content lies on the disk already (`write_ahead`).
    """

    content: bytes
    kind: str
    called: str
    width: int | None = None
    height: int | None = None
    key: UUID | None = None


# looking at what came


def check(file: UploadedFile | Checked, sort: str) -> Checked:
    """Look at `file`. sort: "picture", "document" (PDF, picture or plain text) or "table" (CSV or XLSX).

    Goes by the content, never by the name. Raises Refused, which says what to send instead.
    """
    if isinstance(file, Checked):
        return file
    if file.size is None or file.size > BYTES_MAX:
        told = _("The file is larger than %(most)d MB. Send a smaller one.")
        raise Refused(told % {"most": BYTES_MAX // 1_000_000})
    file.seek(0)
    content = file.read(BYTES_MAX + 1)
    called = called_safely(file.name or "")
    if not content:
        raise Refused(_("The file is empty. Choose another one."))
    return {"picture": _picture, "document": _document, "table": _table}[sort](content, called)


def _picture(content: bytes, called: str) -> Checked:
    """The picture upright, at most SIDE_MAX on a side, as JPEG; nothing of it but its pixels is kept."""
    try:
        with _opened(content) as source:
            _refuse_too_many_pixels(source.size)
            source.draft("RGB", (SIDE_MAX, SIDE_MAX))  # JPEG is decoded no larger than needed
            upright = ImageOps.exif_transpose(source)
            if upright.mode not in ("RGB", "RGBA", "L", "LA"):
                upright = upright.convert("RGBA" if "transparency" in upright.info or "A" in upright.mode else "RGB")
            upright.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
            clean = Image.new("RGB", upright.size, "white")
            clean.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise Refused(_too_many_pixels()) from fault
    except _BROKEN as fault:
        raise Refused(_("This picture is damaged or was not sent whole. Take it again, or choose another.")) from fault
    made = io.BytesIO()
    clean.save(made, "JPEG", quality=85, optimize=True, progressive=True)
    return Checked(made.getvalue(), "image/jpeg", called, *clean.size)


def _opened(content: bytes) -> Image.Image:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    try:
        return Image.open(io.BytesIO(content), formats=_FORMATS)
    except Image.UnidentifiedImageError as fault:
        if re.match(rb"\s*<(\?xml|svg|!DOCTYPE svg)", content[:200], re.IGNORECASE):
            raise Refused(_("Drawings (SVG) cannot be shown here. Send it as a JPEG or PNG picture.")) from fault
        raise Refused(_("This is not a picture that we can read. Send JPEG, PNG, WEBP, HEIC or GIF.")) from fault


def _refuse_too_many_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > PIXELS_MAX:
        raise Refused(_too_many_pixels(size[0] * size[1]))


def _too_many_pixels(count: int = 0) -> str:
    if count:
        told = _(
            "The picture has %(count)d megapixels, and at most %(most)d can be taken in. "
            "Make it smaller, or photograph in a lower resolution."
        )
        return told % {"count": count // 1_000_000, "most": PIXELS_MAX // 1_000_000}
    told = _("The picture has far more than %(most)d megapixels. Make it smaller, or photograph in a lower resolution.")
    return told % {"most": PIXELS_MAX // 1_000_000}


_PICTURE_MARKS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")


def _document(content: bytes, called: str) -> Checked:
    if b"%PDF-" in content[:1024]:
        if b"%%EOF" not in content[-2048:]:
            raise Refused(_("This PDF is damaged or was not sent whole. Save it anew and send that."))
        return Checked(content, "application/pdf", called)
    if content.startswith(_PICTURE_MARKS) or content[4:8] == b"ftyp":
        return _picture(content, called)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused(_("Word and Excel files cannot be shown to everybody here. Save it as a PDF and send that."))
    if b"<" in content[:200] and re.match(
        rb"[\xef\xbb\xbf\s]*<(\?xml|!doctype|html|svg)", content[:200], re.IGNORECASE
    ):
        raise Refused(_("Web pages and drawings (SVG) cannot be shown here. Save it as a PDF and send that."))
    try:
        text = tables.decoded(content)
    except Refused as refusal:
        raise Refused(_not_a_document()) from refusal
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t\f" for c in text):
        raise Refused(_not_a_document())
    return Checked(text.encode(), "text/plain", called)


def _not_a_document() -> str:
    return _("This is no document that we can show. Send a PDF, a picture or a plain text.")


def _table(content: bytes, called: str) -> Checked:
    tables.read_table(content)
    return Checked(content, XLSX if content.startswith(b"PK") else "text/csv", called)


def called_safely(name: str) -> str:
    """A file's name for showing: no folders, no characters that hide or turn words, not too long."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    stem, dot, suffix = name.strip(" .").rpartition(".")
    return f"{stem[: CALLED_MAX - 10]}{dot}{suffix[:8]}" if stem else suffix[:CALLED_MAX]


# keeping


def write_ahead(checked: Checked) -> Checked:
    """Put the content on the disk before a transaction begins, so that nobody waits for the disk inside it.

    What no row comes to point to is removed like the file of any transaction that rolled back.
    """
    ahead = replace(checked, key=uuid4())
    _write(path_of(Upload(pk=ahead.key, kind=ahead.kind)), ahead.content)
    return ahead


def store(*, file: UploadedFile | Checked, sort: str, sent_by: int | None, at: datetime) -> Upload:
    """Keep `file` (see `check` for sorts and refusals) and return its row; a step of the caller's transaction.

    The file is on the disk before the row is committed, so that no row is ever without it. After a rollback nothing
    points to the file and nobody can fetch it; the clock's round removes it within two hours. sent_by: a person's key.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    checked = check(file, sort)
    upload = Upload(
        kind=checked.kind,
        size=len(checked.content),
        width=checked.width,
        height=checked.height,
        sha256=digest_of(checked),
        called=checked.called,
        sent_by=sent_by,
        sent_at=at,
    )
    if checked.key is None:
        _write(path_of(upload), checked.content)
    else:
        upload.pk = checked.key
    upload.save(force_insert=True)
    return upload


def digest_of(checked: Checked) -> str:
    return hashlib.sha256(checked.content).hexdigest()


def path_of(upload: Upload) -> Path:
    return Path(settings.MEDIA_ROOT) / upload.pk.hex[:2] / f"{upload.pk}{SUFFIXES[upload.kind]}"


def _write(path: Path, content: bytes) -> None:
    """Readable by this user alone, and on the disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as kept:
        kept.write(content)
        kept.flush()
        os.fsync(kept.fileno())
    _settle(path.parent)
    if path.parent not in _settled:  # of the 256 folders; they stay, so the one above is settled once
        _settle(path.parent.parent)
        _settled.add(path.parent)


_settled: set[Path] = set()


def _settle(folder: Path) -> None:
    """What the folder lists is on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def content_of(upload: Upload) -> bytes:
    return path_of(upload).read_bytes()


def discard(upload: Upload) -> None:
    """The row goes with the caller's transaction, the file after its commit."""
    transaction.on_commit(partial(path_of(upload).unlink, missing_ok=True))
    upload.delete()


def sweep_orphans(*, at: datetime, part: int) -> int:
    """Remove files that no row knows: of transactions that rolled back, or whose machine stopped before the commit.

    part: which of the 256 folders; the clock comes by often, so that one at a time is soon all of them.
    """
    before, old = (at - timedelta(hours=ORPHAN_HOURS)).timestamp(), {}
    for path in Path(settings.MEDIA_ROOT).glob(f"{part % 256:02x}/*"):
        if _is_key(path.stem) and path.stat().st_mtime < before:
            old[path.stem] = path
    known = {str(key) for key in Upload.objects.filter(pk__in=list(old)).values_list("pk", flat=True)}
    orphans = [path for stem, path in old.items() if stem not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _is_key(stem: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", stem) is not None


# giving


def answer(upload: Upload) -> HttpResponseBase:
    """The file for somebody who may see it: never run, never sniffed, kept by no cache but the reader's own."""
    try:
        opened = path_of(upload).open("rb")
    except FileNotFoundError as fault:
        raise Http404 from fault
    shown = upload.kind in ("image/jpeg", "text/plain")
    kind = f"{upload.kind}; charset=utf-8" if upload.kind.startswith("text/") else upload.kind
    response = FileResponse(opened, content_type=kind)
    called = Path(upload.called).stem or upload.pk.hex[:8]
    response.headers["Content-Disposition"] = content_disposition_header(not shown, called + SUFFIXES[upload.kind])
    response.headers["Content-Length"] = str(upload.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


# fields


class _FileField(forms.FileField):
    sort = ""
    accept = ""
    default_error_messages = {
        "required": gettext_lazy("Choose a file first."),
        "invalid": gettext_lazy("Choose a file first."),
        "missing": gettext_lazy("Choose a file first."),
        "empty": gettext_lazy("The file is empty. Choose another one."),
    }

    def to_python(self, data: Any) -> Checked | None:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return check(file, self.sort)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": self.accept}


class PictureField(_FileField):
    """A picture; its clean value is ready for `store(sort="picture")`."""

    sort = "picture"
    accept = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/gif"


class DocumentField(_FileField):
    """A PDF, a picture or a plain text; its clean value is ready for `store(sort="document")`."""

    sort = "document"
    accept = "application/pdf,image/jpeg,image/png,image/webp,image/heic,text/plain"


class TableField(_FileField):
    """A list in CSV or XLSX; its clean value is ready for `store(sort="table")`."""

    sort = "table"
    accept = ".csv,.txt,.xlsx,text/csv," + XLSX
