""" "This was not me": asked, answered by somebody without a hand in it, and void with two keys."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import NOW, race
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions.actions.challenging import (
    answer_challenge,
    answer_due,
    challenge,
    confirm_voiding,
    decline_voiding,
    propose_voiding,
)
from hemei.decisions.models import Act, Challenge, Decision, Voiding
from hemei.decisions.standing import one_case
from hemei.decisions.tests.cast import Cast, faults, put_act, put_decision
from hemei.engines import decision as engine
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.people.models import Assistance
from hemei.promises.models import Promise

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def vote(cast: Cast) -> Decision:
    return put_decision(cast)


@pytest.fixture
def act(cast: Cast, vote: Decision) -> Act:
    return put_act(vote, "0201", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk))


def asked(cast: Cast, act: Act, **more: Any) -> dict[str, Any]:
    return {
        "actor": cast.owners["w0201"],
        "act": act,
        "words": "那天我在外地",
        "form_key": uuid.uuid4(),
        "at": NOW,
    } | more


def status(vote: Decision, at: Any = LATER) -> str:
    found = Decision.objects.select_related("roll").get(pk=vote.pk)
    return engine.tally(one_case(found, at)).status["03/1/0201"]


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=f"decisions.{kind}").values_list("recipient__name", flat=True))


def test_what_an_owner_says_is_answered_and_what_is_upheld_is_void_with_two_keys(
    cast: Cast, vote: Decision, act: Act
) -> None:
    asking = challenge(**asked(cast, act))
    promise = Promise.objects.get()
    assert (promise.owner_body, promise.owed_to_person, promise.due_at) == (vote.body, None, answer_due(NOW))
    assert told("challenged") == ["业委会主任", "乙干事"]
    done = answer_challenge(actor=cast.head, challenge=asking, upheld=True, answer="笔迹不符", at=NOW)
    assert answer_challenge(actor=cast.head, challenge=asking, upheld=True, answer="笔迹不符", at=LATER) == done
    with pytest.raises(Refused, match="that answer stands"):
        answer_challenge(actor=cast.head, challenge=asking, upheld=False, answer="是本人的", at=NOW)
    promise.refresh_from_db()
    assert promise.state == Promise.State.KEPT
    voiding = Voiding.objects.get()
    assert status(vote) == "for"
    with pytest.raises(NotAllowed, match="Two keys"):
        confirm_voiding(actor=cast.head, voiding=voiding, at=NOW)
    confirm_voiding(actor=cast.clerk, voiding=voiding, at=NOW)
    confirm_voiding(actor=cast.clerk, voiding=voiding, at=LATER)
    assert status(vote) == "none"
    assert told("challenge_answered") == told("act_voided") == ["业主201"]
    with pytest.raises(Refused, match="void already"):
        challenge(**asked(cast, act))
    assert faults() == []


def test_what_it_had_replaced_counts_again(cast: Cast, vote: Decision) -> None:
    put_act(vote, "0201", "against")
    paper = put_act(
        vote, "0201", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), at=NOW - timedelta(hours=2)
    )
    voiding = propose_voiding(actor=cast.head, act=paper, reason="同一编号两张", form_key=uuid.uuid4(), at=NOW)
    confirm_voiding(actor=cast.clerk, voiding=voiding, at=NOW)
    assert status(vote) == "against"


def test_what_is_not_upheld_stays_and_may_be_asked_once_more(cast: Cast, vote: Decision, act: Act) -> None:
    asking = challenge(**asked(cast, act))
    with pytest.raises(Refused, match="waits for its answer"):
        challenge(**asked(cast, act))
    answer_challenge(actor=cast.head, challenge=asking, upheld=False, answer="签名一致", at=NOW)
    assert (status(vote), Voiding.objects.count()) == ("for", 0)
    challenge(**asked(cast, act))
    assert faults() == []


def test_a_form_sent_twice_asks_once(cast: Cast, act: Act) -> None:
    form = asked(cast, act)
    assert challenge(**form) == challenge(**form)
    with pytest.raises(Refused, match="already sent with other words"):
        challenge(**(form | {"words": "别的"}))
    assert Promise.objects.count() == 1


def test_at_the_counter_a_clerk_writes_down_who_says_so(cast: Cast, act: Act) -> None:
    with pytest.raises(Refused, match="who says so"):
        challenge(**asked(cast, act, actor=cast.clerk))
    asking = challenge(**asked(cast, act, actor=cast.clerk, by_name="业主201"))
    assert (asking.by, asking.by_name) == (None, "业主201")
    answer_challenge(actor=cast.head, challenge=asking, upheld=False, answer="签名一致", at=NOW)
    assert told("challenge_answered") == []


def test_an_owner_who_is_helped_may_say_so(cast: Cast, act: Act) -> None:
    owner = cast.owners["w0201"]
    sitting = Assistance.objects.create(
        helper=cast.clerk.person,
        seat=cast.clerk.seat,
        principal=owner.person,
        way="counter",
        evidence="in person",
        began_at=NOW,
        form_key=uuid.uuid4(),
    )
    helped = Actor(person=cast.clerk.person, principal=owner.person, assistance=sitting, strong=True)
    assert challenge(**asked(cast, act, actor=helped)).by == owner.person


def test_who_had_a_hand_in_it_does_not_answer(cast: Cast, act: Act) -> None:
    asking = challenge(**asked(cast, act))
    for actor in (cast.clerk, cast.second_clerk):
        with pytest.raises(NotAllowed, match="neither entered nor confirmed"):
            answer_challenge(actor=actor, challenge=asking, upheld=False, answer="x", at=NOW)


@pytest.mark.parametrize(
    "who", ["property_clerk", "builder", "volunteer", "stranger", "administrator", "w0202", "w0602a"]
)
def test_nobody_else_has_a_say_in_it(cast: Cast, act: Act, who: str) -> None:
    actor = cast.owners[who] if who in cast.owners else getattr(cast, who)
    asking = challenge(**asked(cast, act))
    voiding = propose_voiding(actor=cast.head, act=act, reason="x", form_key=uuid.uuid4(), at=NOW)
    for call in (
        lambda: challenge(**asked(cast, act, actor=actor)),
        lambda: answer_challenge(actor=actor, challenge=asking, upheld=True, answer="x", at=NOW),
        lambda: propose_voiding(actor=actor, act=act, reason="x", form_key=uuid.uuid4(), at=NOW),
        lambda: confirm_voiding(actor=actor, voiding=voiding, at=NOW),
        lambda: decline_voiding(actor=actor, voiding=voiding, why="x", at=NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert Challenge.objects.count() == Voiding.objects.count() == 1


def test_a_co_owner_does_not_challenge_what_the_other_said(cast: Cast, vote: Decision) -> None:
    act = put_act(vote, "0602", "for", by="w0602a")
    with pytest.raises(NotAllowed):
        challenge(**asked(cast, act, actor=cast.owners["w0602b"]))


def test_once_counted_nothing_changes(cast: Cast, vote: Decision, act: Act) -> None:
    asking = challenge(**asked(cast, act))
    voiding = propose_voiding(actor=cast.head, act=act, reason="x", form_key=uuid.uuid4(), at=NOW)
    Decision.objects.filter(pk=vote.pk).update(certified_at=NOW, outcome="passed", file_hash="0" * 64)
    for call in (
        lambda: challenge(**asked(cast, act)),
        lambda: answer_challenge(actor=cast.head, challenge=asking, upheld=True, answer="x", at=NOW),
        lambda: propose_voiding(actor=cast.head, act=act, reason="x", form_key=uuid.uuid4(), at=NOW),
        lambda: confirm_voiding(actor=cast.clerk, voiding=voiding, at=NOW),
    ):
        with pytest.raises(Refused, match="counted and signed"):
            call()


def test_a_second_person_may_let_it_count_on_and_the_owner_reads_why(cast: Cast, vote: Decision, act: Act) -> None:
    asking = challenge(**asked(cast, act))
    answer_challenge(actor=cast.head, challenge=asking, upheld=True, answer="像是别人签的", at=NOW)
    voiding = Voiding.objects.get()
    decline_voiding(actor=cast.clerk, voiding=voiding, why="家人证明是本人签的", at=NOW)
    decline_voiding(actor=cast.clerk, voiding=voiding, why="家人证明是本人签的", at=LATER)
    assert (status(vote), told("voiding_declined")) == ("for", ["业主201"])
    with pytest.raises(Refused, match="decided already"):
        confirm_voiding(actor=cast.clerk, voiding=voiding, at=NOW)
    propose_voiding(actor=cast.head, act=act, reason="又查到一张", form_key=uuid.uuid4(), at=NOW)
    assert faults() == []


def test_a_voiding_is_proposed_once_and_only_of_what_counts(cast: Cast, vote: Decision, act: Act) -> None:
    form = {"actor": cast.head, "act": act, "reason": "同一编号两张", "form_key": uuid.uuid4(), "at": NOW}
    assert propose_voiding(**form) == propose_voiding(**form)
    with pytest.raises(Refused, match="already sent with other words"):
        propose_voiding(**(form | {"reason": "别的"}))
    with pytest.raises(Refused, match="proposed already"):
        propose_voiding(**(form | {"form_key": uuid.uuid4()}))
    waits = put_act(vote, "0202", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), confirmed=False)
    back = put_act(vote, "0301", kind="revoke")
    for one, why in ((waits, "second clerk declines"), (back, "cannot be void")):
        with pytest.raises(Refused, match=why):
            propose_voiding(actor=cast.head, act=one, reason="x", form_key=uuid.uuid4(), at=NOW)


def test_five_working_days_leave_out_saturday_and_sunday() -> None:
    friday = datetime(2026, 9, 11, 10, tzinfo=UTC)
    assert answer_due(friday).date() == datetime(2026, 9, 18, tzinfo=UTC).date()
    assert answer_due(NOW).date() == datetime(2026, 9, 18, tzinfo=UTC).date()  # a Saturday


@pytest.mark.django_db(transaction=True)
def test_of_eight_second_keys_one_turns(cast: Cast, vote: Decision, act: Act) -> None:
    voiding = propose_voiding(actor=cast.head, act=act, reason="x", form_key=uuid.uuid4(), at=NOW)
    actors = iter([cast.clerk, cast.second_clerk] * 4)
    outcome = race(8, lambda: confirm_voiding(actor=next(actors), voiding=voiding, at=NOW).confirmed_by_id)
    assert (outcome.done, len(outcome.refused), len(set(outcome.results))) == (4, 4, 1)
