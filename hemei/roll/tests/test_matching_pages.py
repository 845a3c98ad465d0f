"""Pages about letters, matches and frozen copies: for the right person in both languages, for nobody else."""

import json
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from conftest import LANGUAGES, NOW, put_person, put_seat, put_tie, signed_in, speaking_from
from hemei.people.actions.assistance import begin_sitting
from hemei.people.models import Tie
from hemei.roll import content
from hemei.roll.actions.letters import print_letters
from hemei.roll.actions.matching import match_by_letter
from hemei.roll.models import Match, OwnerLetter
from hemei.roll.steps import freeze
from hemei.roll.tests.rolls import match, owner_of, put_roll, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture
def roll(estate, stairwell, home, home_upstairs):
    owners = {0: ["赵一", "钱二"], 2: [("周五", "1/1", "A7")], 3: [("周五", "1/1", "A7")]}
    return put_roll(estate, stairwells=[stairwell], owners=owners, homes=40)


@pytest.fixture
def property_clerk(area):
    return speaking_from(put_seat(put_person("癸物业", "+8613800000010"), "property", "物业", area, "clerk"))


def a_letter(clerk, roll, home="0102"):
    words = {"actor": clerk, "roll": roll, "form_key": uuid4(), "at": NOW}
    return print_letters(units=[unit_of(roll, home)], **words)[0]


def frozen_of(clerk, roll):
    with transaction.atomic():
        return freeze(actor=clerk, roll=roll, place=roll.place, at=NOW)


