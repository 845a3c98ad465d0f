"""The list and a matter's page, for everybody who may come along; the forms of those who look after it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from conftest import LANGUAGES, signed_in, verbs
from hemei.ledger import steps as ledger
from hemei.ledger.actions import seal_day
from hemei.matters.actions import tell_what_happened
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter, tell

HOSTILE = "<script>alert('1')</script>\"'&amp;{{ 7|add:7 }} 𠮷🏘️ </title>"


def put_matter(actor, place, now, **more) -> Matter:
    words = {"title": "四条弄堂之间的围墙", "title_en": "The walls", "verb": "matters.opened", "step": "raised", **more}
    with transaction.atomic():
        return open_matter(actor=actor, place=place, at=now, **words)


@pytest.fixture
def matter(steward, estate, now) -> Matter:
    return put_matter(steward, estate, now)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["visitor", "guest", "stranger", "resident", "clerk", "administrator"])
def test_a_public_matter_is_open_to_everybody(
    who, language, matter, clerk, now, request, django_assert_max_num_queries
):
    tell_what_happened(
        actor=clerk, matter=matter, text="量了 128 米", text_en="128 metres", source="现场", form_key=uuid4(), at=now
    )
    seal_day(day=now.date() - timedelta(days=1), at=now)
    client = signed_in(request.getfixturevalue(who), language)
    client.get(f"/matters/{matter.pk}")
    with django_assert_max_num_queries(10):
        response = client.get(f"/matters/{matter.pk}")
    page = response.content.decode()
    assert response.status_code == 200
    assert ("量了 128 米" if language == "zh-hans" else "128 metres") in page
    assert clerk.person.name not in page
    assert clerk.seat.body.name in page
    for url in ("/matters/", f"/matters/?place={matter.place_id}&state=open&words=%E5%9B%B4"):
        with django_assert_max_num_queries(10):
            response = client.get(url)
        assert response.status_code == 200
        assert f"/matters/{matter.pk}" in response.content.decode()


@pytest.mark.parametrize("visibility", ["area", "parties", "confidential"])
def test_what_a_stranger_may_not_see_answers_as_what_is_not_there(visibility, matter, stranger, steward, now):
    Matter.objects.update(visibility=visibility)
    client = signed_in(stranger)
    gone = matter.pk + 1
    missing = client.get(f"/matters/{gone}").content.decode().replace(f"/matters/{gone}", "")
    for url in ("", "/tell", "/visibility", "/close", "/reopen"):
        answer = client.get(f"/matters/{matter.pk}{url}")
        assert answer.status_code == 404
        if not url:
            assert answer.content.decode().replace(f"/matters/{matter.pk}", "") == missing
        assert client.post(f"/matters/{matter.pk}{url}").status_code in (404, 405)
    for url in ("/matters/", f"/matters/?place={matter.place_id}", "/matters/?words=围墙", "/matters/?state=open"):
        page = client.get(url).content.decode()
        assert matter.title not in page
        assert f"/matters/{matter.pk}" not in page
    assert client.get(f"/matters/{10**30}").status_code == 404


def test_an_empty_list_says_what_would_stand_here(db, now, visitor):
    assert "No matter yet" in signed_in(visitor, "en").get("/matters/").content.decode()
    page = signed_in(visitor, "en").get("/matters/?words=nothing").content.decode()
    assert "No matter has these words" in page


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "state=';--", "words=" + "a" * 500, "words=%00", "words=%E2%80%AE", "place=", "before=-1"],
)
def test_odd_addresses_are_answered_with_the_list(query, matter, visitor):
    client = signed_in(visitor)
    assert client.get(f"/matters/?{query}").status_code == 200
    assert client.get(f"/matters/{matter.pk}?{query}").status_code == 200


@pytest.mark.parametrize("place", ["999999", str(10**17)])
def test_a_place_that_is_not_there_is_not_found(place, matter, visitor):
    assert signed_in(visitor).get(f"/matters/?place={place}").status_code == 404


def test_the_timeline_goes_back_page_by_page_to_the_first_entry(matter, clerk, now, visitor):
    with transaction.atomic():
        for number in range(45):
            tell(matter=matter, actor=clerk, at=now, text=f"第 {number} 段。", source="现场")
            ledger.record(subject=matter, actor=clerk, verb="consultations.voted", at=now, quiet=True)
    client, seen, url = signed_in(visitor), [], f"/matters/{matter.pk}"
    for _page in range(3):
        page = client.get(url).content.decode()
        seen += [number for number in range(45) if f"第 {number} 段。" in page]
        if 'rel="next"' in page:
            url = f"/matters/{matter.pk}?before=" + page.split('rel="next" href="?before=')[1].split("#")[0]
    assert sorted(seen) == list(range(45))
    assert 'rel="next"' not in page


def test_a_verb_without_words_of_its_own_is_still_said(matter, clerk, now, visitor):
    with transaction.atomic():
        ledger.record(subject=matter, actor=clerk, verb="later.invented", at=now)
    assert "exact entry" in signed_in(visitor, "en").get(f"/matters/{matter.pk}").content.decode()


def test_hostile_words_are_shown_as_words(steward, clerk, estate, now, visitor):
    matter = put_matter(steward, estate, now, title=HOSTILE[:120], title_en=HOSTILE[:120])
    with transaction.atomic():
        tell(matter=matter, actor=clerk, at=now, text=HOSTILE, text_en=HOSTILE, source=HOSTILE)
    for language in LANGUAGES:
        for url in ("/matters/", f"/matters/{matter.pk}"):
            page = signed_in(visitor, language).get(url).content.decode()
            assert "<script>alert" not in page
            assert "14" not in page.split("&lt;script&gt;")[1][:80]


def test_counts_of_queries_do_not_grow(steward, clerk, estate, now, resident):
    matter = put_matter(steward, estate, now)
    client = signed_in(resident)

    def queries_of(url):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    urls = ("/matters/", f"/matters/{matter.pk}")
    for url in urls:
        client.get(url)
    before = [queries_of(url) for url in urls]
    for number in range(15):
        put_matter(steward, estate, now, title=f"围墙 {number}")
        with transaction.atomic():
            tell(matter=matter, actor=clerk, at=now, text=f"{number}", source="现场")
    assert [queries_of(url) for url in urls] == before


# forms


FORMS = {
    "tell": {"text": "量了围墙", "source": "现场"},
    "visibility": {"visibility": "area", "reason": "涉及住户"},
    "close": {"reason": "拆完了"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_is_shown_sent_and_leads_back(clerk, matter, language, now, django_assert_max_num_queries):
    client = signed_in(clerk, language)
    client.get("/matters/")
    for name, words in {**FORMS, "reopen": {"reason": "还剩一段"}}.items():
        url = f"/matters/{matter.pk}/{name}"
        with django_assert_max_num_queries(10):
            assert client.get(url).status_code == 200
        answer = client.post(url, {**words, "form_key": uuid4()})
        assert (answer.status_code, answer["Location"]) == (302, f"/matters/{matter.pk}")
        assert client.get(answer["Location"]).status_code == 200
    assert verbs(matter) == [
        "matters.opened", "matters.told", "matters.visibility_changed", "matters.closed", "matters.reopened",
    ]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("bad", ["", "长" * 5000, "\u202e翻", "\x00"])
def test_what_cannot_stand_is_told_beside_the_field_and_kept_on_the_page(name, bad, clerk, matter):
    words = {field: bad if field in ("reason", "text") else value for field, value in FORMS[name].items()}
    answer = signed_in(clerk, "en").post(f"/matters/{matter.pk}/{name}", {**words, "form_key": uuid4()})
    assert answer.status_code == 422
    assert 'class="why"' in answer.content.decode()
    assert verbs(matter) == ["matters.opened"]


def test_what_was_typed_stays_when_the_act_is_refused(clerk, matter, now):
    client, url = signed_in(clerk, "en"), f"/matters/{matter.pk}/visibility"
    answer = client.post(url, {"visibility": "public", "reason": "一直是这样", "form_key": uuid4()})
    assert answer.status_code == 422
    assert "一直是这样" in answer.content.decode()
    assert "so already" in answer.content.decode()
    assert client.post(url, {"visibility": "secret", "reason": "x", "form_key": "no"}).status_code == 422


@pytest.mark.parametrize("who", ["visitor", "guest", "stranger", "resident", "clerk_elsewhere"])
@pytest.mark.parametrize("name", [*FORMS, "reopen"])
def test_others_are_told_who_may(who, name, matter, request):
    client = signed_in(request.getfixturevalue(who), "en")
    for answer in (
        client.get(f"/matters/{matter.pk}/{name}"),
        client.post(f"/matters/{matter.pk}/{name}", FORMS.get(name)),
    ):
        assert answer.status_code == 403
        assert "looks after" in answer.content.decode()


def test_who_hides_a_matter_from_themselves_lands_on_the_list(clerk, matter, now):
    words = {"visibility": "confidential", "reason": "x", "form_key": uuid4()}
    answer = signed_in(clerk).post(f"/matters/{matter.pk}/visibility", words)
    assert answer["Location"] == "/matters/"


def test_looking_writes_nothing(matter, visitor):
    client = signed_in(visitor)
    client.get(f"/matters/{matter.pk}")
    assert "hemei" not in client.cookies
    assert client.post(f"/matters/{matter.pk}").status_code == 405
