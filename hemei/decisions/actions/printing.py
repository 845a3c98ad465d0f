"""Long prints: put in the queue, made by the worker."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base import jobs
from hemei.base.errors import NotAllowed
from hemei.base.models import Job
from hemei.decisions import policy, steps
from hemei.decisions.models import PrintRun
from hemei.people.actor import Actor


@transaction.atomic(durable=True)
def typeset_ballots(*, actor: Actor, run: PrintRun, site: str, form_key: UUID, at: datetime) -> Job:
    """Have the unused ballots of a run set as one PDF, for a printer's tray; the run and its serials stay as they are.

    site: the address of this house, which the codes on the ballots carry. The same form again returns the first job.
    Raises NotAllowed.
    """
    if not policy.runs(actor, run.decision):
        raise NotAllowed(_("Ballots are printed by the desk that runs the vote."))
    decision = steps.locked(run.decision)  # two tabs take turns
    asked_by = actor.person.pk if actor.person is not None else None
    if earlier := Job.objects.filter(asked_by=asked_by, form_key=form_key).first():
        return earlier
    said = {"run": run.pk, "site": site}
    job = jobs.start(kind="decisions.typeset_ballots", asked_by=asked_by, words=said, at=at, form_key=form_key)
    steps.record_quietly(decision, actor=actor, verb="decisions.ballots_typeset", at=at)
    return job