def pages_of_keepers(roll, frozen, made):
    estate = roll.place_id
    return [
        reverse("roll:letters", args=[estate]),
        reverse("roll:deliver_letters", args=[estate]),
        reverse("roll:match_sheets", args=[estate]),
        reverse("roll:match_by_clerk", args=[owner_of(roll, "0102").pk]),
        reverse("roll:call_off_letters", args=[owner_of(roll, "0102").pk]),
        reverse("roll:frozen_copies", args=[estate]),
        reverse("roll:frozen", args=[frozen.pk]),
        reverse("roll:frozen_file", args=[frozen.pk]),
        reverse("roll:end_match", args=[made.pk]),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_keeps_the_roll_reads_every_page_with_few_questions(
    language, clerk, roll, stranger, django_assert_max_num_queries
):
    made = match_by_letter(actor=stranger, code=a_letter(clerk, roll).code, source="-", at=NOW)
    a_letter(clerk, roll, "0101")
    for address in pages_of_keepers(roll, frozen_of(clerk, roll), made):
        browser = signed_in(clerk, language)
        browser.get("/")
        with django_assert_max_num_queries(10):
            page = browser.get(address)
        assert page.status_code == 200, address
        assert "no-store" in page["Cache-Control"], address


def test_nobody_else_learns_that_there_is_anything(
    clerk, roll, stranger, resident, owner_upstairs, steward, clerk_elsewhere, property_clerk, administrator, visitor
):
    made = match_by_letter(actor=stranger, code=a_letter(clerk, roll).code, source="-", at=NOW)
    pages = pages_of_keepers(roll, frozen_of(clerk, roll), made)
    for other in (resident, owner_upstairs, steward, clerk_elsewhere, property_clerk, visitor):
        browser = signed_in(other)
        for address in pages:
            assert browser.get(address).status_code == 404, address
        assert browser.post(reverse("roll:print_letters", args=[roll.place_id])).status_code == 404
    browser = signed_in(administrator)
    assert [browser.get(address).status_code for address in pages] == [404] * 8 + [200], "ends a match, reads no roll"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_owner_types_the_code_and_sees_their_homes(language, clerk, roll, stranger, django_assert_max_num_queries):
    letter = a_letter(clerk, roll, "0201")
    browser = signed_in(stranger, language)
    assert browser.get(reverse("roll:match")).status_code == 200
    wrong = browser.post(reverse("roll:match"), {"code": "123"})
    assert wrong.status_code == 422
    assert 'value="123"' in wrong.content.decode()
    done = browser.post(reverse("roll:match"), {"code": letter.code})
    assert done["Location"] == reverse("roll:matches")
    with django_assert_max_num_queries(10):
        page = browser.get(reverse("roll:matches"))
    told = page.content.decode()
    assert "周五" in told
    assert told.count("<td data-label") == 4, "two homes"
    assert "61.2" in told
    assert "赵一" not in told
    end = reverse("roll:end_match", args=[Match.objects.get().pk])
    assert browser.get(end).status_code == 200
    assert browser.post(end)["Location"] == reverse("roll:matches")
    assert "周五" not in browser.get(reverse("roll:matches")).content.decode()


def test_whoever_has_no_account_signs_in_and_comes_back(roll, visitor, guest):
    for nobody in (visitor, guest):
        browser = signed_in(nobody)
        for name in ("roll:match", "roll:matches"):
            assert browser.get(reverse(name))["Location"].startswith(reverse("people:sign_in"))


def test_ones_own_page_leads_to_the_roll(resident):
    browser = signed_in(resident)
    for name in ("people:me", "people:ties"):
        assert reverse("roll:matches") in browser.get(reverse(name)).content.decode()
    assert reverse("roll:match") in browser.get(reverse("roll:matches")).content.decode()


def test_a_match_of_somebody_else_is_not_there(clerk, roll, stranger, resident):
    made = match_by_letter(actor=stranger, code=a_letter(clerk, roll).code, source="-", at=NOW)
    address = reverse("roll:end_match", args=[made.pk])
    assert signed_in(resident).get(address).status_code == 404
    assert signed_in(resident).post(address).status_code == 404
    assert Match.objects.get().ended_at is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_printed_the_same_when_the_form_is_sent_again(language, clerk, roll, django_assert_max_num_queries):
    browser = signed_in(clerk, language)
    words = {"units": [unit_of(roll, "0101").pk, unit_of(roll, "0102").pk], "form_key": str(uuid4())}
    address = reverse("roll:print_letters", args=[roll.place_id])
    first = browser.post(address, words).content.decode()
    codes = re.findall(r"\d{4} \d{4} \d{4}", first)
    assert len(codes) == 3
    assert "赵一" in first
    assert "<svg" in first
    assert reverse("roll:match") in first
    again = browser.post(address, words).content.decode()
    assert re.findall(r"\d{4} \d{4} \d{4}", again) == codes
    assert OwnerLetter.objects.count() == 3


def test_the_rest_is_printed_part_by_part_and_a_refusal_stands_on_the_page(clerk, roll):
    browser = signed_in(clerk)
    address = reverse("roll:print_letters", args=[roll.place_id])
    page = browser.post(address, {"rest": "1", "form_key": str(uuid4())})
    assert page.content.decode().count('class="leaf"') == 40  # forty homes: one has two owners, two have one
    refused = browser.post(address, {"rest": "1", "form_key": str(uuid4())})
    assert refused.status_code == 422
    refused = browser.post(address, {"form_key": str(uuid4())})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()


def test_the_day_of_delivery_is_noted(clerk, roll):
    a_letter(clerk, roll)
    browser, address = signed_in(clerk), reverse("roll:deliver_letters", args=[roll.place_id])
    key = OwnerLetter.objects.get().pk
    assert browser.post(address, {"letters": [key], "on": "2026-10-01"}).status_code == 422
    done = browser.post(address, {"letters": [key], "on": "2026-09-12"})
    assert done["Location"] == reverse("roll:letters", args=[roll.place_id])
    assert f'name="letters" value="{key}"' not in browser.get(address).content.decode()


def test_a_letter_is_called_off_on_its_page(clerk, roll):
    letter = a_letter(clerk, roll).letter
    browser, address = signed_in(clerk), reverse("roll:call_off_letters", args=[letter.owner_id])
    letters = reverse("roll:letters", args=[roll.place_id])
    assert address in browser.get(letters).content.decode()
    assert browser.post(address)["Location"] == letters
    assert address not in browser.get(letters).content.decode()
    letter.refresh_from_db()
    assert letter.ended_at == NOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_goes_to_each_home_and_names_nobody(language, clerk, roll, stranger):
    made = match_by_letter(actor=stranger, code=a_letter(clerk, roll, "0201").code, source="-", at=NOW)
    browser, address = signed_in(clerk, language), reverse("roll:match_sheets", args=[roll.place_id])
    assert address in browser.get(reverse("roll:rolls")).content.decode()
    assert address in browser.get(reverse("places:place", args=[roll.place_id])).content.decode()
    for _ in range(2):
        sheet = browser.post(address, {"sheets": [made.pk]}).content.decode()
        assert sheet.count('class="leaf"') == 2
        assert "周五" not in sheet
        assert "丁外人" not in sheet
    assert f'name="sheets" value="{made.pk}"' not in browser.get(address).content.decode()
    assert browser.post(address, {}).status_code == 422


def test_a_clerk_says_once_more_in_words_before_a_match_holds(clerk, roll, stranger):
    browser = signed_in(clerk)
    address = reverse("roll:match_by_clerk", args=[owner_of(roll, "0102").pk])
    words = {"phone": "138 0000 0004", "ground": "产证已看", "form_key": str(uuid4())}
    sure = browser.post(address, words)
    assert sure.status_code == 200
    assert "丁外人" in sure.content.decode()
    assert not Match.objects.exists()
    assert browser.post(address, words | {"sure": "1"}).status_code == 302
    assert Match.objects.get().person == stranger.person
    nobody = browser.post(address, words | {"phone": "13899999999", "form_key": str(uuid4())})
    assert nobody.status_code == 422
    assert "13899999999" in nobody.content.decode()


def test_somebody_without_a_telephone_is_found_at_the_desk(clerk, roll, home):
    old = put_person("老孙")
    put_tie(old, home)
    browser = signed_in(clerk)
    address = reverse("roll:match_by_clerk", args=[owner_of(roll, "0102").pk])
    found = browser.get(address, {"words": "老孙"}).content.decode()
    assert f"?person={old.pk}" in found
    words = {"ground": "产证已看", "form_key": str(uuid4()), "sure": "1"}
    assert browser.post(f"{address}?person={old.pk}", words).status_code == 302
    assert Match.objects.get().person == old
    assert browser.get(address, {"person": put_person("外区人").pk}).status_code == 404


def test_numbers_cannot_be_tried_out(clerk, roll):
    browser = signed_in(clerk)
    address = reverse("roll:match_by_clerk", args=[owner_of(roll, "0102").pk])
    answers = [
        browser.post(
            address, {"phone": f"138111111{number:02}", "ground": "看过", "form_key": str(uuid4())}
        ).status_code
        for number in range(41)
    ]
    assert answers == [422] * 40 + [429]


def test_at_the_counter_the_person_helped_is_matched(clerk, roll, home):
    old = put_person("老孙")
    put_tie(old, home)
    letter = a_letter(clerk, roll)
    words = {"way": "counter", "evidence": "本人到场", "form_key": uuid4(), "at": NOW}
    sitting = begin_sitting(actor=clerk, person=old, **words)
    browser = signed_in(replace(clerk, principal=old, assistance=sitting))
    assert browser.post(reverse("roll:match"), {"code": letter.code}).status_code == 302
    assert Match.objects.get().person == old
    assert browser.get(reverse("roll:letters", args=[roll.place_id])).status_code == 404, "no names in a sitting"


def test_a_frozen_copy_is_downloaded_byte_by_byte_and_its_name_says_nothing(clerk, roll):
    frozen = frozen_of(clerk, roll)
    answer = signed_in(clerk).get(reverse("roll:frozen_file", args=[frozen.pk]))
    assert content.hash_of(answer.content.decode()) == frozen.hash
    assert json.loads(answer.content)["schema"] == "roll/1"
    assert answer["Content-Disposition"] == f'attachment; filename="roll-{frozen.hash[:12]}.json"'
    page = signed_in(clerk).get(reverse("roll:frozen", args=[frozen.pk])).content.decode()
    assert frozen.hash in page
    assert "赵一" in page


def test_ten_times_the_homes_ask_no_more(clerk, estate, django_assert_max_num_queries):
    roll = put_roll(estate, homes=4, stairwells=10)
    for unit in roll.units.all():
        match(unit.holdings.get().owner, put_person(f"业主{unit.pk}"))
    browser = signed_in(clerk)
    for address in (reverse("roll:letters", args=[estate.pk]), reverse("roll:match_sheets", args=[estate.pk])):
        browser.get(address)
        with django_assert_max_num_queries(10):
            assert browser.get(address).status_code == 200


def test_an_english_reader_finds_no_chinese_in_our_words(clerk, roll, stranger):
    """Names of people and places stay; what the house says is English."""
    letter = a_letter(clerk, roll)
    match_by_letter(actor=stranger, code=letter.code, source="-", at=NOW)
    browser = signed_in(stranger, "en")
    told = browser.get(reverse("roll:match")).content.decode()
    main = told[told.index("<main") : told.index("</main")]
    assert not CHINESE.search(main)
    assert Tie.objects.filter(person=stranger.person).exists()
