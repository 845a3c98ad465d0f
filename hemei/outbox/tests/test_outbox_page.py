"""What the administrator sees of the outbox, and nobody else."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from conftest import LANGUAGES, signed_in
from hemei.outbox.models import Message
from hemei.outbox.steps import put


def fill(now, count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            put(
                kind="people.code",
                key=str(number),
                recipient=7,
                channel=Message.Channel.CONSOLE,
                text="<script>您的登录码是 004211</script>",
                at=now + timedelta(seconds=number),
                address="+8613812345678",
                secret=True,
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_administrator_sees_states_and_no_words(administrator, now, language, django_assert_max_num_queries):
    fill(now, 60)
    client = signed_in(administrator, language)
    with django_assert_max_num_queries(10):
        response = client.get("/outbox/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "004211" not in page
    assert "13812345678" not in page
    assert "+86…5678" in page
    assert page.count("<tr>") == 51


def test_states_are_chosen_and_unknown_ones_are_all(administrator, now):
    fill(now, 1)
    client = signed_in(administrator)
    assert "people.code" in client.get("/outbox/?state=waiting").content.decode()
    assert "people.code" not in client.get("/outbox/?state=failed&page=99999999999").content.decode()
    assert "people.code" in client.get("/outbox/?state=%00'; DROP&page=-1").content.decode()


@pytest.mark.parametrize("who", ["stranger", "clerk", "steward"])
def test_nobody_else_does(who, now, request):
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/outbox/").status_code == 403


def test_a_visitor_does_not(db, now):
    assert Client().get("/outbox/").status_code == 403


def test_nothing_is_written_by_looking(administrator, now):
    assert signed_in(administrator).post("/outbox/").status_code == 405
