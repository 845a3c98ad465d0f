"""The handbook's pages are open to everybody, in both languages, and write nothing but who tried how often."""

import pytest
from django.test import Client
from django.urls import reverse

PAGES = ("handbook", "decision", "costs", "count_votes", "share_cost", "rules")


@pytest.fixture
def reader(db):
    return Client(HTTP_HOST="127.0.0.1")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_open_to_everybody(reader, name, language, django_assert_max_num_queries):
    reader.cookies["language"] = language
    with django_assert_max_num_queries(10):
        answer = reader.get(reverse(f"handbook:{name}"))
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1>") == 1
