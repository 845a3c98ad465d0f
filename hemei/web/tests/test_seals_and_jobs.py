"""Seals, long work and the page that says how it works."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import NOW, signed_in
from hemei.base.models import Job
from hemei.ledger import steps as ledger
from hemei.ledger.actions import seal_day
from hemei.ledger.models import Seal
from hemei.people.actor import Actor, machine
from hemei.places.models import Place

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.django_db]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def seal(street: Place) -> Seal:
    ledger.record(subject=street, actor=machine("test"), verb="places.added", at=NOW, row=street)
    return seal_day(day=date(2026, 9, 11), at=NOW)


@LANGUAGES
def test_seals_can_be_read_by_everybody(language: str, seal: Seal, django_assert_max_num_queries: Any) -> None:
    client = signed_in(Actor(), language)
    for address in ("/seals", "/seals/2026-09-11", "/seals/2026-09-11?print"):
        with django_assert_max_num_queries(10):
            answer = client.get(address)
        assert answer.status_code == 200
        assert seal.root[:4] in answer.content.decode()
    assert "<svg" in answer.content.decode()


def test_before_the_first_seal_it_says_when_one_comes(street: Place) -> None:
    assert Client().get("/seals").status_code == 200


@pytest.mark.parametrize("day", ["2026-09-10", "today", "2026-13-01", "x" * 200, "2026-W37-5", "%00"])
def test_a_day_without_a_seal_is_not_there(seal: Seal, day: str) -> None:
    assert Client().get(f"/seals/{day}").status_code == 404


@pytest.fixture
def job(resident: Actor) -> Job:
    return Job.objects.create(
        kind="places.import", asked_by=resident.key, state="running", done=3, total=9, created_at=NOW, touched_at=NOW
    )


@LANGUAGES
@pytest.mark.parametrize("who", ["resident", "administrator"])
def test_the_asker_and_an_administrator_see_how_far_it_is(
    request: pytest.FixtureRequest, who: str, language: str, job: Job, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(request.getfixturevalue(who), language)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("web:job", args=[job.pk])).content.decode()
    assert "3 / 9" in page
    assert 'http-equiv="refresh"' in page
    part = client.get(reverse("web:job", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="work"')


@pytest.mark.parametrize("who", ["visitor", "guest", "stranger", "clerk"])
def test_others_get_the_answer_of_absent_work(request: pytest.FixtureRequest, who: str, job: Job) -> None:
    client = signed_in(request.getfixturevalue(who))
    absent = "11111111-1111-4111-8111-111111111111"
    answers = {}
    for pk in (str(job.pk), absent):
        answer = client.get(reverse("web:job", args=[pk]))
        assert answer.status_code == 404
        answers[pk] = answer.content.replace(pk.encode(), b"")
    assert answers[str(job.pk)] == answers[absent]
    assert client.post(reverse("web:stop_job", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert not job.stop_asked


def test_it_is_stopped_by_a_post_only_and_twice_is_once(resident: Actor, job: Job) -> None:
    client = signed_in(resident)
    assert client.get(reverse("web:stop_job", args=[job.pk])).status_code == 405
    for _ in (1, 2):
        assert client.post(reverse("web:stop_job", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert job.stop_asked


@LANGUAGES
def test_ended_work_shows_what_came_of_it_and_asks_no_more(resident: Actor, job: Job, language: str) -> None:
    Job.objects.filter(pk=job.pk).update(
        state="done", ended_at=NOW, outcome={"told": "做完了", "url": "/consultations/1"}
    )
    page = signed_in(resident, language).get(reverse("web:job", args=[job.pk])).content.decode()
    assert "做完了" in page
    assert 'href="/consultations/1"' in page
    assert "hx-trigger" not in page
    assert 'http-equiv="refresh"' not in page


@LANGUAGES
def test_how_it_works_needs_no_question_to_the_database_of_its_own(
    language: str, street: Place, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        answer = signed_in(Actor(), language).get("/about")
    assert answer.status_code == 200
    assert "Apache License 2.0" in answer.content.decode()


def test_what_machines_ask_for(street: Place) -> None:
    assert b"Disallow: /people/" in Client().get("/robots.txt").content
    assert Client().get("/favicon.ico").status_code == 302
