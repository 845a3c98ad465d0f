"""From acts to positions to the status of every unit, and every act that changes nothing with its flag.

Acts are received in order of time, those of the same time in the order of the file. A position belongs to an owner
and his tenure: who sells and buys back begins anew; a co-owner who stays through a sale keeps what he said.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

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
NO_CHANNEL: frozenset[str] = frozenset()

Tenures = Mapping[str, int]  # owner -> the sale that began his unbroken ownership; 0 the opening
Key = tuple[str, int]  # an owner and his tenure


class Position(NamedTuple):
    """What stands for one owner. choice None: he took it back. own: he acted himself, not an agent."""

    choice: Choice | None
    own: bool
    channel: str | None


class Ownership(NamedTuple):
    """The owners of a unit from one sale to the next."""

    since: datetime
    owners: tuple[Owner, ...]
    tenures: Tenures


@dataclass(frozen=True, slots=True)
class Round:
    """How the units stand after one round, by their number on the roll.

    served: numbers of the units to which the ballot was delivered with proof.
    channels: the ways in which the acts came that made a unit's status; only of units with an act.
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
    desk = _Desk(case, acts, numbers)
    receive_one = {
        Cast: desk.cast,
        Revoke: desk.revoke,
        Grant: desk.grant,
        Withdraw: desk.withdraw,
        Transfer: desk.transfer,
        Deliver: desk.deliver,
        Void: desk.void,
        RollCorrection: desk.roll_correction,
    }
    for act in acts:
        received = receive_one.get(type(act))  # objections are no business of this desk
        if received is not None:
            received(act)  # type: ignore[operator]
    second = None if case.window2 is None else desk.round(SECOND, case.window2)
    return Reception(desk.round(MAIN, case.window), second, tuple(sorted(desk.flags)))


class _Desk:
    """Where acts are received, one after the other."""

    def __init__(self, case: Case, acts: Sequence[Act], numbers: Mapping[str, int]) -> None:
        self.case = case
        self.numbers = numbers
        self.windows = {MAIN: case.window} if case.window2 is None else {MAIN: case.window, SECOND: case.window2}
        self.end = max(window.close for window in self.windows.values())
        self.voided = {act.ref for act in acts if type(act) is Void and self.applies(act)}
        self.flags: set[tuple[Flag, str]] = set()
        self.ownerships: dict[str, list[Ownership]] = {}
        self.positions: dict[int, dict[str, dict[Key, Position]]] = {MAIN: {}, SECOND: {}}
        self.served: dict[int, set[int]] = {MAIN: set(), SECOND: set()}
        self.grants: dict[tuple[str, str, str], list[Grant]] = {}
        self.unwritten: dict[tuple[str, str, str], list[Grant]] = {}
        self.principals: dict[str, dict[str, int]] = {}

    def ownership(self, unit: str) -> list[Ownership]:
        """Who owned the unit: from the opening, then from each sale that counts."""
        found = self.ownerships.get(unit)
        if found is None:
            owners = self.case.units[self.numbers[unit]].owners
            found = [Ownership(self.case.window.open, owners, {owner.id: 0 for owner in owners})]
            self.ownerships[unit] = found
        return found

    # -- votes

    def cast(self, act: Cast) -> None:
        if act.id in self.voided:
            return  # it was never made
        unit, choice, window = act.unit, act.choice, self.windows[act.round]
        if not window.open <= act.at < window.close:
            self.flags.add(("early_cast" if act.at < window.open else "late_cast", unit))
            return
        tenures = self.ownership(unit)[-1].tenures
        own = act.for_owner is None
        owner = act.by if act.for_owner is None else act.for_owner
        if own and owner not in tenures:
            self.flags.add(("not_an_owner", unit))
            return
        if not own and not self.authorised(act, owner, tenures):
            return
        positions = self.positions[act.round].setdefault(unit, {})
        key = owner, tenures[owner]
        standing = positions.get(key)
        if standing is not None:
            if own:
                if standing.choice == choice:
                    self.flags.add(("duplicate", unit))
            elif standing.own and self.case.rule.proxy.own_act_overrides:
                return
        positions[key] = Position(choice, own, act.channel)

    def revoke(self, act: Revoke) -> None:
        unit, window = act.unit, self.windows[act.round]
        if act.at >= window.close:
            self.flags.add(("late_revoke", unit))
        if not window.open <= act.at < window.close:
            return
        tenures = self.ownership(unit)[-1].tenures
        if act.by not in tenures:
            self.flags.add(("not_an_owner", unit))
            return
        self.flags.add(("revoked", unit))
        positions = self.positions[act.round].setdefault(unit, {})
        positions[act.by, tenures[act.by]] = Position(None, True, None)

    def void(self, act: Void) -> None:
        if self.applies(act):
            self.flags.add(("voided", act.unit))

    def applies(self, act: Void) -> bool:
        return self.case.certify_at is None or act.at < self.case.certify_at

    # -- authority

    def grant(self, act: Grant) -> None:
        if not self.in_vote(act.at) or act.by not in self.ownership(act.unit)[-1].tenures:
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

    def authorised(self, act: Cast, principal: str, tenures: Tenures) -> bool:
        """The agent may act for this owner, and does as he was told; the reason why not is flagged."""
        if principal in tenures:
            key = act.unit, principal, act.by
            grant = _in_force(self.grants.get(key), act.at)
            if grant is not None:
                limit = self.case.rule.proxy.max_principals
                if limit is None or self.principals[act.by][principal] < limit:
                    if grant.instruction is None or grant.instruction == act.choice:
                        return True
                    self.flags.add(("proxy_against_instruction", act.unit))
                    return False
                self.flags.add(("proxy_over_limit", act.unit))
            elif _in_force(self.unwritten.get(key), act.at) is not None:
                self.flags.add(("proxy_not_written", act.unit))
        self.flags.add(("proxy_invalid", act.unit))
        return False

    # -- the roll

    def transfer(self, act: Transfer) -> None:
        if not self.in_vote(act.at):
            return
        self.flags.add(("transfer", act.unit))
        if self.case.rule.transfer == "record_date":
            assert self.case.record_date is not None
            if act.at.date() > self.case.record_date:
                return
        ownership = self.ownership(act.unit)
        before = ownership[-1].tenures
        tenures = {owner.id: before.get(owner.id, len(ownership)) for owner in act.to}
        ownership.append(Ownership(act.at, act.to, tenures))

    def deliver(self, act: Deliver) -> None:
        if not act.proof or act.at < self.case.window.open:
            return
        for number, window in self.windows.items():
            if act.at < window.close:
                self.served[number].add(self.numbers[act.unit])

    def roll_correction(self, act: RollCorrection) -> None:
        self.flags.add(("roll_correction", act.unit))

    def in_vote(self, at: datetime) -> bool:
        """From opening to before closing; where there is a second round, to its end."""
        return self.case.window.open <= at < self.end

    # -- what comes out

    def round(self, number: int, window: Window) -> Round:
        """The status of every unit after the round `number`, whose sales count before `window` closes."""
        status: list[Status] = ["none"] * len(self.case.units)
        channels: dict[int, frozenset[str]] = {}
        stands = self.case.rule.transfer == "stands_unless_replaced"
        joint = self.case.rule.joint
        for unit, positions in self.positions[number].items():
            place = self.numbers[unit]
            ownerships = self.ownership(unit)
            if len(ownerships) > 1:
                ownerships = ownerships[:1] + [sale for sale in ownerships[1:] if sale.since < window.close]
            for ownership in reversed(ownerships) if stands else ownerships[-1:]:
                status[place], channels[place] = _joint_status(joint, ownership, positions)
                if status[place] != "none":
                    break  # earlier owners' act stands only until a later owner has a position
        return Round(status, self.served[number], channels)


