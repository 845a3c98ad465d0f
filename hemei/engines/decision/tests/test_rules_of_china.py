"""China since 2021, worked by hand. H heads, A area; every flat is 50 m² unless it says otherwise."""

from hemei.engines.decision.tests.worked import Home, decide, many

FOUR = ("part_heads", "part_area", "appr_heads", "appr_area")


def test_an_ordinary_matter_passes_with_just_over_a_third_of_all() -> None:
    """12 flats; 5 for, 3 against, 4 silent. H 8/12: 3·8 = 24 = 2·12, enough. 5/8: 2·5 = 10 > 8, enough. A alike."""
    worked = decide("CN-278-ORDINARY", many(5, "for") + many(3, "against") + many(4))
    assert worked.outcome == "passed"
    assert worked.tests == dict(zip(FOUR, ("8/12 yes", "400/600 yes", "5/8 yes", "250/400 yes"), strict=True))


def test_an_ordinary_matter_fails_at_exactly_half() -> None:
    """4 for, 4 against, 4 silent. H 8/12 takes part; 2·4 = 8 = 1·8: half is not more than half."""
    worked = decide("CN-278-ORDINARY", many(4, "for") + many(4, "against") + many(4))
    assert worked.outcome == "rejected"
    assert worked.tests == dict(zip(FOUR, ("8/12 yes", "400/600 yes", "4/8 no", "200/400 no"), strict=True))


def test_an_ordinary_matter_has_no_quorum_one_home_below_two_thirds() -> None:
    """7 for, 5 silent of 12: 3·7 = 21 < 2·12 = 24, though all 7 agree."""
    worked = decide("CN-278-ORDINARY", many(7, "for") + many(5))
    assert worked.outcome == "no_quorum"
    assert worked.tests["part_heads"] == "7/12 no"
    assert worked.tests["appr_heads"] == "7/7 yes"


def test_an_abstention_takes_part_and_does_not_agree() -> None:
    """12 flats; 4 for, 4 abstain: H 8/12 takes part, 4/8 agree: exactly half, rejected."""
    worked = decide("CN-278-ORDINARY", many(4, "for") + many(4, "abstain") + many(4))
    assert (worked.outcome, worked.tests["appr_heads"]) == ("rejected", "4/8 no")


def test_a_special_matter_passes_with_exactly_half_of_all_owners() -> None:
    """12 flats; 6 for, 2 against. H 8/12: 24 = 24. 6/8: 4·6 = 24 = 3·8. Six of twelve owners are exactly half."""
    worked = decide("CN-278-SPECIAL", many(6, "for") + many(2, "against") + many(4))
    assert worked.outcome == "passed"
    assert worked.tests == dict(zip(FOUR, ("8/12 yes", "400/600 yes", "6/8 yes", "300/400 yes"), strict=True))


def test_a_special_matter_fails_one_home_below_three_quarters() -> None:
    """5 for, 3 against of 12. 5/8: 4·5 = 20 < 3·8 = 24."""
    worked = decide("CN-278-SPECIAL", many(5, "for") + many(3, "against") + many(4))
    assert (worked.outcome, worked.tests["appr_heads"], worked.tests["appr_area"]) == (
        "rejected",
        "5/8 no",
        "250/400 no",
    )


def test_a_special_matter_needs_the_area_too() -> None:
    """One of 180 m² against, seven of 60 m² for. H 7/8: 28 >= 24. A 420/600: 4·420 = 1680 < 3·600 = 1800."""
    worked = decide("CN-278-SPECIAL", [Home("against", area="180"), *many(7, "for", area="60")])
    assert (worked.outcome, worked.tests["appr_heads"], worked.tests["appr_area"]) == (
        "rejected",
        "7/8 yes",
        "420/600 no",
    )


def test_the_developers_unsold_flats_are_one_head() -> None:
    """Six heads: three flats of A, two others, five unsold of the developer's. A and the two for, developer against.

    H: 4 heads vote of 4 (A, two, developer); 3/4 = exactly three quarters. A: 250 for of 500: 4·250 = 1000 < 1500.
    """
    homes = many(3, "for", owner="A") + many(2, "for") + many(5, "against", owner="developer")
    worked = decide("CN-278-SPECIAL", homes)
    assert worked.outcome == "rejected"
    assert worked.tests == dict(zip(FOUR, ("4/4 yes", "500/500 yes", "3/4 yes", "250/500 no"), strict=True))


