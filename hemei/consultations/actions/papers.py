"""Background papers: what one should know before answering."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.consultations import policy, steps
from hemei.consultations.actions.organising import who_may_organise
from hemei.consultations.models import Consultation, Document
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor

PAPERS_MAX = 30  # in one consultation: nobody reads more
PAPERS_AN_HOUR = 40  # of one person
S = Consultation.State


@transaction.atomic(durable=True)
def add_document(
    *,
    actor: Actor,
    consultation: Consultation,
    title: str,
    form_key: UUID,
    at: datetime,
    title_en: str = "",
    text: str = "",
    text_en: str = "",
    file: Any = None,
    source: str = "",
) -> Document:
    """A text or a file to read before answering; it may come until close, and the timeline says when.

    The same form again returns the first paper and changes nothing. Raises NotAllowed; Refused when it holds
    nothing, when it has closed, or when there are PAPERS_MAX; TooMany.
    """
    if not policy.may_look_after(actor, consultation):
        raise NotAllowed(who_may_organise())
    assert actor.principal is not None
    consultation = steps.locked(consultation)
    words = {"consultation_id": consultation.pk, "title": title, "text": text, "source": source}
    if earlier := sent_before(Document, form_key=form_key, words=words):
        return earlier
    if consultation.state_at(at) not in (S.DRAFT, S.AHEAD, S.OPEN):
        raise Refused(_("It is over, so nothing is added to what people read before they answered."))
    if not text and file is None:
        raise Refused(_("Write a text, or choose a file."), field="text")
    if consultation.documents >= PAPERS_MAX:
        told = _("There are %(count)d papers already, and nobody reads more. Take one down first.")
        raise Refused(told % {"count": PAPERS_MAX})
    take(key=f"paper:{actor.key}", most=PAPERS_AN_HOUR, seconds=3600, at=at)

    kept = uploads.store(file=file, sort="document", sent_by=actor.principal.pk, at=at) if file is not None else None
    paper = Document.objects.create(
        consultation=consultation,
        title=title,
        title_en=title_en,
        text=text,
        text_en=text_en,
        file=kept,
        source=source,
        added_at=at,
        added_by=actor.principal,
        form_key=form_key,
    )
    ledger.record(
        subject=consultation.matter,
        actor=actor,
        verb="consultations.document_added",
        at=at,
        public={"title": title, "title_en": title_en},
        row=paper,
    )
    steps.touch(consultation, documents=1)
    return paper


@transaction.atomic(durable=True)
def take_down_document(*, actor: Actor, document: Document, why: str, at: datetime) -> Document:
    """The paper is not shown any more, and everybody may read why. A second time changes nothing.

    Raises NotAllowed; Refused without a reason, or when it was taken down for another one.
    """
    if not policy.may_look_after(actor, document.consultation):
        raise NotAllowed(who_may_organise())
    consultation = steps.locked(document.consultation)
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.taken_down_at is not None:
        if document.taken_down_why != why:
            raise Refused(_("It was taken down already, and that reason stands."))
        return document
    if not why:
        raise Refused(_("Say why. Everybody may read it."), field="why")

    document.taken_down_at, document.taken_down_why = at, why
    document.save(update_fields=["taken_down_at", "taken_down_why"])
    ledger.record(
        subject=consultation.matter,
        actor=actor,
        verb="consultations.document_taken_down",
        at=at,
        public={"title": document.title, "title_en": document.title_en, "why": why},
        row=document,
    )
    steps.touch(consultation, documents=-1)
    return document
