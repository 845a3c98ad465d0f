"""A home that joins later, homes that are sold, and who owes what."""

from typing import Any

from hemei.engines.costs.tests.plans import homes, plain, plan, small

LATE = {"home": "c", "years": "4.5", "life": "15"}


def table(*k: str) -> dict[str, Any]:
    return {"name": "key", "key": "table", "within": "equal", "k": list(k)}


def test_the_payers_carry_a_late_home_in_proportion_on_every_floor_and_compensation_stays() -> None:
    told = plain(small(1, 2, 3, method=table("-1", "2", "3"), late=LATE))
    assert told["shares"] == {"a": "-25.00", "b": "125.00", "c": "0.00"}
    assert told["late"] == {"home": "c", "share": "75.00", "pays": "52.50", "refunds": {"b": "52.50"}}


def test_a_late_home_that_would_be_compensated_leaves_more_to_nobody() -> None:
    told = plain(small(1, 2, 3, method=table("2", "3", "-1"), late=LATE))
    assert told["shares"] == {"a": "40.00", "b": "60.00", "c": "0.00"}
    assert told["late"] == {"home": "c", "share": "-25.00", "pays": "0.00", "refunds": {"a": "0.00", "b": "0.00"}}
    assert told["flags"] == []


def test_with_nobody_to_carry_it_there_is_no_proposal() -> None:
    told = plain(small(1, 1, 2, late=LATE, need=["0", "100.00"], paid={"a": "1.00"}))
    assert told == {
        "id": "P",
        "shares": {},
        "total": "0.00",
        "reserve": "0.00",
        "short_by": "100.00",
        "flags": ["infeasible"],
        "subsidy": "0.00",
        "net": "100.00",
    }


def test_a_plan_that_costs_nothing_misses_nobody() -> None:
    told = plain(small(1, 1, 2, net="0", late=LATE))
    assert told["flags"] == []
    assert told["late"] == {"home": "c", "share": "0.00", "pays": "0.00", "refunds": {}}


def test_after_its_life_a_lift_costs_a_late_home_nothing() -> None:
    told = plain(small(2, 2, 3, method=table("0", "1", "1"), late={"home": "c", "years": "15.01", "life": "15"}))
    assert told["late"]["pays"] == "0.00"


def test_what_a_late_home_pays_is_rounded_half_up_and_split_by_largest_remainder() -> None:
    late = {"home": "c", "years": "0.5", "life": "1"}
    told = plain(small(1, 1, 1, 1, net="0.04", method=table("1"), late=late))
    assert told["shares"] == {"a": "0.02", "b": "0.01", "c": "0.00", "d": "0.01"}
    assert told["late"] == {
        "home": "c",
        "share": "0.01",
        "pays": "0.01",
        "refunds": {"a": "0.01", "b": "0.00", "d": "0.00"},
    }


def test_the_agreed_share_is_rounded_by_the_rule_of_the_case_with_everyone_in() -> None:
    told = plain(small(2, 2, 2, method=table("0", "1"), late=LATE, rounding={"to": "step", "step": "10.00"}))
    assert told["shares"] == {"a": "50.00", "b": "50.00", "c": "0.00"}
    assert told["late"] == {"home": "c", "share": "40.00", "pays": "28.00", "refunds": {"a": "14.00", "b": "14.00"}}


def test_the_core_is_asked_about_the_shares_without_the_late_home() -> None:
    told = plain(small(1, 2, 3, method=table("1", "1", "2"), late=LATE, need=["25.00", "60.00", "100.00"]))
    assert told["core_violations"] == [1, 2]
    assert "outside_core" in told["flags"]


def test_a_home_is_its_last_buyers_by_date_and_of_one_day_by_the_file() -> None:
    sales = [
        {"home": "201", "date": "2027-01-01", "buyer": "Third"},
        {"home": "201", "date": "2026-01-01", "buyer": "First"},
        {"home": "202", "date": "2026-01-01", "buyer": "Before noon"},
        {"home": "202", "date": "2026-01-01", "buyer": "After noon"},
    ]
    listed = homes()
    listed[0]["owner"] = "Zhao"
    due = plain(plan(homes=listed, sales=sales, paid={"101": "5.00", "301": "28000.00", "601": "100000.00"}))["due"]
    assert [due[home]["owner"] for home in ("101", "102", "201", "202")] == ["Zhao", None, "Third", "After noon"]
    assert [due[home]["amount"] for home in ("101", "201", "301", "601")] == ["-5.00", "14000.00", "0.00", "-30000.00"]


def test_who_owes_what_is_answered_where_sales_or_payments_are_told_even_none() -> None:
    assert "due" not in plain(plan())
    assert len(plain(plan(sales=[]))["due"]) == 12
    assert len(plain(plan(paid={}))["due"]) == 12


def test_a_compensation_that_was_paid_out_is_no_longer_due() -> None:
    told = plain(small(1, 2, method=table("-1", "3"), paid={"a": "-50.00"}))
    assert told["due"]["a"] == {"owner": None, "amount": "0.00"}
