"""While demo accounts are here every page says so."""

import pytest

from conftest import put_person
from hemei.people import context

SAID = "A demonstration: the people in it are invented"


@pytest.fixture(autouse=True)
def _asked_anew():
    context.forget()
    yield
    context.forget()


def page(client):
    client.cookies["language"] = "en"
    return client.get("/styleguide").text


def test_a_street_of_real_people_is_no_demonstration(client, resident):
    assert SAID not in page(client)


def test_with_one_demo_account_every_page_says_so(client, resident):
    put_person("演示·王师傅", is_demo=True)
    assert SAID in page(client)


def test_pages_do_not_ask_again_within_a_minute(client, django_assert_num_queries, resident):
    page(client)
    with django_assert_num_queries(0):
        page(client)
