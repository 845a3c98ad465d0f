"""From positions to the status of a unit, from units to heads."""

from typing import Any

import pytest

from hemei.engines.decision.tests.ballots import (
    a_test,
    cast,
    deliver,
    grant,
    homes,
    numbers,
    proxy,
    sale,
    unit,
    verdict,
)

COUPLE = [unit("01", "WIFE", "HUSBAND")]
HER, HIM = {"by": "WIFE"}, {"by": "HUSBAND"}
THIRDS = [unit("01", *({"id": name, "share": share} for name, share in (("A", "1/3"), ("B", "1/3"), ("C", "1/3"))))]


def status(*acts: Any, **more: Any) -> str:
    return verdict(*acts, **more).status["01"]


# -- joint rules


def test_any_co_owner_speaks_unless_another_says_otherwise() -> None:
    assert status(cast("01", **HER), units=COUPLE) == "for"
    assert status(cast("01", **HER), cast("01", **HIM), units=COUPLE) == "for"
    assert status(cast("01", **HER), cast("01", "against", **HIM), units=COUPLE) == "unresolved"
    assert status(cast("01", **HER), cast("01", "abstain", **HIM), units=COUPLE) == "unresolved"
    assert status(units=COUPLE) == "none"


def test_all_must_say_the_same_where_the_rule_is_unanimous() -> None:
    under = {"joint": "unanimous"}
    assert status(cast("01", **HER), units=COUPLE, under=under) == "unresolved"
    assert status(cast("01", **HER), cast("01", **HIM), units=COUPLE, under=under) == "for"
    assert status(cast("01", "spoiled", **HER), cast("01", "spoiled", **HIM), units=COUPLE, under=under) == "spoiled"
    assert status(cast("01"), under=under) == "for"


def test_only_the_representative_speaks_for_co_owners() -> None:
    couple = [unit("01", {"id": "WIFE", "rep": True}, {"id": "HUSBAND", "rep": False})]
    under = {"joint": "representative"}
    assert status(cast("01", **HIM), units=couple, under=under) == "none"
    assert status(cast("01", **HER), cast("01", "against", **HIM), units=couple, under=under) == "for"
    assert status(cast("01"), under=under) == "for"


def test_a_buyer_who_is_not_the_representative_replaces_nobody() -> None:
    under = {"joint": "representative"}
    buyers = sale("01", {"id": "X", "rep": True}, {"id": "Y"})
    assert status(cast("01"), buyers, cast("01", "against", by="Y"), under=under) == "for"
    assert status(cast("01"), buyers, cast("01", "against", by="X"), under=under) == "against"


def test_two_thirds_of_the_shares_decide() -> None:
    under = {"joint": "shares_two_thirds"}
    acts = (cast("01", by="A"), cast("01", by="B"))
    assert status(*acts[:1], units=THIRDS, under=under) == "unresolved"
    assert status(*acts, units=THIRDS, under=under) == "for"
    assert status(*acts, cast("01", "against", by="C"), units=THIRDS, under=under) == "for"
    assert status(cast("01"), under=under) == "for"


def test_an_unresolved_unit_is_counted_nowhere() -> None:
    units = [*COUPLE, unit("02")]
    given = verdict(cast("01", **HER), cast("01", "against", **HIM), cast("02"), units=units)
    assert (numbers(given, "part"), numbers(given, "appr")) == (["1", "2", False], ["1", "1", True])


# -- heads

RICH = [unit("01", "RICH"), unit("02", "RICH"), unit("03", "OTHER")]


