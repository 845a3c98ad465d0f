"""Notices on paper: which clerk carries what to whom, and when it arrived."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from conftest import put_person, put_seat, put_tie, race, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter
from hemei.notices import queries, steps
from hemei.notices.actions import mark_carried, mark_printed
from hemei.outbox.models import Message
from hemei.outbox.sender import send_due
from hemei.people.models import Person

State = Message.State


@pytest.fixture
def elder(home, now) -> Person:
    """Lives in flat 101 and has no phone."""
    person = put_person("寅老人")
    put_tie(person, home)
    return person


def told(to, now, key="1", matter=None) -> Message:
    with transaction.atomic():
        steps.put(
            kind="matters.news", key=key, to=[to], at=now, matter=matter, words={"said": "明天量墙", "said_en": ""}
        )
    return Message.objects.get(recipient=to.pk, key=key)


def carried_by(actor, state="open"):
    return [slip.pk for slip in queries.slips_of(list(queries.slips_in(viewer=actor, state=state)))]


def test_the_clerk_of_the_area_sees_what_to_carry_to_which_door(clerk, elder, now):
    message = told(elder, now)
    (slip,) = queries.slips_of(list(queries.slips_in(viewer=clerk, state="open")))
    assert (slip.pk, slip.name, slip.door) == (
        message.pk,
        "寅老人",
        "Lane 9 Longwu Road Building 3 Stairwell 1 Flat 101",
    )
    assert "明天量墙" in slip.text


def test_another_areas_clerk_a_resident_and_the_sender_leave_it_alone(clerk_elsewhere, resident, elder, now):
    told(elder, now)
    assert carried_by(clerk_elsewhere) == []
    assert send_due(now + timedelta(days=9)) == 0
    with pytest.raises(NotAllowed, match="carry"):
        mark_carried(actor=resident, messages=[1], on=now.date(), at=now)


def test_it_is_printed_then_handed_over_each_once(clerk, elder, now):
    message = told(elder, now)
    assert [mark_printed(actor=clerk, messages=[message.pk], at=now) for _ in range(2)] == [1, 0]
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, now)
    tomorrow = now + timedelta(days=1)
    on = timezone.localdate(tomorrow)
    handed = [mark_carried(actor=clerk, messages=[message.pk], on=on, at=tomorrow) for _ in range(2)]
    assert handed == [1, 0]
    message.refresh_from_db()
    assert (message.state, message.delivered_at) == (State.DELIVERED, tomorrow)
    assert carried_by(clerk) == []
    assert carried_by(clerk, "done") == [message.pk]
    assert verbs(clerk.seat.body) == ["notices.paper_printed", "notices.paper_carried"]


def test_the_day_is_neither_ahead_nor_before_it_was_made(clerk, elder, now):
    message, today = told(elder, now), timezone.localdate(now)
    for on in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            mark_carried(actor=clerk, messages=[message.pk], on=on, at=now)
        assert refusal.value.field == "on"
    with pytest.raises(Refused, match="Nothing is chosen"):
        mark_carried(actor=clerk, messages=[], on=today, at=now)
    with pytest.raises(Refused, match="at most"):
        mark_printed(actor=clerk, messages=range(999), at=now)


def test_messages_of_other_areas_and_channels_are_not_marked(clerk, clerk_elsewhere, elder, resident, now):
    message = told(elder, now)
    with transaction.atomic():
        steps.put(
            kind="matters.news",
            key="x",
            to=[resident.principal],
            at=now,
            urgent=True,
            words={"said": "x", "said_en": ""},
        )
    by_phone = Message.objects.get(recipient=resident.key)
    assert mark_printed(actor=clerk_elsewhere, messages=[message.pk], at=now) == 0
    assert mark_printed(actor=clerk, messages=[by_phone.pk], at=now) == 0
    assert set(Message.objects.values_list("state", flat=True)) == {State.WAITING}


def test_a_clerk_carries_nothing_about_a_matter_they_may_not_see(clerk, steward, elder, estate, now):
    with transaction.atomic():
        hidden = open_matter(
            actor=steward,
            place=estate,
            title="家里的事",
            at=now,
            verb="matters.opened",
            visibility=Matter.Visibility.CONFIDENTIAL,
        )
    message = told(elder, now, matter=hidden)
    assert carried_by(clerk) == []
    assert mark_printed(actor=clerk, messages=[message.pk], at=now) == 0
    assert carried_by(steward) == [message.pk]  # its own body carries it


def test_who_moved_away_is_no_longer_this_clerks(clerk, administrator, elder, now):
    tie = elder.ties.get()
    tie.ended_at = now
    tie.save()
    message = told(elder, now)
    assert carried_by(clerk) == []
    assert carried_by(administrator) == [message.pk]


def test_codes_are_never_on_the_list(clerk, elder, now):
    told(elder, now)
    Message.objects.update(secret=True)
    assert carried_by(clerk) == []


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_marks_it(clerk, elder, now):
    message = told(elder, now)
    outcome = race(8, lambda: mark_printed(actor=clerk, messages=[message.pk], at=now))
    assert sum(outcome.results) == 1
    assert verbs(clerk.seat.body) == ["notices.paper_printed"]


def test_no_firm_and_no_team_carries_what_owners_are_told_of_their_votes(clerk, elder, estate, now):
    with transaction.atomic():
        words = {"question": "同意吗？", "question_en": "", "closes_at": now}
        steps.put(kind="decisions.opened", key="2", to=[elder], at=now, words=words)
    firm = speaking_from(put_seat(put_person("物业员工", "+8613900000005"), "property", "龙吴物业", estate, "clerk"))
    news = told(elder, now)
    assert carried_by(firm) == [news.pk]
    assert len(carried_by(clerk)) == 2
