"""The dated rules of `rules/*.toml`: a file a place, read strictly, each rule with source, dates and whether checked.

A rule opens a decision only where somebody has compared it with the text of the law and the day lies in its time. For
every other one an administrator first enters source and day (`Attestation`). Reads packaged files and nothing else.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args

from hemei.engines.decision.naming import Counted
from hemei.engines.decision.reading import read_rule
from hemei.engines.decision.rule import Rule, Words
from hemei.engines.strict import Mistake, Node, read_json

FOLDER = Path(__file__).resolve().parent / "rules"
FILE_KEYS = ("place", "rules")
OWN_KEYS = ("name", "matter", "source", "checked")  # every rule of the book must have them
BOOK_KEYS = ("unchecked_why", "own_text", "counted")  # the book's own: a case does not carry them


@dataclass(frozen=True, slots=True)
class Place:
    """Where rules hold. id: the file's name ("hong-kong"). within: the place whose rules hold here too."""

    id: str
    name: Words
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule of the book and what the book says of it in both languages.

    unchecked_why: why it is not checked; None where it is. own_text: what must be attached to it besides, from the
    owners' own papers; None where nothing must. counted: what its heads are called where nothing else is known.
    case_rule: the rule as a file of cases has it (JSON).
    """

    rule: Rule
    place: Place
    matter: Words
    source: Words
    unchecked_why: Words | None
    own_text: Words | None
    counted: Counted
    case_rule: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All places and all rules by id, in the order of the files."""

    places: Mapping[str, Place]
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Attestation:
    """An administrator's word for a rule: where its text stands, the day it applies from, and who says so."""

    source: str
    valid_from: date
    by: str


class CannotOpen(Exception):
    """A rule that cannot open a decision; `en` and `zh` say why and what to do."""

    def __init__(self, rule: str, en: str, zh: str) -> None:
        super().__init__(rule, en, zh)
        self.rule = rule
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        return f"{self.rule}: {self.en}"


class NotChecked(CannotOpen):
    """Nobody has compared it with the law, or the owners' own text that it stands on is not entered."""


class NotInForce(CannotOpen):
    """The day lies before or after the time the rule holds."""


@cache
def rulebook() -> Rulebook:
    """The packaged rules, read once. Raises Mistake with file, place in the file and reason."""
    return read_rulebook({path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))})


def read_rulebook(files: Mapping[str, str]) -> Rulebook:
    """The texts of rule files by name of the file, which names the place. Raises Mistake: see `read_rule_file`; an id
    that stands twice; a place within one that is not there."""
    places: dict[str, Place] = {}
    entries: dict[str, Entry] = {}
    for name, text in files.items():
        place, of_place = read_rule_file(name, text)
        places[name] = place
        for entry in of_place:
            if entry.rule.id in entries:
                raise Mistake(f"{name}.toml: rules.{entry.rule.id}", "stands in another file too", "在另一文件中已有")
            entries[entry.rule.id] = entry
    for place in places.values():
        if place.within is not None and place.within not in places:
            raise Mistake(f"{place.id}.toml: within", "is not a place of this rulebook", "规则库中没有这个地方")
    return Rulebook(MappingProxyType(places), MappingProxyType(entries))


def rule(id: str) -> Rule:
    """Raises KeyError for an id that is not in the book."""
    return rulebook().entries[id].rule


def rules_on(day: date, place: str | None = None) -> tuple[Rule, ...]:
    """The rules not known to be out of force on that day, in one place and those it lies within, or everywhere.

    Rules without dates are among them, whether they may open or not (`may_open`). Raises KeyError: no such place.
    """
    book = rulebook()
    wanted = set(book.places)
    if place is not None:
        wanted, here = set(), book.places[place]
        while here.id not in wanted:
            wanted.add(here.id)
            here = book.places[here.within] if here.within is not None else here
    return tuple(
        entry.rule
        for entry in book.entries.values()
        if entry.place.id in wanted and _out_of_force(entry.rule, day) == 0
    )


def as_case_rule(id: str) -> dict[str, Any]:
    """The rule as it stands under "rules" in a file of schema consent-cases/1. Raises KeyError."""
    found: dict[str, Any] = json.loads(rulebook().entries[id].case_rule)
    return found


def known(rule: Rule) -> Entry | None:
    """The book's entry for this rule: same id and same source. None: the rule is not of this book."""
    entry = rulebook().entries.get(rule.id)
    return entry if entry is not None and entry.rule.source == rule.source else None


def is_checked(rule: Rule) -> bool:
    """False also for a rule of the book that is not checked and came in a file that does not say so."""
    entry = known(rule)
    forgotten = entry is not None and not entry.rule.checked and rule.valid_from is None
    return rule.checked and not forgotten


def attested(rule: Rule, attestation: Attestation) -> Rule:
    """The rule as an administrator vouches for it: checked, with his source and day. Nothing else changes.

    Raises NotChecked: source or name is empty; NotInForce: the day is after the rule's last.
    """
    if not attestation.source.strip() or not attestation.by.strip():
        raise NotChecked(rule.id, "say where its text stands and who vouches for it", "请写明原文出处和由谁核对")
    if rule.valid_to is not None and attestation.valid_from > rule.valid_to:
        raise NotInForce(
            rule.id,
            f"it cannot apply from {attestation.valid_from}: its last day is {rule.valid_to}",
            f"不能从 {attestation.valid_from} 起适用：它到 {rule.valid_to} 止",
        )
    return replace(rule, checked=True, source=attestation.source.strip(), valid_from=attestation.valid_from)


