"""Pages of votes: who sees which, in both languages, with few questions to the database, and what they never tell."""

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from conftest import LANGUAGES, NOW, signed_in
from hemei.base import clock
from hemei.decisions.models import Act, Decision, Paper, Service
from hemei.decisions.tests.cast import (
    Cast,
    put_act,
    put_decision,
    put_drive,
    put_matter,
    put_paper,
    put_votes,
)
from hemei.people.actor import Actor

QUERIES = 10


def jpeg() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(made, "JPEG")
    return SimpleUploadedFile("周某同意.jpg", made.getvalue(), "image/jpeg")


def address(name: str, *args: Any, query: str = "") -> str:
    return reverse(f"decisions:{name}", args=args) + query


def opened(actor: Actor, where: str, language: str = "zh-hans") -> Any:
    return signed_in(actor, language).get(where)


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def vote(cast: Cast) -> Decision:
    return put_decision(cast, drive=put_drive(cast))


@pytest.fixture
def entered(cast: Cast, vote: Decision) -> Act:
    """A ballot that one clerk entered, with a photo."""
    paper = put_paper(vote, "0101")
    response = signed_in(cast.clerk).post(
        address("enter_paper", vote.pk, query=f"?serial={paper.serial}"),
        {"signer": "owner:w0101", "choice": "against", "photo": jpeg(), "form_key": str(uuid4())},
    )
    assert response.status_code == 302
    return Act.objects.get()


# who sees what


DESK = ("correct_decision", "name_counters", "announce_decision", "cancel_decision", "start_again", "papers")
DESK += ("print_ballots", "deliveries", "enter_paper", "waiting", "slips")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DESK)
def test_pages_of_the_desk_open_for_both_clerks_and_nobody_else(
    cast: Cast, vote: Decision, name: str, language: str, django_assert_max_num_queries: Any
) -> None:
    for clerk in (cast.clerk, cast.second_clerk):
        client = signed_in(clerk, language)
        client.get(address(name, vote.pk))
        with django_assert_max_num_queries(QUERIES):
            assert client.get(address(name, vote.pk)).status_code == 200
    for other in (cast.property_clerk, cast.builder, cast.volunteer, cast.owners["w0101"], cast.counters[0]):
        assert opened(other, address(name, vote.pk), language).status_code == 403
    assert Client().get(address(name, vote.pk)).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["draft", "announced", "open", "closed"])
def test_the_page_of_a_vote_opens_for_everybody_once_it_is_announced(
    cast: Cast, state: str, language: str, django_assert_max_num_queries: Any
) -> None:
    vote = put_decision(cast, state, drive=put_drive(cast))
    where = address("decision", vote.pk)
    for reader in (cast.clerk, cast.administrator):
        client = signed_in(reader, language)
        client.get(where)  # its case is read once for each version
        with django_assert_max_num_queries(QUERIES):
            assert client.get(where).status_code == 200
    for reader in (cast.counters[0], cast.owners["w0101"], cast.property_clerk, cast.volunteer, cast.stranger, Actor()):
        client = signed_in(reader, language)
        client.get(where)
        with django_assert_max_num_queries(QUERIES):
            assert client.get(where).status_code == (404 if state == "draft" else 200)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_shows_each_state_and_a_draft_to_its_desk_alone(
    cast: Cast, language: str, django_assert_max_num_queries: Any
) -> None:
    put_decision(cast, "open", question="正在投票的事？", question_en="A running thing?")
    put_decision(cast, "draft", question="还在准备的事？", question_en="A thing in preparation?")
    client = signed_in(cast.stranger, language)
    with django_assert_max_num_queries(QUERIES):
        page = text_of(client.get(address("decisions")))
    assert ("A running thing?" if language == "en" else "正在投票的事？") in page
    drafts = text_of(opened(cast.stranger, address("decisions", query="?state=draft")))
    assert "还在准备的事？" not in drafts
    assert "还在准备的事？" in text_of(opened(cast.clerk, address("decisions", query="?state=draft")))
    assert "正在投票的事？" in text_of(
        opened(cast.clerk, address("decisions", query=f"?state=going&place={cast.estate.pk}&words=投票"))
    )
    assert "正在投票的事？" not in text_of(opened(cast.clerk, address("decisions", query="?state=going&words=没有的")))


