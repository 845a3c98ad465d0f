"""Lift drives: begin them, grade them, move them from stage to stage, say what they wait for, stop them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.decisions import gates, policy, steps
from hemei.decisions.models import Drive, Milestone, StageMark
from hemei.decisions.models.drive import Stage
from hemei.decisions.stairwells import called, called_en, tell_neighbours, title_en_of, title_of
from hemei.ledger import steps as ledger
from hemei.matters import steps as matters
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.promises import days
from hemei.promises import steps as promises
from hemei.promises.models import Promise
from hemei.shell.words import in_english

STAIRWELLS_MAX = 200  # of one estate in one form: our choice
FORMS_AN_HOUR = 30  # that begin drives, of one person: our choice
MILESTONES_MAX = 200  # of one estate: our choice
STEP_OF = {  # which of the seven steps of the matter begins with a stage
    Stage.WISHES: "talked",
    Stage.CONSENT: "agreed",
    Stage.CONTRACT: "signed",
}


def who_may_run() -> str:
    return _("Drives are run by the residents' committee, the owners' committee or the street office of the estate.")


@transaction.atomic(durable=True)
def begin_drive(
    *,
    actor: Actor,
    estate: Place,
    stairwells: Sequence[Place],
    began_on: date,
    form_key: UUID,
    at: datetime,
    team: Body | None = None,
    uses_common_land: bool = False,
    is_demo: bool = False,
) -> list[Drive]:
    """A drive and a matter for each of `stairwells`, all of one estate, in the order given.

    team: looks after all of them; None for the one each stairwell may have itself. The same form again returns the
    first drives. Raises NotAllowed; Refused where a drive runs already, no home stands, or the day lies ahead.
    """
    if not policy.runs_at(actor, estate):
        raise NotAllowed(who_may_run())
    ledger.lock_chain(estate)
    words = {
        "stairwells": sorted(place.pk for place in stairwells),
        "began_on": began_on,
        "team": team.pk if team else None,
        "uses_common_land": uses_common_land,
    }
    keys = {place.pk: uuid5(form_key, str(place.pk)) for place in stairwells}
    if steps.sent_by_desk(act="begin_drive", about=estate, words=words, form_key=form_key, at=at):
        return list(Drive.objects.filter(form_key__in=keys.values()).order_by("pk"))
    _refuse_ahead(began_on, at, field="began_on")
    homes = _homes_of(estate, stairwells)
    if team is not None:
        _refuse_team(team, stairwells)
    take(key=f"drive:{actor.key}", most=FORMS_AN_HOUR, seconds=3600, at=at)
    teams = _own_teams(stairwells) if team is None else {}

    return [
        _begin(
            actor=actor,
            place=place,
            at=at,
            estate=estate,
            team=team or teams.get(place.pk),
            began_on=began_on,
            uses_common_land=uses_common_land,
            homes=homes[place.pk],
            is_demo=is_demo,
            form_key=keys[place.pk],
        )
        for place in stairwells
    ]


def _begin(*, actor: Actor, place: Place, at: datetime, began_on: date, **words: Any) -> Drive:
    matter = matters.open_matter(
        actor=actor,
        place=place,
        title=title_of(place),
        title_en=title_en_of(place),
        at=at,
        verb="decisions.drive_begun",
        step="raised",
        is_demo=words["is_demo"],
    )
    drive = Drive.objects.create(
        place=place,
        matter=matter,
        stage=Stage.FEASIBILITY,
        stage_since=began_on,
        began_on=began_on,
        changed_at=at,
        made_at=at,
        made_by=actor.person,
        **words,
    )
    if drive.team is not None:
        matters.add_party(matter=matter, at=at, body=drive.team)
    ledger.record(subject=matter, actor=actor, verb="decisions.drive_written", at=at, row=drive, quiet=True)
    _mark(drive, actor=actor, stage=Stage.FEASIBILITY, on=began_on, at=at)
    tell_neighbours("drive_begun", drive, at=at)
    return drive


def _homes_of(estate: Place, stairwells: Sequence[Place]) -> dict[int, int]:
    """How many homes each has; refuses what is no stairwell of the estate, is empty, or has a drive already."""
    if not stairwells:
        raise Refused(_("Choose at least one stairwell."), field="stairwells")
    if len(stairwells) > STAIRWELLS_MAX:
        told = _("Begin at most %(most)d drives at once, and the others after them.")
        raise Refused(told % {"most": STAIRWELLS_MAX}, field="stairwells")
    keys = [place.pk for place in stairwells]
    standing = Place.objects.filter(pk__in=keys, kind=Kind.STAIRWELL, until=None, path__startswith=estate.path)
    if standing.count() != len(set(keys)):
        told = _("One of them is no stairwell of this estate any more. Open the form again and choose anew.")
        raise Refused(told, field="stairwells")
    homes = dict(
        Place.objects.filter(parent__in=keys, kind=Kind.HOME, until=None)
        .values_list("parent")
        .annotate(count=Count("pk"))
        .order_by()
    )
    running = set(Drive.objects.filter(place__in=keys).exclude(stage=Stage.STOPPED).values_list("place", flat=True))
    for place in stairwells:
        if place.pk in running:
            told = _("At %(place)s a drive runs already. Leave it out, or stop that one first.")
            raise Refused(told % {"place": in_english(called(place), called_en(place))}, field="stairwells")
        if not homes.get(place.pk):
            told = _("No home is entered at %(place)s. Add its homes to the places first.")
            raise Refused(told % {"place": in_english(called(place), called_en(place))}, field="stairwells")
    return homes


def _refuse_team(team: Body, stairwells: Sequence[Place]) -> None:
    ended = team.until is not None and team.until < timezone.localdate()
    if team.kind != Body.Kind.TEAM or ended or any(team.place_id not in one.ancestor_keys for one in stairwells):
        raise Refused(_("This team belongs to other stairwells. Choose another, or none."), field="team")


def _own_teams(stairwells: Sequence[Place]) -> dict[int, Body]:
    """The team that stands at a stairwell itself, where there is just one."""
    teams: dict[int, list[Body]] = {}
    for body in Body.objects.filter(kind=Body.Kind.TEAM, place__in=stairwells, until=None).order_by("pk"):
        teams.setdefault(body.place_id or 0, []).append(body)
    return {place: found[0] for place, found in teams.items() if len(found) == 1}


def _refuse_ahead(on: date, at: datetime, *, field: str) -> None:
    if on > days.day_of(at):
        raise Refused(_("This day has not come yet. Enter the day on which it was."), field=field)


@transaction.atomic(durable=True)
def choose_team(*, actor: Actor, drive: Drive, team: Body | None, form_key: UUID, at: datetime) -> Drive:
    """The team that goes to the doors of this drive, or none; doors given in another team end.

    The same form again changes nothing. Raises NotAllowed; Refused for a team of another place.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(drive)
    words = {"team": team.pk if team else None}
    if steps.sent_by_desk(act="choose_team", about=drive, words=words, form_key=form_key, at=at):
        return drive
    _refuse_stopped(drive)
    if team is not None:
        _refuse_team(team, [drive.place])
    if drive.team_id == (team.pk if team else None):
        return drive
    steps.end_doors(drive, actor=actor, at=at)
    drive.team = team
    steps.drive_changed(drive, "team", at=at)
    if team is not None:
        matters.add_party(matter=drive.matter, at=at, body=team)
    said = {"team": team.name if team else "", "team_en": team.name_en if team else ""}
    steps.record_of_drive(drive, actor=actor, verb="decisions.team_chosen", at=at, public=said)
    return drive


