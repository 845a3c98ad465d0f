"""Runs a command on a throw-away PostgreSQL of this machine's own binaries:

    .venv/bin/python tools/postgres.py COMMAND ...

A cluster in a folder of its own, on a Unix socket and no port, gone when the command ends. As root it is run by an
unprivileged user, because PostgreSQL refuses root; where no server is installed, Debian's package is tried.
Exit status of the command; 2 when no PostgreSQL could be had.
"""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import browser

# what a test database does not need: durability, and room for more than a test run
CONFIGURED = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 256MB
"""


def binaries() -> Path | None:
    """Folder with initdb and postgres, the newest there is."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    on_path = shutil.which("initdb")
    places = [*found, *glob.glob("/opt/homebrew/opt/postgresql*/bin/initdb"), *([on_path] if on_path else [])]
    real = [Path(os.path.realpath(path)).parent for path in places]
    return next((place for place in reversed(real) if (place / "postgres").exists()), None)


def lesser_user() -> pwd.struct_passwd | None:
    """Whom to become as root: postgres if there is one, else nobody; None for who is no root anyway."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL refuses root, and there is neither a user postgres nor a user nobody to become.")


class Cluster:
    """A PostgreSQL server in `folder`, begun and ended by this process."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder, self.user = programs, folder, lesser_user()
        self.server: subprocess.Popen[bytes] | None = None

    def run(self, name: str, *words: str) -> "subprocess.Popen[bytes]":
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        log = open(self.folder / "log", "ab")  # noqa: SIM115 - the server keeps it open
        environment = {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        return subprocess.Popen(
            [str(self.programs / name), *words],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=self.folder,
            **as_user,
        )

    def start(self) -> None:
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        data = str(self.folder / "data")
        made = self.run(
            "initdb", "-D", data, "-U", "hemei", "--auth=trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"
        )
        if made.wait() != 0:
            raise SystemExit((self.folder / "log").read_text())
        with open(self.folder / "data" / "postgresql.conf", "a") as configuration:
            configuration.write(f"{CONFIGURED}unix_socket_directories = '{self.folder}'\n")
        self.server = self.run("postgres", "-D", data)
        for _ in range(200):
            if (self.folder / ".s.PGSQL.5432").exists() and self.run("pg_isready", "-h", str(self.folder)).wait() == 0:
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()


def main() -> int:
    programs = binaries()
    if programs is None and browser.install("postgresql"):
        programs = binaries()
    if programs is None:
        print("No PostgreSQL server is installed (initdb and postgres). On Debian: apt install postgresql")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="hemei-pg-", dir="/tmp"))
    folder.chmod(0o711)
    cluster = Cluster(programs, folder)
    try:
        cluster.start()
        print(f"PostgreSQL of {programs}, in {folder}", flush=True)
        address = f"postgres://hemei@/postgres?host={folder}"
        return subprocess.call(sys.argv[1:], env={**os.environ, "HEMEI_DATABASE_URL": address})
    except KeyboardInterrupt:
        return 130
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
