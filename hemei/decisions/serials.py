"""Serials of printed ballots: decision, number, and a keyed check mark that nobody can guess or work out."""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 without I, O, 0 and 1, which are taken for one another
MARK_LENGTH = 4
_SERIAL = re.compile(r"([0-9]{1,9})-([0-9]{4,6})-([A-Z0-9]{4})")


@dataclass(frozen=True)
class Serial:
    """As somebody typed it."""

    decision: int
    number: int
    mark: str


def mark_of(decision: int, key: str, number: int) -> str:
    """The check mark of ballot `number` for the unit `key`."""
    words = f"ballot:{decision}:{key}:{number}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).digest()
    bits = int.from_bytes(digest[:4], "big")
    return "".join(LETTERS[bits >> 5 * place & 31] for place in range(MARK_LENGTH))


def same_mark(given: str, printed: str) -> bool:
    return hmac.compare_digest(given.encode(), printed.encode())


def read(typed: str) -> Serial | None:
    """What was typed, or the address that a scanner read: full-width signs, spaces and small letters are taken as
    meant. None: no serial."""
    plain = unicodedata.normalize("NFKC", typed[:200]).strip().rstrip("/").rpartition("/")[2].upper()
    plain = re.sub(r"[\u2010-\u2015\u2212_\s-]+", "-", plain)
    found = _SERIAL.fullmatch(plain)
    return Serial(int(found[1]), int(found[2]), found[3]) if found else None
