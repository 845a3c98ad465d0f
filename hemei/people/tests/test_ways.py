"""Password with an app, and whose they are to change."""

import re
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from django.test import Client

from conftest import put_person, put_seat, signed_in, speaking_from, verbs
from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.people import actions, codes
from hemei.people.actions import second_factor
from hemei.people.actions.signing_in import PASSWORDS_IN_A_QUARTER
from hemei.people.actor import Actor, own
from hemei.people.models import OneTimeSecret, Passkey, Person
from hemei.people.sessions import STRONG_FOR
from hemei.people.tests.coming_in import code_sent_to

PASSWORD = "门前大桥下游过一群鸭"


def app_code(secret, at, steps=0):
    return pyotp.TOTP(secret).at(at, counter_offset=steps)


@pytest.fixture
def worker(clerk, now):
    """The clerk with password and app set up, not signed in."""
    secret = pyotp.random_base32()
    person = actions.choose_password(actor=clerk, password=PASSWORD, at=now)
    actions.set_up_app(actor=clerk, secret=secret, code=app_code(secret, now, -1), at=now)
    person.secret = secret
    return person


def come_in(worker, at, *, password=PASSWORD, code=None, phone=None, source="here", actor=None):
    return actions.sign_in_with_password(
        actor=actor or Actor(),
        phone=phone or worker.phone,
        password=password,
        code=code or app_code(worker.secret, at),
        source=source,
        at=at,
    ).person


def test_number_password_and_code_make_a_strong_session(worker, now):
    client = Client()
    sent = {"phone": worker.phone, "password": PASSWORD, "code": app_code(worker.secret, now)}
    response = client.post("/people/sign-in/staff", {**sent, "next": "/people/me/act-as"})
    assert response.url == "/people/me/act-as"
    assert client.session["strong"] is True
    seat = worker.seats.get()
    assert client.post("/people/me/act-as", {"seat": seat.pk}).status_code == 302
    assert client.session["seat"] == seat.pk


@pytest.mark.parametrize("wrong", [{"password": "nope nope nope"}, {"code": "000000"}, {"phone": "+8613800000099"}])
def test_which_of_the_three_is_wrong_is_not_said(worker, now, wrong):
    with pytest.raises(codes.WrongTry, match="do not fit together"):
        come_in(worker, now, **wrong)


def test_a_code_of_the_app_counts_once(worker, now):
    come_in(worker, now)
    with pytest.raises(codes.WrongTry):
        come_in(worker, now)
    come_in(worker, now + timedelta(seconds=30))


def test_the_code_that_set_it_up_does_not_sign_in(worker, now):
    with pytest.raises(codes.WrongTry):
        come_in(worker, now, code=app_code(worker.secret, now, -1))


def test_after_many_wrong_tries_the_right_words_wait_too(worker, now):
    for number in range(PASSWORDS_IN_A_QUARTER):
        with pytest.raises(codes.WrongTry):
            come_in(worker, now, password="wrong wrong", source=str(number))
    with pytest.raises(TooMany):
        come_in(worker, now, source="elsewhere")
    come_in(worker, now + timedelta(minutes=15), source="elsewhere")


def test_a_password_without_an_app_opens_nothing(clerk, now):
    person = actions.choose_password(actor=clerk, password=PASSWORD, at=now)
    with pytest.raises(codes.WrongTry):
        actions.sign_in_with_password(
            actor=Actor(), phone=person.phone, password=PASSWORD, code="", source="here", at=now
        )


def test_a_strong_session_is_an_ordinary_one_after_half_a_day(worker, now):
    client = Client()
    sent = {"phone": worker.phone, "password": PASSWORD, "code": app_code(worker.secret, now)}
    client.post("/people/sign-in/staff", sent)
    client.post("/people/me/act-as", {"seat": worker.seats.get().pk})
    assert (
        "您正在代表" in client.get("/people/me/ways").content.decode()
        or client.get("/people/me/ways").wsgi_request.actor.seat
    )
    with clock.set_to(now + STRONG_FOR):
        actor = client.get("/people/me/ways").wsgi_request.actor
        assert (actor.key, actor.strong, actor.seat) == (worker.pk, False, None)
        assert client.post("/people/me/act-as", {"seat": worker.seats.get().pk}).status_code == 403


