"""From acts to positions to the status of every unit, and every act that changes nothing with its flag.

Acts are received in order of time, those of the same time in the order of the file. Who sells and buys back begins
anew; a co-owner who stays through a sale is no seller and keeps what he said.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple, get_args

from hemei.engines.decision.acts import (
    Act,
    Cast,
    Choice,
    Deliver,
    Grant,
    Revoke,
    RollCorrection,
    Transfer,
    Void,
    Withdraw,
)
from hemei.engines.decision.case import Case, Window
from hemei.engines.decision.roll import Owner
from hemei.engines.decision.rule import Joint
from hemei.engines.decision.verdict import Flag, Status

MAIN, SECOND = 1, 2
NOTHING = Fraction(0)


# What stands for one owner: the choice, None where he took it back; whether he acted himself; the channel it came by.
Position = tuple[Choice | None, bool, str | None]
TAKEN_BACK: Position = None, True, None
CHOICES: tuple[Choice, ...] = get_args(Choice)
HIMSELF: dict[Choice, Position] = {choice: (choice, True, None) for choice in CHOICES}  # made once: votes are many
BY_AGENT: dict[Choice, Position] = {choice: (choice, False, None) for choice in CHOICES}


class Ownership:
    """The owners of a unit from one sale to the next, and where each of them stands by what was done in that time.

    positions: one for each of `owners`, None where nothing was said. before: the ownership that this one's sale ended;
    None at opening.
    """

    __slots__ = ("before", "owners", "positions")

    def __init__(self, owners: tuple[Owner, ...], before: "Ownership | None") -> None:
        self.owners = owners
        self.before = before
        self.positions: list[Position | None] = [None] * len(owners)

    def place(self, person: str) -> int | None:
        """Which of the owners that is; None: no owner."""
        if self.owners[0].id == person:  # most homes have one owner, and most acts are his
            return 0
        for place in range(1, len(self.owners)):
            if self.owners[place].id == person:
                return place
        return None


@dataclass(frozen=True, slots=True)
class Round:
    """How the units stand after one round, by their number on the roll.

    served: numbers of the units to which the ballot was delivered with proof.
    channels: the ways in which the acts came that made a unit's status, where a test asks for one.
    """

    status: Sequence[Status]
    served: Collection[int]
    channels: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Reception:
    """All acts received: both rounds and the flags, in alphabetical order."""

    main: Round
    second: Round | None
    flags: tuple[tuple[Flag, str], ...]


def known_acts(case: Case) -> list[Act]:
    """The acts known at evaluate_at, in order of time; of the same time, as in the file."""
    acts = sorted(case.acts, key=attrgetter("at"))
    if case.evaluate_at is None:
        return acts
    return acts[: bisect_right(acts, case.evaluate_at, key=attrgetter("at"))]


def receive(case: Case, acts: Sequence[Act], numbers: Mapping[str, int]) -> Reception:
    """Receive the known `acts` of `case`, which are in order; `numbers` are those of its units."""
    record = _Record(set(), defaultdict(set))
    for void in [act for act in acts if isinstance(act, Void)]:
        if case.certify_at is None or void.at < case.certify_at:
            record.voided.add(void.ref)
            record.flags["voided"].add(void.unit)
    main = _Desk(case, numbers, MAIN, case.window, record).receive(acts)
    second = None
    if case.window2 is not None:
        second = _Desk(case, numbers, SECOND, case.window2, record).receive(acts)
    flags = tuple([(flag, unit) for flag in sorted(record.flags) for unit in sorted(record.flags[flag])])
    return Reception(main, second, flags)


class _Record(NamedTuple):
    """What both rounds share: casts that were never made, and the units of each flag."""

    voided: set[str]
    flags: defaultdict[Flag, set[str]]


class _Desk:
    """Where the acts of one round are received, one after the other; sales, grants and services serve both rounds."""

    def __init__(self, case: Case, numbers: Mapping[str, int], number: int, window: Window, record: _Record) -> None:
        self.case = case
        self.numbers = numbers
        self.number = number
        self.opens = window.open
        self.closes = window.close
        self.voided = record.voided
        self.flags = record.flags
        self.own_act_overrides = case.rule.proxy.own_act_overrides
        self.ownerships: list[Ownership | None] = [None] * len(case.units)  # by number; None: not asked for yet
        self.served: set[int] = set()
        self.grants: dict[tuple[str, str, str], list[Grant]] = {}
        self.unwritten: dict[tuple[str, str, str], list[Grant]] = {}
        self.principals: dict[str, dict[str, int]] = {}

    def receive(self, acts: Sequence[Act]) -> Round:
        """Receive all `acts` and say how the units stand after them."""
        for act in acts:
            if isinstance(act, Cast):
                self.cast(act)
            elif isinstance(act, Revoke):
                self.revoke(act)
            elif isinstance(act, Deliver):
                self.deliver(act)
            elif isinstance(act, Grant):
                self.grant(act)
            elif isinstance(act, Withdraw):
                self.withdraw(act)
            elif isinstance(act, Transfer):
                self.transfer(act)
            elif isinstance(act, RollCorrection):
                self.flags["roll_correction"].add(act.unit)
        return self.round()

    def ownership(self, unit: str) -> Ownership:
        """Who owns the unit now: since the opening, or since the last sale that counts."""
        number = self.numbers[unit]
        found = self.ownerships[number]
        if found is None:
            found = self.ownerships[number] = Ownership(self.case.units[number].owners, None)
        return found

    def in_vote(self, at: datetime) -> bool:
        """From the opening of the vote to before this round closes."""
        return self.case.window.open <= at < self.closes

    # -- votes

    def cast(self, act: Cast) -> None:
        if act.round != self.number or (act.id is not None and act.id in self.voided):
            return  # a voided act was never made
        unit, at, choice = act.unit, act.at, act.choice
        if not self.opens <= at < self.closes:
            self.flags["early_cast" if at < self.opens else "late_cast"].add(unit)
            return
        ownership = self.ownership(unit)
        principal, own = act.for_owner, act.for_owner is None
        place = ownership.place(act.by if principal is None else principal)
        if place is None:
            self.flags["not_an_owner" if own else "proxy_invalid"].add(unit)
            return
        standing = ownership.positions[place]
        if principal is None:
            if standing is not None and standing[0] == choice:
                self.flags["duplicate"].add(unit)
        elif not self.authorised(act, principal) or (standing and standing[1] and self.own_act_overrides):
            return
        if act.channel is None:
            ownership.positions[place] = (HIMSELF if own else BY_AGENT)[choice]
        else:
            ownership.positions[place] = choice, own, act.channel

    def revoke(self, act: Revoke) -> None:
        if act.round != self.number:
            return
        if not self.opens <= act.at < self.closes:
            if act.at >= self.closes:
                self.flags["late_revoke"].add(act.unit)
            return
        ownership = self.ownership(act.unit)
        place = ownership.place(act.by)
        if place is None:
            self.flags["not_an_owner"].add(act.unit)
            return
        self.flags["revoked"].add(act.unit)
        # Also what he said as a co-owner of earlier owners' act. Where he took it back already nothing was added since.
        while place is not None and ownership.positions[place] != TAKEN_BACK:
            ownership.positions[place] = TAKEN_BACK
            before = ownership.before
            if before is None or not self.speaks_alike(act.by, before, ownership):
                return
            ownership, place = before, before.place(act.by)

    # -- authority

    def grant(self, act: Grant) -> None:
        if not self.in_vote(act.at) or self.ownership(act.unit).place(act.by) is None:
            return
        if act.expires is not None and act.expires <= act.at:
            return
        usable = act.written or not self.case.rule.proxy.written_required
        (self.grants if usable else self.unwritten).setdefault((act.unit, act.by, act.to), []).append(act)
        if usable:
            principals = self.principals.setdefault(act.to, {})
            principals.setdefault(act.by, len(principals))

    def withdraw(self, act: Withdraw) -> None:
        self.grants.pop((act.unit, act.by, act.to), None)
        self.unwritten.pop((act.unit, act.by, act.to), None)

    def authorised(self, act: Cast, principal: str) -> bool:
        """The agent may act for this owner, and does as he was told; the reason why not is flagged."""
        key = act.unit, principal, act.by
        grant = _in_force(self.grants.get(key), act.at)
        if grant is not None:
            limit = self.case.rule.proxy.max_principals
            if limit is None or self.principals[act.by][principal] < limit:
                if grant.instruction is None or grant.instruction == act.choice:
                    return True
                self.flags["proxy_against_instruction"].add(act.unit)
                return False
            self.flags["proxy_over_limit"].add(act.unit)
        elif _in_force(self.unwritten.get(key), act.at) is not None:
            self.flags["proxy_not_written"].add(act.unit)
        self.flags["proxy_invalid"].add(act.unit)
        return False

    # -- the roll

    def transfer(self, act: Transfer) -> None:
        if not self.in_vote(act.at):
            return
        self.flags["transfer"].add(act.unit)
        if self.case.rule.transfer == "record_date":
            assert self.case.record_date is not None
            if act.at.date() > self.case.record_date:
                return
        before = self.ownership(act.unit)
        after = self.ownerships[self.numbers[act.unit]] = Ownership(act.to, before)
        for owner, position in zip(before.owners, before.positions, strict=True):
            if position is not None:
                place = after.place(owner.id)
                if place is not None and self.speaks_alike(owner.id, before, after):
                    after.positions[place] = position

    def speaks_alike(self, owner: str, before: Ownership, after: Ownership) -> bool:
        """Owning before that sale and after it, he may speak for the unit as before."""
        joint = self.case.rule.joint
        return _speaks(owner, before, joint) == _speaks(owner, after, joint)

    def deliver(self, act: Deliver) -> None:
        if act.proof and self.in_vote(act.at):
            self.served.add(self.numbers[act.unit])

    # -- what comes out

    def round(self) -> Round:
        status: list[Status] = ["none"] * len(self.case.units)
        channels: dict[int, frozenset[str]] = {}
        stands = self.case.rule.transfer == "stands_unless_replaced"
        joint = self.case.rule.joint
        asks_channel = any(test.channel is not None for test in self.case.rule.all_tests)
        for number, latest in enumerate(self.ownerships):
            ownership = latest
            while ownership is not None:
                spoken = _spoken(joint, ownership)
                if spoken:
                    status[number] = made = _joint_status(joint, ownership.owners, spoken)
                    if asks_channel:
                        channels[number] = frozenset([way for _owner, said, way in spoken if way and said == made])
                    break
                ownership = ownership.before if stands else None  # it stands until a later owner has a position
        return Round(status, self.served, channels)


def _in_force(grants: list[Grant] | None, at: datetime) -> Grant | None:
    """The latest grant in force. Time only moves on, so one that has expired can go for good."""
    while grants:
        if grants[-1].expires is None or at < grants[-1].expires:
            return grants[-1]
        grants.pop()
    return None


def _may_speak(owner: Owner, ownership: Ownership, joint: Joint) -> bool:
    """Of several owners under `representative` only that one; else each for himself."""
    return owner.rep or joint != "representative" or len(ownership.owners) == 1


def _speaks(person: str, ownership: Ownership, joint: Joint) -> bool:
    place = ownership.place(person)
    return place is not None and _may_speak(ownership.owners[place], ownership, joint)


def _spoken(joint: Joint, ownership: Ownership) -> list[tuple[Owner, Choice, str | None]]:
    """The owners who may speak for the unit and have a position: what they say and the channel it came by."""
    spoken = []
    for owner, position in zip(ownership.owners, ownership.positions, strict=True):
        if position is not None and position[0] is not None and _may_speak(owner, ownership, joint):
            spoken.append((owner, position[0], position[2]))
    return spoken


def _joint_status(joint: Joint, owners: Sequence[Owner], spoken: Sequence[tuple[Owner, Choice, str | None]]) -> Status:
    """What the co-owners' positions make of their unit; `spoken` has one or more."""
    choice = spoken[0][1]
    if len(owners) == 1:
        return choice
    if joint == "shares_two_thirds":
        behind: dict[Choice, Fraction] = {}
        for owner, said, _channel in spoken:
            behind[said] = behind.get(said, NOTHING) + _share(owner)
        choice = max(behind, key=behind.__getitem__)
        met = 3 * behind[choice] >= 2 * sum([_share(owner) for owner in owners])
    else:
        met = all(said == choice for _owner, said, _channel in spoken)
        if joint == "unanimous":
            met = met and len(spoken) == len(owners)
    return choice if met else "unresolved"


def _share(owner: Owner) -> Fraction:
    assert owner.share is not None  # where this joint rule holds, each of several co-owners has one
    return owner.share
