"""Each act, sent whole and well by somebody who may not: nothing in any table changes.

The things acted on can be seen by everybody, so that no answer hides behind 404; the same words from the right
person are kept, so that none of them is refused for another reason.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import NOW, put_person, put_place, put_seat, put_tie, speaking_from
from hemei.base.models import Job
from hemei.base.text import likeness
from hemei.consultations.models import Appeal, Argument, Consultation, Document, Statement
from hemei.matters.models import Matter
from hemei.notices.models import Posting, PrintedNotice
from hemei.people import codes
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance, Code, Passkey
from hemei.places.steps import state_of
from hemei.promises.models import Promise
from tests.access.walking import addresses, everything, signed_in, with_key

JOB = UUID(int=7_700_001)
OUTSIDERS = ("visitor", "guest", "resident", "newcomer", "stranger", "clerk", "elsewhere_member")
WORDS = "好好说的话，没有一点毛病。"


def put_consultation(place: Any, title: str, **more: Any) -> Consultation:
    matter = Matter.objects.create(street_id=place.street_key, place=place, title=title, opened_at=NOW)
    kept: dict[str, Any] = {
        "opens_at": NOW - timedelta(days=2),
        "closes_at": NOW + timedelta(days=5),
        "ready_at": NOW - timedelta(days=3),
        "who_votes": "confirmed",
        "who_speaks": "confirmed",
        "made_at": NOW - timedelta(days=4),
        **more,
    }
    return Consultation.objects.create(matter=matter, question=f"{title}？", **kept)


def put_words(model: Any, consultation: Consultation, number: int, state: str, author: Any, **more: Any) -> Any:
    text = f"第 {number} 句话 {state}"
    words = {"text": text, "likeness": likeness(text + str(consultation.pk)), "made_at": NOW, "author": author}
    if model is Argument:
        words |= {"side": "for", "stake": "light"}
    return model.objects.create(consultation=consultation, number=number, state=state, **words, **more)


@pytest.fixture
def elsewhere_member(street: Any, estate: Any) -> Actor:
    """Sits in an owners' committee of Huafu, strongly signed in."""
    return speaking_from(put_seat(put_person("寅委员", "+8613800000020"), "owners", "华富业委会", estate, "head"))


