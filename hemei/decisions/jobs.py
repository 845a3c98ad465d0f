"""Long work of this room, run by the worker."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base import clock, uploads
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.models import Job, Upload
from hemei.decisions.documents import ballots
from hemei.decisions.models import PrintRun
from hemei.decisions.queries import documents
from hemei.ledger.queries import chain_line
from hemei.places.queries import ABOVE, with_trail
from hemei.shell import pdf
from hemei.shell.words import named


def typeset_ballots(progress: Progress, *, run: int, site: str) -> dict[str, Any]:
    """The unused ballots of a run as one PDF, kept until the run is set again."""
    found = PrintRun.objects.select_related("decision__body", "decision__roll", f"decision__place__{ABOVE}").get(pk=run)
    decision, papers = found.decision, documents.unused_of(found)
    if not papers:
        raise Refused(_("All ballots of this print were used or voided. There is nothing left to print."))
    with_trail(decision.place)
    progress.at(0, 2, _("Setting the ballots"))
    areas, line = documents.areas_of(decision), chain_line(decision)
    sheets = ballots.ballots(decision, papers, areas, line, site)
    made = pdf.made(sheets, title=sheets[0].title, author=named(decision.body), at=found.made_at)
    progress.at(1, 2, _("Keeping the file"))
    earlier = Job.objects.filter(kind=documents.MAKES_BALLOTS, state=Job.State.DONE, words__run=run)
    with transaction.atomic():
        for upload in Upload.objects.filter(pk__in=[job.outcome["upload"] for job in earlier if job.outcome]):
            uploads.discard(upload)
        checked = uploads.Checked(made, "application/pdf", f"ballots-{run}.pdf")
        upload = uploads.store(file=checked, sort="document", sent_by=None, at=clock.now())
    told = ngettext("%(count)d ballot is ready to print.", "%(count)d ballots are ready to print.", len(papers))
    return {
        "upload": str(upload.pk),
        "told": told % {"count": len(papers)},
        "url": reverse("decisions:made_ballots", args=[decision.pk, run, upload.pk]),
    }
