"""Ballots (表决票), and the list on which their delivery is signed for (送达签收表)."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from hemei.decisions.documents.common import (
    case_without_acts,
    day,
    hand_in,
    inside,
    moment,
    over,
    page_of,
    question,
    sealed,
    sentences,
    square_metres,
    where,
    who_learns_what,
)
from hemei.decisions.models import Decision, Paper, Service, Slot
from hemei.decisions.models.acts import Choice
from hemei.engines.decision.rule import Rule
from hemei.ledger.queries import ChainLine
from hemei.shell import pdf
from hemei.shell.pdf import Sheet


def ballots(
    decision: Decision, papers: Sequence[Paper], areas: Mapping[str, str], line: ChainLine, site: str
) -> list[Sheet]:
    """One sheet a paper. papers: with slot, and its place with `trail`. areas: square metres by key of the unit."""
    rule = case_without_acts(decision).rule
    asked, ways, ends = question(decision), how_to_mark(rule), how_it_ends(decision, rule)
    return [
        Sheet(
            number=paper.serial,
            title=_("Ballot paper"),
            over=over(decision.body, decision.place),
            size=12,
            parts=[
                pdf.facts(
                    (_("Home"), inside(paper.slot.place, decision.place)),
                    (_("Area on the roll"), _("%(area)s m²") % {"area": square_metres(areas[paper.slot.key])}),
                ),
                *asked,
                pdf.choices(*(str(Choice(one).label) for one in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)), tall=38),
                pdf.text(ways),
                pdf.signatures(
                    _("Owner, signature"),
                    _("Date"),
                    _("Co-owner, signature"),
                    _("Co-owner, signature"),
                    _("Agent, signature"),
                    _("Date"),
                    tall=10,
                ),
                pdf.small(
                    _("An agent signs here and hands in the written authority. Co-owners who differ count nowhere.")
                ),
                pdf.facts(
                    (_("Closes"), _("%(moment)s, to the second") % {"moment": moment(decision.closes_at)}),
                    (_("Hand in at"), hand_in(decision.body)),
                ),
                *ends,
            ],
            address=site + reverse("decisions:scan", args=[paper.serial]),
            told=_("To the vote,\nwith its full text"),
            sealed=sealed(line),
        )
        for paper in papers
    ]


def how_to_mark(rule: Rule) -> str:
    abstain = {
        "participates": _("Whoever abstains takes part, and is not for it."),
        "ignored": _("Whoever abstains does not take part."),
    }[rule.abstain]
    spoiled = {
        "participates": _("Two marks, or none that can be read: spoiled. It takes part, and is not for it."),
        "not_participating": _("Two marks, or none that can be read: spoiled. It does not take part."),
    }[rule.spoiled]
    return sentences(_("Mark one box, with a tick or a cross."), spoiled, abstain)


def how_it_ends(decision: Decision, rule: Rule) -> list[pdf.Part]:
    """What becomes of silence, of a change of mind, and of what was said."""
    silence = {
        "absent": _("Whoever hands in nothing counts nowhere."),
        "abstain_if_delivered": _("Whoever received a ballot and hands in nothing abstains."),
        "follows_majority_if_delivered": _("Whoever received a ballot and hands in nothing joins the majority."),
    }[rule.nonresponse]
    changed = _("You can take your vote back, or vote anew, until it closes; the last vote in time counts.")
    parts = [pdf.small(sentences(silence, changed, who_learns_what()))]
    if decision.silence_text:
        parts.append(pdf.small(_("From the rules of this estate: “%(words)s”") % {"words": decision.silence_text}))
    return parts


def service_list(
    decision: Decision, slots: Sequence[Slot], names: Mapping[str, str], served: set[int], site: str
) -> list[Sheet]:
    """One sheet a stairwell, carried by the desk and never hung. slots: with place and its `trail`, in their order.

    names: of the owners, by key of the unit, for who keeps the roll; else empty. served: slots that were delivered to.
    """
    ways = "\n".join(f"□ {how.label}" for how in (Service.How.HAND, Service.How.BOX, Service.How.POST))
    by_stairwell = groupby(sorted(slots, key=lambda slot: (slot.place.path.rsplit("/", 2)[0], slot.number)), _stairwell)
    return [
        Sheet(
            number=f"{decision.pk}-S{count}",
            title=_("Signed for: ballots delivered"),
            over=over(decision.body, decision.place),
            size=10.5,
            parts=[
                *question(decision, size=1.15),
                pdf.facts((_("Stairwell"), called), (_("Closes"), moment(decision.closes_at))),
                pdf.table(
                    [_("Home"), _("Owner"), _("How"), _("Date"), _("Received, signature")],
                    [
                        [
                            slot.place.trail[-1].name,  # type: ignore[attr-defined]
                            names.get(slot.key, ""),
                            _("delivered") if slot.pk in served else ways,
                            "",
                            "",
                        ]
                        for slot in of_one
                    ],
                    widths=[1.1, 1.8, 2.2, 1.2, 2.6],
                    size=9.5,
                    tall=2,
                    ruled=True,
                ),
                pdf.signatures(_("Delivered by"), _("Date")),
            ],
            address=page_of(decision, site),
            told=_("To the vote"),
            foot=_("For the desk. Holds names: do not hang it up, keep it locked."),
        )
        for count, (called, of_one) in enumerate(((key, list(group)) for key, group in by_stairwell), 1)
    ]


def _stairwell(slot: Slot) -> str:
    trail = slot.place.trail  # type: ignore[attr-defined]
    above = trail[-2] if len(trail) > 1 else trail[-1]
    above.trail = trail[:-1] or trail
    return where(above)


def receipt(decision: Decision, paper: Paper, *, at: str, state: str, site: str) -> Sheet:
    """A vote on paper was taken in; what it says is not on the receipt. paper: with slot, its place with `trail`."""
    return Sheet(
        number=f"{paper.serial}-R",
        title=_("Receipt for a vote on paper"),
        over=over(decision.body, decision.place),
        size=12,
        parts=[
            *question(decision, size=1.2),
            pdf.facts(
                (_("Home"), inside(paper.slot.place, decision.place)),
                (_("Ballot"), paper.serial),
                (_("Received"), at),
                (_("Where it stands"), state),
            ),
            pdf.text(_("This receipt does not say what you chose.")),
            pdf.text(
                _(
                    "Was it not you who handed it in? Say so at %(desk)s until %(day)s; somebody who did not type it "
                    "in looks at it."
                )
                % {"desk": hand_in(decision.body), "day": day(decision.closes_at)}
            ),
            pdf.signatures(_("Taken in by"), _("Date")),
        ],
        address=page_of(decision, site),
        told=_("To the vote"),
    )
