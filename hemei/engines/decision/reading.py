"""Cases from a JSON file (schema consent-cases/1), read and checked completely before anything is evaluated.

Whatever is not as the schema asks is a `Mistake` with its place. What a person did too late, twice or without being
allowed to is none: such an act is part of the case.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Final, TypeVar, cast, get_args

from hemei.engines.decision.acts import (
    Act,
    Cast,
    Choice,
    Deliver,
    Grant,
    Objection,
    ObjectionClosed,
    Revoke,
    RollCorrection,
    Transfer,
    Void,
    Withdraw,
)
from hemei.engines.decision.case import (
    Case,
    CaseFile,
    Counting,
    Evidence,
    Expected,
    LinkedBallots,
    Notice,
    Window,
)
from hemei.engines.decision.electorate import units_in
from hemei.engines.decision.gates import notice_ends
from hemei.engines.decision.roll import Owner, Unit
from hemei.engines.decision.rule import (
    EVERYBODY,
    GROUP,
    NO_WORDS,
    Abstain,
    Base,
    Comparison,
    CostEffect,
    Count,
    Fallback,
    HeadKey,
    Joint,
    Kind,
    Measure,
    Nonresponse,
    OriginalOwner,
    ProxyRule,
    Rule,
    Spoiled,
    Test,
    TransferRule,
    Words,
)
from hemei.engines.decision.verdict import Flag, Outcome, Side, Status
from hemei.engines.strict import Mistake, Node, read_json, shown

SCHEMA: Final = "consent-cases/1"
MOST_RULES: Final = 1_000
MOST_CASES: Final = 20_000
MOST_UNITS: Final = 100_000  # of one case
MOST_EVENTS: Final = 500_000  # of one case
MOST_OWNERS: Final = 200  # of one unit
MOST_TESTS: Final = 100  # of one list
MOST_NOTICE_DAYS: Final = 3_660
LONGEST_DENOMINATOR: Final = 10**300  # common to all areas, or all shares, of a case

RULE_NEEDED = ("head_key", "joint", "abstain", "spoiled", "nonresponse", "transfer", "proxy", "tests")
RULE_MAY = (
    *("fallback", "original_owner", "name", "source", "valid_from", "valid_to"),
    *("checked", "majority_owner_cut", "cost_effect", "matter", "place", "notes"),
)
TEST_NEEDED = ("id", "kind", "measure", "who", "count", "base", "cmp", "threshold")
TEST_MAY = ("cap", "at_least", "exclude_kinds", "channel")
CASE_NEEDED = ("id", "rule", "window", "units", "events")
CASE_MAY = (
    *("title", "why", "overrides", "notice", "evidence", "evaluate_at", "certify_at", "record_date", "window2"),
    "expected",
)
LINKED_NEEDED, LINKED_MAY = ("id", "ballots"), ("title", "why", "expected")
UNIT_NEEDED = ("id", "owners")
UNIT_MAY = ("area", "share", "head", "groups", "kind", "original_owner", "votable")
EVENT_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # type -> needed, may
    "cast": (("unit", "by", "choice"), ("for_owner", "round", "id", "channel", "signed_at")),
    "revoke": (("unit", "by"), ("round",)),
    "grant": (("unit", "by", "to"), ("written", "expires", "instruction")),
    "withdraw": (("unit", "by", "to"), ()),
    "transfer": (("unit", "to"), ()),
    "deliver": (("unit",), ("proof",)),
    "void": (("unit", "ref"), ("reason",)),
    "objection": (("id", "unit"), ("ground",)),
    "objection_closed": (("ref",), ("unit", "how")),
    "roll_correction": (("unit",), ("area", "share", "source")),
}

T = TypeVar("T")
Found = Mapping[str, Node]


def read_cases(text: str) -> CaseFile:
    """All cases and rules of a file. Raises Mistake, with the place in the file and the reason in both languages."""
    top = read_json(text).record(("rules", "cases"), ("about",))
    if "about" in top:
        _check_about(top["about"])
    raw_rules = _bounded(top["rules"].entries(), top["rules"], MOST_RULES)
    rules = {name: read_rule(node) for name, node in raw_rules.items()}
    cases: list[Case | LinkedBallots] = []
    known: set[str] = set()
    for node in top["cases"].members(most=MOST_CASES):
        cases.append(_case_or_ballots(node, raw_rules, rules, known))
        known.add(cases[-1].id)
    return CaseFile(tuple(cases), rules)


def read_rule(node: Node) -> Rule:
    """One rule; its key is its id. Raises Mistake. Also for rules that stand in other files, as plain data."""
    return _rule(str(node.step), node.record(RULE_NEEDED, RULE_MAY))


# -- rules


def _rule(name: str, found: Found, same_tests: Rule | None = None) -> Rule:
    """same_tests: the rule that was read already and has the same tests in both rounds."""
    if same_tests is None:
        names: set[str] = set()
        tests = _tests(found["tests"], names, ("participation", "approval"))
        fallback = _if(found, "fallback", lambda node: _fallback(node, names), None)
    else:
        tests, fallback = same_tests.tests, same_tests.fallback
    return Rule(
        id=name,
        tests=tests,
        head_key=cast(HeadKey, found["head_key"].one_of(get_args(HeadKey))),
        joint=cast(Joint, found["joint"].one_of(get_args(Joint))),
        abstain=cast(Abstain, found["abstain"].one_of(get_args(Abstain))),
        spoiled=cast(Spoiled, found["spoiled"].one_of(get_args(Spoiled))),
        nonresponse=cast(Nonresponse, found["nonresponse"].one_of(get_args(Nonresponse))),
        transfer=cast(TransferRule, found["transfer"].one_of(get_args(TransferRule))),
        proxy=_proxy(found["proxy"]),
        fallback=fallback,
        original_owner=_if(found, "original_owner", _original_owner, None),
        majority_owner_cut=_if(found, "majority_owner_cut", Node.yes_no, False),
        cost_effect=cast(CostEffect, _if(found, "cost_effect", lambda node: node.one_of(get_args(CostEffect)), "all")),
        checked=_if(found, "checked", Node.yes_no, True),
        name=_if(found, "name", _words, NO_WORDS),
        source=_if(found, "source", Node.text, ""),
        valid_from=_if(found, "valid_from", Node.day, None),
        valid_to=_if(found, "valid_to", Node.day, None),
        matter=_if(found, "matter", Node.text, ""),
        place=_if(found, "place", Node.text, ""),
        notes=_if(found, "notes", _words, NO_WORDS),
    )


def _tests(place: Node, names: set[str], kinds: Sequence[str]) -> tuple[Test, ...]:
    """A list of tests; their ids join `names`, which are those of the whole rule."""
    tests = []
    for node in place.members(least=1, most=MOST_TESTS):
        found = node.record(TEST_NEEDED, TEST_MAY)
        name = found["id"].new_name(names)
        names.add(name)
        tests.append(
            Test(
                id=name,
                kind=cast(Kind, found["kind"].one_of(kinds)),
                measure=cast(Measure, found["measure"].one_of(get_args(Measure))),
                who=_who(found["who"]),
                count=cast(Count, found["count"].one_of(get_args(Count))),
                base=cast(Base, found["base"].one_of(get_args(Base))),
                cmp=cast(Comparison, found["cmp"].one_of(get_args(Comparison))),
                threshold=_part_of_one(found["threshold"]),
                cap=_if(found, "cap", Node.rational, None),
                at_least=_if(found, "at_least", Node.rational, None),
                exclude_kinds=_if(found, "exclude_kinds", _names, frozenset()),
                channel=_if(found, "channel", Node.name, None),
            )
        )
    return tuple(tests)


def _who(node: Node) -> str:
    who = node.text()
    if who == EVERYBODY or (who.startswith(GROUP) and who != GROUP):
        return who
    raise node.mistake(
        f'must be "{EVERYBODY}" or "{GROUP}" and the name of a group', f"应为 {EVERYBODY} 或 {GROUP}组名"
    )


def _part_of_one(node: Node) -> Fraction:
    value = node.rational()
    if value > 1:
        raise node.mistake("must be between 0 and 1", "应在 0 与 1 之间")
    return value


def _proxy(node: Node) -> ProxyRule:
    found = node.record(("written_required", "own_act_overrides"), ("max_principals",))
    return ProxyRule(
        written_required=found["written_required"].yes_no(),
        own_act_overrides=found["own_act_overrides"].yes_no(),
        max_principals=_if(found, "max_principals", Node.whole, None),
    )


def _fallback(node: Node, names: set[str]) -> Fallback:
    found = node.record(("trigger", "tests"))
    trigger = _tests(found["trigger"], names, get_args(Kind))
    return Fallback(trigger, _tests(found["tests"], names, ("participation", "approval")))


def _original_owner(node: Node) -> OriginalOwner:
    found = node.record(("at_least", "factor", "min_lots"))
    return OriginalOwner(_part_of_one(found["at_least"]), found["factor"].rational(), found["min_lots"].whole())


# -- cases


def _case_or_ballots(
    node: Node, raw_rules: Found, rules: Mapping[str, Rule], known: Collection[str]
) -> Case | LinkedBallots:
    if "ballots" not in node.entries():
        return _case(node, raw_rules, rules, known)
    found = node.record(LINKED_NEEDED, LINKED_MAY)
    name = found["id"].new_name(known)
    ballots: dict[str, Case] = {}
    for one in found["ballots"].members(least=1, most=MOST_CASES):
        ballot = _case(one, raw_rules, rules, ballots)
        ballots[ballot.id] = ballot
    return LinkedBallots(
        id=name,
        ballots=tuple(ballots.values()),
        title=_if(found, "title", _words, NO_WORDS),
        why=_if(found, "why", _words, NO_WORDS),
        expected=_if(found, "expected", lambda expected: _expected(expected, {}, None), None),
    )


def _case(node: Node, raw_rules: Found, rules: Mapping[str, Rule], known: Collection[str]) -> Case:
    found = node.record(CASE_NEEDED, CASE_MAY)
    name = found["id"].new_name(known)
    rule = _rule_of(found, raw_rules, rules)
    window = _window(found["window"])
    window2 = _if(found, "window2", _window, None)
    units = _units(found["units"], rule)
    acts = _acts(found["events"], units, rule, window2)
    if rule.transfer == "record_date" and not _given(found, "record_date"):
        raise node.child("record_date").mistake(
            "is missing: the rule counts sales up to it", "缺少：规则按该日认定产权"
        )
    return Case(
        id=name,
        rule=rule,
        window=window,
        units=tuple(units.values()),
        acts=acts,
        title=_if(found, "title", _words, NO_WORDS),
        why=_if(found, "why", _words, NO_WORDS),
        window2=window2,
        notice=_if(found, "notice", _notice, None),
        evidence=_if(found, "evidence", _evidence, ()),
        evaluate_at=_if(found, "evaluate_at", Node.time, None),
        certify_at=_if(found, "certify_at", Node.time, None),
        record_date=_if(found, "record_date", Node.day, None),
        expected=_if(found, "expected", lambda expected: _expected(expected, units, rule), None),
    )


def _rule_of(found: Found, raw_rules: Found, rules: Mapping[str, Rule]) -> Rule:
    """The rule that the case names, with its overrides: each key replaces the rule's whole key; null takes it out."""
    name = found["rule"].name()
    if name not in rules:
        raise found["rule"].mistake(f"{shown(name)} is no rule of this file", f"本文件没有规则 {shown(name)}")
    if not _given(found, "overrides"):
        return rules[name]
    overrides = found["overrides"].record((), RULE_NEEDED + RULE_MAY)
    same_tests = None if "tests" in overrides or "fallback" in overrides else rules[name]
    return _rule(name, {**raw_rules[name].entries(), **overrides}, same_tests)