def test_ten_times_the_votes_add_no_question_to_the_list(cast: Cast, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    put_decision(cast)
    client = signed_in(cast.clerk)
    client.get(address("decisions"))
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(address("decisions"))
    for _ in range(10):
        put_decision(cast)
    with django_assert_num_queries(len(first)):
        client.get(address("decisions"))


# what it tells


def test_the_electorate_reads_how_many_homes_and_everybody_else_the_stage(cast: Cast, vote: Decision) -> None:
    put_votes(vote, {"0101": "against", "0201": "for", "0202": "for"})
    owner = text_of(opened(cast.owners["w0601"], address("decision", vote.pk), "en"))
    assert "3 of 12 homes have handed in a vote. At least 5 more homes must." in owner
    for reader in (cast.property_clerk, cast.volunteer, cast.stranger, cast.builder, Actor()):
        page = text_of(opened(reader, address("decision", vote.pk), "en"))
        assert "The vote is open until" in page
        assert "handed in a vote" not in page


def test_what_a_home_chose_changes_no_byte_of_a_neighbour_s_page(cast: Cast) -> None:
    pages = []
    for choice in ("for", "against", "abstain"):
        vote = put_decision(cast, matter=None)
        put_act(vote, "0101", choice)
        page = text_of(opened(cast.owners["w0601"], address("decision", vote.pk)))
        page = re.sub(
            rf"/(decisions|matters|homes)/\d+|{vote.pk}-|csrfmiddlewaretoken\S+|value=\"[^\"]{{60,}}\"", "", page
        )
        pages.append(page)
    assert pages[0] == pages[1] == pages[2]


def test_the_page_says_beforehand_who_will_see_the_numbers(cast: Cast, vote: Decision) -> None:
    page = text_of(opened(cast.owners["w0601"], address("decision", vote.pk), "en"))
    assert "After the close the owners of these homes see the tests with their numbers" in page
    assert "This is not legal advice" in page


def test_a_draft_shows_its_checklist_and_what_is_missing(cast: Cast) -> None:
    vote = put_decision(cast, "draft", counters=())
    page = text_of(opened(cast.clerk, address("decision", vote.pk), "en"))
    assert "Name the two who count." in page
    assert address("announce_decision", vote.pk) in page
    refused = signed_in(cast.clerk, "en").post(address("announce_decision", vote.pk))
    assert refused.status_code == 422
    assert "Name the two who count." in text_of(refused)


def test_an_unchecked_rule_is_vouched_for_by_an_administrator_on_a_page(cast: Cast) -> None:
    vote = put_decision(cast, "draft", rule_id="CN-SH-2019-ESTATE")
    where = address("attest_rule", vote.pk)
    assert opened(cast.clerk, where).status_code == 403
    assert "Not checked against its text" in text_of(opened(cast.clerk, address("decision", vote.pk), "en"))
    client = signed_in(cast.administrator, "en")
    assert client.get(where).status_code == 200
    assert client.post(where, {"source": "原文第3条", "valid_from": "2020-01-01"}).status_code == 302
    page = text_of(client.get(address("decision", vote.pk)))
    assert "Checked against its text" in page
    assert "原文第3条" in page


# forms


def proposed(**more: Any) -> dict[str, Any]:
    words = {
        "subject": "lift",
        "question": "同意加装电梯吗？",
        "text": "按方案。",
        "rule_id": "CN-278-SPECIAL",
        "opens_at": "2026-09-28T09:00",
        "closes_at": "2026-10-08T18:00",
        "notice_days": "15",
        "posting_days": "10",
        "online": "on",
        "form_key": str(uuid4()),
    }
    return words | more


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vote_is_prepared_corrected_counted_and_announced_on_pages(cast: Cast, language: str) -> None:
    client, drive = signed_in(cast.clerk, language), put_drive(cast)
    where = address("propose_decision", query=f"?drive={drive.pk}")
    assert client.get(where).status_code == 200
    made = client.post(where, proposed(affected="03/1/0101， 03/1/0102"))
    assert made.status_code == 302
    vote = Decision.objects.get()
    assert (vote.drive, vote.affected) == (drive, ["03/1/0101", "03/1/0102"])
    page = text_of(client.get(address("correct_decision", vote.pk)))
    assert "03/1/0101" in page
    words = proposed(question="同意吗？", seen_version=vote.version, affected="03/1/0101")
    assert client.post(address("correct_decision", vote.pk), words).status_code == 302
    counters = {"first": cast.counters[0].key, "second": cast.counters[1].key}
    assert client.post(address("name_counters", vote.pk), counters).status_code == 302
    assert client.get(address("announce_decision", vote.pk)).status_code == 200
    assert client.post(address("announce_decision", vote.pk)).status_code == 302
    vote.refresh_from_db()
    assert vote.announced_at == NOW
    assert client.post(address("correct_decision", vote.pk), words | {"question": "别的？"}).status_code == 422


def test_rules_are_offered_by_place_ours_first_and_those_of_the_day(cast: Cast) -> None:
    page = text_of(opened(cast.clerk, address("propose_decision", query=f"?place={cast.stairwell.pk}")))
    places = re.findall(r'<optgroup label="([^"]+)"', page)
    assert places[:2] == ["上海", "中国"]
    assert "CN-SH-2019-BUILDING" not in page
    assert 'value="CN-278-SPECIAL" selected' in page


def test_a_refused_form_keeps_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast.clerk, "en")
    where = address("propose_decision", query=f"?place={cast.stairwell.pk}")
    refused = client.post(where, proposed(closes_at="2026-09-28T08:00", text="写了很久的话"))
    assert refused.status_code == 422
    assert "It closes after it opens" in text_of(refused)
    assert "写了很久的话" in text_of(refused)
    assert opened(cast.property_clerk, where).status_code == 403
    assert opened(cast.clerk, address("propose_decision", query="?place=99999")).status_code == 404


