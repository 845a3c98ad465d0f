"""Before and while people vote: the notice that hangs, authority for an agent, the statement of co-owners."""

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
    sentences,
    where,
    who_learns_what,
)
from hemei.decisions.models import Decision
from hemei.decisions.models.acts import Choice
from hemei.engines.decision.case import Case
from hemei.engines.decision.words import counted, test_name, threshold_words
from hemei.ledger.queries import ChainLine
from hemei.shell import pdf
from hemei.shell.pdf import Sheet
from hemei.shell.words import in_english, named

CHOICES = (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)


def notice(decision: Decision, line: ChainLine, site: str) -> Sheet:
    """Notice of the vote (表决公告), in large type."""
    case = case_without_acts(decision)
    homes = sum(1 for unit in case.units if unit.votable)
    ways = [_("On paper: hand in your ballot at %(desk)s.") % {"desk": hand_in(decision.body)}]
    if decision.online:
        ways.append(_("On screen: scan the code below and sign in as an owner."))
    assert decision.announced_at is not None
    assert decision.roll is not None
    return Sheet(
        number=f"{decision.pk}-N",
        title=_("Notice of a vote of the owners"),
        over=over(decision.body, decision.place),
        size=14,
        head=28,
        centred=True,
        parts=[
            *question(decision, size=1.3),
            pdf.facts(
                (_("Opens"), moment(decision.opens_at)),
                (_("Closes"), _("%(moment)s, to the second") % {"moment": moment(decision.closes_at)}),
                (
                    _("Who votes"),
                    _("The owners of %(homes)d homes in %(place)s, by the roll of %(day)s")
                    % {"homes": homes, "place": where(decision.place), "day": day(decision.roll.as_of)},
                ),
                (_("How"), "\n".join(ways)),
            ),
            pdf.heading(_("What it takes")),
            pdf.table([_("What is counted"), _("What is needed")], _tests(case), widths=[3, 2], size=12),
            *_behind(decision),
            *_full_text(decision),
            pdf.text(who_learns_what(), size=0.85),
            pdf.signatures(named(decision.body), _("Posted on")),
            pdf.small(
                _("Announced on %(day)s, at least %(days)d days before it opens. %(note)s")
                % {"day": day(decision.announced_at), "days": decision.notice_days, "note": legal_note(case)}
            ),
        ],
        address=page_of(decision, site),
        told=_("Full text,\npapers, and\nhow it stands"),
        sealed=sealed(line),
    )


def _tests(case: Case) -> list[list[str]]:
    heads = counted(case)
    return [[test_name(test, language(), heads), threshold_words(test, language())] for test in case.rule.tests]


def _full_text(decision: Decision) -> list[pdf.Part]:
    if not decision.text:
        return []
    return [
        pdf.heading(_("What is voted on, in full")),
        pdf.text(in_english(decision.text, decision.text_en), size=0.9),
    ]


def _behind(decision: Decision) -> list[pdf.Part]:
    if decision.linked is None:
        return []
    told = _("Common land is used. It holds only if the whole estate passes this too: “%(question)s”")
    behind = decision.linked
    return [pdf.text(told % {"question": in_english(behind.question, behind.question_en)}, size=0.9)]


def authority(decision: Decision, site: str) -> Sheet:
    """Written authority for an agent (授权委托书), to be filled in."""
    rule = case_without_acts(decision).rule
    limit = rule.proxy.max_principals
    return Sheet(
        number=f"{decision.pk}-A",
        title=_("Authority to vote for an owner"),
        over=over(decision.body, decision.place),
        size=12.5,
        parts=[
            *question(decision, size=1.2),
            pdf.signatures(_("Home"), _("Owner, name"), _("Agent, name"), _("Ends on, at the latest"), tall=10),
            pdf.text(_("I own this home, or a share of it. In this vote the agent may")),
            pdf.ticks([_("vote as the agent thinks right"), _("vote only as I say here:")]),
            pdf.ticks([str(one.label) for one in CHOICES], columns=3),
            pdf.text(
                sentences(
                    _("It holds for this vote alone, and I can withdraw it at any time until the vote closes."),
                    _("If I vote myself, my own vote counts.") if rule.proxy.own_act_overrides else "",
                    _("One agent may act for at most %(count)d owners.") % {"count": limit} if limit else "",
                )
            ),
            pdf.signatures(_("Owner, signature"), _("Date"), _("Agent, signature"), _("Date"), tall=12),
            pdf.facts(
                (_("Hand in at"), hand_in(decision.body)),
                (_("Until"), moment(decision.closes_at)),
            ),
            pdf.cut(),
            pdf.small(_("For the desk. The number of an identity card is looked at and never written down.")),
            pdf.signatures(_("Received"), _("Typed in by"), _("Checked by"), columns=3),
        ],
        address=page_of(decision, site),
        told=_("To the vote"),
    )


def co_owners(decision: Decision, site: str) -> Sheet:
    """Statement of co-owners (共有人声明): they agree on one choice, or name one who speaks for the home."""
    joint = {
        "presumed_unless_contradicted": _("One co-owner may vote for the home as long as no other one says otherwise."),
        "unanimous": _("All co-owners must say the same."),
        "representative": _("Only the one who is named as representative speaks for the home."),
        "shares_two_thirds": _("Co-owners with two thirds of the shares must say the same."),
    }[case_without_acts(decision).rule.joint]
    return Sheet(
        number=f"{decision.pk}-C",
        title=_("Statement of co-owners"),
        over=over(decision.body, decision.place),
        size=12.5,
        parts=[
            *question(decision, size=1.2),
            pdf.signatures(_("Home"), _("Number of co-owners"), tall=10),
            pdf.text(_("We own this home together. We have agreed:")),
            pdf.ticks([_("to vote the same, namely:"), _("that one of us speaks for the home, namely:")]),
            pdf.ticks([str(one.label) for one in CHOICES], columns=3),
            pdf.signatures(_("Name of the one who speaks for the home"), columns=1),
            pdf.table(
                [_("Co-owner, name"), _("Share"), _("Signature"), _("Date")],
                [["", "", "", ""]] * 5,
                widths=[2, 1, 2.4, 1.4],
                tall=4.2,
                ruled=True,
            ),
            pdf.text(
                sentences(joint, _("While they differ, the home counts nowhere; they can still agree until it closes."))
            ),
            pdf.facts(
                (_("Hand in at"), hand_in(decision.body)),
                (_("Until"), moment(decision.closes_at)),
            ),
        ],
        address=page_of(decision, site),
        told=_("To the vote"),
    )
