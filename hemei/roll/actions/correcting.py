"""Corrections of the roll: proposed by one with reason and source, confirmed or declined by another (两人核对).

What changed is seen by its day; what was frozen for a decision stays as it was frozen.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor
from hemei.roll import content, policy, steps
from hemei.roll.actions.lists import who_keeps
from hemei.roll.cells import bare, holds_identity_number
from hemei.roll.lists import made_code
from hemei.roll.models import Correction, Holding, Owner, Roll, Unit
from hemei.roll.vouching import Row, save_changed

CORRECTIONS_AN_HOUR = 60  # our choice: a clerk types no faster
What = Correction.What


@dataclass(frozen=True)
class Named:
    """An owner as a correction names them. code: empty for one who stands with this name, or gets a new code."""

    name: str
    share: str = ""
    code: str = ""
    kind: str = Owner.Kind.PERSON
    rep: bool = False


@transaction.atomic(durable=True)
def propose_correction(
    *,
    actor: Actor,
    unit: Unit,
    what: str,
    on: date,
    reason: str,
    source: str,
    area_m2: Decimal | None = None,
    votable: bool | None = None,
    kind: str = "",
    owners: Sequence[Named] = (),
    joint: bool = False,
    sold: bool = False,
    form_key: UUID,
    at: datetime,
) -> Correction:
    """The first key. The argument named by `what` says how it is to be; a home that is gone comes back by `gone`.

    on: from which day it holds; of a sale, the day of registration; of a home that is gone, its last day. sold: title
    was transferred; else a slip of the pen is put right, and who was named wrongly never was an owner. The same form
    again returns the first. Raises NotAllowed; Refused beside the field.
    """
    if not policy.may_keep(actor, unit.roll.place):
        raise NotAllowed(who_keeps())

    roll = steps.locked(unit.roll)  # lock
    unit = _again(unit, roll)
    sold = sold and what == What.OWNERS
    words = {"unit_id": unit.pk, "what": what, "sold": sold, "on": on, "reason": reason, "source": source}
    if what == What.AREA:
        words["after"] = {"area_m2": content.area_of(area_m2)}
    if earlier := sent_before(Correction, form_key=form_key, words=words):
        return earlier
    take(key=f"roll.correction:{actor.key}", most=CORRECTIONS_AN_HOUR, seconds=3600, at=at)
    if on > timezone.localdate(at):  # validate
        raise Refused(_("This day has not come yet. A correction is proposed when it holds."), field="on")
    _refuse_identity_numbers(reason=reason, source=source, **{f"code{n}": one.code for n, one in enumerate(owners, 1)})
    if unit.until is not None and what != What.GONE:
        raise Refused(_("This home is not on the roll any more. Put it back first."))
    if _waiting(unit):
        raise Refused(_("Another correction of this home waits for its second key. It has to be decided first."))
    before = state_of(unit, what)
    if what == What.OWNERS:
        after: dict[str, Any] = {"owners": _owners_wanted(unit, owners, joint=joint, sold=sold)}
    elif what == What.GONE:
        after = {"until": None if unit.until else on.isoformat()}
    else:
        after = words.get("after") or {what: votable if what == What.VOTABLE else kind}
    if after == before:
        raise Refused(_("It stands so already. Nothing would change."))
    _refuse_impossible(unit, what, after, on=on, sold=sold)

    correction = Correction.objects.create(  # write
        roll=roll,
        unit=unit,
        what=what,
        sold=sold,
        on=on,
        before=before,
        after=after,
        reason=reason,
        source=source,
        proposed_by=actor.person,
        proposed_at=at,
        form_key=form_key,
    )
    _record(correction, "roll.correction_proposed", actor, at)
    return correction


@transaction.atomic(durable=True)
def confirm_correction(*, actor: Actor, correction: Correction, at: datetime) -> Correction:
    """The second key: the roll is changed. Confirmed twice it is changed once.

    Raises NotAllowed, also for who proposed it; Refused when it was declined, or the home changed meanwhile.
    """
    _refuse_same_hand(actor, correction)

    roll = steps.locked(correction.roll)  # lock
    chain = ledger.lock_chain(roll)
    correction = Correction.objects.select_related("unit").get(pk=correction.pk)
    unit = correction.unit = _again(correction.unit, roll)
    if correction.confirmed_at is not None:
        return correction
    if correction.declined_at is not None:  # validate
        raise Refused(_("This correction was declined. A new one can be proposed."))
    if state_of(unit, correction.what) != correction.before or _is_taken_meanwhile(unit, correction):
        raise Refused(_("The roll has changed since this was proposed. Decline it, and propose it anew."))
    _refuse_impossible(unit, correction.what, correction.after, on=correction.on, sold=correction.sold)

    changed = _CHANGES[What(correction.what)](unit, correction)  # write
    correction.confirmed_by, correction.confirmed_at = actor.person, at
    correction.save(update_fields=["confirmed_by", "confirmed_at"])
    roll.version += 1
    roll.save(update_fields=["version"])
    save_changed(changed, roll=roll, chain=chain, actor=actor, at=at)
    public = {"correction": correction.pk, "what": correction.what}
    ledger.record(subject=roll, actor=actor, verb="roll.corrected", at=at, public=public, row=correction, chain=chain)
    return correction


@transaction.atomic(durable=True)
def decline_correction(*, actor: Actor, correction: Correction, why: str, at: datetime) -> Correction:
    """The second key is not turned, for a reason. Declined twice it is declined once.

    Raises NotAllowed, also for who proposed it; Refused when it was confirmed meanwhile.
    """
    _refuse_same_hand(actor, correction)

    roll = steps.locked(correction.roll)  # lock
    correction = Correction.objects.get(pk=correction.pk)
    correction.roll = roll
    if correction.declined_at is not None and correction.declined_by_id == actor.key and correction.declined_why == why:
        return correction
    if correction.declined_at is not None:  # validate
        raise Refused(_("This correction was declined. A new one can be proposed."))
    if correction.confirmed_at is not None:
        raise Refused(_("This correction was confirmed meanwhile."))

    correction.declined_by, correction.declined_at, correction.declined_why = actor.person, at, why  # write
    correction.save(update_fields=["declined_by", "declined_at", "declined_why"])
    _record(correction, "roll.correction_declined", actor, at)
    return correction


def _refuse_same_hand(actor: Actor, correction: Correction) -> None:
    if not policy.may_keep(actor, correction.roll.place):
        raise NotAllowed(who_keeps())
    if correction.proposed_by_id == actor.key:
        raise NotAllowed(_("You proposed this correction. Somebody else who keeps the roll confirms or declines it."))


def _record(correction: Correction, verb: str, actor: Actor, at: datetime) -> None:
    public = {"correction": correction.pk, "what": correction.what}
    ledger.record(subject=correction.roll, actor=actor, verb=verb, at=at, public=public, row=correction)


def _again(unit: Unit, roll: Roll) -> Unit:
    unit = Unit.objects.get(pk=unit.pk)
    unit.roll = roll
    return unit


def _waiting(unit: Unit) -> bool:
    return Correction.objects.filter(unit=unit, confirmed_at=None, declined_at=None).exists()


def _refuse_identity_numbers(**words: str) -> None:
    for field, text in words.items():
        if holds_identity_number(text):
            raise Refused(_("Numbers of identity cards are not kept here. Leave it out."), field=field)


# how it stands, and how it is to be


def state_of(unit: Unit, what: str) -> dict[str, Any]:
    """What a correction would change, as it stands now."""
    if what == What.OWNERS:
        return {"owners": [_plain(holding) for holding in _held_now(unit)]}
    if what == What.AREA:
        return {"area_m2": content.area_of(unit.area_m2)}
    if what == What.GONE:
        return {"until": unit.until.isoformat() if unit.until else None}
    return {what: getattr(unit, what)}


def _held_now(unit: Unit) -> list[Holding]:
    rows = Holding.objects.filter(unit=unit, until=None).select_related("owner")
    return list(rows.order_by("owner__code", "pk"))


def _plain(holding: Holding) -> dict[str, Any]:
    owner = holding.owner
    share = content.share_of(holding.share_num, holding.share_den)
    said = {"code": owner.code, "name": owner.name, "kind": owner.kind, "share": share}
    return said | {"joint": holding.joint, "rep": holding.rep}


def _owners_wanted(unit: Unit, owners: Sequence[Named], *, joint: bool, sold: bool) -> list[dict[str, Any]]:
    """The owners with their codes and shares, in the order of the codes. Raises Refused."""
    if not owners:
        raise Refused(_("A home has at least one owner. Write who owns it."))
    if sum(owner.rep for owner in owners) > 1:
        raise Refused(_("One owner speaks for a home, not several."))
    coded = _coded(unit, owners, sold=sold)
    if len({owner.code for owner in coded}) < len(coded):
        raise Refused(_("One owner is named twice. Keep each once."))
    joint = joint and len(coded) > 1
    shares = _shares(coded, joint=joint)
    said = [
        asdict(owner) | {"share": content.share_of(*share.as_integer_ratio()), "joint": joint}
        for owner, share in zip(coded, shares, strict=True)
    ]
    return sorted(said, key=lambda one: str(one["code"]))


def _shares(owners: Sequence[Named], *, joint: bool) -> list[Fraction]:
    given = [owner.share for owner in owners if owner.share]
    if joint or (len(owners) == 1 and not given):
        if given:
            raise Refused(_("Who owns jointly has no shares. Leave the shares empty, or untick it."))
        return [Fraction(1, len(owners))] * len(owners)
    if len(given) < len(owners):
        raise Refused(_("Write the share of each owner, or tick that they own jointly."))
    shares = [Fraction(share) for share in given]
    if sum(shares) != 1:
        told = _("The shares add up to %(sum)s and not to 1.")
        raise Refused(told % {"sum": content.share_of(*sum(shares, Fraction(0)).as_integer_ratio())})
    return shares


def _coded(unit: Unit, owners: Sequence[Named], *, sold: bool) -> list[Named]:
    """Each owner with the code they stand under, or a new one. Only a slip of the pen gives an owner of this home
    another name under the same code."""
    here = {holding.owner.code: holding.owner for holding in _held_now(unit)}
    known = {bare(owner.name): owner for owner in here.values()}
    coded = []
    for named in owners:
        if named.code:
            stands = Owner.objects.filter(roll=unit.roll, code=named.code).first()
        else:
            stands = known.get(bare(named.name))
        if stands is None and not named.code:
            _refuse_same_name(unit, named)
            coded.append(replace(named, code=_free_code(unit, {one.code for one in [*coded, *owners]})))
        elif stands is None or (not sold and stands.code in here):
            coded.append(replace(named, code=stands.code if stands else named.code))
        elif bare(stands.name) != bare(named.name):
            told = _("The number %(code)s is that of %(name)s. Write another number, or that name.")
            raise Refused(told % {"code": named.code, "name": stands.name})
        else:
            coded.append(replace(named, code=stands.code, name=stands.name, kind=stands.kind))
    return coded


def _refuse_same_name(unit: Unit, named: Named) -> None:
    """The law counts heads: a name that stands elsewhere may be the same owner, and only a number tells."""
    rows = Owner.objects.filter(roll=unit.roll, holdings__until=None).order_by("code").values_list("name", "code")
    for name, code in rows.distinct().iterator(2000):
        if bare(name) == bare(named.name):
            told = _(
                "“%(name)s” stands on the roll already, with the number %(code)s. If it is the same owner, write this "
                "number; if it is another one, write a number of their own."
            )
            raise Refused(told % {"name": named.name, "code": code})


def _free_code(unit: Unit, taken: set[str]) -> str:
    number = 1
    while made_code(unit.key, number) in taken or _is_taken(unit, made_code(unit.key, number)):
        number += 1
    return made_code(unit.key, number)


def _is_taken(unit: Unit, code: str) -> bool:
    return Owner.objects.filter(roll=unit.roll, code=code).exists()


def _is_taken_meanwhile(unit: Unit, correction: Correction) -> bool:
    """Whether a number that the correction gives to an owner is by now somebody else's."""
    wanted = {one["code"]: one["name"] for one in correction.after.get("owners", [])}
    here = {one["code"] for one in correction.before.get("owners", [])}
    rows = Owner.objects.filter(roll=unit.roll, code__in=wanted.keys() - here).values_list("code", "name")
    return any(bare(name) != bare(wanted[code]) for code, name in rows)


