"""What the commands `hemei import-polis` and `hemei export-polis` do. Who runs them holds the database already."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.consultations import folders
from hemei.consultations.actions.moving import import_polis as take_in
from hemei.consultations.actions.moving import put_street_for_examples
from hemei.consultations.jobs import told_of, written
from hemei.consultations.maps import compute
from hemei.consultations.models import Consultation
from hemei.people.actor import Actor, machine
from hemei.places.models import Kind, Place


def import_polis(
    *, folder: Path, progress: Progress, place: str = "", source: str = "", licence: str = ""
) -> dict[str, Any]:
    """Take in the export in `folder`. Returns id, participants, statements, votes and warnings.

    place: key or code of the place it hangs on; without it the only street, or the first by code where there are
    several, or, in an empty database, a street made for examples. source, licence: what is shown with it.
    Raises Refused.
    """
    progress.at(0, 3, _("Reading the export"))
    export, digest = folders.read_folder(folder), folders.digest_of(folder)
    told = dict(export.summary)
    at, actor = clock.now(), machine("import")
    done = take_in(
        actor=actor,
        export=export,
        place=_place(place, actor, at),
        source=source or told.get("url", "").strip() or _("Polis export “%(name)s”") % {"name": folder.name},
        licence=licence or _("Not stated. Ask its publisher before passing it on."),
        digest=digest,
        called=folder.name,
        progress=progress,
        at=at,
    )
    progress.at(2, 3, _("Computing the map"))
    compute(consultation=done.consultation, at=at)
    for told_line in done.warnings:
        _say(told_line)
    return done.as_line()


def _place(asked: str, actor: Actor, at: datetime) -> Place:
    if asked:
        found = Place.objects.filter(code=asked).order_by("path")
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            found = found | Place.objects.filter(pk=int(asked))
        matching = list(found[:2])
        if len(matching) != 1:
            told = _("There is no place, or more than one, with the key or code %(asked)s.")
            raise Refused(told % {"asked": asked}, field="place")
        return matching[0]
    streets = list(Place.objects.filter(kind=Kind.STREET).order_by("code")[:2])
    if not streets:
        made = put_street_for_examples(actor=actor, at=at)
        told = _("No street stands here yet, so “%(name)s” was made to hold what comes from elsewhere.")
        _say(told % {"name": made.name})
        return made
    if len(streets) > 1:
        _say(_("Several streets stand here; it hangs on %(name)s.") % {"name": streets[0].name})
    return streets[0]


def export_polis(*, key: int, folder: Path, progress: Progress) -> dict[str, Any]:
    """Write the consultation `key` into `folder`. Returns id, participants, statements, votes. Raises Refused."""
    found = Consultation.objects.filter(pk=key).first()
    if found is None:
        raise Refused(_("There is no consultation with the number %(number)d.") % {"number": key})
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(_("%(folder)s is there already and not empty. Name a new folder.") % {"folder": folder})
    export, files = written(found, progress)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    if not found.is_imported and not found.tells_results(clock.now()):
        _say(_("Its results are not out yet. Show them to nobody before the organiser's moment."))
    _say(told_of(export))
    return {
        "id": found.pk,
        "participants": len(export.votes.participants),
        "statements": len(export.votes.statements),
        "votes": len(export.votes.rows),
    }


def _say(told: str) -> None:
    sys.stderr.write(f"{told}\n")
