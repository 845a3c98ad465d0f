"""The first page: what is talked over, what was promised, whom one can reach; and a beginning where nothing is."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from conftest import NOW, put_place, signed_in
from hemei.consultations.models import Consultation
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places import context
from hemei.places.models import Kind, Place
from hemei.promises.actions import make_promise

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.django_db]
CAST = ("visitor", "guest", "resident", "newcomer", "stranger", "clerk", "steward", "administrator")
PLACE_QUERIES = 14  # three of the place itself, seven rooms with a panel each, and who is there


@pytest.fixture(autouse=True)
def _fresh_head() -> None:
    context.forget()


def put_talk(place: Place, question: str, *, opens: timedelta, closes: timedelta, **more: Any) -> Consultation:
    visibility = more.pop("visibility", "public")
    matter = Matter.objects.create(
        street_id=place.street_key, place=place, title=question, visibility=visibility, opened_at=NOW
    )
    return Consultation.objects.create(
        matter=matter,
        question=question,
        opens_at=NOW + opens,
        closes_at=NOW + closes,
        made_at=NOW,
        ready_at=NOW,
        **more,
    )


@pytest.fixture
def talks(estate: Place, clerk: Actor) -> list[Consultation]:
    day = timedelta(days=1)
    make_promise(actor=clerk, place=estate, what="贴出排班表", due_on=date(2026, 9, 20), form_key=uuid4(), at=NOW)
    Body.objects.filter(pk=clerk.seat.body_id).update(phone="021-0000 0201", office_hours="周一至周六")
    return [
        put_talk(estate, "围墙拆不拆？", opens=-day, closes=2 * day, participants=12),
        put_talk(estate, "车位怎么分？", opens=3 * day, closes=9 * day),
        put_talk(estate, "已经谈完的事？", opens=-9 * day, closes=-day),
        put_talk(estate, "只给当事人看的？", opens=-day, closes=day, visibility="parties", participants=5),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", CAST)
def test_everybody_gets_the_first_page(
    request: pytest.FixtureRequest,
    who: str,
    language: str,
    talks: list[Consultation],
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(request.getfixturevalue(who), language)
    with django_assert_max_num_queries(10):
        answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "围墙拆不拆？" in page
    assert "车位怎么分？" in page
    assert "贴出排班表" in page
    assert "周一至周六" in page
    assert "已经谈完的事？" not in page


def test_the_main_act_is_the_consultation_that_closes_soonest(talks: list[Consultation]) -> None:
    page = Client().get("/").content.decode()
    assert f'class="button" href="{reverse("consultations:consultation", args=[talks[0].pk])}"' in page


def test_what_is_hidden_is_neither_shown_nor_counted(talks: list[Consultation]) -> None:
    page = Client().get("/").content.decode()
    assert "只给当事人看的？" not in page
    assert ">12<" in page


def test_figures_come_with_their_whole(talks: list[Consultation]) -> None:
    page = Client().get("/").content.decode()
    assert "0 / 1" in page


@pytest.mark.parametrize("who", ["visitor", "stranger", "administrator"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_where_nothing_stands_the_beginning_is_shown(request: pytest.FixtureRequest, who: str, language: str) -> None:
    answer = signed_in(request.getfixturevalue(who), language).get("/")
    assert answer.status_code == 200
    begins = reverse("places:add_street") in answer.content.decode()
    assert begins == (who == "administrator")


def test_of_several_streets_one_is_chosen_and_remembered(street: Place, resident: Actor) -> None:
    other = put_place(Kind.STREET, "田林街道", "310105")
    client = Client()
    assert "田林街道" in client.get("/").content.decode()
    assert client.get(f"/?street={other.pk}").cookies["street"].value == str(other.pk)
    assert f"<title>{other.name}" in client.get("/").content.decode()
    assert "漕河泾街道" in client.get("/?street=other").content.decode()
    assert "<title>漕河泾街道" in signed_in(resident).get("/").content.decode()  # where one belongs comes first


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999999999999", "%00", "1;drop"])
def test_a_street_that_is_not_there_leaves_the_choice(street: Place, asked: str) -> None:
    answer = Client().get(f"/?street={asked}")
    assert answer.status_code == 200
    assert "street" not in answer.cookies


def test_reading_the_first_page_writes_nothing(talks: list[Consultation]) -> None:
    client = Client()
    assert "hemei" not in client.get("/").cookies
    assert not Session.objects.exists()


def test_an_overfull_street_costs_no_more(estate: Place, clerk: Actor, django_assert_max_num_queries: Any) -> None:
    day = timedelta(days=1)
    for number in range(15):
        put_talk(estate, f"第 {number} 件？", opens=-day, closes=day, participants=6)
        make_promise(
            actor=clerk, place=estate, what=f"第 {number} 件", due_on=date(2026, 9, 20), form_key=uuid4(), at=NOW
        )
    with django_assert_max_num_queries(8):
        page = Client().get("/").content.decode()
    assert ">90<" in page
    assert len(page) < 100_000


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_administrator_of_a_bare_street_reads_what_comes_next(
    language: str, street: Place, administrator: Actor, stranger: Actor
) -> None:
    step = reverse("people:set_up_body")
    assert step in signed_in(administrator, language).get("/").content.decode()
    assert step not in signed_in(stranger, language).get("/").content.decode()


def test_fewer_than_five_who_take_part_are_not_counted_and_cannot_be_worked_out(estate: Place) -> None:
    day = timedelta(days=1)
    put_talk(estate, "只有三个人说过？", opens=-day, closes=day, participants=3)
    page = Client().get("/", headers={"cookie": "language=en"}).content.decode()
    assert "Fewer than five people take part" in page
    assert "fewer than 5" in page
    assert "3 people" not in page
    put_talk(estate, "好多人说过？", opens=-day, closes=day, participants=40)
    page = Client().get("/", headers={"cookie": "language=en"}).content.decode()
    assert ">40<" in page
    assert "43" not in re.sub(r"<(head|form|footer).*?</\1>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("who", CAST)
def test_a_place_costs_everybody_the_same_with_everything_on_it(
    request: pytest.FixtureRequest,
    who: str,
    talks: list[Consultation],
    estate: Place,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for place in (estate.parent.parent, estate.parent, estate):
        client.get(reverse("places:place", args=[place.pk]))
        with django_assert_max_num_queries(PLACE_QUERIES):
            assert client.get(reverse("places:place", args=[place.pk])).status_code == 200