@transaction.atomic(durable=True)
def grade_drive(
    *,
    actor: Actor,
    drive: Drive,
    grade: str,
    why: str,
    assessor: str,
    graded_on: date,
    form_key: UUID,
    at: datetime,
    drawing: Any = None,
) -> Drive:
    """What the assessment found: A fits, B hard, C unfit, and why; every home hears of it before wishes are asked.

    drawing: a PDF or a picture as it was sent; without one the earlier drawing stays. The same form again changes
    nothing. Raises NotAllowed; Refused once the owners vote on it, or for a day ahead.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(drive)
    words = {"grade": grade, "why": why, "assessor": assessor, "on": graded_on}
    if steps.sent_by_desk(act="grade_drive", about=drive, words=words, form_key=form_key, at=at):
        return drive
    _refuse_stopped(drive)
    if gates.ORDER.index(Stage(drive.stage)) >= gates.ORDER.index(Stage.CONSENT):
        told = _(
            "The owners vote on what this assessment said. To assess anew, move the drive back first, with a reason."
        )
        raise Refused(told)
    _refuse_ahead(graded_on, at, field="graded_on")
    drive.grade, drive.grade_why, drive.graded_by, drive.graded_on = grade, why, assessor, graded_on
    if drawing is not None:
        drive.drawing = uploads.store(file=drawing, sort="document", sent_by=actor.key, at=at)
    steps.drive_changed(drive, "grade", "grade_why", "graded_by", "graded_on", "drawing", at=at)
    said = {"grade": grade, "why": why, "assessor": assessor, "on": graded_on}
    steps.record_of_drive(drive, actor=actor, verb="decisions.drive_graded", at=at, public=said, step="seen")
    tell_neighbours("drive_graded", drive, at=at, grade=grade, assessor=assessor, why=why)
    return drive


@transaction.atomic(durable=True)
def move_drive(
    *,
    actor: Actor,
    drive: Drive,
    stage: str,
    on: date,
    form_key: UUID,
    at: datetime,
    note: str = "",
    note_en: str = "",
    paper: Any = None,
) -> StageMark:
    """The drive reached `stage` on the day `on`. note: what shows it; and why, when it goes back or passes stages over.

    What must be true before a stage stands in `gates`. The same form again returns the first mark. Raises NotAllowed;
    Refused where a gate is shut, the day lies ahead or before the stage it is in, or a reason is missing.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(drive)
    if earlier := sent_before(
        StageMark, form_key=form_key, words={"drive_id": drive.pk, "stage": stage, "on": on, "note": note}
    ):
        return earlier
    _refuse_stopped(drive)
    now, wanted = gates.ORDER.index(Stage(drive.stage)), gates.ORDER.index(Stage(stage))
    if now == wanted:
        raise Refused(_("The drive is at this stage already. Choose another."), field="stage")
    _refuse_ahead(on, at, field="on")
    if on < drive.stage_since:
        raise Refused(_("That is before the stage it is in began. Choose a later day."), field="on")
    passed = gates.ORDER[now + 1 : wanted]
    if wanted < now:
        if not note:
            raise Refused(_("Say why it goes back. Everybody who sees the drive reads it."), field="note")
        gates.refuse_back(drive, Stage(stage))
    else:
        if passed and not note:
            told = _("Stages are passed over: %(stages)s. Say why, and everybody who sees the drive reads it.")
            named = pgettext("list", ", ").join(str(one.label) for one in passed)
            raise Refused(told % {"stages": named}, field="note")
        gates.refuse_ahead(drive, Stage(stage), actor=actor, at=at)

    for one in passed:
        _mark(drive, actor=actor, stage=one, on=on, at=at, note=note, note_en=note_en, passed=True)
    kept = uploads.store(file=paper, sort="document", sent_by=actor.key, at=at) if paper is not None else None
    mark = _mark(
        drive, actor=actor, stage=Stage(stage), on=on, at=at, note=note, note_en=note_en, paper=kept, form_key=form_key
    )
    drive.stage, drive.stage_since = stage, on
    steps.drive_changed(drive, "stage", "stage_since", at=at)
    said = {"stage": stage, "on": on, "note": note, "note_en": note_en, "back": wanted < now}
    said["passed"] = [str(one) for one in passed]
    step = STEP_OF.get(Stage(stage), "") if wanted > now else ""
    steps.record_of_drive(drive, actor=actor, verb="decisions.drive_moved", at=at, public=said, step=step)
    if stage == Stage.WORKS:
        steps.end_doors(drive, actor=actor, at=at)
    tell_neighbours("drive_moved", drive, at=at, key=str(mark.pk), stage=stage, back=wanted < now, note=note)
    return mark


