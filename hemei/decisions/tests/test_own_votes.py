"""Owners vote on screen by their own hand, change it and take it back."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from conftest import NOW, put_person, put_tie, race, signed_in
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions.actions.own import ACTS_MAX, consent, revoke
from hemei.decisions.models import Act, Decision, Slot
from hemei.decisions.standing import one_case
from hemei.decisions.tests.cast import Cast, faults, put_act, put_decision, slot_of
from hemei.decisions.voices import own_voices
from hemei.engines import decision as engine
from hemei.ledger.queries import entries_of
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance


@pytest.fixture
def vote(cast: Cast) -> Decision:
    return put_decision(cast)


def homes(actor: Actor, vote: Decision) -> list[str]:
    return [voice.value for voice in own_voices(actor, vote)]


def said(actor: Actor, vote: Decision, choice: str = "for", **more: Any) -> dict[str, Any]:
    words = {"actor": actor, "decision": vote, "homes": homes(actor, vote), "choice": choice, "at": NOW}
    return words | {"form_key": uuid.uuid4()} | more


def status(vote: Decision, key: str = "03/1/0201", at: Any = NOW) -> str:
    return engine.tally(one_case(Decision.objects.select_related("roll").get(pk=vote.pk), at)).status[key]


def flags(vote: Decision, at: Any = NOW) -> list[tuple[str, str]]:
    return list(engine.tally(one_case(Decision.objects.select_related("roll").get(pk=vote.pk), at)).flags)


def test_an_owner_votes_and_the_engine_counts_it(cast: Cast, vote: Decision) -> None:
    (act,) = consent(**said(cast.owners["w0201"], vote))
    assert (act.kind, act.channel, act.by, act.choice, act.number) == ("cast", "screen", "w0201", "for", 1)
    assert act.person == cast.owners["w0201"].person
    assert Slot.objects.get(pk=act.slot_id).acts == 1
    assert status(vote) == "for"
    assert faults() == []
    entry = entries_of(vote).last()
    assert entry is not None
    assert (entry.verb, entry.quiet, entry.public) == ("decisions.voted", True, '{"by":{"way":"own"}}')


def test_an_owner_of_two_homes_votes_for_both_at_once_or_one_after_the_other(cast: Cast, vote: Decision) -> None:
    owner = cast.owners["w0501"]
    acts = consent(**said(owner, vote, "against"))
    assert [act.slot.key for act in acts] == ["03/1/0501", "03/1/0502"]
    consent(**said(owner, vote, "for", homes=homes(owner, vote)[:1]))
    assert (status(vote, "03/1/0501"), status(vote, "03/1/0502")) == ("for", "against")
    assert faults() == []


def test_a_form_sent_twice_is_one_act_and_with_other_words_is_refused(cast: Cast, vote: Decision) -> None:
    form = said(cast.owners["w0501"], vote)
    assert consent(**form) == consent(**form)
    for other in ({"choice": "against"}, {"homes": form["homes"][:1]}, {"homes": form["homes"][1:]}):
        with pytest.raises(Refused, match="already sent with other words"):
            consent(**(form | other))
    with pytest.raises(Refused, match="already sent with other words"):
        revoke(actor=form["actor"], decision=vote, homes=form["homes"], form_key=form["form_key"], at=NOW)
    assert Act.objects.count() == 2


def test_the_same_choice_on_a_new_form_is_kept_and_flagged_as_the_owners_repeat(cast: Cast, vote: Decision) -> None:
    consent(**said(cast.owners["w0201"], vote))
    consent(**said(cast.owners["w0201"], vote, at=NOW + timedelta(minutes=1)))
    assert Act.objects.count() == 2
    assert flags(vote, NOW + timedelta(minutes=2)) == [("duplicate", "03/1/0201")]


def test_it_is_taken_back_until_the_close_and_a_retry_of_the_old_form_does_not_bring_it_back(
    cast: Cast, vote: Decision
) -> None:
    owner = cast.owners["w0201"]
    form = said(owner, vote)
    (first,) = consent(**form)
    back = {"actor": owner, "decision": vote, "homes": homes(owner, vote), "form_key": uuid.uuid4()}
    (taken,) = revoke(**back, at=NOW + timedelta(minutes=1))
    assert revoke(**back, at=NOW + timedelta(minutes=2)) == [taken]
    assert consent(**(form | {"at": NOW + timedelta(minutes=3)})) == [first]
    assert (taken.kind, taken.choice, taken.number) == ("revoke", "", 2)
    assert status(vote, at=NOW + timedelta(minutes=4)) == "none"
    with pytest.raises(Refused, match="nothing to take back"):
        revoke(**(back | {"form_key": uuid.uuid4()}), at=NOW + timedelta(minutes=5))
    assert faults() == []


def test_what_came_on_paper_is_taken_back_on_screen_too(cast: Cast, vote: Decision) -> None:
    put_act(vote, "0201", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk))
    owner = cast.owners["w0201"]
    revoke(actor=owner, decision=vote, homes=homes(owner, vote), form_key=uuid.uuid4(), at=NOW)
    assert status(vote, at=NOW + timedelta(minutes=1)) == "none"


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, False), (1, False)])
def test_at_the_close_the_second_decides(cast: Cast, vote: Decision, seconds: int, counts: bool) -> None:
    at = vote.closes_at + timedelta(seconds=seconds)
    consent(**said(cast.owners["w0201"], vote, at=at))
    later = at + timedelta(minutes=1)
    assert status(vote, at=later) == ("for" if counts else "none")
    assert (("late_cast", "03/1/0201") in flags(vote, later)) is not counts
    assert faults() == []


def test_after_the_close_taking_back_is_recorded_and_changes_nothing(cast: Cast, vote: Decision) -> None:
    owner = cast.owners["w0201"]
    consent(**said(owner, vote))
    at = vote.closes_at + timedelta(seconds=1)
    revoke(actor=owner, decision=vote, homes=homes(owner, vote), form_key=uuid.uuid4(), at=at)
    assert status(vote, at=at + timedelta(seconds=1)) == "for"
    assert ("late_revoke", "03/1/0201") in flags(vote, at + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("state", "changed", "told"),
    [
        ("announced", {}, "has not opened"),
        ("closed", {"certified_at": NOW, "outcome": "passed", "file_hash": "0" * 64}, "counted and signed"),
        ("open", {"cancelled_at": NOW, "cancelled_why": "x"}, "cancelled"),
        ("open", {"online": False}, "on paper only"),
    ],
)
def test_outside_the_vote_nothing_is_recorded(cast: Cast, state: str, changed: dict[str, Any], told: str) -> None:
    vote = put_decision(cast, state)
    Decision.objects.filter(pk=vote.pk).update(**changed)
    vote = Decision.objects.select_related("matter", "place", "roll").get(pk=vote.pk)
    with pytest.raises(Refused, match=told):
        consent(**said(cast.owners["w0201"], vote))
    assert not Act.objects.exists()


def test_a_choice_that_is_none_is_refused(cast: Cast, vote: Decision) -> None:
    with pytest.raises(Refused, match="for, against or abstain"):
        consent(**said(cast.owners["w0201"], vote, "spoiled"))


def test_a_vote_for_a_home_of_somebody_else_is_not_allowed(cast: Cast, vote: Decision) -> None:
    theirs = homes(cast.owners["w0202"], vote)
    for wanted in (theirs, [*homes(cast.owners["w0201"], vote), *theirs], ["1"], ["a1"]):
        with pytest.raises(NotAllowed, match="matched with the owners"):
            consent(**said(cast.owners["w0201"], vote, homes=wanted))
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    "who", ["clerk", "second_clerk", "head", "administrator", "property_clerk", "builder", "volunteer", "stranger"]
)
def test_nobody_votes_without_a_home_on_the_roll(cast: Cast, vote: Decision, who: str) -> None:
    theirs = homes(cast.owners["w0201"], vote)
    for act in (lambda **more: consent(choice="for", **more), revoke):
        with pytest.raises(NotAllowed):
            act(actor=getattr(cast, who), decision=vote, homes=theirs, form_key=uuid.uuid4(), at=NOW)
    assert not Act.objects.exists()


def test_a_tenant_a_declared_owner_and_a_visitor_cannot_vote(cast: Cast, vote: Decision) -> None:
    tenant, declared = put_person("租客", "+8613700000001"), put_person("自称业主", "+8613700000002")
    put_tie(tenant, cast.home("0201"), "rent")
    put_tie(declared, cast.home("0201"), "own", grade="declared")
    for actor in (own(tenant), own(declared), Actor()):
        with pytest.raises(NotAllowed):
            consent(**said(actor, vote, homes=homes(cast.owners["w0201"], vote)))


def test_a_helper_is_told_to_use_paper_and_a_seat_to_be_left(cast: Cast, vote: Decision) -> None:
    owner = cast.owners["w0201"]
    sitting = Assistance.objects.create(
        helper=cast.clerk.person,
        seat=cast.clerk.seat,
        principal=owner.person,
        way="phone",
        evidence="called back",
        began_at=NOW,
        form_key=uuid.uuid4(),
    )
    helped = Actor(person=cast.clerk.person, principal=owner.person, assistance=sitting, strong=True)
    with pytest.raises(NotAllowed, match="paper ballot"):
        consent(**said(helped, vote, homes=homes(owner, vote)))
    seated = Actor(person=owner.person, principal=owner.person, seat=cast.clerk.seat, strong=True)
    with pytest.raises(NotAllowed, match="Speak for yourself again"):
        consent(**said(seated, vote, homes=homes(owner, vote)))


def test_no_home_ticked_is_told(cast: Cast, vote: Decision) -> None:
    with pytest.raises(Refused, match="which home"):
        consent(**said(cast.owners["w0501"], vote, homes=[]))


def test_one_owner_changes_their_mind_so_often_and_then_on_paper(cast: Cast, vote: Decision) -> None:
    slot = slot_of(vote, "0201")
    with transaction.atomic():
        Act.objects.bulk_create(
            Act(
                decision=vote,
                slot=slot,
                number=n + 1,
                kind="cast",
                channel="screen",
                by="w0201",
                choice="for",
                at=NOW,
                form_key=uuid.uuid4(),
            )
            for n in range(ACTS_MAX)
        )
        Slot.objects.filter(pk=slot.pk).update(acts=ACTS_MAX)
    with pytest.raises(Refused, match="go on with a paper ballot"):
        consent(**said(cast.owners["w0201"], vote))


def test_co_owners_who_differ_count_nowhere_until_they_agree(cast: Cast, vote: Decision) -> None:
    consent(**said(cast.owners["w0602a"], vote, "for"))
    consent(**said(cast.owners["w0602b"], vote, "against", at=NOW + timedelta(minutes=1)))
    assert status(vote, "03/1/0602", NOW + timedelta(minutes=2)) == "unresolved"
    consent(**said(cast.owners["w0602b"], vote, "for", at=NOW + timedelta(minutes=3)))
    assert status(vote, "03/1/0602", NOW + timedelta(minutes=4)) == "for"


@pytest.mark.django_db(transaction=True)
def test_of_fifty_forms_for_one_home_by_two_ways_all_are_kept_and_one_counts(cast: Cast, vote: Decision) -> None:
    owner, turn = cast.owners["w0201"], iter(range(50))
    wanted = homes(owner, vote)

    def send() -> object:
        number = next(turn)
        at = NOW + timedelta(milliseconds=number)
        if number % 5 == 0:
            with transaction.atomic():
                Decision.objects.select_for_update().get(pk=vote.pk)
                return put_act(
                    Decision.objects.get(pk=vote.pk), "0201", "against", channel="paper", at=at,
                    by_clerks=(cast.clerk, cast.second_clerk),
                )  # fmt: skip
        choice = "for" if number % 2 else "abstain"
        return consent(actor=owner, decision=vote, homes=wanted, choice=choice, form_key=uuid.uuid4(), at=at)

    assert race(50, send).done == 50
    assert sorted(Act.objects.values_list("number", flat=True)) == list(range(1, 51))
    assert Slot.objects.get(pk=slot_of(vote, "0201").pk).acts == 50
    last = Act.objects.order_by("-at", "-pk").first()
    assert last is not None
    assert status(vote, at=NOW + timedelta(hours=1)) == last.choice
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_on_one_form_one_act_comes(cast: Cast, vote: Decision) -> None:
    form = said(cast.owners["w0201"], vote)
    outcome = race(8, lambda: consent(**form)[0].pk)
    assert (outcome.done, len(set(outcome.results)), Act.objects.count()) == (8, 1, 1)


def test_the_receipt_says_plainly_that_it_came_too_late(cast: Cast, vote: Decision) -> None:
    client = signed_in(cast.owners["w0201"], "en")
    (act,) = consent(**said(cast.owners["w0201"], vote, at=vote.closes_at))
    page = client.get(f"/decisions/{vote.pk}/receipts/{act.pk}").content.decode()
    assert "It came too late" in page
    assert "changes nothing" in page
