"""Korea, worked by hand: parts of all owners and of all area, never of those who vote. Flats of 50 m²."""

import pytest

from hemei.engines.decision.tests.worked import Home, decide, many


@pytest.mark.parametrize(
    ("rule", "all_", "needed"),
    [
        ("KR-38", 12, 7),  # more than half: 2·7 = 14 > 12; 2·6 = 12 = 12 is not
        ("KR-15", 12, 8),  # two thirds: 3·8 = 24 = 2·12; 3·7 = 21 < 24
        ("KR-15-2", 10, 8),  # four fifths: 5·8 = 40 = 4·10; 5·7 = 35 < 40
        ("KR-41", 12, 9),  # three quarters: 4·9 = 36 = 3·12; 4·8 = 32 < 36
        ("KR-41-BEFORE-2023", 12, 10),  # four fifths: 5·10 = 50 > 48; 5·9 = 45 < 48
    ],
)
def test_a_resolution_takes_its_part_of_all(rule: str, all_: int, needed: int) -> None:
    """Just enough, and one home less; the arithmetic stands beside each line. By area the same, 50 m² a home."""
    just = decide(rule, many(needed, "for") + many(all_ - needed))
    assert just.outcome == "passed"
    assert just.tests == {"appr_heads": f"{needed}/{all_} yes", "appr_area": f"{needed * 50}/{all_ * 50} yes"}
    short = decide(rule, many(needed - 1, "for") + many(all_ - needed + 1))
    assert short.outcome == "rejected"
    assert short.tests["appr_heads"] == f"{needed - 1}/{all_} no"


def test_heads_without_area_do_not_change_common_parts() -> None:
    """12 flats, 8 for of 40 m², 4 silent of 100 m²: heads 24 = 24, area 320/720: 960 < 1440."""
    worked = decide("KR-15", many(8, "for", area="40") + many(4, area="100"))
    assert (worked.outcome, worked.tests) == ("rejected", {"appr_heads": "8/12 yes", "appr_area": "320/720 no"})


@pytest.mark.parametrize(("rule", "enough"), [("KR-15-AFFECTED", 8), ("KR-15-2-AFFECTED", 10)])
def test_who_is_specially_affected_must_agree(rule: str, enough: int) -> None:
    """12 flats, one affected. Enough for, it among them: 1/1. All others for and it silent: 0/1."""
    affected = ("affected",)
    agreed = decide(rule, [Home("for", groups=affected), *many(enough - 1, "for"), *many(12 - enough)])
    assert (agreed.outcome, agreed.tests["affected"]) == ("passed", "1/1 yes")
    silent = decide(rule, [Home(groups=affected), *many(11, "for")])
    assert (silent.outcome, silent.tests["appr_heads"], silent.tests["affected"]) == ("rejected", "11/12 yes", "0/1 no")


def test_silence_is_not_consent_in_writing() -> None:
    """12 flats, all served, 8 for: 32 < 36. The served and silent four agree to nothing."""
    worked = decide("KR-41", many(8, "for", served=True) + many(4, served=True))
    assert (worked.outcome, worked.tests["appr_heads"], worked.verdict.deemed) == ("rejected", "8/12 no", {})
