"""Pages of rolls, lists and corrections: whole in both languages for those who keep a roll, not there for others."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from conftest import LANGUAGES, put_person, put_seat, signed_in, speaking_from
from hemei.base.jobs import PrintedProgress
from hemei.base.tables import read_table
from hemei.places import context
from hemei.roll import jobs, lists
from hemei.roll.actions import lists as actions
from hemei.roll.actions.correcting import Named, confirm_correction, propose_correction
from hemei.roll.models import Correction, Roll, RollList, Unit
from hemei.roll.queries import place_panel
from hemei.roll.tests.owner_lists import AREA, csv_of, put_homes, rows_of
from hemei.roll.tests.rolls import put_roll, unit_of

PROGRESS = PrintedProgress(lambda _text: None)
QUERIES = 10


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    context.forget()


@pytest.fixture
def second(area):
    """Head of the residents' committee: the other key."""
    return speaking_from(put_seat(put_person("二把钥匙", "+8613800000021"), "committee", "华富居委会", area, "head"))


@pytest.fixture
def roll(estate, stairwell, home, home_upstairs, now):
    owners = {0: [("赵一", "1/2", "P1"), ("钱二", "1/2", "P2")], 1: [("周五", "1/1", "P5")], 2: [("周五", "1/1", "P5")]}
    return put_roll(estate, stairwells=[stairwell], owners=owners)


@pytest.fixture
def sent(clerk, roll, now):
    """A list with bad rows, one that waits, one declined."""
    put_homes(roll.place)
    rows, bad = rows_of(), rows_of()
    bad[0][AREA] = "?"
    found = []
    for content in (bad, rows, rows):
        file = SimpleUploadedFile("清册.csv", csv_of(content))
        said = {"source": "甲号登记簿", "as_of": now.date(), "stated_homes": 12, "form_key": uuid4(), "at": now}
        found.append(actions.send_list(actor=clerk, roll=roll, file=file, **said))
        with translation.override("zh-hans"):  # a report speaks the language of who sent the list
            jobs.check_list(PROGRESS, key=found[-1].pk)
    return [RollList.objects.get(pk=one.pk) for one in found]


def propose(actor, unit, now, what="kind", **more):
    said = {"on": date(2026, 9, 1), "reason": "核对", "source": "不动产权证", "form_key": uuid4(), "at": now}
    return propose_correction(actor=actor, unit=unit, what=what, **{"kind": "shop", **said, **more})


@pytest.fixture
def corrections(clerk, second, roll, now):
    waiting = propose(clerk, unit_of(roll, "0102"), now)
    sale = propose(clerk, unit_of(roll, "0101"), now, "owners", sold=True, owners=[Named("吴六")])
    confirm_correction(actor=second, correction=sale, at=now)
    return waiting, sale


