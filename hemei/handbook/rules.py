"""A rule of the book in words: what it asks, how it counts, where it stands and whether it is checked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hemei.engines.decision.rule import Rule, Test, Words
from hemei.engines.decision.rulebook import Entry, as_case_rule, rulebook
from hemei.engines.decision.words import day_words, test_name, threshold_words
from hemei.handbook import ballots
from hemei.handbook.verdicts import language
from hemei.shell.words import in_english


@dataclass(frozen=True)
class Line:
    """A rule in a list."""

    key: str
    name: str
    matter: str
    since: str
    checked: bool


@dataclass(frozen=True)
class Page:
    """A rule of its own page. tests: (what is measured, what is asked). counted: (words, how)."""

    key: str
    name: str
    place: str
    matter: str
    tests: list[tuple[str, str]]
    second: list[tuple[str, str]]
    trigger: list[tuple[str, str]]
    counted: list[tuple[str, str]]
    source: str
    since: str
    checked: bool
    why_not: str
    own_text: str
    notes: str
    simple: bool
    case_rule: str


def by_place() -> list[tuple[str, list[Line]]]:
    """Every rule under the name of its place, in the order of the book, China and Shanghai first."""
    places = rulebook().places
    ours_first = sorted(places, key=lambda key: key not in ballots.OURS)
    grouped: dict[str, list[Line]] = {key: [] for key in ours_first}
    for entry in rulebook().entries.values():
        grouped[entry.place.id].append(_line(entry))
    return [(_said(places[key].name), lines) for key, lines in grouped.items() if lines]


def figures() -> dict[str, int]:
    """How many rules there are, how many of them are checked, and of how many places."""
    entries = rulebook().entries.values()
    return {
        "count": len(entries),
        "checked": sum(1 for entry in entries if entry.rule.checked),
        "places": len({entry.place.id for entry in entries}),
    }


def page_of(key: str) -> Page:
    """Raises KeyError for a rule that is not in the book."""
    entry = rulebook().entries[key]
    rule, fallback = entry.rule, entry.rule.fallback
    return Page(
        key=key,
        name=_said(rule.name),
        place=_said(entry.place.name),
        matter=_said(entry.matter),
        tests=_tests(rule.tests, entry),
        trigger=_tests(fallback.trigger, entry) if fallback else [],
        second=_tests(fallback.tests, entry) if fallback else [],
        counted=list(_counted(rule)),
        source=_said(entry.source),
        since=_since(rule),
        checked=rule.checked,
        why_not=_said(entry.unchecked_why),
        own_text=_said(entry.own_text),
        notes=_said(rule.notes),
        simple=any(entry is one for one in ballots.simple_rules()),
        case_rule=json.dumps({key: as_case_rule(key)}, ensure_ascii=False, indent=1),
    )


def _line(entry: Entry) -> Line:
    rule = entry.rule
    return Line(rule.id, _said(rule.name), _said(entry.matter), _since(rule), rule.checked)


def _said(words: Words | None) -> str:
    return in_english(words.zh, words.en) if words else ""


def _tests(tests: tuple[Test, ...], entry: Entry) -> list[tuple[str, str]]:
    speaks = language()
    return [(test_name(test, speaks, entry.counted), threshold_words(test, speaks)) for test in tests]


def _since(rule: Rule) -> str:
    first = day_words(rule.valid_from, language()) if rule.valid_from else ""
    last = day_words(rule.valid_to, language()) if rule.valid_to else ""
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(first)s") % {"first": first}
    return _("until %(last)s, its first day is not known") % {"last": last} if last else _("its first day is not known")


def _counted(rule: Rule) -> Iterator[tuple[str, str]]:
    heads = {"owner": _("an owner of several homes is one"), "unit": _("every home is one")}
    joint = {
        "presumed_unless_contradicted": _("one speaks for the home unless another one says otherwise"),
        "unanimous": _("all have to say the same"),
        "representative": _("the one whom they named speaks for the home"),
        "shares_two_thirds": _("those who hold two thirds of the home decide"),
    }
    silence = {
        "absent": _("counts nowhere"),
        "abstain_if_delivered": _("takes part where the ballot was served"),
        "follows_majority_if_delivered": _("takes part where the ballot was served, and joins the majority"),
    }
    sale = {
        "stands_unless_replaced": _("the seller's vote stands until the buyer votes"),
        "lapses": _("the seller's vote falls away"),
        "record_date": _("only sales up to a set day count"),
    }
    yield _("Heads"), heads[rule.head_key]
    yield _("Co-owners"), joint[rule.joint]
    yield _("Abstaining"), _("takes part") if rule.abstain == "participates" else _("is no vote cast")
    yield _("Spoiled ballots"), _("take part") if rule.spoiled == "participates" else _("take no part")
    yield _("Silence"), silence[rule.nonresponse]
    yield _("A sale during the vote"), sale[rule.transfer]
    yield _("Votes by an agent"), _proxy(rule)
    if rule.original_owner is not None:
        yield _("The developer"), _("with a large part of all shares, counts with a part of them only")
    if rule.majority_owner_cut:
        yield _("An owner of more than half"), _("is cut to the sum of the others")
    if rule.cost_effect == "for_only":
        yield _("Who pays if it passes"), _("only those who agreed")


def _proxy(rule: Rule) -> str:
    proxy = rule.proxy
    parts = [_("written authority is needed") if proxy.written_required else _("authority need not be written")]
    if proxy.max_principals is not None:
        parts.append(_("for %(count)d owners at most") % {"count": proxy.max_principals})
    parts.append(_("the owner's own vote goes first") if proxy.own_act_overrides else _("the later one counts"))
    return _("; ").join(parts)
