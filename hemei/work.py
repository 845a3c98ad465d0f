"""The background worker, as a child of `hemei run`: long work from the queue, and the clock's rounds beside it."""

import logging
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from hemei.lifeline import end_with_parent
from hemei.start import set_up

LOOK_EVERY_SECONDS = 0.5  # how long new work waits at most before it begins
ROUND_EVERY_SECONDS = 5
BEAT = "worker.beat"  # touched after every round: the health page reads its age


def main() -> int:
    settings = set_up()
    end_with_parent()
    logging.getLogger("django_tasks").setLevel(logging.WARNING)
    threading.Thread(target=keep_the_clock, args=[settings.folder / BEAT], name="clock", daemon=True).start()
    threading.Thread(target=keep_sending, name="sender", daemon=True).start()
    work()
    return 0


def keep_the_clock(beat: Path) -> None:
    from django.db import close_old_connections

    from hemei.base import clock
    from hemei.clockwork import Clockwork

    clockwork = Clockwork()
    while True:
        close_old_connections()
        clockwork.round(clock.now())
        beat.touch()
        time.sleep(ROUND_EVERY_SECONDS)


def keep_sending() -> None:
    """Beside the clock's rounds: who waits for a sign-in code does not wait for them."""
    from django.db import close_old_connections

    from hemei.base import clock
    from hemei.clockwork import Clockwork

    clockwork = Clockwork(("outbox",))
    while True:
        close_old_connections()
        clockwork.round(clock.now())
        time.sleep(LOOK_EVERY_SECONDS)


def work() -> None:
    """Run what is in the queue until told to stop; the job at hand is then stopped, not torn."""
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    from hemei.base.jobs import Stopped

    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=LOOK_EVERY_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
    )

    def stop(_signal: int, _frame: Any) -> None:
        asked_before, worker.running = not worker.running, False
        if asked_before or not worker.running_task:
            sys.exit(0)
        raise Stopped  # the job takes it for its own stop and rolls back

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()


if __name__ == "__main__":
    sys.exit(main())
