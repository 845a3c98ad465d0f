"""Singapore, worked by hand: share values out of 1000."""

import pytest

from hemei.engines.decision.tests.worked import Home, decide


def shares(**said: str) -> list[Home]:
    """Homes by what they say, each with that share value; what is left of 1000 stays away."""
    homes = [Home(choice.rstrip("_"), share=value) for choice, value in said.items()]
    away = 1000 - sum(float(home.share) for home in homes)
    return [*homes, Home(share=str(int(away)))]


@pytest.mark.parametrize(
    ("rule", "for_", "against", "passes"),
    [
        ("SG-SPECIAL", "225", "75", True),  # 4·225 = 900 = 3·300
        ("SG-SPECIAL", "224", "76", False),  # 896 < 900
        ("SG-90", "270", "30", True),  # 10·270 = 2700 = 9·300
        ("SG-90", "269", "31", False),  # 2690 < 2700
        ("SG-UNANIMOUS", "299", "1", False),  # 299 < 300
    ],
)
def test_a_resolution_takes_its_part_of_the_valid_votes_cast(rule: str, for_: str, against: str, passes: bool) -> None:
    """300 of 1000 take part: 10·300 = 3·1000, just enough; the rest as written beside each line."""
    worked = decide(rule, shares(for_=for_, against=against))
    assert worked.outcome == ("passed" if passes else "rejected")
    assert worked.tests == {"quorum": "300/1000 yes", "votes": f"{for_}/300 {'yes' if passes else 'no'}"}


def test_a_unanimous_resolution_bears_abstention_but_nobody_against() -> None:
    """250 for, 50 abstain: 250 of 250 cast."""
    worked = decide("SG-UNANIMOUS", shares(for_="250", abstain="50"))
    assert (worked.outcome, worked.tests) == ("passed", {"quorum": "300/1000 yes", "votes": "250/250 yes"})


def test_where_the_quorum_is_missing_those_present_go_on() -> None:
    """299 of 1000 take part: 2990 < 3000. Then 225 for, 74 against of those present: 900 >= 897.

    With 300 there the quorum is met, so a lost vote is not taken again.
    """
    homes = [Home("for", "for", share="225"), Home("against", "against", share="74"), Home(share="701")]
    worked = decide("SG-SPECIAL", homes)
    assert worked.tests == {"quorum": "299/1000 no", "votes": "225/299 yes"}
    assert worked.second_tests == {"quorum_missing": "299/1000 yes", "votes2": "225/299 yes"}
    assert worked.outcome == "passed"

    homes = [Home("for", "for", share="224"), Home("against", "for", share="76"), Home(share="700")]
    worked = decide("SG-SPECIAL", homes)
    assert (worked.outcome, worked.second_tests) == ("rejected", {"quorum_missing": "300/1000 no"})


def test_without_a_second_meeting_a_missing_quorum_stays_missing() -> None:
    assert decide("SG-90", shares(for_="299")).outcome == "no_quorum"
