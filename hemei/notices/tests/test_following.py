"""Who follows a matter, wrote it or has a part in it hears what is recorded on it, once, and only what they may see."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from conftest import put_person, race
from hemei.base.errors import NotAllowed, TooMany
from hemei.ledger import steps as ledger
from hemei.matters.actions import change_visibility, close_matter, tell_what_happened
from hemei.matters.models import Matter
from hemei.matters.steps import add_party, open_matter
from hemei.notices import clockwork, gate, steps
from hemei.notices.actions import being_told, follow_matter
from hemei.notices.models import Following, Notice
from hemei.outbox.models import Message
from hemei.people.actor import own
from hemei.people.models import Tie


@pytest.fixture
def matter(steward, estate, now) -> Matter:
    with transaction.atomic():
        words = {"title": "围墙", "title_en": "The walls", "verb": "matters.opened"}
        matter = open_matter(actor=steward, place=estate, at=now, **words)
    clockwork.round(now)
    return matter


def happened(actor, matter, at, text="量了 128 米"):
    tell_what_happened(actor=actor, matter=matter, at=at, text=text, text_en="", source="现场", form_key=uuid4())


def heard_by(actor) -> list[str]:
    notices = Notice.objects.filter(recipient=actor.key, kind="matters.news").order_by("pk")
    return [gate.told(one.kind, matter=one.matter, words=one.words, language="zh-hans") for one in notices]


def test_followers_hear_each_loud_entry_once_in_the_words_of_the_timeline(resident, stranger, clerk, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    happened(clerk, matter, now)
    for minute in range(3):
        clockwork.round(now + timedelta(minutes=minute))
    (heard,) = heard_by(resident)
    assert "围墙" in heard
    assert "量了 128 米" in heard
    assert "现场" in heard
    assert heard_by(stranger) == []


def test_quiet_entries_are_nobodys_news(resident, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    with transaction.atomic():
        ledger.record(subject=matter, actor=resident, verb="consultations.vote_cast", at=now, quiet=True)
    clockwork.round(now)
    assert heard_by(resident) == []


def test_the_author_and_the_parties_hear_without_asking_and_who_did_it_does_not(
    resident, owner_upstairs, clerk, steward, matter, now
):
    with transaction.atomic():
        add_party(matter=matter, person=owner_upstairs.principal, at=now)
    happened(clerk, matter, now)
    clockwork.round(now)
    assert len(heard_by(owner_upstairs)) == 1
    assert len(heard_by(steward)) == 1
    happened(steward, matter, now + timedelta(minutes=1))
    clockwork.round(now + timedelta(minutes=1))
    assert len(heard_by(owner_upstairs)) == 2
    assert len(heard_by(steward)) == 1


def test_who_ended_following_hears_no_more_even_as_author_and_taking_part_does_not_bring_them_back(
    clerk, steward, matter, now
):
    follow_matter(actor=steward, matter=matter, wanted=False, at=now)
    with transaction.atomic():
        steps.follow(matter=matter, person=steward.principal, at=now)
    happened(clerk, matter, now)
    clockwork.round(now)
    assert heard_by(steward) == []
    follow_matter(actor=steward, matter=matter, wanted=True, at=now)
    happened(clerk, matter, now)
    clockwork.round(now)
    assert len(heard_by(steward)) == 1


def test_who_takes_part_follows(resident, clerk, matter, now):
    with transaction.atomic():
        for _twice in range(2):
            steps.follow(matter=matter, person=resident.principal, at=now)
    happened(clerk, matter, now)
    clockwork.round(now)
    assert len(heard_by(resident)) == 1


def test_who_was_told_by_the_act_itself_is_not_told_again(resident, clerk, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    with transaction.atomic():
        ledger.record(subject=matter, actor=clerk, verb="matters.closed", at=now, public={"reason": "x"})
        steps.put(kind="promises.made", key="x", to=[resident.principal], at=now, matter=matter, words={"what": "x"})
    clockwork.round(now)
    assert heard_by(resident) == []


def test_who_may_not_see_it_any_more_hears_nothing(resident, stranger, clerk, steward, matter, now):
    for one in (resident, stranger, clerk):
        follow_matter(actor=one, matter=matter, wanted=True, at=now)
    words = {"reason": "涉及个人", "form_key": uuid4(), "at": now}
    change_visibility(actor=steward, matter=matter, visibility="area", **words)
    clockwork.round(now)
    assert len(heard_by(resident)) == 1
    assert heard_by(stranger) == []
    assert len(heard_by(clerk)) == 1  # from the seat
    words = {"reason": "涉及个人", "form_key": uuid4(), "at": now + timedelta(minutes=1)}
    change_visibility(actor=steward, matter=matter, visibility="confidential", **words)
    clockwork.round(now + timedelta(minutes=1))
    assert len(heard_by(resident)) == 1
    assert len(heard_by(clerk)) == 1
    assert not Notice.objects.filter(recipient=stranger.key).exists()


def test_history_is_told_to_nobody(resident, clerk, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    happened(clerk, matter, now - timedelta(days=400))
    clockwork.round(now)
    assert heard_by(resident) == []


def test_after_a_day_of_silence_the_clock_still_tells(resident, clerk, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    happened(clerk, matter, now)
    clockwork.round(now + timedelta(days=1))
    assert len(heard_by(resident)) == 1


def test_a_long_line_is_shortened_and_hostile_words_stay_words(resident, clerk, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    happened(clerk, matter, now, text="<script>alert('坏')</script> & “引号” 𠮷 " + "长" * 900)
    clockwork.round(now)
    (heard,) = heard_by(resident)
    assert "<script>alert('坏')</script> & “引号” 𠮷" in heard
    assert len(heard) < 260


def test_people_without_a_phone_are_told_on_paper_in_quiet_words(clerk, home, matter, now):
    person = put_person("寅老人")
    Tie.objects.create(person=person, place=home, role="live", since=now.date())
    follow_matter(actor=own(person), matter=matter, wanted=True, at=now)
    happened(clerk, matter, now)
    clockwork.round(now)
    message = Message.objects.get(recipient=person.pk)
    assert message.channel == Message.Channel.PRINT
    assert "量了 128 米" in message.text


def test_following_twice_is_following_once(resident, matter, now):
    first = follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    assert follow_matter(actor=resident, matter=matter, wanted=True, at=now) == first
    assert follow_matter(actor=resident, matter=matter, wanted=False, at=now).ended_at == now
    assert Following.objects.count() == 1


def test_a_visitor_and_who_may_not_see_it_cannot_follow(visitor, stranger, steward, matter, now):
    with pytest.raises(NotAllowed, match="may see"):
        follow_matter(actor=visitor, matter=matter, wanted=True, at=now)
    words = {"reason": "x", "form_key": uuid4(), "at": now}
    change_visibility(actor=steward, matter=matter, visibility="parties", **words)
    matter.refresh_from_db()
    with pytest.raises(NotAllowed, match="may see"):
        follow_matter(actor=stranger, matter=matter, wanted=True, at=now)
    assert not Following.objects.exists()


def test_clicking_without_end_is_slowed_down(resident, matter, now, monkeypatch):
    monkeypatch.setattr(being_told, "FOLLOWED_AN_HOUR", 3)
    for wanted in (True, False, True):
        follow_matter(actor=resident, matter=matter, wanted=wanted, at=now)
    with pytest.raises(TooMany):
        follow_matter(actor=resident, matter=matter, wanted=False, at=now)


def test_a_guest_who_gets_an_account_follows_on_and_the_accounts_own_choice_stands(guest, stranger, matter, now):
    follow_matter(actor=guest, matter=matter, wanted=True, at=now)
    follow_matter(actor=stranger, matter=matter, wanted=False, at=now)
    for _again in range(2):
        Following.taken_over(guest=guest.principal, account=stranger.principal, actor=stranger, at=now)
    assert Following.objects.get().ended_at == now


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_at_once_one_tells(resident, clerk, matter, now):
    follow_matter(actor=resident, matter=matter, wanted=True, at=now)
    close_matter(actor=clerk, matter=matter, reason="x", form_key=uuid4(), at=now)
    race(4, lambda: clockwork.round(now))
    assert len(heard_by(resident)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_row_comes(resident, matter, now):
    race(8, lambda: follow_matter(actor=resident, matter=matter, wanted=True, at=now))
    assert Following.objects.count() == 1


def test_a_tie_that_was_confirmed_or_refused_is_told_to_its_person_unless_they_did_it(newcomer, clerk, home, now):
    tie = newcomer.ties[0]
    with transaction.atomic():
        steps.tell_of_tie(subject=newcomer.principal, actor=newcomer, at=now, row=tie)
        assert not Notice.objects.exists()
        tie.ended_at, tie.ended_why = now, "门牌不对"
        steps.tell_of_tie(subject=newcomer.principal, actor=clerk, at=now, row=tie)
        tie.ended_at, tie.grade = None, Tie.Grade.CONFIRMED
        steps.tell_of_tie(subject=newcomer.principal, actor=clerk, at=now, row=tie)
    refused, confirmed = Notice.objects.filter(recipient=newcomer.key).order_by("pk")
    assert "门牌不对" in gate.told(refused.kind, matter=None, words=refused.words)
    assert "Flat 101" in gate.told(confirmed.kind, matter=None, words=confirmed.words, language="en")
