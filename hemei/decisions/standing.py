"""How a decision stands, and what of it this viewer may know. Every page, paper, export and notice asks here.

While it is open, for and against are its two counters' alone. The electorate reads how many homes have handed in a
vote and how many more must, worked out as if every vote handed in were for: no number here depends on what somebody
chose, so that none can be told from another before and after a neighbour voted. Everybody else reads the stage.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from hemei.decisions import casefile, policy
from hemei.decisions.models import Decision
from hemei.engines import decision as engine
from hemei.engines.decision.acts import Act, Cast, Grant
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.missing import Missing, what_is_missing
from hemei.engines.decision.verdict import Verdict
from hemei.people.actor import Actor

Level = Literal["counter", "electorate", "others"]
State = Decision.State
KEPT_MAX = 256  # cases in one process; the one asked for longest ago goes


@dataclass(frozen=True)
class Ballot:
    """One ballot of a decision: its own, or the estate's behind it.

    handed_in, homes: of how many homes a vote was handed in, whatever it says; None for those who read the stage alone.
    still: how many more homes must hand one in at the least; None where it is not told, 0 where enough did.
    case, verdict: for counters always, for the electorate once certified; else None.
    """

    decision: Decision
    state: str
    handed_in: int | None = None
    homes: int | None = None
    still: int | None = None
    case: Case | None = None
    verdict: Verdict | None = None
    missing: Missing | None = None


@dataclass(frozen=True)
class Standing:
    """What `viewer` may know of a decision at a moment.

    outcome: "" until it is certified; then passed, rejected or no_quorum for counters and electorate, and passed or
    not_passed for everybody else; "waiting" where it passed and the estate's ballot behind it is not certified yet.
    after: pending or blocked while the result hangs.
    """

    decision: Decision
    level: Level
    state: str
    outcome: str = ""
    after: str = ""
    ballots: tuple[Ballot, ...] = field(default=())

    @property
    def own(self) -> Ballot:
        return self.ballots[0]


def level_of(viewer: Actor, decision: Decision) -> Level:
    if policy.is_counter(viewer, decision):
        return "counter"
    return "electorate" if policy.in_electorate(viewer, decision) else "others"


def standing(*, viewer: Actor, decision: Decision, at: datetime) -> Standing:
    """decision: with roll, linked and linked's roll. The viewer's level is that of this decision; of the estate's
    ballot behind it, they learn as much as they may learn of that one."""
    level, state = level_of(viewer, decision), decision.state_at(at)
    if decision.roll is None:
        return Standing(decision, level, state, ballots=(Ballot(decision, state),))
    both = [one for one in (decision, decision.linked) if one is not None and one.roll is not None]
    levels = [level, *(level_of(viewer, one) for one in both[1:])]
    ballots = tuple(_ballot(one, its, at) for one, its in zip(both, levels, strict=True))
    outcome = after = ""
    if state == State.CERTIFIED:
        own = engine.tally(one_case(decision, at))
        outcome = told_outcome(decision, _settled(own), at)
        if level == "others" and outcome in ("rejected", "no_quorum"):
            outcome = "not_passed"
        after = own.outcome if own.outcome in ("blocked", "pending") else ""
    return Standing(decision, level, state, outcome, after, ballots)


def _ballot(decision: Decision, level: Level, at: datetime) -> Ballot:
    state = decision.state_at(at)
    if state in (State.DRAFT, State.CANCELLED) or level == "others":
        return Ballot(decision, state)
    case = one_case(decision, at)
    masked = _masked(case)
    homes = sum(1 for unit in case.units if unit.votable)
    handed_in = len(_handed_in(masked))
    told = level == "counter" or state == State.CERTIFIED
    return Ballot(
        decision,
        state,
        handed_in,
        homes,
        None if state == State.CERTIFIED else _still(masked),
        case if told else None,
        engine.tally(case) if told else None,
        what_is_missing(case) if level == "counter" and state == State.OPEN else None,
    )


def handed_in(decision: Decision, at: datetime) -> frozenset[str]:
    """Keys of the units for which a vote was handed in: for the desk that runs it, which visits the others."""
    return _handed_in(_masked(one_case(decision, at)))


def _handed_in(masked: Case) -> frozenset[str]:
    return frozenset(key for key, status in engine.tally(masked).status.items() if status != "none")


def _masked(case: Case) -> Case:
    """The case as if every vote handed in were for and no agent had been told what to say: what is left depends on who
    handed in a vote, and on nothing they said."""
    rule = replace(case.rule, joint="presumed_unless_contradicted", nonresponse="absent")
    return replace(case, acts=tuple(map(_without_choice, case.acts)), rule=rule)


def _without_choice(act: Act) -> Act:
    if isinstance(act, Cast):
        return replace(act, choice="for")
    return replace(act, instruction=None) if isinstance(act, Grant) else act


def _still(masked: Case) -> int | None:
    """How many more homes must hand in a vote, at the least; None where even all of them are not enough."""
    missing = what_is_missing(masked)
    if missing.reached:
        return 0
    homes = missing.for_everybody.homes if missing.for_everybody else None
    return homes.most if homes is not None else None


def told_outcome(decision: Decision, own: str, at: datetime) -> str:
    """The outcome with the estate's ballot behind it, which tells nothing before it is certified itself."""
    behind = decision.linked
    if own != "passed" or behind is None:
        return own
    if behind.state_at(at) != State.CERTIFIED:
        return "waiting"
    return behind.outcome


def _settled(verdict: Verdict) -> str:
    """The outcome of the vote alone, whatever still hangs or is objected to."""
    return verdict.outcome if verdict.outcome in ("no_quorum", "rejected") else "passed"


def one_case(decision: Decision, at: datetime) -> Case:
    """The decision's own ballot as of `at`, kept for its version: what a minute ago was counted is not read again."""
    key = (decision.pk, decision.version, decision.state_at(at), at.date())
    with _turn:
        if key in _kept:
            _kept.move_to_end(key)
            return replace(_kept[key], evaluate_at=_naive(at))
    alone = _alone(decision)
    case = casefile.case_of(alone, at)
    assert not isinstance(case, LinkedBallots)
    with _turn:
        _kept[key] = case
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return case


def _alone(decision: Decision) -> Decision:
    """The same decision without the ballot behind it."""
    if decision.linked_id is None:
        return decision
    known = {field.attname for field in Decision._meta.concrete_fields} - decision.get_deferred_fields()
    alone = Decision(**{name: getattr(decision, name) for name in known})
    alone.roll, alone.linked_id = decision.roll, None
    return alone


def _naive(at: datetime) -> datetime:
    return datetime.fromisoformat(casefile.local(at))


def forget() -> None:
    """Keep nothing; for tests whose databases begin anew with the same keys."""
    _kept.clear()


_kept: OrderedDict[tuple[object, ...], Case] = OrderedDict()
_turn = threading.Lock()
