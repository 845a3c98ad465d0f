import re
from datetime import timedelta

import pytest
from django.test import Client

from conftest import race, verbs
from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.jobs import PrintedProgress
from hemei.ledger.verification import verify
from hemei.people import actions, codes
from hemei.people.actor import Actor
from hemei.people.models import Body, Code, Person, Seat


def code_in(text):
    return re.search(r"\d{4} \d{4} \d{4}", text).group()


def make(at, phone="138 1234 5678"):
    return actions.make_first_administrator(phone=phone, at=at)


def come_in(text, at):
    return actions.sign_in_first(actor=Actor(), code=code_in(text), source="here", at=at).person


def test_the_command_makes_operator_person_seat_and_a_code(db, now):
    text = make(now)
    seat = Seat.objects.get()
    assert (seat.body.kind, seat.office, seat.person.phone) == ("operator", "administrator", "+8613812345678")
    assert "/people/first?code=" in text
    assert verbs(seat.body) == ["people.body_set_up", "people.seat_given"]
    assert verbs(seat.person) == ["people.joined", "people.first_code_given"]
    assert verify(PrintedProgress(lambda _text: None)).faults == []


def test_the_code_leads_to_setting_up_a_strong_way(db, now):
    client, code = Client(), code_in(make(now))
    page = client.get("/people/first", {"code": code.replace(" ", "")}).content.decode()
    assert code.replace(" ", "") in page
    assert client.post("/people/first", {"code": code}).url == "/people/me/ways"
    assert client.get("/people/me/ways").status_code == 200
    assert client.get("/people/me/ways/password").status_code == 200


def test_before_it_was_used_the_command_gives_a_new_code_and_the_old_one_ends(db, now):
    old, new = make(now), make(now)
    with pytest.raises(codes.WrongCode):
        come_in(old, now)
    assert come_in(new, now).seats.count() == 1
    assert Body.objects.count() == 1


def test_a_mistyped_number_is_replaced_as_long_as_nobody_came_in(db, now):
    wrong, right = make(now, "13800000077"), make(now)
    with pytest.raises(codes.WrongCode):
        come_in(wrong, now)
    come_in(right, now)
    assert Seat.objects.filter(ended_at=None).get().person.phone == "+8613812345678"
    assert verify(PrintedProgress(lambda _text: None)).faults == []


def test_once_there_is_one_another_number_is_refused_and_the_same_one_begins_anew(db, now):
    come_in(make(now), now)
    with pytest.raises(Refused, match="administrator already"):
        make(now, "13800000077")
    assert not Person.objects.filter(phone="+8613800000077").exists()
    assert come_in(make(now), now).phone == "+8613812345678"


def test_the_code_counts_once(db, now):
    text = make(now)
    come_in(text, now)
    with pytest.raises(codes.WrongCode, match="already used"):
        come_in(text, now)


def test_the_code_ends_after_a_day(db, now):
    text = make(now)
    with clock.set_to(now + timedelta(hours=24)), pytest.raises(codes.WrongCode, match="expired"):
        come_in(text, clock.now())


def test_administrators_of_the_demo_do_not_stand_in_the_way(administrator, now):
    Person.objects.filter(pk=administrator.key).update(is_demo=True, last_seen_on=now.date())
    come_in(make(now), now)
    assert Seat.objects.filter(ended_at=None).count() == 2


@pytest.mark.parametrize("phone", ["1380000010", "nobody", ""])
def test_a_number_that_cannot_be_is_refused_and_nothing_is_written(db, now, phone):
    with pytest.raises(Refused):
        make(now, phone)
    assert not Body.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_ten_uses_of_the_first_code_at_once_one_counts(now):
    text = make(now)
    outcome = race(10, lambda: come_in(text, now))
    assert (outcome.done, len(outcome.refused)) == (1, 9)
    assert Code.objects.filter(used_at__isnull=False).count() == 1