@pytest.fixture
def world(other_estate: Any, now: Any, settings: Any, tmp_path: Any) -> SimpleNamespace:
    """What stands open to everybody's eyes in another area, and those whom it belongs to."""
    settings.MEDIA_ROOT = tmp_path
    area = other_estate.parent
    building = put_place("building", "1号楼", "01", other_estate)
    stairwell = put_place("stairwell", "1单元", "1", building)
    spare = put_place("building", "9号楼", "09", other_estate)
    gone = put_place("building", "8号楼", "08", other_estate, until=date(2026, 1, 1))
    neighbour = put_person("壬邻居", "+8613800000010")
    second = put_person("癸邻居", "+8613800000011")
    home = put_place("home", "101室", "0101", stairwell)
    tie = put_tie(neighbour, home, grade="declared")
    phoneless = put_person("巳老人")
    put_tie(phoneless, home)
    codes.make(kind=Code.Kind.SLIP, person=phoneless, at=NOW)
    put_tie(second, stairwell)
    clerk = put_seat(put_person("子干事", "+8613800000012"), "committee", "金牛苑居委会", area, "clerk")
    head = put_seat(put_person("丑主任", "+8613800000013"), "committee", "金牛苑居委会", area, "head")
    mover = put_seat(put_person("卯干事", "+8613800000014"), "committee", "金牛苑居委会", area, "clerk")
    property_seat = put_seat(put_person("辰经理", "+8613800000015"), "property", "金牛物业", other_estate, "head")
    sitting = Assistance.objects.create(
        helper=clerk.person, principal=second, way="counter", evidence="x", began_at=NOW, ended_at=NOW, form_key=uuid4()
    )
    contested = Assistance.objects.create(
        helper=clerk.person,
        principal=second,
        way="counter",
        evidence="x",
        began_at=NOW,
        ended_at=NOW,
        form_key=uuid4(),
        contested_at=NOW,
        contest="不是我说的",
    )
    with_passkey = Actor(person=second, principal=second, strong=True)
    passkey = Passkey.objects.create(person=second, credential=b"x", key=b"x", called="x", made_at=NOW)
    talk = put_consultation(other_estate, "楼道里的灯", documents=1)
    closed = put_consultation(other_estate, "说完了的事", closes_at=NOW - timedelta(hours=1))
    said = put_words(Statement, talk, 1, "accepted", second)
    put_words(Statement, talk, 2, "waiting", second)
    put_words(Statement, talk, 3, "rejected", second)
    put_words(Statement, talk, 4, "rejected", second)
    put_words(Argument, talk, 1, "waiting", second)
    appealed = Statement.objects.get(consultation=talk, number=4)
    appeal = Appeal.objects.create(
        consultation=talk, statement=appealed, reason="再看一眼", made_at=NOW, form_key=uuid4()
    )
    paper = Document.objects.create(consultation=talk, title="图纸", text=WORDS, added_at=NOW, form_key=uuid4())
    matter = Matter.objects.create(
        street_id=other_estate.street_key, place=other_estate, title="一件公开的事", opened_at=NOW, body=clerk.body
    )
    shut = Matter.objects.create(
        street_id=other_estate.street_key, place=other_estate, title="办完的事", opened_at=NOW, closed_at=NOW
    )
    due = NOW + timedelta(days=3)
    owed = {"street_id": other_estate.street_key, "place": other_estate, "made_at": NOW, "due_at": due, "late_at": due}
    promise = Promise.objects.create(what="换灯", matter=matter, owner_body=property_seat.body, **owed)
    kept = Promise.objects.create(
        what="换好的灯",
        matter=matter,
        owner_body=property_seat.body,
        state="kept",
        kept_at=NOW,
        proof="换好了",
        **owed,
    )
    sheet = PrintedNotice.objects.create(
        street_id=other_estate.street_key,
        year=2026,
        number=1,
        place=other_estate,
        matter=matter,
        body=clerk.body,
        title="公示",
        text=WORDS,
        made_at=NOW - timedelta(hours=2),
        form_key=uuid4(),
    )
    posting = Posting.objects.create(
        notice=sheet, place=other_estate, posted_at=NOW - timedelta(hours=1), form_key=uuid4()
    )
    Job.objects.create(id=JOB, kind="consultations.compute", asked_by=clerk.person_id, created_at=NOW, touched_at=NOW)
    return SimpleNamespace(**locals())


def picture() -> SimpleUploadedFile:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(made, "PNG")
    return SimpleUploadedFile("灯.png", made.getvalue(), "image/png")


