"""`standing` and `judge`: what would be if some units had said something else, without reading an act again."""

from random import Random
from typing import Any

import pytest

from hemei.engines.decision.case import Case
from hemei.engines.decision.tally import judge, standing, tally
from hemei.engines.decision.tests.ballots import WINDOW2, a_test, cast, deliver, numbers, read

THREE = (cast("01"), cast("02"), cast("03", "against"))


def test_judging_what_stands_is_the_tally() -> None:
    case = read(*THREE)
    assert judge(standing(case)) == tally(case)


def test_a_changed_status_counts_as_an_act_would() -> None:
    stands = standing(read(*THREE))
    more = {f"{number:02}": "for" for number in range(4, 8)}
    given = judge(stands, {**more, "03": "none"})  # type: ignore[dict-item]
    acts = [cast(name) for name in ("01", "02", *more)]
    assert (given.tests, given.status, given.outcome) == (
        tally(read(*acts)).tests,
        tally(read(*acts)).status,
        "passed",
    )
    assert judge(stands) == tally(read(*THREE))


def test_a_silent_unit_that_would_speak_is_no_longer_deemed_anything() -> None:
    stands = standing(read(*THREE, deliver("04"), under={"nonresponse": "follows_majority_if_delivered"}))
    assert judge(stands).deemed == {"04": "for"}
    assert judge(stands, {"04": "against"}).deemed == {}
    assert judge(stands, {"01": "none"}).deemed == {"04": "abstain"}


def test_a_changed_status_comes_by_the_channel_a_test_asks_for() -> None:
    tests = [a_test("t", "for", "all", ">=", "1/2", channel="in person")]
    stands = standing(read(cast("01", channel="paper"), under={"tests": tests}))
    assert numbers(judge(stands), "t") == ["0", "9", False]
    assert numbers(judge(stands, {"01": "for", "02": "for"}), "t") == ["2", "9", False]


def test_the_second_round_may_be_changed_by_itself() -> None:
    fallback = {
        "trigger": [a_test("third", "for", "all", ">=", "1/3", kind="trigger")],
        "tests": [a_test("second", "for", "all", ">", "1/2")],
    }
    under = {"tests": [a_test("main", "for", "all", ">", "1/2")], "fallback": fallback}
    stands = standing(read(*THREE, cast("04"), under=under, window2=WINDOW2))
    everybody: dict[str, Any] = {f"{number:02}": "for" for number in range(1, 10)}
    assert judge(stands).outcome == "rejected"
    assert judge(stands, None, everybody).outcome == "passed"
    assert judge(stands, {"04": "none"}, everybody).outcome == "rejected"


@pytest.mark.parametrize("seed", range(20))
def test_a_change_back_is_no_change(seed: int) -> None:
    chance = Random(seed)
    choices = ("for", "against", "abstain", "spoiled")
    acts = [cast(f"{chance.randint(1, 9):02}", chance.choice(choices)) for _ in range(12)]
    case: Case = read(*acts, deliver("09"), under={"nonresponse": "abstain_if_delivered"})
    given = tally(case)
    assert judge(standing(case), given.status).tests == given.tests
