"""What a set of signatures is worth: roll, rule and acts in; a verdict with its arithmetic out.

    from hemei.engines import decision

    for case in decision.read_cases(text).cases:
        print(decision.tally(case).outcome)

Pure and exact: nothing here knows Django, the clock, chance or floating point. Model, file format and sources:
docs/engines-decision.md.
"""

from hemei.engines.decision import words
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
from hemei.engines.decision.case import Case, CaseFile, Evidence, Expected, LinkedBallots, Notice, Window
from hemei.engines.decision.missing import Fewest, Missing, what_is_missing
from hemei.engines.decision.reading import read_cases, read_rule
from hemei.engines.decision.roll import Owner, Unit
from hemei.engines.decision.rule import Fallback, OriginalOwner, ProxyRule, Rule, Test, Words
from hemei.engines.decision.rulebook import (
    Attestation,
    CannotOpen,
    Entry,
    NotChecked,
    NotInForce,
    Place,
    Rulebook,
    as_case_rule,
    attested,
    is_checked,
    may_open,
    rule,
    rulebook,
    rules_on,
)
from hemei.engines.decision.tally import Standing, judge, standing, tally
from hemei.engines.decision.verdict import Gates, TestResult, Verdict, as_plain, written
from hemei.engines.decision.words_of_missing import missing_words, missing_words_for_counters
from hemei.engines.strict import Mistake

__all__ = [
    "Act",
    "Attestation",
    "CannotOpen",
    "Case",
    "CaseFile",
    "Cast",
    "Choice",
    "Deliver",
    "Entry",
    "Evidence",
    "Expected",
    "Fallback",
    "Fewest",
    "Gates",
    "Grant",
    "LinkedBallots",
    "Missing",
    "Mistake",
    "NotChecked",
    "NotInForce",
    "Notice",
    "Objection",
    "ObjectionClosed",
    "OriginalOwner",
    "Owner",
    "Place",
    "ProxyRule",
    "Revoke",
    "RollCorrection",
    "Rule",
    "Rulebook",
    "Standing",
    "Test",
    "TestResult",
    "Transfer",
    "Unit",
    "Verdict",
    "Void",
    "Window",
    "Withdraw",
    "Words",
    "as_case_rule",
    "as_plain",
    "attested",
    "is_checked",
    "judge",
    "may_open",
    "missing_words",
    "missing_words_for_counters",
    "read_cases",
    "read_rule",
    "rule",
    "rulebook",
    "rules_on",
    "standing",
    "tally",
    "what_is_missing",
    "words",
    "written",
]
