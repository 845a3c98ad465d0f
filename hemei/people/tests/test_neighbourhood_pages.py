"""Pages of bodies, ties and the counter: who sees them, what they say, and what another area never sees."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conftest import NOW, put_person, put_place, put_seat, put_tie, signed_in, speaking_from
from hemei.base import clock
from hemei.people import policy, queries
from hemei.people.actions.assistance import begin_sitting, contest_sitting, open_record, take_in
from hemei.people.actions.bodies import give_seat, set_up_body
from hemei.people.actions.slips import print_slip
from hemei.people.actions.ties import ask_for_letter, declare_tie
from hemei.people.actor import own
from hemei.people.models import Assistance, Body, Person, Seat, Tie
from hemei.places.models import Kind

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.parametrize("language", ["zh-hans", "en"])]


def page_of(actor, language="zh-hans", **session):
    """A browser in which `actor` is signed in, with more in the session."""
    client = signed_in(actor, language)
    if session:
        kept = client.session
        kept.update(session)
        kept.save()
    return client


@pytest.fixture
def tie(newcomer):
    return Tie.objects.select_related("person", "place").get(person=newcomer.person)


@pytest.fixture
def grandmother(clerk, home):
    return take_in(actor=clerk, name="王阿婆", place=home, role="live", form_key=uuid4(), at=NOW)


@pytest.fixture
def station(administrator, street):
    body = set_up_body(
        actor=administrator,
        kind="station",
        name="委员之家",
        place=street,
        phone="021-64700001",
        form_key=uuid4(),
        at=NOW,
    )
    for number in range(3):
        give_seat(
            actor=administrator, body=body, phone=f"+861391111000{number}", name=f"委员{number}", office="member",
            level="district", field="法律" if number else "教育", since=NOW.date(), form_key=uuid4(), at=NOW,
        )  # fmt: skip
    return body


# bodies


def test_everybody_finds_a_body_with_its_number(language, visitor, station, clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        found = page_of(visitor, language).get(reverse("people:bodies"))
    assert found.status_code == 200
    assert "021-64700001" in found.text
    assert "运行管理" not in found.text
    narrowed = page_of(visitor, language).get(reverse("people:bodies"), {"kind": "committee", "words": "华富"})
    assert "华富居委会" in narrowed.text
    assert "委员之家" not in narrowed.text


def test_bodies_of_a_place_are_those_above_it(language, visitor, resident, station, clerk, home, other_estate):
    here = page_of(resident, language).get(reverse("people:bodies"), {"place": home.pk}).text
    assert page_of(visitor).get(reverse("people:bodies"), {"place": home.pk}).status_code == 404
    there = page_of(visitor, language).get(reverse("people:bodies"), {"place": other_estate.pk}).text
    assert "华富居委会" in here
    assert "华富居委会" not in there
    assert page_of(visitor).get(reverse("people:bodies"), {"place": "9" * 18}).status_code == 404
    assert queries.place_panel(visitor, home)["bodies"] == [clerk.seat.body, station]


def test_members_names_are_public_and_other_names_are_not(
    language, visitor, station, clerk, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        shown = page_of(visitor, language).get(reverse("people:body", args=[station.pk]))
    assert shown.status_code == 200
    assert "委员1" in shown.text
    law = page_of(visitor, language).get(reverse("people:body", args=[station.pk]), {"field": "法律"}).text
    assert "委员1" in law
    assert "委员0" not in law
    committee = page_of(visitor, language).get(reverse("people:body", args=[clerk.seat.body_id])).text
    assert "戊干事" not in committee


def test_who_works_for_the_station_is_not_published(language, visitor, administrator, station):
    give_seat(
        actor=administrator, body=station, phone="+8613911110009", name="站里干事", office="clerk",
        since=NOW.date(), form_key=uuid4(), at=NOW,
    )  # fmt: skip
    address = reverse("people:body", args=[station.pk])
    assert "站里干事" not in page_of(visitor, language).get(address).text
    assert "站里干事" in page_of(administrator, language).get(address).text


def test_the_operator_is_seen_by_an_administrator_alone(language, visitor, clerk, administrator):
    address = reverse("people:body", args=[administrator.seat.body_id])
    assert page_of(administrator, language).get(address).status_code == 200
    for actor in (visitor, clerk):
        assert page_of(actor, language).get(address).status_code == 404


def test_an_administrator_sets_up_a_body_on_pages(language, administrator, clerk, visitor, area, street):
    browser, address = page_of(administrator, language), reverse("people:set_up_body")
    first = browser.get(address)
    assert f"?place={street.pk}" in first.text
    sent = {"kind": "owners", "name": "业委会", "form_key": uuid4()}
    made = browser.post(f"{address}?place={area.pk}", sent)
    assert made.url == reverse("people:body", args=[Body.objects.get(name="业委会").pk])
    wrong = browser.post(f"{address}?place={area.pk}", {"kind": "owners", "name": "", "phone": "1" * 41})
    assert wrong.status_code == 422
    assert "1" * 41 in wrong.text
    for actor in (clerk, visitor):
        assert page_of(actor, language).get(address).status_code == 403
        assert page_of(actor, language).post(f"{address}?place={area.pk}", sent).status_code == 403


def test_seats_are_given_handed_over_and_ended_on_pages(
    language, administrator, clerk, visitor, django_assert_max_num_queries
):
    browser, body = page_of(administrator, language), clerk.seat.body
    with django_assert_max_num_queries(10):
        assert browser.get(reverse("people:give_seat", args=[body.pk])).status_code == 200
    sent = {"phone": "13911110005", "name": "新", "office": "moderator", "since": "2026-09-12", "form_key": uuid4()}
    assert browser.post(reverse("people:give_seat", args=[body.pk]), sent).status_code == 302
    seat = Seat.objects.get(person__phone="+8613911110005")
    assert browser.get(reverse("people:hand_over", args=[seat.pk])).status_code == 200
    sent = {"phone": "13911110006", "name": "接班", "form_key": uuid4()}
    assert browser.post(reverse("people:hand_over", args=[seat.pk]), sent).status_code == 302
    new = Seat.objects.get(person__phone="+8613911110006")
    assert browser.get(reverse("people:end_seat", args=[new.pk])).status_code == 200
    assert browser.post(reverse("people:end_seat", args=[new.pk])).status_code == 302
    assert browser.get(reverse("people:body", args=[body.pk])).status_code == 200
    for actor in (visitor, clerk):
        assert page_of(actor).get(reverse("people:end_seat", args=[new.pk])).status_code == 404
        assert page_of(actor).get(reverse("people:hand_over", args=[new.pk])).status_code == 404
        assert page_of(actor).get(reverse("people:give_seat", args=[body.pk])).status_code == 403


def test_a_body_is_corrected_and_ended_on_pages(language, administrator, clerk, visitor):
    browser, body = page_of(administrator, language), clerk.seat.body
    for name in ("correct_body", "end_body"):
        assert browser.get(reverse(f"people:{name}", args=[body.pk])).status_code == 200
        assert page_of(visitor).get(reverse(f"people:{name}", args=[body.pk])).status_code == 403
    assert browser.post(reverse("people:correct_body", args=[body.pk]), {"name": "新名"}).status_code == 302
    assert browser.post(reverse("people:end_body", args=[body.pk])).status_code == 302
    assert browser.get(reverse("people:body", args=[body.pk])).status_code == 200
    assert "新名" not in browser.get(reverse("people:bodies")).text


# ties


def test_a_newcomer_goes_down_the_tree_and_says_where_they_live(
    language, stranger, estate, stairwell, home, django_assert_max_num_queries
):
    browser, address = page_of(stranger, language), reverse("people:declare_tie")
    for place, shown in ((None, estate), (estate, stairwell.parent), (stairwell, home)):
        with django_assert_max_num_queries(10):
            page = browser.get(address, {"place": place.pk} if place else {})
        assert f"?place={shown.pk}" in page.text
    assert f"?place={home.pk}" in browser.get(address, {"words": "龙吴路 101"}).text
    sent = {"role": "live", "wants_letter": "on", "form_key": uuid4()}
    assert browser.post(f"{address}?place={home.pk}", sent).url == reverse("people:ties")
    tie = Tie.objects.get(person=stranger.person)
    assert tie.letter_asked_at == NOW
    with django_assert_max_num_queries(10):
        assert reverse("people:confirm_by_letter", args=[tie.pk]) in browser.get(reverse("people:ties")).text


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_written(language, stranger, home, street, area):
    browser, address = page_of(stranger, language), reverse("people:declare_tie")
    assert browser.post(f"{address}?place={home.pk}", {"role": "king", "form_key": uuid4()}).status_code == 422
    assert browser.post(f"{address}?place={area.pk}", {"role": "live", "form_key": uuid4()}).status_code == 422
    assert browser.post(address, {"role": "live", "form_key": uuid4()}).status_code == 404
    assert browser.get(address, {"place": "1' or 1=1"}).status_code == 404
    assert not Tie.objects.exists()


def test_whoever_has_no_account_signs_in_first(language, visitor, guest, tie):
    for actor in (visitor, guest):
        for name, keys in (
            ("ties", []),
            ("declare_tie", []),
            ("helped", []),
            ("claim_record", []),
            ("end_tie", [tie.pk]),
        ):
            answer = page_of(actor, language).get(reverse(f"people:{name}", args=keys))
            assert answer.status_code == 302, name
            assert answer.url.startswith(reverse("people:sign_in"))


def test_ones_own_tie_is_confirmed_by_the_code_on_the_printed_letter(language, clerk, newcomer, tie):
    browser, desk = page_of(newcomer, language), page_of(clerk, language)
    assert browser.post(reverse("people:ask_for_letter", args=[tie.pk])).status_code == 302
    assert f'value="{tie.pk}"' in desk.get(reverse("people:letters_to_print")).text
    form = {"ties": [tie.pk], "form_key": uuid4()}
    sheet = desk.post(reverse("people:letters_to_print"), form)
    assert sheet.status_code == 200
    again = desk.post(reverse("people:letters_to_print"), form)
    code = again.text.split('class="printed-code">')[1].split("<")[0]
    assert code in sheet.text
    assert newcomer.person.nickname not in sheet.text
    address = reverse("people:confirm_by_letter", args=[tie.pk])
    assert browser.get(address).status_code == 200
    wrong = browser.post(address, {"code": "1234"})
    assert wrong.status_code == 422
    assert "1234" in wrong.text
    assert browser.post(address, {"code": code}).url == reverse("people:ties")
    tie.refresh_from_db()
    assert tie.grade == "confirmed"


def test_nothing_ticked_prints_nothing(language, clerk, newcomer, tie):
    ask_for_letter(actor=newcomer, tie=tie, at=NOW)
    assert page_of(clerk, language).post(reverse("people:letters_to_print"), {"form_key": uuid4()}).status_code == 422


def test_a_tie_is_ended_on_its_page(language, newcomer, tie, resident):
    address = reverse("people:end_tie", args=[tie.pk])
    assert page_of(newcomer, language).get(address).status_code == 200
    assert page_of(newcomer, language).post(address).status_code == 302
    tie.refresh_from_db()
    assert tie.ended_at == NOW
    for name in ("end_tie", "confirm_by_letter", "ask_for_letter"):
        address = reverse(f"people:{name}", args=[tie.pk])
        assert page_of(resident, language).post(address, {"code": "1"}).status_code == 404


# the counter


def test_the_counter_is_one_page_to_work_from(
    language, clerk, resident, newcomer, grandmother, django_assert_max_num_queries
):
    print_slip(actor=clerk, person=grandmother, form_key=uuid4(), at=NOW)
    browser = page_of(clerk, language)
    with django_assert_max_num_queries(10):
        assert reverse("notices:carrying") in browser.get(reverse("people:counter")).text
    with django_assert_max_num_queries(10):
        page = browser.get(reverse("people:counter"), {"words": "101"})
    assert page.status_code == 200
    assert reverse("people:record", args=[grandmother.pk]) in page.text
    assert resident.person.phone not in page.text


def test_ties_are_confirmed_in_two_steps_and_refused_with_a_reason(language, clerk, newcomer, tie, stranger, home):
    browser = page_of(clerk, language)
    assert reverse("people:confirm_tie", args=[tie.pk]) in browser.get(reverse("people:ties_to_confirm")).text
    address = reverse("people:confirm_tie", args=[tie.pk])
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"ground": ""}).status_code == 422
    asked = browser.post(address, {"ground": "看过租约"})
    assert asked.status_code == 200
    assert "看过租约" in asked.text
    tie.refresh_from_db()
    assert tie.grade == "declared"
    assert browser.post(address, {"ground": "看过租约", "sure": "1"}).status_code == 302
    tie.refresh_from_db()
    assert (tie.grade, tie.ground) == ("confirmed", "看过租约")
    other = declare_tie(actor=stranger, place=home, role="own", form_key=uuid4(), at=NOW)
    address = reverse("people:refuse_tie", args=[other.pk])
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"why": ""}).status_code == 422
    assert browser.post(address, {"why": "产证上没有这个名字"}).status_code == 302
    assert "产证上没有这个名字" in page_of(stranger, language).get(reverse("people:ties")).text


def test_an_administrator_confirms_ties_where_no_committee_stands_yet(language, administrator, tie):
    browser = page_of(administrator, language)
    assert browser.get(reverse("people:counter")).url == reverse("people:ties_to_confirm")
    assert str(tie.pk) in browser.get(reverse("people:ties_to_confirm")).text


def test_somebody_is_written_down_helped_and_let_go(language, clerk, home, estate, django_assert_max_num_queries):
    browser = page_of(clerk, language)
    assert f"?place={estate.pk}" in browser.get(reverse("people:take_in")).text
    address = f"{reverse('people:take_in')}?place={home.pk}"
    assert browser.get(address).status_code == 200
    taken = browser.post(address, {"name": "王阿婆", "role": "live", "form_key": uuid4()})
    person = Person.objects.get(name="王阿婆")
    record = reverse("people:record", args=[person.pk])
    assert taken.url == record
    closed = browser.get(record)
    assert reverse("people:print_slip", args=[person.pk]) not in closed.text
    assert browser.post(record).url == record
    with django_assert_max_num_queries(10):
        opened = browser.get(record)
    assert reverse("people:print_slip", args=[person.pk]) in opened.text
    begin = reverse("people:begin_sitting", args=[person.pk])
    assert browser.get(begin).status_code == 200
    assert browser.post(begin, {"way": "counter", "evidence": "", "form_key": uuid4()}).status_code == 422
    browser.post(begin, {"way": "counter", "evidence": "本人到场", "form_key": uuid4()})
    sitting = browser.get(reverse("people:counter"))
    assert "王阿婆" in sitting.text
    mine = browser.get(reverse("people:ties")).text
    assert reverse("people:end_tie", args=[Tie.objects.get(person=person).pk]) in mine
    assert browser.get(record).status_code == 403
    assert browser.post(reverse("people:end_sitting")).status_code == 302
    assert Assistance.objects.get().ended_at == NOW
    assert browser.get(record).status_code == 200


def test_a_slip_is_printed_and_revoked(language, clerk, grandmother):
    open_record(actor=clerk, person=grandmother, at=NOW)
    browser = page_of(clerk, language)
    sheet = browser.post(reverse("people:print_slip", args=[grandmother.pk]), {"form_key": uuid4()})
    assert sheet.status_code == 200
    assert sheet.text.count("printed-code") == 7
    assert reverse("shell:elder") in sheet.text
    address = reverse("people:revoke_slips", args=[grandmother.pk])
    assert browser.get(address).status_code == 200
    assert browser.post(address).status_code == 302
    assert queries.live_slips(grandmother, NOW) == 0


def test_the_person_sees_what_was_done_contests_it_and_is_answered(
    language, clerk, steward, grandmother, home, resident, django_assert_max_num_queries
):
    open_record(actor=clerk, person=grandmother, at=NOW)
    sitting = begin_sitting(
        actor=clerk, person=grandmother, way="counter", evidence="本人到场", form_key=uuid4(), at=NOW
    )
    acting = page_of(clerk, language, assistance=sitting.pk)
    acting.post(f"{reverse('people:declare_tie')}?place={home.pk}", {"role": "own", "form_key": uuid4()})
    mine = page_of(own(grandmother), language)
    with django_assert_max_num_queries(10):
        seen = mine.get(reverse("people:helped"))
    assert "本人到场" in seen.text
    assert (home.name if language == "zh-hans" else home.name_en) in seen.text
    assert seen.text.count(clerk.seat.body.name) >= 2
    address = reverse("people:contest_sitting", args=[sitting.pk])
    assert mine.get(address).status_code == 200
    assert mine.post(address, {"contest": ""}).status_code == 422
    assert mine.post(address, {"contest": "我没有这样说"}).status_code == 302
    assert page_of(resident, language).get(address).status_code == 404
    assert "我没有这样说" in page_of(steward, language).get(reverse("people:contests")).text
    answer = reverse("people:answer_contest", args=[sitting.pk])
    assert page_of(steward, language).get(answer).status_code == 200
    assert page_of(steward, language).post(answer, {"answer": "已改正"}).status_code == 302
    assert "已改正" in mine.get(reverse("people:helped")).text


def test_the_photo_of_the_paper_is_seen_by_the_person_and_by_who_answers(
    language, clerk, steward, clerk_elsewhere, grandmother, resident, visitor
):
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    sent = {"way": "paper", "evidence": "签字单", "form_key": uuid4()}
    begin = reverse("people:begin_sitting", args=[grandmother.pk])
    assert page_of(clerk, language).post(begin, sent).status_code == 422
    photo = SimpleUploadedFile("签字单.jpg", made.getvalue(), "image/jpeg")
    assert page_of(clerk, language).post(begin, {**sent, "photo": photo}).status_code == 302
    sitting = Assistance.objects.get()
    address = reverse("people:sitting_photo", args=[sitting.pk])
    assert page_of(own(grandmother), language).get(address)["Content-Type"] == "image/jpeg"
    assert page_of(steward, language).get(address).status_code == 404
    contest_sitting(actor=own(grandmother), sitting=sitting, contest="不对", at=NOW)
    assert page_of(steward, language).get(address).status_code == 200
    for actor in (clerk, clerk_elsewhere, resident, visitor):
        assert page_of(actor, language).get(address).status_code == 404


def test_a_record_is_claimed_on_its_page(language, clerk, grandmother, stranger):
    slip = print_slip(actor=clerk, person=grandmother, form_key=uuid4(), at=NOW)
    browser, address = page_of(stranger, language), reverse("people:claim_record")
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"code": "12"}).status_code == 422
    assert browser.post(address, {"code": slip.claim}).url == reverse("people:ties")
    assert "101" in browser.get(reverse("people:ties")).text


# another area


def test_a_clerk_of_another_area_sees_nothing_personal_by_any_route(
    language, clerk, clerk_elsewhere, grandmother, newcomer, tie, resident, visitor, home
):
    ask_for_letter(actor=newcomer, tie=tie, at=NOW)
    sitting = begin_sitting(actor=clerk, person=grandmother, way="door", evidence="上门", form_key=uuid4(), at=NOW)
    contest_sitting(actor=own(grandmother), sitting=sitting, contest="不对", at=NOW)
    browser = page_of(clerk_elsewhere, language)
    for name in ("counter", "ties_to_confirm", "letters_to_print", "contests"):
        for words in ({}, {"words": "王阿婆"}, {"words": "101"}, {"words": "13800000001"}):
            page = browser.get(reverse(f"people:{name}"), words)
            assert page.status_code == 200
            shown = page.text.replace('value="王阿婆"', "")
            for personal in ("王阿婆", "甲居民", "丙新来", "不对", f'/people/{grandmother.pk}"'):
                assert personal not in shown, (name, words, personal)
    hidden = [
        ("confirm_tie", tie.pk), ("refuse_tie", tie.pk), ("record", grandmother.pk), ("begin_sitting", grandmother.pk),
        ("revoke_slips", grandmother.pk), ("answer_contest", sitting.pk), ("sitting_photo", sitting.pk),
    ]  # fmt: skip
    for name, key in hidden:
        there, nowhere = (browser.get(reverse(f"people:{name}", args=[pk])) for pk in (key, 987654321))
        assert there.status_code == nowhere.status_code == 404, name
        assert there.text.replace(f"/{key}", "/") == nowhere.text.replace("/987654321", "/"), name
    slip = browser.post(reverse("people:print_slip", args=[grandmother.pk]), {"form_key": uuid4()})
    assert slip.status_code == 404
    letters = browser.post(reverse("people:letters_to_print"), {"ties": [tie.pk], "form_key": uuid4()})
    assert letters.status_code == 422
    taken = browser.get(reverse("people:take_in"), {"place": home.pk})
    assert taken.status_code == 404


def test_the_counter_is_closed_to_everybody_else(language, visitor, guest, resident, area):
    moderator = speaking_from(put_seat(put_person("主持"), "committee", "华富居委会", area, "moderator"))
    for actor in (visitor, guest, resident, moderator):
        for name in ("counter", "ties_to_confirm", "letters_to_print", "take_in", "contests"):
            assert page_of(actor, language).get(reverse(f"people:{name}")).status_code == 403, name


# much of it, late, and hostile


def test_a_full_desk_asks_the_database_no_more_than_an_empty_one(
    language, clerk, stairwell, django_assert_max_num_queries
):
    for number in range(25):
        home = put_place(Kind.HOME, f"{number + 200}室", f"{number + 200}", stairwell)
        tie = put_tie(put_person(f"新邻居{number}"), home, grade="declared")
        Tie.objects.filter(pk=tie.pk).update(letter_asked_at=NOW)
    browser = page_of(clerk, language)
    for name in ("ties_to_confirm", "letters_to_print", "take_in", "contests"):
        with django_assert_max_num_queries(10):
            assert browser.get(reverse(f"people:{name}")).status_code == 200
    for name in ("confirm_tie", "refuse_tie"):
        with django_assert_max_num_queries(10):
            assert browser.get(reverse(f"people:{name}", args=[tie.pk])).status_code == 200
    with django_assert_max_num_queries(10):
        found = browser.get(reverse("people:counter"), {"words": "1单元"})
    assert found.text.count("/sitting") == queries.FOUND_MAX
    assert "?page=2" in browser.get(reverse("people:ties_to_confirm")).text


def test_after_an_hour_the_pages_are_the_clerks_own_again(language, clerk, grandmother, home):
    sitting = begin_sitting(actor=clerk, person=grandmother, way="door", evidence="上门", form_key=uuid4(), at=NOW)
    browser = page_of(clerk, language, assistance=sitting.pk)
    sent = {"role": "own", "form_key": uuid4()}
    with clock.set_to(NOW + policy.SITTING):
        browser.post(f"{reverse('people:declare_tie')}?place={home.pk}", sent)
        assert browser.post(reverse("people:end_sitting")).status_code == 302
    assert Tie.objects.get(role="own").person == clerk.person


def test_a_sitting_rests_while_the_helper_speaks_for_another_body(language, clerk, grandmother, home, street):
    sitting = begin_sitting(actor=clerk, person=grandmother, way="door", evidence="上门", form_key=uuid4(), at=NOW)
    elsewhere = speaking_from(put_seat(clerk.person, "alliance", "业委会联盟", street, "member"))
    browser = page_of(elsewhere, language, assistance=sitting.pk)
    browser.post(f"{reverse('people:declare_tie')}?place={home.pk}", {"role": "own", "form_key": uuid4()})
    assert Tie.objects.get(role="own").person == clerk.person


@pytest.mark.parametrize(
    "typed",
    ["", "王\u202e阿婆", "王" * 500, "王\x00阿婆", "王" + "\u0301" * 9],
    ids=["empty", "turned", "long", "null", "piled"],
)
def test_words_that_cannot_stand_are_told_beside_their_field(
    language, administrator, clerk, grandmother, tie, area, home, typed
):
    desk, office = page_of(clerk, language), page_of(administrator, language)
    key = uuid4()
    for browser, address, sent in (
        (desk, f"{reverse('people:take_in')}?place={home.pk}", {"name": typed, "role": "live"}),
        (desk, reverse("people:confirm_tie", args=[tie.pk]), {"ground": typed, "sure": "1"}),
        (desk, reverse("people:refuse_tie", args=[tie.pk]), {"why": typed}),
        (desk, reverse("people:begin_sitting", args=[grandmother.pk]), {"way": "counter", "evidence": typed}),
        (office, f"{reverse('people:set_up_body')}?place={area.pk}", {"kind": "owners", "name": typed}),
    ):
        answer = browser.post(address, {**sent, "form_key": key})
        assert answer.status_code == 422, address
        assert 'class="why"' in answer.text
    tie.refresh_from_db()
    assert (tie.grade, tie.ended_at) == ("declared", None)
    assert not Assistance.objects.exists()


def test_markup_in_a_name_is_a_name(language, clerk, home):
    name = "<script>alert('王\"')</script>😀"
    taken = page_of(clerk, language).post(
        f"{reverse('people:take_in')}?place={home.pk}", {"name": name, "role": "live", "form_key": uuid4()}
    )
    assert taken.status_code == 302
    shown = page_of(clerk, language).get(reverse("people:counter"), {"words": "alert"}).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