def _refuse_impossible(unit: Unit, what: str, after: dict[str, Any], *, on: date, sold: bool) -> None:
    """What no row could say: somebody who owned a home until before they began to."""
    if what == What.GONE and after["until"] is not None:
        ending, last = _held_now(unit), on
    elif what == What.OWNERS:
        ending, last = _Change(unit, after["owners"], sold=sold).ending, on - timedelta(days=1)
    else:
        return
    if late := [holding.since for holding in ending if holding.since is not None and holding.since > last]:
        told = _("An owner holds this home since %(day)s only. Choose a later day.")
        raise Refused(told % {"day": max(late).isoformat()}, field="on")


# how it is done

Changed = list[tuple[Row, tuple[str, ...]]]  # rows, and their fields to be saved; new rows are saved whole


class _Change:
    """What becomes of the holdings of a home. A sale ends some and begins others; a slip of the pen is put right in
    the rows that had it, as far as there are as many.

    righted: holdings and what they are to say. ending: those that end. beginning: what new ones say.
    """

    def __init__(self, unit: Unit, wanted: list[dict[str, Any]], *, sold: bool) -> None:
        held = {holding.owner.code: holding for holding in _held_now(unit)}
        same = {one["code"] for one in wanted if one["code"] in held and _holds(held[one["code"]], one)}
        self.ending = [holding for code, holding in held.items() if code not in same]
        self.beginning = [one for one in wanted if one["code"] not in same]
        self.righted: list[tuple[Holding, dict[str, Any]]] = []
        if sold:
            return
        by_code = {one["code"]: one for one in self.beginning}
        for holding in list(self.ending):
            if holding.owner.code in by_code:
                self._right(holding, by_code[holding.owner.code])
        for holding, one in list(zip(self.ending, self.beginning, strict=False)):
            self._right(holding, one)

    def _right(self, holding: Holding, one: dict[str, Any]) -> None:
        self.righted.append((holding, one))
        self.ending.remove(holding)
        self.beginning.remove(one)


