"""The rule of a decision in words, and which rules may be chosen: the book's, China and Shanghai first."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.decisions import casefile
from hemei.decisions.models import Decision
from hemei.engines import decision as engine
from hemei.engines.decision import words
from hemei.engines.decision.naming import Language
from hemei.engines.decision.reading import read_rule
from hemei.engines.decision.rulebook import Words
from hemei.engines.strict import read_json

OURS = ("shanghai", "china")  # places whose rules come first in a list


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


def said(both: Words) -> str:
    return both.en if language() == "en" else both.zh


def rule_of(decision: Decision) -> engine.Rule:
    """The frozen rule; before it is announced, as it would be frozen now. Raises KeyError: no such rule."""
    node = read_json(json.dumps({decision.rule_id: casefile.rule_of(decision)}))
    return read_rule(node.entries()[decision.rule_id])


def legal_note(decision: Decision) -> str:
    """Name, source and date of the rule, whether it was checked, and that this is no legal advice."""
    return words.legal_note(rule_of(decision), language())


def choices(day: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The rules to choose from for a decision that opens on `day`, by place: ours first."""
    book = engine.rulebook()
    names: dict[str, list[tuple[str, str]]] = {}
    for rule in engine.rules_on(day):
        entry = book.entries[rule.id]
        told = said(rule.name)
        if not engine.is_checked(rule):
            told = _("%(rule)s (not checked)") % {"rule": told}
        names.setdefault(entry.place.id, []).append((rule.id, told))
    order = [*OURS, *(place for place in names if place not in OURS)]
    return [(said(book.places[place].name), names[place]) for place in order if place in names]


def is_offered(rule_id: str, day: date) -> bool:
    return any(rule.id == rule_id for rule in engine.rules_on(day))


@dataclass(frozen=True)
class RuleInWords:
    """A rule for a page. unchecked: why it is not checked, or empty; own_text: what of the owners' own it stands on."""

    name: str
    matter: str
    source: str
    since: date | None
    checked: bool
    unchecked: str
    own_text: str
    notes: str


def in_words(decision: Decision) -> RuleInWords:
    rule, entry = rule_of(decision), engine.rulebook().entries.get(decision.rule_id)
    checked = engine.is_checked(rule)
    return RuleInWords(
        name=said(rule.name) or rule.id,
        matter=said(entry.matter) if entry else rule.matter,
        source=said(entry.source) if entry and not decision.attested else rule.source,
        since=rule.valid_from,
        checked=checked,
        unchecked=said(entry.unchecked_why) if entry and entry.unchecked_why and not checked else "",
        own_text=said(entry.own_text) if entry and entry.own_text else "",
        notes=said(rule.notes),
    )


def opening_day(decision: Decision) -> date:
    return timezone.localdate(decision.opens_at)


def why_not(decision: Decision) -> str:
    """Why the rule cannot open this decision, in the reader's words; empty when it can."""
    try:
        engine.may_open(engine.rule(decision.rule_id), opening_day(decision), attestation_of(decision))
    except engine.CannotOpen as refusal:
        return told(refusal)
    return ""


def told(refusal: engine.CannotOpen) -> str:
    """In the reader's language, as a sentence."""
    if language() == "en":
        return f"{refusal.en[:1].upper()}{refusal.en[1:].rstrip('.')}."
    return f"{refusal.zh.rstrip('。')}。"


def needs_attestation(decision: Decision) -> bool:
    """Whether an administrator has to enter source and first day before this rule opens a decision."""
    rule = engine.rule(decision.rule_id)
    return not engine.is_checked(rule) or engine.rulebook().entries[rule.id].own_text is not None


def attestation_of(decision: Decision) -> engine.Attestation | None:
    if not decision.attested:
        return None
    kept = decision.attested
    return engine.Attestation(kept["source"], date.fromisoformat(kept["valid_from"]), kept["by"])


def silence_counts(decision: Decision) -> bool:
    """Whether homes that say nothing are counted with a side, by this rule as it stands."""
    return rule_of(decision).nonresponse != "absent"
