"""Long work on lists of places: looking at one, writing one. It can be stopped until the writing itself begins."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base import clock, uploads
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.tables import read_table
from hemei.places import actions, lists
from hemei.places.models import PlaceList


def check_list(progress: Progress, key: int) -> dict[str, Any]:
    sent, reading = _read(key)
    found = lists.plan(sent.street, reading, progress)
    actions.keep_report(sent=sent, report=found.report(), at=clock.now())
    return {"told": told_of(found.report()), "url": reverse("places:list", args=[key])}


def write_list(progress: Progress, key: int) -> dict[str, Any]:
    sent, reading = _read(key)
    found = lists.plan(sent.street, reading, progress)
    if found.bad:
        actions.keep_report(sent=sent, report=found.report(), at=clock.now())
        raise Refused(told_of(found.report()))
    progress.at(len(reading.lines), len(reading.lines), _("Writing"))
    sent = actions.write_list(sent=sent, reading=reading, at=clock.now())
    return {"told": told_of(sent.report), "url": reverse("places:list", args=[key])}


def _read(key: int) -> tuple[PlaceList, lists.Reading]:
    sent = PlaceList.objects.select_related("street", "upload").get(pk=key)
    if sent.upload is None:
        raise Refused(_("The file of this list was removed. Send it again."))
    return sent, lists.read(read_table(uploads.content_of(sent.upload)))


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
    homes = report["new"].get("home", 0)
    others = sum(report["new"].values()) - homes
    return _("%(homes)d homes and %(others)d other places are new.") % {"homes": homes, "others": others}
