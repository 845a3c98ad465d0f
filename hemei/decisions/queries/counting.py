"""Reading the count: its two counters' page, what everybody learns once it is certified, files, objections."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.decisions import files, policy, readiness
from hemei.decisions.actions.certifying import public_outcome
from hemei.decisions.checklist import Check
from hemei.decisions.models import Counter, Decision, Objection, Posted, Slot
from hemei.decisions.posting import Period, period_of, postings_of
from hemei.decisions.queries.own import decision_for
from hemei.decisions.standing import level_of, one_case, standing, told_outcome
from hemei.engines import decision as engine
from hemei.engines.decision.arithmetic import figure
from hemei.engines.decision.case import Case
from hemei.engines.decision.missing import Missing
from hemei.engines.decision.verdict import TestResult, Verdict
from hemei.engines.decision.words import Language, flag_words, legal_note, status_words, test_in_words, verdict_sentence
from hemei.engines.decision.words import counted as heads_of
from hemei.ledger.models import Entry
from hemei.ledger.queries import ChainLine, chain_line, entries_of, in_groups
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.places.queries import with_trails
from hemei.shell.words import in_english

State = Decision.State
HOMES_A_PAGE = 100
UNRESOLVED_SHOWN = 50
HANDED_OUT_SHOWN = 20
OBJECTIONS_A_PAGE = 20
FILE_VERBS = ("decisions.file_handed_out", "decisions.own_file_handed_out")
FEW = 5  # of fewer nobody reads the grounds


@dataclass(frozen=True)
class Bar:
    """One test. part, whole, least: how far the bar reaches and where its mark stands, in the unit of the test."""

    name: str
    figures: str
    told: str
    arithmetic: str
    holds: bool
    part: Fraction
    whole: Fraction
    least: Fraction


@dataclass(frozen=True)
class Row:
    """One home for its counters: what it weighs, how it stands, and what happened to each act for it."""

    home: str
    weight: str
    status: str
    notes: list[str]


@dataclass(frozen=True)
class Tally:
    """The count as its two counters see it. hash: of the file they would sign; "" while the vote is open."""

    state: str
    told: str
    bars: list[Bar]
    second: list[Bar] | None
    missing: list[str]
    unresolved: list[str]
    unresolved_more: int
    unresolved_do: str
    weighed: str
    page: Page
    rows: list[Row]
    note: str
    hash: str

    @property
    def in_groups(self) -> str:
        return in_groups(self.hash)


@dataclass(frozen=True)
class Signature:
    """Of one of the two counters. stands: None while it is not known whether the file is still the one signed."""

    number: int
    mine: bool
    signed_at: datetime | None
    stands: bool | None = None


@dataclass(frozen=True)
class CountPage:
    """The counters' page. count: only in answer to a look that is on record, or once it is certified."""

    decision: Decision
    state: str
    checks: list[Check]
    signatures: list[Signature]
    mine: Signature
    count: Tally | None = None

    @property
    def ready(self) -> bool:
        return all(check.done for check in self.checks)


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


def for_counter(viewer: Actor, pk: int) -> Decision:
    """The decision for one of its two counters; Http404 for everybody else."""
    found = Decision.objects.select_related(
        "matter", "place", "roll", "body", "drive", "linked__roll", "linked__place"
    ).filter(pk=pk, announced_at__isnull=False)
    decision = found.first()
    if decision is None or not policy.is_counter(viewer, decision):
        raise Http404
    return decision


def count_page(viewer: Actor, decision: Decision, at: datetime, *, looked: bool = False, number: int = 1) -> CountPage:
    """looked: the look was recorded, so the count may be shown. number: which page of the homes."""
    state = decision.state_at(at)
    count = None
    if looked and state in (State.OPEN, State.COUNTING, State.CERTIFIED):
        count = _count(viewer, decision, state, at, number)
    counting = state == State.COUNTING
    signatures = [
        Signature(
            one.number,
            one.person_id == viewer.key,
            one.signed_at,
            one.signed_hash == count.hash if counting and count is not None else None,
        )
        for one in Counter.objects.filter(decision=decision).order_by("number")
    ]
    mine = next(one for one in signatures if one.mine)
    checks = readiness.checks(decision, at) if state in (State.OPEN, State.COUNTING) else []
    return CountPage(decision, state, checks, signatures, mine, count)


