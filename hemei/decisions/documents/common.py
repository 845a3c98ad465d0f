"""What several papers say in the same words."""

import json
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.decisions import casefile
from hemei.decisions.models import Decision
from hemei.engines import decision as engine
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.words import Language
from hemei.ledger.queries import ChainLine
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.shell import pdf
from hemei.shell.words import in_english, named

QUESTION_LONG = 80  # characters; a longer one is set smaller, so that a ballot stays on one page


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


def day(on: date | datetime) -> str:
    """With its year: paper outlives it."""
    return date_format(timezone.localdate(on) if isinstance(on, datetime) else on, "DATE_FORMAT")


def moment(at: datetime) -> str:
    """To the second, as the street's clocks show it."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M:%S}"


def where(place: Place) -> str:
    """From the estate down: 龙吴路9弄 3号楼 1单元. Its `trail` has been read."""
    trail: list[Place] = place.trail  # type: ignore[attr-defined]
    below = [one for one in trail if one.kind not in (Kind.STREET, Kind.AREA)] or trail[-1:]
    if language() == "en":
        return ", ".join(named(one) for one in reversed(below))
    return " ".join(one.name for one in below)


def inside(home: Place, place: Place) -> str:
    """A home as it is called at `place`: 3号楼 1单元 101室. Its `trail` has been read."""
    trail: list[Place] = home.trail  # type: ignore[attr-defined]
    estate = next((n for n, one in enumerate(trail) if one.kind == Kind.ESTATE), -1)
    below = trail[estate + 1 :] or trail[-1:]
    if language() == "en":
        return ", ".join(named(one) for one in reversed(below))
    return " ".join(one.name for one in below)


def square_metres(area: str) -> str:
    """With two places at least, as a register writes them: 62.30."""
    whole, _dot, part = area.partition(".")
    return area if "/" in area else f"{int(whole):,}.{part:0<2}"


def over(body: Body | None, place: Place) -> str:
    return " · ".join(filter(None, [named(body), where(place)]))


def question(decision: Decision, *, size: float = 1.45) -> list[pdf.Part]:
    """In the reader's language, large; beneath it in the other, for what is signed is both."""
    first = in_english(decision.question, decision.question_en)
    other = decision.question if first != decision.question else decision.question_en
    long = len(decision.question) > QUESTION_LONG
    parts = [pdf.text(first, size=min(size, 1.1) if long else size, strong=True)]
    return parts + ([pdf.text(other, size=0.85 if long else 1)] if other and other != first else [])


def hand_in(body: Body) -> str:
    """Where and when somebody takes a paper."""
    return " · ".join(filter(None, [named(body), body.office_hours, body.phone]))


def sealed(line: ChainLine) -> str:
    """What the red seal stands for, or nothing: only where a day's seal holds it."""
    if line.seal is None:
        return ""
    return _("Sealed in the ledger on %(day)s: %(digits)s") % {"day": day(line.seal.day), "digits": line.short}


def page_of(decision: Decision, site: str) -> str:
    return way(site, "decision", decision.pk)


def way(site: str, name: str, key: int) -> str:
    """The address of a page of this room, as a code on paper carries it."""
    return site + reverse(f"decisions:{name}", args=[key])


def case_without_acts(decision: Decision) -> Case:
    """Rule and electorate as they were frozen, for what a paper says before anybody voted. No question is asked of the
    database."""
    said = {
        "id": f"{decision.pk}",
        "rule": decision.rule_id,
        "window": {"open": casefile.local(decision.opens_at), "close": casefile.local(decision.closes_at)},
        "units": casefile.units_of(decision),
        "events": [],
    }
    rules = {decision.rule_id: casefile.rule_of(decision)}
    case = engine.read_cases(json.dumps({"rules": rules, "cases": [said]})).cases[0]
    assert not isinstance(case, LinkedBallots)
    return case


def legal_note(case: Case) -> str:
    return engine.words.legal_note(case.rule, language())


def sentences(*said: str) -> str:
    """One after the other, as each language sets them."""
    return (" " if language() == "en" else "").join(filter(None, said))


def who_learns_what() -> str:
    """What people are told before they vote (law 8)."""
    return _(
        "While the vote is open, only the two counters see who chose what. Afterwards the owners who could vote see "
        "the numbers of each test; everybody else sees whether it passed."
    )
