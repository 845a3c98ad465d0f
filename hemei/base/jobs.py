"""Long work: begun by a page, the clock or the command; its progress can be read and it can be stopped.

The work is a function `work(progress, **words) -> dict` named by its room, "consultations.import_polis", found as
`hemei.consultations.jobs.import_polis`. It calls `progress.at(done, total, doing)` every so often and may be
interrupted there by `Stopped`; what it had not committed is rolled back.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.models import Job

log = logging.getLogger("hemei.jobs")

SILENT_SECONDS = 120  # a running job that said nothing for so long has lost its worker


class Stopped(Exception):
    """Somebody asked this work to stop."""


class Progress(Protocol):
    def at(self, done: int, total: int, doing: object = "") -> None:
        """Say how far the work is; raises Stopped when somebody asked for it."""


class KeptProgress:
    """Progress kept in the job's row, at most twice a second; not writable inside a transaction of the work."""

    def __init__(self, job: Job) -> None:
        self.job, self.said_at = job, 0.0

    def at(self, done: int, total: int, doing: object = "") -> None:
        if time.monotonic() - self.said_at < 0.5 or transaction.get_connection().in_atomic_block:
            return
        self.said_at = time.monotonic()
        Job.objects.filter(pk=self.job.pk).update(
            done=min(done, total), total=total, doing=str(doing)[:200], touched_at=clock.now()
        )
        if Job.objects.filter(pk=self.job.pk, stop_asked=True).exists():
            raise Stopped


class PrintedProgress:
    """Progress on the terminal; Ctrl-C is the way to stop."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say, self.said_at = say, 0.0

    def at(self, done: int, total: int, doing: object = "") -> None:
        if time.monotonic() - self.said_at >= 0.5:
            self.said_at = time.monotonic()
            self.say(f"{doing} {done}/{total}".strip())


def start(*, kind: str, asked_by: int | None, words: dict[str, Any], at: Any, form_key: UUID | None = None) -> Job:
    """Put the work in the queue, in the caller's transaction. The same form again returns the first job."""
    if form_key and (earlier := Job.objects.filter(asked_by=asked_by, form_key=form_key).first()):
        return earlier
    job = Job.objects.create(
        kind=kind,
        asked_by=asked_by,
        words=words,
        language=translation.get_language() or "zh-hans",
        created_at=at,
        touched_at=at,
        form_key=form_key,
    )
    run.enqueue(str(job.pk))
    return job


def ask_to_stop(*, job: Job, at: Any) -> None:
    """Waiting work ends at once, running work at its next step."""
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.STOPPED, ended_at=at, stop_asked=True)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(stop_asked=True)


def mark_lost(*, at: Any) -> int:
    """Running work whose worker died is marked as failed, with what to do; called by the clock's own round."""
    lost = Job.objects.filter(state=Job.State.RUNNING, touched_at__lt=at - timedelta(seconds=SILENT_SECONDS))
    return lost.update(
        state=Job.State.FAILED,
        ended_at=at,
        told=_("The machine stopped in the middle. Nothing half-done was kept; start it again."),
    )


@task
def run(job_id: str) -> None:
    """What the background worker runs: one job, to its end, its stop or its failure."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
    if not claimed.update(state=Job.State.RUNNING, touched_at=clock.now()):
        return
    job = Job.objects.get(pk=job_id)
    room, name = job.kind.split(".")
    work = getattr(import_module(f"hemei.{room}.jobs"), name)
    with translation.override(job.language):
        try:
            outcome, state, told = work(KeptProgress(job), **job.words), Job.State.DONE, ""
        except Stopped:
            outcome, state, told = {}, Job.State.STOPPED, _("Stopped as asked. Nothing half-done was kept.")
        except Refused as refusal:
            outcome, state, told = {}, Job.State.FAILED, str(refusal)
        except Exception:
            log.exception("job %s (%s) failed", job.pk, job.kind)
            outcome, state = {}, Job.State.FAILED
            told = _("Something went wrong on our side and was written down. Nothing half-done was kept.")
    Job.objects.filter(pk=job.pk).update(
        state=state, outcome=outcome or {}, told=told, ended_at=clock.now(), touched_at=clock.now()
    )
