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


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(salt: str, words: str) -> str:
    return hashlib.sha256(f"{salt}:{words}".encode()).hexdigest()


def entry_hash(
    *,
    previous: str,
    subject: str,
    position: int,
    verb: str,
    at: datetime,
    step: str,
    quiet: bool,
    public: str,
    row: str,
    digest: str,
) -> str:
    """sha256 of the previous hash, then the canonical text of everything public, then the personal digest."""
    said = canonical([subject, position, verb, moment(at), step, quiet, public, row])
    return hashlib.sha256(f"{previous}\n{said}\n{digest}".encode()).hexdigest()


def head_mark(subject: str, length: int, head: str) -> str:
    """Keyed digest of where a chain stands, with the key that lives outside the database."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"hemei.ledger\n{subject}\n{length}\n{head}".encode(), "sha256"
    ).hexdigest()


def seal_mark(seal: Any) -> str:
    """Keyed digest of everything a seal says, so that none of it can be changed without the key."""
    said = canonical([str(seal.day), moment(seal.at), seal.root, seal.chains, seal.entries, seal.previous])
    return hmac.new(settings.SECRET_KEY.encode(), f"hemei.seal\n{said}".encode(), "sha256").hexdigest()


def leaf(subject: str, length: int, head: str) -> str:
    return hashlib.sha256(f"\x00{subject}\n{length}\n{head}".encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """Merkle root after RFC 6962: leaves and nodes hashed with different prefixes, an odd node rises alone."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def _node(left: str, right: str) -> str:
    return hashlib.sha256(f"\x01{left}{right}".encode()).hexdigest()


class Tree:
    """The Merkle tree over all chains, in the order of their keys, that computes anew only what a day changed."""

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._places: dict[int, int] = {}
        self._levels: list[list[str]] = [[]]

    def put(self, leaves: dict[int, str]) -> None:
        """Put or replace the leaves of these chains."""
        new = sorted(leaves.keys() - self._places.keys())
        if new and self._keys and new[0] < self._keys[-1]:  # one stands before others: rare, so build it again
            standing = {**dict(zip(self._keys, self._levels[0], strict=True)), **leaves}
            self.__init__()  # type: ignore[misc]
            return self.put(standing)
        for key in new:
            self._places[key] = len(self._keys)
            self._keys.append(key)
            self._levels[0].append("")
        changed = {self._places[key] for key in leaves}
        for key, said in leaves.items():
            self._levels[0][self._places[key]] = said
        self._rise(changed)
        return None

    def _rise(self, changed: set[int]) -> None:
        below = 0
        while len(self._levels[below]) > 1:
            under = self._levels[below]
            if len(self._levels) == below + 1:
                self._levels.append([])
                changed = set(range(len(under)))
            above = self._levels[below + 1]
            above.extend("" for _ in range((len(under) + 1) // 2 - len(above)))
            changed = {place // 2 for place in changed}
            for place in changed:
                pair = under[2 * place : 2 * place + 2]
                above[place] = _node(*pair) if len(pair) == 2 else pair[0]
            below += 1

    def root(self) -> str:
        """The same as `merkle_root` of all leaves."""
        return self._levels[-1][0] if self._keys else merkle_root([])
