"""Every page of notices, in both languages, for the right person and for the wrong one."""

import re
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from conftest import LANGUAGES, put_person, put_place, put_tie, race, signed_in
from hemei.ledger.queries import entries_of
from hemei.ledger.tests.forging import checked, faults
from hemei.matters.models import Matter
from hemei.matters.steps import add_party, open_matter
from hemei.notices import clockwork, steps
from hemei.notices.actions import make_sheet, post_sheet, void_sheet
from hemei.notices.models import BODY_MAX, TITLE_MAX, Following, Notice, Posting, PrintedNotice
from hemei.notices.tests.test_posting import picture, sheet
from hemei.outbox.models import Message
from hemei.people.actor import own
from hemei.people.models import Person

HOSTILE = "<script>alert('1')</script>\"'&amp;{{ 7|add:7 }} 𠮷🏘️"


@pytest.fixture
def matter(steward, estate, now) -> Matter:
    with transaction.atomic():
        words = {"title": "四条弄堂之间的围墙", "title_en": "The walls", "verb": "matters.opened", "step": "raised"}
        return open_matter(actor=steward, place=estate, at=now, **words)


@pytest.fixture
def posted(clerk, estate, matter, now) -> PrintedNotice:
    return make_sheet(actor=clerk, place=estate, matter=matter, at=now, **sheet())


@pytest.fixture
def hung(clerk, posted, stairwell, now) -> Posting:
    words = {"sheet": posted, "place": stairwell, "posted_at": now, "form_key": uuid4(), "at": now}
    return post_sheet(actor=clerk, photo=picture(), **words)


@pytest.fixture
def elder(home, now) -> Person:
    person = put_person("寅老人")
    put_tie(person, home)
    return person


def told(to, now, key="1", matter=None, said="明天量墙"):
    with transaction.atomic():
        words = {"said": said, "said_en": "", "url": "/matters/1"}
        steps.put(kind="matters.news", key=key, to=[to], at=now, matter=matter, words=words)


def shown(client, url, most=10) -> str:
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    assert response.status_code == 200, url
    assert len(seen) <= most, [query["sql"][:200] for query in seen.captured_queries]
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_everybody_may_read_is_shown_to_everybody(language, posted, hung, matter, visitor, resident, clerk, area):
    client = signed_in(visitor, language)
    client.get("/notices/posted")
    for actor in (visitor, resident, clerk):
        client = signed_in(actor, language)
        for url in (
            "/notices/posted", f"/notices/posted?place={area.pk}&state=hanging", f"/notices/posted?matter={matter.pk}",
            f"/notices/posted/{posted.pk}", f"/notices/posted/{posted.pk}/paper", f"/matters/{matter.pk}",
        ):  # fmt: skip
            assert "停水通知" in shown(client, url) or url.startswith("/matters")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_staff_are_shown_to_staff_and_to_nobody_else(
    language, posted, hung, matter, elder, clerk, resident, visitor, clerk_elsewhere, now
):
    told(elder, now, matter=matter)
    urls = [
        "/notices/paper", "/notices/paper?state=done", "/notices/paper/slips",
        f"/notices/posted/new?place={posted.place_id}", f"/notices/posted/new?matter={matter.pk}",
        f"/notices/posted/{posted.pk}/up", f"/notices/posted/{posted.pk}/void",
        f"/notices/posted/{posted.pk}/{hung.pk}/down",
    ]  # fmt: skip
    client = signed_in(clerk, language)
    for url in (*urls, f"/notices/delivery/{matter.pk}"):
        shown(client, url)
    for actor in (resident, visitor, clerk_elsewhere):
        client = signed_in(actor, language)
        for url in urls if actor is not clerk_elsewhere else urls[3:]:
            assert client.get(url).status_code == 403, url
        assert client.get(f"/notices/delivery/{matter.pk}").status_code == 404
    page = shown(signed_in(clerk_elsewhere, language), "/notices/paper")
    assert "寅老人" not in page


