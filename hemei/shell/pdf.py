"""Sheets of A4 as PDF: data in, bytes out. The same data give the same bytes, whenever and wherever they are made.

Words go to the typesetter as data and are set as plain text; none is ever read as markup. A character that the font
lacks, or that cannot be seen, is printed as its code in brackets, and the sheet says so.
"""

import hashlib
import json
import struct
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.ledger.queries import in_groups

HERE = Path(__file__).parent / "sheets"
PAGES_AT_ONCE = 60  # a longer print is a job
LEFT_OUT = {*map(chr, range(0xFE00, 0xFE10))}  # only say how the sign before them looks
SEEN = {"\n", " ", "\u00a0", "\u3000"}

Part = dict[str, Any]


# what stands on a sheet


def heading(words: str) -> Part:
    return {"is": "heading", "words": words}


def text(words: str, *, size: float = 1, strong: bool = False) -> Part:
    """size: against the sheet's own."""
    return {"is": "text", "words": words, "size": size, "strong": strong}


def small(words: str) -> Part:
    return {"is": "small", "words": words}


def facts(*rows: tuple[str, str]) -> Part:
    """Label and words, one pair a line; pairs without words are left out."""
    return {"is": "facts", "rows": [list(row) for row in rows if row[1]]}


def choices(*rows: str, tall: float = 34) -> Part:
    """Equal boxes to mark, in millimetres."""
    return {"is": "choices", "rows": list(rows), "tall": tall}


def ticks(rows: Sequence[str], *, columns: int = 2) -> Part:
    return {"is": "ticks", "rows": list(rows), "columns": columns}


def signatures(*labels: str, columns: int = 2, tall: float = 9) -> Part:
    """A line to write on behind each label; tall: millimetres from line to line."""
    return {"is": "signatures", "rows": list(labels), "columns": columns, "tall": tall}


def room(words: str, tall: float, *, dashed: bool = False) -> Part:
    """An empty frame to write or stick something in; tall: millimetres."""
    return {"is": "room", "words": words, "tall": tall, "dashed": dashed}


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    right: Sequence[int] = (),
    size: float = 11,
    tall: float = 2,
    ruled: bool = False,
) -> Part:
    """Its head is repeated on every page. right: columns of figures. tall: millimetres above and below the words."""
    return {
        "is": "table", "head": list(head), "rows": [list(row) for row in rows], "widths": list(widths),
        "right": list(right), "size": size, "tall": tall, "ruled": ruled,
    }  # fmt: skip


def framed(words: str, more: str = "", *, centred: bool = False) -> Part:
    """What must not be overlooked."""
    return {"is": "framed", "words": words, "more": more, "centred": centred}


def cut() -> Part:
    return {"is": "cut"}


@dataclass(frozen=True)
class Sheet:
    """One document of one or more pages, with pages of its own: "page 2 of 3".

    number: of the document, or the serial of a ballot. address: what its QR code carries; told: what it leads to.
    over: who says it, about which place, above the title. sealed: what a day's seal of the ledger holds of it; only
    then does the red seal stand on it. foot: what stands at the foot besides. size, head: points of text and title.
    language: of its words; the reader's where none is given.
    """

    number: str
    title: str
    parts: Sequence[Part]
    address: str = ""
    told: str = ""
    over: str = ""
    sealed: str = ""
    foot: str = ""
    size: float = 11
    head: float = 22
    centred: bool = False

    @property
    def mark(self) -> str:
        """Sixteen digits over all words of the sheet: alike where two sheets say the same."""
        said = [self.number, self.title, self.over, list(self.parts), self.foot]
        return in_groups(hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16])


def made(sheets: Sequence[Sheet], *, title: str, author: str, at: datetime) -> bytes:
    """The sheets as one PDF. at: when what they tell was so; it is the date of the file, the machine's clock is not
    asked."""
    english = get_language() == "en"
    words = {
        "title": _shown(title)[0],
        "author": _shown(author)[0],
        "lang": "en" if english else "zh",
        "region": "gb" if english else "cn",
        "sheets": [_plain(sheet) for sheet in sheets],
    }
    with _turn:  # one at a time in a process: it keeps a core busy
        compiler = typst.Compiler(HERE / "sheet.typ", root=HERE, font_paths=_fonts())
        pdf = compiler.compile(
            format="pdf",
            sys_inputs={"words": json.dumps(words)},
            timestamp=int(at.timestamp()),
            pdf_tags=len(sheets) <= PAGES_AT_ONCE,  # for those who hear a document; a stack of ballots is only printed
        )
    assert isinstance(pdf, bytes)
    return pdf


def answer(pdf: bytes, called: str) -> HttpResponse:
    """The PDF for somebody who may see it. called: the name of the file, never with a home or a person in it."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, called)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _plain(sheet: Sheet) -> dict[str, Any]:
    words = asdict(sheet)
    lacking: set[str] = set()
    shown = {name: _all_shown(value, lacking) for name, value in words.items() if name != "address"}
    return shown | {
        "qr": _qr(sheet.address) if sheet.address else None,
        "mark": _("Digits of these words: %(digits)s") % {"digits": sheet.mark},
        "pages": _("Page {n} of {m}"),
        "lacking": _lacks(lacking),
    }


def _lacks(codes: set[str]) -> str:
    if not codes:
        return ""
    return _("[U+…] stands for a character that cannot be printed here. Write it in by hand.")


def _all_shown(value: Any, lacking: set[str]) -> Any:
    if isinstance(value, str):
        words, codes = _shown(value)
        lacking |= codes
        return words
    if isinstance(value, dict):
        return {name: one if name == "is" else _all_shown(one, lacking) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_all_shown(one, lacking) for one in value]
    return value


def _shown(words: str) -> tuple[str, set[str]]:
    """The words as they can be printed, and the codes of those characters that cannot."""
    if words.isascii() and words.isprintable():
        return words, set()
    drawn, codes, out = _drawn(), set(), []
    for c in unicodedata.normalize("NFC", words):
        if c in LEFT_OUT:
            continue
        if c in SEEN or (ord(c) in drawn and unicodedata.category(c)[0] not in "CZ"):
            out.append(c)
        else:
            code = f"[U+{ord(c):04X}]"
            codes.add(code)
            out.append(code)
    return "".join(out), codes


def _qr(address: str) -> str:
    """The code as one path of squares, dark on white with its quiet border."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None, light="white")


@cache
def _fonts() -> typst.Fonts:
    """The two weights of this folder and nothing of the machine's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE)])


@cache
def _drawn() -> frozenset[int]:
    """The characters the regular weight draws, as its own table lists them (cmap, format 12)."""
    font = (HERE / "NotoSansSC-Regular.ttf").read_bytes()
    tables = struct.unpack(">H", font[4:6])[0]
    records = (struct.unpack(">4sIII", font[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    encodings = struct.unpack(">H", font[cmap + 2 : cmap + 4])[0]
    for n in range(encodings):
        start = cmap + struct.unpack(">HHI", font[cmap + 4 + 8 * n : cmap + 12 + 8 * n])[2]
        if struct.unpack(">H", font[start : start + 2])[0] == 12:
            groups = struct.unpack(">I", font[start + 12 : start + 16])[0]
            spans = struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups])
            return frozenset(code for first, last, _glyph in spans for code in range(first, last + 1))
    raise AssertionError("the font has no table of all its characters")


_turn = threading.Lock()
