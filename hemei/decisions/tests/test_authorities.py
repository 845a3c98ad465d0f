"""An owner lets somebody vote for a home, on screen or on paper; what the engine makes of it."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from conftest import NOW, put_person, race
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions.actions.authorities import (
    confirm_authority,
    decline_authority,
    enter_authority,
    give_authority,
    withdraw_authority,
)
from hemei.decisions.actions.own import consent
from hemei.decisions.models import Act, Authority, Decision
from hemei.decisions.queries.own import agents_of
from hemei.decisions.standing import one_case
from hemei.decisions.tests.cast import Cast, faults, put_act, put_authority, put_decision, slot_of
from hemei.decisions.voices import given_voices, own_voices
from hemei.engines import decision as engine
from hemei.notices.models import Notice
from hemei.people.actor import Actor

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def vote(cast: Cast) -> Decision:
    return put_decision(cast)


def given(owner: Actor, vote: Decision, agent: Actor, **more: Any) -> dict[str, Any]:
    assert agent.person is not None
    words = {
        "actor": owner,
        "decision": vote,
        "homes": [voice.value for voice in own_voices(owner, vote)],
        "agent_name": agent.person.name,
        "phone": agent.person.phone,
        "form_key": uuid.uuid4(),
        "at": NOW,
    }
    return words | more


def entered(cast: Cast, vote: Decision, **more: Any) -> dict[str, Any]:
    words = {
        "actor": cast.clerk,
        "decision": vote,
        "slot": slot_of(vote, "0201"),
        "owner": "w0201",
        "agent_name": "路人",
        "phone": "13900000008",
        "written": True,
        "received_at": NOW - timedelta(hours=1),
        "form_key": uuid.uuid4(),
        "at": NOW,
    }
    return words | more


def typed(**more: Any) -> dict[str, Any]:
    return {"owner": "w0201", "agent_name": "路人", "written": True, "at": NOW} | more


def votes_as(agent: Actor, vote: Decision, choice: str = "for", **more: Any) -> list[Act]:
    homes = [voice.value for voice in given_voices(agent, vote)]
    words = {"actor": agent, "decision": vote, "homes": homes, "choice": choice, "form_key": uuid.uuid4(), "at": NOW}
    return consent(**(words | more))


def tallied(vote: Decision, at: Any = LATER) -> Any:
    return engine.tally(one_case(Decision.objects.select_related("roll").get(pk=vote.pk), at))


def status(vote: Decision, at: Any = LATER) -> str:
    return tallied(vote, at).status["03/1/0201"]


def flags(vote: Decision) -> list[str]:
    return [flag for flag, _unit in tallied(vote).flags]


def told(kind: str) -> list[str]:
    rows = Notice.objects.filter(kind=f"decisions.{kind}")
    return sorted(rows.values_list("recipient__name", flat=True))


def limited(vote: Decision, most: int) -> Decision:
    rule = vote.rule | {"proxy": {"written_required": True, "own_act_overrides": True, "max_principals": most}}
    Decision.objects.filter(pk=vote.pk).update(rule=rule)
    return Decision.objects.select_related("matter", "place", "roll", "body", "drive", "linked__roll").get(pk=vote.pk)


def test_an_owner_authorises_somebody_who_votes_on_screen_and_the_owner_is_told(cast: Cast, vote: Decision) -> None:
    (one,) = give_authority(**given(cast.owners["w0201"], vote, cast.stranger))
    assert (one.agent, one.written, one.agent_person) == (f"agent:{one.pk}", True, cast.stranger.person)
    (act,) = votes_as(cast.stranger, vote)
    assert (act.by, act.for_owner, act.authority, act.person) == (one.agent, "w0201", one, cast.stranger.person)
    assert status(vote) == "for"
    assert told("voted_by_agent") == ["业主201"]
    assert told("agent_named") == ["路人"]
    assert faults() == []


def test_the_owners_own_vote_comes_first_whenever_it_comes(cast: Cast, vote: Decision) -> None:
    owner = cast.owners["w0201"]
    give_authority(**given(owner, vote, cast.stranger))
    votes_as(cast.stranger, vote)
    homes = [voice.value for voice in own_voices(owner, vote)]
    consent(actor=owner, decision=vote, homes=homes, choice="against", form_key=uuid.uuid4(), at=NOW)
    votes_as(cast.stranger, vote, at=NOW + timedelta(minutes=1))
    assert status(vote) == "against"


def test_a_form_sent_twice_gives_one_authority_and_with_other_words_is_refused(cast: Cast, vote: Decision) -> None:
    form = given(cast.owners["w0501"], vote, cast.stranger)
    assert give_authority(**form) == give_authority(**form)
    assert Authority.objects.count() == 2
    for other in ({"agent_name": "别人"}, {"instruction": "for"}, {"homes": form["homes"][:1]}):
        with pytest.raises(Refused, match="already sent"):
            give_authority(**(form | other))


def test_one_agent_of_several_homes_is_one_person_for_the_engine(cast: Cast, vote: Decision) -> None:
    give_authority(**given(cast.owners["w0201"], vote, cast.stranger))
    (second,) = give_authority(**given(cast.owners["w0202"], vote, cast.stranger, phone=""))
    assert second.agent == Authority.objects.order_by("pk")[0].agent


def test_an_agent_at_the_limit_is_refused_on_screen_and_flagged_on_paper(cast: Cast, vote: Decision) -> None:
    vote = limited(vote, 1)
    give_authority(**given(cast.owners["w0202"], vote, cast.stranger))
    with pytest.raises(Refused, match="as many owners as the rule allows, 1"):
        give_authority(**given(cast.owners["w0201"], vote, cast.stranger))
    paper = enter_authority(**entered(cast, vote))
    confirm_authority(actor=cast.second_clerk, authority=paper, **typed())
    votes_as(cast.stranger, vote, homes=[f"a{paper.pk}"])
    # the paper came in an hour before, so it has the one place and the screen's authority is over the limit
    assert status(vote) == "for"
    votes_as(cast.stranger, vote, homes=[f"a{Authority.objects.get(owner='w0202').pk}"])
    assert flags(vote) == ["proxy_invalid", "proxy_over_limit"]


@pytest.mark.parametrize("words", [{"phone": ""}, {"agent_name": "写错了"}])
def test_without_the_right_number_nobody_votes_on_screen(cast: Cast, vote: Decision, words: dict[str, Any]) -> None:
    (one,) = give_authority(**given(cast.owners["w0201"], vote, cast.stranger, **words))
    assert one.agent_person is None
    with pytest.raises(NotAllowed):
        votes_as(cast.stranger, vote, homes=[f"a{one.pk}"])


def test_an_authority_that_ended_or_was_withdrawn_is_of_no_use_and_what_was_done_stays(
    cast: Cast, vote: Decision
) -> None:
    owner = cast.owners["w0201"]
    (one,) = give_authority(**given(owner, vote, cast.stranger, expires_on=date(2026, 9, 13)))
    votes_as(cast.stranger, vote)
    after = NOW + timedelta(days=3)
    with pytest.raises(Refused, match="has ended"):
        votes_as(cast.stranger, vote, "against", at=after)
    withdraw_authority(actor=owner, authority=one, at=NOW + timedelta(minutes=5))
    assert withdraw_authority(actor=owner, authority=one, at=LATER).withdrawn_at == NOW + timedelta(minutes=5)
    with pytest.raises(Refused, match="has ended"):
        votes_as(cast.stranger, vote, "against", at=NOW + timedelta(minutes=6))
    assert status(vote) == "for"
    assert told("agent_ended") == ["路人"]
    assert faults() == []


def test_the_engine_flags_an_agent_whose_authority_ended_was_withdrawn_or_was_spoken(
    cast: Cast, vote: Decision
) -> None:
    ended = put_authority(vote, "0201", cast.stranger, expires_at=NOW - timedelta(hours=1))
    words = {"by": ended.agent, "for_owner": "w0201", "authority": ended, "at": NOW}
    put_act(vote, "0201", "for", **words)
    assert flags(vote) == ["proxy_invalid"]
    put_authority(vote, "0202", cast.stranger, withdrawn_at=NOW - timedelta(hours=1))
    put_act(vote, "0202", "for", **(words | {"for_owner": "w0202"}))
    vote = limited(vote, 3)
    spoken = enter_authority(
        **entered(cast, vote, slot=slot_of(vote, "0301"), owner="w0301", written=False, agent_name="路人")
    )
    confirm_authority(actor=cast.second_clerk, authority=spoken, **typed(owner="w0301", written=False))
    votes_as(cast.stranger, vote, homes=[f"a{spoken.pk}"])
    assert flags(vote) == ["proxy_invalid", "proxy_invalid", "proxy_invalid", "proxy_not_written"]
    assert {tallied(vote).status[f"03/1/{key}"] for key in ("0201", "0202", "0301")} == {"none"}


def test_against_the_owners_word_it_does_not_count(cast: Cast, vote: Decision) -> None:
    give_authority(**given(cast.owners["w0201"], vote, cast.stranger, instruction="against"))
    votes_as(cast.stranger, vote, "for")
    assert (status(vote), flags(vote)) == ("none", ["proxy_against_instruction"])
    votes_as(cast.stranger, vote, "against", at=NOW + timedelta(minutes=1))
    assert status(vote) == "against"


def test_a_paper_holds_once_a_second_clerk_typed_the_same(cast: Cast, vote: Decision) -> None:
    form = entered(cast, vote, instruction="for")
    paper = enter_authority(**form)
    assert enter_authority(**form) == paper
    with pytest.raises(Refused, match="already sent"):
        enter_authority(**(form | {"instruction": "against"}))
    assert told("authority_entered") == ["业主201"]
    with pytest.raises(Refused, match="not confirmed"):
        votes_as(cast.stranger, vote)
    with pytest.raises(NotAllowed, match="Two clerks"):
        confirm_authority(actor=cast.clerk, authority=paper, **typed(instruction="for"))
    for other in (
        {"instruction": ""},
        {"instruction": "against"},
        {"agent_name": "别人"},
        {"written": False},
        {"owner": "w0202"},
    ):
        with pytest.raises(Refused, match="read something else"):
            confirm_authority(actor=cast.second_clerk, authority=paper, **(typed(instruction="for") | typed(**other)))
    confirmed = confirm_authority(actor=cast.second_clerk, authority=paper, **typed(instruction="for"))
    assert confirm_authority(actor=cast.second_clerk, authority=paper, **typed(instruction="for")) == confirmed
    with pytest.raises(Refused, match="decided already"):
        confirm_authority(actor=cast.head, authority=paper, **typed(instruction="for"))
    votes_as(cast.stranger, vote)
    assert status(vote) == "for"
    assert faults() == []


def test_a_declined_paper_never_held_and_its_owner_reads_why(cast: Cast, vote: Decision) -> None:
    paper = enter_authority(**entered(cast, vote))
    with pytest.raises(NotAllowed):
        decline_authority(actor=cast.clerk, authority=paper, why="没有签名", at=NOW)
    first = decline_authority(actor=cast.second_clerk, authority=paper, why="没有签名", at=NOW)
    assert decline_authority(actor=cast.second_clerk, authority=paper, why="没有签名", at=LATER) == first
    with pytest.raises(Refused, match="decided already"):
        confirm_authority(actor=cast.second_clerk, authority=paper, **typed())
    assert told("authority_declined") == ["业主201"]
    with pytest.raises(Refused, match="never held"):
        withdraw_authority(actor=cast.owners["w0201"], authority=paper, at=NOW)
    assert faults() == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"received_at": NOW + timedelta(minutes=1)}, "lies ahead"),
        ({"received_at": NOW - timedelta(days=5)}, "outside the vote"),
        ({"phone": "139"}, "No telephone has this number"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(cast: Cast, vote: Decision, words: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        enter_authority(**entered(cast, vote, **words))
    assert not Authority.objects.exists()


def test_on_screen_some_are_no_agents(cast: Cast, vote: Decision) -> None:
    owner = cast.owners["w0201"]
    with pytest.raises(Refused, match="your own number"):
        give_authority(**given(owner, vote, owner))
    with pytest.raises(Refused, match="Who counts this vote"):
        give_authority(**given(owner, vote, cast.counters[0]))
    with pytest.raises(Refused, match="has passed"):
        give_authority(**given(owner, vote, cast.stranger, expires_on=date(2026, 9, 1)))
    give_authority(**given(owner, vote, cast.stranger))
    with pytest.raises(Refused, match="may vote for 201室 already"):
        give_authority(**given(owner, vote, cast.owners["w0301"]))


@pytest.mark.parametrize(("state", "why"), [("announced", "not opened"), ("closed", "has closed")])
def test_it_is_given_while_the_vote_is_open(cast: Cast, state: str, why: str) -> None:
    vote = put_decision(cast, state)
    with pytest.raises(Refused, match=why):
        give_authority(**given(cast.owners["w0201"], vote, cast.stranger))


@pytest.mark.parametrize("who", ["property_clerk", "builder", "volunteer", "stranger", "administrator"])
def test_nobody_else_enters_confirms_declines_or_withdraws(cast: Cast, vote: Decision, who: str) -> None:
    actor, paper = getattr(cast, who), enter_authority(**entered(cast, vote, phone=""))
    for act in (
        lambda: enter_authority(**entered(cast, vote, actor=actor)),
        lambda: confirm_authority(actor=actor, authority=paper, **typed()),
        lambda: decline_authority(actor=actor, authority=paper, why="x", at=NOW),
        lambda: withdraw_authority(actor=actor, authority=paper, why="x", at=NOW),
        lambda: give_authority(**given(cast.owners["w0201"], vote, cast.stranger, actor=actor)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_owner_withdraws_only_what_they_gave_and_the_desk_says_what_it_saw(cast: Cast, vote: Decision) -> None:
    (one,) = give_authority(**given(cast.owners["w0201"], vote, cast.stranger))
    for actor in (cast.owners["w0202"], cast.stranger):
        with pytest.raises(NotAllowed, match="owner who gave it"):
            withdraw_authority(actor=actor, authority=one, at=NOW)
    with pytest.raises(Refused, match="what the owner handed in"):
        withdraw_authority(actor=cast.clerk, authority=one, at=NOW)
    withdraw_authority(actor=cast.clerk, authority=one, why="撤回书，本人签字", at=NOW)
    assert told("authority_withdrawn") == ["业主201"]


def test_an_agent_may_not_be_the_clerk_who_confirms(cast: Cast, vote: Decision) -> None:
    paper = enter_authority(**entered(cast, vote, agent_name="乙干事", phone="13900000002"))
    assert paper.agent_person == cast.second_clerk.person
    with pytest.raises(NotAllowed, match="named in it"):
        confirm_authority(actor=cast.second_clerk, authority=paper, **typed(agent_name="乙干事"))


def test_agents_of_a_home_are_those_whose_authority_holds_or_waits(cast: Cast, vote: Decision) -> None:
    slot = slot_of(vote, "0201")
    waits = enter_authority(**entered(cast, vote))
    assert agents_of(slot, NOW) == [waits]
    decline_authority(actor=cast.second_clerk, authority=waits, why="x", at=NOW)
    assert agents_of(slot, NOW) == []
    (one,) = give_authority(**given(cast.owners["w0201"], vote, cast.stranger))
    assert agents_of(slot, NOW) == [one]
    withdraw_authority(actor=cast.owners["w0201"], authority=one, at=NOW)
    assert agents_of(slot, NOW) == []


def test_two_accounts_of_one_name_are_two_agents(cast: Cast, vote: Decision) -> None:
    from hemei.people.actor import own

    twin = own(put_person("路人", "+8613900000088"))
    (first,) = give_authority(**given(cast.owners["w0201"], vote, cast.stranger))
    (second,) = give_authority(**given(cast.owners["w0202"], vote, twin))
    assert first.agent != second.agent


@pytest.mark.django_db(transaction=True)
def test_of_eight_confirmations_at_once_one_holds(cast: Cast, vote: Decision) -> None:
    paper = enter_authority(**entered(cast, vote))
    clerks = iter([cast.second_clerk, cast.head] * 4)
    outcome = race(8, lambda: confirm_authority(actor=next(clerks), authority=paper, **typed()).confirmed_by_id)
    assert (outcome.done, len(outcome.refused), len(set(outcome.results))) == (4, 4, 1)