def _count(viewer: Actor, decision: Decision, state: str, at: datetime, number: int) -> Tally:
    missing: Missing | None = None
    digest = decision.file_hash
    if state == State.OPEN:
        ballot = standing(viewer=viewer, decision=decision, at=at).own
        assert ballot.case is not None
        assert ballot.verdict is not None
        case, verdict, missing = ballot.case, ballot.verdict, ballot.missing
    elif state == State.COUNTING:
        frozen = files.frozen(decision, at)
        case, verdict, digest = frozen.case, frozen.verdict, frozen.hash
    else:
        case = files.case_in(decision.file)
        verdict = engine.tally(case)
    slots = Slot.objects.filter(decision=decision).select_related("place").order_by("number")
    page = Paginator(slots, HOMES_A_PAGE).get_page(number)
    keys = [key for key, status in verdict.status.items() if status == "unresolved"]
    unresolved = list(slots.filter(key__in=keys[:UNRESOLVED_SHOWN])) if keys else []
    names = homes_named([*page.object_list, *unresolved], decision.place)
    return Tally(
        state="open" if state == State.OPEN else "passed" if verdict.outcome == "passed" else "failed",
        told=verdict_sentence(verdict, case, language()),
        bars=bars_of(verdict.tests, case),
        second=None if verdict.second_tests is None else bars_of(verdict.second_tests, case),
        missing=_missing(missing),
        unresolved=[names[slot.place_id] for slot in unresolved],
        unresolved_more=max(0, len(keys) - UNRESOLVED_SHOWN),
        unresolved_do=what_to_do(case, over=state != State.OPEN),
        weighed=_weighed(case),
        page=page,
        rows=_rows(page.object_list, names, case, verdict),
        note=legal_note(case.rule, language()),
        hash=digest,
    )


def bars_of(results: Iterable[TestResult], case: Case) -> list[Bar]:
    heads = heads_of(case)
    found = []
    for result in results:
        said = test_in_words(result, language(), heads)
        least = max(result.need, result.test.at_least or Fraction(0))
        found.append(
            Bar(said.name, said.figures, said.asked, said.arithmetic, result.passed, result.num, result.den, least)
        )
    return found


def _missing(missing: Missing | None) -> list[str]:
    if missing is None:
        return []
    told = () if missing.reached else engine.missing_words(missing, language())
    return [*told, *engine.missing_words_for_counters(missing, language())]


def what_to_do(case: Case, *, over: bool) -> str:
    """What brings a home whose co-owners differ to a side, by the rule that was frozen."""
    if over:
        return _("The vote is over: such a home is counted on neither side.")
    asked = {
        "presumed_unless_contradicted": _("It counts once all co-owners who have said something say the same."),
        "unanimous": _("It counts once all its co-owners say the same."),
        "representative": _("It counts once the co-owner whom they named to speak for them has voted."),
        "shares_two_thirds": _("It counts once co-owners with two thirds of its shares say the same."),
    }
    return asked[case.rule.joint]


def _weighed(case: Case) -> str:
    """Name of the column of weights, where this rule counts them."""
    measures = {test.measure for test in case.rule.all_tests}
    return _("Area (m²)") if "area" in measures else _("Share") if "share" in measures else ""


def _rows(slots: Iterable[Slot], names: Mapping[int, str], case: Case, verdict: Verdict) -> list[Row]:
    said = language()
    units, by_area = {unit.id: unit for unit in case.units}, any(test.measure == "area" for test in case.rule.all_tests)
    notes: dict[str, list[str]] = defaultdict(list)
    for key, side in verdict.deemed.items():
        notes[key].append(_("silent, and by the rule: %(side)s") % {"side": status_words(side, said)})
    for flag, key in verdict.flags:
        notes[key].append(flag_words(flag, said))
    rows = []
    for slot in slots:
        unit = units[slot.key]
        weight = unit.area if by_area else unit.share
        status = status_words(verdict.status[slot.key], said) if unit.votable else _("does not vote")
        written = "" if weight is None else figure(weight, "area" if by_area else "share")
        rows.append(Row(names[slot.place_id], written, status, notes[slot.key]))
    return rows


def homes_named(slots: Iterable[Slot], within: Place) -> dict[int, str]:
    """Names of the homes by key of the place, with what stands between them and the place of the decision."""
    places = with_trails(list({slot.place_id: slot.place for slot in slots}.values()))
    depth = len(within.ancestor_keys)
    return {
        place.pk: " ".join(in_english(one.name, one.name_en) for one in place.trail[depth:])  # type: ignore[attr-defined]
        or in_english(place.name, place.name_en)
        for place in places
    }


