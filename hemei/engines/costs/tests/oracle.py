"""The shares worked out a second time, slowly and plainly, to check the engine with.

It takes one case of a file of schema cost-cases/1 as raw JSON and answers with the object that `hemei share` prints. It
shares no line with the engine. Each function says in our words the sentence of the schema it follows (the page beside
the cases, and `about` in the file). Below stand the two games once more by their definitions, for few homes.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from itertools import combinations, permutations
from math import ceil, factorial, floor
from typing import Any

Json = dict[str, Any]
Shares = dict[str, Fraction]

CENT = Fraction(1, 100)
DIGITS = 60  # of the decimals in which a chance, and the proposal with the best one, is worked out
AS_GOOD_AS_EQUAL = Fraction(1, 10**30)  # two results of such decimals
NEARLY = Fraction(1, 10**24)  # and sums of some of them


class ShortBy(Exception):
    """No proposal is possible; the sum that is missing."""

    def __init__(self, missing: Fraction) -> None:
        super().__init__(str(missing))
        self.missing = missing


def answers(file: Json) -> list[Json]:
    """One answer for each case, in the order of the file."""
    return [answer(case) for case in file["cases"]]


def answer(case: Json) -> Json:
    """The object that the command prints for one case.

    Without a proposal: no shares, total and reserve 0, the missing sum, the flag infeasible, and none of the keys that
    only a proposal has.
    """
    result: Json = {"id": case["id"], "subsidy": money(subsidy(case)), "net": money(net(case))}
    flags = flags_of_the_plan(case)
    try:
        together, further = method_shares(case)
        shares = without_late_home(case, together)
    except ShortBy as short:
        nothing = {"shares": {}, "total": "0.00", "reserve": "0.00", "short_by": money(short.missing)}
        return result | nothing | {"flags": sorted(flags | {"infeasible"})}

    rounded = rounded_shares(case, shares)
    total = sum(rounded.values(), Fraction(0))
    result["shares"] = {home: money(share) for home, share in rounded.items()}
    result["total"], result["reserve"], result["short_by"] = money(total), money(total - net(case)), "0.00"
    result |= further
    if min(rounded.values()) < 0:
        flags.add("compensation")
    if "step" in case["rounding"] and any(share < -NEARLY and rounded[home] > share for home, share in shares.items()):
        flags.add("compensation_rounded")
    if "need" in case:
        result["core_violations"] = core_violations(case, shares)
        if result["core_violations"] or any(share < -NEARLY for share in shares.values()):
            flags.add("outside_core")
    if "late" in case:
        result["late"] = late_payment(case, together, rounded)
    if "sales" in case or "paid" in case:
        result["due"] = due(case, rounded)
    if "chance" in case:
        result["chance"] = chances(case, rounded)
    return result | {"flags": sorted(flags)}


# --- numbers --------------------------------------------------------------------------------------------------------


def number(text: str) -> Fraction:
    """A decimal string is read as the exact rational it names."""
    return Fraction(text)


def money(value: Fraction) -> str:
    """A sum as a string with two decimals, never -0.00; what is no whole number of cents is rounded half up."""
    cents = half_up(value * 100)
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def decimals(value: Decimal, places: int) -> str:
    """A number of the last decimal shown."""
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN):f}"


def as_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# --- cost -----------------------------------------------------------------------------------------------------------


def subsidy(case: Json) -> Fraction:
    """min(rate x works, cap), cut to the cent; cap null = none."""
    terms = case["cost"]["subsidy"]
    sum_ = number(terms["rate"]) * number(case["cost"]["works"])
    if terms["cap"] is not None:
        sum_ = min(sum_, number(terms["cap"]))
    return floor(sum_ * 100) * CENT


def net(case: Json) -> Fraction:
    """C = works + other - subsidy."""
    return number(case["cost"]["works"]) + number(case["cost"]["other"]) - subsidy(case)


def flags_of_the_plan(case: Json) -> set[str]:
    """subsidy_capped: rate x works is more than cap. empty_floor: a floor without a home."""
    flags = set()
    terms = case["cost"]["subsidy"]
    if terms["cap"] is not None and number(terms["rate"]) * number(case["cost"]["works"]) > number(terms["cap"]):
        flags.add("subsidy_capped")
    if any(not homes_on(case, storey) for storey in range(1, case["floors"] + 1)):
        flags.add("empty_floor")
    return flags


def homes_on(case: Json, storey: int) -> list[Json]:
    return [home for home in case["homes"] if home["floor"] == storey]


# --- methods --------------------------------------------------------------------------------------------------------


def method_shares(case: Json) -> tuple[Shares, Json]:
    """The exact share of every home with everyone in, and what the method tells beside (t, lambda)."""
    name = case["method"]["name"]
    if name == "least_slack":
        return least_slack(case)
    if name == "max_chance":
        return max_chance(case)
    methods = {
        "key": by_key,
        "shapley": shapley,
        "nucleolus": nucleolus,
        "proportional_benefit": proportional_benefit,
        "equal_gain": equal_gain,
    }
    return methods[name](case), {}


def coefficient(case: Json, storey: int) -> Fraction:
    """guangzhou 0, 0.5, 1, then 0.1 more a floor; storeys floor - 1, half a storey less where the stop is half a storey
    off, never below 0; table as listed, floor 1 first.
    """
    method = case["method"]
    if method["key"] == "table":
        return number(method["k"][storey - 1])
    if method["key"] == "storeys":
        off = Fraction(1, 2) if storey in method.get("half_landing", []) else Fraction(0)
        return max(storey - 1 - off, Fraction(0))
    return Fraction(storey - 1, 2) if storey <= 3 else 1 + Fraction(storey - 3, 10)


def by_key(case: Json) -> Shares:
    """C x k of the floor / (sum of k over the floors that have a home) x (area / area of the floor's homes, or one of
    its homes). If that sum is not more than 0 and C is: no proposal, all of C is missing.
    """
    cost = net(case)
    inhabited = [storey for storey in range(1, case["floors"] + 1) if homes_on(case, storey)]
    whole = sum((coefficient(case, storey) for storey in inhabited), Fraction(0))
    if whole <= 0:
        if cost > 0:
            raise ShortBy(cost)
        return {home["id"]: Fraction(0) for home in case["homes"]}
    shares = {}
    for home in case["homes"]:
        neighbours = homes_on(case, home["floor"])
        part = Fraction(1, len(neighbours))
        if case["method"]["within"] == "area":
            part = number(home["area"]) / sum(number(neighbour["area"]) for neighbour in neighbours)
        shares[home["id"]] = cost * coefficient(case, home["floor"]) / whole * part
    return shares


def shapley(case: Json) -> Shares:
    """Each step of need from a floor to the next is carried in equal parts by the homes on that floor or above."""
    needs = [Fraction(0), *(number(need) for need in case["need"])]
    shares = {}
    for home in case["homes"]:
        shares[home["id"]] = sum(
            (
                (needs[storey] - needs[storey - 1]) / sum(other["floor"] >= storey for other in case["homes"])
                for storey in range(1, home["floor"] + 1)
            ),
            Fraction(0),
        )
    return shares


def nucleolus(case: Json) -> Shares:
    """Homes in order of need; at each step the least (c_j - c_i + r) / (j - i + 1), for the last home / (n - i); of
    several smallest the largest j; the homes up to it pay that.
    """
    homes = sorted(case["homes"], key=lambda home: home["floor"])
    c = [Fraction(0), *(number(case["need"][home["floor"] - 1]) for home in homes)]
    n, i, r = len(homes), 0, Fraction(0)
    shares = {}
    while i < n:
        offers = [((c[j] - c[i] + r) / (n - i if j == n else j - i + 1), -j) for j in range(i + 1, n + 1)]
        r, j = min(offers)[0], -min(offers)[1]
        for home in homes[i:j]:
            shares[home["id"]] = r
        i = j
    return shares


def proportional_benefit(case: Json) -> Shares:
    """Homes with v <= 0 get x = v; the others pay C and those compensations in proportion to v. Needs sum of v >= C."""
    benefits = {home["id"]: number(home["benefit"]) for home in case["homes"]}
    enough(case, benefits)
    compensations = -sum((v for v in benefits.values() if v <= 0), Fraction(0))
    gains = sum((v for v in benefits.values() if v > 0), Fraction(0))
    return {home: v if v <= 0 else v * (net(case) + compensations) / gains for home, v in benefits.items()}


def equal_gain(case: Json) -> Shares:
    """x = v - (sum of v - C) / n. Needs sum of v >= C."""
    benefits = {home["id"]: number(home["benefit"]) for home in case["homes"]}
    gain = enough(case, benefits) / len(benefits)
    return {home: v - gain for home, v in benefits.items()}


def least_slack(case: Json) -> tuple[Shares, Json]:
    """t = (sum of r - C) / (sum of w); x = r - t x w, w = 1, |r| or the home's scale. Needs sum of r >= C."""
    limits = {home["id"]: number(home["limit"]) for home in case["homes"]}
    room = enough(case, limits)
    weights = {
        "one": {home: Fraction(1) for home in limits},
        "limit": {home: abs(limit) for home, limit in limits.items()},
        "given": {home["id"]: number(home.get("scale", "1")) for home in case["homes"]},
    }[case["method"]["scale"]]
    t = room / sum(weights.values())
    with localcontext() as context:
        context.prec = DIGITS
        return {home: r - t * weights[home] for home, r in limits.items()}, {"t": decimals(as_decimal(t), 4)}


