"""From what a clerk typed or scanned to the printed ballot, or to plain words why there is none."""

from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.base.prepared import Prepared
from hemei.decisions import policy, serials
from hemei.decisions.models import Act, Paper
from hemei.people.actor import Actor
from hemei.shell.words import moment

_BALLOT = Prepared(  # once for every ballot that is typed
    lambda decision, number: (
        Paper.objects.select_related("decision__place", "decision__roll", "slot__place")
        .defer("decision__roll__content", "decision__file", "decision__verdict")
        .filter(decision_id=decision, number=number)
    ),
    decision=int,
    number=int,
)


def ballot_for(*, actor: Actor, typed: str, of: int | None = None) -> Paper:
    """The ballot of this serial, with decision, place, roll and slot; one query.

    of: key of the vote whose page the clerk works on. What was printed where the clerk runs no vote is as good as never
    printed. Raises Refused for what is no serial, was never printed, does not have its check mark or belongs to another
    vote.
    """
    serial = serials.read(typed)
    if serial is None:
        raise Refused(
            _("A serial looks like 12-0034-ABCD. It stands beside the square code on the ballot."), field="serial"
        )
    paper: Paper | None = _BALLOT.first(decision=serial.decision, number=serial.number)
    if paper is None or not policy.prepares_at(actor, paper.decision.place):
        told = _("Ballot %(serial)s was never printed. Type the serial again, digit by digit.")
        raise Refused(told % {"serial": typed.strip()[:40]}, field="serial")
    if not serials.same_mark(serial.mark, paper.mark):
        raise Refused(
            _("The four letters at the end do not belong to this number. Type them again as printed."), field="serial"
        )
    if of not in (None, paper.decision_id):
        told = _("This ballot belongs to another vote: %(question)s")
        raise Refused(told % {"question": paper.decision.question}, field="serial")
    return paper


def refuse_used(paper: Paper) -> None:
    """Raises Refused where the ballot was voided or an act came on it, saying since when and what it waits for."""
    if paper.voided_at is not None:
        told = _("This ballot was voided on %(at)s: %(why)s")
        raise Refused(told % {"at": moment(paper.voided_at), "why": paper.voided_why}, field="serial")
    act = Act.objects.filter(paper=paper, refused_at=None).select_related("entered_by").first()
    if act is not None:
        raise Refused(already(act), field="serial")


def already(act: Act) -> str:
    """That this ballot was entered: by whom, and whether it waits for its second clerk."""
    assert act.entered_by is not None
    said = {"at": moment(act.entered_at or act.at), "who": act.entered_by.name or str(act.entered_by)}
    if act.confirmed_at is None:
        told = _("%(who)s entered this ballot on %(at)s. It waits for its second clerk; open “Waiting” to confirm it.")
        return told % said
    return _("%(who)s entered this ballot on %(at)s, and it was confirmed. A ballot is entered once.") % said
