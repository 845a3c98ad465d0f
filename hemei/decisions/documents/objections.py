"""An objection on paper, its answer, and the record of a mediation."""

from django.utils.translation import gettext as _

from hemei.decisions.documents.common import day, hand_in, moment, over, page_of, question
from hemei.decisions.models import Decision, Objection
from hemei.shell import pdf
from hemei.shell.pdf import Sheet
from hemei.shell.words import named


def form(decision: Decision, site: str) -> Sheet:
    """To be filled in (异议书)."""
    return Sheet(
        number=f"{decision.pk}-O",
        title=_("Objection"),
        over=over(decision.body, decision.place),
        size=11.5,
        parts=[
            *question(decision, size=1.2),
            pdf.signatures(_("Your name"), _("Home")),
            pdf.text(_("I object because of")),
            pdf.ticks([str(label) for label in Objection.Ground.labels], columns=3),
            pdf.room(_("In your words: what happened, what it does to you, what you ask for"), 78),
            pdf.signatures(_("Papers that come with it"), columns=1),
            pdf.signatures(_("Signature"), _("Date")),
            pdf.facts((_("Hand in at"), hand_in(decision.body))),
            pdf.small(_("You get its number on the spot, and the answer in writing. No objection is ever deleted.")),
            pdf.cut(),
            pdf.signatures(_("Received on"), _("Number"), _("Taken in by"), columns=3),
        ],
        address=page_of(decision, site),
        told=_("To the result\nand to object"),
    )


def answer(decision: Decision, objection: Objection, site: str) -> Sheet:
    """What was objected, and what was answered: for the one who objected and the desk."""
    assert objection.answered_at is not None
    return Sheet(
        number=f"{decision.pk}-O{objection.number}",
        title=_("Answer to an objection"),
        over=over(decision.body, decision.place),
        size=12,
        parts=[
            *question(decision, size=1.15),
            *_objection(objection),
            pdf.heading(_("Answer")),
            pdf.text(objection.answer),
            pdf.facts(
                (_("Answered by"), named(objection.answered_by)),
                (_("Answered on"), moment(objection.answered_at)),
                *_ended(objection),
            ),
            pdf.text(_("Not settled by this? Ask for a mediation at %(desk)s.") % {"desk": hand_in(decision.body)}),
            pdf.signatures(named(objection.answered_by) or named(decision.body), _("Date")),
        ],
        address=page_of(decision, site),
        told=_("To the vote"),
        foot=_("For the one who objected. Do not hang it up."),
    )


def mediation(decision: Decision, objection: Objection, site: str) -> Sheet:
    """What both sides agreed in a mediation (调解记录), for their signatures."""
    return Sheet(
        number=f"{decision.pk}-M{objection.number}",
        title=_("Record of a mediation"),
        over=over(decision.body, decision.place),
        size=12,
        parts=[
            *question(decision, size=1.15),
            *_objection(objection),
            pdf.heading(_("What was agreed")),
            *([pdf.text(objection.mediation)] if objection.mediation else [pdf.room("", 70)]),
            pdf.facts(*_ended(objection)),
            pdf.signatures(_("Who objected"), _("Date"), _("Other side"), _("Date"), _("Mediator"), _("Date"), tall=12),
        ],
        address=page_of(decision, site),
        told=_("To the vote"),
        foot=_("For both sides. Do not hang it up."),
    )


def _objection(objection: Objection) -> list[pdf.Part]:
    return [
        pdf.facts(
            (_("Objection"), _("No. %(number)d, received on %(day)s") % _received(objection)),
            (_("What it is about"), str(objection.get_ground_display())),
        ),
        pdf.text(objection.words),
    ]


def _received(objection: Objection) -> dict[str, object]:
    return {"number": objection.number, "day": day(objection.at)}


def _ended(objection: Objection) -> list[tuple[str, str]]:
    if objection.closed_at is None:
        return []
    return [(_("How it ended"), f"{objection.get_how_display()} · {day(objection.closed_at)}")]
