"""A vote is prepared, corrected, announced and from then on locked; or it is cancelled with a reason."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from conftest import NOW, put_person, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import checklist, rounds
from hemei.decisions.actions.preparing import (
    announce_decision,
    attest_rule,
    cancel_decision,
    correct_decision,
    name_counters,
    propose_decision,
    start_again,
)
from hemei.decisions.models import Counter, Decision, Slot
from hemei.decisions.tests.cast import Cast, faults, put_act, put_decision, put_drive
from hemei.matters.models import Matter
from hemei.notices.models import Notice
from hemei.people.actor import own
from hemei.roll.models import Correction, FrozenRoll, Unit

State = Decision.State


def asked(cast: Cast, **more: Any) -> dict[str, Any]:
    words = {
        "actor": cast.clerk,
        "place": cast.stairwell,
        "subject": "lift",
        "question": "同意3号楼1单元加装电梯吗？",
        "question_en": "Do you agree to a lift?",
        "text": "按方案加装一部电梯。",
        "rule_id": "CN-278-SPECIAL",
        "opens_at": NOW + timedelta(days=16),
        "closes_at": NOW + timedelta(days=23),
        "form_key": uuid4(),
        "at": NOW,
    }
    return words | more


def prepared(cast: Cast, **more: Any) -> Decision:
    """A draft with its two counters."""
    made = propose_decision(**asked(cast, **more))
    name_counters(actor=cast.clerk, decision=made, persons=[one.person for one in cast.counters], at=NOW)
    return Decision.objects.get(pk=made.pk)


def announced(cast: Cast, **more: Any) -> Decision:
    return announce_decision(actor=cast.clerk, decision=prepared(cast, **more), at=NOW)


# proposing


def test_a_draft_opens_a_matter_and_only_the_desk_sees_it(cast: Cast) -> None:
    made = propose_decision(**asked(cast))
    assert made.state_at(NOW) == State.DRAFT
    assert made.body == cast.clerk.seat.body
    assert made.matter.visibility == Matter.Visibility.PARTIES
    assert verbs(made.matter) == ["decisions.prepared", "decisions.drafted"]
    assert faults("decisions", "matters") == []


def test_a_vote_of_a_drive_stands_on_its_matter_and_is_about_the_lift(cast: Cast) -> None:
    drive = put_drive(cast)
    made = propose_decision(**asked(cast, drive=drive, subject="other"))
    assert (made.matter, made.subject) == (drive.matter, "lift")


def test_a_form_sent_twice_makes_one_draft_and_other_words_are_refused(cast: Cast) -> None:
    form = asked(cast)
    assert propose_decision(**form) == propose_decision(**form)
    with pytest.raises(Refused, match="already sent with other words"):
        propose_decision(**form | {"question": "别的？"})
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("who", ["property_clerk", "builder", "volunteer", "stranger", "administrator"])
def test_nobody_but_a_desk_prepares_a_vote(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed, match="prepare and run votes"):
        propose_decision(**asked(cast, actor=getattr(cast, who)))
    with pytest.raises(NotAllowed):
        propose_decision(**asked(cast, actor=cast.owners["w0101"]))
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"closes_at": NOW + timedelta(days=16)}, "later close"),
        ({"opens_at": NOW + timedelta(days=400), "closes_at": NOW + timedelta(days=410)}, "within a year"),
        ({"rule_id": "NO-SUCH-RULE"}, "does not hold"),
        ({"rule_id": "CN-SH-2019-BUILDING"}, "does not hold"),
        ({"only": ["03/1/0101", "03/9/0101"]}, "03/9/0101"),
        ({"affected": ["99"]}, "not on the roll"),
        ({"only": ["03/1/0101"], "affected": ["03/1/0102"]}, "votes as well"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, more: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        propose_decision(**asked(cast, **more))
    assert not Decision.objects.exists()


def test_owners_vote_for_an_estate_a_building_or_a_stairwell_not_for_a_home(cast: Cast) -> None:
    with pytest.raises(Refused, match="Begin on the page of one"):
        propose_decision(**asked(cast, place=cast.homes[0]))


def test_the_ballot_behind_is_one_of_a_place_around_it(cast: Cast) -> None:
    estate = propose_decision(**asked(cast, place=cast.estate))
    made = propose_decision(**asked(cast, linked=estate))
    assert made.linked == estate
    with pytest.raises(Refused, match="behind this one is the estate's"):
        propose_decision(**asked(cast, place=cast.estate, linked=made))


# correcting


def test_a_draft_is_corrected_and_the_ledger_keeps_which_words(cast: Cast) -> None:
    made = propose_decision(**asked(cast))
    changed = correct_decision(
        actor=cast.second_clerk, decision=made, seen_version=made.version, at=NOW, question="同意加梯吗？"
    )
    assert (changed.question, changed.version) == ("同意加梯吗？", 1)
    again = correct_decision(actor=cast.clerk, decision=made, seen_version=0, at=NOW, question="同意加梯吗？")
    assert again.version == 1
    assert faults() == []


def test_a_stale_page_changes_nothing(cast: Cast) -> None:
    made = propose_decision(**asked(cast))
    correct_decision(actor=cast.clerk, decision=made, seen_version=0, at=NOW, text="甲")
    with pytest.raises(Refused, match="Somebody else changed this draft"):
        correct_decision(actor=cast.second_clerk, decision=made, seen_version=0, at=NOW, text="乙")


def test_another_rule_loses_what_was_vouched_for(cast: Cast) -> None:
    made = propose_decision(**asked(cast, rule_id="CN-278-SPECIAL-SILENT"))
    attest_rule(actor=cast.administrator, decision=made, source="议事规则第8条", valid_from=date(2024, 1, 1), at=NOW)
    made.refresh_from_db()
    changed = correct_decision(
        actor=cast.clerk, decision=made, seen_version=made.version, at=NOW, rule_id="CN-278-ORDINARY"
    )
    assert changed.attested == {}


# the rule


def test_an_unchecked_rule_opens_once_an_administrator_has_entered_source_and_day(cast: Cast) -> None:
    made = prepared(cast, rule_id="CN-SH-2019-ESTATE")
    with pytest.raises(Refused, match="not checked against the text of the law"):
        announce_decision(actor=cast.clerk, decision=made, at=NOW)
    with pytest.raises(NotAllowed, match="An administrator"):
        attest_rule(actor=cast.clerk, decision=made, source="原文", valid_from=date(2020, 1, 1), at=NOW)
    with pytest.raises(Refused, match="applies from"):
        attest_rule(actor=cast.administrator, decision=made, source="原文", valid_from=date(2030, 1, 1), at=NOW)
    attest_rule(actor=cast.administrator, decision=made, source="原文第3条", valid_from=date(2020, 1, 1), at=NOW)
    done = announce_decision(actor=cast.clerk, decision=made, at=NOW)
    assert (done.rule["checked"], done.rule["source"], done.rule["valid_from"]) == (True, "原文第3条", "2020-01-01")
    assert faults() == []


def test_a_checked_rule_needs_nobody_to_vouch_for_it(cast: Cast) -> None:
    made = propose_decision(**asked(cast))
    with pytest.raises(Refused, match="Nothing has to be entered"):
        attest_rule(actor=cast.administrator, decision=made, source="原文", valid_from=date(2020, 1, 1), at=NOW)


def test_silence_counts_only_with_the_estate_s_own_words(cast: Cast) -> None:
    made = prepared(cast, rule_id="CN-278-SPECIAL-SILENT")
    attest_rule(actor=cast.administrator, decision=made, source="议事规则", valid_from=date(2024, 1, 1), at=NOW)
    with pytest.raises(Refused, match="Attach the words"):
        announce_decision(actor=cast.clerk, decision=made, at=NOW)
    made.refresh_from_db()
    correct_decision(
        actor=cast.clerk, decision=made, seen_version=made.version, at=NOW, silence_text="送达未投票的，随多数。"
    )
    assert announce_decision(actor=cast.clerk, decision=made, at=NOW).rule["nonresponse"] != "absent"


# counters


def test_two_counters_are_named_and_may_change_until_it_is_announced(cast: Cast) -> None:
    made = propose_decision(**asked(cast))
    first, second = (one.person for one in cast.counters)
    name_counters(actor=cast.clerk, decision=made, persons=[first, second], at=NOW)
    assert name_counters(actor=cast.clerk, decision=made, persons=[second, first], at=NOW)[0].person == first
    owner = cast.owners["w0101"].person
    changed = name_counters(actor=cast.clerk, decision=made, persons=[second, owner], at=NOW)
    assert {counter.person for counter in changed} == {second, owner}
    assert Counter.objects.count() == 2
    assert faults() == []


def test_one_person_twice_or_an_outsider_does_not_count(cast: Cast) -> None:
    made = propose_decision(**asked(cast))
    first = cast.counters[0].person
    with pytest.raises(Refused, match="neither is the other"):
        name_counters(actor=cast.clerk, decision=made, persons=[first, first], at=NOW)
    for outsider in (cast.property_clerk, cast.volunteer, cast.stranger):
        with pytest.raises(Refused, match="an owner counts"):
            name_counters(actor=cast.clerk, decision=made, persons=[first, outsider.person], at=NOW)
    assert not Counter.objects.exists()


# announcing


def test_announcing_freezes_roll_and_rule_and_makes_a_slot_for_each_home(cast: Cast) -> None:
    done = announced(cast)
    assert done.state_at(NOW) == State.AHEAD
    assert done.roll.hash == FrozenRoll.objects.get().hash
    assert Slot.objects.filter(decision=done).count() == 12
    assert done.rule["tests"]
    done.matter.refresh_from_db()
    assert done.matter.visibility == Matter.Visibility.PUBLIC
    assert "decisions.announced" in verbs(done.matter)
    told = Notice.objects.filter(kind="decisions.announced")
    assert set(told.values_list("recipient", flat=True)) == {owner.person.pk for owner in cast.owners.values()}
    assert faults("decisions", "roll", "matters") == []


def test_a_second_announcement_changes_nothing(cast: Cast) -> None:
    done = announced(cast)
    again = announce_decision(actor=cast.second_clerk, decision=done, at=NOW + timedelta(hours=1))
    assert (again.announced_at, again.version) == (done.announced_at, done.version)
    assert FrozenRoll.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_announcements_at_once_one_freezes_the_roll(cast: Cast) -> None:
    made = prepared(cast)
    outcome = race(8, lambda: announce_decision(actor=cast.clerk, decision=made, at=NOW))
    assert outcome.done == 8
    assert (FrozenRoll.objects.count(), Slot.objects.count()) == (1, 12)


def test_a_group_votes_alone_and_an_affected_owner_s_part_is_a_test_of_its_own(cast: Cast) -> None:
    only = ["03/1/0101", "03/1/0201", "03/1/0301"]
    done = announced(cast, only=only, affected=["03/1/0101"])
    assert list(Slot.objects.order_by("number").values_list("key", flat=True)) == only
    assert done.rule["tests"][-1]["who"] == "group:affected"


def lacking(decision: Decision) -> list[str]:
    fresh = Decision.objects.select_related("place", "drive", "linked").get(pk=decision.pk)
    return [check.key for check in checklist.checks(fresh, NOW) if not check.done]


def test_the_checklist_names_what_is_missing(cast: Cast) -> None:
    made = propose_decision(
        **asked(cast, text="", opens_at=NOW + timedelta(days=15), closes_at=NOW + timedelta(days=19))
    )
    assert lacking(made) == ["text", "counters", "notice", "window"]
    with pytest.raises(Refused, match="Write in full"):
        announce_decision(actor=cast.clerk, decision=made, at=NOW)


def test_fifteen_full_days_lie_between_announcement_and_opening(cast: Cast) -> None:
    opens = NOW + timedelta(days=16)  # announced on the 12th: full days 13th to 27th, opens on the 28th
    assert lacking(prepared(cast, opens_at=opens, closes_at=opens + timedelta(days=7))) == []
    opens -= timedelta(hours=11)  # still the 27th in Shanghai
    made = prepared(cast, opens_at=opens, closes_at=opens + timedelta(days=7))
    with pytest.raises(Refused, match="opens on 28 Sep at the earliest"):
        announce_decision(actor=cast.clerk, decision=made, at=NOW)


def test_a_correction_of_the_roll_that_waits_holds_the_announcement(cast: Cast) -> None:
    made = prepared(cast)
    Correction.objects.create(
        roll=cast.roll,
        unit=Unit.objects.get(key="03/1/0101"),
        what="area",
        on=NOW.date(),
        before={"area_m2": "61.20"},
        after={"area_m2": "61.30"},
        reason="笔误",
        source="登记册",
        proposed_by=cast.clerk.person,
        proposed_at=NOW,
        form_key=uuid4(),
    )
    with pytest.raises(Refused, match="waits for its second key"):
        announce_decision(actor=cast.clerk, decision=made, at=NOW)


def test_common_land_needs_the_estate_s_ballot_announced_behind_it(cast: Cast) -> None:
    drive = put_drive(cast, uses_common_land=True)
    made = prepared(cast, drive=drive)
    assert lacking(made) == ["linked"]
    estate = prepared(cast, place=cast.estate)
    made.refresh_from_db()
    correct_decision(actor=cast.clerk, decision=made, seen_version=made.version, at=NOW, linked=estate)
    with pytest.raises(Refused, match="Announce the estate's ballot first"):
        announce_decision(actor=cast.clerk, decision=made, at=NOW)
    announce_decision(actor=cast.clerk, decision=estate, at=NOW)
    assert announce_decision(actor=cast.clerk, decision=made, at=NOW).announced_at == NOW


# locked


def test_nothing_of_an_announced_vote_is_changed_by_any_action(cast: Cast) -> None:
    done = announced(cast)
    before = {name: getattr(done, name) for name in Decision.sealed}
    later = {"at": NOW + timedelta(hours=1)}
    tries = [
        lambda: correct_decision(
            actor=cast.clerk, decision=done, seen_version=done.version, question="别的？", **later
        ),
        lambda: correct_decision(
            actor=cast.clerk, decision=done, seen_version=done.version, closes_at=done.closes_at + timedelta(1), **later
        ),
        lambda: correct_decision(
            actor=cast.clerk, decision=done, seen_version=done.version, rule_id="CN-278-ORDINARY", **later
        ),
        lambda: attest_rule(
            actor=cast.administrator, decision=done, source="原文", valid_from=date(2020, 1, 1), **later
        ),
        lambda: name_counters(
            actor=cast.clerk,
            decision=done,
            persons=[cast.head.person, cast.owners["w0101"].person],  # type: ignore[list-item]
            **later,
        ),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="was announced"):
            attempt()
    done.refresh_from_db()
    assert {name: getattr(done, name) for name in Decision.sealed} == before
    assert Counter.objects.filter(person__in=[one.person for one in cast.counters]).count() == 2


# cancelling


def test_a_vote_is_cancelled_with_a_public_reason_and_its_acts_stay(cast: Cast) -> None:
    vote = put_decision(cast)
    put_act(vote, "0101", "for")
    done = cancel_decision(actor=cast.clerk, decision=vote, why="方案改了", at=NOW)
    assert done.state_at(NOW) == State.CANCELLED
    assert cancel_decision(actor=cast.second_clerk, decision=vote, why="方案改了", at=NOW).pk == vote.pk
    with pytest.raises(Refused, match="that reason stands"):
        cancel_decision(actor=cast.clerk, decision=vote, why="别的", at=NOW)
    assert vote.acts.count() == 1
    assert Notice.objects.filter(kind="decisions.cancelled").count() == len(cast.owners)
    assert faults() == []


def test_a_reason_is_needed_and_a_neighbour_cannot_cancel(cast: Cast) -> None:
    vote = put_decision(cast)
    with pytest.raises(Refused, match="Say why"):
        cancel_decision(actor=cast.clerk, decision=vote, why="", at=NOW)
    with pytest.raises(NotAllowed):
        cancel_decision(actor=cast.owners["w0101"], decision=vote, why="不想投", at=NOW)


def test_a_cancelled_vote_starts_again_as_a_draft_with_dates_ahead(cast: Cast) -> None:
    vote = put_decision(cast, proxies_max=3)
    with pytest.raises(Refused, match="goes on"):
        start_again(actor=cast.clerk, decision=vote, form_key=uuid4(), at=NOW)
    cancel_decision(actor=cast.clerk, decision=vote, why="方案改了", at=NOW)
    form = {"actor": cast.clerk, "decision": vote, "form_key": uuid4(), "at": NOW}
    again = start_again(**form)
    assert start_again(**form) == again
    assert again.state_at(NOW) == State.DRAFT
    assert (again.question, again.proxies_max, again.matter) == (vote.question, 3, vote.matter)
    assert lacking(again) == ["counters"]
    assert again.closes_at - again.opens_at == vote.closes_at - vote.opens_at
    assert faults() == []


# the clock


def test_opening_and_close_are_told_once_without_counts(cast: Cast) -> None:
    vote = put_decision(cast, "announced")
    put_act(vote, "0101", "for", at=vote.opens_at)
    for at in (vote.opens_at - timedelta(seconds=1), vote.opens_at, vote.opens_at + timedelta(days=1)):
        rounds.round(at)
    assert verbs(vote.matter)[-1] == "decisions.opened"
    rounds.round(vote.closes_at)
    rounds.round(vote.closes_at + timedelta(minutes=1))
    assert verbs(vote.matter)[-2:] == ["decisions.opened", "decisions.closed"]
    said = vote.matter and [entry.public for entry in _entries(vote)]
    assert not any("handed" in one or "count" in one for one in said)
    counted = Notice.objects.filter(kind="decisions.to_count").values_list("recipient", flat=True)
    assert set(counted) == {one.person.pk for one in cast.counters}
    assert faults() == []


def _entries(vote: Decision) -> Any:
    from hemei.ledger.queries import entries_of

    return entries_of(vote.matter)


def test_a_day_before_the_close_those_who_said_nothing_and_the_desk_are_reminded(cast: Cast) -> None:
    vote = put_decision(cast)
    put_act(vote, "0101", "against")
    put_act(vote, "0501", "for")
    at = vote.closes_at - rounds.BEFORE_CLOSE
    rounds.round(at - timedelta(seconds=1))
    assert not Notice.objects.filter(kind="decisions.closing").exists()
    rounds.round(at)
    rounds.round(at + timedelta(hours=1))
    told = set(Notice.objects.filter(kind="decisions.closing").values_list("recipient", flat=True))
    silent = {owner.person.pk for code, owner in cast.owners.items() if code != "w0101"}
    assert told == silent  # w0501 has handed in one of two homes
    desk = set(Notice.objects.filter(kind="decisions.closing_soon").values_list("recipient", flat=True))
    assert desk == {cast.second_clerk.person.pk, cast.head.person.pk}


def test_a_reminder_that_comes_too_late_is_left_out(cast: Cast) -> None:
    vote = put_decision(cast)
    rounds.round(vote.closes_at + timedelta(hours=3))
    assert not Notice.objects.filter(kind="decisions.closing").exists()
    assert verbs(vote.matter)[-1] == "decisions.closed"


def test_a_person_without_a_seat_is_told_where_to_speak_from(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Speak from your seat"):
        propose_decision(**asked(cast, actor=own(put_person("无席位", "+8613700000001"))))
