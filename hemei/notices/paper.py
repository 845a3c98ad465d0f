"""How a posted notice fits on one sheet of A4: title in 28 pt, text in 16 pt, as `hemei.css` sets them."""

import hashlib
import unicodedata
from math import ceil

import segno

from hemei.ledger.queries import in_groups

TITLE_EMS, TITLE_LINES = 17, 4  # full-width characters in a line, and lines, on paper 178 mm wide
TEXT_EMS, TEXT_LINES = 30, 20
NARROW_EMS, PICTURE_EMS = 0.6, 1.5  # a small Latin letter, and an emoji, beside a Chinese character


def lines_of(text: str, ems: int) -> int:
    """How many lines `text` takes where `ems` full-width characters stand in one; rather one more than one less."""
    return sum(max(1, ceil(_ems(line) / ems)) for line in text.split("\n"))


def _ems(line: str) -> float:
    return sum(map(_em, line))


def _em(c: str) -> float:
    if unicodedata.category(c) == "So":
        return PICTURE_EMS
    wide = unicodedata.east_asian_width(c) in "WFA" or c.isupper() or c in "mw@%"
    return 1 if wide else NARROW_EMS


def qr(address: str, told: str) -> str:
    """A QR code as SVG that carries `address`, with `told` for those who hear the page."""
    return segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=told
    )


def mark(serial: str, title: str, text: str) -> str:
    """Twelve digits over the words of a sheet, printed on it and shown on its page: alike where both say the same."""
    said = "\n".join(("hemei.sheet", serial, title, text))
    return in_groups(hashlib.sha256(said.encode()).hexdigest()[:12])
