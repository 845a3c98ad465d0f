"""Messages leave once each, none is lost, and a code is wiped when it has left."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from conftest import race
from hemei.outbox import clockwork
from hemei.outbox.gateways import GATEWAYS, TryAgain, Undeliverable
from hemei.outbox.models import Message
from hemei.outbox.sender import PAUSES, send_due
from hemei.outbox.steps import put
from hemei.people.models import Person

State, Channel = Message.State, Message.Channel


def waiting(now, key="1", **more):
    words = {"kind": "people.code", "recipient": 7, "channel": Channel.CONSOLE, "text": "您的登录码是 0042"}
    with transaction.atomic():
        put(key=key, at=now, address="+8613800000001", **{**words, **more})
    return Message.objects.get(key=key)


def test_a_message_is_printed_where_the_server_runs(db, now, capsys):
    message = waiting(now)
    assert send_due(now) == 1
    assert capsys.readouterr().out == "→ +8613800000001: 您的登录码是 0042\n"
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.tries, message.text) == (State.SENT, now, 1, "您的登录码是 0042")


def test_a_code_is_wiped_once_it_has_left(db, now):
    message = waiting(now, secret=True)
    send_due(now)
    message.refresh_from_db()
    assert (message.state, message.text) == (State.SENT, "")


def test_what_stands_on_the_website_is_delivered_at_once(db, now):
    message = waiting(now, channel=Channel.INAPP)
    clockwork.round(now)
    message.refresh_from_db()
    assert (message.state, message.delivered_at) == (State.DELIVERED, now)


def test_what_is_due_later_and_what_is_carried_on_paper_stays(db, now):
    waiting(now, "later", due_at=now + timedelta(hours=1))
    waiting(now, "paper", channel=Channel.PRINT)
    assert send_due(now) == 0
    assert send_due(now + timedelta(hours=1)) == 1


def test_a_channel_without_a_gateway_waits_until_it_has_one(db, now):
    waiting(now, channel=Channel.SMS)
    assert send_due(now) == 0
    assert send_due(now, gateways={**GATEWAYS, Channel.SMS: lambda _message: State.SENT}) == 1


def test_nothing_due_costs_one_query(db, now, django_assert_num_queries):
    for number in range(3):
        waiting(now, str(number), due_at=now + timedelta(days=1))
    with django_assert_num_queries(1):
        send_due(now)


def test_a_busy_gateway_is_asked_again_after_growing_pauses_and_given_up_in_the_end(db, now):
    message, asked = waiting(now), []

    def busy(one):
        asked.append(one.tries)
        raise TryAgain("busy")

    at = now
    for pause in PAUSES:
        send_due(at, gateways={Channel.CONSOLE: busy})
        send_due(at + pause - timedelta(seconds=1), gateways={Channel.CONSOLE: busy})
        at += pause
    message.refresh_from_db()
    assert (message.state, message.fault, asked) == (State.WAITING, "busy", [1, 2, 3, 4, 5, 6])
    send_due(at, gateways={Channel.CONSOLE: busy})
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_an_address_nobody_has_fails_at_once_and_its_code_is_wiped(db, now):
    def nobody(_message):
        raise Undeliverable("nobody has this number " * 40)

    message = waiting(now, secret=True)
    assert send_due(now, gateways={Channel.CONSOLE: nobody}) == 0
    message.refresh_from_db()
    assert (message.state, message.text) == (State.FAILED, "")


def test_a_person_without_a_number_any_more_is_said_to_be_out_of_reach(db, now):
    message = waiting(now)
    Message.objects.update(address="")
    send_due(now)
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert "no phone number" in message.fault


def test_a_sender_that_dies_in_the_middle_loses_nothing(db, now):
    def die(_message):
        raise KeyboardInterrupt

    waiting(now)
    with pytest.raises(KeyboardInterrupt):
        send_due(now, gateways={Channel.CONSOLE: die})
    assert send_due(now) == 0  # not before its pause is over: the other sender may still be at it
    assert send_due(now + PAUSES[0]) == 1


def test_a_gateway_at_fault_holds_up_no_other_message(db, now):
    def broken(message):
        if message.key == "1":
            raise ZeroDivisionError
        return State.SENT

    waiting(now, "1")
    waiting(now, "2")
    with pytest.raises(ZeroDivisionError):
        send_due(now, gateways={Channel.CONSOLE: broken})
    assert send_due(now, gateways={Channel.CONSOLE: broken}) == 1


def test_what_is_cancelled_while_it_leaves_stays_cancelled(db, now):
    def cancelling(message):
        Message.objects.filter(pk=message.pk).update(state=State.CANCELLED)
        return State.SENT

    message = waiting(now)
    send_due(now, gateways={Channel.CONSOLE: cancelling})
    message.refresh_from_db()
    assert message.state == State.CANCELLED


def test_a_flood_is_sent_in_parts(db, now):
    for number in range(5):
        waiting(now, str(number))
    assert [send_due(now, most=3), send_due(now, most=3)] == [3, 2]


def test_the_same_key_is_put_once(db, now):
    waiting(now)
    waiting(now, text="ein anderer Text")
    assert Message.objects.get().text == "您的登录码是 0042"


@pytest.mark.django_db(transaction=True)
def test_of_four_senders_at_once_each_message_is_sent_by_one(now):
    for number in range(20):
        waiting(now, str(number))
    sent = Counter()

    def gateway(message):
        sent[message.key] += 1
        return State.SENT

    outcome = race(4, lambda: send_due(now, gateways={Channel.CONSOLE: gateway}))
    for _again in range(3):  # a sender may have found every row in another's hands
        outcome.results.append(send_due(now, gateways={Channel.CONSOLE: gateway}))
    assert sum(outcome.results) == 20
    assert set(sent.values()) == {1}
    assert set(sent) == {str(number) for number in range(20)}


def test_what_waits_for_somebody_goes_to_the_account_they_became_and_once(db, now):
    one, two = Person.objects.create(created_at=now), Person.objects.create(created_at=now)
    for recipient, key in ((one.pk, "both"), (two.pk, "both"), (one.pk, "own")):
        with transaction.atomic():
            put(kind="x.y", key=key, recipient=recipient, channel=Channel.PRINT, text="…", at=now)
    for _again in range(2):
        Message.taken_over(guest=one, account=two, actor=None, at=now)
    found = set(Message.objects.values_list("recipient", "key", "state"))
    assert found == {(two.pk, "both", "waiting"), (two.pk, "own", "waiting"), (one.pk, "both", "cancelled")}
