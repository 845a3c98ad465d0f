"""Nobody but its two counters and the owner themself reads how a home chose, by whatever address.

One stairwell votes. Every address of the house is opened by every role, as the home of an owner said for, and once
more as it said against, everything else being the same: status, page, headers and the number of questions asked of
the database must be the same, to the letter. The list of addresses is read from the code, so a new page is tried too.
"""

import hashlib
import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import NOW, put_person, put_place, put_seat, put_tie, speaking_from
from hemei.decisions import casefile, standing
from hemei.decisions.models import (
    Act,
    Authority,
    Challenge,
    CostPlan,
    Counter,
    Decision,
    Door,
    Drive,
    Paper,
    PrintRun,
    Service,
    Slot,
    Visit,
    Wish,
)
from hemei.ledger.chains import canonical
from hemei.matters.models import Matter
from hemei.people.actor import Actor, own
from hemei.places import context
from hemei.places.models import Kind, Place
from hemei.roll.models import FrozenRoll, Holding, Match, Owner, Roll, Unit
from tests.access.walking import addresses, everything, signed_in

KEY, ELSEWHERE = 7_700_001, 7_700_500
OUTSIDERS = (
    "visitor",
    "neighbour",
    "tenant",
    "co_owner_elsewhere",
    "clerk",
    "owners_clerk",
    "street_head",
    "volunteer",
    "team_head",
    "property",
    "builder",
    "steward",
    "administrator",
)
UNREAD = {"web:readyz", "places:template", "roll:template"}


def renumbered(row: Any, key: int) -> Any:
    """The same row under another key, so that one number opens whatever an address asks for."""
    type(row).objects.filter(pk=row.pk).update(id=key)
    return type(row).objects.get(pk=key)


def put_frozen(roll: Roll, place: Place) -> FrozenRoll:
    units = [
        {
            "key": unit.key,
            "area": "61.325",
            "kind": "home",
            "votable": True,
            "floor": unit.place.floor,
            "owners": [
                {
                    "code": one.owner.code,
                    "name": one.owner.name,
                    "kind": "person",
                    "share": "1",
                    "joint": False,
                    "rep": False,
                }
                for one in unit.holdings.select_related("owner").order_by("pk")
            ],
        }
        for unit in Unit.objects.filter(roll=roll).select_related("place").order_by("number")
    ]
    content = canonical({"schema": "roll/1", "place": [], "units": units})
    digest = hashlib.sha256(content.encode()).hexdigest()
    made = {"roll": roll, "place": place, "as_of": date(2026, 8, 1), "made_at": NOW, "content": content}
    return FrozenRoll.objects.create(**made, units=len(units), hash=digest)


