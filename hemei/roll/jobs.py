"""Long work on lists of owners: looking at one, writing one. It can be stopped until the writing itself begins."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base import clock, uploads
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.tables import Reading, read_table
from hemei.roll import lists
from hemei.roll.actions import lists as actions
from hemei.roll.models import RollList


def check_list(progress: Progress, key: int) -> dict[str, Any]:
    sent, reading = _read(key)
    found = _planned(sent, reading, progress)
    actions.keep_report(sent=sent, report=found.report(), at=clock.now())
    return {"told": told_of(found.report()), "url": reverse("roll:list", args=[key])}


def write_list(progress: Progress, key: int) -> dict[str, Any]:
    sent, reading = _read(key)
    progress.at(0, len(reading.lines), _("Writing"))
    try:
        sent = actions.write_list(sent=sent, reading=reading, at=clock.now())
    except Refused:
        found = _planned(sent, reading, progress)  # what became bad since it was looked at
        actions.keep_report(sent=sent, report=found.report(), at=clock.now())
        raise
    return {"told": told_of(sent.report), "url": reverse("roll:list", args=[key])}


def _read(key: int) -> tuple[RollList, Reading]:
    sent = RollList.objects.select_related("roll__place", "upload").get(pk=key)
    if sent.upload is None:
        raise Refused(_("The file of this list was removed. Send it again."))
    return sent, lists.read(read_table(uploads.content_of(sent.upload)))


def _planned(sent: RollList, reading: Reading, progress: Progress) -> lists.Plan:
    totals = {"stated_homes": sent.stated_homes, "stated_area": sent.stated_area}
    return lists.plan(sent.roll, reading, progress, **totals)  # type: ignore[arg-type]


def told_of(report: dict[str, Any]) -> str:
    """A report in one sentence."""
    if bad := report["bad_count"]:
        return ngettext(
            "%(count)d row cannot be taken; nothing was written.",
            "%(count)d rows cannot be taken; nothing was written.",
            bad,
        ) % {"count": bad}
    if not report["new"]:
        return _("Everything in this list stands already; nothing changes.")
    return _("%(homes)d homes and %(owners)d owners are new.") % {"homes": report["new"], "owners": report["owners"]}