def test_the_password_is_kept_as_a_digest_of_argon2(worker):
    assert worker.password.startswith("argon2")
    assert PASSWORD not in worker.password
    assert verbs(worker) == ["people.password_chosen", "people.app_set_up"]


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("123456789", "at least 10"),
        ("1234567890", "Many people"),
        ("PASSWORD123", "Many people"),
        ("aaaaaaaaaaaa", "Many people"),
        ("戊干事戊干事戊干事一", "name or number"),
        ("x13800000005x", "name or number"),
        ("long" * 60, "at most 200"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused_beside_it(clerk, now, password, told):
    with pytest.raises(Refused, match=told) as refusal:
        actions.choose_password(actor=clerk, password=password, at=now)
    assert refusal.value.field == "password"
    assert not Person.objects.get(pk=clerk.key).password


def test_a_new_password_ends_the_sessions_elsewhere_and_not_the_one_at_hand(worker, now):
    here, elsewhere = signed_in(speaking_from(worker.seats.get())), signed_in(speaking_from(worker.seats.get()))
    assert here.post("/people/me/ways/password", {"password": "another four words in a row"}).status_code == 302
    assert here.get("/people/me").status_code == 200
    assert elsewhere.get("/people/me").status_code == 302


def test_sessions_elsewhere_can_be_ended(resident, now):
    here, elsewhere = signed_in(resident), signed_in(resident)
    here.post("/people/me/sessions/end")
    assert here.get("/people/me/ways").status_code == 200
    assert elsewhere.get("/people/me/ways").status_code == 302


def test_with_a_strong_way_set_up_a_code_by_phone_changes_none(worker, now):
    weak = own(worker)
    for act in (
        lambda: actions.choose_password(actor=weak, password="another four words in a row", at=now),
        lambda: actions.set_up_app(actor=weak, secret=pyotp.random_base32(), code="000000", at=now),
        lambda: actions.remove_app(actor=weak, at=now),
        lambda: actions.remove_passkey(actor=weak, key=1, at=now),
        lambda: actions.add_passkey(actor=weak, called="x", answer="{}", asked="", host="localhost", at=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    client = signed_in(weak)
    for address in ("password", "app", "app/remove", "passkeys/add"):
        assert client.get(f"/people/me/ways/{address}").url.startswith("/people/sign-in/staff?next=")


def test_guests_visitors_and_helpers_change_nothing(guest, visitor, resident, now):
    from dataclasses import replace

    from hemei.people.models import Assistance

    helping = replace(resident, assistance=Assistance(helper=resident.person, principal=resident.person, way="counter"))
    for actor in (guest, visitor, helping):
        with pytest.raises(NotAllowed):
            actions.choose_password(actor=actor, password=PASSWORD, at=now)


def test_password_and_app_are_set_up_on_pages(steward, now):
    client = signed_in(own(steward.person))
    assert client.get("/people/me/ways/app").url == "/people/me/ways/password"
    assert client.post("/people/me/ways/password", {"password": PASSWORD}).url == "/people/me/ways/app"
    page = client.get("/people/me/ways/app").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    asked = re.search(r'name="asked" value="([^"]+)"', page).group(1)
    assert "data:image/svg+xml" in page
    wrong = client.post("/people/me/ways/app", {"asked": asked, "code": "000000"})
    assert wrong.status_code == 422
    assert secret in wrong.content.decode().replace(" ", "")  # the square is still the one that was scanned
    done = client.post("/people/me/ways/app", {"asked": asked, "code": app_code(secret, now)})
    assert done.status_code == 302
    assert client.session["strong"] is True
    assert client.post("/people/me/act-as", {"seat": steward.seat.pk}).status_code == 302


def test_looking_at_the_page_for_the_app_changes_nothing(worker, now):
    before = OneTimeSecret.objects.get(person=worker).secret
    assert signed_in(speaking_from(worker.seats.get())).get("/people/me/ways/app").status_code == 200
    assert OneTimeSecret.objects.get(person=worker).secret == before


def test_another_persons_secret_is_not_taken(worker, resident, now):
    page = signed_in(speaking_from(worker.seats.get())).get("/people/me/ways/app").content.decode()
    asked = re.search(r'name="asked" value="([^"]+)"', page).group(1)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    actions.choose_password(actor=resident, password=PASSWORD, at=now)
    resident.person.refresh_from_db()
    client = signed_in(resident)
    assert client.post("/people/me/ways/app", {"asked": asked, "code": app_code(secret, now)}).status_code == 422
    assert not OneTimeSecret.objects.filter(person=resident.person).exists()


def test_wrong_codes_while_setting_up_are_counted(resident, now):
    secret = pyotp.random_base32()
    for _ in range(second_factor.TRIES_IN_A_QUARTER):
        with pytest.raises(codes.WrongTry):
            actions.set_up_app(actor=resident, secret=secret, code="000000", at=now)
    with pytest.raises(TooMany):
        actions.set_up_app(actor=resident, secret=secret, code=app_code(secret, now), at=now)


def test_the_last_strong_way_of_staff_stays_until_there_is_another(worker, now):
    strong = speaking_from(worker.seats.get())
    with pytest.raises(Refused, match="only strong way"):
        actions.remove_app(actor=strong, at=now)
    Passkey.objects.create(person=worker, credential=uuid4().bytes, key=b"k", called="手机", made_at=now)
    actions.remove_app(actor=strong, at=now)
    assert not second_factor.has_password_with_app(Person.objects.get(pk=worker.pk))
    with pytest.raises(Refused, match="only strong way"):
        actions.remove_passkey(actor=strong, key=Passkey.objects.get().pk, at=now)


def test_a_resident_may_be_without_a_strong_way(resident, now):
    actions.choose_password(actor=resident, password=PASSWORD, at=now)
    actions.remove_app(actor=resident, at=now)
    assert not Person.objects.get(pk=resident.key).password


def test_the_persons_of_the_demo_stay_as_they_are(db, now):
    actor = own(put_person("演示·孙站长", "+8613800000106", is_demo=True))
    with pytest.raises(NotAllowed, match="demo"):
        actions.choose_password(actor=actor, password=PASSWORD, at=now)
    with pytest.raises(NotAllowed, match="demo"):
        actions.close_account(actor=actor, at=now)
    with pytest.raises(NotAllowed, match="demo"):
        actions.change_profile(actor=actor, name="x", nickname="x", language="en", at=now)


def test_speaking_for_a_body_needs_a_strong_session_and_ones_own_seat(clerk, steward, now):
    weak = signed_in(own(clerk.person))
    assert weak.get("/people/me/act-as").status_code == 200
    assert weak.post("/people/me/act-as", {"seat": clerk.seat.pk}).status_code == 403
    strong = signed_in(clerk)
    assert strong.post("/people/me/act-as", {"seat": steward.seat.pk}).status_code == 404
    assert strong.post("/people/me/act-as", {"seat": "x"}).status_code == 404
    strong.post("/people/me/act-as", {"seat": ""})
    assert "seat" not in strong.session


def test_a_seat_that_ended_is_spoken_from_no_more(clerk, now):
    client = signed_in(clerk)
    seat = clerk.seat
    seat.ended_at, seat.until = now, now.date()
    seat.save()
    with clock.set_to(now + timedelta(days=2)):
        assert client.get("/people/me/ways").wsgi_request.actor.seat is None


def test_an_administrator_lets_somebody_begin_anew(worker, administrator, now):
    client = signed_in(administrator)
    address = f"/people/seats/{worker.seats.get().pk}/begin-anew"
    assert client.get(address).status_code == 200
    page = client.post(address).content.decode()
    code = re.search(r"\d{4} \d{4} \d{4}", page).group()
    come_in(worker, now)  # until the code is used, everything stays
    theirs = Client()
    assert theirs.post("/people/first", {"code": code}).url == "/people/me/ways"
    with pytest.raises(codes.WrongTry):
        come_in(worker, now + timedelta(seconds=60))
    assert theirs.get("/people/me/ways/password").status_code == 200


def test_nobody_else_lets_somebody_begin_anew(worker, clerk, resident, steward, administrator, now):
    address = f"/people/seats/{worker.seats.get().pk}/begin-anew"
    for actor in (clerk, resident, steward, Actor()):
        assert signed_in(actor).post(address).status_code == 404
    with pytest.raises(NotAllowed):
        actions.give_first_code(actor=steward, person=worker, at=now)
    with pytest.raises(Refused, match="with a seat"):
        actions.give_first_code(actor=administrator, person=resident.person, at=now)
    with pytest.raises(Refused, match="your page"):
        actions.give_first_code(actor=administrator, person=administrator.person, at=now)


def test_two_bodies_seats_are_chosen_between(clerk, street, now):
    other = put_seat(clerk.person, "street_office", "街道办事处", street, "member")
    client = signed_in(clerk)
    client.post("/people/me/act-as", {"seat": other.pk})
    assert client.session["seat"] == other.pk


def test_who_has_one_seat_speaks_from_it_at_once_and_who_has_several_chooses(worker, street, now):
    def sign_in(at):
        client = Client()
        sent = {"phone": worker.phone, "password": PASSWORD, "code": app_code(worker.secret, at)}
        with clock.set_to(at):
            client.post("/people/sign-in/staff", sent)
        return client.session

    assert sign_in(now)["seat"] == worker.seats.get().pk
    put_seat(worker, "street_office", "街道办事处", street, "member")
    assert "seat" not in sign_in(now + timedelta(minutes=1))


def test_a_code_by_phone_speaks_from_no_seat(worker, now):
    client = Client()
    client.post("/people/sign-in", {"phone": worker.phone, "form_key": str(uuid4())})
    client.post("/people/sign-in/code", {"code": code_sent_to(worker.phone)})
    assert "seat" not in client.session
    assert client.get("/people/me/ways").wsgi_request.actor.strong is False
