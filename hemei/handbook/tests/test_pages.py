"""The handbook's pages are open to everybody, in both languages, and write nothing but who tried how often."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from hemei.engines.decision.rulebook import rulebook
from hemei.handbook.ballots import simple_rules

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


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_rule_has_a_page(reader, language):
    reader.cookies["language"] = language
    listed = reader.get(reverse("handbook:rules")).content.decode()
    for key, entry in rulebook().entries.items():
        path = reverse("handbook:rule", args=[key])
        assert f'href="{path}"' in listed
        answer = reader.get(path)
        assert answer.status_code == 200
        source = entry.source.en if language == "en" else entry.source.zh
        assert escape(source) in answer.content.decode()
        assert (reverse("handbook:count_votes") in answer.content.decode()) == (entry in simple_rules())


def test_a_rule_that_is_not_there_is_404(reader):
    assert reader.get(reverse("handbook:rule", args=["XX-1"])).status_code == 404


def test_a_rule_that_is_not_checked_says_so_and_why(reader):
    reader.cookies["language"] = "en"
    page = reader.get(reverse("handbook:rule", args=["FR-25"])).content.decode()
    assert "not checked against the text of the law" in page
    assert "Why it is not checked" in page


def test_who_is_counted_in_a_body_is_called_a_member(reader):
    page = reader.get(reverse("handbook:rule", args=["CN-SH-COMMITTEE"])).content.decode()
    assert "多少名委员参加了" in page
    assert "多少户参加了" not in page


def test_a_rule_leads_to_the_form_with_itself_chosen(reader):
    page = reader.get(reverse("handbook:count_votes"), {"rule": "DE-25"}).content.decode()
    assert '<option value="DE-25" selected>' in page
