"""Where an owner stands by his acts, his agents' acts and what became of them."""

from time import process_time

import pytest

from hemei.engines.decision.tally import tally
from hemei.engines.decision.tests.ballots import (
    WINDOW2,
    cast,
    deliver,
    flags,
    grant,
    proxy,
    raw,
    read,
    revoke,
    sale,
    verdict,
    void,
    withdraw,
)

LATER_COUNTS = {"proxy": {"written_required": True, "own_act_overrides": False}}
UP_TO_TWO = {"proxy": {"written_required": True, "own_act_overrides": True, "max_principals": 2}}
ORAL = {"proxy": {"written_required": False, "own_act_overrides": True}}


def test_the_last_own_act_counts() -> None:
    given = verdict(cast("01", "for"), cast("01", "against"))
    assert (given.status["01"], flags(given)) == ("against", [])


def test_a_choice_repeated_is_a_duplicate_and_one_changed_and_changed_back_is_none() -> None:
    assert flags(verdict(cast("01", "for"), cast("01", "for"))) == [["duplicate", "01"]]
    assert flags(verdict(cast("01", "for"), cast("01", "against"), cast("01", "for"))) == []
    assert flags(verdict(cast("01", "for"), revoke("01"), cast("01", "for"))) == [["revoked", "01"]]


def test_an_agent_who_repeats_is_no_duplicate_and_an_owner_who_repeats_his_agent_is() -> None:
    assert flags(verdict(grant("01"), cast("01"), proxy("01"))) == []
    assert flags(verdict(grant("01"), proxy("01"), proxy("01"))) == []
    assert flags(verdict(grant("01"), proxy("01"), cast("01"))) == [["duplicate", "01"]]


@pytest.mark.parametrize("own_first", [True, False])
def test_an_own_act_prevails_before_or_after_the_agents(own_first: bool) -> None:
    own, agents = cast("01", "against"), proxy("01", "for")
    acts = (own, agents) if own_first else (agents, own)
    assert verdict(grant("01"), *acts).status["01"] == "against"


def test_where_own_acts_do_not_override_the_later_counts() -> None:
    assert verdict(grant("01"), cast("01", "against"), proxy("01"), under=LATER_COUNTS).status["01"] == "for"
    assert verdict(grant("01"), proxy("01"), cast("01", "against"), under=LATER_COUNTS).status["01"] == "against"
    assert verdict(grant("01"), revoke("01"), proxy("01"), under=LATER_COUNTS).status["01"] == "for"


def test_a_revocation_silences_the_agent_too_before_and_after() -> None:
    for acts in ((proxy("01"), revoke("01")), (revoke("01"), proxy("01"))):
        given = verdict(grant("01"), *acts)
        assert (given.status["01"], flags(given)) == ("none", [["revoked", "01"]])


def test_a_revocation_silences_that_owner_alone() -> None:
    units = [{"id": "01", "owners": [{"id": "WIFE"}, {"id": "HUSBAND"}]}]
    given = verdict(cast("01", by="WIFE"), cast("01", by="HUSBAND"), revoke("01", by="WIFE"), units=units)
    assert given.status["01"] == "for"


def test_a_voided_act_was_never_made_and_what_it_had_replaced_counts_again() -> None:
    given = verdict(cast("01", "against"), cast("01", "for", id="c"), cast("01", "against"), void("01", "c"))
    assert (given.status["01"], flags(given)) == ("against", [["duplicate", "01"], ["voided", "01"]])


def test_a_voided_own_act_lets_the_agents_count_again() -> None:
    given = verdict(grant("01"), proxy("01", "for"), cast("01", "against", id="c"), void("01", "c"))
    assert given.status["01"] == "for"


def test_a_voided_act_raises_no_flag_of_its_own() -> None:
    given = verdict(cast("01", by="STRANGER", id="c"), void("01", "c"))
    assert flags(given) == [["voided", "01"]]


@pytest.mark.parametrize(
    ("certify_at", "status"), [("2025-03-20T09:00", "for"), ("2025-03-20T09:00:01", "none"), (None, "none")]
)
def test_a_void_applies_if_it_is_made_before_certification(certify_at: str | None, status: str) -> None:
    more = {"certify_at": certify_at} if certify_at else {}
    given = verdict(cast("01", id="c"), void("01", "c", at="2025-03-20T09:00"), **more)
    assert given.status["01"] == status
    assert (["voided", "01"] in flags(given)) is (status == "none")