def test_a_vote_is_cancelled_and_started_again_on_pages(cast: Cast, vote: Decision) -> None:
    client = signed_in(cast.clerk, "en")
    assert client.post(address("cancel_decision", vote.pk), {"why": ""}).status_code == 422
    assert client.post(address("cancel_decision", vote.pk), {"why": "方案改了"}).status_code == 302
    assert "Cancelled: 方案改了" in text_of(opened(cast.stranger, address("decision", vote.pk), "en"))
    again = client.post(address("start_again", vote.pk), {"form_key": str(uuid4())})
    assert again.status_code == 302
    assert client.get(again["Location"]).status_code == 200


# ballots


def test_printed_used_void_and_unused_add_up_on_the_page(cast: Cast, vote: Decision, entered: Act) -> None:
    client = signed_in(cast.clerk, "en")
    assert client.post(address("print_ballots", vote.pk), {"form_key": str(uuid4())}).status_code == 302
    unused = Paper.objects.filter(used_at=None).first()
    assert unused is not None
    assert client.get(address("void_paper", unused.pk)).status_code == 200
    assert client.post(address("void_paper", unused.pk), {"why": "丢了"}).status_code == 302
    page = text_of(client.get(address("papers", vote.pk)))
    assert "12 printed = 1 used + 1 void + 10 unused" in page
    assert "丢了" in text_of(client.get(address("papers", vote.pk, query="?state=void")))
    assert opened(cast.property_clerk, address("void_paper", unused.pk)).status_code == 404


def test_a_serial_that_cannot_be_is_told_beside_the_field(cast: Cast, vote: Decision) -> None:
    client = signed_in(cast.clerk, "en")
    response = client.get(address("enter_paper", vote.pk, query="?serial=1-0001-ABCD"))
    assert response.status_code == 422
    assert "was never printed" in text_of(response)
    paper = put_paper(vote, "0101")
    page = text_of(client.get(address("enter_paper", vote.pk, query=f"?serial={paper.serial.lower()}")))
    assert "3号楼" not in page
    assert "101室" in page
    assert "checked" not in page.split("<main")[1]  # nothing is chosen beforehand


def test_the_second_clerk_types_blind_from_the_photo(cast: Cast, vote: Decision, entered: Act) -> None:
    where = address("confirm_paper", entered.pk)
    assert opened(cast.clerk, where).status_code == 403
    assert opened(cast.property_clerk, where).status_code == 404
    client = signed_in(cast.second_clerk, "en")
    page = text_of(client.get(where)).split("<main")[1]
    assert "checked" not in page
    assert entered.paper is not None
    assert entered.paper.serial not in page
    listed = text_of(client.get(address("waiting", vote.pk)))
    assert where in listed
    assert "Against" not in listed
    words = {"serial": entered.paper.serial, "signer": "owner:w0101", "choice": "against"}
    done = client.post(where, words)
    assert done["Location"].endswith("after=confirmed")
    assert "it counts" in text_of(client.get(done["Location"]))
    assert "This entry was decided meanwhile" in text_of(client.get(where))


