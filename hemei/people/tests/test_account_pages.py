"""Every page of signing in and of one's own account: for the right person in both languages, for no other."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from conftest import NOW, put_person, put_seat, put_tie, signed_in
from hemei.ledger import steps as ledger
from hemei.people import codes
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance, Code, Passkey, Person

FOR_ALL = ["/people/sign-in", "/people/slip", "/people/first", "/people/sign-in/staff", "/people/sign-out"]
FOR_ACCOUNTS = [
    "/people/me",
    "/people/me/welcome",
    "/people/me/profile",
    "/people/me/act-as",
    "/people/me/phone",
    "/people/me/close",
    "/people/me/ways",
    "/people/me/ways/password",
    "/people/me/ways/app/remove",
    "/people/me/ways/passkeys/add",
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", FOR_ALL)
def test_pages_for_all(db, now, address, language, django_assert_max_num_queries):
    client = signed_in(Actor(), language)
    with django_assert_max_num_queries(10):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", FOR_ACCOUNTS)
def test_pages_of_ones_own(clerk, home, now, address, language, django_assert_max_num_queries):
    for role in ("live", "own", "work"):
        put_tie(clerk.person, home, role)
    for number in range(5):
        put_seat(clerk.person, "other", f"单位{number}", home, "member")
        Passkey.objects.create(person=clerk.person, credential=uuid4().bytes, key=b"", called="机", made_at=NOW)
    client = signed_in(clerk, language)
    with django_assert_max_num_queries(10):
        response = client.get(address)
    assert response.status_code == 200
    assert "Content-Security-Policy" in response
    assert b"style=" not in response.content
    assert b"onclick" not in response.content


def test_my_page_with_everything_on_it_costs_no_more(clerk, steward, home, now, django_assert_max_num_queries):
    for role in ("live", "own", "work"):
        put_tie(clerk.person, home, role)
    for _ in range(5):
        sitting = {"helper": steward.person, "seat": steward.seat, "principal": clerk.person, "way": "counter"}
        sitting = Assistance.objects.create(**sitting, evidence="当面", began_at=NOW, form_key=uuid4())
        with transaction.atomic():
            helping = replace(steward, principal=clerk.person, assistance=sitting)
            words = {"subject": clerk.person, "actor": helping, "at": NOW}
            ledger.record(verb="people.sitting_began", row=sitting, **words)
            ledger.record(verb="people.tie_declared", row=clerk.person.ties.first(), **words)
    client = signed_in(clerk)
    with django_assert_max_num_queries(10):
        page = client.get("/people/me").content.decode()
    assert "别人替我办的" in page


@pytest.mark.parametrize("address", FOR_ACCOUNTS)
def test_whoever_has_no_account_is_led_to_the_sign_in_and_back(guest, now, address):
    for actor in (guest, Actor()):
        response = signed_in(actor).get(address)
        assert response.url == f"/people/sign-in?next={address}"


def test_a_resident_who_opens_a_page_costs_two_questions_to_know(resident, now, django_assert_num_queries):
    client = signed_in(resident)
    request = client.get("/people/sign-in/staff").wsgi_request
    with django_assert_num_queries(2):
        from hemei.people.middleware import actor_of

        request.session._session_cache = request.session.load()
        assert actor_of(request).key == resident.key


def test_opening_pages_writes_nothing(resident, now):
    client = signed_in(resident)
    before = Person.objects.filter(pk=resident.key).values().get()
    for address in FOR_ACCOUNTS:
        assert "hemei" not in client.get(address).cookies
    assert Person.objects.filter(pk=resident.key).values().get() == before


@pytest.mark.parametrize("address", ["/people/me/export", "/people/me/sessions/end", "/people/sign-in/passkey"])
def test_what_writes_is_sent_and_not_opened(resident, now, address):
    assert signed_in(resident).get(address).status_code == 405


def test_a_form_without_its_token_is_refused(resident, now):
    client = signed_in(resident, enforce_csrf_checks=True)
    assert client.post("/people/me/close", {"sure": "on"}).status_code == 403
    assert Person.objects.get(pk=resident.key).closed_at is None


# slips


@pytest.fixture
def slip(resident, now):
    with transaction.atomic():
        return codes.make(kind=Code.Kind.SLIP, person=resident.person, at=NOW)


def test_the_square_on_a_slip_fills_in_the_code_and_the_button_signs_in(resident, slip):
    client = Client()
    assert slip in client.get("/people/slip", {"code": slip}).content.decode()
    assert client.post("/people/slip", {"code": codes.grouped(slip)}).url == "/people/me"
    actor = client.get("/people/me").wsgi_request.actor
    assert (actor.key, actor.strong) == (resident.key, False)
    assert client.post("/people/slip", {"code": slip}).status_code == 422
    again = Client().post("/people/slip", {"code": slip})
    assert again.status_code == 422
    assert "已经用过" in again.content.decode()


@pytest.mark.parametrize("code", ["", "1234", "000000000000", "x" * 500, "<script>", "１２３４", "\x00"])
def test_a_code_that_is_none_is_told_beside_it(db, now, code):
    for address in ("/people/slip", "/people/first"):
        response = Client().post(address, {"code": code})
        assert response.status_code == 422
        assert b"<script>" not in response.content


def test_a_phone_code_is_no_slip_and_a_slip_is_no_first_code(resident, slip, now):
    assert Client().post("/people/first", {"code": slip}).status_code == 422
    with transaction.atomic():
        six = codes.make(kind=Code.Kind.PHONE, address="+8613800000001", at=NOW)
    assert Client().post("/people/slip", {"code": six}).status_code == 422


# the demo


@pytest.fixture
def demo(street, settings, now):
    settings.DEMO = "yes"
    put_person("演示·李师傅", "+8613800000101", is_demo=True)
    put_person("演示·声音", is_demo=True)
    head = put_person("演示·孙站长", "+8613800000106", is_demo=True)
    put_seat(head, "station", "工作站", street, "head")
    member = put_person("演示·委员", "+8613800000120", is_demo=True)
    put_seat(member, "station", "工作站", street, "member")
    return head


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_whom_one_would_like_to_be(demo, resident, language, django_assert_max_num_queries):
    client = signed_in(Actor(), language)
    with django_assert_max_num_queries(10):
        page = client.get("/people/demo").content.decode()
    for name in ("演示·李师傅", "演示·孙站长", "演示·委员"):
        assert name in page
    assert "演示·声音" not in page
    assert "甲居民" not in page


def test_staff_of_the_demo_speak_from_their_seat_at_once(demo):
    client = Client()
    client.post(f"/people/demo/{demo.pk}")
    actor = client.get("/people/me").wsgi_request.actor
    assert (actor.key, actor.strong, actor.seat.office) == (demo.pk, True, "head")


def test_residents_of_the_demo_are_entered_without_rights_of_staff(demo):
    client = Client()
    client.post(f"/people/demo/{Person.objects.get(name='演示·李师傅').pk}", {"next": "//evil.example"})
    actor = client.get("/people/me").wsgi_request.actor
    assert (actor.strong, actor.seat) == (False, None)


def test_a_real_person_is_never_entered_so(demo, resident, clerk, settings):
    for mode in ("yes", "public"):
        settings.DEMO = mode
        for actor in (resident, clerk):
            assert Client().post(f"/people/demo/{actor.key}").status_code == 404


@pytest.mark.parametrize(
    ("mode", "coming", "status"),
    [
        ("yes", {"REMOTE_ADDR": "203.0.113.7"}, 404),
        ("yes", {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 404),
        ("yes", {"REMOTE_ADDR": "::1"}, 200),
        ("yes", {"REMOTE_ADDR": ""}, 404),
        ("no", {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ("public", {"REMOTE_ADDR": "203.0.113.7"}, 200),
    ],
)
def test_from_where_the_demo_may_be_entered(demo, settings, mode, coming, status):
    settings.DEMO = mode
    assert Client(**coming).get("/people/demo").status_code == status
    entered = Client(**coming).post(f"/people/demo/{demo.pk}")
    assert entered.status_code == (404 if status == 404 else 302)


def test_the_person_of_an_account_is_shown_to_itself_alone(resident, stranger, now):
    page = signed_in(stranger).get("/people/me").content.decode()
    assert "甲居民" not in page
    assert "138 0000 0001" not in page
    assert own(stranger.person).key == stranger.key
