"""What a stairwell's team does at the doors: doors given and taken, visits, wishes, policy sheets. No consent here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
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
from hemei.decisions import policy, steps
from hemei.decisions.actions.driving import who_may_run
from hemei.decisions.models import Door, Drive, PolicySheet, SheetReceipt, Visit, Wish
from hemei.decisions.models.drive import Stage
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor
from hemei.people.models import Person, Seat
from hemei.people.policy import holding
from hemei.places.models import Kind, Place

VISITS_A_DAY = 300  # written by one person: our choice, more than a team walks
SHEETS_MAX = 100  # versions of all sheets of one estate: our choice


def who_looks_after() -> str:
    return _("Those of the stairwell's team write this at the doors given to them, and the residents' committee.")


def _at_the_door(actor: Actor, drive: Drive, home: Place) -> None:
    if not (policy.looks_after(actor, drive, home) or policy.runs_at(actor, drive.place)):
        raise NotAllowed(who_looks_after())


def _running(drive: Drive) -> Drive:
    """The drive, locked, while its team still goes to the doors."""
    drive = steps.locked_drive(drive)
    if drive.stage in (Stage.STOPPED, Stage.WORKS):
        raise Refused(_("This drive is over. Nobody goes to the doors for it any more."))
    return drive


def _refuse_other_homes(drive: Drive, homes: Sequence[Place], *, field: str) -> None:
    keys = {home.pk for home in homes}
    there = Place.objects.filter(pk__in=keys, kind=Kind.HOME, until=None, path__startswith=drive.place.path)
    if not keys or there.count() != len(keys):
        raise Refused(_("Choose homes of this stairwell."), field=field)


@transaction.atomic(durable=True)
def give_door(
    *, actor: Actor, drive: Drive, volunteer: Person, homes: Sequence[Place], form_key: UUID, at: datetime
) -> list[Door]:
    """The desk gives somebody of the team the doors of `homes`; a door they have already stays as it is.

    The same form again changes nothing. Raises NotAllowed; Refused where the person is not in the team.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = _running(drive)
    words = {"volunteer": volunteer.pk, "homes": sorted(home.pk for home in homes)}
    given = Door.objects.filter(drive=drive, volunteer=volunteer, ended_at=None)
    if steps.sent_by_desk(act="give_door", about=drive, words=words, form_key=form_key, at=at):
        return list(given.filter(home__in=homes).order_by("pk"))
    seats = Seat.objects.filter(holding(timezone.localdate(at)), body=drive.team_id, person=volunteer)
    if drive.team_id is None or not seats.exists():
        raise Refused(_("This person is not in the stairwell's team. Choose somebody of the team."), field="volunteer")
    _refuse_other_homes(drive, homes, field="homes")
    had = set(given.values_list("home", flat=True))
    for home in homes:
        if home.pk not in had:
            door = Door.objects.create(drive=drive, home=home, volunteer=volunteer, since=at)
            steps.record_at_doors(drive, actor=actor, verb="decisions.door_given", at=at, row=door)
    return list(given.filter(home__in=homes).order_by("pk"))


