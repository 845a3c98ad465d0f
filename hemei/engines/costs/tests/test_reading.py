"""What is refused, where, and what is not. The place is the first in the file; nothing is evaluated."""

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from hemei.engines.costs.plan import Constraints, Key, LeastSlack
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.tests.plans import LIMITS, NEED, SCALES, cost, homes, plain, plan, read, small, written
from hemei.engines.strict import LARGEST_FILE, Mistake

Change = Callable[[dict[str, Any]], object]
SHAPLEY = plan(method={"name": "shapley"}, need=NEED)
TABLE = plan(method={"name": "key", "key": "table", "within": "equal", "k": ["0", "1", "2", "3", "4", "5"]})
SLACK = plan(homes=homes(limit=LIMITS, scale=SCALES), method={"name": "least_slack", "scale": "given"})
CHANCE = plan(homes=homes(mu=LIMITS, s=SCALES), chance={"heads": 9})
MAX_CHANCE = plan(homes=homes(mu=LIMITS, s=SCALES), method={"name": "max_chance"})
BENEFIT = plan(homes=homes(benefit=LIMITS), method={"name": "equal_gain"})
LATE = plan(
    late={"home": "402", "years": "4.5", "life": "15"},
    sales=[{"home": "501", "date": "2027-05-06", "buyer": "Li"}],
    paid={"501": "30000.00"},
)
RUNNING = plan(running={"yearly": "6000.00", "reserve": "1200.00", "key": "storeys", "within": "equal"})


def mistake(text: str) -> Mistake:
    with pytest.raises(Mistake) as refused:
        read_cases(text)
    return refused.value


def refused(case: dict[str, Any], change: Change) -> str:
    """What is said of a case after a change to its copy, less the place of the case."""
    copied = json.loads(json.dumps(case))
    change(copied)
    told = mistake(written(plan(id="sound"), copied))
    assert told.zh
    assert told.path.startswith("cases[1]")
    return str(told).removeprefix("cases[1].")


def put(value: object, *path: str | int) -> Change:
    def change(case: dict[str, Any]) -> None:
        holder: Any = case
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    def change(case: dict[str, Any]) -> None:
        holder: Any = case
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]

    return change


NO_DECIMAL = 'must be a plain decimal string such as "700000.00"'


