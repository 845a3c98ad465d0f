"""What is said is read by somebody else, hidden with a reason, and looked at again by a third."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from conftest import NOW, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.consultations import actions, queries
from hemei.consultations.models import ModerationAct
from hemei.consultations.tests.conftest import first, fresh, say
from hemei.consultations.tests.test_speak import argue
from hemei.ledger.queries import timeline_of
from hemei.ledger.tests.forging import faults
from hemei.notices.models import Notice


def reject(actor: Any, words: Any, **more: Any) -> ModerationAct:
    said = {"ground": "personal", "reason": "写了邻居的名字。", "form_key": uuid4(), "at": NOW, **more}
    return actions.reject_words(actor=actor, words=words, **said)


def accept(actor: Any, words: Any, **more: Any) -> ModerationAct:
    return actions.accept_words(actor=actor, words=words, **{"form_key": uuid4(), "at": NOW, **more})


def test_accepted_words_are_shown_and_their_author_is_told(resident, steward, walls):
    one, reason, key = say(resident, walls), argue(resident, walls), uuid4()
    act = accept(steward, one, form_key=key)
    assert accept(steward, one, form_key=key) == act
    accept(steward, reason)
    stands = fresh(walls)
    assert (stands.statements, stands.arguments) == (4, 1)
    assert Notice.objects.filter(recipient=resident.person, kind="consultations.accepted").count() == 2
    with pytest.raises(Refused, match="read it already"):
        accept(steward, one)
    assert not faults()


def test_hidden_words_leave_a_public_reason_and_no_words(resident, visitor, steward, walls):
    one = say(resident, walls, "王阿姨家太吵。")
    reject(steward, one)
    with pytest.raises(Http404):
        queries.statement_for(viewer=visitor, pk=walls.pk, number=one.number)
    assert queries.statement_for(viewer=resident, pk=walls.pk, number=one.number) == one
    (act,) = queries.log_of(consultation=walls)
    assert (act.ground, act.reason) == ("personal", "写了邻居的名字。")
    lines = timeline_of(walls.matter)
    assert lines[0].verb == "consultations.rejected"
    assert not any("王阿姨" in str(line.public) for line in lines)
    assert Notice.objects.get(recipient=resident.person).kind == "consultations.rejected"
    assert not faults()


def test_words_that_were_shown_can_be_hidden_later(resident, steward, walls):
    one = first(walls)
    with pytest.raises(NotAllowed, match="own words"):
        reject(steward, one)
    said = say(resident, walls)
    accept(steward, said)
    reject(steward, said)
    assert fresh(walls).statements == 3
    with pytest.raises(Refused, match="hidden already"):
        reject(steward, said)
    actions.restore_words(actor=steward, words=said, reason="看错了。", form_key=uuid4(), at=NOW)
    assert fresh(walls).statements == 4
    assert not faults()


@pytest.mark.parametrize(("more", "field"), [({"reason": ""}, "reason"), ({"ground": "taste"}, "ground")])
def test_hiding_needs_a_ground_and_a_reason(resident, steward, walls, more, field):
    with pytest.raises(Refused) as refusal:
        reject(steward, say(resident, walls), **more)
    assert refusal.value.field == field
    assert not ModerationAct.objects.exists()


def test_residents_and_other_staff_decide_nothing(resident, owner_upstairs, clerk_elsewhere, walls):
    one = say(resident, walls)
    for actor in (resident, owner_upstairs, clerk_elsewhere):
        with pytest.raises(NotAllowed):
            accept(actor, one)
        with pytest.raises(NotAllowed):
            reject(actor, one)
    assert queries.queue_length(consultation=walls) == 1


def test_an_appeal_is_decided_by_somebody_else_than_who_hid_it(resident, owner_upstairs, steward, clerk, walls):
    one = say(resident, walls)
    reject(steward, one)
    with pytest.raises(NotAllowed, match="Only who said it"):
        actions.appeal(actor=owner_upstairs, words=one, reason="x", form_key=uuid4(), at=NOW)
    key = uuid4()
    asked = actions.appeal(actor=resident, words=one, reason="没有写名字。", form_key=key, at=NOW)
    assert actions.appeal(actor=resident, words=one, reason="没有写名字。", form_key=key, at=NOW) == asked
    with pytest.raises(Refused, match="done once"):
        actions.appeal(actor=resident, words=one, reason="再看。", form_key=uuid4(), at=NOW)
    decide = {"appeal": asked, "shown": True, "reason": "是没有名字。", "at": NOW}
    with pytest.raises(NotAllowed, match="colleague"):
        actions.decide_appeal(actor=steward, form_key=uuid4(), **decide)
    with pytest.raises(Refused, match="second look"):
        actions.restore_words(actor=steward, words=one, reason="x", form_key=uuid4(), at=NOW)
    assert [waiting.appeal for waiting in queries.queue_of(consultation=walls)] == [asked]
    actions.decide_appeal(actor=clerk, form_key=uuid4(), **decide)
    assert queries.statement_for(viewer=owner_upstairs, pk=walls.pk, number=one.number).state == "accepted"
    with pytest.raises(Refused, match="decided this appeal"):
        actions.decide_appeal(actor=clerk, form_key=uuid4(), **decide)
    with pytest.raises(Refused, match="that stands"):
        reject(clerk, one)
    assert verbs(walls.matter)[-3:-2] == ["consultations.restored"]
    assert not faults()


def test_an_appeal_may_be_turned_down(resident, steward, clerk, walls):
    reason = argue(resident, walls)
    reject(steward, reason)
    asked = actions.appeal(actor=resident, words=reason, reason="看看。", form_key=uuid4(), at=NOW)
    actions.decide_appeal(actor=clerk, appeal=asked, shown=False, reason="还是不行。", form_key=uuid4(), at=NOW)
    reason.refresh_from_db()
    assert (reason.state, reason.moderated_by) == ("rejected", steward.person)
    assert fresh(walls).arguments == 0
    assert not faults()


def test_what_is_shown_or_waits_needs_no_appeal(resident, walls):
    one = say(resident, walls)
    with pytest.raises(Refused, match="not hidden"):
        actions.appeal(actor=resident, words=one, reason="x", form_key=uuid4(), at=NOW)


def test_what_appeared_at_once_is_read_afterwards(resident, steward, announced):
    walls = announced(moderation="after")
    one = say(resident, walls)
    assert queries.queue_length(consultation=walls) == 1
    accept(steward, one)
    assert (queries.queue_length(consultation=walls), fresh(walls).statements) == (0, 4)
    assert not Notice.objects.filter(recipient=resident.person).exists()
    actions.correct_statement(actor=resident, statement=one, text="晚上十一点以后关门。", at=NOW)
    assert [waiting.words.text for waiting in queries.queue_of(consultation=walls)] == ["晚上十一点以后关门。"]
    assert not faults()