def _window(node: Node) -> Window:
    found = node.record(("open", "close"))
    window = Window(found["open"].time(), found["close"].time())
    if window.close <= window.open:
        raise found["close"].mistake("must be after open", "应晚于 open")
    return window


def _notice(node: Node) -> Notice:
    found = node.record(("posted", "days"), ("non_working_days", "counting"))
    notice = Notice(
        posted=found["posted"].day(),
        days=found["days"].whole(most=MOST_NOTICE_DAYS),
        non_working_days=_if(found, "non_working_days", _days, frozenset()),
        counting=cast(Counting, _if(found, "counting", lambda given: given.one_of(get_args(Counting)), "calendar")),
    )
    try:
        notice_ends(notice)
    except OverflowError:
        raise found["posted"].mistake("leaves no day for the notice", "其后没有可用的公示日") from None
    return notice


def _evidence(node: Node) -> tuple[Evidence, ...]:
    papers: dict[str, Evidence] = {}
    for one in node.members(most=MOST_TESTS):
        found = one.record(("id", "complete"))
        name = found["id"].new_name(papers)
        papers[name] = Evidence(name, found["complete"].yes_no())
    return tuple(papers.values())


# -- the roll


def _units(place: Node, rule: Rule) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    nodes = place.members(least=1, most=MOST_UNITS)
    for node in nodes:
        found = node.record(UNIT_NEEDED, UNIT_MAY)
        name = found["id"].new_name(units)
        units[name] = Unit(
            id=name,
            owners=_owners(found["owners"], rule),
            area=_if(found, "area", Node.rational, None),
            share=_if(found, "share", Node.rational, None),
            head=_if(found, "head", Node.name, None),
            groups=_if(found, "groups", _names, frozenset()),
            kind=_if(found, "kind", Node.text, ""),
            original_owner=_if(found, "original_owner", Node.yes_no, False),
            votable=_if(found, "votable", Node.yes_no, True),
        )
    _check_measures(place, nodes, tuple(units.values()), rule)
    return units


