"""One's own account: its number, what is kept of one, and its end."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import transaction

from conftest import NOW, put_person, put_tie, race, signed_in, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.ledger.models import PersonalPart
from hemei.ledger.tests.forging import faults
from hemei.outbox import steps as outbox
from hemei.outbox.models import Message
from hemei.people import actions, codes, merging
from hemei.people.actions.account import EXPORTS_A_DAY
from hemei.people.actions.signing_in import CODES_AN_HOUR
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance, Code, Person, Tie
from hemei.people.tests.coming_in import code_sent_to
from hemei.places.models import Kind

NEW = "+8613812345678"


def profile(actor, **more):
    words = {"name": "王阿姨", "nickname": "三楼", "language": "en"}
    return actions.change_profile(actor=actor, at=NOW, **words | more)


def ask_change(actor, phone=NEW, **more):
    return actions.ask_phone_change(
        actor=actor, at=NOW, **{"phone": phone, "source": "here", "form_key": uuid4()} | more
    )


def change(actor, code, old_code, phone=NEW):
    return actions.change_phone(actor=actor, phone=phone, code=code, old_code=old_code, source="here", at=NOW)


def being_helped(person, clerk):
    sitting = Assistance.objects.create(
        helper=clerk.person,
        seat=clerk.seat,
        principal=person,
        way="counter",
        evidence="当面",
        began_at=NOW,
        form_key=uuid4(),
    )
    return replace(clerk, principal=person, assistance=sitting)


# how one is called


def test_how_one_is_called_is_changed_once(resident, now):
    profile(resident)
    profile(resident)
    person = Person.objects.get(pk=resident.key)
    assert (person.name, person.nickname, person.language) == ("王阿姨", "三楼", "en")
    assert verbs(person) == ["people.profile_changed"]


def test_hostile_and_overlong_names_are_told_beside_the_field(resident, now):
    client = signed_in(resident)
    for name in ("\u202e坏", "甲" * 61, "a\x00b"):
        response = client.post("/people/me/profile", {"name": name, "nickname": "", "language": "en"})
        assert response.status_code == 422
    client.post("/people/me/profile", {"name": "<b>𠮷野家</b>", "nickname": "<script>", "language": "zh-hans"})
    page = client.get("/people/me").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page.replace('<script defer src="', "")


def test_nobody_else_changes_an_account(resident, clerk, guest, visitor, now):
    for actor in (guest, visitor, being_helped(resident.person, clerk)):
        for act in (
            lambda actor=actor: profile(actor),
            lambda actor=actor: ask_change(actor),
            lambda actor=actor: change(actor, "1", "2"),
            lambda actor=actor: actions.end_other_sessions(actor=actor, at=NOW),
        ):
            with pytest.raises(NotAllowed):
                act()
    for actor in (visitor, being_helped(resident.person, clerk)):
        with pytest.raises(NotAllowed):
            actions.close_account(actor=actor, at=NOW)
        with pytest.raises(NotAllowed):
            actions.export_own_data(actor=actor, at=NOW)


# the number


def test_both_numbers_show_by_their_codes_that_they_are_the_persons(resident, now):
    here, elsewhere = signed_in(resident), signed_in(resident)
    asked = here.post("/people/me/phone", {"phone": "138 1234 5678", "form_key": uuid4()})
    assert asked.url == "/people/me/phone/confirm"
    assert here.get(asked.url).status_code == 200
    sent = {"old_code": code_sent_to("+8613800000001"), "code": code_sent_to(NEW)}
    assert here.post(asked.url, sent).url == "/people/me"
    assert Person.objects.get(pk=resident.key).phone == NEW
    assert here.get("/people/me").status_code == 200
    assert elsewhere.get("/people/me").status_code == 302
    assert here.post(asked.url, sent).url == "/people/me"  # sent twice
    assert verbs(resident.person) == ["people.phone_changed"]


def test_one_code_of_the_two_is_not_enough_and_uses_up_none(resident, now):
    ask_change(resident)
    old, new = code_sent_to("+8613800000001"), code_sent_to(NEW)
    with pytest.raises(codes.WrongCode) as refusal:
        change(resident, new, "000000")
    assert refusal.value.field == "old_code"
    with pytest.raises(codes.WrongCode) as refusal:
        change(resident, "000000", old)
    assert refusal.value.field == "code"
    assert change(resident, new, old).phone == NEW


def test_a_number_that_has_an_account_is_told_only_to_who_holds_it(resident, stranger, now):
    ask_change(resident, stranger.person.phone)
    old = code_sent_to("+8613800000001")
    with pytest.raises(codes.WrongCode):
        change(resident, "000000", old, stranger.person.phone)
    with pytest.raises(Refused, match="account with this number"):
        change(resident, code_sent_to(stranger.person.phone), old, stranger.person.phone)
    assert Person.objects.get(pk=stranger.key).phone == stranger.person.phone


def test_ones_own_number_and_floods_are_refused(resident, now):
    with pytest.raises(Refused, match="already"):
        ask_change(resident, resident.person.phone)
    key = uuid4()
    ask_change(resident, form_key=key)
    ask_change(resident, form_key=key)
    assert Message.objects.count() == 2
    for _ in range(CODES_AN_HOUR - 1):
        ask_change(resident)
    with pytest.raises(TooMany):
        ask_change(resident)


def test_somebody_without_a_number_adds_one_with_its_code_alone(db, now):
    actor = own(put_person("王阿婆"))
    with transaction.atomic():
        slip = codes.make(kind=Code.Kind.SLIP, person=actor.person, at=NOW)
    ask_change(actor)
    assert change(actor, code_sent_to(NEW), "").phone == NEW
    with pytest.raises(codes.WrongCode):  # whoever has a number needs no paper any more
        actions.sign_in_with_slip(actor=Actor(), code=slip, source="here", at=NOW)


# all that is kept


def test_whoever_asks_takes_home_all_that_names_them_and_nothing_of_others(resident, stranger, now):
    put_person("无关的人", "+8613811112222")
    with transaction.atomic():
        outbox.put(kind="people.code", key="k", recipient=resident.key, channel="inapp", text="给甲的话", at=now)
        outbox.put(kind="people.code", key="k", recipient=stranger.key, channel="inapp", text="给丁的话", at=now)
    response = signed_in(resident).post("/people/me/export")
    text = response.content.decode()
    kept = json.loads(text)
    assert kept["person"]["phone"] == "+8613800000001"
    assert kept["people.tie"]["rows"][0]["person"] == "you"
    assert "给甲的话" in text
    assert "给丁的话" not in text
    assert "无关的人" not in text
    assert str(resident.person.stamp) not in text
    assert response["Content-Disposition"] == 'attachment; filename="hemei.json"'
    assert "people.exported" in verbs(resident.person)


def test_a_guest_takes_home_their_own_and_a_visitor_is_asked_to_sign_in(guest, now):
    assert actions.export_own_data(actor=guest, at=NOW)["person"]["is_guest"] is True
    assert signed_in(Actor()).post("/people/me/export").status_code == 302


def test_exports_end_for_the_day(resident, now):
    for _ in range(EXPORTS_A_DAY):
        actions.export_own_data(actor=resident, at=NOW)
    with pytest.raises(TooMany):
        actions.export_own_data(actor=resident, at=NOW)


def test_a_helper_does_not_take_home_whom_they_helped(resident, clerk, now):
    being_helped(resident.person, clerk)
    assert "people.assistance" not in actions.export_own_data(actor=clerk, at=NOW)
    assert "people.assistance" in actions.export_own_data(actor=resident, at=NOW)


# the end


def test_a_closed_account_keeps_no_name_number_or_home_and_the_ledger_holds(resident, estate, now):
    profile(resident)
    with transaction.atomic():
        outbox.put(
            kind="x.y", key="k", recipient=resident.key, channel="sms", text="话", at=now, address="+8613800000001"
        )
    client, elsewhere = signed_in(resident), signed_in(resident)
    assert "账号" in client.get("/people/me/close").content.decode()
    assert client.post("/people/me/close").status_code == 422  # the box is not ticked
    assert Person.objects.get(pk=resident.key).closed_at is None
    assert client.post("/people/me/close", {"sure": "on"}).status_code == 200

    person = Person.objects.get(pk=resident.key)
    assert (person.name, person.nickname, person.phone, person.password) == ("", "", None, "")
    tie = Tie.objects.get(person=person)
    assert (tie.place.kind, tie.place) == (Kind.ESTATE, estate)
    assert tie.ended_at == NOW
    message = Message.objects.get(recipient=person.pk)
    assert (message.text, message.address, message.state) == ("", "", "cancelled")
    for browser in (client, elsewhere):
        assert browser.get("/people/me").status_code == 302
    words = "".join(PersonalPart.objects.values_list("words", flat=True))
    assert "王阿姨" not in words
    assert "13800000001" not in words
    assert verbs(person)[-2:] == ["ledger.erased", "people.closed"]
    assert not [fault for fault in faults() if "stands without an entry" not in fault]


def test_the_number_of_a_closed_account_opens_a_new_one_that_knows_nothing(resident, now):
    phone = resident.person.phone
    actions.close_account(actor=resident, at=NOW)
    actions.ask_code(phone=phone, source="here", form_key=uuid4(), at=NOW)
    new = actions.sign_in_with_code(actor=Actor(), phone=phone, code=code_sent_to(phone), source="here", at=NOW)
    assert new.is_new
    assert new.person.pk != resident.key


def test_slips_and_codes_of_a_closed_account_open_nothing(resident, now):
    with transaction.atomic():
        slip = codes.make(kind=Code.Kind.SLIP, person=resident.person, at=NOW)
    actions.close_account(actor=resident, at=NOW)
    with pytest.raises(Refused):
        actions.sign_in_with_slip(actor=Actor(), code=slip, source="here", at=NOW)


def test_whoever_holds_a_seat_hands_it_over_first(clerk, now):
    with pytest.raises(Refused, match="华富居委会"):
        actions.close_account(actor=clerk, at=NOW)
    assert signed_in(clerk).post("/people/me/close", {"sure": "on"}).status_code == 422


def test_closing_twice_is_closing_once(resident, now):
    actions.close_account(actor=resident, at=NOW)
    actions.close_account(actor=resident, at=NOW)
    assert verbs(resident.person).count("people.closed") == 1


@pytest.mark.django_db(transaction=True)
def test_closing_eight_times_at_once_is_closing_once(now):
    actor = own(put_person("甲", "+8613800000001"))
    assert race(8, lambda: actions.close_account(actor=actor, at=NOW)).done == 8
    assert verbs(actor.person).count("people.closed") == 1


def test_a_tie_that_was_confirmed_to_a_home_is_the_estates_after_the_end(stranger, home, now):
    put_tie(stranger.person, home, "own")
    actions.close_account(actor=own(stranger.person), at=NOW)
    assert not Tie.objects.filter(place=home).exists()


def test_every_room_is_asked_what_it_lets_go():
    assert {let_go.__qualname__ for let_go in merging.told_by_rooms("let_go")} >= {"Notice.let_go", "Following.let_go"}
