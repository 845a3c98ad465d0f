"""What must stand before a consultation is announced; read by the organiser's page and by the action alike."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.consultations.models import Consultation

SEEDS_MIN = 3  # our choice: who comes first finds something to answer, and sees how a statement is written


@dataclass(frozen=True)
class Check:
    """One line of the list. told: what is there, or what to do."""

    key: str
    done: bool
    told: str


def checks(consultation: Consultation, at: datetime) -> list[Check]:
    """Every line of the list, in the order one does it."""
    seeds = consultation.statements
    background = bool(consultation.intro) or consultation.documents > 0
    still_open = consultation.closes_at > at
    return [
        Check("question", bool(consultation.question), _("The question stands.")),
        Check(
            "background",
            background,
            _("There is something to read before answering.")
            if background
            else _("Write an introduction, or add a paper with the background."),
        ),
        Check(
            "statements",
            seeds >= SEEDS_MIN,
            ngettext("%(count)d statement to begin with.", "%(count)d statements to begin with.", seeds)
            % {"count": seeds}
            if seeds >= SEEDS_MIN
            else _("Add at least %(least)d statements to begin with; there are %(count)d.")
            % {"least": SEEDS_MIN, "count": seeds},
        ),
        Check(
            "dates",
            still_open,
            _("The dates lie ahead.") if still_open else _("Its close has passed. Choose later dates."),
        ),
    ]


def missing(consultation: Consultation, at: datetime) -> list[str]:
    """What is still to be done, in words; empty when it can be announced."""
    return [check.told for check in checks(consultation, at) if not check.done]