def _owners(place: Node, rule: Rule) -> tuple[Owner, ...]:
    """All owners of a unit. Several need what the joint rule asks for: one representative, or shares."""
    owners: dict[str, Owner] = {}
    nodes = place.members(least=1, most=MOST_OWNERS)
    for node in nodes:
        found = node.record(("id",), ("rep", "share"))
        name = found["id"].new_name(owners)
        rep, share = _if(found, "rep", Node.yes_no, False), _if(found, "share", Node.rational, None)
        owners[name] = Owner(name, rep, share)
    if len(owners) > 1 and rule.joint == "representative" and sum(owner.rep for owner in owners.values()) != 1:
        raise place.mistake("must have one rep among the co-owners", "共有人中应有且仅有一名代表（rep）")
    if len(owners) > 1 and rule.joint == "shares_two_thirds":
        for node, owner in zip(nodes, owners.values(), strict=True):
            if owner.share is None:
                raise node.child("share").mistake(
                    "is missing: the rule counts co-owners' shares", "缺少：规则按共有份额计算"
                )
        if not any(owner.share for owner in owners.values()):
            raise place.mistake("hold no shares", "共有份额合计为零")
    return tuple(owners.values())


def _check_measures(place: Node, nodes: Sequence[Node], units: Sequence[Unit], rule: Rule) -> None:
    """Every unit has what its tests measure, and no test is on nothing."""
    of_all_shares = rule.original_owner is not None or rule.majority_owner_cut
    for test in rule.all_tests:
        part = units_in(units, test)
        if not part:
            raise place.mistake(f"test {shown(test.id)} has no unit to look at", f"检验 {shown(test.id)} 没有可计的户")
        if test.measure not in {"area", "share"}:
            continue
        needed = range(len(units)) if test.measure == "share" and of_all_shares else part
        measures = [units[number].area if test.measure == "area" else units[number].share for number in needed]
        for number, measure in zip(needed, measures, strict=True):
            if measure is None:
                raise (
                    nodes[number]
                    .child(test.measure)
                    .mistake(f"is missing: test {shown(test.id)} measures it", f"缺少：检验 {shown(test.id)} 以此计量")
                )
        if not any(units[number].area if test.measure == "area" else units[number].share for number in part):
            raise place.mistake(
                f"test {shown(test.id)} measures {test.measure}, of which there is none",
                f"检验 {shown(test.id)} 所计量的 {test.measure} 合计为零",
            )
    _check_denominators("area", nodes, [unit.area for unit in units])
    _check_denominators("share", nodes, [unit.share for unit in units])