def pages(roll, sent, corrections):
    """Every page of this part; the last ones are of one home."""
    place, unit = roll.place_id, corrections[1].unit_id
    return [
        reverse("roll:rolls"),
        reverse("roll:roll", args=[place]),
        reverse("roll:roll", args=[place]) + "?words=周五",
        reverse("roll:roll", args=[place]) + "?words=没有这个",
        reverse("roll:history", args=[place]),
        reverse("roll:send_list", args=[place]),
        *(reverse("roll:list", args=[one.pk]) for one in sent),
        reverse("roll:unit", args=[unit]),
        *(reverse("roll:propose_correction", args=[unit, what]) for what in Correction.What.values),
        reverse("roll:corrections"),
        reverse("roll:corrections") + f"?place={place}",
        reverse("roll:corrections") + f"?place={place}&decided=1",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_shows_in_few_queries(
    language, clerk, second, roll, sent, corrections, django_assert_max_num_queries, now
):
    for who in (clerk, second):
        client = signed_in(who, language)
        client.get(reverse("roll:rolls"))
        for url in pages(roll, sent, corrections):
            with django_assert_max_num_queries(QUERIES):
                page = client.get(url)
            assert page.status_code == 200, url
            assert "no-store" in page["Cache-Control"], url
            text = re.sub(r"<[^>]+>", " ", page.content.decode().partition('tabindex="-1">')[2].partition("</main>")[0])
            assert "%(" not in text, url
            assert language == "en" or not re.search(r"[A-Za-z]{4,}", re.sub(r"CSV|XLSX|csv", "", text)), (url, text)


@pytest.mark.parametrize(
    "who", ["visitor", "resident", "owner_upstairs", "steward", "clerk_elsewhere", "administrator"]
)
def test_nobody_else_finds_any_of_it(request, who, roll, sent, corrections, now):
    actor = request.getfixturevalue(who)
    client = signed_in(actor)
    for url in pages(roll, sent, corrections):
        page = client.get(url)
        own_desk = who == "clerk_elsewhere" and url in (reverse("roll:rolls"), reverse("roll:corrections"))
        assert page.status_code in ((200,) if own_desk else (403, 404)), url
        assert not any(name in page.content.decode() for name in ("赵一", "周五", "吴六", "甲号登记簿")), url
    absent, hidden = (client.get(reverse("roll:roll", args=[pk])) for pk in (999_999, roll.place_id))
    assert absent.status_code == hidden.status_code == 404
    assert absent.content.replace(b"/999999", b"/") == hidden.content.replace(f"/{roll.place_id}".encode(), b"/")
    for url in (
        reverse("roll:begin_roll", args=[roll.place_id]),
        reverse("roll:confirm_list", args=[sent[1].pk]),
        reverse("roll:decline_list", args=[sent[1].pk]),
        reverse("roll:confirm_correction", args=[corrections[0].pk]),
        reverse("roll:decline_correction", args=[corrections[0].pk]),
    ):
        assert client.post(url, {"why": "x"}).status_code in (403, 404), url


@pytest.mark.parametrize("kind", ["property", "builder", "team"])
def test_firms_and_teams_find_none_of_it(kind, roll, sent, corrections, now):
    client = signed_in(speaking_from(put_seat(put_person("经理"), kind, "公司", roll.place, "head")))
    assert {client.get(url).status_code for url in pages(roll, sent, corrections)} <= {403, 404}


def test_more_homes_add_no_query(clerk, roll, now, django_assert_num_queries):
    client = signed_in(clerk)
    url = reverse("roll:roll", args=[roll.place_id])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    put_homes(roll.place, buildings=2, floors=10)
    second = speaking_from(put_seat(put_person("二"), "committee", "华富居委会", roll.place.parent, "head"))
    file = SimpleUploadedFile("x.csv", csv_of(rows_of(buildings=2, floors=10)))
    said = {"source": "甲号登记簿", "as_of": now.date(), "form_key": uuid4(), "at": now}
    kept = actions.send_list(actor=clerk, roll=roll, file=file, **said)
    jobs.check_list(PROGRESS, key=kept.pk)
    kept.refresh_from_db()
    jobs.write_list(PROGRESS, key=actions.confirm_list(actor=second, sent=kept, at=now).pk)
    with django_assert_num_queries(len(few)):
        page = client.get(url)
    assert page.context["page"].paginator.num_pages == 2


def test_a_roll_is_begun_a_list_sent_and_confirmed_on_pages(clerk, second, estate, now):
    put_homes(estate)
    mine, others = signed_in(clerk, "en"), signed_in(second, "en")
    page = mine.get(reverse("roll:roll", args=[estate.pk])).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    assert mine.post(reverse("roll:begin_roll", args=[estate.pk]), {"form_key": key}).status_code == 302
    assert mine.post(reverse("roll:begin_roll", args=[estate.pk]), {"form_key": key}).status_code == 302
    again = mine.post(reverse("roll:begin_roll", args=[estate.pk]), {"form_key": str(uuid4())})
    assert (again.status_code, Roll.objects.count()) == (422, 1)
    send = reverse("roll:send_list", args=[estate.pk])
    said = {"source": "甲号登记簿", "as_of": "2026-09-01", "stated_homes": "12", "form_key": str(uuid4())}
    wrong = mine.post(send, {**said, "file": SimpleUploadedFile("a.csv", b"x,y\n1,2")})
    assert wrong.status_code == 422
    assert "No row of headings was found" in wrong.content.decode()
    assert "甲号登记簿" in wrong.content.decode(), "what was typed stays"
    done = mine.post(send, {**said, "file": SimpleUploadedFile("a.csv", csv_of(rows_of()))})
    kept = RollList.objects.get()
    assert done["Location"] == reverse("web:job", args=[kept.job])
    jobs.check_list(PROGRESS, key=kept.pk)
    url = reverse("roll:list", args=[kept.pk])
    assert "somebody else who keeps this roll" in mine.get(url).content.decode()
    assert reverse("roll:confirm_list", args=[kept.pk]) not in mine.get(url).content.decode()
    assert mine.post(reverse("roll:confirm_list", args=[kept.pk])).status_code == 403
    assert reverse("roll:confirm_list", args=[kept.pk]) in others.get(url).content.decode()
    assert others.post(reverse("roll:decline_list", args=[kept.pk]), {"why": ""}).status_code == 422
    assert others.post(reverse("roll:confirm_list", args=[kept.pk])).status_code == 302
    jobs.write_list(PROGRESS, key=kept.pk)
    page = mine.get(url).content.decode()
    assert "The list is on the roll" in page
    assert "二把钥匙" in page
    page = mine.get(reverse("roll:roll", args=[estate.pk])).content.decode()
    assert "602.40 m²" in page
    assert "业主12" in page


def test_a_list_is_declined_on_its_page(second, sent, now):
    client = signed_in(second, "en")
    url = reverse("roll:decline_list", args=[sent[1].pk])
    assert client.post(url, {"why": "日期不对"}).status_code == 302
    page = client.get(reverse("roll:list", args=[sent[1].pk])).content.decode()
    assert "The list was declined" in page
    assert "日期不对" in page
    assert client.post(reverse("roll:confirm_list", args=[sent[1].pk])).status_code == 422


def test_bad_rows_stand_on_the_page_with_their_reasons(clerk, sent, now):
    page = signed_in(clerk, "zh-hans").get(reverse("roll:list", args=[sent[0].pk])).content.decode()
    assert "面积“?”不是数字" in page


def test_an_area_is_corrected_on_pages(clerk, second, roll, now):
    unit = unit_of(roll, "0201")
    mine, others = signed_in(clerk, "en"), signed_in(second, "en")
    url = reverse("roll:propose_correction", args=[unit.pk, "area"])
    said = {"area_m2": "62.5", "on": "2026-09-01", "reason": "重测", "source": "不动产权证", "form_key": str(uuid4())}
    wrong = mine.post(url, {**said, "on": "2026-12-01"})
    assert wrong.status_code == 422
    assert "has not come yet" in wrong.content.decode()
    assert mine.post(url, {**said, "area_m2": "0"}).status_code == 422
    assert mine.post(url, said).status_code == 302
    made = Correction.objects.get()
    page = mine.get(reverse("roll:corrections")).content.decode()
    assert "61.20 m²" in page
    assert "62.50 m²" in page
    assert reverse("roll:confirm_correction", args=[made.pk]) not in page
    assert mine.post(reverse("roll:confirm_correction", args=[made.pk])).status_code == 403
    assert others.post(reverse("roll:decline_correction", args=[made.pk]), {"why": ""}).status_code == 422
    assert others.post(reverse("roll:confirm_correction", args=[made.pk])).status_code == 302
    assert "62.50 m²" in mine.get(reverse("roll:unit", args=[unit.pk])).content.decode()
    late = others.post(reverse("roll:decline_correction", args=[made.pk]), {"why": "x"})
    assert late.status_code == 422
    assert "confirmed meanwhile" in late.content.decode()


def test_owners_are_corrected_on_pages(clerk, second, roll, now):
    unit = unit_of(roll, "0101")
    mine = signed_in(clerk, "en")
    url = reverse("roll:propose_correction", args=[unit.pk, "owners"])
    page = mine.get(url).content.decode()
    assert all(f'value="{word}"' in page for word in ("赵一", "钱二", "P1", "1/2"))
    assert "Owner 4: name" in page
    assert "Owner 6: name" in mine.get(url + "?rows=6").content.decode()
    said = {"sold": "yes", "on": "2026-09-01", "reason": "买卖", "source": "不动产权证", "form_key": str(uuid4())}
    first = {"name1": "赵一", "code1": "P1", "share1": "50%", "kind1": "person", "kind2": "person"}
    wrong = mine.post(url, {**said, **first, "share2": "half"})
    assert wrong.status_code == 422
    assert "cannot be read" in wrong.content.decode()
    assert "The owner’s name is missing" in mine.post(url, {**said, **first, "share2": "1/2"}).content.decode()
    assert mine.post(url, {**said, **first, "name2": "孙三", "share2": "0.5", "rep2": "on"}).status_code == 302
    made = Correction.objects.get()
    assert [(one["name"], one["share"], one["rep"]) for one in made.after["owners"]] == [
        ("孙三", "1/2", True), ("赵一", "1/2", False),
    ]  # fmt: skip
    page = signed_in(second, "en").get(reverse("roll:corrections")).content.decode()
    assert "孙三 · No. 03/1/0101#1 · 1/2 · speaks for the home" in page
    assert "钱二 · No. P2 · 1/2" in page


def test_a_home_that_is_gone_offers_its_way_back_alone(clerk, second, roll, now):
    unit = unit_of(roll, "0201")
    confirm_correction(actor=second, correction=propose(clerk, unit, now, "gone"), at=now)
    client = signed_in(clerk, "en")
    page = client.get(reverse("roll:unit", args=[unit.pk])).content.decode()
    assert "It is there again" in page
    assert client.get(reverse("roll:propose_correction", args=[unit.pk, "gone"])).status_code == 200
    assert client.get(reverse("roll:propose_correction", args=[unit.pk, "area"])).status_code == 404
    assert client.get(reverse("roll:propose_correction", args=[unit.pk, "nonsense"])).status_code == 404


@pytest.mark.parametrize(
    ("words", "count"),
    [("101", 1), ("3号楼 0101", 1), ("三栋101", 1), ("周五", 2), ("p5", 2), ("Flat 101", 1), ("没有", 0), ("业主4", 1)],
)
def test_a_home_is_found_by_room_and_by_owner(clerk, roll, now, words, count):
    page = signed_in(clerk).get(reverse("roll:roll", args=[roll.place_id]), {"words": words})
    assert len(page.context["rows"]) == count


def test_the_template_can_be_filled_in_and_read(visitor, db):
    for form in ("csv", "xlsx"):
        answer = signed_in(visitor).get(reverse("roll:template", args=[form]))
        assert f'filename="hemei-roll.{form}"' in answer["Content-Disposition"]
        assert len(lists.read(read_table(answer.content)).lines) == 3


def test_keepers_find_the_roll_on_the_page_of_the_estate_and_nobody_else_does(clerk, resident, visitor, roll, now):
    url = reverse("places:place", args=[roll.place_id])
    link = reverse("roll:roll", args=[roll.place_id])
    assert link in signed_in(clerk).get(url).content.decode()
    for actor in (resident, visitor):
        assert link not in signed_in(actor).get(url).content.decode()
        assert place_panel(actor, roll.place) is None
    assert place_panel(clerk, roll.place.parent) is None


def test_only_the_estates_of_the_desk_are_listed(clerk, roll, other_estate, now):
    with translation.override("en"):
        page = signed_in(clerk, "en").get(reverse("roll:rolls"))
    assert [one.pk for one in page.context["page"].object_list] == [roll.place_id]
    assert "12 homes" in page.content.decode()


@pytest.mark.parametrize(
    "tail", ["?page=99999999999", "?page=x", "?words=%00%ED%A0%80", "?before=%D9%A3", "?rows=9999"]
)
def test_strange_addresses_are_answered(clerk, roll, now, tail):
    client, unit = signed_in(clerk), Unit.objects.first()
    for url in (
        reverse("roll:rolls"), reverse("roll:roll", args=[roll.place_id]), reverse("roll:corrections"),
        reverse("roll:history", args=[roll.place_id]), reverse("roll:propose_correction", args=[unit.pk, "owners"]),
    ):  # fmt: skip
        assert client.get(url + tail).status_code == 200
    assert client.get(reverse("roll:corrections") + "?place=x").status_code == 404
    assert client.get(reverse("roll:unit", args=[10**30])).status_code == 404
