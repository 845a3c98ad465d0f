"""A roll begun, and lists of owners: sent by one, looked at, confirmed by another, written; all or nothing."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base import jobs, uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.base.models import Job
from hemei.base.tables import Reading, read_table
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor
from hemei.places.actions.importing import COMMAND, OnBehalf, asked_by
from hemei.places.models import Kind, Place
from hemei.roll import lists, policy, steps
from hemei.roll.models import Holding, Owner, Roll, RollList, Unit

LISTS_AN_HOUR = 30  # our choice: enough for a clerk who corrects a list again and again
KEPT_DAYS = 14  # a file that no second key opened; it holds names


def who_keeps() -> str:
    return _("The roll is kept by the residents’ committee, the owners’ committee and the street office.")


# a roll


@transaction.atomic(durable=True)
def begin_roll(*, actor: Actor, place: Place, form_key: UUID, at: datetime) -> Roll:
    """An empty roll for an estate. The same form again returns it. Raises NotAllowed; Refused where one stands."""
    if not policy.may_keep(actor, place):
        raise NotAllowed(who_keeps())
    place = _locked_estate(place)
    if earlier := sent_before(Roll, form_key=form_key, words={"place_id": place.pk}):
        return earlier
    if Roll.objects.filter(place=place).exists():
        raise Refused(_("This estate has a roll already."))
    body = actor.seat.body if actor.seat is not None else None
    roll = Roll.objects.create(place=place, body=body, begun_at=at, form_key=form_key)
    ledger.record(subject=roll, actor=actor, verb="roll.begun", at=at, row=roll)
    return roll


def _locked_estate(place: Place) -> Place:
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.kind != Kind.ESTATE:
        raise Refused(_("A roll is kept for an estate. Choose an estate."))
    if place.until is not None:
        raise Refused(_("This estate does not stand any more."))
    return place


# a list


@transaction.atomic(durable=True)
def send_list(
    *,
    actor: Actor,
    roll: Roll,
    file: UploadedFile | uploads.Checked,
    source: str,
    as_of: date,
    stated_homes: int | None = None,
    stated_area: Decimal | None = None,
    form_key: UUID,
    at: datetime,
) -> RollList:
    """The first key: keep the list, with the work of looking at it begun (`job`); nothing of it is written.

    source, as_of: which register, as it stood when. stated_homes, stated_area: its own totals. The same form again
    returns the first. Raises NotAllowed; Refused for what is no list, or holds numbers of papers; TooMany.
    """
    if not policy.may_keep(actor, roll.place):
        raise NotAllowed(who_keeps())
    checked = checked_list(file)

    roll = steps.locked(roll)  # lock
    words = {"roll_id": roll.pk, "digest": uploads.digest_of(checked), "source": source, "as_of": as_of}
    if earlier := sent_before(RollList, form_key=form_key, words=words):
        return earlier
    _refuse_future(as_of, at)
    take(key=f"roll.list:{actor.key}", most=LISTS_AN_HOUR, seconds=3600, at=at)

    sent = RollList.objects.create(  # write
        **words,
        upload=uploads.store(file=checked, sort="table", sent_by=actor.key, at=at),
        called=checked.called,
        stated_homes=stated_homes,
        stated_area=stated_area,
        sent_by=actor.person,
        sent_at=at,
        form_key=form_key,
    )
    _start(sent, "roll.check_list", actor, at)
    _record(sent, "roll.list_sent", actor, at)
    return sent


def checked_list(file: UploadedFile | uploads.Checked) -> uploads.Checked:
    """The file, found to be a list of owners that may be kept. Raises Refused beside the file."""
    try:
        checked = uploads.check(file, "table")
        lists.read(read_table(checked.content))
    except Refused as refusal:
        raise Refused(str(refusal), field="file") from refusal
    return checked


@transaction.atomic(durable=True)
def propose_by_command(
    *,
    place: Place,
    file: uploads.Checked,
    source: str,
    as_of: date,
    stated_homes: int | None,
    stated_area: Decimal | None,
    report: dict[str, Any],
    at: datetime,
) -> RollList:
    """What the command does: a list that was looked at waits for the second key; a roll is begun where none stands."""
    place = _locked_estate(place)
    _refuse_future(as_of, at)
    roll = Roll.objects.filter(place=place).first()
    if roll is None:
        roll = Roll.objects.create(place=place, begun_at=at)
        ledger.record(subject=roll, actor=COMMAND, verb="roll.begun", at=at, row=roll)
    sent = RollList.objects.create(
        roll=roll,
        upload=uploads.store(file=file, sort="table", sent_by=None, at=at),
        called=file.called,
        digest=uploads.digest_of(file),
        source=source,
        as_of=as_of,
        stated_homes=stated_homes,
        stated_area=stated_area,
        report=report,
        sent_at=at,
        checked_at=at,
        proposed_at=at,
    )
    _record(sent, "roll.list_sent", COMMAND, at)
    return sent


def _refuse_future(as_of: date, at: datetime) -> None:
    if as_of > timezone.localdate(at):
        raise Refused(_("This day has not come yet. Write the day on which the register stood so."), field="as_of")


def _record(sent: RollList, verb: str, actor: ledger.Acting, at: datetime, **private: str) -> None:
    public = {"list": sent.pk, "file": sent.digest}
    ledger.record(subject=sent.roll, actor=actor, verb=verb, at=at, public=public, private=private)


def _start(sent: RollList, work: str, actor: Actor, at: datetime) -> None:
    sent.job = jobs.start(kind=work, asked_by=actor.key, words={"key": sent.pk}, at=at).pk
    sent.save(update_fields=["job"])


@transaction.atomic(durable=True)
def keep_report(*, sent: RollList, report: dict[str, Any], at: datetime) -> RollList:
    """What the work found in the list. One without bad rows waits for the second key; one with some is shut again."""
    sent = RollList.objects.select_for_update(of=("self",)).get(pk=sent.pk)
    if sent.written_at is None and sent.declined_at is None:
        sent.report, sent.checked_at = report, at
        sent.proposed_at = at if report["new"] and not report["bad_count"] else None
        if sent.proposed_at is None:
            sent.confirmed_at = sent.confirmed_by = None
        sent.save(update_fields=["report", "checked_at", "proposed_at", "confirmed_at", "confirmed_by"])
    return sent


@transaction.atomic(durable=True)
def confirm_list(*, actor: Actor, sent: RollList, at: datetime) -> RollList:
    """The second key: begin to write what the report shows. Confirmed twice it is written once.

    Raises NotAllowed, also for who sent it; Refused where there is nothing to be written.
    """
    _refuse_same_hand(actor, sent)

    roll = steps.locked(sent.roll)  # lock
    sent = _again(sent, roll)
    if sent.written_at is not None or (sent.confirmed_at and _is_under_way(sent)):
        return sent
    _refuse_declined(sent)  # validate
    if sent.checked_at is None or sent.upload_id is None:
        raise Refused(_("The list was not looked at to its end, or its file is gone. It has to be sent again."))
    if sent.report["bad_count"]:
        raise Refused(_("Some rows cannot be taken. They have to be corrected in the list, and the list sent again."))
    if not sent.report["new"]:
        raise Refused(_("Everything in this list stands on the roll already."))

    sent.confirmed_by, sent.confirmed_at, sent.asked = actor.person, at, asked_by(actor)  # write
    sent.save(update_fields=["confirmed_by", "confirmed_at", "asked"])
    _start(sent, "roll.write_list", actor, at)
    return sent


@transaction.atomic(durable=True)
def decline_list(*, actor: Actor, sent: RollList, why: str, at: datetime) -> RollList:
    """The second key is not turned, for a reason; the file goes. Declined twice it is declined once.

    Raises NotAllowed, also for who sent it; Refused when it was confirmed meanwhile.
    """
    _refuse_same_hand(actor, sent)

    roll = steps.locked(sent.roll)  # lock
    sent = _again(sent, roll)
    if sent.declined_at is not None and sent.declined_by_id == actor.key and sent.declined_why == why:
        return sent
    _refuse_declined(sent)  # validate
    if sent.confirmed_at is not None:
        raise Refused(_("This list was confirmed meanwhile."))

    sent.declined_by, sent.declined_at, sent.declined_why = actor.person, at, why  # write
    upload, sent.upload = sent.upload, None
    sent.report = without_names(sent.report)
    sent.save(update_fields=["declined_by", "declined_at", "declined_why", "upload", "report"])
    if upload is not None:
        uploads.discard(upload)
    _record(sent, "roll.list_declined", actor, at, why=why)
    return sent


def _refuse_same_hand(actor: Actor, sent: RollList) -> None:
    if not policy.may_keep(actor, sent.roll.place):
        raise NotAllowed(who_keeps())
    if sent.sent_by_id is not None and sent.sent_by_id == actor.key:
        raise NotAllowed(_("You sent this list. Somebody else who keeps the roll confirms or declines it."))


def _again(sent: RollList, roll: Roll) -> RollList:
    sent = RollList.objects.select_related("upload").get(pk=sent.pk)
    sent.roll = roll
    return sent


def _refuse_declined(sent: RollList) -> None:
    if sent.declined_at is not None:
        raise Refused(_("This list was declined. A corrected one can be sent."))


def _is_under_way(sent: RollList) -> bool:
    return Job.objects.filter(pk=sent.job, state__in=[Job.State.WAITING, Job.State.RUNNING]).exists()


# written


@transaction.atomic(durable=True)
def write_list(*, sent: RollList, reading: Reading, at: datetime) -> RollList:
    """Write a confirmed list, whole. A list written before changes nothing.

    Raises NotAllowed when no second key was turned; Refused when a row cannot be taken any more.
    """
    roll = steps.locked(sent.roll)  # lock
    chain = ledger.lock_chain(roll)
    sent = _again(sent, roll)
    if sent.confirmed_at is None:
        raise NotAllowed(_("Nobody has confirmed this list."))
    if sent.written_at is not None:
        return sent
    found = lists.plan(roll, reading, stated_homes=sent.stated_homes, stated_area=sent.stated_area)
    if found.bad:
        told = _("Row %(row)d cannot be taken any more: %(why)s")
        raise Refused(told % {"row": found.bad[0][0], "why": found.bad[0][1]})

    _put_rows(sent, found)  # write
    upload, sent.upload = sent.upload, None
    sent.report, sent.written_at = found.report(), at
    sent.save(update_fields=["report", "written_at", "upload"])
    if upload is not None:
        uploads.discard(upload)
    roll.version += 1
    roll.save(update_fields=["version"])
    ledger.record(
        subject=roll,
        actor=OnBehalf(sent.asked),
        verb="roll.imported",
        at=at,
        public={"list": sent.pk, "file": sent.digest},
        row=sent,
        chain=chain,
    )
    return sent


def _put_rows(sent: RollList, found: lists.Plan) -> None:
    """Owners, homes and who holds what, in a few statements however many they are."""
    keys = dict(found.known)
    new = {held.code: held for unit in found.new for held in unit.holders if held.code not in keys}
    owners = [
        Owner(roll=sent.roll, code=one.code, name=one.name, kind=one.kind, came_with=sent) for one in new.values()
    ]
    keys |= {owner.code: owner.pk for owner in Owner.objects.bulk_create(owners, batch_size=1000)}
    units = [
        Unit(
            roll=sent.roll,
            place_id=one.place,
            key=one.key,
            number=one.number,
            kind=one.kind,
            area_m2=one.area,
            votable=one.votable,
            came_with=sent,
        )
        for one in found.new
    ]
    Unit.objects.bulk_create(units, batch_size=1000)
    holdings = [
        Holding(
            unit=unit,
            owner_id=keys[held.code],
            share_num=held.share.numerator,
            share_den=held.share.denominator,
            joint=held.joint,
            rep=held.rep,
            came_with=sent,
        )
        for unit, one in zip(units, found.new, strict=True)
        for held in one.holders
    ]
    Holding.objects.bulk_create(holdings, batch_size=1000)
    moved = []
    for unit in Unit.objects.filter(roll=sent.roll).exclude(came_with=sent).only("pk", "place_id", "number"):
        number = found.numbers.get(unit.place_id, unit.number)
        if number != unit.number:
            unit.number = number
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["number"], batch_size=500)


# left lying


def left_lying(at: datetime) -> QuerySet[RollList]:
    """Lists with a file that no second key opened for KEPT_DAYS."""
    return RollList.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS), written_at=None).exclude(upload=None)


@transaction.atomic(durable=True)
def discard_old_lists(*, at: datetime) -> int:
    """Files that nobody confirmed go, and with them the names in their bad rows. Called by the clock."""
    old = list(left_lying(at).select_related("upload")[:100])
    for sent in old:
        upload, sent.upload = sent.upload, None
        sent.report = without_names(sent.report)
        sent.save(update_fields=["upload", "report"])
        if upload is not None:
            uploads.discard(upload)
    return len(old)


def without_names(report: dict[str, Any]) -> dict[str, Any]:
    """A report of which only the counts stay: its rows may hold names."""
    return {**report, "bad": []} if report else report