def test_a_spoiled_ballot_replaces_an_earlier_one() -> None:
    assert verdict(cast("01", "for"), cast("01", "spoiled")).status["01"] == "spoiled"


# -- in time


@pytest.mark.parametrize(
    ("at", "flag"),
    [
        ("2025-02-28T23:59:59", "early_cast"),
        ("2025-03-01T00:00", None),
        ("2025-03-15T23:59:59", None),
        ("2025-03-16T00:00", "late_cast"),
    ],
)
def test_an_act_counts_from_opening_to_before_closing(at: str, flag: str | None) -> None:
    given = verdict(cast("01", at=at))
    assert given.status["01"] == ("none" if flag else "for")
    assert flags(given) == ([[flag, "01"]] if flag else [])


def test_a_late_revocation_is_recorded_and_changes_nothing_and_an_early_one_has_nothing_to_take_back() -> None:
    given = verdict(revoke("01", at="2025-02-01T00:00"), cast("01"), revoke("01", at="2025-03-16T00:00"))
    assert (given.status["01"], flags(given)) == ("for", [["late_revoke", "01"]])


def test_the_file_need_not_be_in_time_order() -> None:
    given = verdict(cast("01", "for", at="2025-03-05T10:00"), cast("01", "against", at="2025-03-04T10:00"))
    assert given.status["01"] == "for"


def test_acts_of_the_same_time_count_in_file_order_and_seconds_tell_them_apart() -> None:
    noon, later = {"at": "2025-03-05T12:00"}, {"at": "2025-03-05T12:00:01"}
    assert verdict(cast("01", "for", **noon), cast("01", "against", **noon)).status["01"] == "against"
    assert verdict(cast("01", "for", **later), cast("01", "against", **noon)).status["01"] == "for"
    assert verdict(cast("01", "for", **noon), cast("01", "against", at="2025-03-05T12:00:00")).status["01"] == "against"


def test_what_comes_after_evaluate_at_is_not_known_yet() -> None:
    acts = (cast("01", "for", at="2025-03-05T12:00"), cast("01", "against", at="2025-03-05T12:01"), revoke("02"))
    given = verdict(*acts, evaluate_at="2025-03-05T12:00")
    assert (given.status["01"], given.status["02"]) == ("for", "none")
    assert verdict(*acts, evaluate_at="2025-03-01T12:00").flags == ()


# -- who may act


def test_a_stranger_is_no_owner_and_changes_nothing() -> None:
    given = verdict(cast("01", by="STRANGER"), revoke("02", by="STRANGER"))
    assert (given.status["01"], flags(given)) == ("none", [["not_an_owner", "01"], ["not_an_owner", "02"]])


def test_an_agent_needs_authority_for_the_unit_from_its_owner() -> None:
    invalid = [["proxy_invalid", "01"]]
    assert flags(verdict(proxy("01"))) == invalid
    assert flags(verdict(grant("02"), proxy("01"))) == invalid
    assert flags(verdict(grant("01", agent="OTHER"), proxy("01"))) == invalid
    assert flags(verdict(grant("01", owner="STRANGER"), proxy("01", owner="STRANGER"))) == invalid
    assert flags(verdict(proxy("01"), grant("01"))) == invalid


def test_authority_must_be_written_where_the_rule_asks() -> None:
    acts = (grant("01", written=False), proxy("01"))
    assert flags(verdict(*acts)) == [["proxy_invalid", "01"], ["proxy_not_written", "01"]]
    assert verdict(*acts, under=ORAL).status["01"] == "for"


def test_authority_not_written_is_the_reason_only_where_it_is_the_only_one() -> None:
    acts = (grant("01", written=False, expires="2025-03-02T10:00"), proxy("01"))
    assert flags(verdict(*acts)) == [["proxy_invalid", "01"]]


@pytest.mark.parametrize(("expires", "status"), [("2025-03-02T10:00", "none"), ("2025-03-02T10:00:01", "for")])
def test_authority_is_in_force_while_at_is_before_expires(expires: str, status: str) -> None:
    assert verdict(grant("01", expires=expires), proxy("01")).status["01"] == status


