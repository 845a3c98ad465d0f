"""The reader of settings: every setting comes from the environment, a bad value stops the start and says why."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url


class BadSetting(Exception):
    """A setting of the environment that Hemei cannot start with; the text says which values are right."""


@dataclass(frozen=True)
class Environment:
    """What `HEMEI_…` and `PORT` say, read once at the start.

    port: TCP port of the web server. bind: address it listens on. hosts: names it answers to.
    folder: where database and files live. database: Django's DATABASES entry.
    demo: "yes" (load the demo when the database is empty), "no", or "public" (as "yes", and open to
    other machines although demo accounts exist). zone: the place's time zone.
    """

    port: int
    bind: str
    hosts: tuple[str, ...]
    folder: Path
    database: dict[str, object]
    secret_key: str
    demo: str
    zone: str
    workers: int
    tls: bool


def read_environment() -> Environment:
    """Read the settings. Raises BadSetting with the name, the value's fault and what would be right."""
    folder = _folder(os.environ.get("HEMEI_DATA", "data"))
    hosts = tuple(h.strip() for h in os.environ.get("HEMEI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h.strip())
    return Environment(
        port=_whole("PORT", "8000", 1, 65535),
        bind=os.environ.get("HEMEI_BIND", "127.0.0.1"),
        hosts=hosts,
        folder=folder,
        database=_database(os.environ.get("HEMEI_DATABASE_URL", ""), folder),
        secret_key=os.environ.get("HEMEI_SECRET_KEY") or _kept_secret(folder),
        demo=_one_of("HEMEI_DEMO", "yes", ("yes", "no", "public")),
        zone=os.environ.get("HEMEI_ZONE", "Asia/Shanghai"),
        workers=_whole("HEMEI_WORKERS", "2", 1, 64),
        tls=_one_of("HEMEI_TLS", "no", ("yes", "no")) == "yes",
    )


def _whole(name: str, default: str, least: int, most: int) -> int:
    value = os.environ.get(name) or default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise BadSetting(f"{name}={value!r}: a whole number from {least} to {most} is needed.")
    return int(value)


def _one_of(name: str, default: str, right: tuple[str, ...]) -> str:
    value = os.environ.get(name) or default
    if value not in right:
        raise BadSetting(f"{name}={value!r}: it is one of {', '.join(right)}.")
    return value


def _folder(value: str) -> Path:
    folder = Path(value).expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's data: its owner's alone
        (folder / "files").mkdir(exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as fault:
        raise BadSetting(
            f"HEMEI_DATA={value!r}: the folder {folder} cannot be written ({fault.strerror}). "
            "Name a folder that this user may write, or give this one to the user."
        ) from fault
    return folder


def _kept_secret(folder: Path) -> str:
    """The key made at the first start and kept beside the database, readable by its owner alone."""
    kept = folder / "secret.key"
    try:
        with open(kept, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return kept.read_text().strip()


def _database(url: str, folder: Path) -> dict[str, object]:
    """SQLite in `folder`, or what HEMEI_DATABASE_URL names (sqlite: or postgres:)."""
    if not url or urlsplit(url).scheme == "sqlite":
        name = urlsplit(url).path.removeprefix("/") if url else str(folder / "hemei.sqlite3")
        return {
            "ENGINE": "hemei.base.sqlite",
            "NAME": name,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA busy_timeout=20000; PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
                    "PRAGMA wal_autocheckpoint=10000;"
                ),
            },
        }
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise BadSetting(
            "HEMEI_DATABASE_URL: it begins with sqlite: or postgres:, as in postgres://user:password@host/name."
        )
    entry: dict[str, object] = dict(dj_database_url.parse(url, conn_max_age=None))
    entry["CONN_HEALTH_CHECKS"] = True
    return entry
