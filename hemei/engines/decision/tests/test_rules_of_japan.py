"""Japan, worked by hand: of all until March 2026, of those attending from April 2026."""

from hemei.engines.decision.tests.worked import Home, decide, many

ATTEND = {"attend_heads": "18/30 yes", "attend_share": "180/300 yes"}


def test_to_march_2026_who_is_absent_is_as_if_against() -> None:
    """12 heads: 9 for, 3 absent: 4·9 = 36 = 3·12, carried. 8 for, 4 absent: 32 < 36, though nobody is against."""
    carried = decide("JP-17-BEFORE-2026", many(9, "for") + many(3))
    assert (carried.outcome, carried.tests) == ("passed", {"appr_heads": "9/12 yes", "appr_share": "90/120 yes"})
    lost = decide("JP-17-BEFORE-2026", many(8, "for") + many(4))
    assert (lost.outcome, lost.tests) == ("rejected", {"appr_heads": "8/12 no", "appr_share": "80/120 no"})


def test_twelve_of_eighteen_remove_barriers_but_change_nothing_else() -> None:
    """W22: 30 heads of share 10, 18 attend: 36 > 30; 12 for: 12/18 = 2/3: 36 = 36 for 17(5), 48 < 54 for 17(1)."""
    homes = many(12, "for") + many(6, "against") + many(12)
    barrier_free, major = decide("JP-17-5", homes), decide("JP-17", homes)
    assert barrier_free.outcome == "passed"
    assert barrier_free.tests == ATTEND | {"appr_heads": "12/18 yes", "appr_share": "120/180 yes"}
    assert major.outcome == "rejected"
    assert major.tests == ATTEND | {"appr_heads": "12/18 no", "appr_share": "120/180 no"}


def test_one_vote_less_and_the_barrier_stays() -> None:
    """11 of 18: 3·11 = 33 < 36."""
    assert decide("JP-17-5", many(11, "for") + many(7, "against") + many(12)).tests["appr_heads"] == "11/18 no"


def test_a_major_change_takes_three_quarters_of_those_attending() -> None:
    """16 of 30 attend: 32 > 30; 12 for: 48 = 48, carried. 15 attend: 30 = 30, not more than half."""
    assert decide("JP-17", many(12, "for") + many(4, "against") + many(14)).outcome == "passed"
    half = decide("JP-17", many(15, "for") + many(15))
    assert (half.outcome, half.tests["attend_heads"]) == ("no_quorum", "15/30 no")


def test_an_owner_who_cannot_be_found_is_in_no_number() -> None:
    """31 heads, one taken out by the court: 16 of 30 attend: 32 > 30. Were it counted, 16 of 31 would still be; with 32
    heads and two of them out, 16 of 30 attend, where 16 of 32 would be exactly half."""
    homes = many(12, "for") + many(4, "against") + many(14)
    out = decide("JP-17", [*homes, *many(2, votable=False)])
    assert (out.outcome, out.tests["attend_heads"], out.tests["attend_share"]) == ("passed", "16/30 yes", "160/300 yes")
    counted = decide("JP-17", [*homes, *many(2)])
    assert (counted.outcome, counted.tests["attend_heads"]) == ("no_quorum", "16/32 no")


def test_a_spoiled_ballot_attends_and_does_not_agree() -> None:
    """16 of 30 attend, one ballot spoiled: 12 for of 16: 48 = 48. 11 for and five spoiled: 44 < 48."""
    assert decide("JP-17", many(12, "for") + many(3, "against") + [Home("spoiled")] + many(14)).outcome == "passed"
    assert decide("JP-17", many(11, "for") + many(5, "spoiled") + many(14)).tests["appr_heads"] == "11/16 no"