def test_a_sheet_whose_matter_is_hidden_answers_as_one_that_is_not_there(posted, hung, stranger, clerk):
    Matter.objects.update(visibility="parties")
    client, gone = signed_in(stranger), posted.pk + 1
    missing = client.get(f"/notices/posted/{gone}").content.decode().replace(f"/posted/{gone}", "")
    for url in ("", "/paper", "/void", "/up", f"/{hung.pk}/down", f"/{hung.pk}/photo"):
        answer = client.get(f"/notices/posted/{posted.pk}{url}")
        assert answer.status_code == 404, url
    answer = client.get(f"/notices/posted/{posted.pk}")
    assert answer.content.decode().replace(f"/posted/{posted.pk}", "") == missing
    for url in ("/notices/posted", f"/notices/posted?place={posted.place_id}"):
        assert posted.title not in client.get(url).content.decode()
    assert client.get(f"/notices/posted?matter={posted.matter_id}").status_code == 404
    assert client.get(f"/notices/posted/{10**30}").status_code == 404
    assert posted.title in shown(signed_in(clerk), f"/notices/posted/{posted.pk}")


def test_the_photo_is_for_those_who_live_there_and_staff(posted, hung, resident, clerk, stranger, visitor):
    url = f"/notices/posted/{posted.pk}/{hung.pk}/photo"
    for actor in (resident, clerk):
        answer = signed_in(actor).get(url)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert "private" in answer["Cache-Control"]
    for actor in (stranger, visitor):
        assert signed_in(actor).get(url).status_code == 404
    assert signed_in(resident).get(f"/notices/posted/{posted.pk}/{hung.pk + 1}/photo").status_code == 404


def test_a_sheet_that_was_taken_back_says_so_first_and_is_not_printed_again(posted, hung, clerk, visitor, now):
    void_sheet(actor=clerk, sheet=posted, why="日期写错", at=now)
    page = shown(signed_in(visitor, "en"), f"/notices/posted/{posted.pk}")
    assert page.index("does not hold any more") < page.index("9 月 15 日 8:00")
    assert "日期写错" in page
    answer = signed_in(clerk).get(f"/notices/posted/{posted.pk}/paper")
    assert answer["Location"] == f"/notices/posted/{posted.pk}"


def test_paper_and_page_carry_the_same_number_check_number_and_words(posted, visitor):
    client = signed_in(visitor, "en")
    page, paper = (shown(client, f"/notices/posted/{posted.pk}{end}") for end in ("", "/paper"))
    mark = re.search(r"<code>(\w{4} \w{4} \w{4})</code>", page)[1]
    for said in (posted.serial, mark, posted.title, posted.text):
        assert said in page
        assert said in paper
    assert "<svg" in paper
    assert "style=" not in paper
    assert 'lang="zh-Hans"' in paper  # the sheet's own language, whoever prints it


# sending


