"""Germany, worked by hand. One owner has one vote; shares are thousandths."""

import pytest

from hemei.engines.decision.rulebook import rule
from hemei.engines.decision.tests.worked import decide, many


@pytest.mark.parametrize("id", ["DE-25", "DE-20"])
def test_more_than_half_of_the_votes_cast_and_nothing_else(id: str) -> None:
    """5 for, 1 against, 2 abstain, 20 stay away: 5/6: 10 > 6. 3 for, 3 against: 6 = 6, not enough."""
    carried = decide(id, many(5, "for") + many(1, "against") + many(2, "abstain") + many(20))
    assert (carried.outcome, carried.tests) == ("passed", {"majority": "5/6 yes"})
    tied = decide(id, many(3, "for") + many(3, "against") + many(2, "abstain"))
    assert (tied.outcome, tied.tests) == ("rejected", {"majority": "3/6 no"})


def test_where_all_abstain_nothing_is_carried() -> None:
    """No vote is cast: 0 of 0 fails."""
    assert decide("DE-25", many(6, "abstain")).tests == {"majority": "0/0 no"}


def test_an_owner_of_three_flats_has_one_vote() -> None:
    """One owner of three flats for, two owners against: 1/3: 2 < 3."""
    worked = decide("DE-25", many(3, "for", owner="A") + many(2, "against"))
    assert (worked.outcome, worked.tests) == ("rejected", {"majority": "1/3 no"})


def test_who_pays_hangs_on_the_rule() -> None:
    assert rule("DE-20").cost_effect == "for_only"
    assert rule("DE-21-2").cost_effect == "all"


def test_exactly_half_of_the_shares_binds_all_only_under_the_wider_reading() -> None:
    """W24: ten flats of 100/1000, 5 for, 1 against. Votes 5/6: 15 > 12. Shares 500/1000: exactly half."""
    homes = many(5, "for", share="100") + many(1, "against", share="100") + many(4, share="100")
    strict, wide = decide("DE-21-2", homes), decide("DE-21-2-AT-LEAST", homes)
    assert (strict.outcome, strict.tests) == ("rejected", {"votes": "5/6 yes", "shares": "500/1000 no"})
    assert (wide.outcome, wide.tests) == ("passed", {"votes": "5/6 yes", "shares": "500/1000 yes"})


@pytest.mark.parametrize("id", ["DE-21-2", "DE-21-2-AT-LEAST"])
def test_exactly_two_thirds_of_the_votes_do_not_bind_all(id: str) -> None:
    """Ten flats of 100. 6 for, 3 against: 3·6 = 18 = 2·9. 7 for, 3 against: 21 > 20, shares 700 of 1000."""
    exactly = decide(id, many(6, "for", share="100") + many(3, "against", share="100") + many(1, share="100"))
    assert (exactly.outcome, exactly.tests) == ("rejected", {"votes": "6/9 no", "shares": "600/1000 yes"})
    above = decide(id, many(7, "for", share="100") + many(3, "against", share="100"))
    assert (above.outcome, above.tests) == ("passed", {"votes": "7/10 yes", "shares": "700/1000 yes"})