def _in_force(grants: list[Grant] | None, at: datetime) -> Grant | None:
    """The latest grant in force. Time only moves on, so one that has expired can go for good."""
    while grants:
        if grants[-1].expires is None or at < grants[-1].expires:
            return grants[-1]
        grants.pop()
    return None


def _joint_status(
    joint: Joint, ownership: Ownership, positions: Mapping[Key, Position]
) -> tuple[Status, frozenset[str]]:
    """What the co-owners' positions make of their unit, and the ways in which the deciding acts came."""
    owners, tenures = ownership.owners, ownership.tenures
    if joint == "representative" and len(owners) > 1:
        owners = tuple(owner for owner in owners if owner.rep)
    spoken: list[tuple[Owner, Position]] = []
    for owner in owners:
        position = positions.get((owner.id, tenures[owner.id]))
        if position is not None and position.choice is not None:
            spoken.append((owner, position))
    if not spoken:
        return "none", NO_CHANNEL
    decided = _decided(joint, owners, spoken)
    if decided is None:
        return "unresolved", NO_CHANNEL
    return decided, frozenset(
        position.channel for _owner, position in spoken if position.choice == decided and position.channel is not None
    )


def _decided(joint: Joint, owners: Sequence[Owner], spoken: Sequence[tuple[Owner, Position]]) -> Choice | None:
    """The choice on which the joint rule is met; None where it is not."""
    choices = list(dict.fromkeys([position.choice for _owner, position in spoken]))
    if joint == "shares_two_thirds" and len(owners) > 1:
        whole = sum([_share(owner) for owner in owners])
        for choice in choices:
            behind = sum([_share(owner) for owner, position in spoken if position.choice == choice])
            if 3 * behind >= 2 * whole:
                return choice
        return None
    if len(choices) > 1 or (joint == "unanimous" and len(spoken) < len(owners)):
        return None
    return choices[0]


def _share(owner: Owner) -> Fraction:
    assert owner.share is not None  # where this joint rule holds, each of several co-owners has one
    return owner.share