# once it is certified: what the decision's page shows of it


@dataclass(frozen=True)
class Result:
    """What `viewer` may know of a certified decision; for a counter of one that is not, only the way to the count.

    outcome: passed, waiting or not_passed. bars: of the electorate and the counters alone. period: None while the
    result does not hang. stands: it passed, nothing waits and no objection is open.
    """

    decision: Decision
    certified: bool
    counter: bool = False
    outcome: str = ""
    state: str = ""
    told: str = ""
    bars: list[Bar] = field(default_factory=list)
    second: list[Bar] | None = None
    note: str = ""
    postings: list[Posted] = field(default_factory=list)
    period: Period | None = None
    objections: int = 0
    open_objections: int = 0
    grounds: list[tuple[str, int]] = field(default_factory=list)
    in_electorate: bool = False
    may_object: bool = False
    runs: bool = False
    stands: bool = False
    annulment: bool = False


def words(viewer: Actor, decision: Decision, at: datetime) -> dict[str, Any] | None:
    """For `decisions/parts/counting.html` on the page of a decision; None where there is nothing to say."""
    state = decision.state_at(at)
    if state == State.CERTIFIED:
        return {"result": result_of(viewer, decision, at)}
    if state in (State.OPEN, State.COUNTING) and policy.is_counter(viewer, decision):
        return {"result": Result(decision, certified=False, counter=True)}
    return None


def result_of(viewer: Actor, decision: Decision, at: datetime) -> Result:
    """A certified decision for this viewer."""
    level = level_of(viewer, decision)
    case = one_case(decision, at)
    verdict = engine.tally(replace(case, notice=None, evidence=()))  # the vote alone
    postings = postings_of(decision)
    period = period_of(decision, postings[0] if postings else None, at)
    grounds = _by_ground(decision)
    told = public_outcome(told_outcome(decision, decision.outcome, at))
    knows, over = level != "others", period is not None and period.over
    owns = level == "electorate" or (level == "counter" and policy.in_electorate(viewer, decision))
    still_open = sum(waiting for _all, waiting in grounds.values())
    return Result(
        decision=decision,
        certified=True,
        counter=level == "counter",
        outcome=told,
        state={"passed": "passed", "waiting": "open"}.get(told, "failed"),
        told=verdict_sentence(verdict, case, language()) if knows and told != "waiting" else outcome_told(told),
        bars=bars_of(verdict.tests, case) if knows else [],
        second=bars_of(verdict.second_tests, case) if knows and verdict.second_tests is not None else None,
        note=legal_note(case.rule, language()),
        postings=postings,
        period=period,
        objections=sum(number for number, _open in grounds.values()),
        open_objections=still_open,
        grounds=grounds_told({ground: number for ground, (number, _open) in grounds.items()}),
        in_electorate=owns,
        may_object=period is not None and not over and policy.may_object(viewer, decision, owns=owns),
        runs=policy.runs(viewer, decision),
        stands=told == "passed" and over and not still_open,
        annulment=decision.rule_id.startswith("CN"),
    )


def outcome_told(outcome: str) -> str:
    """In one sentence, without a number."""
    return {
        "passed": _("Passed: both counters have signed."),
        "waiting": _("This part passed; it takes effect only if the vote of the whole estate passes too."),
        "not_passed": _("Not passed: both counters have signed."),
    }[outcome]


# files


@dataclass(frozen=True)
class HandedOut:
    """Once that the file left the house. purpose, receiver: for those who may hand it out."""

    at: datetime
    complete: bool
    purpose: str = ""
    receiver: str = ""


@dataclass(frozen=True)
class Files:
    """The page of a certified decision's files."""

    decision: Decision
    line: ChainLine
    may_complete: bool
    may_own: bool
    handed_out: list[HandedOut]

    @property
    def hash(self) -> str:
        return in_groups(self.decision.file_hash)


def certified_for(viewer: Actor, pk: int) -> Decision:
    """A certified decision that `viewer` sees, or counted; Http404 for what is hidden, absent or not certified."""
    try:
        found = decision_for(viewer, pk)
    except Http404:
        found = for_counter(viewer, pk)
    if found.certified_at is None:
        raise Http404
    return found


