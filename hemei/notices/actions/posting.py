"""Posted notices: made in a body's name, put up where people pass, taken down, taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.ledger.queries import last_seal
from hemei.matters import policy as matters
from hemei.matters.models import Matter
from hemei.notices import paper, policy
from hemei.notices.models import Posting, PrintedNotice
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place

SHEETS_AN_HOUR, POSTINGS_AN_HOUR = 60, 600  # our choice, for one person


@transaction.atomic(durable=True)
def make_sheet(
    *,
    actor: Actor,
    place: Place,
    title: str,
    text: str,
    form_key: UUID,
    at: datetime,
    matter: Matter | None = None,
    language: str = "zh-hans",
) -> PrintedNotice:
    """A notice on one sheet of A4, in the name of the body the actor speaks for, with the next number of its street.

    The same form again returns the first sheet and changes nothing. Raises NotAllowed; Refused when it does not fit
    on one sheet or its matter is not open to everybody; TooMany.
    """
    if not policy.may_print(actor, place):
        raise NotAllowed(who_may_print())
    assert actor.seat is not None
    street = Place.objects.select_for_update(no_key=True).get(pk=place.street_key)  # lock: numbers take turns
    words = {"title": title, "text": text, "place_id": place.pk, "matter_id": matter.pk if matter else None}
    if earlier := sent_before(PrintedNotice, form_key=form_key, words={**words, "body_id": actor.seat.body_id}):
        return earlier
    _refuse_what_does_not_fit(title, text)
    if matter is not None and not (matter.visibility == Matter.Visibility.PUBLIC and matters.may_see(actor, matter)):
        told = _("Everybody who passes reads the sheet, and this matter is not open to everybody. Leave it out.")
        raise Refused(told, field="matter")
    take(key=f"sheet:{actor.key}", most=SHEETS_AN_HOUR, seconds=3600, at=at)

    year, seal = timezone.localdate(at).year, last_seal()
    last = PrintedNotice.objects.filter(street=street, year=year).aggregate(last=Max("number"))["last"] or 0
    sheet = PrintedNotice.objects.create(
        street=street,
        year=year,
        number=last + 1,
        place=place,
        matter=matter,
        body=actor.seat.body,
        title=title,
        text=text,
        language=language,
        seal=seal.root if seal else "",
        made_at=at,
        form_key=form_key,
    )
    _record(sheet, actor, "notices.printed", at)
    return sheet


def _refuse_what_does_not_fit(title: str, text: str) -> None:
    if paper.lines_of(title, paper.TITLE_EMS) > paper.TITLE_LINES:
        raise Refused(_("The title does not fit on the sheet in large type. Make it shorter."), field="title")
    lines = paper.lines_of(text, paper.TEXT_EMS)
    if lines > paper.TEXT_LINES:
        told = _(
            "The text takes %(lines)d lines, and %(most)d fit on one sheet. Make it shorter or leave out empty lines."
        )
        raise Refused(told % {"lines": lines, "most": paper.TEXT_LINES}, field="text")


@transaction.atomic(durable=True)
def void_sheet(*, actor: Actor, sheet: PrintedNotice, why: str, at: datetime) -> PrintedNotice:
    """The sheet does not hold any more, and its page says why; the number stays taken.

    A second time with the same words changes nothing. Raises NotAllowed; Refused when it is void for another reason.
    """
    if not policy.may_void(actor, sheet):
        raise NotAllowed(who_may_void())
    sheet = _locked(sheet)
    if sheet.voided_at is not None:
        if sheet.voided_why == why:
            return sheet
        raise Refused(_("This notice was taken back already. Its page says why."))
    sheet.voided_at, sheet.voided_why = at, why
    sheet.save(update_fields=["voided_at", "voided_why"])
    _record(sheet, actor, "notices.voided", at, reason=why)
    return sheet


@transaction.atomic(durable=True)
def post_sheet(
    *,
    actor: Actor,
    sheet: PrintedNotice,
    place: Place,
    posted_at: datetime,
    form_key: UUID,
    at: datetime,
    photo: Any = None,
) -> Posting:
    """The sheet hangs at `place`, inside the sheet's own place, since `posted_at`. photo: a picture as it was sent.

    The same form again returns the first posting and changes nothing. Raises NotAllowed; Refused when it hangs there
    already, was taken back, or the time cannot be.
    """
    if not policy.may_post(actor, sheet):
        raise NotAllowed(who_may_post())
    sheet = _locked(sheet)
    words = {"place_id": place.pk, "posted_at": posted_at, "notice_id": sheet.pk}
    if earlier := sent_before(Posting, form_key=form_key, words=words):
        return earlier
    if sheet.voided_at is not None:
        raise Refused(_("This notice was taken back, so it is put up nowhere any more."))
    if sheet.place_id not in place.ancestor_keys or place.kind == Kind.HOME:
        raise Refused(_("Choose a place inside the one the notice is for."), field="place")
    if posted_at > at:
        raise Refused(_("That time is still ahead. Say when it was put up."), field="posted_at")
    if posted_at < sheet.made_at.replace(second=0, microsecond=0):
        raise Refused(_("The notice was made after that time. Say when it was put up."), field="posted_at")
    if sheet.postings.filter(place=place, removed_at=None).exists():
        raise Refused(_("It hangs there already. Choose another place, or take it down first."), field="place")
    take(key=f"posting:{actor.key}", most=POSTINGS_AN_HOUR, seconds=3600, at=at)

    kept = uploads.store(file=photo, sort="picture", sent_by=actor.key, at=at) if photo else None
    posting = Posting.objects.create(
        notice=sheet, place=place, posted_at=posted_at, photo=kept, posted_by=actor.principal, form_key=form_key
    )
    more = {"where": place.name, "where_en": place.name_en, "posted_at": posted_at, "photo": kept is not None}
    _record(sheet, actor, "notices.posted", at, row=posting, **more)
    return posting


@transaction.atomic(durable=True)
def take_down(*, actor: Actor, posting: Posting, removed_at: datetime, at: datetime) -> Posting:
    """The sheet came down from that place at `removed_at`. The same again changes nothing.

    Raises NotAllowed; Refused when it came down at another time, or the time cannot be.
    """
    if not policy.may_post(actor, posting.notice):
        raise NotAllowed(who_may_post())
    sheet = _locked(posting.notice)
    posting = Posting.objects.select_related("place").get(pk=posting.pk)
    if posting.removed_at is not None:
        if posting.removed_at == removed_at:
            return posting
        raise Refused(_("It was taken down already; the notice's page says when."), field="removed_at")
    if removed_at > at:
        raise Refused(_("That time is still ahead. Say when it was taken down."), field="removed_at")
    if removed_at < posting.posted_at:
        raise Refused(_("It was put up after that time. Say when it was taken down."), field="removed_at")
    posting.removed_at = removed_at
    posting.save(update_fields=["removed_at"])
    more = {"where": posting.place.name, "where_en": posting.place.name_en, "removed_at": removed_at}
    _record(sheet, actor, "notices.taken_down", at, row=posting, **more)
    return posting


def _locked(sheet: PrintedNotice) -> PrintedNotice:
    """The sheet as it stands now: acts on one sheet take turns."""
    found = PrintedNotice.objects.select_for_update(of=("self",)).select_related("place", "matter", "body", "street")
    return found.get(pk=sheet.pk)


def _record(sheet: PrintedNotice, actor: Actor, verb: str, at: datetime, row: Any = None, **more: Any) -> None:
    """One entry in the chain of the sheet's matter or, without one, of its place."""
    public = {"sheet": sheet.pk, "serial": sheet.serial, "title": sheet.title, **more}
    subject = sheet.matter or sheet.place
    ledger.record(subject=subject, actor=actor, verb=verb, at=at, public=public, row=row or sheet)


# for a refusal: who may


def who_may_print() -> str:
    return _("The staff of a body put up notices where it has its place. Speak from your seat in it first.")


def who_may_void() -> str:
    return _("The body in whose name a notice hangs takes it back.")


def who_may_post() -> str:
    return _("The staff over this place say where a notice hangs and when it came down.")
