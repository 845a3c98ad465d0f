"""After the count: the result for everybody, the copy with its numbers for those who could vote, the posting."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.decisions.documents.common import (
    case_without_acts,
    day,
    hand_in,
    language,
    legal_note,
    moment,
    over,
    page_of,
    question,
    sealed,
)
from hemei.decisions.models import Decision, Objection, Posted
from hemei.decisions.standing import told_outcome
from hemei.engines.decision.rule import Rule
from hemei.engines.decision.verdict import TestResult
from hemei.engines.decision.words import counted, test_in_words
from hemei.ledger.queries import ChainLine, in_groups
from hemei.shell import pdf
from hemei.shell.pdf import Sheet
from hemei.shell.words import in_english, named


def outcome_of(decision: Decision, at: datetime) -> str:
    """What everybody may know of a certified decision, whoever prints it."""
    outcome = told_outcome(decision, decision.outcome, at)
    return {
        "passed": _("Passed"),
        "waiting": _("Passed here. It holds once the vote of the whole estate has passed as well."),
    }.get(outcome) or _("Not passed")


def result(decision: Decision, line: ChainLine, site: str, *, at: datetime) -> Sheet:
    """Result notice (结果公告), as everybody may read it."""
    assert decision.certified_at is not None
    return Sheet(
        number=f"{decision.pk}-R",
        title=_("Result of a vote of the owners"),
        over=over(decision.body, decision.place),
        size=16,
        head=30,
        centred=True,
        parts=[
            *question(decision, size=1.25),
            pdf.framed(outcome_of(decision, at), centred=True),
            pdf.facts(
                (_("Votes were taken"), _("%(opens)s to %(closes)s") % _window(decision)),
                (_("Counted on"), _("%(moment)s, by two counters") % {"moment": moment(decision.certified_at)}),
                (_("Decision file"), in_groups(decision.file_hash[:16])),
            ),
            pdf.text(
                _("The owners who could vote can read the numbers of each test on the website or at %(desk)s.")
                % {"desk": hand_in(decision.body)},
                size=0.85,
            ),
            pdf.signatures(named(decision.body), _("Posted on")),
            pdf.small(legal_note(case_without_acts(decision))),
        ],
        address=page_of(decision, site),
        told=_("To the result"),
        sealed=sealed(line),
    )


def _window(decision: Decision) -> dict[str, str]:
    return {"opens": moment(decision.opens_at), "closes": moment(decision.closes_at)}


def result_in_figures(
    decision: Decision, ballots: Sequence[Decision], line: ChainLine, site: str, *, at: datetime
) -> Sheet:
    """The copy for those who could vote: every test with its two numbers, as they were certified.

    ballots: those whose numbers this reader may see, the decision's own first.
    """
    parts: list[pdf.Part] = [*question(decision, size=1.25), pdf.framed(outcome_of(decision, at), centred=True)]
    parts.append(pdf.facts((_("Votes were taken"), _("%(opens)s to %(closes)s") % _window(decision))))
    for ballot in ballots:
        parts += _figures(ballot, named_apart=len(ballots) > 1)
    return Sheet(
        number=f"{decision.pk}-E",
        title=_("Result with its numbers"),
        over=over(decision.body, decision.place),
        size=11.5,
        parts=[
            *parts,
            pdf.facts((_("Decision file, sha256"), _halves(decision.file_hash))),
            pdf.signatures(_("Vote counter, signature"), _("Vote counter, signature"), tall=12),
            pdf.text(_("For the owners who could vote. Please do not hang it up."), strong=True),
        ],
        address=page_of(decision, site),
        told=_("To the result"),
        sealed=sealed(line),
    )


def _halves(digest: str) -> str:
    return f"{in_groups(digest[:32])}\n{in_groups(digest[32:])}"


def _figures(decision: Decision, *, named_apart: bool) -> list[pdf.Part]:
    """The tests of one ballot, from the verdict that was frozen when it was certified."""
    case, verdict = case_without_acts(decision), json.loads(decision.verdict)
    heads = counted(case)
    tests = [test_in_words(result, language(), heads) for result in _results(case.rule, verdict)]
    handed = _("Votes were handed in for %(count)d of %(homes)d homes.") % {
        "count": sum(1 for status in verdict["status"].values() if status != "none"),
        "homes": sum(1 for unit in case.units if unit.votable),
    }
    rows = [[one.name, one.figures, one.asked] for one in tests]
    head = [_("What was counted"), _("Found"), _("What is needed")]
    return [
        *([pdf.heading(in_english(decision.question, decision.question_en))] if named_apart else []),
        pdf.text(handed),
        pdf.table(head, rows, widths=[3, 2, 4], right=[1], size=10.5),
        pdf.small("\n".join(one.arithmetic for one in tests)),
        pdf.small(legal_note(case)),
    ]


def _results(rule: Rule, verdict: Mapping[str, Any]) -> list[TestResult]:
    """In the order of the rule; of a second vote, where one was looked at."""
    later = (*rule.fallback.trigger, *rule.fallback.tests) if rule.fallback is not None else ()
    said = {**verdict["tests"], **verdict.get("second_tests", {})}
    found = ((test, said[test.id]) for test in (*rule.tests, *later) if test.id in said)
    return [TestResult(test, Fraction(num), Fraction(den), passed) for test, (num, den, passed) in found]


def posting(decision: Decision, posted: Posted | None, line: ChainLine, site: str, *, at: datetime) -> Sheet:
    """The result hangs for objections (公示), with room to write down from when and to prove it."""
    assert decision.certified_at is not None
    return Sheet(
        number=f"{decision.pk}-P",
        title=_("Public notice: the result, for objections"),
        over=over(decision.body, decision.place),
        size=15,
        head=30,
        centred=True,
        parts=[
            *question(decision, size=1.25),
            pdf.framed(outcome_of(decision, at), centred=True),
            pdf.text(
                _(
                    "This hangs for %(days)d days. The day it is put up is not counted; the last day ends at 24:00. "
                    "Until then anybody whom it touches can object."
                )
                % {"days": decision.posting_days}
            ),
            pdf.facts(
                (_("Object at"), hand_in(decision.body)),
                (_("On screen"), page_of(decision, site)),
                (_("Hangs since"), day(posted.on) if posted else ""),
                (_("Where"), posted.where if posted else ""),
            ),
            pdf.text(_("Say what it is about: %(grounds)s.") % {"grounds": _listed(Objection.Ground.labels)}, size=0.9),
            *([] if posted else [pdf.signatures(_("Put up on"), _("Last day"), _("Put up by"), _("Photo taken on"))]),
            pdf.small(legal_note(case_without_acts(decision))),
        ],
        address=page_of(decision, site),
        told=_("To the result\nand to object"),
        sealed=sealed(line),
    )


def _listed(labels: Sequence[object]) -> str:
    return pgettext("list", ", ").join(str(label) for label in labels)
