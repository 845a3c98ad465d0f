from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from conftest import put_person, race, signed_in, verbs
from hemei.base import clock
from hemei.base.errors import Refused, TooMany
from hemei.outbox.models import Message
from hemei.people import actions, codes
from hemei.people.actions.signing_in import CODES_AN_HOUR, CODES_AN_HOUR_FROM_ONE_PLACE
from hemei.people.actor import Actor
from hemei.people.models import Code, Person
from hemei.people.tests.coming_in import code_sent_to

PHONE = "+8613812345678"


def ask(at, phone=PHONE, source="here", form_key=None):
    return actions.ask_code(phone=phone, source=source, form_key=form_key or uuid4(), at=at)


def sign_in(at, code, phone=PHONE, actor=None, source="here"):
    return actions.sign_in_with_code(actor=actor or Actor(), phone=phone, code=code, source=source, at=at)


def asked_on_the_page(client, typed="138 1234 5678", **more):
    return client.post("/people/sign-in", {"phone": typed, "form_key": str(uuid4()), **more})


def test_a_new_number_and_its_code_make_an_account(db, now):
    client = Client()
    assert asked_on_the_page(client).url == reverse("people:code")
    response = client.post("/people/sign-in/code", {"code": code_sent_to(PHONE)})
    assert response.url == reverse("people:welcome")
    person = Person.objects.get(phone=PHONE)
    assert verbs(person) == ["people.joined"]
    assert client.get("/people/me/welcome").status_code == 200
    client.post("/people/me/welcome", {"nickname": "三楼老王"})
    person.refresh_from_db()
    assert person.nickname == "三楼老王"


def test_a_known_number_signs_in_and_goes_where_it_wanted(resident, now):
    client = Client()
    asked_on_the_page(client, "13800000001", next="/people/me/profile")
    response = client.post("/people/sign-in/code", {"code": code_sent_to("+8613800000001")})
    assert response.url == "/people/me/profile"
    assert client.session["person"] == resident.key


def test_known_and_unknown_numbers_get_the_same_answer(resident, now):
    known, unknown = asked_on_the_page(Client(), "13800000001"), asked_on_the_page(Client(), "13800000099")
    assert (known.status_code, known.url, known.content) == (unknown.status_code, unknown.url, unknown.content)
    assert Message.objects.filter(kind="people.code", secret=True).count() == 2


def test_the_code_stands_nowhere_but_in_the_message(db, now):
    client = Client()
    asked_on_the_page(client)
    code = code_sent_to(PHONE)
    page = client.get("/people/sign-in/code").content.decode()
    assert code not in page
    assert code.replace(" ", "") not in page
    assert not Code.objects.filter(digest__contains=code.replace(" ", "")).exists()


@pytest.mark.parametrize("address", ["/people/sign-in/code", "/people/slip?code=123456789012", "/people/first"])
def test_opening_an_address_uses_up_nothing(db, now, address):
    client = Client()
    asked_on_the_page(client)
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert not Code.objects.filter(used_at__isnull=False).exists()
    assert client.post("/people/sign-in/code", {"code": code_sent_to(PHONE)}).status_code == 302


def test_reading_the_pages_writes_no_session(db, now):
    for address in ("/people/sign-in", "/people/slip", "/people/first", "/people/sign-in/staff"):
        assert Client().get(address).status_code == 200
    assert not Session.objects.exists()


def test_a_form_sent_twice_sends_one_message_and_its_code_counts(db, now):
    key = uuid4()
    ask(now, form_key=key)
    ask(now, form_key=key)
    assert Message.objects.count() == 1
    assert sign_in(now, code_sent_to(PHONE)).is_new


def test_a_form_sent_again_after_its_code_is_gone_says_so(db, now):
    key = uuid4()
    ask(now, form_key=key)
    sign_in(now, code_sent_to(PHONE))
    with pytest.raises(Refused, match="sent before"):
        ask(now, form_key=key)
    assert Message.objects.count() == 1


def test_the_same_form_for_another_number_gives_another_code(db, now):
    key = uuid4()
    mine = Person.objects.create(phone="+8613800000091", is_demo=True, created_at=now)
    ask(now, phone=mine.phone, form_key=key)
    ask(now, form_key=key)
    assert code_sent_to(PHONE) != code_sent_to(mine.phone)