@pytest.mark.parametrize(
    ("case", "change", "told"),
    [
        # a key that `about` does not name
        (plan(), put(1, "note"), "note: is not a key that can stand here"),
        (plan(), put("x", "title", "fr"), "title.fr: is not a key that can stand here"),
        (plan(), put("3", "homes", 5, "rooms"), "homes[5].rooms: is not a key that can stand here"),
        (plan(), put("1", "cost", "tax"), "cost.tax: is not a key that can stand here"),
        (plan(), put("1", "cost", "subsidy", "from"), "cost.subsidy.from: is not a key that can stand here"),
        (plan(), put("1", "rounding", "step"), "rounding.step: is not a key that can stand here"),
        (CHANCE, put("1", "chance", "area"), "chance.area: is not a key that can stand here"),
        (LATE, put("1", "late", "share"), "late.share: is not a key that can stand here"),
        (LATE, put("1", "sales", 0, "price"), "sales[0].price: is not a key that can stand here"),
        (plan(expected={}), put("1", "expected", "sum"), "expected.sum: is not a key that can stand here"),
        # a missing one
        *((plan(), drop(key), f"{key}: is missing") for key in plan()),
        (plan(), drop("title", "zh"), "title.zh: is missing"),
        (plan(), drop("homes", 3, "id"), "homes[3].id: is missing"),
        (plan(), drop("homes", 3, "floor"), "homes[3].floor: is missing"),
        (plan(), drop("homes", 3, "area"), "homes[3].area: is missing"),
        (plan(), drop("cost", "other"), "cost.other: is missing"),
        (plan(), drop("cost", "subsidy"), "cost.subsidy: is missing"),
        (plan(), drop("cost", "subsidy", "cap"), "cost.subsidy.cap: is missing"),
        (plan(), drop("method", "name"), "method.name: is missing"),
        (plan(), drop("method", "within"), "method.within: is missing"),
        (TABLE, drop("method", "k"), "method.k: is missing"),
        (SLACK, drop("method", "scale"), "method.scale: is missing"),
        (plan(), drop("rounding", "to"), "rounding.to: is missing"),
        (plan(), put("step", "rounding", "to"), "rounding.step: is missing"),
        (SHAPLEY, drop("need"), "need: is missing"),
        (SLACK, drop("homes", 11, "limit"), "homes[11].limit: is missing"),
        (SLACK, drop("homes", 11, "scale"), "homes[11].scale: is missing"),
        (MAX_CHANCE, drop("homes", 0, "mu"), "homes[0].mu: is missing"),
        (CHANCE, drop("homes", 0, "s"), "homes[0].s: is missing"),
        (plan(), put("1", "homes", 0, "mu"), "homes[0].s: is missing"),
        (BENEFIT, drop("homes", 4, "benefit"), "homes[4].benefit: is missing"),
        (LATE, drop("late", "life"), "late.life: is missing"),
        (LATE, drop("sales", 0, "buyer"), "sales[0].buyer: is missing"),
        (CHANCE, drop("chance", "heads"), "chance.heads: is missing"),
        # no plain decimal string
        (plan(), put(700000, "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put(60.0, "homes", 1, "area"), f"homes[1].area: {NO_DECIMAL}"),
        (plan(), put("1e5", "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put("NaN", "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put(float("nan"), "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put("+5", "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put(".5", "cost", "subsidy", "rate"), f"cost.subsidy.rate: {NO_DECIMAL}"),
        (plan(), put("5.", "cost", "subsidy", "rate"), f"cost.subsidy.rate: {NO_DECIMAL}"),
        (plan(), put("2/5", "cost", "subsidy", "rate"), f"cost.subsidy.rate: {NO_DECIMAL}"),
        (plan(), put("700000.00\n", "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put("７", "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (plan(), put(None, "cost", "works"), f"cost.works: {NO_DECIMAL}"),
        (TABLE, put(1, "method", "k", 2), f"method.k[2]: {NO_DECIMAL}"),
        (MAX_CHANCE, put(5000, "homes", 2, "s"), f"homes[2].s: {NO_DECIMAL}"),
        (LATE, put(4.5, "late", "years"), f"late.years: {NO_DECIMAL}"),
        (LATE, put(30000, "paid", "501"), f"paid.501: {NO_DECIMAL}"),
        # money with three decimals
        (plan(), put("700000.000", "cost", "works"), "cost.works: has more than 2 decimals"),
        (plan(), put("0.001", "cost", "other"), "cost.other: has more than 2 decimals"),
        (plan(), put("0.001", "cost", "subsidy", "cap"), "cost.subsidy.cap: has more than 2 decimals"),
        (SHAPLEY, put("300000.000", "need", 1), "need[1]: has more than 2 decimals"),
        (BENEFIT, put("1.234", "homes", 0, "benefit"), "homes[0].benefit: has more than 2 decimals"),
        (SLACK, put("1.234", "homes", 0, "limit"), "homes[0].limit: has more than 2 decimals"),
        (plan(rounding={"to": "step"}), put("0.005", "rounding", "step"), "rounding.step: has more than 2 decimals"),
        (LATE, put("1.234", "paid", "501"), "paid.501: has more than 2 decimals"),
        # floors and heads are whole JSON numbers
        *(
            (plan(), put(value, "floors"), "floors: must be a whole number")
            for value in (6.0, "6", True, None, [6], 1e400)
        ),
        *(
            (plan(), put(value, "homes", 0, "floor"), "homes[0].floor: must be a whole number")
            for value in (1.0, "1", True, None)
        ),
        (CHANCE, put(9.0, "chance", "heads"), "chance.heads: must be a whole number"),
        (CHANCE, put(True, "chance", "heads"), "chance.heads: must be a whole number"),
        (CHANCE, put(-1, "chance", "heads"), "chance.heads: must be 0 or more"),
        (plan(), put(0, "floors"), "floors: must be 1 or more"),
        # below 0, or nothing where something is due
        (plan(), put("-60", "homes", 5, "area"), "homes[5].area: must be more than 0"),
        (plan(), put("0.00", "homes", 5, "area"), "homes[5].area: must be more than 0"),
        (plan(), put("-0.01", "cost", "works"), "cost.works: must not be below 0"),
        (plan(), put("-1", "cost", "other"), "cost.other: must not be below 0"),
        (plan(), put("-1", "cost", "subsidy", "cap"), "cost.subsidy.cap: must not be below 0"),
        (plan(), put("-0.4", "cost", "subsidy", "rate"), "cost.subsidy.rate: must not be below 0"),
        (plan(), put("1.01", "cost", "subsidy", "rate"), "cost.subsidy.rate: must not be above 1"),
        (SLACK, put("0", "homes", 0, "scale"), "homes[0].scale: must be more than 0"),
        (MAX_CHANCE, put("-5", "homes", 0, "s"), "homes[0].s: must be more than 0"),
        (plan(rounding={"to": "step"}), put("0.00", "rounding", "step"), "rounding.step: must be more than 0"),
        (LATE, put("0", "late", "life"), "late.life: must be more than 0"),
        (LATE, put("-1", "late", "years"), "late.years: must not be below 0"),
        # ids that stand twice, homes beyond the floors, homes unknown
        (plan(), put("sound", "id"), 'id: "sound" stands twice'),
        (plan(), put("101", "homes", 1, "id"), 'homes[1].id: "101" stands twice'),
        (plan(), put("", "homes", 1, "id"), "homes[1].id: must not be empty"),
        (plan(), put(101, "homes", 1, "id"), "homes[1].id: must be a string"),
        (plan(), put(7, "homes", 11, "floor"), "homes[11].floor: must be 6 or less"),
        (plan(), put(0, "homes", 11, "floor"), "homes[11].floor: must be 1 or more"),
        (plan(), put([], "homes"), "homes: must have 1 or more members"),
        (LATE, put("403", "late", "home"), "late.home: is not a home of this case"),
        (LATE, put("403", "sales", 0, "home"), "sales[0].home: is not a home of this case"),
        (LATE, put("1", "paid", "403"), "paid.403: is not a home of this case"),
        # k and need
        (TABLE, put(["0", "1"], "method", "k"), "method.k: must have one number for each of 6 floors, has 2"),
        (SHAPLEY, put(NEED[1:], "need"), "need: must have one number for each of 6 floors, has 5"),
        (SHAPLEY, put("299999.99", "need", 2), "need[2]: must not be less than on the floor below"),
        (SHAPLEY, put("420000.01", "need", 5), "need[5]: must be the net cost, 420000.00"),
        (SHAPLEY, put("419999.99", "need", 5), "need[5]: must be the net cost, 420000.00"),
        (plan(need=NEED), put("0.00", "need", 5), "need[5]: must not be less than on the floor below"),
        (plan(need=NEED), put("410000.00", "need", 5), "need[5]: must be the net cost, 420000.00"),
        (SHAPLEY, put("-1.00", "need", 0), "need[0]: must not be below 0"),
        (SHAPLEY, put(homes()[:10], "homes"), "homes: must have one on floor 6, whose need is the whole cost"),
        (SHAPLEY, put("0", "need"), "need: must be a list"),
        # parameters that belong to another method
        (plan(), put(["0"] * 6, "method", "k"), "method.k: belongs to another method"),
        (plan(), put("one", "method", "scale"), "method.scale: belongs to another method"),
        (plan(), put("1", "method", "floor1_max"), "method.floor1_max: belongs to another method"),
        (TABLE, put([2], "method", "half_landing"), "method.half_landing: belongs to another method"),
        (SHAPLEY, put("area", "method", "within"), "method.within: belongs to another method"),
        (SHAPLEY, put("storeys", "method", "key"), "method.key: belongs to another method"),
        (MAX_CHANCE, put("one", "method", "scale"), "method.scale: belongs to another method"),
        (BENEFIT, put(True, "method", "monotone"), "method.monotone: belongs to another method"),
        (SLACK, put("1", "method", "lambda"), "method.lambda: is not a key that can stand here"),
        # names of methods, keys, roundings
        (
            plan(),
            put("fair", "method", "name"),
            "method.name: must be one of key, shapley, nucleolus, proportional_benefit, equal_gain, least_slack, "
            "max_chance",
        ),
        (plan(), put("beijing", "method", "key"), "method.key: must be one of guangzhou, storeys, table"),
        (plan(), put("door", "method", "within"), "method.within: must be one of area, equal"),
        (SLACK, put("area", "method", "scale"), "method.scale: must be one of one, limit, given"),
        (plan(), put("yuan", "rounding", "to"), "rounding.to: must be one of cent, step"),
        # half landings
        (plan(), put([2, 7], "method", "half_landing"), "method.half_landing[1]: must be 6 or less"),
        (plan(), put([2, 2], "method", "half_landing"), "method.half_landing[1]: 2 stands twice"),
        (plan(), put([2.0], "method", "half_landing"), "method.half_landing[0]: must be a whole number"),
        # days
        (LATE, put("2026-02-30", "sales", 0, "date"), "sales[0].date: must be a day such as 2025-03-01"),
        (LATE, put("20260301", "sales", 0, "date"), "sales[0].date: must be a day such as 2025-03-01"),
        # constraints
        (SLACK, put("yes", "method", "monotone"), "method.monotone: must be true or false"),
        (SLACK, put([{"most": "1"}], "method", "caps"), "method.caps[0]: must name either a floor or a home"),
        (
            SLACK,
            put([{"floor": 1, "home": "101", "most": "1"}], "method", "caps"),
            "method.caps[0]: must name either a floor or a home",
        ),
        (SLACK, put([{"floor": 1}], "method", "caps"), "method.caps[0]: must say least or most"),
        (SLACK, put([{"home": "7", "most": "1"}], "method", "caps"), "method.caps[0].home: is not a home of this case"),
        (
            SLACK,
            put([{"floor": 2, "least": "2", "most": "1"}], "method", "caps"),
            "method.caps[0].most: must not be below least",
        ),
        # running
        (RUNNING, put("-1", "running", "yearly"), "running.yearly: must not be below 0"),
        (RUNNING, drop("running", "key"), "running.key: is missing"),
        (RUNNING, put(["1"], "running", "k"), "running.k: belongs to another method"),
        # what is expected is read as strictly
        (plan(expected={}), put({"101": 5}, "expected", "shares"), f"expected.shares.101: {NO_DECIMAL}"),
        (
            plan(expected={}),
            put({"101": "5.123"}, "expected", "shares"),
            "expected.shares.101: has more than 2 decimals",
        ),
        (plan(expected={}), put("x", "expected", "flags"), "expected.flags: must be a list"),
        (
            plan(expected={}),
            put([1.5], "expected", "core_violations"),
            "expected.core_violations[0]: must be a whole number",
        ),
        (plan(expected={}), put("-0.01", "expected", "tolerance"), "expected.tolerance: must not be below 0"),
        (
            plan(expected={}),
            put({"odds": "1"}, "expected", "chance"),
            "expected.chance.odds: is not a key that can stand here",
        ),
        (
            plan(expected={}),
            put({"101": {"owner": 1}}, "expected", "due"),
            "expected.due.101.owner: must be a string",
        ),
        # shapes
        (plan(), put([], "cost"), "cost: must be an object"),
        (plan(), put({}, "homes"), "homes: must be a list"),
        (plan(), put("x", "homes", 2), "homes[2]: must be an object"),
        (plan(), put(None, "late"), "late: must be an object"),
        (plan(), put("1" * 17, "cost", "works"), "cost.works: is larger than 1000000000000000"),
        (plan(), put(1001, "floors"), "floors: must be 1000 or less"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_reason(case: dict[str, Any], change: Change, told: str) -> None:
    assert refused(case, change) == told


def test_limits_that_are_all_nothing_give_no_scale() -> None:
    case = plan(homes=homes(limit=["0.00"] * 6), method={"name": "least_slack", "scale": "limit"})
    assert str(mistake(written(case))) == "cases[0].method.scale: needs a limit that is not 0"


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"cases": {}}', '{"cases": [], "more": 1}', '{"cases": [3]}'])
def test_a_file_that_is_no_list_of_cases_is_refused(text: str) -> None:
    assert mistake(text).en


def test_another_schema_is_refused() -> None:
    text = written(plan()).replace("cost-cases/1", "cost-cases/2")
    assert str(mistake(text)) == "about.schema: must be one of cost-cases/1"


def test_a_key_that_stands_twice_is_refused() -> None:
    text = written(plan()).replace('"floors": 6', '"floors": 6, "floors": 7')
    assert str(mistake(text)) == "cases[0].floors: stands twice"


def test_ten_megabytes_of_nesting_are_refused() -> None:
    assert str(mistake("[" * 9_000_000)) == "file: is nested too deeply"
    assert "larger" in str(mistake("[" * (LARGEST_FILE + 1)))


def test_of_several_mistakes_the_first_of_the_file_is_told() -> None:
    case = plan(need=NEED)
    case["homes"][3]["rooms"] = "3"
    case["homes"][3]["area"] = "-1"
    del case["homes"][2]["area"]
    case["cost"]["tax"] = "1"
    case["need"] = "nothing"
    in_order = ["homes", "cost", "need", "id", "title", "floors", "method", "rounding"]
    case = {key: case[key] for key in in_order}
    in_turn: list[tuple[str, Change]] = [
        ("homes[2].area", put("60", "homes", 2, "area")),
        ("homes[3].area", put("60", "homes", 3, "area")),
        ("homes[3].rooms", drop("homes", 3, "rooms")),
        ("cost.tax", drop("cost", "tax")),
        ("need", put(NEED, "need")),
    ]
    for place, mend in in_turn:
        assert mistake(written(case)).path == f"cases[0].{place}"
        mend(case)
    assert read(case)


def test_what_hangs_on_a_mistake_is_not_told_before_it() -> None:
    """`need` stands before the floors that are wrong, `late` before the home that is: they are not to blame."""
    case = plan(need=NEED, late={"home": "101", "years": "1", "life": "15"})
    case = {key: case[key] for key in ("need", "late", "id", "title", "cost", "method", "rounding", "homes", "floors")}
    case["floors"] = "six"
    assert mistake(written(case)).path == "cases[0].floors"
    case["homes"][0]["id"] = 5
    assert mistake(written(case)).path == "cases[0].homes[0].id"


def test_an_earlier_case_is_told_first() -> None:
    assert mistake(written(plan(id=3), plan(floors="six"))).path == "cases[0].id"


def test_what_may_be_left_out_may_be_left_out() -> None:
    assert read(SHAPLEY).expected is None
    assert read_cases('{"cases": []}').cases == ()
    assert read_cases("\ufeff" + written(plan())).cases[0].id == "P"


def test_a_home_may_say_more_than_its_method_asks_so_that_proposals_can_be_compared() -> None:
    listed = homes(benefit=LIMITS, limit=LIMITS, scale=SCALES, mu=LIMITS, s=SCALES)
    assert plain(plan(homes=listed)) == plain(plan())
    assert read(plan(homes=listed)).homes[0].limit == -10000
    assert refused(plan(homes=listed), put("1.234", "homes", 1, "limit")) == "homes[1].limit: has more than 2 decimals"


def test_a_late_home_needs_no_odds_for_the_chance_but_does_for_the_best_one() -> None:
    case = {**CHANCE, "late": {"home": "101", "years": "0", "life": "15"}, "homes": homes(mu=LIMITS, s=SCALES)}
    del case["homes"][0]["mu"], case["homes"][0]["s"]
    assert read(case).homes[0].mu is None
    assert mistake(written(case | {"method": {"name": "max_chance"}})).path == "cases[0].homes[0].mu"


def test_money_may_be_below_nothing_where_it_can_be_a_compensation() -> None:
    case = read(plan(homes=homes(limit=LIMITS), method={"name": "least_slack", "scale": "one"}, paid={"101": "-5.00"}))
    assert case.homes[0].limit == -10000
    assert case.paid == {"101": Fraction(-5)}


def test_a_plan_that_costs_nothing_can_be_read() -> None:
    assert read(small(1, 2, net="0", need=["0", "0.00"])).cost.net == 0
    assert read(plan(cost=cost("100", rate="1", cap=None))).cost.net == 0


def test_constraints_are_read() -> None:
    method = {"name": "least_slack", "scale": "one", "monotone": True, "floor1_max": "-1000"}
    method["caps"] = [{"floor": 2, "least": "0"}, {"home": "601", "most": "90000.00"}]
    read_method = read(plan(homes=homes(limit=LIMITS), method=method)).method
    assert isinstance(read_method, LeastSlack)
    assert read_method.constraints.monotone
    assert read_method.constraints.floor1_max == -1000
    assert [(cap.floor, cap.home, cap.least, cap.most) for cap in read_method.constraints.caps] == [
        (2, None, 0, None),
        (None, "601", None, 90000),
    ]
    assert not Constraints()


def test_half_landings_are_read() -> None:
    method = read(plan(method={"name": "key", "key": "storeys", "within": "area", "half_landing": [6, 2]})).method
    assert method == Key("storeys", "area", half_landing=frozenset({2, 6}))
