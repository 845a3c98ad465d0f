"""What holds for every plan, whatever its method."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hemei.engines.costs.answer import Answer, as_plain
from hemei.engines.costs.plan import CENT, ZERO, Case
from hemei.engines.costs.share import propose, share
from hemei.engines.costs.tests.plans import plan, read

METHODS: list[dict[str, Any]] = [
    {"name": "key", "key": "guangzhou", "within": "area"},
    {"name": "key", "key": "storeys", "within": "equal", "half_landing": [1]},
    {"name": "key", "key": "table", "within": "area"},
    {"name": "shapley"},
    {"name": "nucleolus"},
    {"name": "proportional_benefit"},
    {"name": "equal_gain"},
    {"name": "least_slack", "scale": "one"},
    {"name": "least_slack", "scale": "limit"},
    {"name": "least_slack", "scale": "given"},
    {"name": "max_chance"},
]
ROUNDINGS = [{"to": "cent"}, {"to": "step", "step": "100.00"}, {"to": "step", "step": "0.30"}]


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@st.composite
def cases(draw: st.DrawFn, *methods: str, late: bool | None = None) -> Case:
    """Any plan of up to six homes on up to five floors, by one of `methods` or by any."""
    floors = draw(st.integers(1, 5))
    method = dict(draw(st.sampled_from([one for one in METHODS if not methods or one["name"] in methods])))
    if method.get("key") == "table":
        method["k"] = [money(draw(st.integers(-20, 90))) for _ in range(floors)]
    on_floors = draw(st.lists(st.integers(1, floors), min_size=1, max_size=6))
    ids = draw(st.permutations(["1", "2", "10", "11", "一", "b"]))
    sums = st.integers(-300_000, 900_000).map(money)
    listed: list[dict[str, Any]] = []
    for name, floor in zip(ids, on_floors, strict=False):
        home = {"id": name, "floor": floor, "area": draw(st.sampled_from(["50", "62.30", "48.70"]))}
        if method["name"] in ("proportional_benefit", "equal_gain"):
            home["benefit"] = draw(sums)
        if method["name"] == "least_slack":
            home |= {"limit": draw(sums), "scale": draw(st.integers(1, 10**6).map(money))}
        home |= {"mu": draw(sums), "s": draw(st.integers(10_000, 10**6).map(money))}
        listed.append(home)
    if method.get("scale") == "limit":
        listed[0]["limit"] = money(draw(st.integers(1, 900_000)))
    works, other = draw(st.integers(0, 2_000_000)), draw(st.integers(0, 999))
    rate, cap = draw(st.sampled_from(["0", "0.40", "1"])), draw(st.none() | st.integers(0, 500_000).map(money))
    case = plan(
        floors=floors,
        homes=listed,
        method=method,
        cost={"works": money(works), "other": money(other), "subsidy": {"rate": rate, "cap": cap}},
        rounding=draw(
            st.sampled_from([{"to": "cent"}, {"to": "step", "step": "100.00"}, {"to": "step", "step": "0.30"}])
        ),
        chance=draw(st.none() | st.just({"heads": draw(st.integers(0, 7))})),
    )
    over_need = method["name"] in ("shapley", "nucleolus")
    if over_need:
        listed[0]["floor"] = floors
    if over_need or draw(st.booleans()):
        net = works + other - min(int(Fraction(rate) * works), works if cap is None else int(Fraction(cap) * 100))
        steps = sorted(draw(st.lists(st.integers(0, net), min_size=floors - 1, max_size=floors - 1)))
        case["need"] = [money(need) for need in [*steps, net]]
    if draw(st.booleans()) if late is None else late:
        case["late"] = {"home": draw(st.sampled_from(listed))["id"], "years": "4.5", "life": "15"}
    return read(case)


def like(case: Case) -> list[tuple[object, ...]]:
    """What the methods know of a home besides its name."""
    return [(home.floor, home.area, home.benefit, home.limit, home.scale, home.mu, home.s) for home in case.homes]


@given(cases())
@settings(max_examples=300)
def test_shares_less_reserve_are_the_net_cost_to_the_cent(case: Case) -> None:
    answer = share(case)
    assert answer.net == case.cost.works + case.cost.other - answer.subsidy
    if answer.feasible:
        assert answer.total == sum(answer.shares.values())
        assert answer.total - answer.reserve == answer.net
        assert answer.reserve >= 0
        assert answer.short_by == 0
        assert list(answer.shares) == [home.id for home in case.homes]
        assert all((amount / CENT).denominator == 1 for amount in answer.shares.values())
    else:
        assert answer == Answer(case.id, answer.subsidy, answer.net, short_by=answer.short_by, flags=answer.flags)
        assert answer.short_by > 0


@given(cases())
@settings(max_examples=200)
def test_before_rounding_equal_homes_are_equal_and_all_add_up(case: Case) -> None:
    shares = propose(case).shares
    if shares:
        assert len({*zip(like(case), shares, strict=True)}) == len({*like(case)})
        assert abs(sum(shares) - case.cost.net) <= len(shares) * Fraction(1, 10**20)


@given(cases())
@settings(max_examples=200)
def test_rounding_moves_a_share_by_less_than_a_cent_or_up_by_less_than_a_step(case: Case) -> None:
    answer = share(case)
    for home, amount in answer.shares.items():
        if case.rounding.step is None:
            assert abs(amount - answer.exact[home]) < CENT
        else:
            assert 0 <= amount - answer.exact[home] < case.rounding.step
            assert (amount / case.rounding.step).denominator == 1


@given(cases("shapley", "nucleolus", late=False))
def test_before_rounding_shapley_and_nucleolus_are_in_the_core(case: Case) -> None:
    answer = share(case)
    assert answer.core_violations == ()
    assert "outside_core" not in answer.flags


@given(cases("key", late=False), st.integers(0, 40), st.integers(0, 40))
def test_more_subsidy_raises_nobody_who_pays(case: Case, rate: int, more: int) -> None:
    def shares(rate: int) -> tuple[Fraction, ...]:
        subsidy = replace(case.cost.subsidy, rate=Fraction(rate, 100))
        return propose(replace(case, cost=replace(case.cost, subsidy=subsidy), need=None)).shares

    for before, after in zip(shares(rate), shares(rate + more), strict=False):
        assert after <= before or before < 0


@given(cases(late=False), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_the_homes_changes_nothing(case: Case, chance: Any) -> None:
    shuffled = list(case.homes)
    chance.shuffle(shuffled)
    assert share(replace(case, homes=tuple(shuffled))).shares == share(case).shares


@given(cases(late=True))
@settings(max_examples=200)
def test_what_a_late_home_does_not_pay_the_payers_carry_and_what_it_pays_they_get_back(case: Case) -> None:
    assert case.late
    together, answer = propose(case).shares, share(case)
    if not answer.feasible:
        return
    before = dict(zip((home.id for home in case.homes), together, strict=True))
    late = answer.late
    assert late
    assert answer.shares[late.home] == answer.exact[late.home] == 0
    assert late.share == share(replace(case, late=None)).shares[late.home]
    payers = [home for home in before if home != late.home and before[home] > 0]
    for home, amount in before.items():
        if amount < 0 and home != late.home:
            assert answer.exact[home] == amount
    for one, other in pairwise(payers):
        assert answer.exact[one] * before[other] == answer.exact[other] * before[one]
    assert 0 <= late.pays <= max(late.share, ZERO)
    assert set(late.refunds) == {home for home, amount in answer.shares.items() if amount > 0}
    if late.refunds:
        assert sum(late.refunds.values()) == late.pays
    assert all(amount >= 0 for amount in late.refunds.values())


@given(cases("least_slack"))
def test_with_least_slack_every_home_keeps_the_same_slack_of_its_scale(case: Case) -> None:
    proposal = propose(case)
    if proposal.shares:
        assert proposal.t is not None
        assert proposal.t >= 0
        for home, amount in zip(case.homes, proposal.shares, strict=True):
            assert home.limit is not None
            assert amount <= home.limit


@given(cases("proportional_benefit", "equal_gain"))
def test_with_benefit_keys_nobody_is_worse_off(case: Case) -> None:
    for home, amount in zip(case.homes, propose(case).shares, strict=False):
        assert home.benefit is not None
        assert amount <= home.benefit


@given(cases())
@settings(max_examples=200)
def test_no_answer_holds_floating_point_or_a_minus_nought(case: Case) -> None:
    def values(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for below in value.values() for leaf in values(below)]
        return [leaf for below in value for leaf in values(below)] if isinstance(value, list | tuple) else [value]

    answer = share(case)
    inside = [getattr(answer, name) for name in Answer.__dataclass_fields__]
    for part in (answer.late, answer.chance, answer.running):
        inside += [getattr(part, name) for name in part.__dataclass_fields__] if part else []
    assert not [leaf for leaf in values(inside) if isinstance(leaf, float)]
    written = values(as_plain(answer))
    assert {type(leaf) for leaf in written} <= {str, int, type(None)}
    assert not {"-0.00", "-0.0000", "-0"} & {leaf for leaf in written if isinstance(leaf, str)}