def enough(case: Json, sums: Shares) -> Fraction:
    """What is over when all sums together meet the net cost; else what is missing is the answer."""
    room = sum(sums.values(), Fraction(0)) - net(case)
    if room < 0:
        raise ShortBy(-room)
    return room


def max_chance(case: Json) -> tuple[Shares, Json]:
    """x = mu + s ln(lambda s / (1 - lambda s)), lambda such that the sum of x is C: by bisection on y, where lambda is
    exp y / (1 + exp y) of the largest that any home allows.
    """
    with localcontext() as context:
        context.prec = DIGITS
        cost = as_decimal(net(case))
        curves = [(home["id"], Decimal(home["mu"]), Decimal(home["s"])) for home in case["homes"]]
        longest = max(s for _, _, s in curves)

        def shares_at(y: Decimal) -> tuple[Decimal, dict[str, Decimal]]:
            power = y.exp()
            rate = power / (1 + power) / longest
            shares = {}
            for home, mu, s in curves:
                part = s / longest
                not_at_all = (longest - s) / longest + part / (1 + power)  # 1 - rate x s, keeping its digits near 0
                shares[home] = mu + s * (part * power / (1 + power) / not_at_all).ln()
            return rate, shares

        low, high = Decimal(-1), Decimal(1)
        while sum(shares_at(low)[1].values()) > cost:
            low *= 2
        while sum(shares_at(high)[1].values()) < cost:
            high *= 2
        while high - low > Decimal(10) ** -48:
            middle = (low + high) / 2
            if sum(shares_at(middle)[1].values()) < cost:
                low = middle
            else:
                high = middle
        rate, shares = shares_at(high)
        exact = {home: round(Fraction(share) / AS_GOOD_AS_EQUAL) * AS_GOOD_AS_EQUAL for home, share in shares.items()}
        return exact, {"lambda": decimals(rate, 9)}  # so that a round share is round


