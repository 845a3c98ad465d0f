"""Pages of the count, of files and of objections: who opens them, what they hold, in both languages."""

import hashlib
import json
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from conftest import LANGUAGES, NOW, signed_in
from hemei.base import clock
from hemei.decisions import files
from hemei.decisions.actions import objecting
from hemei.decisions.models import Decision, Objection
from hemei.decisions.tests.cast import Cast, put_act, put_decision, put_votes
from hemei.decisions.tests.pictures import picture
from hemei.decisions.tests.test_certifying import FOR, certified, put_closed
from hemei.engines import decision as engine
from hemei.engines.decision.words import in_words
from hemei.ledger.models import Entry

OTHERS = ("clerk", "second_clerk", "head", "administrator", "property_clerk", "builder", "volunteer", "stranger")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def vote(cast: Cast, settings: Any, tmp_path: Any) -> Decision:
    settings.MEDIA_ROOT = tmp_path
    return certified(cast, put_closed(cast))


@pytest.fixture
def hung(cast: Cast, vote: Decision) -> Decision:
    objecting.post_result(
        actor=cast.second_clerk,
        decision=vote,
        on=NOW.date(),
        where="门厅",
        photo=picture(),
        form_key=uuid4(),
        at=LATER,
    )
    return vote


def address(name: str, vote: Decision, *more: int) -> str:
    return reverse(f"decisions:{name}", args=[vote.pk, *more])


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


# the count


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_counter_looks_and_what_the_page_says_is_what_the_engine_says(cast: Cast, language: str, state: str) -> None:
    vote = put_closed(cast) if state == "closed" else put_decision(cast)
    if state == "open":
        put_votes(vote, dict.fromkeys(FOR[:7], "for"))
    client = signed_in(cast.counters[0], language)
    before = text_of(client.get(address("count", vote)))
    assert "/ 12" not in before, "opening the page is no look"
    response = client.post(address("count", vote))
    assert response.status_code == 200
    assert Entry.objects.filter(verb="decisions.count_looked_at").count() == 1
    said, case = text_of(response), files.frozen(vote, NOW).case
    told = in_words(engine.tally(case), case, "en" if language == "en" else "zh")
    for test in told.tests:
        assert test.figures in said
        assert test.arithmetic in said
    assert said.count("data-label") >= 12
    assert told.legal_note in said
    assert "no-store" in response["Cache-Control"]
    if state == "closed":
        assert files.frozen(vote, NOW).hash in said
    assert (response.context["sign"] is not None) is (state == "closed")


def test_the_count_names_what_is_missing_and_homes_whose_co_owners_differ(cast: Cast) -> None:
    vote = put_decision(cast)
    put_votes(vote, dict.fromkeys(FOR[:6], "for") | {"0602": "for"})
    put_act(vote, "0602", "against", by="w0602b")
    put_act(vote, "0101", "for")
    said = text_of(signed_in(cast.counters[0], "en").post(address("count", vote)))
    assert "Co-owners differ" in said
    assert "Flat 602" in said or "602室" in said
    assert "more homes must" in said
    assert "made the same choice again" in said


@pytest.mark.parametrize("name", [*OTHERS, "owner"])
def test_the_count_is_not_there_for_anybody_else(cast: Cast, name: str) -> None:
    vote = put_closed(cast)
    client = signed_in(cast.owners["w0101"] if name == "owner" else getattr(cast, name))
    absent = client.get(reverse("decisions:count", args=[vote.pk + 99]))
    for response in (
        client.get(address("count", vote)),
        client.post(address("count", vote)),
        client.post(address("sign_count", vote), {"seen": "0" * 64}),
    ):
        assert response.status_code == absent.status_code == 404
    assert not Entry.objects.filter(verb="decisions.count_looked_at").exists()


def test_both_sign_on_the_page(cast: Cast) -> None:
    vote = put_closed(cast)
    for counter in cast.counters:
        client = signed_in(counter, "en")
        form = client.post(address("count", vote)).context["sign"]
        response = client.post(address("sign_count", vote), {"seen": form.initial["seen"]}, follow=True)
        assert response.status_code == 200
    assert "the result stands" in text_of(response)
    vote.refresh_from_db()
    assert vote.certified_at is not None


def test_a_stale_page_is_refused_and_says_what_to_do(cast: Cast) -> None:
    vote = put_closed(cast)
    client = signed_in(cast.counters[0], "en")
    response = client.post(address("sign_count", vote), {"seen": "f" * 64})
    assert response.status_code == 422
    assert "Look at the count again" in text_of(response)
    assert client.post(address("sign_count", vote), {"seen": "'\"><script>"}).status_code == 422


