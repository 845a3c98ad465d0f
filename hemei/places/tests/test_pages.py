"""Every page of the street: who reads it, who keeps it, and that it asks the database little."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import LANGUAGES, put_place, signed_in
from hemei.base.models import Job
from hemei.base.tables import read_table
from hemei.places import context, jobs, queries, steps, views
from hemei.places.actions import merge_estates
from hemei.places.models import Kind, Place, PlaceList
from hemei.places.tests.lists import csv_of, homes
from hemei.places.tests.test_importing import PROGRESS, import_now, looked_at


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pages_of(*places):
    return [reverse("places:place", args=[one.pk]) for one in places]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_the_street_and_what_stands_in_it(
    visitor, street, area, estate, stairwell, home, now, language
):
    client = signed_in(visitor, language)
    found = [reverse("places:street"), reverse("places:find"), reverse("places:find") + "?words=9弄"]
    found += [reverse("places:history", args=[street.pk]), *pages_of(street, area, estate, stairwell.parent, stairwell)]
    for url in found:
        answer = client.get(url)
        assert answer.status_code == 200, url
    name = "Lane 9 Longwu Road" if language == "en" else "龙吴路9弄"
    assert name in client.get(pages_of(estate)[0]).content.decode()


def test_a_place_says_where_it_stands(visitor, street, stairwell, now):
    page = signed_in(visitor).get(pages_of(stairwell)[0]).content.decode()
    for above in (street, stairwell.parent):
        assert f'href="{reverse("places:place", args=[above.pk])}"' in page


def test_a_stairwell_counts_its_homes_by_floor_and_names_none(visitor, stairwell, home, home_upstairs, now):
    page = signed_in(visitor).get(pages_of(stairwell)[0]).content.decode()
    assert "101室" not in page
    assert '<td class="n">1</td>' in page


@pytest.mark.parametrize("who", ["visitor", "stranger", "owner_upstairs", "clerk_elsewhere"])
def test_a_home_is_no_page_for_others_and_answers_as_one_that_never_was(who, home, now, request):
    client = signed_in(request.getfixturevalue(who))
    hidden, absent = client.get(pages_of(home)[0]), client.get(reverse("places:place", args=[999_999]))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content.replace(str(home.pk).encode(), b"") == absent.content.replace(b"999999", b"")


@pytest.mark.parametrize("who", ["resident", "newcomer", "clerk", "administrator"])
def test_a_home_is_seen_by_those_who_belong_there_and_by_staff(who, home, now, request):
    assert signed_in(request.getfixturevalue(who)).get(pages_of(home)[0]).status_code == 200


def test_who_lives_where_stands_on_no_page(visitor, resident, owner_upstairs, street, estate, stairwell, now):
    client = signed_in(visitor)
    for url in pages_of(street, estate, stairwell):
        page = client.get(url).content.decode()
        for person in (resident.person, owner_upstairs.person):
            assert person.name not in page
            assert person.phone not in page


def test_homes_are_found_only_by_those_who_may_see_them(visitor, clerk, resident, home, home_upstairs, now):
    def found(actor):
        return {one.pk for one in queries.places_found(viewer=actor, words="01室")}

    assert found(visitor) == set()
    assert found(resident) == {home.pk}
    assert found(clerk) == {home.pk, home_upstairs.pk}


@pytest.mark.parametrize("who", ["visitor", "resident", "clerk", "administrator", "clerk_elsewhere"])
def test_the_rule_and_the_filter_agree(who, home, home_upstairs, other_estate, now, request):
    from hemei.places import policy

    actor = request.getfixturevalue(who)
    seen = set(Place.objects.filter(policy.visible(actor)).values_list("pk", flat=True))
    assert seen == {one.pk for one in Place.objects.all() if policy.may_see(actor, one)}


def test_an_empty_house_says_how_to_begin(visitor, administrator, now):
    url = reverse("places:street")
    assert (
        "The administrator of this installation adds the first one"
        in signed_in(visitor, "en").get(url).content.decode()
    )
    page = signed_in(administrator, "en").get(url).content.decode()
    assert reverse("places:add_street") in page
    sent = signed_in(administrator).post(
        reverse("places:add_street"), {"name": "漕河泾街道", "code": "310104", "form_key": str(uuid4())}
    )
    assert sent.status_code == 302
    page = signed_in(administrator, "en").get(url).content.decode()
    assert "Send a list" in page
    assert reverse("places:import") in page


def test_several_streets_are_chosen_from(visitor, street, now):
    put_place(Kind.STREET, "田林街道", "310105")
    page = signed_in(visitor).get(reverse("places:street")).content.decode()
    assert "田林街道" in page
    assert "漕河泾街道" in page


KEPT = ("add", "correct", "close", "merge", "split")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KEPT)
def test_keeping_pages_open_for_staff_alone(name, language, clerk, resident, visitor, area, estate, stairwell, now):
    place = area if name == "merge" else estate
    url = reverse(f"places:{name}", args=[place.pk])
    assert signed_in(clerk, language).get(url).status_code == 200
    for other in (resident, visitor):
        assert signed_in(other, language).get(url).status_code == 403
        assert signed_in(other, language).post(url, {}).status_code == 403


def test_a_form_on_a_hidden_home_answers_as_for_an_absent_one(stranger, home, now):
    client = signed_in(stranger)
    assert client.get(reverse("places:correct", args=[home.pk])).status_code == 404
    assert client.get(reverse("places:correct", args=[999_999])).status_code == 404


def test_a_clerk_adds_corrects_closes_and_opens_a_building(clerk, estate, now):
    client = signed_in(clerk)
    said = {"kind": "building", "name": "５号楼", "form_key": str(uuid4())}
    assert client.post(reverse("places:add", args=[estate.pk]), said).status_code == 302
    made = Place.objects.get(parent=estate)
    said = {"name": "5号楼（东）", "code": "5", "order": 5, "seen": steps.state_of(made)}
    assert client.post(reverse("places:correct", args=[made.pk]), said).status_code == 302
    assert client.post(reverse("places:close", args=[made.pk]), {"until": "2026-09-01"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.until) == ("5号楼（东）", date(2026, 9, 1))
    assert client.post(reverse("places:reopen", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.until is None


def test_what_is_refused_stands_beside_its_field_and_what_was_typed_stays(clerk, estate, stairwell, now):
    said = {"kind": "building", "name": "另一幢", "code": "03", "form_key": str(uuid4())}
    answer = signed_in(clerk, "en").post(reverse("places:add", args=[estate.pk]), said)
    assert answer.status_code == 422
    assert "code" in answer.context["form"].errors
    assert 'value="另一幢"' in answer.content.decode()


@pytest.mark.parametrize(
    "words",
    [
        {"name": "a\u202eb"}, {"name": "x" * 5000}, {"name": ""}, {"kind": "street"}, {"kind": "nonsense"},
        {"since": "yesterday"}, {"form_key": "1"}, {"code": "\x00"},
    ],
)  # fmt: skip
def test_bad_words_are_told_and_nothing_is_written(clerk, estate, now, words):
    said = {"kind": "building", "name": "5号楼", "form_key": str(uuid4()), **words}
    assert signed_in(clerk).post(reverse("places:add", args=[estate.pk]), said).status_code == 422
    assert not Place.objects.filter(parent=estate).exists()


def test_lanes_are_merged_on_a_page_and_the_block_says_so(clerk, visitor, area, estate, now):
    other = put_place(Kind.ESTATE, "龙吴路11弄", "0011", area)
    said = {"name": "华富街区", "code": "HF", "on": "2019-01-01", "reason": "合为一个街区", "form_key": str(uuid4())}
    answer = signed_in(clerk).post(reverse("places:merge", args=[area.pk]), {**said, "estates": [estate.pk, other.pk]})
    assert answer.status_code == 302
    page = signed_in(visitor, "en").get(answer["Location"]).content.decode()
    assert "2 estates are one" in page
    assert "龙吴路11弄" in page
    assert "合为一个街区" in page
    old = signed_in(visitor, "en").get(pages_of(other)[0]).content.decode()
    assert "Stood until 1 January 2019" in old or "Stood until" in old


def test_an_estate_is_split_on_a_page(clerk, estate, stairwell, now):
    five = put_place(Kind.BUILDING, "5号楼", "05", estate)
    said = {
        "name1": "东园", "code1": "E", "name2": "西园", "code2": "W",
        f"to{stairwell.parent_id}": "1", f"to{five.pk}": "2",
        "on": "2020-01-01", "reason": "分开管理", "form_key": str(uuid4()),
    }  # fmt: skip
    url = reverse("places:split", args=[estate.pk])
    refused = signed_in(clerk, "en").post(url, {**said, f"to{five.pk}": "3"})
    assert refused.status_code == 422
    assert "has no name yet" in refused.content.decode()
    assert signed_in(clerk).post(url, said).status_code == 302
    assert Place.objects.get(pk=five.pk).parent.name == "西园"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_goes_from_the_file_to_the_tree(office, street, now, language):
    client = signed_in(office, language)
    assert client.get(reverse("places:import")).status_code == 200
    file = SimpleUploadedFile("清单.csv", csv_of(homes(), "gb18030"))
    said = {"street": street.pk, "file": file, "form_key": str(uuid4())}
    answer = client.post(reverse("places:import"), said)
    sent = PlaceList.objects.get()
    assert answer["Location"] == reverse("web:job", args=[sent.job])
    url = reverse("places:list", args=[sent.pk])
    assert client.get(url).status_code == 200
    assert jobs.check_list(PROGRESS, key=sent.pk)["url"] == url
    Job.objects.update(state="done", ended_at=now)
    assert reverse("places:confirm_list", args=[sent.pk]) in client.get(url).content.decode()
    assert client.post(reverse("places:confirm_list", args=[sent.pk])).status_code == 302
    jobs.write_list(PROGRESS, key=sent.pk)
    assert client.get(url).status_code == 200
    assert Place.objects.filter(kind=Kind.HOME).count() == 24


def test_bad_rows_stand_on_the_page_with_their_reason(office, street, now):
    rows = homes()
    rows[3][5] = "高层"
    sent = looked_at(office, street, now, csv_of(rows))
    Job.objects.update(state="done", ended_at=now)
    client = signed_in(office, "en")
    page = client.get(reverse("places:list", args=[sent.pk])).content.decode()
    assert "1 row cannot be taken" in page
    assert "高层" in page
    refused = client.post(reverse("places:confirm_list", args=[sent.pk]))
    assert refused.status_code == 422
    assert "Correct them in the list" in refused.content.decode()


def test_what_is_no_list_is_told_beside_the_field(office, street, now):
    file = SimpleUploadedFile("清单.xlsx", b"PK\x03\x04 nothing")
    said = {"street": street.pk, "file": file, "form_key": str(uuid4())}
    answer = signed_in(office, "en").post(reverse("places:import"), said)
    assert answer.status_code == 422
    assert "cannot be opened" in answer.content.decode()
    assert not PlaceList.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "resident", "clerk"])
def test_lists_are_the_street_offices_alone(who, office, street, area, home, now, request):
    sent = looked_at(office, street, now)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("places:import")).status_code == 403
    assert client.get(reverse("places:list", args=[sent.pk])).status_code == 404
    assert client.post(reverse("places:confirm_list", args=[sent.pk])).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_can_be_fetched(visitor, form, now):
    answer = signed_in(visitor).get(reverse("places:template", args=[form]))
    assert answer.status_code == 200
    assert read_table(answer.content)[0][0] == "居民区"


def test_the_history_is_read_in_words(clerk, visitor, street, area, estate, now):
    other = put_place(Kind.ESTATE, "龙吴路11弄", "0011", area)
    merge_estates(
        actor=clerk,
        estates=[estate, other],
        name="华富街区",
        on=date(2019, 1, 1),
        reason="合",
        form_key=uuid4(),
        at=now,
    )
    import_now(street, csv_of(homes()), now)
    page = signed_in(visitor, "en").get(reverse("places:history", args=[street.pk])).content.decode()
    assert "A list brought 24 homes" in page
    assert "华富街区" in page


def test_nothing_is_asked_for_each_row(visitor, resident, street, now, django_assert_max_num_queries):
    """As many questions for ten times the places."""
    import_now(street, csv_of(homes(estates=1)), now)
    area = Place.objects.get(kind=Kind.AREA, name="田林居民区")
    few = asked(signed_in(visitor), area), asked(signed_in(resident), area)
    import_now(street, csv_of(homes(estates=10)), now)
    assert (asked(signed_in(visitor), area), asked(signed_in(resident), area)) == few
    for place in (street, area, *Place.objects.filter(kind=Kind.ESTATE)[:1]):
        with django_assert_max_num_queries(10):
            signed_in(visitor).get(pages_of(place)[0])


def test_of_a_page_three_questions_are_this_rooms(visitor, street, area, estate, stairwell, now, monkeypatch):
    monkeypatch.setattr(views, "panels", lambda *_name, **_about: {})
    for place in (street, area, estate, stairwell.parent):
        assert asked(signed_in(visitor), place) == 3


def asked(client, place):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(pages_of(place)[0])
    with CaptureQueriesContext(connection) as made:
        client.get(pages_of(place)[0])
    return len(made)


def test_an_estate_with_many_doors_has_pages(visitor, estate, now):
    for number in range(1, 70):
        put_place(Kind.STAIRWELL, f"{number}号", str(number), estate, order=number)
    client = signed_in(visitor)
    first, second = (client.get(pages_of(estate)[0] + f"?page={page}").content.decode() for page in (1, 2))
    assert "<b>1号</b>" in first
    assert "<b>61号</b>" not in first
    assert "<b>61号</b>" in second


def test_the_head_names_the_one_street_and_its_phone_and_asks_once_a_minute(street, rf, django_assert_num_queries):
    from hemei.people.models import Body

    Body.objects.create(kind="property", name="物业", place=street, phone="021-2")
    Body.objects.create(kind="street_office", name="街道办", place=street, phone="021-1")
    context.forget()
    with django_assert_num_queries(1):
        said = [context.street(rf.get("/")) for _time in range(3)]
    assert said == [{"street_name": "Caohejing Street", "help_phone": "021-1"}] * 3
    put_place(Kind.STREET, "田林街道", "310105")
    context.forget()
    assert context.street(rf.get("/")) == {"street_name": "", "help_phone": ""}


def test_an_estate_is_found_by_every_way_to_write_it(visitor, street, estate, stairwell, now):
    for words, name in (
        ("三栋", "3号楼"), ("3幢", "3号楼"), ("３号楼", "3号楼"), ("龙吴路9弄3号楼", "3号楼"), ("Lane 9", "龙吴路9弄"),
        ("longwu 3号楼", "3号楼"), ("0009", "龙吴路9弄"), ("漕河泾 9弄", "龙吴路9弄"),
    ):  # fmt: skip
        found = [one.name for one in queries.places_found(viewer=visitor, words=words)]
        assert found[:1] == [name], words
    assert not queries.places_found(viewer=visitor, words="  ")
    assert not queries.places_found(viewer=visitor, words="%_")


def test_the_old_boundary_is_seen_from_both_sides(
    clerk, visitor, area, estate, stairwell, now, django_assert_max_num_queries
):
    other = put_place(Kind.ESTATE, "龙吴路11弄", "0011", area)
    put_place(Kind.BUILDING, "8号楼", "08", other)
    block = merge_estates(
        actor=clerk, estates=[estate, other], name="华富街区", code="HF", on=date(2019, 1, 1), reason="合",
        form_key=uuid4(), at=now,
    ).after.get()  # fmt: skip
    signed_in(visitor).get(pages_of(block)[0])
    with django_assert_max_num_queries(10):
        page = signed_in(visitor, "zh-hans").get(pages_of(block)[0]).content.decode()
    assert "原：龙吴路9弄" in page
    assert "原：龙吴路11弄" in page
    old = signed_in(visitor, "zh-hans").get(pages_of(estate)[0]).content.decode()
    assert "3号楼" in old
    assert "8号楼" not in old


@pytest.mark.parametrize(
    "tail", ["?page=99999999999", "?page=x", "?words=%00%ED%A0%80", "?before=%D9%A3", "?before=-1"]
)
def test_strange_addresses_are_answered(visitor, street, now, tail):
    client = signed_in(visitor)
    for url in (pages_of(street)[0], reverse("places:find"), reverse("places:history", args=[street.pk])):
        assert client.get(url + tail).status_code == 200
    assert client.get(reverse("places:place", args=[10**30])).status_code == 404
    assert client.get(reverse("places:list", args=[10**30])).status_code == 404