# --- late, rounding, core -------------------------------------------------------------------------------------------


def without_late_home(case: Json, together: Shares) -> Shares:
    """A late home does not join: its exact share is carried by the homes with a positive share in proportion to theirs;
    none of them: no proposal, that share is missing. Its own share is 0. Where its share is 0 nothing is missing.
    """
    if "late" not in case:
        return together
    late = case["late"]["home"]
    payers = sum((share for home, share in together.items() if share > 0 and home != late), Fraction(0))
    if together[late] == 0:
        return together
    if payers == 0:
        raise ShortBy(together[late])
    carried = together[late] / payers
    shares = {home: share * (1 + carried) if share > 0 else share for home, share in together.items()}
    return shares | {late: Fraction(0)}


def rounded_shares(case: Json, shares: Shares) -> Shares:
    """cent: cut each down, the missing cents one each to the largest remainders, equal ones by id as plain strings.
    step: raise each to the next multiple. Both towards the infinities.
    """
    if case["rounding"]["to"] == "step":
        step = number(case["rounding"]["step"])
        return {home: ceil((share - NEARLY) / step) * step for home, share in shares.items()}
    return largest_remainder(net(case), shares)


def largest_remainder(whole: Fraction, shares: Shares) -> Shares:
    """Shares cut down to the cent; the cents that the whole still misses go by largest remainder, then by id."""
    cut = {home: floor(share * 100) for home, share in shares.items()}
    missing = whole * 100 - sum(cut.values())
    assert missing.denominator == 1
    assert 0 <= missing <= len(shares)

    def remainder(home: str) -> Fraction:
        return round((shares[home] * 100 - cut[home]) / AS_GOOD_AS_EQUAL) * AS_GOOD_AS_EQUAL

    rows = sorted(shares, key=lambda home: (-remainder(home), home))
    return {home: (cut[home] + (rows.index(home) < missing)) * CENT for home in shares}


