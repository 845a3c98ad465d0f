"""What must stand before a decision is announced; read by the page of those who prepare it and by the action alike."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.decisions import rules
from hemei.decisions.models import Decision
from hemei.roll.models import Correction, Roll
from hemei.shell.words import day as told_day

OPEN_DAYS_MIN = 5  # our choice, after Hangzhou, where a vote is open 5 to 60 days


@dataclass(frozen=True)
class Check:
    """One line of the list. told: what is there, or what to do. url: name of the page where one does it."""

    key: str
    done: bool
    told: str
    url: str = ""


def checks(decision: Decision, at: datetime) -> list[Check]:
    """Every line of the list, in the order one does it; two queries.

    decision: with drive and linked.
    """
    return [
        _roll(decision),
        Check(
            "text",
            bool(decision.text or decision.paper_id),
            _("Question and text stand.")
            if decision.text or decision.paper_id
            else _("Write in full what is voted on, or add it as a paper."),
            "decisions:correct_decision",
        ),
        _rule(decision),
        *_silence(decision),
        _counters(decision),
        _notice(decision, at),
        _window(decision),
        *_linked(decision),
    ]


def missing(decision: Decision, at: datetime) -> list[str]:
    """What is still to be done, in words; empty when it can be announced."""
    return [check.told for check in checks(decision, at) if not check.done]


def _roll(decision: Decision) -> Check:
    roll = Roll.objects.filter(place__in=decision.place.ancestor_keys, version__gt=0).first()
    if roll is None:
        return Check("roll", False, _("There is no roll of the owners yet. Send a list and have it confirmed."))
    waiting = Correction.objects.filter(
        roll=roll, confirmed_at=None, declined_at=None, unit__place__path__startswith=decision.place.path
    ).count()
    if waiting:
        told = ngettext(
            "%(count)d correction of the roll waits for its second key. Decide it first.",
            "%(count)d corrections of the roll wait for their second key. Decide them first.",
            waiting,
        )
        return Check("roll", False, told % {"count": waiting})
    return Check("roll", True, _("The roll stands, and no correction waits."))


def _rule(decision: Decision) -> Check:
    why = rules.why_not(decision)
    url = "decisions:attest_rule" if rules.needs_attestation(decision) else "decisions:correct_decision"
    return Check("rule", not why, why or _("The rule may open a vote on that day."), url)


def _silence(decision: Decision) -> list[Check]:
    """Only where silence is counted: with the estate's own words."""
    if not rules.silence_counts(decision):
        return []
    if not decision.silence_text:
        told = _("The rule counts silence. Attach the words of your own rules of procedure that say so.")
        return [Check("silence", False, told, "decisions:correct_decision")]
    told = _("Silence counts by your own rules; every silent home needs proof that its ballot was delivered.")
    return [Check("silence", True, told)]


def _counters(decision: Decision) -> Check:
    there = len(decision.counters.all()) == 2
    told = _("Two counters are named.") if there else _("Name the two who count.")
    return Check("counters", there, told, "decisions:name_counters")


def first_day(decision: Decision, at: datetime) -> date:
    """The earliest day it may open when it is announced at `at`: so many full days lie between."""
    return timezone.localdate(at) + timedelta(days=decision.notice_days + 1)


def _notice(decision: Decision, at: datetime) -> Check:
    earliest = first_day(decision, at)
    if timezone.localdate(decision.opens_at) >= earliest:
        told = ngettext(
            "Owners are told %(count)d full day before it opens.",
            "Owners are told %(count)d full days before it opens.",
            decision.notice_days,
        )
        return Check("notice", True, told % {"count": decision.notice_days})
    told = ngettext(
        "Owners are told %(count)d full day before. Announced today, it opens on %(day)s at the earliest.",
        "Owners are told %(count)d full days before. Announced today, it opens on %(day)s at the earliest.",
        decision.notice_days,
    )
    said = told % {"count": decision.notice_days, "day": told_day(earliest)}
    return Check("notice", False, said, "decisions:correct_decision")


def _window(decision: Decision) -> Check:
    long_enough = decision.closes_at - decision.opens_at >= timedelta(days=OPEN_DAYS_MIN)
    told = (
        _("It is open long enough.")
        if long_enough
        else _("A vote is open at least %(count)d days. Choose a later close.") % {"count": OPEN_DAYS_MIN}
    )
    return Check("window", long_enough, told, "decisions:correct_decision")


def _linked(decision: Decision) -> list[Check]:
    """Where common land is used the estate votes as well, and its ballot is announced first."""
    behind = decision.linked
    if behind is None:
        if decision.drive is None or not decision.drive.uses_common_land:
            return []
        told = _("The lift uses common land, so the whole estate votes as well. Set that ballot behind this one.")
        return [Check("linked", False, told, "decisions:correct_decision")]
    if behind.cancelled_at is not None:
        told = _("The estate's ballot behind this one was cancelled. Choose another.")
        return [Check("linked", False, told, "decisions:correct_decision")]
    if behind.announced_at is None:
        return [Check("linked", False, _("Announce the estate's ballot first: it must pass as well."))]
    return [Check("linked", True, _("The estate's ballot stands behind this one: both must pass."))]
