"""Long work of this room, run by the worker: exports of Polis come in and go out."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.consultations import exports, folders
from hemei.consultations.actions.moving import import_polis as take_in
from hemei.consultations.models import Consultation
from hemei.engines.opinion.export import Export, files_of
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.places.models import Place

STEPS = 3


def import_polis(
    progress: Progress, *, file: str, place: int, source: str, licence: str, person: int, seat: int
) -> dict[str, Any]:
    """Take in the zip that waits under `file`; the person must still hold the seat they asked from."""
    path = folders.waiting_at(UUID(file))
    if not path.exists():
        raise Refused(_("The file is not here any more. Send it again."))
    try:
        progress.at(0, STEPS, _("Unpacking"))
        with folders.unpacked(path) as folder:
            progress.at(1, STEPS, _("Reading the export"))
            export, digest = folders.read_folder(folder), folders.digest_of(folder)
        progress.at(2, STEPS, _("Writing"))
        done = take_in(
            actor=_asker(person, seat),
            export=export,
            place=Place.objects.get(pk=place),
            source=source,
            licence=licence,
            digest=digest,
            called=_("A conversation from Polis"),
            progress=progress,
            at=clock.now(),
        )
    finally:
        path.unlink(missing_ok=True)
    told = _("%(participants)d participants, %(statements)d statements and %(votes)d votes were taken in.")
    line = done.as_line()
    return {
        **line,
        "told": " ".join([told % line, *done.warnings]),
        "url": reverse("consultations:consultation", args=[done.consultation.pk]),
    }


def _asker(person: int, seat: int) -> Actor:
    asker = Person.objects.get(pk=person)
    plain = Actor(person=asker, principal=asker, strong=True)
    held = next((one for one in plain.seats if one.pk == seat), None)
    return Actor(person=asker, principal=asker, seat=held, strong=True)


def export_polis(progress: Progress, *, consultation: int, file: str) -> dict[str, Any]:
    """Write the consultation as a zip that waits to be fetched for a day."""
    found = Consultation.objects.get(pk=consultation)
    export, files = written(found, progress)
    folders.pack(files, folders.finished_at(UUID(file)))
    return {
        "consultation": consultation,
        "told": told_of(export),
        "url": reverse("consultations:exported", args=[consultation, file]),
    }


def written(consultation: Consultation, progress: Progress) -> tuple[Export, dict[str, str]]:
    """The export and its files."""
    progress.at(0, STEPS, _("Reading votes"))
    export = exports.export_of(consultation)
    progress.at(1, STEPS, _("Finding groups"))
    groups = exports.groups_of(export.votes)
    progress.at(2, STEPS, _("Writing files"))
    return export, files_of(export, groups=groups)


def told_of(export: Export) -> str:
    """What was written, and how careful one must be with it."""
    votes = len(export.votes.rows)
    told = ngettext("%(count)d vote was written.", "%(count)d votes were written.", votes) % {"count": votes}
    careful = _(
        "Participants are in it by number only, yet every single answer is. Publish no figure for fewer than five "
        "persons, and pass the files on only to who needs them."
    )
    return f"{told} {careful}"