def core_violations(case: Json, shares: Shares) -> list[int]:
    """Floors g for which the homes on floors 1 to g together pay more than their need; equal is inside."""
    return [
        storey
        for storey in range(1, case["floors"] + 1)
        if sum(shares[home["id"]] for home in case["homes"] if home["floor"] <= storey)
        > number(case["need"][storey - 1]) + NEARLY
    ]


def late_payment(case: Json, together: Shares, rounded: Shares) -> Json:
    """Its agreed share is the one with everyone in, rounded by the case's rule; after `years` it pays that (at least 0)
    x (1 - years / life, at least 0), to the cent, halves up; refunds in proportion to the rounded positive shares.
    """
    terms = case["late"]
    share = rounded_shares(case, together)[terms["home"]]
    left = max(1 - number(terms["years"]) / number(terms["life"]), Fraction(0))
    pays = half_up(max(share, Fraction(0)) * left * 100) * CENT
    payers = {home: rest for home, rest in rounded.items() if rest > 0}
    whole = sum(payers.values(), Fraction(0))
    refunds = largest_remainder(pays, {home: pays * rest / whole for home, rest in payers.items()}) if payers else {}
    return {
        "home": terms["home"],
        "share": money(share),
        "pays": money(pays),
        "refunds": {home: money(refund) for home, refund in refunds.items()},
    }


def due(case: Json, rounded: Shares) -> Json:
    """For every home its owner after all sales in order of date, and share - paid."""
    owners = {home["id"]: home.get("owner") for home in case["homes"]}
    for sale in sorted(case.get("sales", []), key=lambda sale: sale["date"]):
        owners[sale["home"]] = sale["buyer"]
    paid = case.get("paid", {})
    return {
        home: {"owner": owners[home], "amount": money(share - number(paid.get(home, "0")))}
        for home, share in rounded.items()
    }


# --- chance ---------------------------------------------------------------------------------------------------------


def chances(case: Json, rounded: Shares) -> Json:
    """Each home but a late one signs with probability 1 / (1 + exp((share - mu) / s)), independently; all of them, and
    at least `heads` of them, to 6 decimals.
    """
    with localcontext() as context:
        context.prec = DIGITS
        of_so_many = [Decimal(1)]
        for home in case["homes"]:
            if "late" in case and home["id"] == case["late"]["home"]:
                continue
            odds = ((as_decimal(rounded[home["id"]]) - Decimal(home["mu"])) / Decimal(home["s"])).exp()
            signs, not_ = 1 / (1 + odds), odds / (1 + odds)
            of_so_many = [
                (of_so_many[k] * not_ if k < len(of_so_many) else Decimal(0))
                + (of_so_many[k - 1] * signs if k > 0 else Decimal(0))
                for k in range(len(of_so_many) + 1)
            ]
        at_least = sum(of_so_many[case["chance"]["heads"] :], Decimal(0))
        return {"all": decimals(of_so_many[-1], 6), "heads": decimals(at_least, 6)}


# --- the games by their definitions ---------------------------------------------------------------------------------


def coalition_cost(case: Json, homes: Iterable[Json]) -> Fraction:
    """A coalition needs what its highest home needs."""
    return max((number(case["need"][home["floor"] - 1]) for home in homes), default=Fraction(0))