def test_a_later_end_of_the_authority_does_not_undo_the_act() -> None:
    assert verdict(grant("01"), proxy("01"), withdraw("01")).status["01"] == "for"
    assert verdict(grant("01", expires="2025-03-03T00:00"), proxy("01")).status["01"] == "for"
    assert verdict(grant("01"), proxy("01"), sale("01")).status["01"] == "for"


def test_a_withdrawal_ends_all_that_was_granted_before_it_and_nothing_later() -> None:
    assert flags(verdict(grant("01"), grant("01"), withdraw("01"), proxy("01"))) == [["proxy_invalid", "01"]]
    assert verdict(grant("01"), withdraw("01"), grant("01"), proxy("01")).status["01"] == "for"
    assert verdict(grant("01"), withdraw("01", agent="OTHER"), proxy("01")).status["01"] == "for"


def test_the_latest_authority_in_force_gives_the_instruction() -> None:
    told_for, told_against = grant("01", instruction="for"), grant("01", instruction="against")
    refused = verdict(told_for, told_against, proxy("01", "for"))
    assert (refused.status["01"], flags(refused)) == ("none", [["proxy_against_instruction", "01"]])
    assert verdict(told_against, told_for, proxy("01", "for")).status["01"] == "for"
    assert verdict(told_against, grant("01"), proxy("01", "for")).status["01"] == "for"
    ended = grant("01", instruction="against", expires="2025-03-02T11:00")
    assert verdict(told_for, ended, proxy("01", "for")).status["01"] == "for"


def test_the_limit_counts_distinct_principals_in_order_of_their_first_usable_grant() -> None:
    grants = (grant("01"), grant("02"), grant("03"))
    given = verdict(*grants, proxy("03"), proxy("02"), proxy("01"), under=UP_TO_TWO)
    assert [given.status[name] for name in ("01", "02", "03")] == ["for", "for", "none"]
    assert flags(given) == [["proxy_invalid", "03"], ["proxy_over_limit", "03"]]


def test_a_place_within_the_limit_is_never_freed_and_one_owner_takes_one() -> None:
    ended = (grant("01"), withdraw("01"), grant("02"), grant("03"))
    assert verdict(*ended, proxy("03"), under=UP_TO_TWO).status["03"] == "none"
    unusable = (grant("01", written=False), grant("02", expires="2025-03-02T10:00"), grant("03"), grant("04"))
    assert verdict(*unusable, proxy("04"), under=UP_TO_TWO).status["04"] == "for"
    rich = [{"id": name, "owners": [{"id": "RICH"}]} for name in ("01", "02", "03")]
    grants = [grant(name, owner="RICH") for name in ("01", "02", "03")]
    assert verdict(*grants, proxy("03", owner="RICH"), under=UP_TO_TWO, units=rich).status["03"] == "for"


def test_authority_from_before_the_opening_or_after_the_closing_does_not_count() -> None:
    assert flags(verdict(grant("01", at="2025-02-28T12:00"), proxy("01"))) == [["proxy_invalid", "01"]]


# -- sales


def test_the_sellers_act_stands_until_the_buyer_has_a_position() -> None:
    acts = (cast("01", "for"), sale("01"))
    assert (verdict(*acts).status["01"], flags(verdict(*acts))) == ("for", [["transfer", "01"]])
    assert verdict(*acts, cast("01", "against", by="BUYER")).status["01"] == "against"
    assert verdict(*acts, cast("01", "against", by="BUYER"), revoke("01", by="BUYER")).status["01"] == "for"
    assert verdict(*acts, sale("01", "THIRD"), sale("01", "FOURTH")).status["01"] == "for"


def test_a_buyer_in_between_replaces_the_seller_for_good() -> None:
    acts = (cast("01", "for"), sale("01"), cast("01", "against", by="BUYER"), sale("01", "O-01"))
    assert verdict(*acts).status["01"] == "against"
    assert verdict(*acts, cast("01", "abstain")).status["01"] == "abstain"


def test_the_seller_may_not_act_after_the_sale_nor_the_buyer_before_it() -> None:
    given = verdict(cast("01", by="BUYER"), sale("01"), cast("01"))
    assert (given.status["01"], flags(given)) == ("none", [["not_an_owner", "01"], ["transfer", "01"]])