def files_page(viewer: Actor, decision: Decision) -> Files:
    """How often the file was handed out is told to the owners and to those who may; what for, to the latter."""
    may = policy.may_export_complete(viewer, decision)
    own = policy.in_electorate(viewer, decision)
    told: list[HandedOut] = []
    if may or own:
        verbs = FILE_VERBS if may else FILE_VERBS[:1]
        entries = entries_of(decision).filter(verb__in=verbs).select_related("personal_part").order_by("-position")
        told = [_handed_out(entry, whole=may) for entry in entries[:HANDED_OUT_SHOWN]]
    return Files(decision, chain_line(decision.matter), may, own, told)


def _handed_out(entry: Entry, *, whole: bool) -> HandedOut:
    complete = entry.verb == FILE_VERBS[0]
    part = getattr(entry, "personal_part", None)
    said = json.loads(part.words) if whole and complete and part is not None else {}
    return HandedOut(entry.at, complete, said.get("purpose", ""), said.get("receiver", ""))


@dataclass(frozen=True)
class Summary:
    """What everybody can check without seeing a home."""

    decision: Decision
    result: Result
    tests: list[tuple[str, str]]
    plain: dict[str, Any]
    line: ChainLine

    @property
    def hash(self) -> str:
        return in_groups(self.decision.file_hash)


def summary_of(viewer: Actor, decision: Decision, at: datetime) -> Summary:
    result = result_of(viewer, decision, at)
    case = one_case(decision, at)
    verdict = engine.tally(replace(case, notice=None, evidence=())) if result.bars else None
    line = chain_line(decision.matter)
    plain = files.summary(decision, outcome=result.outcome, verdict=verdict, line=line)
    heads = heads_of(case)
    tests = [
        (engine.words.test_name(test, language(), heads), engine.words.threshold_words(test, language()))
        for test in case.rule.tests
    ]
    return Summary(decision, result, tests, plain, line)


# objections


@dataclass(frozen=True)
class Told:
    """One objection for whoever may read it. mine: the viewer's own."""

    row: Objection
    mine: bool
    may_answer: bool
    may_close: bool


def objections_page(viewer: Actor, result: Result, number: str) -> Page:
    """Those whose words the viewer reads, the newest first: at the desk all of them, else their own few."""
    rows = objections_of(viewer, result.decision)
    if not result.runs:
        return Paginator(list(rows), OBJECTIONS_A_PAGE).get_page(number)
    paginator = Paginator(rows, OBJECTIONS_A_PAGE)
    paginator.count = result.objections  # counted already
    return paginator.get_page(number)


def objections_of(viewer: Actor, decision: Decision) -> QuerySet[Objection]:
    rows = Objection.objects.filter(policy.objections_seen(viewer, decision), decision=decision)
    return rows.select_related("answered_by", "by").order_by("-number")


def told_objections(viewer: Actor, decision: Decision, rows: Iterable[Objection]) -> list[Told]:
    runs = policy.runs(viewer, decision)
    found = []
    for row in rows:
        mine = row.by_id is not None and row.by_id == viewer.key
        open_still = row.closed_at is None
        found.append(Told(row, mine, runs and not mine and row.answered_at is None and open_still, open_still))
    return found


def objection_for(viewer: Actor, pk: int, number: int) -> Objection:
    """One that the viewer made, or answers at the desk; Http404 for everybody else."""
    decision = certified_for(viewer, pk)
    found = objections_of(viewer, decision).filter(number=number).select_related("evidence").first()
    if found is None:
        raise Http404
    found.decision = decision
    return found


def _by_ground(decision: Decision) -> dict[str, tuple[int, int]]:
    """How many objected on each ground, and how many of them are open; one query."""
    rows = Objection.objects.filter(decision=decision).values("ground").order_by("ground")
    counted = rows.annotate(number=Count("pk"), still_open=Count("pk", filter=Q(closed_at=None)))
    return {row["ground"]: (row["number"], row["still_open"]) for row in counted}


def grounds_told(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Grounds that five and more gave, with their number; none at all where only one other is left, whose number
    would follow from the whole."""
    told = [(str(Objection.Ground(ground).label), count) for ground, count in counts.items() if count >= FEW]
    return told if len(told) != len(counts) - 1 else []


def postings_photo(viewer: Actor, pk: int, posted: int) -> Posted:
    decision = certified_for(viewer, pk)
    found = Posted.objects.filter(decision=decision, pk=posted, what=Posted.What.RESULT).select_related("photo").first()
    if found is None or found.photo is None:
        raise Http404
    return found


def sheets_of(decision: Decision) -> QuerySet[Any]:
    """Printed notices of the matter that hold, the newest first."""
    return decision.matter.printed_notices.filter(voided_at=None).order_by("-made_at", "-pk")