def test_a_sheet_is_made_put_up_taken_down_and_taken_back_on_pages(clerk, estate, stairwell, matter, now):
    client = signed_in(clerk, "en")
    words = {"title": "停水通知", "text": "明天停水。", "matter": matter.pk, "language": "zh-hans", "form_key": uuid4()}
    answer = client.post(f"/notices/posted/new?place={estate.pk}", words)
    made = PrintedNotice.objects.get()
    assert answer["Location"] == f"/notices/posted/{made.pk}"
    assert made.matter == matter
    words = {"place": stairwell.pk, "posted_at": "2026-09-12T10:30", "photo": picture(), "form_key": uuid4()}
    assert client.post(f"/notices/posted/{made.pk}/up", words).status_code == 302
    hung = Posting.objects.get()
    assert (hung.posted_at, hung.place) == (now, stairwell)
    answer = client.post(f"/notices/posted/{made.pk}/{hung.pk}/down", {"removed_at": "2026-09-12T10:30"})
    assert answer.status_code == 302
    assert client.post(f"/notices/posted/{made.pk}/void", {"why": "写错"}).status_code == 302
    page = shown(client, answer["Location"])
    assert "写错" in page
    line = shown(client, f"/matters/{matter.pk}")
    assert line.count(f"/notices/posted/{made.pk}") == 4


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("title", ""), ("title", "长" * (TITLE_MAX + 1)), ("title", "\u202e翻"), ("text", ""), ("text", "\x00"),
        ("text", "文" * (BODY_MAX + 1)), ("text", "一\n" * 30), ("matter", "x"), ("matter", "99999"),
        ("language", "fr"), ("form_key", "no"),
    ],
)  # fmt: skip
def test_what_cannot_stand_on_a_sheet_is_told_beside_its_field(field, bad, clerk, estate):
    words = {"title": "停水", "text": "明天停水。", "language": "zh-hans", "form_key": uuid4(), field: bad}
    answer = signed_in(clerk, "en").post(f"/notices/posted/new?place={estate.pk}", words)
    assert answer.status_code == 422
    assert not PrintedNotice.objects.exists()


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("place", ""), ("place", "x"), ("posted_at", "yesterday"), ("posted_at", "0001-01-01T00:00"),
        ("posted_at", "9999-12-31T23:59"), ("posted_at", "2026-09-12T09:00"), ("form_key", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_about_a_posting_is_told_beside_its_field(field, bad, clerk, stairwell, posted):
    words = {"place": stairwell.pk, "posted_at": "2026-09-12T10:30", "form_key": uuid4(), field: bad}
    answer = signed_in(clerk, "en").post(f"/notices/posted/{posted.pk}/up", words)
    assert answer.status_code == 422
    assert not Posting.objects.exists()


def test_hostile_words_are_shown_as_words_everywhere(clerk, estate, elder, resident, matter, now):
    made = make_sheet(actor=clerk, place=estate, at=now, **sheet(title=HOSTILE[:TITLE_MAX], text=HOSTILE))
    told(elder, now, said=HOSTILE)
    told(resident.principal, now, said=HOSTILE)
    Person.objects.filter(pk=elder.pk).update(name=HOSTILE[:60])
    for language in LANGUAGES:
        for actor, urls in (
            (clerk, [f"/notices/posted/{made.pk}{end}" for end in ("", "/paper", "/up", "/void")]),
            (clerk, ["/notices/posted", "/notices/paper", "/notices/paper/slips"]),
            (resident, ["/notices/", "/notices/about/0"]),
        ):
            for url in urls:
                page = shown(signed_in(actor, language), url)
                assert "<script>alert" not in page, url
                assert "&lt;script&gt;alert" in page, url


# the inbox


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_inbox_is_read_once_and_only_by_its_owner(language, resident, stranger, matter, now):
    told(resident.principal, now, "1", matter)
    told(resident.principal, now, "2")
    client = signed_in(resident, language)
    client.get("/notices/")
    page = shown(client, "/notices/")
    assert "明天量墙" in page
    for url in (f"/notices/about/{matter.pk}", "/notices/about/0", "/notices/preferences"):
        shown(client, url)
    assert signed_in(stranger, language).get(f"/notices/about/{matter.pk}").status_code == 404
    assert "明天量墙" not in shown(signed_in(stranger, language), "/notices/")
    one = Notice.objects.filter(recipient=resident.key).latest("pk")
    signed_in(stranger).post("/notices/read", {"notice": one.pk})
    assert Notice.objects.filter(read_at=None).count() == 2
    answer = client.post("/notices/read", {"notice": one.pk, "back": 0})
    assert answer["Location"] == "/notices/about/0"
    assert Notice.objects.filter(read_at=None).count() == 1
    client.post("/notices/read", {"up_to": one.pk})
    assert not Notice.objects.filter(read_at=None).exists()
    for odd in ({}, {"notice": "x"}, {"up_to": "9" * 40}, {"notice": "-1", "back": "//example.org"}):
        assert client.post("/notices/read", odd)["Location"] == "/notices/"


def test_a_visitor_is_shown_the_way_to_sign_in(db, now, visitor):
    assert "Here stands what you are told" in shown(signed_in(visitor, "en"), "/notices/")
    assert "Sign in" in shown(signed_in(visitor, "en"), "/notices/preferences")
    assert signed_in(visitor).post("/notices/read", {"up_to": 5}).status_code == 403


def test_choices_are_kept_and_shown_and_impossible_ones_told(resident, elder, now):
    client, ways = signed_in(resident, "en"), {"matters": "paper", "promises": "web", "consultations": "phone"}
    ways |= {"decisions": "urgent", "roll": "urgent"}
    assert client.post("/notices/preferences", {**ways, "people": "urgent"}).status_code == 302
    page = shown(client, "/notices/preferences")
    assert len(re.findall(r'value="\w+"[^>]*checked', page)) == 6
    assert client.post("/notices/preferences", {**ways, "people": "pigeon"}).status_code == 422
    assert client.post("/notices/preferences", {"matters": "web"}).status_code == 422
    assert signed_in(own(elder), "en").post("/notices/preferences", {**ways, "people": "web"}).status_code == 422


def test_the_inbox_asks_as_many_questions_with_ten_times_as_much_in_it(resident, steward, estate, now):
    client = signed_in(resident)

    def fill(first, count):
        for number in range(first, first + count):
            with transaction.atomic():
                one = open_matter(actor=steward, place=estate, title=f"{number}", at=now, verb="matters.opened")
            for key in range(3):
                told(resident.principal, now, f"{number}.{key}", one)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get("/notices/")
        return len(seen)

    fill(0, 2)
    asked()
    before = asked()
    fill(2, 18)
    assert asked() == before


# following


def test_the_button_follows_and_unfollows_and_a_visitor_becomes_a_guest_with_it(resident, visitor, matter):
    client = signed_in(resident, "en")
    assert client.post(f"/notices/follow/{matter.pk}", {"wanted": "yes"})["Location"] == f"/matters/{matter.pk}"
    assert "Do not follow any more" in shown(client, f"/matters/{matter.pk}")
    client.post(f"/notices/follow/{matter.pk}", {"wanted": "no"})
    assert "Follow this matter" in shown(client, f"/matters/{matter.pk}")
    client = signed_in(visitor, "en")
    client.post(f"/notices/follow/{matter.pk}", {"wanted": "yes"})
    assert Following.objects.filter(ended_at=None, person__is_guest=True).count() == 1
    assert "Do not follow any more" in shown(client, f"/matters/{matter.pk}")


def test_what_is_hidden_cannot_be_followed_and_makes_no_guest(visitor, matter):
    Matter.objects.update(visibility="area")
    people = Person.objects.count()
    client = signed_in(visitor)
    assert client.post(f"/notices/follow/{matter.pk}", {"wanted": "yes"}).status_code == 404
    assert client.get(f"/notices/follow/{matter.pk}").status_code == 405
    assert Person.objects.count() == people


# on paper


def test_the_list_is_printed_and_handed_over_on_pages(clerk, elder, matter, now):
    told(elder, now, "1", matter)
    told(elder, now, "2", matter)
    client, keys = signed_in(clerk, "en"), list(Message.objects.values_list("pk", flat=True))
    page = shown(client, "/notices/paper")
    assert page.count("寅老人") >= 2
    assert "Lane 9 Longwu Road Building 3 Stairwell 1 Flat 101" in page
    assert "明天量墙" in shown(client, "/notices/paper/slips")
    assert client.post("/notices/paper/printed", {"messages": keys}).status_code == 302
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    ahead = {"messages": keys, "on": "2026-09-13"}
    answer = client.post("/notices/paper/carried", ahead)
    assert answer.status_code == 422
    assert "still ahead" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 2
    assert client.post("/notices/paper/carried", {**ahead, "on": "2026-09-12"}).status_code == 302
    assert set(Message.objects.values_list("state", flat=True)) == {"delivered"}
    assert "寅老人" in shown(client, "/notices/paper?state=done")


@pytest.mark.parametrize(
    "words", [{}, {"messages": ["x", "9" * 30]}, {"messages": "1", "on": "x"}, {"on": "2026-09-12"}]
)
def test_nothing_chosen_and_no_day_are_told(words, clerk, elder, now):
    assert signed_in(clerk, "en").post("/notices/paper/carried", words).status_code == 422


def test_the_list_asks_as_many_questions_with_ten_times_as_much_on_it(clerk, home, stairwell, now):
    client = signed_in(clerk)

    def fill(first, count):
        for number in range(first, first + count):
            person = put_person(f"老人{number}")
            put_tie(person, put_place("home", f"{number}室", f"x{number}", stairwell))
            told(person, now, f"{number}")

    def asked(url):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    urls = ("/notices/paper", "/notices/paper/slips")
    fill(0, 3)
    for url in urls:
        asked(url)
    before = [asked(url) for url in urls]
    fill(3, 27)
    assert [asked(url) for url in urls] == before


def test_delivery_is_counted_for_staff_without_names(clerk, elder, resident, matter, now):
    told(elder, now, "1", matter)
    told(resident.principal, now, "1", matter)
    page = shown(signed_in(clerk, "en"), f"/notices/delivery/{matter.pk}")
    assert "Printed list" in page
    assert "寅老人" not in page


def test_looking_writes_nothing(visitor, posted):
    client = signed_in(visitor)
    for url in ("/notices/", "/notices/posted", f"/notices/posted/{posted.pk}", f"/notices/posted/{posted.pk}/paper"):
        shown(client, url)
        assert client.post(url).status_code == 405
    assert "hemei" not in client.cookies


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_on_one_form_make_one_sheet(clerk, estate, now):
    words = {"title": "停水通知", "text": "明天停水。", "language": "zh-hans", "form_key": uuid4()}
    clients = [signed_in(clerk) for _ in range(8)]
    outcome = race(8, lambda: clients.pop().post(f"/notices/posted/new?place={estate.pk}", words)["Location"])
    assert len(set(outcome.results)) == 1
    assert entries_of(estate).count() == 1


def test_the_whole_story_holds_and_no_answer_gives_away_a_matter_that_became_private(
    clerk, steward, resident, stranger, visitor, estate, matter, posted, hung, elder, now
):
    follow = {"wanted": "yes"}
    for actor in (resident, stranger, clerk):
        signed_in(actor).post(f"/notices/follow/{matter.pk}", follow)
    with transaction.atomic():
        add_party(matter=matter, person=elder, at=now)
    words = {"visibility": "confidential", "reason": "家里的事", "form_key": uuid4()}
    clockwork.round(now)
    assert signed_in(steward).post(f"/matters/{matter.pk}/visibility", words).status_code == 302
    clockwork.round(now)
    for actor in (visitor, stranger, resident, clerk):
        client = signed_in(actor)
        for url in (
            "/matters/", f"/matters/?place={estate.pk}", "/matters/?words=围墙", f"/places/{estate.pk}", "/notices/",
            "/notices/posted", "/notices/paper", "/notices/paper/slips", f"/notices/about/{matter.pk}", "/",
            f"/matters/{matter.pk}", f"/notices/posted/{posted.pk}", f"/notices/delivery/{matter.pk}",
            "/search?words=围墙",
        ):  # fmt: skip
            page = client.get(url, follow=True).content.decode()
            assert matter.title not in page, (actor, url)
            assert posted.title not in page, (actor, url)
            assert f'href="/matters/{matter.pk}"' not in page, (actor, url)
    assert [fault for fault in checked().faults if "stands without an entry" not in fault] == []
    assert faults("matters.") == faults("notices.") == []