Act = Callable[[Any], tuple[dict[str, Any], dict[str, Any], str]]
# by address: the parts of the address, the words of the form, and who may
ACTS: dict[str, Act] = {
    "places:add": lambda w: ({"pk": w.building.pk}, {"kind": "stairwell", "name": "2单元", "code": "2"}, "head"),
    "places:correct": lambda w: (
        {"pk": w.building.pk},
        {"name": "一号楼", "code": "01", "order": 1, "seen": state_of(w.building)},
        "head",
    ),
    "places:close": lambda w: ({"pk": w.spare.pk}, {"until": "2026-09-01"}, "head"),
    "places:reopen": lambda w: ({"pk": w.gone.pk}, {}, "head"),
    "people:begin_anew": lambda w: ({"pk": w.mover.pk}, {}, "administrator"),
    "people:correct_body": lambda w: ({"pk": w.clerk.body_id}, {"name": "新名字"}, "administrator"),
    "people:end_body": lambda w: ({"pk": w.property_seat.body_id}, {"sure": "on"}, "administrator"),
    "people:give_seat": lambda w: (
        {"pk": w.clerk.body_id},
        {"phone": "13800000099", "name": "新人", "office": "clerk", "since": "2026-09-12"},
        "head",
    ),
    "people:end_seat": lambda w: ({"pk": w.mover.pk}, {"sure": "on"}, "head"),
    "people:hand_over": lambda w: ({"pk": w.mover.pk}, {"phone": "13800000098", "name": "新人"}, "head"),
    "people:confirm_tie": lambda w: ({"pk": w.tie.pk}, {"ground": "看过房产证", "sure": "on"}, "clerk"),
    "people:refuse_tie": lambda w: ({"pk": w.tie.pk}, {"why": "不住这里"}, "clerk"),
    "people:end_tie": lambda w: ({"pk": w.tie.pk}, {"sure": "on"}, "neighbour"),
    "people:ask_for_letter": lambda w: ({"pk": w.tie.pk}, {}, "neighbour"),
    "people:contest_sitting": lambda w: ({"pk": w.sitting.pk}, {"contest": "不是我说的"}, "second"),
    "people:answer_contest": lambda w: ({"pk": w.contested.pk}, {"answer": "查过了"}, "head"),
    "people:record": lambda w: ({"pk": w.second.pk}, {}, "clerk"),
    "people:begin_sitting": lambda w: (
        {"pk": w.second.pk},
        {"way": "counter", "evidence": "本人在场"},
        "clerk",
    ),
    "people:print_slip": lambda w: ({"pk": w.phoneless.pk}, {}, "clerk"),
    "people:revoke_slips": lambda w: ({"pk": w.phoneless.pk}, {}, "clerk"),
    "people:remove_passkey": lambda w: ({"pk": w.passkey.pk}, {"sure": "on"}, "with_passkey"),
    "matters:tell": lambda w: ({"pk": w.matter.pk}, {"text": WORDS, "source": "现场"}, "clerk"),
    "matters:change_visibility": lambda w: (
        {"pk": w.matter.pk},
        {"visibility": "area", "reason": "只跟这里的人有关"},
        "clerk",
    ),
    "matters:close_matter": lambda w: ({"pk": w.matter.pk}, {"reason": "办完了", "outcome": "办完了"}, "clerk"),
    "matters:reopen_matter": lambda w: ({"pk": w.shut.pk}, {"reason": "又坏了"}, "clerk"),
    "notices:void_sheet": lambda w: ({"pk": w.sheet.pk}, {"why": "写错了日期"}, "clerk"),
    "notices:post_sheet": lambda w: (
        {"pk": w.sheet.pk},
        {"place": w.building.pk, "posted_at": "2026-09-12T10:00", "photo": picture()},
        "clerk",
    ),
    "notices:take_down": lambda w: (
        {"pk": w.sheet.pk, "posting": w.posting.pk},
        {"removed_at": "2026-09-12T10:20"},
        "clerk",
    ),
    "promises:keep_promise": lambda w: ({"pk": w.promise.pk}, {"proof": "换好了，亮了"}, "property_seat"),
    "promises:extend_promise": lambda w: (
        {"pk": w.promise.pk},
        {"due_on": "2026-10-01", "reason": "灯没到货"},
        "property_seat",
    ),
    "promises:withdraw_promise": lambda w: ({"pk": w.promise.pk}, {"why": "另有人换了"}, "property_seat"),
    "promises:dispute_promise": lambda w: ({"pk": w.kept.pk}, {"reason": "还是不亮"}, "second"),
    "consultations:cast_vote": lambda w: ({"pk": w.talk.pk}, {"statement": 1, "answer": 1}, "second"),
    "consultations:add_statement": lambda w: ({"pk": w.talk.pk}, {"text": "灯要亮一整夜。", "as_is": "on"}, "second"),
    "consultations:correct_statement": lambda w: (
        {"pk": w.talk.pk, "number": 2},
        {"text": "换一句话说。", "as_is": "on"},
        "second",
    ),
    "consultations:add_argument": lambda w: (
        {"pk": w.talk.pk},
        {"side": "for", "text": "走夜路不怕。", "stake": "light"},
        "second",
    ),
    "consultations:add_argument_on": lambda w: (
        {"pk": w.talk.pk, "number": 1},
        {"side": "for", "text": "走夜路不怕。", "stake": "light"},
        "second",
    ),
    "consultations:appeal": lambda w: (
        {"pk": w.talk.pk, "kind": "statement", "number": 3},
        {"reason": "没有骂人"},
        "second",
    ),
    "consultations:add_document": lambda w: ({"pk": w.talk.pk}, {"title": "新图纸", "text": WORDS}, "clerk"),
    "consultations:take_down_document": lambda w: ({"pk": w.talk.pk, "paper": w.paper.pk}, {"why": "过时了"}, "clerk"),
    "consultations:cancel": lambda w: ({"pk": w.talk.pk}, {"why": "问错了地方"}, "clerk"),
    "consultations:answer": lambda w: ({"pk": w.closed.pk}, {"text": WORDS}, "clerk"),
    "consultations:export_polis": lambda w: ({"pk": w.closed.pk}, {}, "clerk"),
    "consultations:accept_words": lambda w: ({"pk": w.talk.pk, "kind": "statement", "number": 2}, {}, "clerk"),
    "consultations:reject_words": lambda w: (
        {"pk": w.talk.pk, "kind": "argument", "number": 1},
        {"ground": "insult", "reason": "骂人"},
        "clerk",
    ),
    "consultations:restore_words": lambda w: (
        {"pk": w.talk.pk, "kind": "statement", "number": 3},
        {"reason": "看错了"},
        "clerk",
    ),
    "consultations:decide_appeal": lambda w: (
        {"pk": w.talk.pk, "appeal": w.appeal.pk},
        {"shown": "yes", "reason": "没有骂人"},
        "head",
    ),
    "web:stop_job": lambda w: ({"pk": JOB}, {}, "clerk"),
}