def _holds(holding: Holding, wanted: dict[str, Any]) -> bool:
    plain = _plain(holding)
    return all(plain[part] == wanted[part] for part in ("share", "joint", "rep"))


def _put_owners(unit: Unit, correction: Correction) -> Changed:
    wanted = correction.after["owners"]
    change = _Change(unit, wanted, sold=correction.sold)
    owners, changed = _owners(unit, wanted, sold=correction.sold)
    since = correction.on if correction.sold else _since(unit)
    for holding, one in change.righted:
        changed.append((_filled(holding, owners[one["code"]], one), _PARTS))
    for holding in change.ending:
        holding.until = correction.on - timedelta(days=1)
        changed.append((holding, ("until",)))
    for one in change.beginning:
        changed.append((_filled(Holding(unit=unit, since=since), owners[one["code"]], one), ()))
    return changed


_PARTS = ("owner", "share_num", "share_den", "joint", "rep")


def _filled(holding: Holding, owner: Owner, one: dict[str, Any]) -> Holding:
    share = Fraction(one["share"])
    holding.owner, holding.share_num, holding.share_den = owner, share.numerator, share.denominator
    holding.joint, holding.rep = one["joint"], one["rep"]
    return holding


def _since(unit: Unit) -> date | None:
    """Since when the present owners hold it; None where one of them did from the beginning of the roll."""
    days = [holding.since for holding in _held_now(unit)]
    return None if None in days else min((day for day in days if day is not None), default=None)