def _mark(drive: Drive, *, actor: Actor, stage: Stage, on: date, at: datetime, **words: Any) -> StageMark:
    mark = StageMark.objects.create(
        drive=drive, number=drive.marks.count() + 1, stage=stage, on=on, made_at=at, **words
    )
    ledger.record(subject=drive.matter, actor=actor, verb="decisions.stage_marked", at=at, row=mark, quiet=True)
    return mark


def _refuse_stopped(drive: Drive) -> None:
    if drive.stage == Stage.STOPPED:
        raise Refused(_("This drive has stopped. Begin a new one for the stairwell; this one stays readable."))


@transaction.atomic(durable=True)
def stop_drive(*, actor: Actor, drive: Drive, why: str, form_key: UUID, at: datetime) -> Drive:
    """The drive stops, with a reason for everybody; its matter is closed, its doors end, a new one may begin.

    The same form again changes nothing. Raises NotAllowed; Refused while a vote runs or a contract stands.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(drive)
    if steps.sent_by_desk(act="stop_drive", about=drive, words={"why": why}, form_key=form_key, at=at):
        return drive
    _refuse_stopped(drive)
    if drive.stage == Stage.WORKS:
        raise Refused(_("This drive was handed to the works. What stops now is decided there."))
    gates.refuse_back(drive, Stage.FEASIBILITY)
    if drive.waits_for:
        _end_wait(drive, actor=actor, at=at, why=why)
    drive.stage, drive.stage_since, drive.stopped_why = Stage.STOPPED, days.day_of(at), why
    drive.waits_for = drive.waits_for_en = drive.waits_for_body = ""
    drive.waits_until = drive.waits_promise = None
    steps.drive_changed(drive, "stage", "stage_since", "stopped_why", *WAITS, at=at)
    _mark(drive, actor=actor, stage=Stage.STOPPED, on=drive.stage_since, at=at, note=why)
    steps.record_of_drive(drive, actor=actor, verb="decisions.drive_stopped", at=at, public={"why": why})
    steps.end_doors(drive, actor=actor, at=at)
    matters.close(matter=drive.matter, actor=actor, at=at, reason=why)
    tell_neighbours("drive_stopped", drive, at=at, why=why)
    return drive


# what it waits for

WAITS = ("waits_for", "waits_for_en", "waits_for_body", "waits_until", "waits_promise")


@transaction.atomic(durable=True)
def drive_waits(
    *,
    actor: Actor,
    drive: Drive,
    waits_for: str,
    until_on: date,
    form_key: UUID,
    at: datetime,
    body: Body | None = None,
    body_name: str = "",
    waits_for_en: str = "",
) -> Drive:
    """The drive stands still for something that a body owes until the end of `until_on`; never a home or a person.

    body: one that we know, then it is a promise of that body; body_name: another one, as it is called. The same form
    again changes nothing. Raises NotAllowed; Refused when nobody or two are named, or it waits for something already.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(drive)
    words = {"for": waits_for, "en": waits_for_en, "body": body.pk if body else None, "name": body_name, "on": until_on}
    if steps.sent_by_desk(act="drive_waits", about=drive, words=words, form_key=form_key, at=at):
        return drive
    _refuse_stopped(drive)
    if drive.waits_for:
        raise Refused(_("It waits for something already. Say first that this is over."))
    if (body is None) == (not body_name):
        raise Refused(_("Name one body: choose it from the list, or write what it is called."), field="body_name")
    until = days.end_of(until_on)
    if until <= at:
        raise Refused(_("This day has passed. Until when is it expected?"), field="until_on")
    if body is not None:
        drive.waits_promise = promises.make(
            actor=actor,
            matter=drive.matter,
            place=drive.place,
            what=waits_for,
            what_en=waits_for_en,
            what_kind=Promise.Kind.WORK,
            due_at=until,
            at=at,
            owner_body=body,
            about=drive,
            is_demo=drive.is_demo,
        )
    drive.waits_for, drive.waits_for_en, drive.waits_until = waits_for, waits_for_en, until
    drive.waits_for_body = body.name if body is not None else body_name
    steps.drive_changed(drive, *WAITS, at=at)
    if body is None:  # else the promise says it
        said = {"for": waits_for, "for_en": waits_for_en, "body": body_name, "until": until}
        steps.record_of_drive(drive, actor=actor, verb="decisions.drive_waits", at=at, public=said)
    return drive


