"""New South Wales, Queensland and South Australia, worked by hand: tests that count those against."""

from hemei.engines.decision.tests.worked import Home, decide, many


def test_new_south_wales_takes_a_quarter_against_and_not_more() -> None:
    """Entitlements cast 1000: 250 against: 4·250 = 1000, allowed. 251 of 1000: 1004 > 1000, lost."""
    allowed = decide("NSW-SPECIAL", [Home("for", share="750"), Home("against", share="250"), Home(share="500")])
    assert (allowed.outcome, allowed.tests) == ("passed", {"against_cap": "250/1000 yes"})
    lost = decide("NSW-SPECIAL", [Home("for", share="749"), Home("against", share="251")])
    assert (lost.outcome, lost.tests) == ("rejected", {"against_cap": "251/1000 no"})


def test_new_south_wales_special_and_accessibility_part_on_the_same_votes() -> None:
    """W21: 520 for, 480 against. Special: 4·480 = 1920 > 1000, lost. Accessibility: 2·480 = 960 < 1000, carried.

    500 against 500: 1000 = 1000, not less than half, lost.
    """
    homes = [Home("for", share="520"), Home("against", share="480")]
    assert (special := decide("NSW-SPECIAL", homes)).outcome == "rejected"
    assert special.tests == {"against_cap": "480/1000 no"}
    assert (access := decide("NSW-ACCESS", homes)).outcome == "passed"
    assert access.tests == {"against_cap": "480/1000 yes"}
    tied = decide("NSW-ACCESS", [Home("for", share="500"), Home("against", share="500")])
    assert (tied.outcome, tied.tests) == ("rejected", {"against_cap": "500/1000 no"})


def test_new_south_wales_cuts_the_original_owner_to_a_third() -> None:
    """Three lots, original owner 500 of 1000 against: counts 500/3. Of 500/3 + 500 = 2000/3 that is exactly a quarter.

    With 501 of 1000 it is 167 of 666: 4·167 = 668 > 666, lost. With 499 it holds less than half and is not cut.
    """
    exactly = decide("NSW-SPECIAL", [Home("against", share="500", original_owner=True), *many(2, "for", share="250")])
    assert (exactly.outcome, exactly.tests) == ("passed", {"against_cap": "500/3/2000/3 yes"})
    more = decide("NSW-SPECIAL", [Home("against", share="501", original_owner=True), *many(2, "for", share="249.5")])
    assert (more.outcome, more.tests) == ("rejected", {"against_cap": "167/666 no"})
    uncut = decide("NSW-SPECIAL", [Home("against", share="499", original_owner=True), *many(2, "for", share="250.5")])
    assert uncut.tests == {"against_cap": "499/1000 no"}
    two_lots = decide("NSW-SPECIAL", [Home("against", share="500", original_owner=True), Home("for", share="500")])
    assert two_lots.tests == {"against_cap": "500/1000 no"}


def test_new_south_wales_with_a_quorum_of_a_quarter() -> None:
    """Of 1000: 200 for, 50 abstain: 250 take part: 4·250 = 1000. 200 and 49: 996 < 1000."""
    there = decide("NSW-SPECIAL-QUORUM", [Home("for", share="200"), Home("abstain", share="50"), *many(3, share="250")])
    assert (there.outcome, there.tests) == ("passed", {"quorum": "250/1000 yes", "against_cap": "0/200 yes"})
    few = decide("NSW-SPECIAL-QUORUM", [Home("for", share="200"), Home("abstain", share="49"), Home(share="751")])
    assert (few.outcome, few.tests["quorum"]) == ("no_quorum", "249/1000 no")


def test_queensland_asks_three_tests() -> None:
    """12 lots of 50/600. 7 for, 3 against: 7/10: 21 >= 20. Against 3/12: 12 = 12, 150/600: 600 = 600. All hold.

    8 for, 4 against: 8/12 = 2/3, but 4 lots: 16 > 12. 6 for, 3 against of entitlement 51: 153/603: 612 > 603.
    """
    carried = decide("QLD-SPECIAL", many(7, "for", share="50") + many(3, "against", share="50") + many(2, share="50"))
    assert carried.outcome == "passed"
    assert carried.tests == {"votes": "7/10 yes", "against_lots": "3/12 yes", "against_share": "150/600 yes"}
    lots = decide("QLD-SPECIAL", many(8, "for", share="51") + many(4, "against", share="30"))
    assert lots.outcome == "rejected"
    assert lots.tests == {"votes": "8/12 yes", "against_lots": "4/12 no", "against_share": "120/528 yes"}
    share = decide("QLD-SPECIAL", many(7, "for", share="50") + many(3, "against", share="51") + many(2, share="50"))
    assert share.outcome == "rejected"
    assert share.tests == {"votes": "7/10 yes", "against_lots": "3/12 yes", "against_share": "153/603 no"}
    votes = decide("QLD-SPECIAL", many(5, "for", share="50") + many(3, "against", share="50") + many(4, share="50"))
    assert (votes.outcome, votes.tests["votes"]) == ("rejected", "5/8 no")


def test_queensland_exactly_two_thirds_parts_the_two_readings() -> None:
    """6 for, 3 against of 12 lots: 3·6 = 18 = 2·9. At least two thirds: carried. More than two thirds: lost."""
    homes = many(6, "for") + many(3, "against") + many(3)
    assert (least := decide("QLD-SPECIAL", homes)).outcome == "passed"
    assert least.tests["votes"] == "6/9 yes"
    assert (more := decide("QLD-SPECIAL-MORE", homes)).outcome == "rejected"
    assert more.tests["votes"] == "6/9 no"
    assert decide("QLD-SPECIAL-MORE", many(7, "for") + many(3, "against") + many(2)).outcome == "passed"


def test_south_australia_silence_helps() -> None:
    """12 units. 1 for, 3 against, 8 silent: 3/12: 12 = 12, carried. 8 for, 4 against: 16 > 12, lost."""
    silent = decide("SA-SPECIAL", many(1, "for") + many(3, "against") + many(8))
    assert (silent.outcome, silent.tests) == ("passed", {"against_cap": "3/12 yes"})
    lost = decide("SA-SPECIAL", many(8, "for") + many(4, "against"))
    assert (lost.outcome, lost.tests) == ("rejected", {"against_cap": "4/12 no"})
