"""How a chain is computed: canonical text, digests, the mark on its head, the root of a day. No database here."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

GENESIS = "0" * 64


def canonical(value: Any) -> str:
    """The one text for a JSON value: sorted keys, no spaces, no NaN; times as ISO 8601 in UTC to the microsecond."""
    return _ENCODER.encode(value)


def _plain(value: Any) -> str:
    return moment(value) if isinstance(value, datetime) else str(value)


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(salt: str, words: str) -> str:
    return hashlib.sha256(f"{salt}:{words}".encode()).hexdigest()


def entry_hash(
    *, previous: str, subject: str, position: int, verb: str, at: datetime, step: str, quiet: bool, public: str, row: str, digest: str
) -> str:
    """sha256 of the previous hash, then the canonical text of everything public, then the personal digest."""
    said = canonical([subject, position, verb, moment(at), step, quiet, public, row])
    return hashlib.sha256(f"{previous}\n{said}\n{digest}".encode()).hexdigest()


def head_mark(subject: str, length: int, head: str) -> str:
    """Keyed digest of where a chain stands, with the key that lives outside the database."""
    return hmac.new(settings.SECRET_KEY.encode(), f"hemei.ledger\n{subject}\n{length}\n{head}".encode(), "sha256").hexdigest()


def leaf(subject: str, length: int, head: str) -> str:
    return hashlib.sha256(f"\x00{subject}\n{length}\n{head}".encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """Merkle root after RFC 6962: leaves and nodes hashed with different prefixes, an odd node rises alone."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [
            hashlib.sha256(f"\x01{left}{right}".encode()).hexdigest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]
