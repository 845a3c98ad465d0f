"""Every page of this room: for the right person in both languages, for nobody else, and with few questions asked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse

from conftest import LANGUAGES, NOW, signed_in
from hemei.base import clock
from hemei.consultations import actions
from hemei.consultations.models import Argument, Consultation, Statement, Vote
from hemei.consultations.tests.conftest import CLOSES, SEEDS, Make, asked, first, fresh, say, vote
from hemei.consultations.tests.test_look_after import reject
from hemei.consultations.tests.test_speak import argue
from hemei.people.actor import Actor
from hemei.people.models import Assistance
from hemei.places.models import Kind, Place

pytestmark = pytest.mark.usefixtures("now")


def browser(actor: Actor | None = None, language: str = "en", **cookies: str) -> Client:
    """A browser in which `actor` is signed in."""
    client = signed_in(actor or Actor(), language)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def at(name: str, *keys: Any) -> str:
    return reverse(f"consultations:{name}", args=keys)


READ = ("consultation", "statements", "arguments", "mine", "log", "sheet", "add_statement", "add_argument")
STAFF = ("organise", "change", "cancel", "answer", "queue", "add_document")


@pytest.fixture
def walls_of_neighbours(announced: Make) -> Consultation:
    """Answered by those who say to live there, as most are."""
    return announced()


@pytest.fixture
def lived_in(walls_of_neighbours: Consultation, resident: Actor, owner_upstairs: Actor, steward: Actor) -> Consultation:
    """With answers, words that wait, words that were hidden, reasons and a paper."""
    walls = walls_of_neighbours
    vote(resident, first(walls))
    vote(owner_upstairs, first(walls), -1)
    say(resident, walls)
    hidden = say(owner_upstairs, walls, "王阿姨家太吵。")
    reject(steward, hidden)
    actions.appeal(actor=owner_upstairs, words=hidden, reason="没有写名字。", form_key=uuid4(), at=NOW)
    actions.accept_words(actor=steward, words=argue(resident, walls), form_key=uuid4(), at=NOW)
    argue(resident, walls, "一楼窗前人来人往", stake="quiet")
    actions.add_document(actor=steward, consultation=walls, title="哪几段", text="128 米。", form_key=uuid4(), at=NOW)
    return fresh(walls)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_what_is_public(visitor, resident, lived_in, language, django_assert_max_num_queries):
    paper = lived_in.papers.get()
    addresses = [at(name, lived_in.pk) for name in READ]
    addresses += [at("consultations"), at("document", lived_in.pk, paper.pk), at("statement", lived_in.pk, 1)]
    for actor in (visitor, resident):
        client = browser(actor, language)
        for address in addresses:
            with django_assert_max_num_queries(10):
                answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_reads_the_organisers_pages(steward, lived_in, language, django_assert_max_num_queries):
    client = browser(steward, language)
    waiting = Statement.objects.get(state="waiting")
    addresses = [at(name, lived_in.pk) for name in STAFF] + [at("prepare")]
    addresses += [at("reject_words", lived_in.pk, "statement", waiting.number)]
    addresses += [at("take_down_document", lived_in.pk, lived_in.papers.get().pk)]
    addresses += [at("decide_appeal", lived_in.pk, lived_in.appeals.get().pk)]
    addresses += [at("enter_sheet", lived_in.pk), at("consultation", lived_in.pk)]
    for address in addresses:
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200, address


def test_nobody_else_does(resident, visitor, clerk_elsewhere, lived_in):
    waiting = Statement.objects.get(state="waiting")
    for actor in (visitor, resident, clerk_elsewhere):
        client = browser(actor)
        for name in STAFF:
            assert client.get(at(name, lived_in.pk)).status_code == 403, name
            assert client.post(at(name, lived_in.pk)).status_code in (403, 405), name
        assert client.post(at("make_ready", lived_in.pk)).status_code == 403
        for name in ("accept_words", "reject_words", "restore_words"):
            address = at(name, lived_in.pk, "statement", waiting.number)
            assert client.post(address, {"form_key": uuid4(), "reason": "x", "ground": "insult"}).status_code == 403
    assert browser(clerk_elsewhere).get(at("prepare")).status_code == 200
    assert browser(resident).get(at("prepare")).status_code == 403
    assert Statement.objects.get(pk=waiting.pk).state == "waiting"


def test_hidden_and_absent_answer_alike(visitor, resident, clerk, prepared: Make):
    draft = prepared()
    names = (*READ, *STAFF)
    for actor in (visitor, resident, clerk):
        client = browser(actor)
        for name in names:
            hidden, absent = client.get(at(name, draft.pk)), client.get(at(name, 999_999))
            assert (hidden.status_code, absent.status_code) == (404, 404), name
            assert _without_keys(hidden, draft.pk) == _without_keys(absent, 999_999), name
        assert client.post(at("cast_vote", draft.pk), ballot(1)).status_code == 404
        assert "围墙" not in client.get(at("consultations") + "?state=draft").content.decode()


def _without_keys(answer: Any, key: int) -> str:
    return answer.content.decode().replace(f"/{key}", "")


def test_an_area_consultation_is_shown_to_those_who_belong_there(visitor, stranger, resident, clerk, announced: Make):
    inside = announced(audience="area")
    for actor, status in ((visitor, 404), (stranger, 404), (resident, 200), (clerk, 200)):
        assert browser(actor).get(at("consultation", inside.pk)).status_code == status


def ballot(number: int, answer: int = 1, **more: Any) -> dict[str, Any]:
    return {"statement": number, "answer": answer, "form_key": uuid4(), **more}


def test_a_visitor_answers_and_finds_the_answer_again(walls, django_assert_max_num_queries):
    client = browser()
    with django_assert_max_num_queries(2):
        page = client.get(at("consultation", walls.pk))
    assert "hemei" not in page.cookies
    sent = client.post(at("cast_vote", walls.pk), ballot(1, drawn="1"))
    assert sent.url == f"{at('consultation', walls.pk)}?kept=1#card"
    shown = client.get(sent.url).content.decode()
    assert "Kept: “救护车要能开到每个楼下。” — Agree." in shown
    assert "2 of 3" in shown
    assert client.get(at("mine", walls.pk)).content.decode().count('aria-pressed="true"') == 1


def test_an_answer_reaches_the_counts_at_once(resident, owner_upstairs, announced: Make):
    walls = announced(results_at=NOW)
    client = browser(resident)
    before = client.get(at("consultation", walls.pk)).content.decode()
    assert "0 people have answered" in before
    client.post(at("cast_vote", walls.pk), ballot(1))
    after = client.get(at("consultation", walls.pk)).content.decode()
    assert "Fewer than five people have answered" in after
    Consultation.objects.filter(pk=walls.pk).update(participants=5, version=F("version") + 1)
    assert "5 people have answered" in client.get(at("consultation", walls.pk)).content.decode()


def test_with_script_only_the_card_comes_back(resident, walls):
    client = browser(resident)
    answer = client.post(at("cast_vote", walls.pk), ballot(2), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="card"' in answer.content.decode()
    assert "Kept: “后门要装门禁。”" in answer.content.decode()


def test_answers_are_changed_on_their_own_page_and_in_the_list(resident, walls):
    client = browser(resident)
    for back in ("statement", "mine"):
        sent = client.post(at("cast_vote", walls.pk), ballot(1, -1, back=back))
        assert sent.status_code == 302
        assert 'value="-1" aria-pressed="true"' in client.get(sent.url).content.decode()


def test_when_everything_is_answered_the_page_says_thanks(resident, walls):
    for one in Statement.objects.all():
        vote(resident, one)
    shown = browser(resident).get(at("consultation", walls.pk)).content.decode()
    assert "You have answered everything. Thank you." in shown
    assert 'name="answer"' not in shown


@pytest.mark.parametrize("sent", [{}, {"statement": "x"}, {"statement": 1, "answer": 7}, {"statement": 1, "answer": 1}])
def test_a_broken_answer_is_told_on_the_page(resident, walls, sent):
    answer = browser(resident).post(at("cast_vote", walls.pk), sent)
    assert answer.status_code == 422
    assert "did not arrive whole" in answer.content.decode()
    assert not Vote.objects.exists()


def test_answering_what_is_gone_is_told_on_the_page(resident, steward, walls):
    answer = browser(resident).post(at("cast_vote", walls.pk), ballot(99))
    assert answer.status_code == 422
    assert "not shown any more" in answer.content.decode()


def test_a_stale_page_after_close_says_when_it_closed(resident, walls):
    client = browser(resident)
    with clock.set_to(CLOSES - timedelta(seconds=1)):
        assert client.post(at("cast_vote", walls.pk), ballot(1)).status_code == 302
    with clock.set_to(CLOSES):
        for back in ("", "statement", "mine"):
            answer = client.post(at("cast_vote", walls.pk), ballot(2, back=back))
            assert answer.status_code == 422
            assert "closed on" in answer.content.decode()
    assert Vote.objects.count() == 1


def test_one_question_a_page_in_large_print(resident, walls):
    client = browser(resident, elder="1")
    shown = client.get(at("consultation", walls.pk)).content.decode()
    assert "data-read" in shown
    assert 'id="reasons"' not in shown
    assert 'id="reasons"' in client.get(at("consultation", walls.pk) + "?all=1").content.decode()


def test_who_may_not_answer_is_told_how_to_become_one(visitor, stranger, newcomer, announced: Make):
    walls = announced(who_votes="confirmed")
    for actor, told in ((visitor, "sign-in"), (stranger, "ties/new"), (newcomer, "people/ties")):
        shown = browser(actor).get(at("consultation", walls.pk)).content.decode()
        assert told in shown
        assert 'name="answer"' not in shown
        assert browser(actor).post(at("cast_vote", walls.pk), ballot(1)).status_code == 403


def test_each_state_says_first_how_it_stands(steward, visitor, resident, announced: Make):
    later = announced(opens_at=NOW + timedelta(hours=5))
    client = browser(visitor)
    assert "Opens on" in client.get(at("consultation", later.pk)).content.decode()
    with clock.set_to(NOW + timedelta(days=2)):
        assert "Open until" in client.get(at("consultation", later.pk)).content.decode()
    with clock.set_to(CLOSES):
        assert "Closed on" in client.get(at("consultation", later.pk)).content.decode()
    actions.cancel_consultation(actor=steward, consultation=later, why="问错了。", at=NOW)
    assert "问错了。" in client.get(at("consultation", later.pk)).content.decode()
    for state in ("open", "ahead", "closed", "cancelled", "draft", "x"):
        assert client.get(at("consultations") + f"?state={state}").status_code == 200


@pytest.mark.parametrize("address", ["?state=open&page=99", "?place=0", "?place=99999999999999999999", "?page=-1"])
def test_odd_addresses_of_the_list(visitor, walls, address):
    assert browser(visitor).get(at("consultations") + address).status_code in (200, 404)


@pytest.mark.parametrize("name", ["consultation", "statements", "mine", "log", "sheet", "organise", "cast_vote"])
def test_a_number_too_large_for_any_key_is_absent(steward, walls, name):
    assert browser(steward).get(at(name, 10**25)).status_code in (404, 405)
    for address in (at("statement", walls.pk, 10**25), at("document", walls.pk, 10**25)):
        assert browser(steward).get(address).status_code == 404


def test_odd_words_in_the_address_of_the_statements(visitor, walls):
    for query in ("?words=%00车", "?words=%25", "?words=" + "长" * 500, "?page=99&order=x", "?words=<b>"):
        shown = browser(visitor).get(at("statements", walls.pk) + query)
        assert shown.status_code == 200
        assert "<b>&" not in shown.content.decode()
    assert "1 statement with" in browser(visitor).get(at("statements", walls.pk) + "?words=门禁").content.decode()


# saying something


def test_a_statement_is_sent_and_its_author_sees_it_wait(resident, visitor, walls):
    client = browser(resident)
    sent = client.post(at("add_statement", walls.pk), {"text": "晚上十点以后关门。", "form_key": uuid4()})
    assert sent.status_code == 302
    assert "Waits to be read" in client.get(sent.url).content.decode()
    assert browser(visitor).get(sent.url).status_code == 404


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "required"),
        ("长" * 141, "At most 140"),
        ("后门\u202e要装门禁吗", "direction"),
        ("先拆墙。再装门禁。", "more than one thing"),
        ("后门要装门禁。", "said already"),
    ],
)
def test_what_cannot_stand_is_told_beside_the_field_and_kept(resident, walls, text, told):
    answer = browser(resident).post(at("add_statement", walls.pk), {"text": text, "form_key": uuid4()})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert text[:20].replace("\u202e", "") in answer.content.decode().replace("\u202e", "")
    assert Statement.objects.count() == 3


def test_two_thoughts_may_be_sent_as_they_are(resident, walls):
    words = {"text": "先拆墙。再装门禁。", "form_key": uuid4(), "as_is": "on"}
    assert browser(resident).post(at("add_statement", walls.pk), words).status_code == 302


def test_markup_and_rare_characters_are_shown_as_they_are(resident, announced: Make):
    walls = announced(moderation="after")
    client = browser(resident)
    text = "<script>alert(1)</script>👵🏻𠮷野家"
    sent = client.post(at("add_statement", walls.pk), {"text": text, "form_key": uuid4()})
    for address in (sent.url, at("statements", walls.pk), at("mine", walls.pk), at("sheet", walls.pk)):
        shown = client.get(address).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;👵🏻𠮷野家" in shown


def test_the_link_to_what_was_said_already(resident, walls):
    answer = browser(resident).post(at("add_statement", walls.pk), {"text": "后门要装门禁", "form_key": uuid4()})
    assert at("statement", walls.pk, 2) in answer.content.decode()


def test_one_corrects_only_ones_own(resident, owner_upstairs, walls):
    one = say(resident, walls)
    address = at("correct_statement", walls.pk, one.number)
    assert browser(owner_upstairs).get(address).status_code == 404
    assert browser(owner_upstairs).get(at("correct_statement", walls.pk, 1)).status_code == 403
    sent = browser(resident).post(address, {"text": "晚上十一点关门。", "form_key": uuid4()})
    assert sent.status_code == 302
    assert Statement.objects.get(pk=one.pk).text == "晚上十一点关门。"


def test_a_reason_is_given_on_the_question_and_on_a_statement(resident, walls):
    client = browser(resident)
    words = {"side": "for", "stake": "access", "text": "救护车能开到楼下"}
    assert client.post(at("add_argument", walls.pk), {**words, "form_key": uuid4()}).status_code == 302
    assert client.post(at("add_argument_on", walls.pk, 1), {**words, "form_key": uuid4()}).status_code == 302
    assert client.post(at("add_argument", walls.pk), {**words, "side": "", "form_key": uuid4()}).status_code == 422
    assert Argument.objects.count() == 2


def test_hidden_words_are_asked_about_by_their_author(resident, owner_upstairs, steward, clerk, walls):
    one = say(resident, walls)
    reject(steward, one)
    address = at("appeal", walls.pk, "statement", one.number)
    assert browser(owner_upstairs).get(address).status_code == 404
    assert browser(resident).get(address).status_code == 200
    assert browser(resident).post(address, {"reason": "没有名字。", "form_key": uuid4()}).status_code == 302
    asked_for = walls.appeals.get()
    decision = {"shown": "yes", "reason": "对的。", "form_key": uuid4()}
    assert browser(steward).post(at("decide_appeal", walls.pk, asked_for.pk), decision).status_code == 403
    assert browser(clerk).post(at("decide_appeal", walls.pk, asked_for.pk), decision).status_code == 302
    assert browser(resident).get(at("statement", walls.pk, one.number)).status_code == 200


def test_the_queue_shows_and_hides(steward, resident, walls):
    shown, hidden = say(resident, walls), say(resident, walls, "王阿姨家太吵。")
    client = browser(steward)
    assert "2 wait to be read" in client.get(at("queue", walls.pk)).content.decode()
    assert "2 wait to be read" in client.get(at("consultations")).content.decode()
    client.post(at("accept_words", walls.pk, "statement", shown.number), {"form_key": uuid4()})
    for key in ("", uuid4()):  # a broken form, and a second reading
        answer = client.post(at("accept_words", walls.pk, "statement", shown.number), {"form_key": key})
        assert answer.status_code == 422
        assert "王阿姨家太吵。" in answer.content.decode()
    address = at("reject_words", walls.pk, "statement", hidden.number)
    assert client.post(address, {"ground": "personal", "reason": "", "form_key": uuid4()}).status_code == 422
    client.post(address, {"ground": "personal", "reason": "写了名字。", "form_key": uuid4()})
    assert sorted(Statement.objects.values_list("state", flat=True)) == ["accepted"] * 4 + ["rejected"]
    assert "写了名字。" in client.get(at("log", walls.pk)).content.decode()
    assert "王阿姨" not in client.get(at("log", walls.pk)).content.decode()
    client.post(at("restore_words", walls.pk, "statement", hidden.number), {"reason": "看错了。", "form_key": uuid4()})
    assert Statement.objects.get(pk=hidden.pk).state == "accepted"


def test_all_reasons_and_the_way_to_hide_one(resident, visitor, steward, announced: Make):
    walls = announced(moderation="after")
    for number in range(25):
        argue(resident, walls, f"理由{number}", side="for" if number % 2 else "against")
    client = browser(visitor)
    assert "25 reasons." in client.get(at("arguments", walls.pk)).content.decode()
    assert "12 reasons." in client.get(at("arguments", walls.pk) + "?side=for").content.decode()
    assert "Hide it" not in client.get(at("arguments", walls.pk) + "?page=2&side=x").content.decode()
    hide = at("reject_words", walls.pk, "argument", 25)
    assert hide in browser(steward).get(at("arguments", walls.pk)).content.decode()
    sent = browser(steward).post(hide, {"ground": "off_topic", "reason": "说的是别的事。", "form_key": uuid4()})
    assert sent.url == at("log", walls.pk)
    assert "24 reasons." in client.get(at("arguments", walls.pk)).content.decode()


# organising


def test_from_an_empty_form_to_an_announced_consultation(steward, estate, visitor):
    client = browser(steward)
    assert client.post(at("prepare"), {}).status_code == 422
    words = {
        "place": estate.pk,
        "question": "围墙拆不拆？",
        "intro": "2019 年起做一体化改造。",
        "opens_at": "2026-09-12T10:30",
        "closes_at": "2026-09-20T18:00",
        "who_votes": "guest",
        "who_speaks": "declared",
        "moderation": "before",
        "audience": "public",
        "statement_max_length": "140",
        "form_key": uuid4(),
    }
    sent = client.post(at("prepare"), words)
    made = Consultation.objects.get()
    assert sent.url == at("organise", made.pk)
    assert made.matter.title == "围墙拆不拆？"
    assert client.post(at("make_ready", made.pk)).status_code == 422
    for text in SEEDS:
        assert client.post(at("add_statement", made.pk), {"text": text, "form_key": uuid4()}).status_code == 302
    change = {**words, "question": "围墙拆不拆，怎么拆？", "seen_version": made.version}
    assert client.post(at("change", made.pk), change).status_code == 422
    change["seen_version"] = fresh(made).version
    assert client.post(at("change", made.pk), change).status_code == 302
    paper = {"title": "哪几段", "text": "128 米。", "form_key": uuid4()}
    assert client.post(at("add_document", made.pk), paper).status_code == 302
    assert client.post(at("make_ready", made.pk)).url == at("consultation", made.pk)
    assert browser(visitor).get(at("consultation", made.pk)).status_code == 200
    assert client.post(at("cancel", made.pk), {"why": ""}).status_code == 422


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"closes_at": "tomorrow"}, "Write day and time"),
        ({"closes_at": "2026-09-12T10:31"}, "an hour at least"),
        ({"statement_max_length": "9999"}, "From 40 to 500"),
        ({"audience": "area", "who_votes": "guest"}, "without an account"),
        ({"question": "长" * 121}, "At most 120"),
        ({"place": "999"}, "999"),
    ],
)
def test_a_draft_that_cannot_be_is_told_beside_its_field(steward, estate, more, told):
    words = {name: str(value) for name, value in asked().items() if name not in ("opens_at", "closes_at", "at")}
    words |= {
        "place": estate.pk,
        "opens_at": "2026-09-12T10:30",
        "closes_at": "2026-09-20T18:00",
        "who_votes": "declared",
        "who_speaks": "declared",
        "moderation": "before",
        "audience": "public",
        "statement_max_length": "140",
    }
    answer = browser(steward).post(at("prepare"), {**words, **more})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\x00\x03" * 50])
def test_a_file_that_cannot_be_kept_is_told_beside_its_field(steward, walls, content):
    paper = {"title": "哪几段", "file": SimpleUploadedFile("a.pdf", content), "form_key": uuid4()}
    answer = browser(steward).post(at("add_document", walls.pk), paper)
    assert answer.status_code == 422
    assert "哪几段" in answer.content.decode()
    assert fresh(walls).documents == 0


def test_a_file_is_fetched_by_who_may_read_it(steward, visitor, clerk, prepared: Make):
    draft = prepared()
    paper = {"title": "哪几段", "file": SimpleUploadedFile("a.txt", "128 米".encode()), "form_key": uuid4()}
    assert browser(steward).post(at("add_document", draft.pk), paper).status_code == 302
    address = at("document_file", draft.pk, draft.papers.get().pk)
    assert browser(visitor).get(address).status_code == 404
    assert browser(clerk).get(address).status_code == 404
    answer = browser(steward).get(address)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_answer_with_its_promises_on_the_page(steward, resident, visitor, walls):
    vote(resident, first(walls))
    client, later = browser(steward), CLOSES + timedelta(hours=1)
    words = {"text": "分段拆。", "what_1": "装好门禁", "due_1": "2026-12-01", "form_key": uuid4()}
    assert client.post(at("answer", walls.pk), words).status_code == 422
    with clock.set_to(later):
        half = {**words, "due_1": ""}
        assert "needs a day" in client.post(at("answer", walls.pk), half).content.decode()
        assert client.post(at("answer", walls.pk), words).status_code == 302
        shown = browser(visitor).get(at("consultation", walls.pk)).content.decode()
        assert "The organiser has answered." in shown
        assert "分段拆。" in shown


# paper


def sitting(clerk: Actor, resident: Actor) -> Actor:
    held = Assistance.objects.create(
        helper=clerk.person,
        seat=clerk.seat,
        principal=resident.person,
        way="paper",
        evidence="sheet 1-1-0001",
        began_at=NOW,
        form_key=uuid4(),
    )
    return Actor(clerk.person, resident.person, held, clerk.seat, strong=True)


def test_a_sheet_is_printed_and_typed_in(clerk, resident, walls):
    printed = browser(clerk).get(at("sheet", walls.pk) + "?copies=2&first=7").content.decode()
    assert f"{walls.pk}-1-0007" in printed
    assert f"{walls.pk}-1-0008" in printed
    assert "<svg" in printed
    client = browser(sitting(clerk, resident))
    assert client.get(at("enter_sheet", walls.pk)).status_code == 200
    key = uuid4()
    for _ in range(2):
        sent = client.post(at("enter_sheet", walls.pk), {"s1": "1", "s3": "-1", "form_key": key})
        assert sent.status_code == 302
    assert client.post(at("enter_sheet", walls.pk), {"form_key": uuid4()}).status_code == 422
    assert client.post(at("enter_sheet", walls.pk), {"s1": "5", "form_key": uuid4()}).status_code == 422
    standing = Vote.objects.filter(participant__person=resident.person, current=True)
    assert dict(standing.values_list("statement__number", "answer")) == {1: 1, 3: -1}


def test_outside_a_sitting_nothing_is_typed_in(clerk, resident, walls):
    for actor in (clerk, resident):
        client = browser(actor)
        assert "while you help somebody" in client.get(at("enter_sheet", walls.pk)).content.decode()
        client.post(at("enter_sheet", walls.pk), {"s1": "1", "form_key": uuid4()})
    assert not Vote.objects.exists()


# what stays hidden


def test_for_and_against_stay_hidden_from_everybody_until_their_moment(steward, resident, visitor, announced: Make):
    walls = announced(results_at=CLOSES + timedelta(days=2))
    Statement.objects.filter(number=1).update(agrees=77, disagrees=66, passes=55)
    Statement.objects.filter(number=2).update(agrees=11, disagrees=187)
    addresses = [at("consultation", walls.pk), at("statement", walls.pk, 1), at("mine", walls.pk), at("map", walls.pk)]
    addresses += [at("statements", walls.pk) + query for query in ("", "?order=answered", "?words=车")]
    for actor in (steward, resident, visitor):
        client = browser(actor)
        for moment in (NOW, CLOSES + timedelta(days=1)):
            with clock.set_to(moment):
                for address in addresses:
                    shown = client.get(address).content.decode()
                    assert not any(f">{count}" in shown or f" {count}" in shown for count in (77, 66, 55, 187)), address
    with clock.set_to(CLOSES + timedelta(days=3)):
        assert "77" in browser(visitor).get(at("statement", walls.pk, 1)).content.decode()


def test_fewer_than_five_are_never_told(visitor, announced: Make):
    walls = announced(results_at=NOW)
    Statement.objects.filter(number=1).update(agrees=3, disagrees=9, passes=0)
    shown = browser(visitor).get(at("statement", walls.pk, 1)).content.decode()
    assert "fewer than 5" in shown
    assert "12 answers" not in shown


# panels


def test_the_panels_of_a_matter_and_a_place(resident, visitor, steward, estate, walls, prepared: Make):
    from hemei.consultations import queries

    prepared()
    panel = queries.matter_panel(resident, walls.matter)
    assert panel["consultation"] == walls
    assert [row["consultation"] for row in queries.place_panel(visitor, estate)["rows"]] == [walls]
    other = Place.objects.create(kind=Kind.ESTATE, name="别处", code="77", parent=estate.parent)
    Place.objects.filter(pk=other.pk).update(path=f"{estate.parent.path}{other.pk}/")
    other.refresh_from_db()
    assert queries.place_panel(visitor, other) is None
    assert queries.place_panel(steward, other)["may_organise"]


def test_a_clerk_finds_on_the_counter_what_waits_to_be_read(clerk, clerk_elsewhere, lived_in):
    waits = at("queue", lived_in.pk)
    assert waits in browser(clerk).get(reverse("people:counter")).text
    assert waits not in browser(clerk_elsewhere).get(reverse("people:counter")).text


def test_right_after_a_change_staff_costs_no_more_than_the_limit(
    steward, resident, lived_in, django_assert_max_num_queries
):
    client = browser(steward)
    client.get(at("consultation", lived_in.pk))
    vote(resident, first(lived_in), -1)
    with django_assert_max_num_queries(10):
        assert client.get(at("consultation", lived_in.pk)).status_code == 200