def test_pages_ask_few_questions_however_many_acts_there_are(
    cast: Cast, hung: Decision, django_assert_max_num_queries: Any
) -> None:
    for owner in ("w0201", "w0202"):
        sent = {"ground": "light", "words": "挡光", "form_key": uuid4(), "at": LATER}
        objecting.object_to_result(actor=cast.owners[owner], decision=hung, **sent)
    counter, owner = signed_in(cast.counters[0]), signed_in(cast.owners["w0201"])
    for client, name in (
        (counter, "count"),
        (counter, "files"),
        (owner, "files"),
        (owner, "summary"),
        (owner, "objections"),
        (signed_in(cast.second_clerk), "objections"),
        (owner, "object"),
        (owner, "decision"),
        (counter, "decision"),
        (signed_in(cast.stranger), "decision"),
    ):
        client.get(address(name, hung))
        with django_assert_max_num_queries(10):
            assert client.get(address(name, hung)).status_code == 200


# files


def test_the_complete_file_is_the_certified_bytes_and_goes_out_on_record(cast: Cast, vote: Decision) -> None:
    client = signed_in(cast.counters[0], "en")
    assert client.get(address("file_complete", vote)).status_code == 200
    assert client.post(address("file_complete", vote), {"purpose": "", "receiver": ""}).status_code == 422
    response = client.post(
        address("file_complete", vote), {"purpose": "2026 沪 0104 民初 1", "receiver": "徐汇区人民法院"}
    )
    assert hashlib.sha256(response.content).hexdigest() == vote.file_hash
    assert response["Content-Disposition"] == f'attachment; filename="decision-{vote.pk}.json"'
    assert "no-store" in response["Cache-Control"]
    assert engine.as_plain(engine.tally(files.case_in(response.content.decode()))) == json.loads(vote.verdict)
    assert Entry.objects.filter(verb="decisions.file_handed_out").count() == 1
    assert "徐汇区人民法院" in text_of(client.get(address("files", vote)))
    owners = text_of(signed_in(cast.owners["w0101"], "en").get(address("files", vote)))
    assert "Complete file" in owners
    assert "徐汇区人民法院" not in owners


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "administrator"])
def test_nobody_else_takes_the_complete_file(cast: Cast, vote: Decision, name: str) -> None:
    client = signed_in(getattr(cast, name), "en")
    for response in (
        client.get(address("file_complete", vote)),
        client.post(address("file_complete", vote), {"purpose": "x", "receiver": "y"}),
        client.post(address("file_for_owner", vote)),
    ):
        assert response.status_code == 403
    page = text_of(client.get(address("files", vote)))
    assert "Handed out" not in page
    assert not Entry.objects.filter(verb__contains="handed_out").exists()


def test_an_owner_takes_their_own(cast: Cast, vote: Decision) -> None:
    response = signed_in(cast.owners["w0102"]).post(address("file_for_owner", vote))
    said = json.loads(response.content)
    assert response["Content-Disposition"] == f'attachment; filename="decision-{vote.pk}-own.json"'
    assert said["own"]["status"] == {"03/1/0102": "for"}
    assert "业主101" not in text_of(response)


# the summary


def test_the_electorate_reads_the_numbers_and_everybody_else_passed_or_not(cast: Cast, vote: Decision) -> None:
    plain = json.loads(vote.verdict)
    owner = signed_in(cast.owners["w0101"], "en").get(address("summary_json", vote)).json()
    assert owner["tests"] == plain["tests"]
    assert owner["file_sha256"] == vote.file_hash
    for actor in (*(getattr(cast, name) for name in OTHERS),):
        client = signed_in(actor, "en")
        said = client.get(address("summary_json", vote)).json()
        assert "tests" not in said
        assert said["outcome"] == "passed"
        page = text_of(client.get(address("summary", vote)))
        assert "10 / 12" not in page
        assert "/ 739" not in page
    text = json.dumps(owner, ensure_ascii=False)
    for home in ("0101", "业主", "w0101", "101室"):
        assert home not in text


@pytest.mark.parametrize("outcome", ["no_quorum", "rejected"])
def test_a_vote_that_failed_is_only_not_passed_to_others(cast: Cast, outcome: str) -> None:
    lost = put_decision(cast, "closed")
    put_votes(lost, dict.fromkeys(FOR[: 3 if outcome == "no_quorum" else 9], "against"))
    lost = certified(cast, lost)
    assert lost.outcome == outcome
    assert signed_in(cast.stranger).get(address("summary_json", lost)).json()["outcome"] == "not_passed"
    page = text_of(signed_in(cast.stranger, "en").get(address("summary", lost)))
    assert "Not passed" in page
    assert "took part" not in page.split("What the rule asks")[0]


@pytest.mark.parametrize("name", ["files", "summary", "summary_json", "objections", "file_complete", "post_result"])
def test_before_it_is_certified_nothing_of_it_is_there(cast: Cast, name: str) -> None:
    vote = put_closed(cast)
    for actor in (cast.counters[0], cast.owners["w0101"], cast.clerk, cast.stranger):
        assert signed_in(actor).get(address(name, vote)).status_code == 404


