"""The search: what the reader may see, whatever is typed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.http import urlencode

from conftest import NOW, signed_in
from hemei.consultations.models import Consultation, Statement
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises.actions import make_promise
from hemei.web import searching

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.django_db]


def put_matter(place: Place, title: str, visibility: str = "public") -> Matter:
    return Matter.objects.create(
        street_id=place.street_key, place=place, title=title, visibility=visibility, opened_at=NOW
    )


@pytest.fixture
def found(estate: Place, clerk: Actor) -> Consultation:
    """Something with the word 路灯 in every group, open and hidden."""
    put_matter(estate, "路灯不亮")
    put_matter(estate, "路灯的秘密", "confidential")
    talk = Consultation.objects.create(
        matter=put_matter(estate, "夜里"), question="路灯怎么修？", opens_at=NOW, closes_at=NOW.replace(month=12),
        made_at=NOW, ready_at=NOW,
    )  # fmt: skip
    for number, (text, state) in enumerate([("路灯要亮", "accepted"), ("路灯某某偷的", "rejected")], start=1):
        Statement.objects.create(
            consultation=talk, number=number, text=text, likeness=str(number), state=state, made_at=NOW
        )
    make_promise(actor=clerk, place=estate, what="修路灯", due_on=date(2026, 9, 20), form_key=uuid4(), at=NOW)
    return talk


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["visitor", "resident", "stranger", "clerk", "administrator"])
def test_each_group_shows_what_the_reader_may_see(
    request: pytest.FixtureRequest, who: str, language: str, found: Consultation, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(request.getfixturevalue(who), language)
    with django_assert_max_num_queries(10):
        answer = client.get("/search?words=路灯")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "路灯不亮" in page
    assert "夜里" in page
    assert "路灯要亮" in page
    assert "修路灯" in page
    assert "秘密" not in page
    assert "偷的" not in page


def test_places_and_bodies_are_found_and_homes_are_not(home: Place, clerk: Actor) -> None:
    page = Client().get("/search?words=龙吴路").content.decode()
    assert "龙吴路9弄" in page
    assert "华富居委会" in Client().get("/search?words=居委会").content.decode()
    assert "101室" not in signed_in(clerk).get("/search?words=101").content.decode()


def test_without_words_it_says_what_to_do(street: Place) -> None:
    for address in ("/search", "/search?words=", "/search?words=%20%20"):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        "%",
        "_",
        "\\",
        "%%%%%%",
        "'; DROP TABLE places_place; --",
        "<script>alert(1)</script>",
        "\u202e反",
        "\x00",
        "\x07",
        "长" * 5000,
        "𠮷",
        "a\u0300\u0301\u0302\u0303\u0304\u0305",
        "&amp;",
        "(((",
    ],
)
def test_hostile_words_are_only_words(found: Consultation, words: str) -> None:
    answer = Client().get("/search?" + urlencode({"words": words}))
    page = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in page
    assert "路灯不亮" not in page


@pytest.mark.parametrize("group", [*searching.GROUPS, "nonsense", "%00"])
@pytest.mark.parametrize("page", ["1", "2", "0", "-1", "x", "99999999999"])
def test_a_group_is_paged_and_a_strange_page_is_none(found: Consultation, group: str, page: str) -> None:
    assert Client().get(f"/search?words=路灯&group={group}&page={page}").status_code == 200


def test_counts_are_of_all_that_was_found(estate: Place) -> None:
    for number in range(23):
        put_matter(estate, f"楼道灯 {number}")
    page = Client().get("/search?words=楼道灯").content.decode()
    assert page.count("楼道灯 ") == searching.SHOWN
    assert "23" in page
    second = Client().get("/search?words=楼道灯&group=matters&page=2").content.decode()
    assert second.count("楼道灯 ") == 3
