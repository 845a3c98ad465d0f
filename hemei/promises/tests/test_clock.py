"""What time brings to promises."""

from datetime import timedelta

from conftest import NOW, verbs
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises import clockwork
from hemei.promises.models import Promise
from hemei.promises.tests.conftest import made, put_matter
from hemei.promises.tests.test_keep_and_move import moved


def told(kind: str, actor: Actor) -> int:
    return Notice.objects.filter(kind=f"promises.{kind}", recipient=actor.person).count()


def test_the_owner_is_reminded_once_before_the_day(manager: Actor, promise: Promise) -> None:
    clockwork.round(promise.due_at - timedelta(days=4))
    assert told("soon", manager) == 0
    for hours in (70, 69, 1):
        clockwork.round(promise.due_at - timedelta(hours=hours))
    assert told("soon", manager) == 1


def test_a_day_missed_is_caught_up_with_what_is_true_then(manager: Actor, promise: Promise) -> None:
    clockwork.round(promise.due_at + timedelta(days=30))
    assert (told("soon", manager), told("late", manager)) == (0, 1)


def test_lateness_is_told_once_and_also_to_who_waits(manager: Actor, resident: Actor, estate: Place) -> None:
    promise = made(manager, estate, matter=put_matter(estate, author=resident.person))
    for hours in (1, 2, 48):
        clockwork.round(promise.due_at + timedelta(hours=hours))
    assert (told("late", manager), told("late", resident)) == (1, 1)


def test_a_moved_day_is_told_anew(manager: Actor, promise: Promise) -> None:
    clockwork.round(promise.due_at - timedelta(days=1))
    moved(manager, promise, at=promise.due_at - timedelta(hours=1))
    promise.refresh_from_db()
    clockwork.round(promise.due_at - timedelta(days=1))
    assert told("soon", manager) == 2


def test_what_was_promised_only_today_needs_no_reminder(manager: Actor, estate: Place) -> None:
    promise = made(manager, estate, due_on=(NOW + timedelta(days=1)).date())
    clockwork.round(NOW + timedelta(hours=1))
    assert told("soon", manager) == 0
    clockwork.round(NOW + timedelta(hours=25))
    assert promise.due_at > NOW + timedelta(hours=25)
    assert told("soon", manager) == 1


def test_an_open_one_lapses_by_its_rule_once(manager: Actor, promise: Promise) -> None:
    Promise.objects.filter(pk=promise.pk).update(lapses_at=promise.due_at + timedelta(days=10))
    clockwork.round(promise.due_at + timedelta(days=9))
    promise.refresh_from_db()
    assert promise.state == "open"
    for _ in (1, 2):
        clockwork.round(promise.due_at + timedelta(days=11))
    promise.refresh_from_db()
    assert promise.state == "lapsed"
    assert verbs(promise.matter).count("promises.lapsed") == 1


def test_kept_and_withdrawn_ones_are_left_alone(manager: Actor, kept: Promise) -> None:
    clockwork.round(kept.due_at + timedelta(days=60))
    kept.refresh_from_db()
    assert kept.state == "kept"
    assert told("late", manager) == 0


def test_within_its_grace_it_is_not_late(manager: Actor, promise: Promise) -> None:
    Promise.objects.filter(pk=promise.pk).update(late_at=promise.due_at + timedelta(days=2))
    clockwork.round(promise.due_at + timedelta(days=1))
    assert told("late", manager) == 0