def test_silence_joins_the_majority_only_where_the_clause_stands_and_service_is_proved() -> None:
    """9 flats; 4 for, 1 against, 4 silent of whom 1 is served. For leads 4:1 by heads and 200:50 by area.

    The served one takes part and joins: H 6/9: 18 = 18. For 5/6: 20 >= 18. Without that one: 5/9: 15 < 18.
    """
    voted = many(4, "for") + many(1, "against")
    worked = decide("CN-278-SPECIAL-SILENT", [*voted, Home(served=True), *many(3)])
    assert worked.outcome == "passed"
    assert worked.tests == dict(zip(FOUR, ("6/9 yes", "300/450 yes", "5/6 yes", "250/300 yes"), strict=True))
    assert worked.verdict.deemed == {"6": "for"}
    assert worked.verdict.status["6"] == "none"

    assert decide("CN-278-SPECIAL-SILENT", voted + many(4)).tests["part_heads"] == "5/9 no"
    assert decide("CN-278-SPECIAL", [*voted, *many(4, served=True)]).outcome == "no_quorum"


def test_silence_joins_no_side_where_none_leads() -> None:
    """9 flats; 2 for, 2 against, 5 served and silent: all 9 take part, for stays 2/9: 4·2 = 8 < 27."""
    worked = decide("CN-278-SPECIAL-SILENT", many(2, "for") + many(2, "against") + many(5, served=True))
    assert (worked.outcome, worked.tests["part_heads"], worked.tests["appr_heads"]) == ("rejected", "9/9 yes", "2/9 no")
    assert set(worked.verdict.deemed.values()) == {"abstain"}


def test_no_majority_replaces_the_consent_of_the_owner_whose_part_is_taken() -> None:
    """9 flats, the first loses its terrace. 8 for and it against: 8/9 is enough (32 >= 27), yet 0/1 of the occupied.

    It for and 2 others against: 7/9: 28 >= 27, and 1/1.
    """
    group = ("occupied",)
    refused = decide("CN-278-SPECIAL-OCCUPIED", [Home("against", groups=group), *many(8, "for")])
    assert (refused.outcome, refused.tests["appr_heads"]) == ("rejected", "8/9 yes")
    assert refused.tests["occupied_consent"] == "0/1 no"
    silent = decide("CN-278-SPECIAL-OCCUPIED", [Home(groups=group), *many(8, "for")])
    assert (silent.outcome, silent.tests["occupied_consent"]) == ("rejected", "0/1 no")
    agreed = decide("CN-278-SPECIAL-OCCUPIED", [Home("for", groups=group), *many(6, "for"), *many(2, "against")])
    assert (agreed.outcome, agreed.tests["appr_heads"], agreed.tests["occupied_consent"]) == (
        "passed",
        "7/9 yes",
        "1/1 yes",
    )


def test_a_residents_meeting_needs_more_than_half_twice() -> None:
    """21 households. 11 come: 22 > 21. 6 of 11 agree: 12 > 11. Of 20, 10 come: half, no. 5 of 10 agree: half, no."""
    met = decide("CN-RESIDENTS-MEETING", many(6, "for") + many(5, "against") + many(10))
    assert (met.outcome, met.tests) == ("passed", {"attend": "11/21 yes", "appr": "6/11 yes"})
    half_came = decide("CN-RESIDENTS-MEETING", many(10, "for") + many(10))
    assert (half_came.outcome, half_came.tests["attend"]) == ("no_quorum", "10/20 no")
    half_agreed = decide("CN-RESIDENTS-MEETING", many(5, "for") + many(5, "abstain") + many(9))
    assert (half_agreed.outcome, half_agreed.tests) == ("rejected", {"attend": "10/19 yes", "appr": "5/10 no"})


def test_turning_up_to_oppose_matters_only_under_the_code() -> None:
    """W23: 12 flats. (a) 8 for, 4 silent. (b) 8 for, 4 against. (c) 6 for, 2 against, 4 silent.

    Rule of 2019, two thirds of all: (a) 8/12 = 2/3 passes, (b) the same passes, (c) 6/12 fails.
    Code, three quarters of those who vote: (a) 8/8 passes, (b) 8/12: 32 < 36 fails, (c) 6/8 = 3/4 passes.
    """
    a = many(8, "for") + many(4)
    b = many(8, "for") + many(4, "against")
    c = many(6, "for") + many(2, "against") + many(4)
    before = [decide("CN-SH-2019-BUILDING", homes) for homes in (a, b, c)]
    assert [(one.outcome, one.tests["appr_heads"]) for one in before] == [
        ("passed", "8/12 yes"),
        ("passed", "8/12 yes"),
        ("rejected", "6/12 no"),
    ]
    since = [decide("CN-278-SPECIAL", homes) for homes in (a, b, c)]
    assert [(one.outcome, one.tests["appr_heads"]) for one in since] == [
        ("passed", "8/8 yes"),
        ("rejected", "8/12 no"),
        ("passed", "6/8 yes"),
    ]
