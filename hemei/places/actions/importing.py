"""Lists of places: sent, looked at, confirmed, written; all or nothing, and twice is as good as once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hemei.base import jobs, uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.base.models import Job
from hemei.ledger import steps as ledger
from hemei.ledger.models import Chain
from hemei.places import lists, policy, steps
from hemei.places.lists import LEVELS, Node, Reading
from hemei.places.models import Place, PlaceList
from hemei.places.policy import Viewer

LISTS_AN_HOUR = 30  # our choice: enough for a clerk who corrects a list again and again
KEPT_DAYS = 7  # a file that nobody confirmed; it may hold more about people than was asked for


@dataclass(frozen=True)
class OnBehalf:
    """For the ledger: who asked for work that the machine now does, as they were when they asked."""

    asked: dict[str, Any]

    def public_line(self) -> dict[str, Any]:
        return dict(self.asked.get("public", {}))

    def personal_line(self) -> dict[str, Any]:
        return dict(self.asked.get("personal", {}))


COMMAND = OnBehalf({"public": {"way": "command"}, "personal": {"person": None}})


def asked_by(actor: Viewer) -> dict[str, Any]:
    return {"public": actor.public_line(), "personal": actor.personal_line()}


@transaction.atomic(durable=True)
def send_list(
    *, actor: Viewer, street: Place, file: UploadedFile | uploads.Checked, form_key: UUID, at: datetime
) -> PlaceList:
    """Keep the list and begin to look at it; nothing of it is written. `job` of the result is the work.

    The same form again returns the first. Raises NotAllowed; Refused for what is no list; TooMany.
    """
    if not policy.may_send_lists(actor, street):
        raise NotAllowed(_("Lists of places are sent by the street office or an administrator."))
    checked = uploads.check(file, "table")

    Place.objects.select_for_update().get(pk=street.pk)  # lock
    digest = uploads.digest_of(checked)
    if earlier := sent_before(PlaceList, form_key=form_key, street=street, words={"digest": digest}):
        return earlier
    take(key=f"places.list:{actor.key}", most=LISTS_AN_HOUR, seconds=3600, at=at)

    sent = PlaceList.objects.create(  # write
        street=street,
        upload=uploads.store(file=checked, sort="table", sent_by=actor.key, at=at),
        called=checked.called,
        digest=digest,
        sent_by=actor.key,
        sent_at=at,
        form_key=form_key,
    )
    _start(sent, "places.check_list", actor, at)
    return sent


@transaction.atomic(durable=True)
def keep_report(*, sent: PlaceList, report: dict[str, Any], at: datetime) -> PlaceList:
    """What the work found in the list. A list with bad rows is no longer confirmed."""
    sent = PlaceList.objects.select_for_update().get(pk=sent.pk)
    if sent.written_at is None:
        sent.report, sent.checked_at = report, at
        if report["bad_count"]:
            sent.confirmed_at = None
        sent.save(update_fields=["report", "checked_at", "confirmed_at"])
    return sent


@transaction.atomic(durable=True)
def confirm_list(*, actor: Viewer, sent: PlaceList, at: datetime) -> PlaceList:
    """Begin to write what the report shows. Confirmed twice it is written once. Raises NotAllowed; Refused."""
    if not policy.may_send_lists(actor, sent.street):
        raise NotAllowed(_("Lists of places are sent by the street office or an administrator."))

    sent = PlaceList.objects.select_for_update().select_related("street").get(pk=sent.pk)  # lock
    if sent.written_at is not None or (sent.confirmed_at and _is_under_way(sent)):
        return sent
    if sent.checked_at is None or sent.upload_id is None:  # validate
        raise Refused(_("The list was not looked at to its end. Send it again."))
    if sent.report["bad_count"]:
        raise Refused(_("Some rows cannot be taken. Correct them in the list and send it again."))
    if not sent.report["new"]:
        raise Refused(_("Everything in this list stands already."))

    sent.confirmed_at, sent.asked = at, asked_by(actor)  # write
    sent.save(update_fields=["confirmed_at", "asked"])
    _start(sent, "places.write_list", actor, at)
    return sent


def _start(sent: PlaceList, work: str, actor: Viewer, at: datetime) -> None:
    sent.job = jobs.start(kind=work, asked_by=actor.key, words={"key": sent.pk}, at=at).pk
    sent.save(update_fields=["job"])


def _is_under_way(sent: PlaceList) -> bool:
    return Job.objects.filter(pk=sent.job, state__in=[Job.State.WAITING, Job.State.RUNNING]).exists()


@transaction.atomic(durable=True)
def write_list(*, sent: PlaceList, reading: Reading, at: datetime) -> PlaceList:
    """Write a confirmed list, whole. What stands by then stays; a list written before changes nothing.

    Raises NotAllowed when nobody confirmed it; Refused when a row cannot be taken any more.
    """
    sent = PlaceList.objects.select_related("upload").get(pk=sent.pk)
    if sent.confirmed_at is None:
        raise NotAllowed(_("Nobody has confirmed this list."))

    street, chain = steps.lock_street(sent.street_id)  # lock
    sent.refresh_from_db()
    if sent.written_at is not None:
        return sent
    _write(sent, reading, street=street, chain=chain, acting=OnBehalf(sent.asked), at=at)
    if sent.upload is not None and sent.written_at is not None:
        upload, sent.upload = sent.upload, None
        sent.save(update_fields=["upload"])
        uploads.discard(upload)
    return sent


@transaction.atomic(durable=True)
def import_at_once(*, street: Place, called: str, digest: str, reading: Reading, at: datetime) -> PlaceList | None:
    """What the command does: the list in one go. None when everything in it stands already. Raises Refused."""
    street, chain = steps.lock_street(street.pk)
    found = lists.plan(street, reading)
    _refuse_bad(found)
    if not found.new:
        return None
    sent = PlaceList.objects.create(
        street=street,
        called=called,
        digest=digest,
        report=found.report(),
        sent_at=at,
        checked_at=at,
        confirmed_at=at,
        asked={"public": COMMAND.public_line(), "personal": COMMAND.personal_line()},
    )
    _write(sent, reading, street=street, chain=chain, acting=COMMAND, at=at, found=found)
    return sent


def left_lying(at: datetime) -> QuerySet[PlaceList]:
    """Lists with a file that nobody confirmed for KEPT_DAYS."""
    return PlaceList.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS), written_at=None).exclude(upload=None)


@transaction.atomic(durable=True)
def discard_old_lists(*, at: datetime) -> int:
    """Files of lists that nobody confirmed for a week go; what was found in them stays. Called by the clock."""
    files = [sent.upload for sent in left_lying(at).select_related("upload")[:100]]
    PlaceList.objects.filter(upload__in=files).update(upload=None)
    for upload in files:
        if upload is not None:
            uploads.discard(upload)
    return len(files)


def _refuse_bad(found: lists.Plan) -> None:
    if found.bad:
        told = _("Row %(row)d cannot be taken: %(why)s")
        raise Refused(told % {"row": found.bad[0][0], "why": found.bad[0][1]})


def _write(
    sent: PlaceList,
    reading: Reading,
    *,
    street: Place,
    chain: Chain,
    acting: ledger.Acting,
    at: datetime,
    found: lists.Plan | None = None,
) -> None:
    """Plan against what stands now, write what is new level by level, and vouch for all of it with one entry."""
    found = found or lists.plan(street, reading)
    _refuse_bad(found)
    if not found.new:
        return
    for kind in LEVELS:
        _put_level(sent, [node for node in found.new if node.kind == kind])
    sent.report, sent.written_at = found.report(), at
    sent.save(update_fields=["report", "written_at"])
    ledger.record(
        subject=street,
        actor=acting,
        verb="places.imported",
        at=at,
        public={"list": sent.pk, "file": sent.digest, "new": sent.report["new"]},
        row=sent,
        chain=chain,
    )


def _put_level(sent: PlaceList, nodes: list[Node]) -> None:
    rows = [
        Place(
            parent_id=node.parent.pk if node.parent else None,
            kind=node.kind,
            name=node.name,
            name_en=node.name_en,
            code=node.code,
            address=node.address,
            order=node.order,
            floor=node.floor,
            came_with=sent,
        )
        for node in nodes
    ]
    Place.objects.bulk_create(rows, batch_size=1000)
    for node, row in zip(nodes, rows, strict=True):
        node.pk = row.pk
    if nodes:
        steps.put_paths(Place.objects.filter(came_with=sent, kind=nodes[0].kind))