@transaction.atomic(durable=True)
def drive_goes_on(*, actor: Actor, drive: Drive, proof: str, form_key: UUID, at: datetime) -> Drive:
    """What it waited for is there, and `proof` says what shows it; a promise behind it is kept.

    The same form again changes nothing. Raises NotAllowed; Refused when it waits for nothing.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_run())
    drive = steps.locked_drive(drive)
    if steps.sent_by_desk(act="drive_goes_on", about=drive, words={"proof": proof}, form_key=form_key, at=at):
        return drive
    if not drive.waits_for:
        raise Refused(_("It waits for nothing at present."))
    said = {"for": drive.waits_for, "for_en": drive.waits_for_en, "body": drive.waits_for_body, "proof": proof}
    _end_wait(drive, actor=actor, at=at, proof=proof)
    drive.waits_for = drive.waits_for_en = drive.waits_for_body = ""
    drive.waits_until = drive.waits_promise = None
    steps.drive_changed(drive, *WAITS, at=at)
    steps.record_of_drive(drive, actor=actor, verb="decisions.drive_goes_on", at=at, public=said)
    return drive


def _end_wait(drive: Drive, *, actor: Actor, at: datetime, proof: str = "", why: str = "") -> None:
    """The promise behind a wait is kept or not owed any more; one that ended already stays as it ended."""
    promise = Promise.objects.filter(pk=drive.waits_promise_id, state__in=(Promise.State.OPEN, Promise.State.LAPSED))
    if (found := promise.first()) is None:
        return
    if proof:
        promises.keep(promise=found, actor=actor, at=at, proof=proof)
    else:
        promises.withdraw(promise=found, actor=actor, at=at, why=why)


# the curve


@transaction.atomic(durable=True)
def tell_milestone(
    *,
    actor: Actor,
    estate: Place,
    what: str,
    on: date,
    count: int,
    whole: int,
    source: str,
    form_key: UUID,
    at: datetime,
    on_told: str = "",
) -> Milestone:
    """How many stairwells had signed, or lifts were handed over, on a day, as a source tells it.

    on_told: the day as the source says it, where it names none. The same form again returns the first. Raises
    NotAllowed; Refused when there are more than the whole, or the day is told already.
    """
    if not policy.runs_at(actor, estate):
        raise NotAllowed(who_may_run())
    ledger.lock_chain(estate)
    words = {"estate_id": estate.pk, "what": what, "on": on, "count": count, "whole": whole, "source": source}
    if earlier := sent_before(Milestone, form_key=form_key, words=words):
        return earlier
    _refuse_ahead(on, at, field="on")
    if count > whole:
        raise Refused(_("There cannot be more than there are in all."), field="count")
    told = Milestone.objects.filter(estate=estate)
    if told.filter(what=what, on=on).exists():
        raise Refused(_("For this day there is a figure already. Choose another day."), field="on")
    if told.count() >= MILESTONES_MAX:
        raise Refused(_("At most %(most)d figures are kept for an estate.") % {"most": MILESTONES_MAX})
    milestone = Milestone.objects.create(
        estate=estate, what=what, on=on, on_told=on_told, count=count, whole=whole, source=source, form_key=form_key
    )
    said = {"what": what, "on": on, "count": count, "whole": whole, "source": source}
    ledger.record(
        subject=estate, actor=actor, verb="decisions.milestone_told", at=at, public=said, row=milestone, quiet=True
    )
    return milestone