def _owners(unit: Unit, wanted: list[dict[str, Any]], *, sold: bool) -> tuple[dict[str, Owner], Changed]:
    """The owners by code, with those who are new or, by a slip of the pen, called otherwise, to be saved first."""
    rows = Owner.objects.filter(roll=unit.roll, code__in=[one["code"] for one in wanted])
    owners = {owner.code: owner for owner in rows}
    changed: Changed = []
    for one in wanted:
        owner = owners.get(one["code"])
        if owner is None:
            owner = owners[one["code"]] = Owner(roll=unit.roll, code=one["code"], name=one["name"], kind=one["kind"])
            changed.append((owner, ()))
        elif not sold and (owner.name, owner.kind) != (one["name"], one["kind"]):
            owner.name, owner.kind = one["name"], one["kind"]
            changed.append((owner, ("name", "kind")))
    return owners, changed


def _put_area(unit: Unit, correction: Correction) -> Changed:
    unit.area_m2 = Decimal(correction.after["area_m2"]).quantize(Decimal("0.0001"))
    return [(unit, ("area_m2",))]


def _put_votable(unit: Unit, correction: Correction) -> Changed:
    unit.votable = correction.after["votable"]
    return [(unit, ("votable",))]


def _put_kind(unit: Unit, correction: Correction) -> Changed:
    unit.kind = correction.after["kind"]
    return [(unit, ("kind",))]


def _put_gone(unit: Unit, correction: Correction) -> Changed:
    """Its holdings end with it, and come back with it."""
    was, told = unit.until, correction.after["until"]
    unit.until = date.fromisoformat(told) if told else None
    holdings = Holding.objects.filter(unit=unit, until=was).order_by("pk")
    changed: Changed = [(unit, ("until",))]
    for holding in holdings:
        holding.until = unit.until
        changed.append((holding, ("until",)))
    return changed


_CHANGES = {
    What.AREA: _put_area,
    What.OWNERS: _put_owners,
    What.VOTABLE: _put_votable,
    What.KIND: _put_kind,
    What.GONE: _put_gone,
}