def test_two_readings_that_differ_are_told_on_the_list(cast: Cast, entered: Act) -> None:
    assert entered.paper is not None
    words = {"serial": entered.paper.serial, "signer": "owner:w0101", "choice": "for"}
    client = signed_in(cast.second_clerk, "en")
    done = client.post(address("confirm_paper", entered.pk), words)
    assert "neither counts" in text_of(client.get(done["Location"]))


def test_the_photo_of_a_ballot_is_the_counters_and_the_desk_s_while_it_waits(cast: Cast, entered: Act) -> None:
    where = address("act_photo", entered.pk)
    for reader in (cast.clerk, cast.second_clerk, *cast.counters):
        assert opened(reader, where).status_code == 200
    others = (cast.property_clerk, cast.builder, cast.volunteer, cast.stranger, cast.owners["w0101"], Actor())
    for reader in others:
        assert opened(reader, where).status_code == 404
    photo = opened(cast.second_clerk, where)
    assert photo["Cache-Control"] == "private, no-store"
    assert "周某" not in photo["Content-Disposition"]
    assert entered.paper is not None
    words = {"serial": entered.paper.serial, "signer": "owner:w0101", "choice": "against"}
    signed_in(cast.second_clerk).post(address("confirm_paper", entered.pk), words)
    for reader in (cast.clerk, cast.second_clerk, *others):
        assert opened(reader, where).status_code == 404
    assert opened(cast.counters[0], where).status_code == 200


def test_an_entry_without_photo_is_refused_beside_the_field(cast: Cast, vote: Decision) -> None:
    paper = put_paper(vote, "0101")
    words = {"signer": "owner:w0101", "choice": "for", "form_key": str(uuid4())}
    where = address("enter_paper", vote.pk, query=f"?serial={paper.serial}")
    refused = signed_in(cast.clerk, "en").post(where, words)
    assert refused.status_code == 422
    assert "Choose a file first" in text_of(refused)
    assert not Act.objects.exists()


def test_a_page_that_was_left_open_past_the_close_records_late(cast: Cast, vote: Decision) -> None:
    paper = put_paper(vote, "0101")
    where = address("enter_paper", vote.pk, query=f"?serial={paper.serial}")
    client = signed_in(cast.clerk)
    client.get(where)
    with clock.set_to(vote.closes_at + timedelta(minutes=5)):
        words = {"signer": "owner:w0101", "choice": "for", "photo": jpeg(), "form_key": str(uuid4())}
        assert client.post(where, words).status_code == 302
    assert Act.objects.get().at == vote.closes_at + timedelta(minutes=5)


# deliveries


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stairwell_s_list_of_deliveries_is_recorded_at_once(cast: Cast, vote: Decision, language: str) -> None:
    put_act(vote, "0201", "against")
    client, where = signed_in(cast.clerk, language), address("deliveries", vote.pk)
    assert client.get(where).status_code == 200
    words = {
        "homes": ["03/1/0101", "03/1/0102"],
        "how": "hand",
        "proof": "on",
        "photo": jpeg(),
        "form_key": str(uuid4()),
    }
    assert client.post(where, words).status_code == 302
    assert Service.objects.count() == 2
    left = text_of(client.get(where))
    assert "03/1/0101" not in left
    assert "03/1/0201" in left
    visit = text_of(client.get(where + "?state=open"))
    assert "03/1/0201" not in visit
    assert "against" not in visit
    service = Service.objects.first()
    assert service is not None
    assert client.get(address("service_photo", service.pk)).status_code == 200
    assert opened(cast.property_clerk, address("service_photo", service.pk)).status_code == 404


def test_a_form_without_homes_says_so(cast: Cast, vote: Decision) -> None:
    refused = signed_in(cast.clerk, "en").post(address("deliveries", vote.pk), {"how": "box", "form_key": str(uuid4())})
    assert refused.status_code == 422


# panels


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_matter_and_a_place_show_their_votes(
    cast: Cast, vote: Decision, language: str, django_assert_max_num_queries: Any
) -> None:
    put_matter(cast)
    for reader in (cast.clerk, cast.stranger):
        client = signed_in(reader, language)
        for where in (
            reverse("matters:matter", args=[vote.matter_id]),
            reverse("places:place", args=[cast.stairwell.pk]),
        ):
            page = client.get(where)
            assert page.status_code == 200
            assert address("decision", vote.pk) in text_of(page)
