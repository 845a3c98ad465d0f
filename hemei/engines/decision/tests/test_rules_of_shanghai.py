"""Shanghai, worked by hand: lifts before the Code, urban renewal, the owners' committee."""

from hemei.engines.decision.rulebook import as_case_rule
from hemei.engines.decision.tests.worked import Home, as_case, decide, decided, many


def test_2011_the_wish_of_the_door_takes_nine_in_ten() -> None:
    """20 homes: 18 for: 10·18 = 180 = 9·20, enough. 19 homes: 17 for: 170 < 171, not enough."""
    assert decide("CN-SH-2011-WISHES", many(18, "for") + many(2)).tests == {"wish": "18/20 yes"}
    short = decide("CN-SH-2011-WISHES", many(17, "for") + many(2))
    assert (short.outcome, short.tests) == ("rejected", {"wish": "17/19 no"})


def test_2011_the_agreement_takes_two_thirds_and_every_payer() -> None:
    """12 homes, 6 of them pay. 8 sign, all payers too: 24 = 24 and 6/6. A payer missing: 5/6. 7 sign: 21 < 24."""
    payers = many(6, "for", groups=("payers",))
    signed = decide("CN-SH-2011-AGREEMENT", payers + many(2, "for") + many(4))
    assert (signed.outcome, signed.tests) == ("passed", {"signed": "8/12 yes", "payers": "6/6 yes"})
    unpaid = decide("CN-SH-2011-AGREEMENT", [*payers[1:], Home(groups=("payers",)), *many(3, "for"), *many(3)])
    assert (unpaid.outcome, unpaid.tests) == ("rejected", {"signed": "8/12 yes", "payers": "5/6 no"})
    few = decide("CN-SH-2011-AGREEMENT", payers + many(1, "for") + many(5))
    assert (few.outcome, few.tests) == ("rejected", {"signed": "7/12 no", "payers": "6/6 yes"})


def test_2011_door_and_estate_pass_only_together() -> None:
    """Door 8/12 with all payers; estate of 30: 20 for: 60 = 60 passes, 19 for: 57 < 60 takes the door down with it."""
    door = as_case("CN-SH-2011-AGREEMENT", many(8, "for", groups=("payers",)) + many(4)) | {"id": "door"}
    rules = {id: as_case_rule(id) for id in ("CN-SH-2011-AGREEMENT", "CN-SH-2011-ESTATE")}
    for agree, outcome in ((20, "passed"), (19, "rejected")):
        estate = as_case("CN-SH-2011-ESTATE", many(agree, "for") + many(30 - agree)) | {"id": "estate"}
        linked = decided({"rules": rules, "cases": [{"id": "lift", "ballots": [door, estate]}]})
        assert linked.outcome == outcome
        assert [ballot.outcome for ballot in linked.verdict.ballots] == ["passed", outcome]


def test_2016_one_home_against_is_a_veto() -> None:
    """12 homes. 8 for, nobody against: 24 = 24, 0 <= 0. 11 for, 1 against: 1 > 0. 7 for: 21 < 24."""
    agreed = decide("CN-SH-2016-VETO", many(8, "for") + many(4))
    assert (agreed.outcome, agreed.tests) == ("passed", {"agree": "8/12 yes", "no_veto": "0/12 yes"})
    vetoed = decide("CN-SH-2016-VETO", many(11, "for") + many(1, "against"))
    assert (vetoed.outcome, vetoed.tests) == ("rejected", {"agree": "11/12 yes", "no_veto": "1/12 no"})
    assert decide("CN-SH-2016-VETO", many(7, "for") + many(5)).tests["agree"] == "7/12 no"


def test_2019_a_building_takes_two_thirds_of_all_by_heads_and_by_area() -> None:
    """12 flats: 8 for of 50 m²: 24 = 24, 3·400 = 1200 = 2·600. With 49.99 m² for one of them: 3·399.99 < 2·599.99."""
    assert decide("CN-SH-2019-BUILDING", many(8, "for") + many(4)).tests == {
        "appr_heads": "8/12 yes",
        "appr_area": "400/600 yes",
    }
    smaller = decide("CN-SH-2019-BUILDING", [Home("for", area="49.99"), *many(7, "for"), *many(4, "against")])
    assert (smaller.outcome, smaller.tests["appr_area"]) == ("rejected", "399.99/599.99 no")


def test_2019_the_estate_takes_more_than_half_of_all() -> None:
    """12 flats. 7 for: 14 > 12. 6 for: 12 = 12, not more than half."""
    assert decide("CN-SH-2019-ESTATE", many(7, "for") + many(5)).outcome == "passed"
    half = decide("CN-SH-2019-ESTATE", many(6, "for") + many(6))
    assert (half.outcome, half.tests) == ("rejected", {"appr_heads": "6/12 no", "appr_area": "300/600 no"})


def test_renewal_agreements_take_effect_at_95_of_100() -> None:
    """W25: 38 of 40: 100·38 = 3800 = 95·40, effective. 37 of 40: 3700 < 3800, not. 39 of 41: 3900 >= 3895, is."""
    signed = {
        (sign, all_): decide("CN-SH-RENEWAL-95", many(sign, "for") + many(all_ - sign))
        for sign, all_ in ((38, 40), (37, 40), (39, 41))
    }
    assert [(one.outcome, one.tests["signed_units"]) for one in signed.values()] == [
        ("passed", "38/40 yes"),
        ("rejected", "37/40 no"),
        ("passed", "39/41 yes"),
    ]


def test_a_committee_decides_by_more_than_half_of_all_its_members() -> None:
    """Five members. 3 come and sign: 6 > 5. 4 come, 2 sign: 4 < 5. 2 come: 4 < 5, no quorum."""
    decided_ = decide("CN-SH-COMMITTEE", many(3, "for") + many(2))
    assert (decided_.outcome, decided_.tests) == ("passed", {"present": "3/5 yes", "signed": "3/5 yes"})
    divided = decide("CN-SH-COMMITTEE", many(2, "for") + many(2, "against") + many(1))
    assert (divided.outcome, divided.tests) == ("rejected", {"present": "4/5 yes", "signed": "2/5 no"})
    few = decide("CN-SH-COMMITTEE", many(2, "for") + many(3))
    assert (few.outcome, few.tests["present"]) == ("no_quorum", "2/5 no")


def test_a_member_of_a_committee_sends_no_proxy() -> None:
    """Two of five sign; a third sends his wife with written authority: refused, so 2/5 and no quorum."""
    acts = (
        {"at": "2030-03-03T09:00", "type": "grant", "unit": "3", "by": "O3", "to": "wife", "written": True},
        {"at": "2030-03-05T10:00", "type": "cast", "unit": "3", "by": "wife", "for_owner": "O3", "choice": "for"},
    )
    worked = decide("CN-SH-COMMITTEE", many(2, "for") + many(3), events=acts)
    assert (worked.outcome, worked.tests["present"]) == ("no_quorum", "2/5 no")
    assert ("proxy_over_limit", "3") in worked.verdict.flags