def test_a_code_of_another_number_opens_nothing(resident, now):
    ask(now)
    ask(now, phone=resident.person.phone)
    with pytest.raises(codes.WrongCode):
        sign_in(now, code_sent_to(PHONE), phone=resident.person.phone)


def test_a_code_counts_once(db, now):
    ask(now)
    code = code_sent_to(PHONE)
    sign_in(now, code)
    with pytest.raises(codes.WrongCode, match="used"):
        sign_in(now, code)


def test_a_code_ends_after_ten_minutes(db, now):
    ask(now)
    code, client = code_sent_to(PHONE), Client()
    with clock.set_to(now + timedelta(minutes=10)), pytest.raises(codes.WrongCode, match="expired"):
        sign_in(clock.now(), code)
    assert not Person.objects.filter(phone=PHONE).exists()
    asked_on_the_page(client)
    with clock.set_to(now + timedelta(minutes=11)):
        assert client.post("/people/sign-in/code", {"code": code_sent_to(PHONE)}).status_code == 422


def test_after_five_wrong_tries_the_right_code_counts_no_more(db, now):
    ask(now)
    right = code_sent_to(PHONE).replace(" ", "")
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(codes.WRONG_TRIES_MAX):
        with pytest.raises(codes.WrongCode):
            sign_in(now, wrong)
    with pytest.raises(codes.WrongCode, match="too often"):
        sign_in(now, right)
    ask(now)
    assert sign_in(now, code_sent_to(PHONE)).person.phone == PHONE


def test_a_code_too_short_is_told_and_does_not_count_as_a_try(db, now):
    ask(now)
    for _ in range(codes.WRONG_TRIES_MAX + 1):
        with pytest.raises(codes.WrongCode, match="6 digits, and you wrote 5"):
            sign_in(now, "12345")
    assert sign_in(now, code_sent_to(PHONE)).is_new


def test_codes_to_one_number_end_and_start_again_with_time(db, now):
    for _ in range(CODES_AN_HOUR):
        ask(now, source=str(uuid4()))
    with pytest.raises(TooMany):
        ask(now, source="elsewhere")
    assert ask(now, phone="+8613800000090", source="elsewhere") == ""
    ask(now + timedelta(hours=1))


def test_one_place_cannot_ring_up_the_whole_town(db, now):
    for number in range(CODES_AN_HOUR_FROM_ONE_PLACE):
        ask(now, phone=f"+86138111111{number:02}")
    with pytest.raises(TooMany):
        ask(now, phone="+8613811111199")


def test_guessing_from_one_place_ends(db, now):
    guess = {"actor": Actor(), "source": "here", "at": now}
    for number in range(codes.TRIES_AN_HOUR):
        with pytest.raises(codes.WrongCode):
            actions.sign_in_with_slip(code=f"{number:012}", **guess)
    with pytest.raises(TooMany):
        actions.sign_in_with_slip(code="999999999999", **guess)


def test_too_many_is_429_with_the_time_and_the_typed_number_stays(db, now):
    for _ in range(CODES_AN_HOUR):
        ask(now)
    response = asked_on_the_page(Client())
    assert response.status_code == 429
    assert "138 1234 5678" in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1380000010", "手机号要 11 位，您填了 10 位"),
        ("abc", "没有这样的电话号码"),
        ("", "请填电话号码"),
        ("1" * 500, ""),
        ("１３８１２３４５６７", "您填了 10 位"),
        ("<script>alert(1)</script>", "没有这样的电话号码"),
    ],
)
def test_a_number_that_cannot_be_is_told_beside_it_and_stays_typed(db, now, typed, told):
    response = asked_on_the_page(Client(), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert "<script>alert" not in page
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        "\u202a13812345678\u202c",
        "138-1234-5678",
        "+86 138 1234 5678",
        "１３８１２３４５６７８",
        "0086 13812345678",
    ],
)
def test_a_number_is_read_as_people_write_it(db, now, typed):
    assert asked_on_the_page(Client(), typed).status_code == 302
    assert Message.objects.get().address == PHONE


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "http:///evil.example",
        "people/me",
    ],
)
def test_nobody_is_sent_to_another_site(resident, now, there):
    client = Client()
    page = client.get("/people/sign-in", {"next": there}).content.decode()
    assert f'name="next" value="{there}"' not in page
    asked_on_the_page(client, "13800000001", next=there)
    response = client.post("/people/sign-in/code", {"code": code_sent_to("+8613800000001")})
    assert response.url == reverse("people:me")
    assert signed_in(resident).get("/people/sign-in", {"next": there}).url == reverse("people:me")


