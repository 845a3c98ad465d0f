"""What the lift costs a year, by a key of its own, and what is laid by."""

from hemei.engines.costs.tests.plans import plain, plan, small

RUNNING = {"yearly": "6000.00", "reserve": "1200.00", "key": "storeys", "within": "equal"}


def test_running_cost_and_reserve_are_shared_by_their_own_key() -> None:
    told = plain(plan(running=RUNNING))["running"]
    assert [told["shares"][f"{floor}01"] for floor in range(1, 7)] == [
        "0.00",
        "240.00",
        "480.00",
        "720.00",
        "960.00",
        "1200.00",
    ]
    assert (told["total"], told["reserve"], told["short_by"]) == ("7200.00", "1200.00", "0.00")


def test_what_a_step_raises_is_laid_by_too() -> None:
    told = plain(plan(running=RUNNING, rounding={"to": "step", "step": "500.00"}))["running"]
    assert told["total"] == "9000.00"
    assert told["reserve"] == "3000.00"


def test_the_payers_run_the_lift_for_a_home_that_has_not_joined() -> None:
    told = plain(plan(running=RUNNING, late={"home": "602", "years": "1", "life": "15"}))["running"]
    assert (told["shares"]["601"], told["shares"]["201"], told["shares"]["602"]) == ("1440.00", "288.00", "0.00")
    assert told["total"] == "7200.00"


def test_a_key_that_nobody_carries_is_short_of_all_of_it_and_the_building_plan_stands() -> None:
    told = plain(small(1, 1, running=RUNNING, method={"name": "key", "key": "table", "within": "area", "k": ["1"]}))
    assert told["running"] == {"shares": {}, "total": "0.00", "reserve": "0.00", "short_by": "7200.00"}
    assert told["short_by"] == "0.00"
