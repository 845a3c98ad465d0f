"""Hong Kong, worked by hand: shares decide, owners are counted for the quorum and for votes in person."""

from hemei.engines.decision.tests.worked import Home, decide, many


def test_a_general_resolution_takes_a_tenth_of_the_owners_and_more_than_half_of_the_votes() -> None:
    """20 owners, 2 come: 10·2 = 20. 51 shares for, 50 against: 102 > 101. Of 21, 2 come: 20 < 21. 50 to 50: tied."""
    carried = decide("HK-GENERAL", [Home("for", share="51"), Home("against", share="50"), *many(18)])
    assert (carried.outcome, carried.tests) == ("passed", {"quorum": "2/20 yes", "majority": "51/101 yes"})
    few = decide("HK-GENERAL", [*many(2, "for", share="50"), *many(19)])
    assert (few.outcome, few.tests["quorum"]) == ("no_quorum", "2/21 no")
    tied = decide("HK-GENERAL", [Home("for", share="50"), Home("against", share="50"), *many(18)])
    assert (tied.outcome, tied.tests["majority"]) == ("rejected", "50/100 no")


def test_appointing_a_committee_takes_30_of_100_shares_besides() -> None:
    """Ten owners, shares 1000. 300 for, 200 against: 600 > 500, 10·300 = 3·1000. 299 for: 2990 < 3000."""
    carried = decide("HK-APPOINT", [Home("for", share="300"), Home("against", share="200"), *many(8, share="62.5")])
    assert carried.outcome == "passed"
    assert carried.tests == {"quorum": "2/10 yes", "majority": "300/500 yes", "of_all": "300/1000 yes"}
    short = decide("HK-APPOINT", [Home("for", share="299"), Home("against", share="201"), *many(8, share="62.5")])
    assert (short.outcome, short.tests["of_all"]) == ("rejected", "299/1000 no")


def test_large_maintenance_takes_5_of_100_owners_in_person() -> None:
    """40 owners, 4 vote (10·4 = 40). 2 in person: 100·2 = 200 = 5·40. 1 in person: 100 < 200."""
    person = many(2, "for", channel="in_person")
    carried = decide("HK-LARGE-MAINTENANCE", person + many(2, "for", channel="proxy") + many(36))
    assert carried.outcome == "passed"
    assert carried.tests == {"quorum": "4/40 yes", "in_person": "2/40 yes", "majority": "40/40 yes"}
    short = decide("HK-LARGE-MAINTENANCE", person[:1] + many(3, "for", channel="proxy") + many(36))
    assert (short.outcome, short.tests["in_person"]) == ("no_quorum", "1/40 no")


def test_large_maintenance_never_takes_more_than_100_in_person() -> None:
    """2,100 owners: 5 of 100 would be 105, the lesser is 100. 210 vote. 100 in person: enough. 99: not enough."""
    for person, enough in ((100, "yes"), (99, "no")):
        homes = many(person, "for", channel="in_person") + many(210 - person, "for") + many(1890)
        worked = decide("HK-LARGE-MAINTENANCE", homes)
        assert worked.tests["quorum"] == "210/2100 yes"
        assert worked.tests["in_person"] == f"{person}/2100 {enough}"
        assert worked.outcome == ("passed" if enough == "yes" else "no_quorum")