def test_a_planted_session_is_worth_nothing_after_the_victim_signed_in(resident, now):
    attacker = Client()
    asked_on_the_page(attacker, "13800000001")
    planted = attacker.cookies["hemei"].value
    victim = Client()
    victim.cookies["hemei"] = planted
    victim.post("/people/sign-in/code", {"code": code_sent_to("+8613800000001")})
    assert victim.cookies["hemei"].value != planted
    assert attacker.get("/people/me").status_code == 302
    assert "person" not in attacker.session


def test_the_second_of_two_clicks_finds_the_way(resident, now):
    client, second = Client(), Client()
    asked_on_the_page(client, "13800000001")
    second.cookies["hemei"] = client.cookies["hemei"].value
    code = code_sent_to("+8613800000001")
    assert client.post("/people/sign-in/code", {"code": code}).url == reverse("people:me")
    response = second.post("/people/sign-in/code", {"code": code})
    assert response.url == reverse("people:me")
    assert "hemei" not in response.cookies  # it takes away nothing the first answer gave


def test_without_a_number_asked_there_is_nothing_to_type(db, now):
    assert Client().get("/people/sign-in/code").url == reverse("people:sign_in")


def test_another_browser_cannot_type_the_code(db, now):
    asked_on_the_page(Client())
    assert Client().post("/people/sign-in/code", {"code": code_sent_to(PHONE)}).url == reverse("people:sign_in")


def test_in_the_demo_an_invented_persons_code_stands_on_the_page(settings, db, now):
    put_person("演示·李师傅", PHONE, is_demo=True)
    settings.DEMO = "yes"
    client = Client()
    asked_on_the_page(client)
    assert code_sent_to(PHONE).replace(" ", "") in client.get("/people/sign-in/code").content.decode()
    settings.DEMO = "no"
    assert ask(now) == ""


def test_a_real_persons_code_never_stands_on_the_page(settings, db, now):
    settings.DEMO = "yes"
    assert ask(now) == ""


def test_signing_out_asks_first_and_ends_the_session(resident, now):
    client = signed_in(resident)
    assert client.get("/people/sign-out").status_code == 200
    assert client.get("/people/me").status_code == 200
    client.post("/people/sign-out")
    assert client.get("/people/me").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_ten_uses_of_one_code_at_once_one_signs_in(now):
    ask(now)
    code = code_sent_to(PHONE)
    outcome = race(10, lambda: sign_in(now, code))
    assert (outcome.done, len(outcome.refused)) == (1, 9)


@pytest.mark.django_db(transaction=True)
def test_ten_first_sign_ins_of_one_number_at_once_make_one_person(now):
    asked = []
    for number in range(CODES_AN_HOUR):
        ask(now, source=str(number))
        asked.append(code_sent_to(PHONE))
    turns = iter(asked * 2)
    outcome = race(10, lambda: sign_in(now, next(turns)))
    assert outcome.done == 1
    assert Person.objects.filter(phone=PHONE).count() == 1
    assert verbs(Person.objects.get(phone=PHONE)) == ["people.joined"]


@pytest.mark.django_db(transaction=True)
def test_ten_wrong_tries_at_once_count_as_ten(now):
    ask(now)
    right = code_sent_to(PHONE).replace(" ", "")
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    assert race(10, lambda: sign_in(now, wrong)).done == 0
    assert Code.objects.get().wrong_tries >= codes.WRONG_TRIES_MAX
    with pytest.raises(Refused):
        sign_in(now, right)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_ten_times_at_once_sends_one_message(now):
    key = uuid4()
    race(10, lambda: ask(now, form_key=key))
    assert Message.objects.count() == 1
