"""France, worked by hand: shares out of 1000, and at once a second vote where the first came near enough."""

from hemei.engines.decision.tests.worked import Home, decide, many


def test_art_24_takes_more_than_half_of_the_shares_cast() -> None:
    """300 for, 299 against, 401 abstain: 600 > 599. 300 for, 300 against: 600 = 600, not enough."""
    carried = decide("FR-24", [Home("for", share="300"), Home("against", share="299"), Home("abstain", share="401")])
    assert (carried.outcome, carried.tests) == ("passed", {"majority": "300/599 yes"})
    tied = decide("FR-24", [Home("for", share="300"), Home("against", share="300"), Home("abstain", share="400")])
    assert (tied.outcome, tied.tests) == ("rejected", {"majority": "300/600 no"})


def test_an_owner_with_more_than_half_is_cut_to_the_sum_of_the_others() -> None:
    """600 against the 400 of four others: cut to 400. 400 of 800 is exactly half. With 500 nobody is cut."""
    cut = decide("FR-24", [Home("for", share="600"), *many(4, "against", share="100")])
    assert (cut.outcome, cut.tests) == ("rejected", {"majority": "400/800 no"})
    helped = decide("FR-24", [Home("for", share="600"), Home("for", share="1"), *many(4, "against", share="99.75")])
    assert (helped.outcome, helped.tests) == ("passed", {"majority": "401/800 yes"})
    uncut = decide("FR-24", [Home("for", share="500"), *many(5, "against", share="100")])
    assert uncut.tests == {"majority": "500/1000 no"}


def test_art_25_takes_more_than_half_of_all_shares() -> None:
    """501 of 1000: 1002 > 1000, with 499 absent. 500 of 1000: not enough."""
    carried = decide("FR-25", [*many(2, "for", share="250.5"), *many(2, share="249.5")])
    assert (carried.outcome, carried.tests) == ("passed", {"absolute": "501/1000 yes"})
    assert decide("FR-25", many(2, "for", share="250") + many(2, share="250")).tests == {"absolute": "500/1000 no"}


def test_art_25_1_opens_a_second_vote_from_a_third_of_all_shares() -> None:
    """334 of 1000: 3·334 = 1002 >= 1000, so a second vote: 334 of 634 cast: 668 > 634. 333: 999 < 1000, none."""
    homes = [Home("for", "for", share="334"), Home("against", "against", share="300"), *many(2, share="183")]
    second = decide("FR-25", homes)
    assert (second.outcome, second.tests) == ("passed", {"absolute": "334/1000 no"})
    assert second.second_tests == {"third": "334/1000 yes", "majority2": "334/634 yes"}

    homes = [Home("for", "for", share="333"), Home("against", share="300"), *many(2, share="183.5")]
    none = decide("FR-25", homes)
    assert (none.outcome, none.second_tests) == ("rejected", {"third": "333/1000 no"})


def test_a_second_vote_is_lost_at_exactly_half() -> None:
    """380 of 1000 opens it; then 380 for, 380 against: 760 = 760."""
    homes = [Home("for", "for", share="380"), Home("against", "against", share="380"), Home(share="240")]
    lost = decide("FR-25", homes)
    assert (lost.outcome, lost.second_tests["majority2"]) == ("rejected", "380/760 no")


def test_art_26_takes_more_than_half_of_the_members_and_two_thirds_of_the_shares() -> None:
    """Ten members of 100. 7 for: 14 > 10, 2100 >= 2000. 6 for with 666 shares: 1998 < 2000. 5 for with 700: 10 = 10."""
    carried = decide("FR-26", many(7, "for", share="100") + many(3, "against", share="100"))
    assert (carried.outcome, carried.tests) == ("passed", {"members": "7/10 yes", "two_thirds": "700/1000 yes"})
    shares = decide("FR-26", many(6, "for", share="111") + many(4, share="83.5"))
    assert shares.tests == {"members": "6/10 yes", "two_thirds": "666/1000 no"}
    members = decide("FR-26", many(5, "for", share="140") + many(5, share="60"))
    assert members.tests == {"members": "5/10 no", "two_thirds": "700/1000 yes"}


def test_art_26_1_opens_a_second_vote_when_half_of_those_present_with_a_third_of_all_agreed() -> None:
    """Ten members of 100. 4 for, 3 against, 1 abstains, 2 away: 4/8 of those present: 8 = 8; 400 of 1000: 1200 >= 1000.

    Then 6 for: 600 of 1000: 1200 > 1000. 5 for: 500 of 1000, not enough. With 4 against at first: 4/9: 8 < 9, none.
    """
    first = [Home("for", "for", share="100")] * 4 + many(3, "against", share="100") + many(1, "abstain", share="100")
    carried = decide("FR-26", first + [Home(None, "for", share="100")] * 2)
    assert carried.outcome == "passed"
    assert carried.tests == {"members": "4/10 no", "two_thirds": "400/1000 no"}
    assert carried.second_tests == {"half_present": "4/8 yes", "third": "400/1000 yes", "absolute2": "600/1000 yes"}

    lost = decide("FR-26", [*first, Home(None, "for", share="100"), Home(share="100")])
    assert (lost.outcome, lost.second_tests["absolute2"]) == ("rejected", "500/1000 no")

    refused = decide("FR-26", [*first, Home("against", "for", share="100"), Home(None, "for", share="100")])
    assert (refused.outcome, refused.second_tests) == ("rejected", {"half_present": "4/9 no", "third": "400/1000 yes"})
