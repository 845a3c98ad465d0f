"""What became of each act of one owner, asked of the engine: which one stands, and why another changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hemei.decisions import casefile
from hemei.decisions.models import Act as Row
from hemei.engines import decision as engine
from hemei.engines.decision.acts import Act, Cast, Grant, Revoke, Transfer, Withdraw
from hemei.engines.decision.case import Case
from hemei.engines.decision.verdict import Flag

HARMLESS: frozenset[Flag] = frozenset({"revoked", "duplicate"})


@dataclass(frozen=True)
class Effect:
    """stands: this act is what its owner says now. flags: what the engine answers to this act alone."""

    stands: bool
    flags: tuple[Flag, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not HARMLESS.issuperset(self.flags)


def effects_of(case: Case, unit: str, rows: Sequence[Row]) -> dict[int, Effect]:
    """The effect of each of `rows`, the acts of one owner on `unit` in order of receipt, by the row's key.

    Votes alone are asked about what stands: one does if its home would stand otherwise, had it said something else.
    """
    alone = _alone(case, unit, rows)
    kept: list[Act] = []
    found: dict[int, tuple[Flag, ...]] = {}
    acts = {row.pk: _as_engine(row, unit) for row in rows}
    for pk, act in acts.items():
        new = _flags(alone, unit, [*kept, act]) - _flags(alone, unit, kept)
        found[pk] = tuple(sorted(new))
        if new <= {"revoked"}:
            kept.append(act)
    heard = [pk for pk, flags in found.items() if HARMLESS.issuperset(flags)]
    told_nothing = replace(alone, acts=tuple(_uninstructed(act) for act in alone.acts))
    stands = _status(told_nothing, unit, [acts[pk] for pk in heard])
    return {
        pk: Effect(
            pk in heard
            and isinstance(acts[pk], Cast)
            and stands != _status(told_nothing, unit, [_turned(acts[one], one == pk) for one in heard]),
            flags,
        )
        for pk, flags in found.items()
    }


def _alone(case: Case, unit: str, rows: Sequence[Row]) -> Case:
    """The case with this home alone, and where its agents have their other principals; without any vote."""
    agents = {row.by for row in rows if row.for_owner}
    base = tuple(
        act
        for act in case.acts
        if (isinstance(act, Grant | Withdraw) and (act.to in agents or act.unit == unit))
        or (isinstance(act, Transfer) and act.unit == unit)
    )
    units = {unit} | {act.unit for act in base if isinstance(act, Grant | Withdraw)}
    joint = case.rule.joint if case.rule.joint == "representative" else "presumed_unless_contradicted"
    return replace(
        case,
        rule=replace(case.rule, joint=joint),
        units=tuple(one for one in case.units if one.id in units),
        acts=base,
        notice=None,
        certify_at=None,
        evidence=(),
    )


def _as_engine(row: Row, unit: str) -> Act:
    at = datetime.fromisoformat(casefile.local(row.at))
    if row.kind == Row.Kind.REVOKE:
        return Revoke(at, unit, row.by)
    return Cast(at, unit, row.by, row.choice, row.for_owner or None, channel=row.channel)  # type: ignore[arg-type]


def _with(case: Case, acts: Sequence[Act]) -> Case:
    return replace(case, acts=(*case.acts, *acts))


def _flags(case: Case, unit: str, acts: Sequence[Act]) -> set[Flag]:
    return {flag for flag, at in engine.tally(_with(case, acts)).flags if at == unit}


def _status(case: Case, unit: str, acts: Sequence[Act]) -> str:
    return engine.tally(_with(case, acts)).status[unit]


def _turned(act: Act, turn: bool) -> Act:
    if turn and isinstance(act, Cast):
        return replace(act, choice="against" if act.choice == "for" else "for")
    return act


def _uninstructed(act: Act) -> Act:
    return replace(act, instruction=None) if isinstance(act, Grant) else act
