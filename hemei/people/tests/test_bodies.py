"""Bodies and seats: who sets them up, gives, ends and hands over, and what stays in the history."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from conftest import NOW, put_person, put_seat, race, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.people import policy
from hemei.people.actions.bodies import correct_body, end_body, end_seat, give_seat, hand_over, set_up_body
from hemei.people.actor import Actor, machine, own
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Place

pytestmark = pytest.mark.usefixtures("now", "english")
TODAY = date(2026, 9, 12)
NEW_PHONE = "+8613911110001"


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def a_body(place, **more):
    return {"kind": "committee", "name": "龙吴居委会", "place": place, "form_key": uuid4(), "at": NOW, **more}


def a_seat(body, **more):
    sent = {"body": body, "phone": NEW_PHONE, "name": "新干事", "office": "clerk", "since": TODAY}
    return {**sent, "form_key": uuid4(), "at": NOW, **more}


@pytest.fixture
def body(administrator, area):
    return set_up_body(actor=administrator, **a_body(area))


@pytest.fixture
def head(body):
    return speaking_from(
        Seat.objects.create(body=body, person=put_person("壬主任", "+8613800000009"), office="head", since=TODAY)
    )


# setting up, correcting, ending


def test_an_administrator_sets_up_a_body_and_its_chain_begins(body):
    assert body.name == "龙吴居委会"
    assert verbs(body) == ["people.body_set_up"]


def test_a_body_is_set_up_by_nobody_else(clerk, steward, resident, visitor, area):
    for actor in (clerk, steward, resident, visitor):
        with pytest.raises(NotAllowed, match="by an administrator"):
            set_up_body(actor=actor, **a_body(area))
    assert not Body.objects.filter(name="龙吴居委会").exists()


def test_a_form_sent_twice_sets_up_one_body(administrator, area):
    form = a_body(area)
    assert set_up_body(actor=administrator, **form) == set_up_body(actor=administrator, **form)
    assert Body.objects.filter(name="龙吴居委会").count() == 1
    with pytest.raises(Refused, match="with other words"):
        set_up_body(actor=administrator, **{**form, "name": "别的居委会"})


def test_the_same_body_twice_and_a_body_without_a_place_are_refused(administrator, area, body):
    with pytest.raises(Refused, match="already") as refusal:
        set_up_body(actor=administrator, **a_body(area))
    assert refusal.value.field == "name"
    with pytest.raises(Refused, match="Choose the place") as refusal:
        set_up_body(actor=administrator, **a_body(None, name="没有地方"))
    assert refusal.value.field == "place"


def test_a_correction_is_told_and_the_same_words_again_change_nothing(administrator, body):
    for _time in range(2):
        correct_body(actor=administrator, body=body, name="龙吴居民委员会", phone="021-64700000", at=NOW)
    body.refresh_from_db()
    assert (body.name, body.phone) == ("龙吴居民委员会", "021-64700000")
    assert verbs(body) == ["people.body_set_up", "people.body_corrected"]


def test_a_head_does_not_correct_the_body(head, body):
    with pytest.raises(NotAllowed):
        correct_body(actor=head, body=body, name="别的名字", at=NOW)


def test_when_a_body_ends_nobody_speaks_for_it_any_more(administrator, head, body):
    end_body(actor=administrator, body=body, at=NOW)
    end_body(actor=administrator, body=body, at=NOW)
    body.refresh_from_db()
    assert body.until == TODAY
    assert own(head.person).seats == ()
    assert verbs(body) == ["people.body_set_up", "people.seat_ended", "people.body_ended"]
    with pytest.raises(Refused, match="has ended"):
        give_seat(actor=administrator, **a_seat(body))
    with pytest.raises(Refused, match="has ended"):
        correct_body(actor=administrator, body=body, name="又一个名字", at=NOW)
    with pytest.raises(NotAllowed):
        end_body(actor=head, body=body, at=NOW)


def test_the_operator_cannot_be_ended(administrator):
    with pytest.raises(Refused, match="cannot be ended"):
        end_body(actor=administrator, body=administrator.seat.body, at=NOW)


# giving


def test_a_seat_for_an_unknown_number_makes_the_account(administrator, body):
    seat = give_seat(actor=administrator, **a_seat(body, level="", field=""))
    assert (seat.person.phone, seat.person.name, seat.person.is_demo) == (NEW_PHONE, "新干事", False)
    assert verbs(body) == ["people.body_set_up", "people.seat_given"]
    assert [held.pk for held in own(seat.person).seats] == [seat.pk]


def test_a_seat_for_a_known_number_uses_the_account_and_keeps_its_name(administrator, body, resident):
    seat = give_seat(actor=administrator, **a_seat(body, phone=resident.person.phone, name="别的名字"))
    assert seat.person == resident.person
    assert Person.objects.get(pk=resident.key).name == "甲居民"


def test_an_unknown_number_needs_a_name(administrator, body):
    with pytest.raises(Refused, match="Write the person's name") as refusal:
        give_seat(actor=administrator, **a_seat(body, name=""))
    assert refusal.value.field == "name"


def test_what_a_demo_administrator_makes_is_of_the_demo_and_real_people_stay_out_of_it(administrator, body, resident):
    Person.objects.filter(pk=administrator.key).update(is_demo=True)
    administrator.person.is_demo = True
    assert give_seat(actor=administrator, **a_seat(body)).person.is_demo
    with pytest.raises(Refused, match="Demo accounts"):
        give_seat(actor=administrator, **a_seat(body, phone=resident.person.phone))


def test_a_head_gives_what_a_head_may_give_in_the_own_body_only(head, body, steward):
    for number, office in enumerate(("clerk", "moderator", "member")):
        give_seat(actor=head, **a_seat(body, office=office, phone=f"+861391111{number:04}"))
    for office in ("head", "administrator"):
        with pytest.raises(NotAllowed, match="head of a body gives"):
            give_seat(actor=head, **a_seat(body, office=office))
    with pytest.raises(NotAllowed):
        give_seat(actor=head, **a_seat(steward.seat.body))


def test_nobody_gives_themselves_more_than_they_have(head, clerk, body):
    with pytest.raises(NotAllowed):
        give_seat(actor=head, **a_seat(body, phone=head.person.phone, office="head"))
    with pytest.raises(NotAllowed):
        give_seat(actor=clerk, **a_seat(clerk.seat.body, phone=clerk.person.phone, office="member"))


def test_a_seat_of_an_administrator_exists_with_the_operator_alone(administrator, body):
    with pytest.raises(NotAllowed):
        give_seat(actor=administrator, **a_seat(body, office="administrator"))
    seat = give_seat(actor=administrator, **a_seat(administrator.seat.body, office="administrator"))
    assert speaking_from(seat).is_administrator


def test_without_strong_sign_in_nobody_gives_anything(head, body):
    with pytest.raises(NotAllowed):
        give_seat(actor=Actor(person=head.person, principal=head.person, seat=head.seat), **a_seat(body))


def test_the_same_office_twice_at_a_time_is_refused(administrator, body):
    give_seat(actor=administrator, **a_seat(body, until=TODAY + timedelta(days=30)))
    with pytest.raises(Refused, match="already holds") as refusal:
        give_seat(actor=administrator, **a_seat(body, since=TODAY + timedelta(days=30)))
    assert refusal.value.field == "phone"
    give_seat(actor=administrator, **a_seat(body, since=TODAY + timedelta(days=31)))


def test_the_last_day_is_not_before_the_first(administrator, body):
    with pytest.raises(Refused, match="before the first") as refusal:
        give_seat(actor=administrator, **a_seat(body, until=TODAY - timedelta(days=1)))
    assert refusal.value.field == "until"


def test_a_seat_sent_twice_is_one_and_other_words_are_refused(administrator, body):
    form = a_seat(body)
    assert give_seat(actor=administrator, **form) == give_seat(actor=administrator, **form)
    with pytest.raises(Refused, match="with other words"):
        give_seat(actor=administrator, **{**form, "office": "head"})


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_gives_the_seat(administrator, body):
    form = a_seat(body)
    assert race(8, lambda: give_seat(actor=administrator, **form)).done == 8
    assert Seat.objects.filter(body=body).count() == 1
    assert Person.objects.filter(phone=NEW_PHONE).count() == 1


# ending and handing over


def test_an_ended_seat_ends_at_once_and_stays_in_the_history(administrator, clerk):
    assert policy.may_speak_for(clerk.person, clerk.seat, TODAY)
    end_seat(actor=administrator, seat=clerk.seat, at=NOW)
    end_seat(actor=administrator, seat=clerk.seat, at=NOW)
    seat = Seat.objects.get(pk=clerk.seat.pk)
    assert (seat.until, seat.ended_at) == (TODAY, NOW)
    assert own(clerk.person).seats == ()
    assert not policy.may_speak_for(clerk.person, seat, TODAY)
    assert verbs(clerk.seat.body) == ["people.seat_ended"]


def test_a_seat_is_not_ended_by_its_holder_or_a_stranger(clerk, resident):
    for actor in (clerk, resident):
        with pytest.raises(NotAllowed):
            end_seat(actor=actor, seat=clerk.seat, at=NOW)


def test_the_last_administrator_stays(administrator):
    with pytest.raises(Refused, match="last administrator"):
        end_seat(actor=administrator, seat=administrator.seat, at=NOW)
    give_seat(actor=administrator, **a_seat(administrator.seat.body, office="administrator"))
    end_seat(actor=administrator, seat=administrator.seat, at=NOW)
    assert Seat.objects.filter(office="administrator", ended_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_end_each_other_at_once(administrator):
    other = speaking_from(
        put_seat(put_person("癸管理", "+8613800000010"), "operator", "运行管理", None, "administrator")
    )
    seats = [administrator.seat, other.seat]
    outcome = race(2, lambda: end_seat(actor=administrator, seat=seats.pop(), at=NOW))
    assert (outcome.done, len(outcome.refused)) == (1, 1)


def test_a_handover_ends_one_and_begins_another(administrator, clerk):
    form = {"seat": clerk.seat, "phone": NEW_PHONE, "name": "接班人", "form_key": uuid4(), "at": NOW}
    new = hand_over(actor=administrator, **form)
    assert hand_over(actor=administrator, **form) == new
    old = Seat.objects.get(pk=clerk.seat.pk)
    assert (old.until, new.since, new.until, new.office) == (TODAY, TODAY, None, "clerk")
    assert verbs(new.body) == ["people.seat_ended", "people.seat_handed_over"]
    assert own(clerk.person).seats == ()
    assert own(new.person).seats == (new,)


@pytest.mark.django_db(transaction=True)
def test_of_two_handovers_at_once_one_takes_place(administrator, clerk):
    phones = ["+8613911110007", "+8613911110008"]

    def hand():
        words = {"phone": phones.pop(), "name": "接班人", "form_key": uuid4(), "at": NOW}
        return hand_over(actor=administrator, seat=clerk.seat, **words)

    outcome = race(2, hand)
    assert (outcome.done, len(outcome.refused)) == (1, 1)
    assert Seat.objects.filter(body=clerk.seat.body, ended_at=None).count() == 1


def test_a_handover_to_oneself_or_of_an_ended_seat_is_refused(administrator, clerk):
    sent = {"seat": clerk.seat, "name": "", "at": NOW}
    with pytest.raises(Refused, match="holds the seat already"):
        hand_over(actor=administrator, phone=clerk.person.phone, form_key=uuid4(), **sent)
    end_seat(actor=administrator, seat=clerk.seat, at=NOW)
    with pytest.raises(Refused, match="has ended already"):
        hand_over(actor=administrator, phone=NEW_PHONE, form_key=uuid4(), **{**sent, "name": "接班人"})
    with pytest.raises(NotAllowed):
        hand_over(actor=clerk, phone=NEW_PHONE, form_key=uuid4(), **sent)


# speaking for a body


def test_one_speaks_from_ones_own_seat_on_its_days(clerk, resident):
    seat = clerk.seat
    assert policy.may_speak_for(clerk.person, seat, seat.since)
    assert not policy.may_speak_for(clerk.person, seat, seat.since - timedelta(days=1))
    assert not policy.may_speak_for(resident.person, seat, TODAY)
    seat.until = TODAY
    assert policy.may_speak_for(clerk.person, seat, TODAY)
    assert not policy.may_speak_for(clerk.person, seat, TODAY + timedelta(days=1))


def test_nobody_speaks_for_a_body_that_is_not_there(clerk):
    clerk.seat.body.until = TODAY - timedelta(days=1)
    assert not policy.may_speak_for(clerk.person, clerk.seat, TODAY)


def test_the_machine_sets_up_bodies_when_a_street_is_loaded(street):
    body = set_up_body(actor=machine("import"), **a_body(Place.objects.get(pk=street.pk)))
    assert give_seat(actor=machine("import"), **a_seat(body)).person.name == "新干事"
