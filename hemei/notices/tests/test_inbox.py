"""The inbox: grouped by matter, read once, and never of what is hidden by now; how one wants to be told."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404

from conftest import put_person, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter
from hemei.notices import gate, queries, steps
from hemei.notices.actions import mark_read, set_preferences
from hemei.notices.context import unread
from hemei.notices.models import Notice, Preference
from hemei.outbox.models import Message
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance


@pytest.fixture
def matter(steward, estate, now) -> Matter:
    with transaction.atomic():
        return open_matter(actor=steward, place=estate, title="围墙", at=now, verb="matters.opened")


def told(actor, now, key, matter=None, **more):
    with transaction.atomic():
        words = {"said": f"消息 {key}", "said_en": "", "url": "/matters/1"}
        steps.put(kind="matters.news", key=key, to=[actor.principal], at=now, matter=matter, words=words, **more)


def groups(actor):
    return queries.with_items(list(queries.groups_of(viewer=actor)), viewer=actor)


def test_notices_stand_by_matter_the_newest_first(resident, stranger, matter, now):
    for number in range(6):
        told(resident, now, f"m{number}", matter)
    told(resident, now, "own")
    told(stranger, now, "theirs", matter)
    first, second = groups(resident)
    assert (first.matter, first.count, first.unread, first.more) == (None, 1, 1, 0)
    assert (second.matter, second.count, second.more) == (matter, 6, 2)
    assert [item.text[-2:] for item in second.items] == ["m5", "m4", "m3", "m2"]


def test_all_that_was_shown_is_read_and_what_came_meanwhile_is_not(resident, stranger, now):
    told(resident, now, "1")
    told(stranger, now, "1")
    shown = Notice.objects.filter(recipient=resident.key).latest("pk").pk
    told(resident, now, "2")
    assert [mark_read(actor=resident, at=now, up_to=shown) for _ in range(2)] == [1, 0]
    assert queries.unread_count(viewer=resident) == 1
    assert queries.unread_count(viewer=stranger) == 1


def test_one_is_read_and_nobody_elses(resident, stranger, now):
    told(resident, now, "1")
    told(stranger, now, "1")
    theirs = Notice.objects.get(recipient=stranger.key)
    assert mark_read(actor=resident, at=now, notices=[theirs.pk]) == 0
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_a_visitor_has_no_inbox_and_costs_no_query(visitor, rf, django_assert_num_queries):
    request = rf.get("/")
    request.actor = visitor
    with django_assert_num_queries(0):
        assert unread(request)["unread"]() == 0
    with pytest.raises(NotAllowed):
        mark_read(actor=visitor, at=None)
    assert groups(visitor) == []


def test_the_count_is_asked_for_once_and_only_by_a_page_that_shows_it(resident, now, rf, django_assert_num_queries):
    told(resident, now, "1")
    request = rf.get("/")
    request.actor = resident
    with django_assert_num_queries(0):
        words = unread(request)
    with django_assert_num_queries(1):
        assert [words["unread"](), words["unread"]()] == [1, 1]


def test_who_helps_somebody_reads_nobodys_inbox(resident, clerk, now):
    told(resident, now, "1")
    told(clerk, now, "1")
    sitting = Assistance(helper=clerk.person, principal=resident.principal, way="counter")
    helping = Actor(clerk.person, resident.principal, sitting, clerk.seat, True)
    assert groups(helping) == []
    assert queries.unread_count(viewer=helping) == 0
    with pytest.raises(NotAllowed, match="their own"):
        mark_read(actor=helping, at=now)


def test_a_matter_that_became_hidden_leaves_no_words_behind(resident, matter, now):
    told(resident, now, "1", matter)
    Matter.objects.update(visibility="confidential")
    (group,) = groups(resident)
    assert (group.hidden, group.matter, group.items[0].text, group.items[0].url) == (True, None, "", "")
    alone = queries.group_for(viewer=resident, key=matter.pk)
    (item,) = queries.items_of(list(queries.notices_in(viewer=resident, key=matter.pk)), viewer=resident, group=alone)
    assert (item.text, item.url) == ("", "")


def test_a_group_one_was_told_nothing_about_is_not_there(resident, stranger, matter, now):
    told(resident, now, "1", matter)
    for key in (matter.pk, 0, 10**12):
        with pytest.raises(Http404):
            queries.group_for(viewer=stranger, key=key)


def test_the_recipient_sees_how_far_each_message_is(resident, matter, now):
    told(resident, now, "1", matter, urgent=True)
    Message.objects.update(state="sent", sent_at=now)
    (way,) = groups(resident)[0].items[0].ways
    assert (way.channel, way.state, way.at) == ("Console", "Sent", now)


def test_an_address_outside_the_house_is_no_link(resident, now):
    for number, url in enumerate(("https://example.org", "//example.org", "javascript:alert(1)", "/\\example.org", 7)):
        with transaction.atomic():
            steps.put(kind="matters.news", key=str(number), to=[resident.principal], at=now, words={"url": url})
    (group,) = groups(resident)
    assert {item.url for item in group.items} == {""}


def test_a_kind_whose_words_are_gone_still_says_something(resident, now):
    with transaction.atomic():
        steps.put(kind="matters.news", key="1", to=[resident.principal], at=now)
    Notice.objects.update(kind="nowhere.gone")
    (group,) = groups(resident)
    assert group.items[0].text == "There is news."


def test_queries_do_not_grow_with_what_is_in_it(resident, estate, steward, now, django_assert_num_queries):
    def fill(count):
        for number in range(count):
            with transaction.atomic():
                matter = open_matter(actor=steward, place=estate, title=f"{number}", at=now, verb="matters.opened")
            told(resident, now, f"{matter.pk}", matter, urgent=True)

    fill(1)
    with django_assert_num_queries(5) as first:
        groups(own(resident.person))
    fill(10)
    with django_assert_num_queries(len(first)):
        groups(own(resident.person))


# how one wants to be told


def test_a_choice_for_each_topic_stands_and_is_followed(resident, now):
    set_preferences(actor=resident, ways={"matters": "phone", "people": "web"}, at=now)
    assert queries.preferences_of(resident.principal) == {
        "matters": "phone", "people": "web", "promises": "urgent", "consultations": "urgent", "decisions": "urgent",
        "roll": "urgent",
    }  # fmt: skip
    told(resident, now, "1")
    assert Message.objects.get().channel == gate.PHONE


def test_the_same_choice_again_changes_nothing_and_another_replaces_it(resident, now):
    for way in ("web", "web", "paper"):
        set_preferences(actor=resident, ways={"matters": way}, at=now)
    assert Preference.objects.get().way == "paper"
    assert verbs(resident.principal) == ["notices.preferences_set"] * 2


def test_without_a_phone_nobody_is_told_by_phone(now, db):
    person = put_person("寅老人")
    with pytest.raises(Refused, match="no phone number") as refusal:
        set_preferences(actor=own(person), ways={"matters": "phone"}, at=now)
    assert refusal.value.field == "matters"
    assert queries.preferences_of(person)["matters"] == "paper"


def test_a_guest_is_told_on_the_website_only(guest, visitor, now):
    for actor in (guest, visitor):
        with pytest.raises(NotAllowed, match="Sign in"):
            set_preferences(actor=actor, ways={"matters": "web"}, at=now)


def test_at_the_counter_the_choice_is_the_persons_own(resident, clerk, now):
    sitting = Assistance.objects.create(
        helper=clerk.person,
        principal=resident.principal,
        way="counter",
        evidence="本人在场",
        began_at=now,
        form_key="a2b0d3fe-1111-4222-8333-000000000002",
    )
    helping = Actor(clerk.person, resident.principal, sitting, clerk.seat, True)
    set_preferences(actor=helping, ways={"matters": "paper"}, at=now)
    assert queries.preferences_of(resident.principal)["matters"] == "paper"
    assert not Preference.objects.filter(person=clerk.person).exists()


def test_quiet_hours_hold_back_the_phone_and_nothing_else(resident, now):
    night = now.replace(hour=15)  # 23:00 in Shanghai
    told(resident, night, "1", urgent=True)
    message = Message.objects.get()
    assert message.due_at == (now + timedelta(days=1)).replace(hour=0, minute=0)
    assert Notice.objects.get().made_at == night


def test_a_guest_who_gets_an_account_is_told_each_thing_once(guest, stranger, now):
    told(guest, now, "1")
    told(guest, now, "2")
    told(stranger, now, "2")
    for _again in range(2):
        Notice.taken_over(guest=guest.principal, account=stranger.principal, actor=stranger, at=now)
    assert sorted(Notice.objects.filter(recipient=stranger.key).values_list("key", flat=True)) == ["1", "2"]
    assert Notice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_eight_choices_at_once_one_row_comes(resident, now):
    race(8, lambda: set_preferences(actor=resident, ways={"matters": "web"}, at=now))
    assert Preference.objects.count() == 1
    assert verbs(resident.principal) == ["notices.preferences_set"]
