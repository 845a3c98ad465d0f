"""Moving in and out: exports of Polis."""

import shutil
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hemei.base import jobs
from hemei.base.errors import NotAllowed, Refused
from hemei.base.jobs import Progress
from hemei.base.models import Job
from hemei.consultations import folders, policy, steps
from hemei.consultations.imports import LICENCE_MAX, SOURCE_MAX, Imported, put_export
from hemei.consultations.models import Batch, Consultation
from hemei.engines.opinion.export import Export
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor
from hemei.places import steps as places
from hemei.places.models import Kind, Place

EXAMPLES = "examples"  # code of the street made for them in an empty database


@transaction.atomic(durable=True)
def import_polis(
    *,
    actor: Actor,
    export: Export,
    place: Place,
    source: str,
    licence: str,
    digest: str,
    called: str,
    progress: Progress,
    at: datetime,
) -> Imported:
    """Take in an export as a closed consultation at `place`, on which nobody votes: all of it or nothing.

    digest: of the files as they came; the same files again at the same street return what stands there. called: the
    title where the export names none. Raises NotAllowed; Refused for what does not fit.
    """
    if not policy.may_move_in(actor):
        raise NotAllowed(_("An administrator takes in what comes from elsewhere."))
    Place.objects.select_for_update().get(pk=place.street_key)  # lock: the same files twice at once take turns
    if not source.strip() or not licence.strip():
        raise Refused(_("Say where it comes from and under which licence it may be shown."), field="source")
    if len(source) > SOURCE_MAX or len(licence) > LICENCE_MAX:
        raise Refused(_("Source and licence are too long. Shorten them and send it again."), field="source")
    earlier = Batch.objects.filter(digest=digest, matter__street_id=place.street_key).order_by("pk").first()
    if earlier is not None:
        standing = Consultation.objects.get(matter_id=earlier.matter_id)
        said = standing.said.count()
        told = _("The same files were imported before; that consultation is shown again, and nothing was changed.")
        return Imported(standing, standing.participants, said, standing.votes, [told])
    return put_export(
        actor=actor,
        export=export,
        place=place,
        source=source.strip(),
        licence=licence.strip(),
        digest=digest,
        called=called,
        progress=progress,
        at=at,
    )


@transaction.atomic(durable=True)
def start_import(
    *, actor: Actor, place: Place, file: IO[bytes], source: str, licence: str, form_key: UUID, at: datetime
) -> Job:
    """Keep the zip and put its import in the queue. The same form again returns the first work.

    Raises NotAllowed; Refused when the file is no export.
    """
    if not policy.may_move_in(actor):
        raise NotAllowed(_("An administrator takes in what comes from elsewhere."))
    assert actor.person is not None
    assert actor.seat is not None
    folders.check_zip(file)
    if not Job.objects.filter(asked_by=actor.person.pk, form_key=form_key).exists():
        file.seek(0)
        with folders.waiting_at(form_key).open("wb") as kept:
            shutil.copyfileobj(file, kept)
    return jobs.start(
        kind="consultations.import_polis",
        asked_by=actor.person.pk,
        words={
            "file": str(form_key),
            "place": place.pk,
            "source": source,
            "licence": licence,
            "person": actor.person.pk,
            "seat": actor.seat.pk,
        },
        at=at,
        form_key=form_key,
    )


@transaction.atomic(durable=True)
def start_export(*, actor: Actor, consultation: Consultation, form_key: UUID, at: datetime) -> Job:
    """Put writing the export in the queue, and into the ledger that it was asked for.

    The same form again changes nothing. Raises NotAllowed; Refused while results are hidden.
    """
    if not policy.may_move_out(actor, consultation):
        raise NotAllowed(_("Those who look after a consultation take it elsewhere."))
    assert actor.person is not None
    consultation = steps.locked(consultation)
    if earlier := Job.objects.filter(asked_by=actor.person.pk, form_key=form_key).first():
        return earlier
    if not consultation.is_imported and not consultation.tells_results(at):
        raise Refused(_("Results are hidden until their moment, also from the organiser. Come back after it."))
    job = jobs.start(
        kind="consultations.export_polis",
        asked_by=actor.person.pk,
        words={"consultation": consultation.pk, "file": str(form_key)},
        at=at,
        form_key=form_key,
    )
    ledger.record(subject=consultation.matter, actor=actor, verb="consultations.exported", at=at, quiet=True)
    return job


@transaction.atomic(durable=True)
def put_street_for_examples(*, actor: Actor, at: datetime) -> Place:
    """A street of its own for what comes from elsewhere, where no street stands yet. A second time returns it."""
    if not policy.may_move_in(actor):
        raise NotAllowed(_("An administrator takes in what comes from elsewhere."))
    if earlier := Place.objects.filter(kind=Kind.STREET, code=EXAMPLES).first():
        return earlier
    names = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names[language] = _("Examples from elsewhere")
    street = places.put_place(parent=None, kind=Kind.STREET, name=names["zh-hans"], name_en=names["en"], code=EXAMPLES)
    ledger.record(
        subject=street,
        actor=actor,
        verb="places.added",
        at=at,
        public={"place": street.pk, **places.public_name(street)},
        row=street,
    )
    return street