def _check_denominators(key: str, nodes: Sequence[Node], measures: Sequence[Fraction | None]) -> None:
    """The measures can be brought to one denominator that is not absurd."""
    common = 1
    for node, measure in zip(nodes, measures, strict=True):
        common = common if measure is None else lcm(common, measure.denominator)
        if common > LONGEST_DENOMINATOR:
            raise node.child(key).mistake(
                "is a fraction that cannot be added to those before it", "分母过大，无法与前面各项相加"
            )


# -- acts


def _acts(place: Node, units: Mapping[str, Unit], rule: Rule, window2: Window | None) -> tuple[Act, ...]:
    nodes = place.members(most=MOST_EVENTS)
    events: list[tuple[str, Found]] = []
    casts: set[str] = set()
    objections: set[str] = set()
    for node in nodes:
        kind, found = _event(node)
        events.append((kind, found))
        if kind == "cast" and _given(found, "id"):
            casts.add(found["id"].new_name(casts))
        elif kind == "objection":
            objections.add(found["id"].new_name(objections))
    reader = _ActReader(units, rule, window2, casts, objections)
    return tuple([getattr(reader, kind)(found) for kind, found in events])


def _event(node: Node) -> tuple[str, Found]:
    found = node.entries()
    if "type" not in found:
        raise node.child("type").mistake("is missing", "缺少这个键")
    kind = found["type"].one_of(tuple(EVENT_KEYS))
    needed, may = EVENT_KEYS[kind]
    return kind, node.record(("at", "type", *needed), may)