def shapley_over_all_orders(case: Json) -> Shares:
    """What each home adds to those before it, as a mean over all orders of arrival."""
    shares = {home["id"]: Fraction(0) for home in case["homes"]}
    for order in permutations(case["homes"]):
        for place, home in enumerate(order):
            before, after = coalition_cost(case, order[:place]), coalition_cost(case, order[: place + 1])
            shares[home["id"]] += after - before
    return {home: share / factorial(len(shares)) for home, share in shares.items()}


def nucleolus_by_linear_programmes(case: Json) -> Shares:
    """The least saving of a coalition as large as possible, then the next, until all shares are fixed.

    At each step: the largest t such that every coalition not yet settled saves t or more; then each coalition that can
    save no more than t in any such sharing is settled at it.
    """
    homes = case["homes"]
    n = len(homes)
    everyone = frozenset(range(n))
    cost = {
        frozenset(members): coalition_cost(case, [homes[place] for place in members])
        for size in range(1, n + 1)
        for members in combinations(range(n), size)
    }
    settled = {everyone: cost[everyone]}  # coalition -> what it pays
    while set(settled) != set(cost):
        free = [members for members in cost if members not in settled]

        def row(members: frozenset[int], last: int) -> list[Fraction]:
            return [Fraction(place in members) for place in range(n)] + [Fraction(last)]

        equal = [(row(members, 0), paid) for members, paid in settled.items()]
        t = largest([Fraction(0)] * n + [Fraction(1)], [(row(members, 1), cost[members]) for members in free], equal)
        bounds = [(row(members, 0), cost[members] - t) for members in free]
        for members in free:
            saves_no_more = largest([-value for value in row(members, 0)], bounds, equal) == t - cost[members]
            if saves_no_more:
                settled[members] = cost[members] - t
    return {homes[place]["id"]: settled[frozenset([place])] for place in range(n)}


Rows = list[tuple[list[Fraction], Fraction]]


def largest(objective: list[Fraction], at_most: Rows, equal: Rows) -> Fraction:
    """The largest value of a linear objective over non-negative variables, by the simplex method with Bland's rule.

    Raises AssertionError where nothing is allowed or everything is; in the core of an airport game neither happens.
    """
    n, m = len(objective), len(at_most) + len(equal)
    width = n + len(at_most) + m  # variables, slacks, artificial variables
    table = []
    for place, (row, limit) in enumerate([*at_most, *equal]):
        line = [*row, *(Fraction(slack == place) for slack in range(len(at_most)))]
        sign = -1 if limit < 0 else 1
        line = [sign * value for value in line]
        table.append([*line, *(Fraction(extra == place) for extra in range(m)), sign * limit])
    basis = [n + len(at_most) + place for place in range(m)]

    def climb(gains: list[Fraction], columns: int) -> Fraction:
        while True:
            prices = [
                gains[column] - sum(gains[basis[row]] * table[row][column] for row in range(m))
                for column in range(columns)
            ]
            entering = next((column for column in range(columns) if prices[column] > 0), None)
            if entering is None:
                return sum((gains[basis[row]] * table[row][-1] for row in range(m)), Fraction(0))
            ratios = [
                (table[row][-1] / table[row][entering], basis[row], row) for row in range(m) if table[row][entering] > 0
            ]
            assert ratios, "no largest value"
            pivot(min(ratios)[2], entering)

    def pivot(row: int, column: int) -> None:
        table[row] = [value / table[row][column] for value in table[row]]
        for other in range(m):
            if other != row and table[other][column]:
                factor = table[other][column]
                table[other] = [a - factor * b for a, b in zip(table[other], table[row], strict=True)]
        basis[row] = column

    real = n + len(at_most)
    assert climb([Fraction(0)] * real + [Fraction(-1)] * m, width) == 0, "nothing is allowed"
    for left in range(m):  # an artificial variable left at 0 makes room, where its row has anything else
        if basis[left] >= real:
            column = next((column for column in range(real) if table[left][column]), None)
            if column is not None:
                pivot(left, column)
    return climb(objective + [Fraction(0)] * (width - n), real)
