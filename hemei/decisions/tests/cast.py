"""The cast of this room's tests: one stairwell of twelve homes, its owners, a desk with two clerks, and decisions.

    cast = put_cast(estate)                                    # desk, roll, matched owners; `estate` is conftest's
    vote = put_decision(cast, state="open")                    # draft, announced, open or closed at NOW
    put_act(vote, "03/1/0201", "for")                          # on screen, by the home's first owner
    put_act(vote, "03/1/0202", "against", channel="paper", by_clerks=(cast.clerk, cast.second_clerk))

What is put here is recorded in the ledger, so that `faults()` names only what a test broke.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import transaction

from conftest import NOW, put_person, put_place, put_seat, speaking_from
from hemei.decisions import casefile
from hemei.decisions.models import Act, Authority, Counter, Decision, Drive, Paper, PrintRun, Service, Slot
from hemei.engines.decision import written
from hemei.ledger import chains, verification
from hemei.ledger import steps as ledger
from hemei.matters import steps as matters
from hemei.matters.models import Matter
from hemei.people.actor import Actor, machine, own
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.roll.models import FrozenRoll, Holding, Match, Owner, Roll, RollList, Unit

IMPORT = machine("import")
SILENT: Any = SimpleNamespace(at=lambda done, total, doing="": None)
PREFIX = "03/1/"  # of every unit's key
AREAS = ("61.20", "54.80")  # the homes of a floor, left and right
PASSED, SHARED = ("0501", "0502"), "0602"  # one owner has both; two owners share one


@dataclass
class Cast:
    """Everybody, and where they live. owners: by code on the roll, "w0101" for the owner of 101."""

    estate: Place
    building: Place
    stairwell: Place
    homes: tuple[Place, ...]
    roll: Roll
    clerk: Actor  # of the residents' committee
    second_clerk: Actor  # of the owners' committee
    head: Actor  # of the owners' committee
    counters: tuple[Actor, Actor]  # two members of the owners' committee; named counters of every decision put here
    administrator: Actor
    property_clerk: Actor
    builder: Actor
    volunteer: Actor  # in the stairwell's team
    team: Body
    stranger: Actor
    owners: dict[str, Actor] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.stairwell

    def home(self, code: str) -> Place:
        return next(home for home in self.homes if home.code == code)


def put_cast(estate: Place) -> Cast:
    """Twelve homes on six floors. 501 and 502 belong to one owner; 602 to two, half each. Every owner is matched."""
    building = put_place(Kind.BUILDING, "3号楼", "03", estate, name_en="Building 3")
    stairwell = put_place(Kind.STAIRWELL, "1单元", "1", building, name_en="Stairwell 1")
    homes = tuple(
        put_place(Kind.HOME, f"{floor}0{side}室", f"0{floor}0{side}", stairwell, floor=floor, order=2 * floor + side)
        for floor in range(1, 7)
        for side in (1, 2)
    )
    area = estate.parent
    assert area is not None
    team_seat = put_seat(put_person("志愿者", "+8613900000006"), "team", "3号楼1单元加梯小组", stairwell, "member")
    counters = tuple(
        speaking_from(
            put_seat(put_person(f"计票{n}", f"+861390000001{n}"), "owners", "龙吴路9弄业委会", estate, "member")
        )
        for n in (1, 2)
    )
    cast = Cast(
        estate=estate,
        building=building,
        stairwell=stairwell,
        homes=homes,
        roll=put_roll_of(estate, homes),
        clerk=_staff("甲干事", "+8613900000001", "committee", "华富居委会", area, "clerk"),
        second_clerk=_staff("乙干事", "+8613900000002", "owners", "龙吴路9弄业委会", estate, "clerk"),
        head=_staff("业委会主任", "+8613900000003", "owners", "龙吴路9弄业委会", estate, "head"),
        counters=(counters[0], counters[1]),
        administrator=_staff("管理员", "+8613900000004", "operator", "运行管理", None, "administrator"),
        property_clerk=_staff("物业员工", "+8613900000005", "property", "龙吴物业", estate, "clerk"),
        builder=_staff("施工员", "+8613900000007", "builder", "沪宁电梯工程", area.parent, "clerk"),
        volunteer=speaking_from(team_seat),
        team=team_seat.body,
        stranger=own(put_person("路人", "+8613900000008")),
    )
    for number, owner in enumerate(Owner.objects.filter(roll=cast.roll).order_by("pk")):
        cast.owners[owner.code] = own(put_person(owner.name, f"+8613911000{number:03d}"))
        put_match(owner, cast.owners[owner.code])
    return cast


def _staff(name: str, phone: str, kind: str, body: str, place: Place | None, office: str) -> Actor:
    return speaking_from(put_seat(put_person(name, phone), kind, body, place, office))


# the roll


@transaction.atomic
def put_roll_of(estate: Place, homes: Iterable[Place]) -> Roll:
    """A roll as a list would have brought it, with the owners of `put_cast`."""
    roll = Roll.objects.create(place=estate, begun_at=NOW, version=1)
    ledger.record(subject=roll, actor=IMPORT, verb="roll.begun", at=NOW, row=roll, quiet=True)
    came_with = RollList.objects.create(
        roll=roll,
        digest="0" * 64,
        source="不动产登记册",
        as_of=date(2026, 9, 1),
        sent_at=NOW,
        confirmed_at=NOW,
        written_at=NOW,
    )
    owners: dict[str, Owner] = {}

    def owner_called(code: str, name: str) -> Owner:
        if code not in owners:
            owners[code] = Owner.objects.create(roll=roll, code=code, name=name, came_with=came_with)
        return owners[code]

    for number, home in enumerate(homes, 1):
        unit = Unit.objects.create(
            roll=roll,
            place=home,
            key=key_of(home, estate),
            number=number,
            area_m2=Decimal(AREAS[number % 2 == 0]).quantize(Decimal("0.0001")),
            came_with=came_with,
        )
        if home.code == SHARED:
            both = [owner_called(f"w{home.code}a", "周某"), owner_called(f"w{home.code}b", "吴某")]
            for one in both:
                Holding.objects.create(unit=unit, owner=one, share_num=1, share_den=2, came_with=came_with)
        else:
            code = PASSED[0] if home.code in PASSED else home.code
            Holding.objects.create(unit=unit, owner=owner_called(f"w{code}", f"业主{code[1:]}"), came_with=came_with)
    ledger.record(subject=roll, actor=IMPORT, verb="roll.list_written", at=NOW, row=came_with, quiet=True)
    return roll


def key_of(home: Place, estate: Place) -> str:
    """Codes of the places under the estate, down to the home."""
    codes = dict(Place.objects.filter(pk__in=home.ancestor_keys).values_list("pk", "code"))
    return "/".join(codes[key] for key in home.ancestor_keys[home.ancestor_keys.index(estate.pk) + 1 :])


@transaction.atomic
def put_match(owner: Owner, actor: Actor) -> Match:
    assert actor.person is not None
    match = Match.objects.create(owner=owner, person=actor.person, how="letter", made_at=NOW)
    ledger.record(subject=owner.roll, actor=IMPORT, verb="roll.match_written", at=NOW, row=match, quiet=True)
    return match


def put_frozen(cast: Cast, place: Place | None = None, at: datetime = NOW) -> FrozenRoll:
    """The roll as it stands, for `place` and what lies inside it."""
    place = place or cast.stairwell
    units = []
    for unit in Unit.objects.filter(roll=cast.roll, until=None, place__path__startswith=place.path).order_by("number"):
        held = Holding.objects.filter(unit=unit, until=None).select_related("owner").order_by("owner__code")
        units.append(
            {
                "key": unit.key,
                "area": written(Fraction(unit.area_m2)),
                "kind": unit.kind,
                "votable": unit.votable,
                "floor": unit.place.floor,
                "owners": [
                    {
                        "code": one.owner.code,
                        "name": one.owner.name,
                        "kind": one.owner.kind,
                        "share": f"{one.share_num}/{one.share_den}" if one.share_den > 1 else "1",
                        "joint": one.joint,
                        "rep": one.rep,
                    }
                    for one in held
                ],
            }
        )
    codes = dict(Place.objects.filter(pk__in=place.ancestor_keys).values_list("pk", "code"))
    path = [codes[key] for key in place.ancestor_keys][1:]
    content = chains.canonical({"schema": "roll/1", "place": path, "units": units})
    with transaction.atomic():
        frozen = FrozenRoll.objects.create(
            roll=cast.roll,
            place=place,
            as_of=at.date(),
            made_at=at,
            units=len(units),
            content=content,
            hash=hashlib.sha256(content.encode()).hexdigest(),
        )
        ledger.record(subject=cast.roll, actor=IMPORT, verb="roll.frozen", at=at, row=frozen, quiet=True)
    return frozen


# decisions

WINDOWS = {  # opens and closes, in days from NOW
    "draft": (20, 30),
    "announced": (16, 26),
    "open": (-3, 7),
    "closed": (-20, -1),
}


@transaction.atomic
def put_matter(cast: Cast, title: str = "3号楼1单元加装电梯", place: Place | None = None) -> Matter:
    return matters.open_matter(
        actor=cast.clerk, place=place or cast.stairwell, title=title, at=NOW - timedelta(days=60), verb="matters.told"
    )


@transaction.atomic
def put_drive(cast: Cast, place: Place | None = None, **more: Any) -> Drive:
    place = place or cast.stairwell
    words = {"stage": "consent", "homes": len(cast.homes), "team": cast.team if place == cast.stairwell else None}
    drive = Drive.objects.create(
        place=place,
        estate=cast.estate,
        matter=more.pop("matter", None) or put_matter(cast, place=place),
        stage_since=date(2026, 8, 1),
        began_on=date(2026, 6, 1),
        made_at=NOW - timedelta(days=90),
        **(words | more),
    )
    ledger.record(subject=drive.matter, actor=IMPORT, verb="decisions.drive_begun", at=NOW, row=drive, quiet=True)
    return drive


def put_decision(
    cast: Cast,
    state: str = "open",
    *,
    place: Place | None = None,
    drive: Drive | None = None,
    counters: Iterable[Actor] | None = None,
    **more: Any,
) -> Decision:
    """A decision at NOW in `state` (draft, announced, open, closed), with slots and its two counters."""
    place = place or cast.stairwell
    opens, closes = (NOW + timedelta(days=days) for days in WINDOWS[state])
    words: dict[str, Any] = {
        "subject": "lift",
        "question": "同意3号楼1单元加装电梯吗？",
        "question_en": "Do you agree to a lift for stairwell 1 of building 3?",
        "text": "按方案加装一部电梯，费用按楼层分摊。",
        "text_en": "One lift after the scheme; the cost is shared by floor.",
        "rule_id": "CN-278-SPECIAL",
        "opens_at": opens,
        "closes_at": closes,
        "made_at": NOW - timedelta(days=40),
    } | more
    decision = Decision(
        matter=words.pop("matter", None) or (drive.matter if drive else put_matter(cast, place=place)),
        place=place,
        drive=drive,
        body=words.pop("body", None) or cast.second_clerk.seat.body,  # type: ignore[union-attr]
        made_by=cast.clerk.person,
        **words,
    )
    frozen = put_frozen(cast, place) if state != "draft" else None
    with transaction.atomic():
        if frozen is not None:
            decision.roll, decision.announced_at = frozen, decision.opens_at - timedelta(days=17)
            decision.rule = casefile.frozen_rule(decision)
            if decision.told_until is None and state in ("open", "closed"):
                decision.told_until = NOW
        decision.save()
        verb = "decisions.announced" if frozen is not None else "decisions.prepared"
        ledger.record(
            subject=decision.matter, actor=cast.clerk, verb=verb, at=decision.made_at, row=decision, quiet=True
        )
        for number, actor in enumerate(cast.counters if counters is None else counters, 1):
            counter = Counter.objects.create(
                decision=decision, person=actor.person, number=number, named_at=decision.made_at
            )
            ledger.record(
                subject=decision, actor=IMPORT, verb="decisions.counter_named", at=NOW, row=counter, quiet=True
            )
        if frozen is not None:
            put_slots(decision)
    return Decision.objects.select_related("matter", "place", "roll", "body", "drive", "linked__roll").get(
        pk=decision.pk
    )


def put_slots(decision: Decision) -> list[Slot]:
    assert decision.roll is not None
    keys = [unit["key"] for unit in json.loads(decision.roll.content)["units"]]
    wanted = [key for key in keys if not decision.only or key in decision.only]
    units = {unit.key: unit for unit in Unit.objects.filter(roll=decision.roll.roll_id, key__in=wanted)}
    return Slot.objects.bulk_create(
        [
            Slot(decision=decision, unit=units[key], place_id=units[key].place_id, key=key, number=number)
            for number, key in enumerate(wanted, 1)
        ]
    )


def slot_of(decision: Decision, key: str) -> Slot:
    """The slot of a home: "0101", or its whole key."""
    return Slot.objects.select_related("place").get(decision=decision, key=key if "/" in key else f"{PREFIX}{key}")


def owners_at(decision: Decision, key: str) -> list[str]:
    """Codes of the owners of a home on the frozen roll."""
    assert decision.roll is not None
    wanted = key if "/" in key else f"{PREFIX}{key}"
    unit = next(unit for unit in json.loads(decision.roll.content)["units"] if unit["key"] == wanted)
    return [owner["code"] for owner in unit["owners"]]


@transaction.atomic
def put_paper(decision: Decision, key: str, *, by: Actor | None = None, at: datetime | None = None) -> Paper:
    """A printed ballot for a home, with the check mark as the program prints it."""
    slot, at = slot_of(decision, key), at or decision.opens_at
    run = PrintRun.objects.create(
        decision=decision, papers=1, made_at=at, made_by=_somebody(decision, by), form_key=uuid.uuid4()
    )
    number = (decision.papers.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    paper = Paper.objects.create(
        run=run, decision=decision, slot=slot, number=number, mark=_mark(decision.pk, slot.key, number)
    )
    ledger.record(subject=decision, actor=IMPORT, verb="decisions.ballots_printed", at=at, row=run, quiet=True)
    return paper


def _mark(decision: int, key: str, number: int) -> str:
    from hemei.decisions import serials

    return serials.mark_of(decision, key, number)


def _somebody(decision: Decision, by: Actor | None) -> Any:
    return by.person if by is not None else decision.made_by


@transaction.atomic
def put_act(
    decision: Decision,
    key: str,
    choice: str = "for",
    *,
    by: str | None = None,
    for_owner: str = "",
    kind: str = "cast",
    channel: str = "screen",
    by_clerks: tuple[Actor, Actor] | None = None,
    confirmed: bool = True,
    at: datetime | None = None,
    actor: Actor | None = None,
    **more: Any,
) -> Act:
    """One act for a home (see `slot_of`), by its first owner if not said otherwise.

    channel "paper" needs `by_clerks`: who typed it, who confirmed it (or will, when not `confirmed`). at: an hour after
    the opening if not said. kind "revoke" takes back.
    """
    slot, at = slot_of(decision, key), at or decision.opens_at + timedelta(hours=1)
    Slot.objects.filter(pk=slot.pk).update(acts=slot.acts + 1)
    typed: dict[str, Any] = {}
    if channel == "paper":
        assert by_clerks is not None, "a paper is typed by one clerk and confirmed by another"
        typed["entered_by"] = by_clerks[0].person
        if confirmed:
            typed |= {"confirmed_by": by_clerks[1].person, "confirmed_at": at + timedelta(minutes=30)}
    act = Act.objects.create(
        decision=decision,
        slot=slot,
        number=slot.acts + 1,
        kind=kind,
        channel=channel,
        by=by or owners_at(decision, key)[0],
        for_owner=for_owner,
        choice=choice if kind == "cast" else "",
        at=at,
        person=actor.person if actor else None,
        form_key=uuid.uuid4(),
        **typed,
        **more,
    )
    verb = "decisions.act_recorded"
    ledger.record(subject=decision, actor=actor or IMPORT, verb=verb, at=at, row=act, quiet=True)
    if act.paper_id is not None:
        Paper.objects.filter(pk=act.paper_id).update(used_at=at)
    _grown(decision)
    return act


@transaction.atomic
def put_service(decision: Decision, key: str, *, proof: bool = True, at: datetime | None = None) -> Service:
    at = at or decision.opens_at + timedelta(minutes=10)
    service = Service.objects.create(slot=slot_of(decision, key), how="hand", at=at, proof=proof, made_at=at)
    ledger.record(subject=decision, actor=IMPORT, verb="decisions.delivered", at=at, row=service, quiet=True)
    _grown(decision)
    return service


@transaction.atomic
def put_authority(decision: Decision, key: str, agent: Actor, **more: Any) -> Authority:
    """The home's first owner gave `agent` the power to vote: on screen, in force at once."""
    words: dict[str, Any] = {"at": decision.opens_at + timedelta(minutes=20), "written": True} | more
    assert agent.person is not None
    grant = Authority.objects.create(
        slot=slot_of(decision, key),
        decision=decision,
        owner=owners_at(decision, key)[0],
        agent=f"agent:{agent.person.pk}",
        agent_name=agent.person.name,
        agent_person=agent.person,
        form_key=uuid.uuid4(),
        **words,
    )
    ledger.record(subject=decision, actor=IMPORT, verb="decisions.authority_given", at=grant.at, row=grant, quiet=True)
    _grown(decision)
    return grant


def _grown(decision: Decision) -> None:
    Decision.objects.filter(pk=decision.pk).update(version=decision.version + 1)
    decision.version += 1


def put_votes(decision: Decision, votes: dict[str, str]) -> None:
    """{home: choice}, each on screen by its first owner, a minute apart."""
    for minute, (key, choice) in enumerate(votes.items()):
        put_act(decision, key, choice, at=decision.opens_at + timedelta(hours=1, minutes=minute))


def faults(*rooms: str) -> list[str]:
    """What the ledger's check finds: all chains, and every sealed row of `rooms` (default: decisions and roll)."""
    report = verification.Report()
    verification._verify_chains(report, SILENT)
    for model in apps.get_models():
        if hasattr(model, "sealed") and model._meta.app_label in (rooms or ("decisions", "roll")):
            verification._verify_rows(model, report, SILENT)
    return report.faults