@transaction.atomic(durable=True)
def take_door(*, actor: Actor, door: Door, at: datetime) -> Door:
    """The door is not this volunteer's any more: from now on they see nothing of it. A second time changes nothing."""
    if not policy.runs_at(actor, door.drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(door.drive)
    door = Door.objects.select_for_update().get(pk=door.pk)
    if door.ended_at is not None:
        return door
    door.ended_at = at
    door.save(update_fields=["ended_at"])
    steps.record_at_doors(drive, actor=actor, verb="decisions.door_taken", at=at, row=door)
    return door


@transaction.atomic(durable=True)
def visit(
    *, actor: Actor, drive: Drive, home: Place, outcome: str, form_key: UUID, at: datetime, question: str = ""
) -> Visit:
    """Somebody of the team stood at a door, or left a letter; `question` is what the home wants to know.

    The same form again returns the first visit. Raises NotAllowed at a door that is not the volunteer's own; Refused
    when the drive is over or a question is missing; TooMany.
    """
    _at_the_door(actor, drive, home)
    drive = _running(drive)
    assert actor.person is not None
    words = {"home_id": home.pk, "outcome": outcome, "question": question, "by_id": actor.person.pk}
    if earlier := sent_before(Visit, form_key=form_key, words=words, drive=drive):
        return earlier
    _refuse_other_homes(drive, [home], field="outcome")
    if outcome == Visit.Outcome.QUESTIONS and not question:
        raise Refused(
            _("What do they want to know? Write the question down, so that it is answered."), field="question"
        )
    take(key=f"door:{actor.person.pk}", most=VISITS_A_DAY, seconds=86_400, at=at)
    made = Visit.objects.create(
        drive=drive, home=home, outcome=outcome, question=question, by=actor.person, at=at, form_key=form_key
    )
    steps.record_at_doors(drive, actor=actor, verb="decisions.visited", at=at, row=made)
    return made


@transaction.atomic(durable=True)
def note_wish(
    *,
    actor: Actor,
    drive: Drive,
    home: Place,
    says: str,
    who: str,
    form_key: UUID,
    at: datetime,
    reasons: Sequence[str] = (),
    share_low: Decimal | None = None,
    share_high: Decimal | None = None,
) -> Wish:
    """What a home wishes, as it was said at the door or at the desk. It is no consent and counts in no vote.

    A later wish of the home replaces this one. share_low, share_high: in yuan, negative for a compensation. The same
    form again returns the first. Raises NotAllowed; Refused when wishes are not asked yet or any more; TooMany.
    """
    _at_the_door(actor, drive, home)
    drive = _running(drive)
    assert actor.person is not None
    reasons = [key for key in Wish.REASONS if key in reasons]
    said = {"says": says, "who": who, "reasons": reasons, "share_low": share_low, "share_high": share_high}
    if earlier := sent_before(Wish, form_key=form_key, words=said | {"home_id": home.pk}, drive=drive):
        return earlier
    _refuse_other_homes(drive, [home], field="says")
    if drive.stage == Stage.FEASIBILITY:
        raise Refused(_("Wishes are asked once the stairwell has been assessed and everybody has seen the grade."))
    if drive.stage not in (Stage.WISHES, Stage.SCHEME):
        raise Refused(_("Wishes are not asked any more: from now on the vote and the contract count."))
    if share_low is not None and share_high is not None and share_low > share_high:
        raise Refused(_("The lower amount is above the higher one. Change one of the two."), field="share_low")
    take(key=f"door:{actor.person.pk}", most=VISITS_A_DAY, seconds=86_400, at=at)
    earlier_wishes = Wish.objects.filter(drive=drive, home=home)
    number = (earlier_wishes.aggregate(most=Max("number"))["most"] or 0) + 1
    earlier_wishes.filter(current=True).update(current=False)
    wish = Wish.objects.create(
        drive=drive, home=home, number=number, by=actor.person, at=at, form_key=form_key, **_exact(said)
    )
    steps.record_at_doors(drive, actor=actor, verb="decisions.wish_noted", at=at, row=wish)
    return wish


def _exact(said: dict[str, Any]) -> dict[str, Any]:
    cent = Decimal("0.01")
    return {key: value.quantize(cent) if isinstance(value, Decimal) else value for key, value in said.items()}


# policy sheets


@transaction.atomic(durable=True)
def add_sheet(
    *,
    actor: Actor,
    estate: Place,
    title: str,
    source: str,
    form_key: UUID,
    at: datetime,
    title_en: str = "",
    text: str = "",
    text_en: str = "",
    file: Any = None,
) -> PolicySheet:
    """A policy sheet of the estate; under the title of an earlier one it is that sheet's next version.

    The same form again returns the first. Raises NotAllowed; Refused when it holds nothing or there are too many.
    """
    if not policy.runs_at(actor, estate):
        raise NotAllowed(who_may_run())
    ledger.lock_chain(estate)
    words = {"estate_id": estate.pk, "title": title, "text": text, "source": source}
    if earlier := sent_before(PolicySheet, form_key=form_key, words=words):
        return earlier
    if not text and file is None:
        raise Refused(_("The sheet is empty. Write its text, or choose a file."), field="text")
    sheets = PolicySheet.objects.filter(estate=estate)
    if sheets.count() >= SHEETS_MAX:
        raise Refused(_("At most %(most)d sheets are kept for an estate, all versions counted.") % {"most": SHEETS_MAX})
    version = (sheets.filter(title=title).aggregate(most=Max("version"))["most"] or 0) + 1
    kept = uploads.store(file=file, sort="document", sent_by=actor.key, at=at) if file is not None else None
    sheet = PolicySheet.objects.create(
        estate=estate,
        title=title,
        title_en=title_en,
        version=version,
        text=text,
        text_en=text_en,
        file=kept,
        source=source,
        made_at=at,
        form_key=form_key,
    )
    said = {"sheet": sheet.pk, "title": title, "version": version}
    ledger.record(subject=estate, actor=actor, verb="decisions.sheet_added", at=at, public=said, row=sheet, quiet=True)
    return sheet


@transaction.atomic(durable=True)
def hand_sheet(
    *, actor: Actor, drive: Drive, sheet: PolicySheet, homes: Sequence[Place], form_key: UUID, at: datetime
) -> list[SheetReceipt]:
    """`homes` received this version of a sheet; one that has it already stays as it is.

    The same form again changes nothing. Raises NotAllowed where one of the doors is not the volunteer's own; Refused
    for a sheet of another estate.
    """
    if not policy.runs_at(actor, drive.place):
        own = set(Door.objects.filter(policy.doors_of(actor), drive=drive).values_list("home", flat=True))
        if not policy.in_team(actor, drive) or not {home.pk for home in homes} <= own:
            raise NotAllowed(who_looks_after())
    drive = _running(drive)
    assert actor.person is not None
    words = {"sheet": sheet.pk, "homes": sorted(home.pk for home in homes)}
    received = SheetReceipt.objects.filter(sheet=sheet, home__in=homes).order_by("pk")
    if steps.sent_by_desk(act="hand_sheet", about=drive, words=words, form_key=form_key, at=at):
        return list(received)
    if sheet.estate_id != drive.estate_id:
        raise Refused(_("This sheet belongs to another estate. Choose one of this estate."), field="sheet")
    _refuse_other_homes(drive, homes, field="homes")
    have = set(received.values_list("home", flat=True))
    for home in homes:
        if home.pk not in have:
            receipt = SheetReceipt.objects.create(sheet=sheet, drive=drive, home=home, by=actor.person, at=at)
            steps.record_at_doors(drive, actor=actor, verb="decisions.sheet_handed", at=at, row=receipt)
    return list(received.all())