@pytest.fixture
def world(estate: Place, stairwell: Place, now: Any, settings: Any, tmp_path: Any) -> SimpleNamespace:
    """A stairwell of twelve homes in the middle of its vote; its objects all have the key KEY."""
    context.forget()
    standing.forget()
    settings.MEDIA_ROOT = tmp_path
    type(stairwell).objects.filter(pk=stairwell.pk).update(
        id=KEY, path=stairwell.path.replace(f"/{stairwell.pk}/", f"/{KEY}/")
    )
    stairwell = Place.objects.get(pk=KEY)
    roll = renumbered(Roll.objects.create(place=estate, begun_at=NOW), KEY)
    desk = put_seat(put_person("计一", "+8613800000031"), "committee", "华富居委会", estate.parent, "clerk")
    second = put_seat(put_person("计二", "+8613800000032"), "owners", "龙吴路业委会", estate, "head")
    people = []
    for number in range(12):
        home = put_place(Kind.HOME, f"{number}室", f"{number:04}", stairwell, floor=number // 2 + 1)
        unit = Unit.objects.create(roll=roll, place=home, key=f"03/1/{number:04}", number=number, area_m2="61.3250")
        owner = Owner.objects.create(roll=roll, code=f"O-{number}", name=f"演示业主{number}")
        Holding.objects.create(unit=unit, owner=owner)
        person = put_person(f"演示人{number}", f"+861380001{number:04}")
        put_tie(person, home, "own")
        Match.objects.create(owner=owner, person=person, how="letter", made_at=NOW)
        people.append(person)
    matter = Matter.objects.create(
        pk=KEY, street_id=estate.street_key, place=stairwell, title="加装电梯", opened_at=NOW, body=desk.body
    )
    drive = Drive.objects.create(
        pk=KEY, place=stairwell, estate=estate, matter=matter, stage="consent", stage_since=date(2026, 8, 1),
        began_on=date(2026, 5, 1), grade="A", graded_on=date(2026, 5, 2), homes=12, made_at=NOW,
    )  # fmt: skip
    decision = Decision.objects.create(
        pk=KEY, matter=matter, place=stairwell, drive=drive, body=desk.body, subject="lift", question="装不装电梯？",
        rule_id="CN-278-SPECIAL", opens_at=NOW - timedelta(days=3), closes_at=NOW + timedelta(days=5),
        announced_at=NOW - timedelta(days=20), roll=put_frozen(roll, stairwell), made_at=NOW - timedelta(days=21),
    )  # fmt: skip
    decision.rule = casefile.frozen_rule(decision)
    decision.save()
    for number, seat in enumerate((desk, second), start=1):
        Counter.objects.create(decision=decision, person=seat.person, number=number, named_at=NOW)
    slots = [
        Slot.objects.create(decision=decision, unit=unit, place=unit.place, key=unit.key, number=unit.number)
        for unit in Unit.objects.filter(roll=roll).order_by("number")
    ]
    slots[0] = renumbered(slots[0], KEY)
    run = PrintRun.objects.create(
        pk=KEY, decision=decision, papers=12, made_at=NOW, made_by=desk.person, form_key=uuid4()
    )
    papers = [
        Paper.objects.create(run=run, decision=decision, slot=slot, number=number, mark="ABCD")
        for number, slot in enumerate(slots, start=1)
    ]
    for slot in slots:
        Service.objects.create(
            slot=slot, how="hand", at=NOW - timedelta(days=4), proof=True, by=desk.person, made_at=NOW
        )
    for number in range(1, 9):
        at = NOW - timedelta(hours=30 - number)
        Act.objects.create(
            decision=decision, slot=slots[number], number=1, kind="cast", channel="screen", by=f"O-{number}",
            choice="for", at=at, person=people[number], form_key=uuid4(),
        )  # fmt: skip
    on_paper = {
        "decision": decision, "kind": "cast", "channel": "paper", "by": "O-0", "choice": "for",
        "entered_by": desk.person, "signed_on": date(2026, 9, 11),
    }  # fmt: skip
    act = Act.objects.create(
        pk=KEY, **on_paper, slot=slots[0], number=1, at=NOW - timedelta(hours=9), paper=papers[0], form_key=uuid4(),
        confirmed_by=second.person, confirmed_at=NOW - timedelta(hours=8),
    )  # fmt: skip
    waits = Act.objects.create(
        **on_paper | {"by": "O-9"}, slot=slots[9], number=1, at=NOW - timedelta(hours=7), paper=papers[9],
        form_key=uuid4(),
    )  # fmt: skip
    refused = Act.objects.create(
        **on_paper | {"by": "O-10"}, slot=slots[10], number=1, at=NOW - timedelta(hours=6), paper=papers[10],
        form_key=uuid4(), refused_at=NOW - timedelta(hours=5), refused_why="两次录入不一样",
    )  # fmt: skip
    Paper.objects.filter(pk__in=[papers[0].pk, papers[9].pk]).update(used_at=NOW - timedelta(hours=7))
    Slot.objects.filter(pk__in=[slots[0].pk, *(slot.pk for slot in slots[1:11])]).update(acts=1)
    authority = Authority.objects.create(
        pk=KEY, slot=slots[11], decision=decision, owner="O-11", agent="agent:1", agent_name="演示亲戚", written=True,
        instruction="for", at=NOW - timedelta(days=1), entered_by=desk.person, confirmed_by=second.person,
        confirmed_at=NOW - timedelta(hours=20), form_key=uuid4(),
    )  # fmt: skip
    Challenge.objects.create(pk=KEY, act=act, by=people[0], words="不是我签的", at=NOW, form_key=uuid4())
    team = put_seat(put_person("演示组长", "+8613800000033"), "team", "加梯小组", estate, "head")
    Drive.objects.filter(pk=KEY).update(team=team.body)
    helper = put_seat(put_person("演示志愿", "+8613800000034"), "team", "加梯小组", estate, "member")
    Door.objects.create(pk=KEY, drive=drive, home=slots[0].place, volunteer=helper.person, since=NOW)
    Visit.objects.create(
        pk=KEY, drive=drive, home=slots[0].place, outcome="spoke", by=helper.person, at=NOW, form_key=uuid4()
    )
    wish = Wish.objects.create(
        pk=KEY, drive=drive, home=slots[0].place, number=1, says="yes", who="owner", by=desk.person, at=NOW,
        form_key=uuid4(),
    )  # fmt: skip
    CostPlan.objects.filter(drive=drive).delete()
    return SimpleNamespace(
        decision=decision, matter=matter, people=people, slots=slots, acts=[act, waits, refused], authority=authority,
        wish=wish, desk=desk, second=second, team=team, helper=helper, estate=estate, stairwell=stairwell,
    )  # fmt: skip


def role_of(world: SimpleNamespace, name: str, request: Any) -> Actor:
    """Somebody of the neighbourhood who is neither the owner nor one of the two who count."""
    place, area = world.estate, world.estate.parent
    if name == "neighbour":
        return own(world.people[5])
    if name == "tenant":
        person = put_person("演示租客", "+8613800000041")
        put_tie(person, world.slots[0].place, "rent")
        return own(person)
    if name == "co_owner_elsewhere":
        person = put_person("演示别处业主", "+8613800000042")
        put_tie(person, place, "own")
        return own(person)
    seats = {
        "clerk": ("committee", "华富居委会", area, "clerk"),
        "owners_clerk": ("owners", "龙吴路业委会", place, "clerk"),
        "street_head": ("street_office", "街道办", area.parent, "head"),
        "property": ("property", "物业", place, "head"),
        "builder": ("builder", "施工", place, "head"),
    }
    if name in seats:
        kind, body, where, office = seats[name]
        return speaking_from(put_seat(put_person(f"演示{body}", "+8613800000043"), kind, body, where, office))
    if name in ("volunteer", "team_head"):
        return speaking_from(world.helper if name == "volunteer" else world.team)
    return request.getfixturevalue(name)


def turn(world: SimpleNamespace, choice: str) -> None:
    """Every choice that is to stay hidden, as if it had been this one from the beginning."""
    Act.objects.filter(pk__in=[act.pk for act in world.acts]).update(choice=choice)
    Authority.objects.filter(pk=world.authority.pk).update(instruction=choice)
    says = {"for": "yes", "against": "no", "abstain": "depends"}[choice]
    Wish.objects.filter(pk=world.wish.pk).update(says=says)
    standing.forget()


def paths() -> list[tuple[str, str]]:
    """Every address of the house, with KEY wherever it asks for one."""
    found = []
    for name, parts in addresses().items():
        if name in UNREAD:
            continue
        words: dict[str, Any] = {}
        for part, kind in parts.items():
            words[part] = {"IntConverter": KEY, "UUIDConverter": UUID(int=KEY)}.get(kind, "statement")
        try:
            found.append((name, reverse(name, kwargs=words)))
        except Exception:  # an address of other words: none of them is about a vote
            assert not name.startswith(("decisions:", "roll:")), name
    asked = [reverse("web:search") + "?words=演示业主0", reverse("places:place", args=[KEY])]
    return [*found, *(("", path) for path in asked)]


def bare(text: str) -> str:
    text = re.sub(r'name="(csrfmiddlewaretoken|asked)" value="[^"]+"|data-options="[^"]+"', "", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)


def told(client: Any, path: str) -> tuple[Any, ...]:
    """What comes back, and how much was asked of the database for it: how long it takes tells nothing either."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    body = bare(content.decode()) if kind.startswith("text/") or "json" in kind else content
    kept = [answer.headers.get(one) for one in ("Content-Disposition", "Location", "Last-Modified")]
    return answer.status_code, body, kept, len(asked.captured_queries)


UNTOUCHED = ("shell", "people", "outbox", "consultations", "handbook")  # looked at once, while the vote is open
AT_THE_DESK = ("clerk", "owners_clerk", "street_head", "administrator")  # they prepare the costs, so they read wishes


def both(actor: Actor, world: SimpleNamespace, path: str) -> list[tuple[Any, ...]]:
    """What this address tells while the home said for, and while it said against."""
    said = []
    for choice in ("for", "against"):
        turn(world, choice)
        said.append(told(signed_in(actor, raise_request_exception=False), path))
    return said


@pytest.mark.parametrize("moment", ["open", "counting"])
@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_of_the_house_tells_how_a_home_chose(
    role: str, moment: str, request: Any, world: SimpleNamespace
) -> None:
    if moment == "counting":
        Decision.objects.filter(pk=KEY).update(closes_at=NOW - timedelta(hours=1))
    actor, differing = role_of(world, role, request), []
    for name, path in paths():
        if name == "decisions:wishes" and role in AT_THE_DESK:
            continue
        if moment == "counting" and name.split(":")[0] in UNTOUCHED:
            continue
        said = both(actor, world, path)
        if said[0] != said[1]:  # what a process keeps for a minute may have run out between the two
            said = both(actor, world, path)
        if said[0] != said[1]:
            differing.append(f"{name or path}: {said[0][0]} {said[0][3]} and {said[1][0]} {said[1][3]}")
        if said[0][0] >= 500:
            differing.append(f"{name or path}: {said[0][0]}")
    assert differing == []


def test_the_two_who_count_would_read_it(world: SimpleNamespace) -> None:
    """Else the test above would pass for a house in which nothing is shown to anybody."""
    counts = []
    for choice in ("for", "against"):
        turn(world, choice)
        shown = standing.standing(viewer=speaking_from(world.desk), decision=world.decision, at=NOW)
        assert shown.own.verdict is not None
        counts.append(shown.own.verdict.status["03/1/0000"])
    assert counts == ["for", "against"]


OPEN_TO_ALL = {
    "roll:match": "whoever is signed in may type the code of a letter",
    "decisions:hand_sheet": "a volunteer hands out sheets at doors of their own",
}


@pytest.mark.parametrize("role", ["visitor", "property", "builder", "volunteer", "steward"])
def test_who_has_no_part_in_it_changes_nothing_of_a_roll_or_a_vote(
    role: str, request: Any, world: SimpleNamespace
) -> None:
    """Every address of the two rooms, sent to by who may do nothing there: no form is even looked at."""
    client = signed_in(role_of(world, role, request), raise_request_exception=False)
    heard, before = [], everything()
    for name, path in paths():
        if not name.startswith(("decisions:", "roll:")) or name in OPEN_TO_ALL:
            continue
        answer = client.post(path, {"form_key": uuid4(), "sure": "on", "why": "x", "choice": "for", "reason": "x"})
        if answer.status_code not in (302, 403, 404, 405):
            heard.append(f"{name}: {answer.status_code}")
    assert heard == []
    assert everything() == before
