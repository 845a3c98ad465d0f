"""Statements and reasons: said once, read first where the organiser wants it, never changed after an answer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from conftest import NOW, own, put_person, race
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.consultations import actions
from hemei.consultations.actions import AlreadySaid, speaking
from hemei.consultations.models import Argument, Statement
from hemei.consultations.tests.conftest import CLOSES, Make, first, fresh, say, vote
from hemei.ledger.tests.forging import faults


def argue(actor: Any, consultation: Any, text: str = "外来车辆会穿小区", **more: Any) -> Argument:
    words = {"side": "against", "stake": "safety", "form_key": uuid4(), "at": NOW, **more}
    return actions.add_argument(actor=actor, consultation=consultation, text=text, **words)


def test_a_statement_waits_to_be_read(resident, walls):
    key = uuid4()
    one = say(resident, walls, form_key=key)
    assert say(resident, walls, form_key=key) == one
    assert (one.state, one.number, one.author_kind) == ("waiting", 4, "resident")
    assert fresh(walls).statements == 3
    assert not faults()


def test_or_appears_at_once_where_the_organiser_reads_afterwards(resident, announced: Make):
    walls = announced(moderation="after")
    assert say(resident, walls).state == "accepted"
    assert fresh(walls).statements == 4


def test_the_same_form_with_other_words_is_refused(resident, walls):
    key = uuid4()
    say(resident, walls, form_key=key)
    with pytest.raises(Refused, match="already sent with other words"):
        say(resident, walls, "别的话。", form_key=key)


def test_the_same_sentence_stands_once_however_it_is_written(resident, owner_upstairs, walls):
    with pytest.raises(AlreadySaid) as refusal:
        say(resident, walls, " 后门，要装门禁！")
    assert (refusal.value.number, refusal.value.field) == (2, "text")
    say(resident, walls)
    with pytest.raises(AlreadySaid, match="wait to be read") as refusal:
        say(owner_upstairs, walls)
    assert refusal.value.number is None


def test_who_may_not_speak(visitor, stranger, newcomer, announced: Make):
    walls = announced(who_speaks="confirmed", who_votes="confirmed")
    for actor in (visitor, stranger, newcomer):
        with pytest.raises(NotAllowed, match="confirmed"):
            say(actor, walls)
        with pytest.raises(NotAllowed):
            argue(actor, walls)
    assert Statement.objects.count() == 3


def test_nothing_is_said_before_opening_or_from_the_second_of_the_close_on(resident, announced: Make):
    walls = announced(opens_at=NOW + timedelta(hours=1))
    with pytest.raises(Refused, match="opens on"):
        say(resident, walls)
    say(resident, walls, at=CLOSES - timedelta(seconds=1))
    with pytest.raises(Refused, match="closed on"):
        say(resident, walls, "一秒之后。", at=CLOSES)


@pytest.mark.parametrize(("text", "told"), [("", "Write a sentence"), ("长" * 141, "At most 140")])
def test_empty_and_too_long_is_refused_beside_the_field(resident, walls, text, told):
    with pytest.raises(Refused, match=told) as refusal:
        say(resident, walls, text)
    assert refusal.value.field == "text"


def test_one_voice_does_not_fill_the_queue(resident, walls, monkeypatch):
    monkeypatch.setattr(speaking, "WAITING_MAX", 3)
    for number in range(3):
        say(resident, walls, f"第 {number} 句话")
    with pytest.raises(Refused, match="still wait"):
        say(resident, walls, "再来一句")


def test_too_many_in_an_hour(resident, announced: Make):
    walls = announced(moderation="after")
    for number in range(speaking.WORDS_AN_HOUR):
        say(resident, walls, f"第 {number} 句话")
    with pytest.raises(TooMany):
        say(resident, walls, "再来一句")


def test_organisers_and_members_are_named_as_such(steward, walls):
    assert first(walls).author_kind == "organiser"
    assert say(steward, walls).author_kind == "organiser"


def test_words_are_put_right_before_the_first_answer_only(resident, owner_upstairs, announced: Make):
    walls = announced(moderation="after")
    one = say(resident, walls)
    again = actions.correct_statement(actor=resident, statement=one, text="晚上十一点以后关门。", at=NOW)
    assert (again.pk, again.text, again.number) == (one.pk, "晚上十一点以后关门。", 5)
    assert actions.correct_statement(actor=resident, statement=one, text=again.text, at=NOW).number == 5
    with pytest.raises(Refused, match="not shown any more"):
        actions.cast_vote(  # the page still holds the old words and the old number
            actor=owner_upstairs,
            statement=Statement(pk=one.pk, number=one.number, consultation=fresh(walls)),
            answer=1,
            form_key=uuid4(),
            at=NOW,
        )
    vote(owner_upstairs, again)
    with pytest.raises(Refused, match="Somebody has answered"):
        actions.correct_statement(actor=resident, statement=again, text="又改。", at=NOW)
    with pytest.raises(NotAllowed):
        actions.correct_statement(actor=owner_upstairs, statement=again, text="我来改。", at=NOW)
    assert not faults()


def test_corrected_words_are_read_again_where_each_is_read(resident, steward, walls):
    one = say(resident, walls)
    actions.accept_words(actor=steward, words=one, form_key=uuid4(), at=NOW)
    again = actions.correct_statement(actor=resident, statement=one, text="换个说法。", at=NOW)
    assert again.state == "waiting"
    assert fresh(walls).statements == 3
    with pytest.raises(AlreadySaid):
        actions.correct_statement(actor=resident, statement=one, text="后门要装门禁。", at=NOW)


def test_reasons_stand_on_the_question_or_on_a_statement(resident, owner_upstairs, announced: Make):
    walls = announced(moderation="after")
    key = uuid4()
    one = argue(resident, walls, form_key=key)
    assert argue(resident, walls, form_key=key) == one
    with pytest.raises(AlreadySaid):
        argue(owner_upstairs, walls)
    argue(owner_upstairs, walls, side="for")
    argue(owner_upstairs, walls, statement=first(walls))
    assert [a.number for a in Argument.objects.order_by("pk")] == [1, 2, 3]
    assert fresh(walls).arguments == 3
    assert not faults()


def test_a_reason_on_a_hidden_statement_is_refused(resident, steward, walls):
    one = first(walls)
    Statement.objects.filter(pk=one.pk).update(state="rejected")
    with pytest.raises(Refused, match="takes no reasons"):
        argue(resident, walls, statement=one)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_same_statements_at_once_one_stands(resident, walls):
    key = uuid4()
    assert race(50, lambda: say(resident, walls, form_key=key)).done == 50
    assert Statement.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_fifty_forms_with_the_same_sentence_at_once_one_stands(walls):
    people = iter([own(put_person(f"邻居{number}", f"+86139000000{number:02d}")) for number in range(50)])
    outcome = race(50, lambda: say(next(people), walls))
    assert (outcome.done, len(outcome.refused)) == (1, 49)
    assert Statement.objects.count() == 4
    assert not faults()