class _ActReader:
    """One method for each type of event; what the event may refer to is known beforehand."""

    def __init__(
        self,
        units: Mapping[str, Unit],
        rule: Rule,
        window2: Window | None,
        casts: set[str],
        objections: set[str],
    ) -> None:
        self.units = units
        self.rule = rule
        self.window2 = window2
        self.casts = casts
        self.objections = objections

    def cast(self, found: Found) -> Cast:
        return Cast(
            at=found["at"].time(),
            unit=self._unit(found["unit"]),
            by=found["by"].name(),
            choice=_choice(found["choice"]),
            for_owner=_if(found, "for_owner", Node.name, None),
            round=_if(found, "round", self._round, 1),
            id=_if(found, "id", Node.name, None),
            channel=_if(found, "channel", Node.text, None),
            signed_at=_if(found, "signed_at", _time_or_day, None),
        )

    def revoke(self, found: Found) -> Revoke:
        round_ = _if(found, "round", self._round, 1)
        return Revoke(found["at"].time(), self._unit(found["unit"]), found["by"].name(), round_)

    def grant(self, found: Found) -> Grant:
        return Grant(
            at=found["at"].time(),
            unit=self._unit(found["unit"]),
            by=found["by"].name(),
            to=found["to"].name(),
            written=_if(found, "written", Node.yes_no, False),
            expires=_if(found, "expires", Node.time, None),
            instruction=_if(found, "instruction", _choice, None),
        )

    def withdraw(self, found: Found) -> Withdraw:
        return Withdraw(found["at"].time(), self._unit(found["unit"]), found["by"].name(), found["to"].name())

    def transfer(self, found: Found) -> Transfer:
        return Transfer(found["at"].time(), self._unit(found["unit"]), _owners(found["to"], self.rule))

    def deliver(self, found: Found) -> Deliver:
        return Deliver(found["at"].time(), self._unit(found["unit"]), _if(found, "proof", Node.yes_no, False))

    def void(self, found: Found) -> Void:
        ref = found["ref"].name()
        if ref not in self.casts:
            raise found["ref"].mistake("is not the id of a cast of this case", "不是本案任何一张票的编号")
        return Void(found["at"].time(), self._unit(found["unit"]), ref, _if(found, "reason", Node.text, ""))

    def objection(self, found: Found) -> Objection:
        ground = _if(found, "ground", Node.text, "")
        return Objection(found["at"].time(), found["id"].name(), self._unit(found["unit"]), ground)

    def objection_closed(self, found: Found) -> ObjectionClosed:
        ref = found["ref"].name()
        if ref not in self.objections:
            raise found["ref"].mistake("is not the id of an objection of this case", "不是本案任何异议的编号")
        _if(found, "unit", self._unit, None)
        return ObjectionClosed(found["at"].time(), ref, _if(found, "how", Node.text, ""))

    def roll_correction(self, found: Found) -> RollCorrection:
        return RollCorrection(
            at=found["at"].time(),
            unit=self._unit(found["unit"]),
            area=_if(found, "area", Node.rational, None),
            share=_if(found, "share", Node.rational, None),
            source=_if(found, "source", Node.text, ""),
        )

    def _unit(self, node: Node) -> str:
        name = node.name()
        if name not in self.units:
            raise node.mistake("is not a unit of this case", "不是本案的户")
        return name

    def _round(self, node: Node) -> int:
        number = node.whole(least=1, most=2)
        if number == 2 and self.window2 is None:
            raise node.mistake("is the second, and the case has no window2", "为第二轮，但本案没有 window2")
        return number