def send(world: Any, client: Any, name: str) -> Any:
    parts, words, _who = ACTS[name](world)
    return client.post(reverse(name, kwargs=parts), {"form_key": uuid4(), **words})


@pytest.mark.parametrize("name", ACTS)
def test_the_right_person_is_heard(name: str, world: Any, administrator: Actor) -> None:
    who = ACTS[name](world)[2]
    one = administrator if who == "administrator" else getattr(world, who)
    actor = one if isinstance(one, Actor) else speaking_from(one) if hasattr(one, "office") else own(one)
    before = everything()
    answer = send(world, signed_in(actor), name)
    assert answer.status_code in (200, 302), re.findall(r'class="(?:errors?|why)[^>]*>.*', answer.content.decode())
    assert everything() != before


@pytest.mark.parametrize("role", OUTSIDERS)
def test_what_somebody_sends_who_may_not_changes_nothing(role: str, world: Any, request: Any) -> None:
    actor = request.getfixturevalue(role)
    before = everything()
    for name in ACTS:
        answer = send(world, signed_in(actor), name)
        assert answer.status_code in (302, 403, 404, 422), f"{name}: {answer.status_code}"
        after = everything()
        assert after == before, f"{name} by {role}: {[label for label in after if after[label] != before[label]]}"


ELSEWHERE = {
    "people:enter_demo": "open in the demo alone",
    "people:confirm_by_letter": "needs the code from the letter",
    "places:confirm_list": "needs a list that was sent: hemei/places/tests/test_importing.py",
    "places:merge": "hemei/places/tests/test_merging.py",
    "places:split": "hemei/places/tests/test_merging.py",
    "notices:follow": "everybody with an account may follow what they see",
    "promises:answer_dispute": "needs a dispute: hemei/promises/tests/test_disputes.py",
    "consultations:enter_sheet": "needs a sitting: hemei/consultations/tests/test_pages.py",
    "consultations:change": "a draft is hidden: test_hidden_is_absent.py",
    "consultations:make_ready": "a draft is hidden: test_hidden_is_absent.py",
}


def test_every_act_on_something_is_tried_here_or_named(world: Any, administrator: Actor) -> None:
    """Addresses that take POST and name a row; those that are only read answer 405."""
    client, untried = signed_in(administrator), []
    for name, parts in with_key(addresses()).items():
        if name in ACTS or name in ELSEWHERE or name.startswith(("roll:", "decisions:")):
            continue  # of the roll and of votes every address is tried in test_choices_stay_hidden.py
        words: dict[str, Any] = dict.fromkeys(parts, "statement")
        words |= {part: 9_900_001 for part, kind in parts.items() if kind == "IntConverter"}
        words |= {part: JOB for part, kind in parts.items() if kind == "UUIDConverter"}
        if client.post(reverse(name, kwargs=words)).status_code != 405:
            untried.append(name)
    assert untried == []