# the page of the decision


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_decision_tells_each_reader_what_is_theirs(cast: Cast, hung: Decision, language: str) -> None:
    owners = text_of(signed_in(cast.owners["w0101"], language).get(address("decision", hung)))
    others = text_of(signed_in(cast.stranger, language).get(address("decision", hung)))
    told = in_words(
        engine.tally(files.case_in(hung.file)), files.case_in(hung.file), "en" if language == "en" else "zh"
    )
    for test in told.tests:
        assert test.arithmetic in owners
        assert test.arithmetic not in others
        assert test.figures not in others
    for page in (owners, others):
        assert told.legal_note in page
        assert "280" in page


# objections


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_objection_from_form_to_end(cast: Cast, hung: Decision, language: str) -> None:
    owner, desk = signed_in(cast.owners["w0201"], language), signed_in(cast.second_clerk, language)
    with clock.set_to(NOW + timedelta(days=2)):
        assert owner.get(address("object", hung)).status_code == 200
        assert owner.post(address("object", hung), {"ground": "light", "words": ""}).status_code == 422
        form = {"ground": "light", "words": "挡光", "form_key": uuid4(), "evidence": picture()}
        assert owner.post(address("object", hung), form).status_code == 302
        assert "挡光" in text_of(owner.get(address("objections", hung)))
        assert "挡光" in text_of(desk.get(address("objections", hung)))
        for actor in (cast.owners["w0101"], cast.counters[0], cast.stranger, cast.property_clerk):
            page = text_of(signed_in(actor, language).get(address("objections", hung)))
            assert "挡光" not in page
            assert "业主201" not in page
            for name in ("answer_objection", "close_objection", "objection_evidence"):
                assert signed_in(actor).get(address(name, hung, 1)).status_code == 404
        assert desk.get(address("objection_evidence", hung, 1))["Cache-Control"].count("no-store") == 1
        assert owner.get(address("answer_objection", hung, 1)).status_code == 403
        assert owner.get(address("close_objection", hung, 1)).status_code == 200
        assert desk.get(address("answer_objection", hung, 1)).status_code == 200
        assert desk.post(address("answer_objection", hung, 1), {"answer": "已复核"}).status_code == 302
        assert desk.get(address("close_objection", hung, 1)).status_code == 200
        assert desk.post(address("close_objection", hung, 1), {"how": "settled"}).status_code == 422
        assert desk.post(address("close_objection", hung, 1), {"how": "dismissed"}).status_code == 302
        assert "已复核" in text_of(owner.get(address("objections", hung)))
    assert Objection.objects.get().how == "dismissed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_hangs_the_result_and_types_what_came_on_paper(cast: Cast, vote: Decision, language: str) -> None:
    desk = signed_in(cast.second_clerk, language)
    assert desk.get(address("post_result", vote)).status_code == 200
    form = {"on": "2026-09-12", "where": "北门公告栏", "form_key": uuid4()}
    assert desk.post(address("post_result", vote), form).status_code == 422
    with clock.set_to(LATER):
        assert desk.post(address("post_result", vote), form | {"photo": picture()}).status_code == 302
    posted = vote.posted.get(what="result")
    assert signed_in(cast.stranger).get(address("posted_photo", vote, posted.pk)).status_code == 200
    with clock.set_to(NOW + timedelta(days=1)):
        assert desk.get(address("enter_objection", vote)).status_code == 200
        paper = {
            "by_name": "陈老伯",
            "home": "0202",
            "received_at": "2026-09-13T09:00",
            "ground": "noise",
            "words": "吵",
        }
        wrong = desk.post(address("enter_objection", vote), paper | {"form_key": uuid4()})
        assert wrong.status_code == 422
        assert "陈老伯" in text_of(wrong), "what was typed stays"
        done = desk.post(address("enter_objection", vote), paper | {"home": "03/1/0202", "form_key": uuid4()})
        assert done.status_code == 302
    for name in ("post_result", "enter_objection"):
        assert signed_in(cast.stranger).get(address(name, vote)).status_code == 403


def test_timeline_and_inbox_say_it_in_both_languages(cast: Cast, hung: Decision) -> None:
    made = objecting.object_to_result(
        actor=cast.owners["w0201"], decision=hung, ground="light", words="挡光", form_key=uuid4(), at=LATER
    )
    objecting.answer_objection(actor=cast.clerk, objection=made, answer="已复核", at=LATER)
    objecting.withdraw_objection(actor=cast.owners["w0201"], objection=made, at=LATER)
    for language in LANGUAGES:
        page = text_of(signed_in(cast.clerk, language).get(reverse("matters:matter", args=[hung.matter_id])))
        assert "挡光" not in page
        inbox = signed_in(cast.owners["w0201"], language).get(reverse("notices:inbox"))
        assert inbox.status_code == 200
        assert "已复核" in text_of(inbox)
    page = text_of(signed_in(cast.clerk, "en").get(reverse("matters:matter", args=[hung.matter_id])))
    assert "Two counters signed the result: passed." in page
    assert "Objection 1 was taken back." in page
    assert "The result of the vote hangs since 12 Sep: 门厅" in page
