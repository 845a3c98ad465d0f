"""What a stairwell team carries from door to door: wish sheet, visit sheet, policy sheet."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hemei.decisions.documents.common import day, over, way, where
from hemei.decisions.models import Drive, PolicySheet, Visit, Wish
from hemei.places.models import Place
from hemei.shell import pdf
from hemei.shell.pdf import Sheet
from hemei.shell.words import in_english, named


def _page(drive: Drive, site: str) -> str:
    return way(site, "drive", drive.pk)


def wish_sheet(drive: Drive, site: str) -> Sheet:
    """What a home wishes (意愿征询表): no vote, no consent, no signature."""
    return Sheet(
        number=f"L{drive.pk}-W",
        title=_("What would your home like? A lift for this stairwell"),
        over=over(drive.team, drive.place),
        size=12.5,
        parts=[
            pdf.framed(
                _("This is no vote and no consent."),
                _("It binds nobody, whatever you say. The vote and the contract come later, each on its own paper."),
            ),
            pdf.signatures(_("Home"), _("Floor")),
            pdf.ticks([str(one.label) for one in Wish.Who]),
            pdf.heading(_("Would you like a lift?")),
            pdf.ticks([str(one.label) for one in Wish.Says]),
            pdf.heading(_("What matters to you? Tick as many as you like")),
            pdf.ticks([str(label) for label in Wish.REASONS.values()], columns=3),
            pdf.heading(_("What share of the cost could you go along with, if you like to say so?")),
            pdf.signatures(_("From, yuan"), _("To, yuan")),
            pdf.room(_("What do you want to know?"), 28),
            pdf.small(
                _(
                    "Only those who work out the costs read what you say. Others see counts of five homes and more. "
                    "You can change it at any time."
                )
            ),
        ],
        address=_page(drive, site),
        told=_("How far the\nlift has come"),
    )


def visit_sheet(drive: Drive, homes: Sequence[Place], site: str) -> Sheet:
    """The doors to visit (走访表): homes alone; no name, no telephone number, nothing of what anybody chose."""
    boxes = [f"□ {label}" for label in Visit.Outcome.labels]
    outcomes = "\n".join("   ".join(line) for line in (boxes[:2], boxes[2:3], boxes[3:]))
    return Sheet(
        number=f"L{drive.pk}-V",
        title=_("Visit sheet"),
        over=over(drive.team, drive.place),
        size=11,
        parts=[
            pdf.text(_("Write down no names, no telephone numbers, and nothing of what somebody thinks of the lift.")),
            pdf.table(
                [_("Door"), _("Date"), _("How it went"), _("What they want to know")],
                [[named(home), "", outcomes, ""] for home in homes],
                widths=[0.9, 0.9, 3.7, 2.5],
                size=9,
                tall=1.7,
                ruled=True,
            ),
            pdf.signatures(_("Visited by"), _("Date")),
        ],
        address=_page(drive, site),
        told=_("To the drive"),
        foot=_("For the team. Hand it in at the desk when you are done."),
    )


def policy_sheet(sheet: PolicySheet, site: str) -> Sheet:
    """An explanation of the policy (政策宣传单) in its version, with the slip that says it arrived. sheet: with its
    estate, whose `trail` has been read."""
    version = _("Version %(number)d, %(day)s") % {"number": sheet.version, "day": day(sheet.made_at)}
    return Sheet(
        number=f"Z{sheet.pk}-{sheet.version}",
        title=in_english(sheet.title, sheet.title_en),
        over=where(sheet.estate),
        size=12.5,
        parts=[
            pdf.small(version),
            *([pdf.text(in_english(sheet.text, sheet.text_en))] if sheet.text else []),
            pdf.small(_("Source: %(source)s. This is not legal advice.") % {"source": sheet.source}),
            pdf.cut(),
            pdf.text(_("Received: “%(title)s”, version %(number)d") % _received(sheet), strong=True),
            pdf.signatures(_("Home"), _("Date")),
        ],
        address=way(site, "sheet", sheet.pk),
        told=_("The sheet on\nthe website"),
    )


def _received(sheet: PolicySheet) -> dict[str, object]:
    return {"title": in_english(sheet.title, sheet.title_en), "number": sheet.version}
