"""Telling what happened, changing who sees it, closing and opening again."""

from uuid import uuid4

import pytest
from django.db import transaction

from conftest import race, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.ledger.queries import timeline_of
from hemei.ledger.tests.forging import faults
from hemei.matters import actions
from hemei.matters.actions import change_visibility, close_matter, reopen_matter, tell_what_happened
from hemei.matters.models import Handling, Matter
from hemei.matters.steps import open_matter

V = Matter.Visibility


@pytest.fixture
def matter(steward, estate, now) -> Matter:
    words = {"title": "四条弄堂之间的围墙", "verb": "matters.opened", "step": "raised"}
    with transaction.atomic():
        return open_matter(actor=steward, place=estate, at=now, **words)


def told(**more):
    words = {"text": "量了围墙，128 米。", "source": "现场", "form_key": uuid4()}
    return {**words, **more}


def test_what_happened_stands_in_the_timeline_with_its_source(clerk, matter, now):
    tell_what_happened(actor=clerk, matter=matter, at=now, **told(text_en="128 metres of wall."))
    line = timeline_of(matter)[0]
    assert line.verb == "matters.told"
    assert line.public == {
        "text": "量了围墙，128 米。", "text_en": "128 metres of wall.", "source": "现场",
        "by": {"way": "own", "body": clerk.seat.body_id},
    }  # fmt: skip


def test_who_sees_it_changes_with_a_reason_and_both_stand_in_the_ledger(clerk, matter, stranger, now):
    change_visibility(actor=clerk, matter=matter, visibility=V.AREA, reason="涉及住户", form_key=uuid4(), at=now)
    matter.refresh_from_db()
    assert matter.visibility == V.AREA
    public = timeline_of(matter)[0].public
    assert (public["before"], public["after"], public["reason"]) == ("public", "area", "涉及住户")
    assert faults() == []


def test_it_is_closed_and_opened_again_with_reasons(clerk, matter, now):
    close_matter(actor=clerk, matter=matter, reason="墙拆完了", form_key=uuid4(), at=now)
    matter.refresh_from_db()
    assert matter.closed_at == now
    reopen_matter(actor=clerk, matter=matter, reason="还剩一段", form_key=uuid4(), at=now)
    matter.refresh_from_db()
    assert matter.closed_at is None
    assert verbs(matter) == ["matters.opened", "matters.closed", "matters.reopened"]
    assert faults() == []


def test_what_is_so_already_is_refused_with_what_to_do(clerk, matter, now):
    with pytest.raises(Refused, match="so already") as refusal:
        change_visibility(actor=clerk, matter=matter, visibility=V.PUBLIC, reason="x", form_key=uuid4(), at=now)
    assert refusal.value.field == "visibility"
    with pytest.raises(Refused, match="is open"):
        reopen_matter(actor=clerk, matter=matter, reason="x", form_key=uuid4(), at=now)
    close_matter(actor=clerk, matter=matter, reason="x", form_key=uuid4(), at=now)
    with pytest.raises(Refused, match="closed already"):
        close_matter(actor=clerk, matter=matter, reason="x", form_key=uuid4(), at=now)


def test_a_form_sent_twice_acts_once_also_long_after(clerk, matter, now):
    form = {"reason": "墙拆完了", "form_key": uuid4()}
    first = close_matter(actor=clerk, matter=matter, at=now, **form)
    assert close_matter(actor=clerk, matter=matter, at=now, **form) == first
    reopen_matter(actor=clerk, matter=matter, reason="还剩一段", form_key=uuid4(), at=now)
    close_matter(actor=clerk, matter=matter, at=now, **form)  # an old page, sent again
    matter.refresh_from_db()
    assert matter.closed_at is None
    assert verbs(matter).count("matters.closed") == 1


def test_the_same_form_with_other_words_is_refused(clerk, matter, now):
    form = told()
    tell_what_happened(actor=clerk, matter=matter, at=now, **form)
    with pytest.raises(Refused, match="already sent with other words"):
        tell_what_happened(actor=clerk, matter=matter, at=now, **{**form, "text": "别的话"})
    with pytest.raises(Refused, match="already sent with other words"):
        close_matter(actor=clerk, matter=matter, at=now, reason="x", form_key=form["form_key"])
    assert verbs(matter) == ["matters.opened", "matters.told"]


@pytest.mark.parametrize("who", ["visitor", "guest", "stranger", "resident", "clerk_elsewhere"])
def test_nobody_else_may(who, matter, now, request):
    actor = request.getfixturevalue(who)
    for act in (
        lambda: tell_what_happened(actor=actor, matter=matter, at=now, **told()),
        lambda: close_matter(actor=actor, matter=matter, reason="x", form_key=uuid4(), at=now),
        lambda: reopen_matter(actor=actor, matter=matter, reason="x", form_key=uuid4(), at=now),
        lambda: change_visibility(
            actor=actor, matter=matter, visibility=V.CONFIDENTIAL, reason="x", form_key=uuid4(), at=now
        ),
    ):
        with pytest.raises(NotAllowed, match="looks after"):
            act()
    assert not Handling.objects.exists()
    assert verbs(matter) == ["matters.opened"]


def test_a_confidential_matter_is_out_of_reach_for_the_clerk_of_the_area(clerk, steward, matter, now):
    change_visibility(actor=steward, matter=matter, visibility=V.CONFIDENTIAL, reason="x", form_key=uuid4(), at=now)
    with pytest.raises(NotAllowed):
        change_visibility(actor=clerk, matter=matter, visibility=V.PUBLIC, reason="x", form_key=uuid4(), at=now)


def test_a_flood_is_slowed_down(clerk, matter, now, monkeypatch):
    monkeypatch.setattr(actions, "HANDLINGS_AN_HOUR", 2)
    for _ in range(2):
        tell_what_happened(actor=clerk, matter=matter, at=now, **told())
    with pytest.raises(TooMany):
        tell_what_happened(actor=clerk, matter=matter, at=now, **told())


@pytest.mark.django_db(transaction=True)
def test_of_eight_closings_at_once_one_counts_and_the_others_are_told(clerk, matter, now):
    outcome = race(8, lambda: close_matter(actor=clerk, matter=matter, reason="x", form_key=uuid4(), at=now))
    assert (outcome.done, len(outcome.refused)) == (1, 7)
    assert verbs(matter) == ["matters.opened", "matters.closed"]


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_of_one_form_at_once_one_counts(clerk, matter, now):
    form = told()
    outcome = race(8, lambda: tell_what_happened(actor=clerk, matter=matter, at=now, **form))
    assert outcome.done == 8
    assert len({one.pk for one in outcome.results}) == 1
    assert verbs(matter) == ["matters.opened", "matters.told"]
