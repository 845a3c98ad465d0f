"""Taiwan, worked by hand: attendance, then approval of those present; a second meeting needs fewer. Shares of 10."""

import pytest

from hemei.engines.decision.tests.worked import Home, Worked, decide, many

KEYS = ("attend_heads", "attend_share", "appr_heads", "appr_share")


def told(heads: tuple[str, str], shares: tuple[str, str]) -> dict[str, str]:
    return dict(zip(KEYS, (heads[0], shares[0], heads[1], shares[1]), strict=True))


def test_a_general_resolution_takes_more_than_half_twice() -> None:
    """12 owners. 7 come: 14 > 12; 4 for: 8 > 7. 6 come: 12 = 12, not enough. 8 come, 4 for: 8 = 8, not enough."""
    carried = decide("TW-GENERAL", many(4, "for") + many(3, "against") + many(5))
    assert carried.outcome == "passed"
    assert carried.tests == told(("7/12 yes", "4/7 yes"), ("70/120 yes", "40/70 yes"))
    few = decide("TW-GENERAL", many(6, "for") + many(6))
    assert (few.outcome, few.tests["attend_heads"]) == ("no_quorum", "6/12 no")
    tied = decide("TW-GENERAL", many(4, "for") + many(4, "against") + many(4))
    assert (tied.outcome, tied.tests["appr_heads"]) == ("rejected", "4/8 no")


def test_a_major_resolution_takes_two_thirds_and_three_quarters() -> None:
    """12 owners. 8 come: 24 = 24; 6 for: 24 = 24. 7 come: 21 < 24. 5 for of 8: 20 < 24."""
    carried = decide("TW-MAJOR", many(6, "for") + many(2, "against") + many(4))
    assert carried.outcome == "passed"
    assert carried.tests == told(("8/12 yes", "6/8 yes"), ("80/120 yes", "60/80 yes"))
    few = decide("TW-MAJOR", many(7, "for") + many(5))
    assert (few.outcome, few.tests["attend_heads"]) == ("no_quorum", "7/12 no")
    lost = decide("TW-MAJOR", many(5, "for") + many(3, "against") + many(4))
    assert (lost.outcome, lost.tests["appr_heads"]) == ("rejected", "5/8 no")


def meeting_again(rule: str, come: int, agree: int, all_: int) -> Worked:
    homes = [Home("for", "for")] * agree + [Home("for", "against")] * (come - agree) + many(all_ - come)
    return decide(rule, homes)


def test_a_second_meeting_takes_a_quarter() -> None:
    """12 owners. First 3 come: 6 < 12. Again 3 come: 4·3 = 12, just enough; 2 for: 4 > 3. Of 13, 3 come: 12 < 13."""
    carried = meeting_again("TW-GENERAL", come=3, agree=2, all_=12)
    assert (carried.outcome, carried.tests["attend_heads"]) == ("passed", "3/12 no")
    assert carried.second_tests == {
        "no_decision": "3/12 yes",
        "attend_heads2": "3/12 yes",
        "attend_share2": "30/120 yes",
        "appr_heads2": "2/3 yes",
        "appr_share2": "20/30 yes",
    }
    few = meeting_again("TW-GENERAL", come=3, agree=3, all_=13)
    assert (few.outcome, few.second_tests["attend_heads2"]) == ("no_quorum", "3/13 no")


@pytest.mark.parametrize(
    ("come", "all_", "outcome", "attended"),
    [
        (3, 15, "passed", "3/15 yes"),  # 5·3 = 15, and three persons
        (3, 16, "no_quorum", "3/16 no"),  # 15 < 16
        (2, 10, "no_quorum", "2/10 no"),  # 5·2 = 10 is a fifth, but two are not three
    ],
)
def test_a_second_meeting_by_the_text_of_2003_takes_a_fifth_and_three_persons(
    come: int, all_: int, outcome: str, attended: str
) -> None:
    """All who come agree; the arithmetic stands beside each line."""
    worked = meeting_again("TW-GENERAL-2003", come=come, agree=come, all_=all_)
    assert (worked.outcome, worked.second_tests["attend_heads2"]) == (outcome, attended)