def _choice(node: Node) -> Choice:
    return cast(Choice, node.one_of(get_args(Choice)))


def _time_or_day(node: Node) -> str:
    """When a paper was signed: for the record only, so a day is enough."""
    try:
        node.day()
    except Mistake:
        node.time()
    return node.text()


# -- expected


def _expected(node: Node, units: Mapping[str, Unit], rule: Rule | None) -> Expected:
    found = node.record((), ("outcome", "tests", "second_tests", "status", "deemed", "flags"))
    second = rule.fallback if rule is not None else None
    main_ids = {test.id for test in rule.tests} if rule is not None else set()
    second_ids = {test.id for test in second.trigger + second.tests} if second is not None else set()

    def unit(one: Node, name: str) -> str:
        if name not in units:
            raise one.mistake("is not a unit of this case", "不是本案的户")
        return name

    def tests(place: Node, known: set[str]) -> dict[str, tuple[Fraction, Fraction, bool]]:
        answers = {}
        for name, one in place.entries().items():
            if name not in known:
                raise one.mistake("is not a test of this case", "不是本案的检验")
            num, den, passed = one.members(least=3, most=3)
            answers[name] = num.rational(), den.rational(), passed.yes_no()
        return answers

    def flags(place: Node) -> frozenset[tuple[Flag, str]]:
        raised = set()
        for one in place.members():
            flag, of = one.members(least=2, most=2)
            raised.add((cast(Flag, flag.one_of(get_args(Flag))), unit(of, of.text())))
        return frozenset(raised)

    def by_unit(key: str, choices: Sequence[str]) -> Mapping[str, str]:
        places = found[key].entries() if _given(found, key) else {}
        return {unit(one, name): one.one_of(choices) for name, one in places.items()}

    return Expected(
        outcome=_if(found, "outcome", lambda one: cast(Outcome, one.one_of(get_args(Outcome))), None),
        tests=_if(found, "tests", lambda place: tests(place, main_ids), {}),
        second_tests=_if(found, "second_tests", lambda place: tests(place, second_ids), {}),
        status=cast(Mapping[str, Status], by_unit("status", get_args(Status))),
        deemed=cast(Mapping[str, Side], by_unit("deemed", get_args(Side))),
        flags=_if(found, "flags", flags, frozenset()),
    )


# -- what stands in several places


def _given(found: Found, key: str) -> bool:
    """An optional key that is null is left out."""
    return key in found and not found[key].is_null


def _if(found: Found, key: str, read: Callable[[Node], T], otherwise: T) -> T:
    node = found.get(key)
    return otherwise if node is None or node.is_null else read(node)


def _words(node: Node) -> Words:
    if isinstance(node.value, str):
        return Words(node.text(), node.text())
    found = node.record((), ("en", "zh"))
    return Words(_if(found, "en", Node.text, ""), _if(found, "zh", Node.text, ""))


def _names(node: Node) -> frozenset[str]:
    return frozenset([one.name() for one in node.members(most=MOST_TESTS)])


def _days(node: Node) -> frozenset[date]:
    return frozenset([one.day() for one in node.members(most=MOST_NOTICE_DAYS)])


def _bounded(found: Found, place: Node, most: int) -> Found:
    if len(found) > most:
        raise place.mistake(f"has more than {most} entries", f"多于 {most} 项")
    return found


def _check_about(node: Node) -> None:
    """Free words about the file; only the schema it names must be ours, and no key may stand twice."""
    if isinstance(node.value, dict) and "schema" in (found := node.entries()):
        found["schema"].one_of((SCHEMA,))
    unread = [node]
    while unread:
        one = unread.pop()
        if isinstance(one.value, dict):
            unread += one.entries().values()
        elif isinstance(one.value, list):
            unread += one.members()
