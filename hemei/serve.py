"""The web server, as a child of `hemei run`: granian with several processes of a few threads each."""

import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from hemei.base.environment import read_environment
from hemei.lifeline import end_with_parent

THREADS = 2  # for each process: one waits for the disk while the other computes; more only take turns


def main() -> int:
    settings = read_environment()
    end_with_parent()
    Server(
        "hemei.wsgi:application",
        address=settings.bind,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=3,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
