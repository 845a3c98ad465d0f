"""A file of cost cases (schema cost-cases/1) read strictly: complete and consistent, or refused with place and reason.

Everything is read before anything is evaluated. What is wrong first in the file is what is told. The keys and what they
mean: docs/engines-costs.md.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, TypeVar, cast

from hemei.engines.costs.answer import money
from hemei.engines.costs.check import expectation
from hemei.engines.costs.numbers import (
    any_number,
    more_than_nothing,
    not_negative,
    share_of_one,
    step_of_money,
    sum_of_money,
    sum_to_pay,
)
from hemei.engines.costs.plan import (
    ZERO,
    Cap,
    Case,
    CaseFile,
    Chance,
    Constraints,
    Cost,
    EqualGain,
    Home,
    Key,
    KeyName,
    Late,
    LeastSlack,
    MaxChance,
    Method,
    Nucleolus,
    ProportionalBenefit,
    Rounding,
    Running,
    Sale,
    Scale,
    Shapley,
    Subsidy,
    Title,
    Within,
)
from hemei.engines.strict import Mistake, Node, read_json

SCHEMA: Final = "cost-cases/1"
FLOORS_MAX: Final = 1_000
HOMES_MAX: Final = 2_000  # of one lift

UNKNOWN_HOME: Final = ("is not a home of this case", "不是本案的住户")
METHODS: Final = ("key", "shapley", "nucleolus", "proportional_benefit", "equal_gain", "least_slack", "max_chance")
METHOD_KEYS: Final = ("key", "within", "k", "half_landing", "scale", "monotone", "caps", "floor1_max")

PLAIN_METHODS: Final[Mapping[str, Method]] = {
    "shapley": Shapley(),
    "nucleolus": Nucleolus(),
    "proportional_benefit": ProportionalBenefit(),
    "equal_gain": EqualGain(),
}

T = TypeVar("T")
Place = tuple[int, ...]


def read_cases(text: str) -> CaseFile:
    """The cases of a file. Raises `Mistake` with the place in the file and the reason, in both languages."""
    top = read_json(text).record(("cases",), ("about",))
    if "about" in top:
        about = top["about"].entries()
        if "schema" in about:
            about["schema"].one_of((SCHEMA,))
    known: set[str] = set()
    cases: list[Case] = []
    for node in top["cases"].members():
        case = _Reader(node, known).case()
        known.add(case.id)
        cases.append(case)
    return CaseFile(tuple(cases))


# -- objects


class _Part:
    """One object, read key by key. A mistake is noted and the reading goes on: the first of the file is told."""

    def __init__(self, reader: "_Reader", node: Node, at: Place) -> None:
        self.reader, self.node, self.at = reader, node, at
        self.found: dict[str, Node] = {}
        self.sound = True
        self.asked: set[str] = set()
        try:
            self.found = node.entries()
        except Mistake as mistake:
            self.sound = False
            reader.note(mistake, at)
        self.places = {key: number for number, key in enumerate(self.found)}

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def place(self, key: str) -> Place:
        """Where the key stands in the file; what is missing is missed at the end of its object."""
        return (*self.at, self.places.get(key, len(self.places)))

    def must(self, key: str, read: Callable[[Node], T], otherwise: T) -> T:
        if key not in self.found:
            self.asked.add(key)
            if self.sound:
                self.wrong(key, "is missing", "缺少这个键")
            return otherwise
        return self.may(key, read, otherwise)

    def may(self, key: str, read: Callable[[Node], T], otherwise: T) -> T:
        self.asked.add(key)
        if key not in self.found:
            return otherwise
        try:
            return read(self.found[key])
        except Mistake as mistake:
            self.reader.note(mistake, self.place(key))
            return otherwise

    def part(self, key: str) -> "_Part":
        return _Part(self.reader, self.found[key], self.place(key))

    def wrong(self, key: str, en: str, zh: str) -> None:
        self.reader.note(self.node.child(key).mistake(en, zh), self.place(key))

    def close(self, of_other_methods: Collection[str] = ()) -> None:
        """Every key has been asked for by now, or has no business here."""
        for key in self.found:
            if key in self.asked:
                continue
            if key in of_other_methods:
                self.wrong(key, "belongs to another method", "属于另一种方法")
            else:
                self.wrong(key, "is not a key that can stand here", "此处没有这个键")


class _Reader:
    """Reads one case. Mistakes are kept with their place until all is read."""

    def __init__(self, node: Node, known: Collection[str]) -> None:
        self.mistakes: list[tuple[Place, Mistake]] = []
        self.known = known
        self.floors = FLOORS_MAX
        self.homes: dict[str, Home] = {}
        self.floors_known = self.homes_known = False
        self.capped: list[tuple[Node, Place]] = []
        self.top = _Part(self, node, ())

    def note(self, mistake: Mistake, at: Place) -> None:
        self.mistakes.append((at, mistake))

    def unharmed(self, since: int) -> bool:
        """Nothing was found wrong since there were so many mistakes."""
        return len(self.mistakes) == since

    def members(self, above: _Part, key: str, least: int = 0, most: int | None = None) -> list[_Part]:
        """The objects of a list."""

        def read(node: Node) -> list[Node]:
            return node.members(least, most)

        nodes: list[Node] = above.must(key, read, list[Node]())
        parts = [_Part(self, node, (*above.place(key), number)) for number, node in enumerate(nodes)]
        return [part for part in parts if part.sound]

    def case(self) -> Case:
        top = self.top
        name = top.must("id", lambda node: node.new_name(self.known), "")
        title = self.object("title", self.title, Title("", ""))
        why = top.may("why", Node.text, "")
        begun = len(self.mistakes)
        self.floors = top.must("floors", lambda node: node.whole(1, FLOORS_MAX), FLOORS_MAX)
        self.floors_known = self.unharmed(begun)
        method = self.object("method", self.method, None)
        chance = self.object("chance", self.chance, None, required=False)
        begun = len(self.mistakes)
        self.read_homes(method, asks_chance="chance" in top)
        self.homes_known = self.unharmed(begun)
        for node, at in self.capped:
            if self.homes_known and node.value not in self.homes:
                self.note(node.mistake(*UNKNOWN_HOME), at)
        begun = len(self.mistakes)
        cost = self.object("cost", self.cost, Cost(ZERO, ZERO, Subsidy(ZERO)))
        cost_known = self.unharmed(begun)
        rounding = self.object("rounding", self.rounding, Rounding())

        over_need = isinstance(method, Shapley | Nucleolus)
        net = cost.net if cost_known else None
        need = self.need(over_need, net)
        if self.floors_known and self.homes_known:
            self.fitting(method, over_need=over_need)

        late = self.object("late", self.late, None, required=False)
        sales = self.sales() if "sales" in top else None
        paid = self.paid() if "paid" in top else None
        running = self.object("running", self.running, None, required=False)
        expected = top.may("expected", expectation, None)
        top.close()
        if self.mistakes:
            raise min(self.mistakes, key=lambda noted: noted[0])[1]

        assert method is not None, "a case without a method is refused"
        return Case(
            id=name,
            title=title,
            floors=self.floors,
            homes=tuple(self.homes.values()),
            cost=cost,
            method=method,
            rounding=rounding,
            why=why,
            need=need,
            late=late,
            sales=sales,
            paid=paid,
            chance=chance,
            running=running,
            expected=expected,
        )

    def object(self, key: str, read: Callable[[_Part], T], otherwise: T, *, required: bool = True) -> T:
        """What `read` makes of the object under `key`; `otherwise` where there is none."""
        self.top.asked.add(key)
        if key not in self.top:
            return self.top.must(key, lambda _node: otherwise, otherwise) if required else otherwise
        part = self.top.part(key)
        return read(part) if part.sound else otherwise

    def title(self, part: _Part) -> Title:
        title = Title(en=part.must("en", Node.text, ""), zh=part.must("zh", Node.text, ""))
        part.close()
        return title

    def fitting(self, method: Method | None, *, over_need: bool) -> None:
        """What a method needs of the homes together."""
        homes = self.homes.values()
        if over_need and all(home.floor < self.floors for home in homes):
            told = f"must have one on floor {self.floors}, whose need is the whole cost"
            self.top.wrong("homes", told, f"第 {self.floors} 层应有住户，其需求即全部费用")
        if isinstance(method, LeastSlack) and method.scale == "limit" and not any(home.limit for home in homes):
            self.top.part("method").wrong("scale", "needs a limit that is not 0", "至少一个限额应不为 0")

    # -- method

    def method(self, part: _Part) -> Method | None:
        begun = len(self.mistakes)
        name = part.must("name", lambda node: node.one_of(METHODS), "")
        if not self.unharmed(begun):
            return None
        method: Method
        if name == "key":
            method = self.key(part)
        elif name == "least_slack":
            scale = part.must("scale", lambda node: node.one_of(("one", "limit", "given")), "one")
            method = LeastSlack(cast(Scale, scale), self.constraints(part))
        elif name == "max_chance":
            method = MaxChance(self.constraints(part))
        else:
            method = PLAIN_METHODS[name]
        part.close(of_other_methods=METHOD_KEYS)
        return method

    def key(self, part: _Part) -> Key:
        key = part.must("key", lambda node: node.one_of(("guangzhou", "storeys", "table")), "")
        within = part.must("within", lambda node: node.one_of(("area", "equal")), "equal")
        k: tuple[Fraction, ...] = ()
        half_landing: frozenset[int] = frozenset()
        if key in ("table", ""):
            k = (part.must if key else part.may)("k", self.coefficients, ())
        if key in ("storeys", ""):
            half_landing = part.may("half_landing", self.some_floors, frozenset())
        return Key(cast(KeyName, key), cast(Within, within), k, half_landing)

    def coefficients(self, node: Node) -> tuple[Fraction, ...]:
        return tuple(any_number(member) for member in self.one_per_floor(node))

    def one_per_floor(self, node: Node) -> list[Node]:
        members = node.members()
        if self.floors_known and len(members) != self.floors:
            told = f"must have one number for each of {self.floors} floors, has {len(members)}"
            raise node.mistake(told, f"应为 {self.floors} 层各有一个数，现有 {len(members)} 个")
        return members

    def some_floors(self, node: Node) -> frozenset[int]:
        listed: set[int] = set()
        for member in node.members():
            floor = self.floor(member)
            if floor in listed:
                raise member.mistake(f"{floor} stands twice", f"{floor} 重复出现")
            listed.add(floor)
        return frozenset(listed)

    def floor(self, node: Node) -> int:
        return node.whole(1, self.floors)

    def constraints(self, part: _Part) -> Constraints:
        return Constraints(
            monotone=part.may("monotone", Node.yes_no, False),
            caps=self.caps(part) if "caps" in part else (),
            floor1_max=part.may("floor1_max", sum_of_money, None),
        )

    def caps(self, above: _Part) -> tuple[Cap, ...]:
        caps: list[Cap] = []
        for part in self.members(above, "caps"):
            if ("floor" in part) == ("home" in part):
                told = "must name either a floor or a home", "应指明楼层或住户之一"
                self.note(part.node.mistake(*told), part.at)
            if "least" not in part and "most" not in part:
                self.note(part.node.mistake("must say least or most", "应写明 least 或 most"), part.at)
            cap = Cap(
                floor=part.may("floor", self.floor, None),
                home=part.may("home", self.capped_home(part), None),
                least=part.may("least", sum_of_money, None),
                most=part.may("most", sum_of_money, None),
            )
            if cap.least is not None and cap.most is not None and cap.least > cap.most:
                part.wrong("most", "must not be below least", "不能小于 least")
            part.close()
            caps.append(cap)
        return tuple(caps)

    def capped_home(self, part: _Part) -> Callable[[Node], str]:
        """The method is read before the homes: whether there is such a home is asked later."""

        def read(node: Node) -> str:
            self.capped.append((node, part.place("home")))
            return node.name()

        return read

    # -- homes, cost, rounding

    def read_homes(self, method: Method | None, *, asks_chance: bool) -> None:
        late = self.top.found["late"].value if "late" in self.top else None
        late_home = late.get("home") if isinstance(late, dict) else None
        for part in self.members(self.top, "homes", 1, HOMES_MAX):
            name = part.must("id", lambda node: node.new_name(self.homes), "")
            self.homes[name] = self.home(part, name, method, signs=asks_chance and name != late_home)

    def home(self, part: _Part, name: str, method: Method | None, *, signs: bool) -> Home:
        """What the method or the chance asks for must be said; the rest may be, for comparing the proposals."""
        asked: set[str] = set()
        match method:
            case ProportionalBenefit() | EqualGain():
                asked = {"benefit"}
            case LeastSlack():
                asked = {"limit", "scale"} if method.scale == "given" else {"limit"}
        if isinstance(method, MaxChance) or signs or "mu" in part or "s" in part:
            asked |= {"mu", "s"}

        def further(key: str, read: Callable[[Node], Fraction]) -> Fraction | None:
            return part.must(key, read, ZERO) if key in asked else part.may(key, read, None)

        home = Home(
            id=name,
            floor=part.must("floor", self.floor, 1),
            area=part.must("area", more_than_nothing, ZERO),
            owner=part.may("owner", Node.name, None),
            benefit=further("benefit", sum_of_money),
            limit=further("limit", sum_of_money),
            scale=further("scale", more_than_nothing),
            mu=further("mu", any_number),
            s=further("s", more_than_nothing),
        )
        part.close()
        return home

    def cost(self, part: _Part) -> Cost:
        works = part.must("works", sum_to_pay, ZERO)
        other = part.must("other", sum_to_pay, ZERO)
        subsidy = Subsidy(ZERO)
        part.must("subsidy", lambda _node: None, None)
        if "subsidy" in part:
            inner = part.part("subsidy")
            if inner.sound:
                rate = inner.must("rate", share_of_one, ZERO)
                cap = inner.must("cap", lambda node: None if node.is_null else sum_to_pay(node), None)
                inner.close()
                subsidy = Subsidy(rate, cap)
        part.close()
        return Cost(works, other, subsidy)

    def rounding(self, part: _Part) -> Rounding:
        to = part.must("to", lambda node: node.one_of(("cent", "step")), "")
        step = None
        if to != "cent":
            step = (part.must if to else part.may)("step", step_of_money, None)
        part.close()
        return Rounding(step)

    # -- what else a case may have

    def need(self, required: bool, net: Fraction | None) -> tuple[Fraction, ...] | None:
        def read(node: Node) -> tuple[Fraction, ...]:
            members = self.one_per_floor(node)
            needs: list[Fraction] = []
            for member in members:
                need = sum_to_pay(member)
                if needs and need < needs[-1]:
                    raise member.mistake("must not be less than on the floor below", "不能小于下一层的数")
                needs.append(need)
            if self.floors_known and net is not None and needs[-1] != net:
                raise members[-1].mistake(f"must be the net cost, {money(net)}", f"应等于净费用 {money(net)}")
            return tuple(needs)

        return (self.top.must if required else self.top.may)("need", read, None)

    def known_home(self, node: Node) -> str:
        name = node.name()
        if self.homes_known and name not in self.homes:
            raise node.mistake(*UNKNOWN_HOME)
        return name

    def late(self, part: _Part) -> Late:
        late = Late(
            home=part.must("home", self.known_home, ""),
            years=part.must("years", not_negative, ZERO),
            life=part.must("life", more_than_nothing, ZERO),
        )
        part.close()
        return late

    def sales(self) -> tuple[Sale, ...]:
        sales: list[Sale] = []
        for part in self.members(self.top, "sales"):
            sales.append(
                Sale(
                    home=part.must("home", self.known_home, ""),
                    date=part.must("date", Node.day, date.min),
                    buyer=part.must("buyer", Node.name, ""),
                )
            )
            part.close()
        return tuple(sales)

    def paid(self) -> Mapping[str, Fraction]:
        def read(node: Node) -> Mapping[str, Fraction]:
            paid: dict[str, Fraction] = {}
            for home, amount in node.entries().items():
                if self.homes_known and home not in self.homes:
                    raise amount.mistake(*UNKNOWN_HOME)
                paid[home] = sum_of_money(amount)
            return paid

        return self.top.may("paid", read, {})

    def chance(self, part: _Part) -> Chance:
        chance = Chance(part.must("heads", lambda node: node.whole(0), 0))
        part.close()
        return chance

    def running(self, part: _Part) -> Running:
        running = Running(
            yearly=part.must("yearly", sum_to_pay, ZERO),
            reserve=part.may("reserve", sum_to_pay, ZERO),
            key=self.key(part),
        )
        part.close(of_other_methods=("k", "half_landing"))
        return running