def rich(first: str | None, second: str | None, **more: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """RICH owns 01 and 02, and says this of each; who takes part, who agrees, and of the votes cast."""
    pairs = (("01", first), ("02", second))
    acts = [cast(name, choice, by="RICH") for name, choice in pairs if choice is not None]
    under = {
        "tests": [
            a_test("part", "participating", "all", ">=", "0"),
            a_test("appr", "for", "all", ">=", "0"),
            a_test("cast", "for", "cast", ">=", "0"),
        ],
        **more,
    }
    given = verdict(*acts, units=RICH, under=under)
    return numbers(given, "part"), numbers(given, "appr"), numbers(given, "cast")


TAKES_PART_AND_AGREES = (["1", "2", True], ["1", "2", True], ["1", "1", True])
TAKES_PART_ONLY = (["1", "2", True], ["0", "2", True], ["0", "0", False])


@pytest.mark.parametrize(
    ("second", "more", "result"),
    [
        ("for", {}, TAKES_PART_AND_AGREES),
        (None, {}, TAKES_PART_AND_AGREES),
        ("against", {}, TAKES_PART_ONLY),
        ("abstain", {}, TAKES_PART_ONLY),
        ("abstain", {"abstain": "ignored"}, TAKES_PART_AND_AGREES),
        ("spoiled", {}, TAKES_PART_AND_AGREES),
        ("spoiled", {"spoiled": "participates"}, TAKES_PART_ONLY),
    ],
)
def test_units_that_vote_shape_their_head_and_different_ones_split_it(second: Any, more: Any, result: Any) -> None:
    assert rich("for", second, **more) == result


def test_a_split_head_is_split_by_heads_and_counted_as_cast_by_area() -> None:
    tests = [a_test("area", "for", "participating", ">=", "0", measure="area")]
    acts = (cast("01", by="RICH"), cast("02", "against", by="RICH"))
    assert numbers(verdict(*acts, units=RICH, under={"tests": tests}), "area") == ["60", "120", True]


def test_the_same_set_of_owners_is_one_head_in_any_order_and_a_named_head_is_never_joined_with_it() -> None:
    units = [unit("01", "A", "B"), unit("02", "B", "A"), unit("03", "A"), unit("04", "A", head="A")]
    assert numbers(verdict(units=units), "part") == ["0", "3", False]
    assert numbers(verdict(units=units, under={"head_key": "unit"}), "part") == ["0", "4", False]


def test_units_of_one_named_head_are_joined_whoever_owns_them() -> None:
    units = [unit("01", "A", head="DEV"), unit("02", "B", head="DEV"), unit("03", "C")]
    assert numbers(verdict(units=units), "part") == ["0", "2", False]


def test_heads_are_those_at_opening() -> None:
    acts = (sale("02", "RICH"), cast("01", by="RICH"), cast("02", by="RICH"))
    assert numbers(verdict(*acts, units=[unit("01", "RICH"), unit("02", "O")]), "part") == ["2", "2", True]


def test_a_test_of_a_group_looks_at_its_units_alone() -> None:
    units = [unit("01", "RICH", groups=["roof"]), unit("02", "RICH"), unit("03", groups=["roof", "yard"])]
    tests = [a_test("roof", "for", "all", ">=", "1/2", who="group:roof")]
    acts = (cast("01", by="RICH"), cast("02", "against", by="RICH"))
    assert numbers(verdict(*acts, units=units, under={"tests": tests}), "roof") == ["1", "2", True]


# -- silence

FOLLOWS = {"nonresponse": "follows_majority_if_delivered"}
ABSTAINS = {"nonresponse": "abstain_if_delivered"}


def test_a_silent_unit_stays_silent_unless_the_rule_says_otherwise() -> None:
    assert verdict(deliver("01")).deemed == {}


def test_a_served_silent_unit_takes_part_and_stays_none() -> None:
    given = verdict(deliver("01"), deliver("02", proof=False), cast("03"), under=ABSTAINS)
    assert (given.deemed, given.status["01"]) == ({"01": "abstain"}, "none")
    assert numbers(given, "part") == ["2", "9", False]


@pytest.mark.parametrize(
    ("at", "deemed"), [("2025-02-28T12:00", {}), ("2025-03-15T23:59", {"01": "abstain"}), ("2025-03-16T00:00", {})]
)
def test_service_counts_from_opening_to_before_closing(at: str, deemed: Any) -> None:
    assert verdict(deliver("01", at=at), under=ABSTAINS).deemed == deemed


def test_a_served_silent_unit_joins_what_leads_by_heads_and_by_area() -> None:
    acts = (cast("01"), cast("02"), cast("03", "against"), deliver("04"))
    assert verdict(*acts, under=FOLLOWS).deemed == {"04": "for"}
    large = [*homes(2), unit("03", area="120"), unit("04")]
    assert verdict(*acts, under=FOLLOWS, units=large).deemed == {"04": "abstain"}
    tie = (cast("01"), cast("02", "against"), deliver("04"))
    assert verdict(*tie, under=FOLLOWS).deemed == {"04": "abstain"}
    assert verdict(cast("01", "abstain"), deliver("04"), under=FOLLOWS).deemed == {"04": "abstain"}
    assert verdict(deliver("04"), under=FOLLOWS).deemed == {"04": "abstain"}


def test_an_ignored_abstention_leads_for_nobody() -> None:
    acts = (cast("01", "abstain"), cast("02", "abstain"), cast("03"), deliver("04"))
    assert verdict(*acts, under=FOLLOWS).deemed == {"04": "abstain"}
    assert verdict(*acts, under={**FOLLOWS, "abstain": "ignored"}).deemed == {"04": "for"}


def test_a_split_head_leads_for_nobody() -> None:
    acts = (cast("01", by="RICH"), cast("02", "against", by="RICH"), deliver("03"))
    assert verdict(*acts, units=RICH, under=FOLLOWS).deemed == {"03": "abstain"}


def test_silence_is_each_units_own_and_does_not_shape_the_head_of_one_that_voted() -> None:
    acts = (cast("01", by="RICH"), deliver("02"))
    given = verdict(*acts, units=RICH, under=ABSTAINS)
    assert given.deemed == {"02": "abstain"}
    assert numbers(given, "appr") == ["1", "1", True]


@pytest.mark.parametrize(
    "acts",
    [
        (cast("01", at="2025-03-20T00:00"),),
        (cast("01", by="STRANGER"),),
        (proxy("01"),),
        (grant("01", instruction="for"), proxy("01", "against")),
        (cast("01", id="c"), {"type": "void", "unit": "01", "ref": "c"}),
        (cast("01"), {"type": "revoke", "unit": "01", "by": "O-01"}),
    ],
)
def test_a_unit_is_silent_whatever_was_late_refused_void_or_revoked(acts: Any) -> None:
    assert verdict(deliver("01"), *acts, under=ABSTAINS).deemed == {"01": "abstain"}


def test_an_unresolved_or_spoiled_unit_is_not_silent() -> None:
    acts = (deliver("01"), cast("01", **HER), cast("01", "against", **HIM), deliver("02"), cast("02", "spoiled"))
    assert verdict(*acts, units=[*COUPLE, unit("02")], under=ABSTAINS).deemed == {}
