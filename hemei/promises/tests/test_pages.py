"""The pages of promises: who may open them, in both languages, with few questions to the database."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from conftest import NOW, signed_in
from hemei.base import clock
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises.models import Dispute, Extension, Promise
from hemei.promises.tests.conftest import made, put_matter
from hemei.promises.tests.test_disputes import disputed
from hemei.promises.tests.test_who_sees import SECRET, hidden_promise

pytestmark = pytest.mark.usefixtures("now")


def browser(actor: Actor, language: str = "en") -> Client:
    return signed_in(actor, language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["visitor", "resident", "manager", "clerk", "administrator"])
def test_everybody_reads_the_list_and_a_promise(
    request: pytest.FixtureRequest,
    who: str,
    language: str,
    promise: Promise,
    manager: Actor,
    resident: Actor,
    django_assert_max_num_queries: Any,
) -> None:
    from hemei.promises.actions import answer_dispute, keep_promise
    from hemei.promises.tests.test_keep_and_move import moved

    moved(manager, promise)
    keep_promise(actor=manager, promise=promise, proof="两盏灯都换了", form_key=uuid4(), at=NOW)
    disputed(resident, promise)
    clerk = request.getfixturevalue("clerk")
    answer_dispute(actor=clerk, dispute=Dispute.objects.get(), answer="去看过了，亮着", reopened=False, at=NOW)
    client = browser(request.getfixturevalue(who), language)
    for address in (reverse("promises:promises"), reverse("promises:promise", args=[promise.pk])):
        with django_assert_max_num_queries(10):
            answer = client.get(address)
        assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    assert "两盏灯都换了" in page
    assert "下雨，漆不干" in page
    assert "昨晚又不亮了" in page
    assert "甲居民" not in page


@pytest.mark.parametrize("state", ["late", "open", "kept", "lapsed", "disputed", "withdrawn", "nonsense", "%00"])
def test_lists_of_every_state_and_of_none(state: str, kept: Promise, estate: Place) -> None:
    client = Client()
    for more in ("", f"&place={estate.pk}", f"&body={kept.owner_body_id}", "&page=99999999999"):
        assert client.get(f"{reverse('promises:promises')}?state={state}{more}").status_code == 200
    for missing in ("place=0", "place=x", "body=99999999999999999999", "place="):
        assert client.get(f"{reverse('promises:promises')}?{missing}").status_code == 404


def test_the_number_of_questions_does_not_grow(
    manager: Actor, estate: Place, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        made(manager, estate, what=f"第 {number} 件")
    with django_assert_max_num_queries(6):
        assert Client().get(reverse("promises:promises")).status_code == 200


ACTS = ("keep_promise", "extend_promise", "withdraw_promise", "dispute_promise", "answer_dispute")


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_is_told_and_who_may_not_see_gets_nothing(
    act: str, manager: Actor, stranger: Actor, resident: Actor, kept: Promise, estate: Place
) -> None:
    disputed(resident, kept)
    hidden = hidden_promise(manager, estate, resident, "parties")
    for client in (Client(), browser(stranger)):
        assert client.get(reverse(f"promises:{act}", args=[kept.pk])).status_code == 403
        assert client.post(reverse(f"promises:{act}", args=[kept.pk]), {}).status_code == 403
        answers = {}
        for pk in (hidden.pk, 999999):
            answer = client.get(address := reverse(f"promises:{act}", args=[pk]))
            assert answer.status_code == 404
            answers[pk] = answer.content.replace(address.encode(), b"")
        assert answers[hidden.pk] == answers[999999]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_a_promise_to_its_proof_by_forms(manager: Actor, estate: Place, language: str) -> None:
    client = browser(manager, language)
    address = f"{reverse('promises:make_promise')}?place={estate.pk}"
    assert client.get(address).status_code == 200
    sent = {"what": "修好大门", "what_kind": "work", "due_on": "2026-09-20", "form_key": uuid4()}
    assert client.post(address, sent).status_code == 302
    promise = Promise.objects.get()
    extend = reverse("promises:extend_promise", args=[promise.pk])
    assert client.get(extend).status_code == 200
    late = client.post(extend, {"due_on": "2026-09-20", "reason": "下雨", "form_key": uuid4()})
    assert late.status_code == 422
    assert "下雨" in late.content.decode()
    assert client.post(extend, {"due_on": "2026-09-25", "reason": "下雨", "form_key": uuid4()}).status_code == 302
    keep = reverse("promises:keep_promise", args=[promise.pk])
    assert client.get(keep).status_code == 200
    assert client.post(keep, {"proof": "门修好了", "form_key": uuid4(), "photo": picture()}).status_code == 302
    promise.refresh_from_db()
    assert (promise.state, promise.extensions.count()) == ("kept", 1)
    assert promise.proof_photo is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", ""),
        ("what", "长" * 201),
        ("what", "\u202e倒着读"),
        ("due_on", "2026-02-31"),
        ("due_on", "明天"),
        ("due_on", "2020-01-01"),
        ("what_kind", "nonsense"),
        ("form_key", "nonsense"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_written(
    manager: Actor, estate: Place, field: str, value: str
) -> None:
    sent = {"what": "修好大门", "what_kind": "work", "due_on": "2026-09-20", "form_key": str(uuid4()), field: value}
    answer = browser(manager).post(f"{reverse('promises:make_promise')}?place={estate.pk}", sent)
    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_hostile_words_are_shown_as_words(manager: Actor, estate: Place) -> None:
    promise = made(manager, estate, what="<script>alert(1)</script>")
    page = Client().get(reverse("promises:promise", args=[promise.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_is_no_picture_is_refused_beside_the_field(manager: Actor, promise: Promise) -> None:
    sent = {"proof": "好了", "form_key": uuid4(), "photo": io.BytesIO(b"<svg onload=alert(1)>")}
    sent["photo"].name = "a.jpg"
    answer = browser(manager).post(reverse("promises:keep_promise", args=[promise.pk]), sent)
    assert answer.status_code == 422
    promise.refresh_from_db()
    assert promise.state == "open"


def picture() -> io.BytesIO:
    made_ = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made_, "PNG")
    made_.seek(0)
    made_.name = "door.png"
    return made_


def test_the_photo_is_for_those_who_may_read_the_promise(
    manager: Actor, resident: Actor, stranger: Actor, estate: Place
) -> None:
    hidden = hidden_promise(manager, estate, resident, "parties")
    keep = reverse("promises:keep_promise", args=[hidden.pk])
    browser(manager).post(keep, {"proof": "装好了", "form_key": uuid4(), "photo": picture()})
    address = reverse("promises:photo", args=[hidden.pk])
    assert browser(resident).get(address).headers["X-Content-Type-Options"] == "nosniff"
    for client in (Client(), browser(stranger)):
        assert client.get(address).status_code == 404
    open_one = made(manager, estate)
    assert Client().get(reverse("promises:photo", args=[open_one.pk])).status_code == 404


def test_the_bare_page_of_a_late_one_holds_no_word_of_it(
    manager: Actor, resident: Actor, estate: Place, stranger: Actor
) -> None:
    hidden = hidden_promise(manager, estate, resident, "parties")
    with clock.set_to(hidden.due_at + timedelta(days=2)):
        for address in (reverse("promises:promise", args=[hidden.pk]), reverse("promises:promises")):
            page = browser(stranger).get(address).content.decode()
            assert SECRET not in page
            assert estate.name not in page
            assert "路灯不亮" not in page
            assert "演示物业" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_resident_disputes_and_the_committee_answers_by_forms(
    resident: Actor, clerk: Actor, kept: Promise, language: str
) -> None:
    address = reverse("promises:dispute_promise", args=[kept.pk])
    client = browser(resident, language)
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "又不亮了", "form_key": uuid4()}).status_code == 302
    answering, committee = reverse("promises:answer_dispute", args=[kept.pk]), browser(clerk, language)
    assert committee.get(answering).status_code == 200
    no_day = committee.post(answering, {"answer": "看过了", "reopened": "yes"})
    assert no_day.status_code == 422
    sent = {"answer": "看过了", "reopened": "yes", "due_on": "2026-09-20"}
    assert committee.post(answering, sent).status_code == 302
    kept.refresh_from_db()
    assert kept.state == "open"
    assert committee.get(answering).status_code == 404


def test_it_is_taken_back_by_a_form(manager: Actor, promise: Promise) -> None:
    address = reverse("promises:withdraw_promise", args=[promise.pk])
    assert browser(manager).get(address).status_code == 200
    assert browser(manager).post(address, {"why": ""}).status_code == 422
    assert browser(manager).post(address, {"why": "不归我们管"}).status_code == 302
    assert "不归我们管" in Client().get(reverse("promises:promise", args=[promise.pk])).content.decode()


def test_reading_writes_nothing(promise: Promise, estate: Place) -> None:
    client = Client()
    for address in (reverse("promises:promises"), reverse("promises:promise", args=[promise.pk])):
        client.get(address)
    assert not Extension.objects.exists()
    assert "hemei" not in client.cookies


def test_making_one_needs_a_place_or_a_matter_that_is_seen(manager: Actor, stranger: Actor, estate: Place) -> None:
    hidden = put_matter(estate, "confidential")
    for client in (browser(stranger), browser(manager)):
        assert client.get(f"{reverse('promises:make_promise')}?matter={hidden.pk}").status_code == 404
        assert client.get(reverse("promises:make_promise")).status_code == 404
    assert browser(stranger).get(f"{reverse('promises:make_promise')}?place={estate.pk}").status_code == 403


def test_a_clerk_reads_on_the_counter_how_many_promises_of_theirs_are_late(clerk: Actor, estate: Place) -> None:
    made(clerk, estate)
    late = reverse("promises:promises") + "?state=late"
    assert late not in browser(clerk).get(reverse("people:counter")).text
    with clock.set_to(NOW + timedelta(days=60)):
        assert late in browser(clerk).get(reverse("people:counter")).text