def test_the_sellers_agent_may_not_act_after_the_sale() -> None:
    assert verdict(grant("01"), sale("01"), proxy("01")).status["01"] == "none"


def test_the_sellers_act_falls_away_where_it_lapses() -> None:
    acts = (cast("01", "for"), sale("01"))
    assert verdict(*acts, under={"transfer": "lapses"}).status["01"] == "none"
    assert verdict(*acts, cast("01", by="BUYER"), under={"transfer": "lapses"}).status["01"] == "for"


def test_an_owner_who_stays_through_a_sale_keeps_what_he_said() -> None:
    couple = [{"id": "01", "owners": [{"id": "WIFE"}, {"id": "HUSBAND"}]}]
    acts = (cast("01", by="WIFE"), cast("01", "against", by="HUSBAND"), sale("01", "WIFE"))
    assert verdict(*acts, units=couple).status["01"] == "for"
    assert verdict(*acts, units=couple, under={"transfer": "lapses"}).status["01"] == "for"
    assert verdict(*acts, revoke("01", by="WIFE"), units=couple).status["01"] == "against"


def test_taking_back_through_many_sales_is_done_once_for_each_of_them() -> None:
    """A unit "sold" to its owner thousands of times, and each time he takes back what he said."""
    day = "2025-03-02T09:00"
    acts = [act for _ in range(8_000) for act in (sale("01", "O-01", at=day), revoke("01", at=day))]
    case = read(cast("01", at=day), *acts)
    began = process_time()
    assert tally(case).status["01"] == "none"
    assert process_time() - began < 2  # sale by sale for each revocation it is half a minute


def test_sales_up_to_the_record_date_count_and_later_ones_are_only_flagged() -> None:
    under = {"transfer": "record_date"}
    on_the_day = (cast("01", "for"), sale("01", at="2025-03-05T23:59"), cast("01", by="BUYER", at="2025-03-06T09:00"))
    given = verdict(*on_the_day, under=under, record_date="2025-03-05")
    assert (given.status["01"], flags(given)) == ("for", [["transfer", "01"]])
    after = verdict(*on_the_day, under=under, record_date="2025-03-04")
    assert (after.status["01"], flags(after)) == ("for", [["not_an_owner", "01"], ["transfer", "01"]])
    lapsed = verdict(*on_the_day[:2], under=under, record_date="2025-03-05")
    assert lapsed.status["01"] == "none"


@pytest.mark.parametrize("at", ["2025-02-28T12:00", "2025-03-16T00:00"])
def test_a_sale_outside_the_vote_is_none_of_its_business(at: str) -> None:
    given = verdict(cast("01"), sale("01", at=at), cast("01", "against", at="2025-03-15T10:00"))
    assert (given.status["01"], flags(given)) == ("against", [])


# -- the second round's acts


def test_acts_of_the_second_round_are_answered_with_flags_by_its_own_window() -> None:
    acts = (
        cast("01", round=2),
        cast("02", round=2, at="2025-03-16T10:00"),
        cast("03", round=2, at="2025-03-16T12:00"),
        revoke("02", round=2, at="2025-03-16T12:00"),
    )
    given = verdict(*acts, window2=WINDOW2)
    assert flags(given) == [["early_cast", "01"], ["late_cast", "03"], ["late_revoke", "02"]]
    assert set(given.status.values()) == {"none"}


def test_a_roll_correction_is_logged_and_changes_nothing() -> None:
    correction = {"type": "roll_correction", "unit": "01", "area": "1000", "source": "register"}
    given, without = verdict(cast("01"), correction), verdict(cast("01"))
    assert flags(given) == [["roll_correction", "01"]]
    assert given.tests == without.tests


def test_a_delivery_raises_no_flag() -> None:
    assert verdict(deliver("01")).flags == ()


def test_a_case_is_read_as_it_is_written() -> None:
    case = read(cast("01", channel="paper", signed_at="2025-03-01"), title={"en": "A", "zh": "甲"}, why="why")
    assert (case.title.zh, case.why.en, case.acts[0].at.hour) == ("甲", "why", 9)
    assert raw()["rule"] == case.rule.id