def may_open(rule: Rule, on: date, attestation: Attestation | None = None) -> Rule:
    """The rule a decision opens under on that day: the rule itself, or as attested.

    Raises NotChecked: it is not checked (or stands on the owners' own text) and nobody has entered source and day.
    NotInForce: the day is before its first or after its last.
    """
    entry = known(rule)
    if attestation is not None:
        rule = attested(rule, attestation)
    elif not is_checked(rule):
        why = entry.unchecked_why if entry is not None else None
        raise NotChecked(
            rule.id,
            f"it is not checked against the text of the law. {why.en if why else ''}".strip()
            + " An administrator enters source and first day before it opens a decision.",
            f"未与法律原文核对。{why.zh if why else ''}请管理员先填写出处和起始日期，才能用它表决。",
        )
    elif entry is not None and entry.own_text is not None:
        raise NotChecked(
            rule.id,
            f"it stands on {entry.own_text.en}. An administrator enters that source and its first day before it opens "
            "a decision.",
            f"它的依据是{entry.own_text.zh}。请管理员先填写该出处和起始日期，才能用它表决。",
        )
    side = _out_of_force(rule, on)
    if side < 0:
        raise NotInForce(rule.id, f"it applies from {rule.valid_from}", f"它从 {rule.valid_from} 起适用")
    if side > 0:
        raise NotInForce(rule.id, f"it applied until {rule.valid_to}", f"它到 {rule.valid_to} 止")
    return rule


def _out_of_force(rule: Rule, day: date) -> int:
    """-1: the day is before the rule's first; 1: after its last; 0: neither, as far as is known."""
    if rule.valid_from is not None and day < rule.valid_from:
        return -1
    return int(rule.valid_to is not None and day > rule.valid_to)


# -- the files


def read_rule_file(name: str, text: str) -> tuple[Place, tuple[Entry, ...]]:
    """One file. Raises Mistake with the path "<name>.toml: rules.<id>.tests[0].threshold" and the reason.

    A mistake is whatever a file of cases may not have in a rule (an unknown key, a number that is no string, a
    threshold above one, no test), and besides: a rule without name, matter or source in both languages, one that is
    checked without its first day, one that is not checked without saying why.
    """
    try:
        return _read(name, text)
    except Mistake as mistake:
        raise Mistake(f"{name}.toml: {mistake.path or 'file'}", mistake.en, mistake.zh) from None


def _read(name: str, text: str) -> tuple[Place, tuple[Entry, ...]]:
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise Mistake("", "is nested too deeply", "嵌套过深") from None
    except ValueError as fault:  # no TOML, or a number longer than Python reads
        raise Mistake("", f"is no TOML ({fault})", f"不是 TOML（{fault}）") from None
    top = read_json(_as_json(tree)).record(FILE_KEYS, ("within", "common"))
    place = Place(name, _both(top["place"]), top["within"].name() if "within" in top else None)
    common = top["common"].entries() if "common" in top else {}
    entries = []
    for id, node in top["rules"].entries().items():
        own = node.entries()
        keys = {key: tree["rules"][id][key] for key in own} | {
            key: tree["common"][key] for key in common if key not in own
        }
        entries.append(_entry(place, keys, node, top["rules"]))
    return place, tuple(entries)


def _entry(place: Place, keys: Mapping[str, Any], at: Node, rules: Node) -> Entry:
    """keys: those common to the file and those of the rule. at: where the rule stands among the rules."""
    said = {key: at.child(key, read_json(_as_json(keys[key])).value) for key in OWN_KEYS + BOOK_KEYS if key in keys}
    for key in OWN_KEYS:
        if key not in said:
            raise at.child(key).mistake("is missing", "缺少这个键")
    matter, source, _name = _both(said["matter"]), _both(said["source"]), _both(said["name"])
    why = _both(said["unchecked_why"]) if "unchecked_why" in said else None
    own_text = _both(said["own_text"]) if "own_text" in said else None

    kept = {key: value for key, value in keys.items() if key not in BOOK_KEYS}
    case_rule = _as_json({**kept, "place": place.name.en, "matter": matter.en, "source": source.en})
    rule = read_rule(rules.child(at.step, read_json(case_rule).value))
    counted: Counted = "owners" if rule.head_key == "owner" else "homes"
    if "counted" in said:
        counted = cast(Counted, said["counted"].one_of(get_args(Counted)))
    checked = said["checked"]
    if rule.checked and (rule.valid_from is None or why is not None):
        raise checked.mistake("is true, so the first day is due and no reason", "为 true 时应有起始日期，不应有理由")
    if not rule.checked and (rule.valid_from is not None or why is None):
        raise checked.mistake("is false, so a reason is due and no first day", "为 false 时应有理由，不应有起始日期")
    if rule.valid_from is not None and rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise at.child("valid_to").mistake("is before the first day", "早于起始日期")
    return Entry(rule, place, matter, source, why, own_text, counted, case_rule)


def _as_json(tree: object) -> str:
    """TOML's days become the strings they are in a file of cases; everything else stays what it is."""
    return json.dumps(tree, ensure_ascii=False, default=lambda day: day.isoformat())


def _both(node: Node) -> Words:
    """A text that must stand in both languages."""
    both = node.record(("en", "zh"))
    return Words(both["en"].text(empty=False), both["zh"].text(empty=False))
