"""After the count: the result for everybody, the copy with its numbers for those who could vote, the posting."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

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
from hemei.decisions.standing import Ballot, Standing
from hemei.engines.decision.words import in_words
from hemei.ledger.queries import ChainLine, in_groups
from hemei.shell import pdf
from hemei.shell.pdf import Sheet
from hemei.shell.words import in_english, named

PUBLIC = {"passed": "passed", "waiting": "waiting"}  # anything else is "not_passed" to everybody


def outcome_words(standing: Standing) -> str:
    """What everybody may know, whoever prints it."""
    return {
        "passed": _("Passed"),
        "waiting": _("Passed here. It holds once the vote of the whole estate has passed as well."),
        "not_passed": _("Not passed"),
    }[PUBLIC.get(standing.outcome, "not_passed")]


def result(decision: Decision, standing: Standing, line: ChainLine, site: str) -> Sheet:
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
            pdf.framed(outcome_words(standing), centred=True),
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


def result_in_figures(decision: Decision, standing: Standing, line: ChainLine, site: str) -> Sheet:
    """The copy for those who could vote: every test with its two numbers. standing: of such a viewer."""
    parts: list[pdf.Part] = [*question(decision, size=1.25), pdf.framed(outcome_words(standing), centred=True)]
    parts.append(pdf.facts((_("Votes were taken"), _("%(opens)s to %(closes)s") % _window(decision))))
    for ballot in standing.ballots:
        parts += _figures(ballot, named_apart=len(standing.ballots) > 1)
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


def _figures(ballot: Ballot, *, named_apart: bool) -> list[pdf.Part]:
    """The tests of one ballot, or nothing where this viewer may not read them."""
    if ballot.verdict is None or ballot.case is None:
        return []
    words = in_words(ballot.verdict, ballot.case, language())
    parts: list[pdf.Part] = []
    if named_apart:
        parts.append(pdf.heading(in_english(ballot.decision.question, ballot.decision.question_en)))
    if ballot.homes is not None:
        handed = _("Votes were handed in for %(count)d of %(homes)d homes.")
        parts.append(pdf.text(handed % {"count": ballot.handed_in, "homes": ballot.homes}))
    tests = [*words.tests, *(words.second_tests or ())]
    rows = [[test.name, test.figures, test.asked] for test in tests]
    head = [_("What was counted"), _("Found"), _("What is needed")]
    return [
        *parts,
        pdf.table(head, rows, widths=[2.4, 2, 4], right=[1], size=10.5),
        pdf.small("\n".join(test.arithmetic for test in tests)),
        pdf.small(words.legal_note),
    ]


def posting(decision: Decision, standing: Standing, posted: Posted | None, line: ChainLine, site: str) -> Sheet:
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
            pdf.framed(outcome_words(standing), centred=True),
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
    return _(", ").join(str(label) for label in labels)
