"""A whole Hemei for tests that need one: `hemei run` in a folder of its own, on a free port, killed when asked."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

HOUSE = Path(__file__).resolve().parents[1]
SERVER = os.environ.get("HEMEI_DATABASE_URL", "")  # where tools/postgres.py runs the tests
TOKEN = "a" * 32  # a form token is right when cookie and field say the same


def make_database(name: str, *, like: str = "template1") -> None:
    """A database on the tests' PostgreSQL, unless it stands already; `like` another one begins it anew."""
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        if like != "template1":
            server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """folder: HEMEI_DATA. demo: HEMEI_DEMO. Everything else as shipped."""

    folder: Path
    demo: str = "no"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if SERVER.startswith("postgres"):
            make_database(self.database)
            self.more = {"HEMEI_DATABASE_URL": SERVER.replace("/postgres?", f"/{self.database}?"), **self.more}

    @property
    def database(self) -> str:
        """Name of this house's own database, where the tests run on PostgreSQL."""
        return f"house_{hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]}"

    def copy_to(self, folder: Path) -> None:
        """Files and database as they stand, while nothing runs on them."""
        shutil.copytree(self.folder, folder)
        if SERVER.startswith("postgres"):
            make_database(House(folder).database, like=self.database)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEMEI_", "PYTEST"))}
        return {
            **kept,
            "HEMEI_DATA": str(self.folder),
            "HEMEI_DEMO": self.demo,
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }

    def hemei(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One verb of the command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "hemei", *words],
            cwd=HOUSE,
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
        )

    def script(self, name: str, *words: str) -> dict[str, object]:
        """A script of tests/ that works on this house's database and prints one JSON object."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.{name}", *words],
            cwd=HOUSE,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, object] = json.loads(done.stdout)
        return said

    def start(self, *, seconds: float = 120) -> float:
        """Begin and wait until it answers. Returns how long that took."""
        begun = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        log = open(self.folder / "log", "ab")  # noqa: SIM115 - the server keeps it open
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hemei", "run"],
            cwd=HOUSE,
            env=self.environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        while time.monotonic() - begun < seconds:
            if self.process.poll() is not None:
                break
            if self.answers():
                return time.monotonic() - begun
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text()[-4000:])

    def answers(self) -> bool:
        try:
            with build_opener(ProxyHandler({})).open(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def children(self) -> list[int]:
        """Process ids of web server, its workers and the worker, whatever sessions they stand in."""
        assert self.process is not None
        found, look = [], [self.process.pid]
        while look:
            parent = look.pop()
            for status in Path("/proc").glob("[0-9]*/stat"):
                try:
                    said = status.read_text()
                except OSError:
                    continue
                if int(said.rpartition(")")[2].split()[1]) == parent:
                    found.append(int(status.parent.name))
                    look.append(int(status.parent.name))
        return found

    def kill(self) -> None:
        """kill -9 of everything this house began, in one go."""
        assert self.process is not None
        for pid in [self.process.pid, *self.children()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(10)
        self.process = None

    def stop(self) -> int:
        """As Ctrl-C does; returns the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(15)
        self.process = None
        return status


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    text: str


class Browserless:
    """Somebody with a cookie jar and no browser: gets pages and sends forms, follows nothing by itself."""

    def __init__(self, address: str, cookies: dict[str, str] | None = None) -> None:
        self.host = urlsplit(address).netloc
        self.cookies = {"csrftoken": TOKEN, **(cookies or {})}
        self.line: HTTPConnection | None = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answered:
        for attempt in (1, 2):
            if self.line is None:
                self.line = HTTPConnection(self.host, timeout=30)
            try:
                self.line.request(method, path, body, headers)
                answer = self.line.getresponse()
                text = answer.read().decode("utf-8", "replace")
                break
            except (ConnectionError, OSError):
                self.line.close()
                self.line = None
                if attempt == 2 or method == "POST":
                    raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                for key, morsel in SimpleCookie(value).items():
                    self.cookies[key] = morsel.value
        return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def get(self, path: str) -> Answered:
        return self._ask("GET", path, None, self._headers())

    def post(self, path: str, **fields: object) -> Answered:
        token = self.cookies.get("csrftoken", TOKEN)
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self.host}/"}
        return self._ask("POST", path, body, {**self._headers(), **kind})

    def follow(self, path: str) -> Answered:
        """Get, and go where it sends us, five times at most."""
        for _ in range(5):
            answer = self.get(path)
            if answer.status not in (301, 302, 303):
                return answer
            path = urljoin(path, answer.headers["location"])
        return answer


def links_in(text: str, of: str) -> list[str]:
    """Addresses on this site that a page links to, without fragments, in order."""
    found = (urljoin(of, address.replace("&amp;", "&")) for address in re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', text))
    return list(dict.fromkeys(one.partition("#")[0] for one in found if one.startswith("/")))
