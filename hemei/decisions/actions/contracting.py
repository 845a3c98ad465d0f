"""The lift contract: written, opened for signing, signed by each owner, ended with a reason and begun anew."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.decisions import contracting, costing, policy, steps
from hemei.decisions.actions.costing import refuse_unless_running
from hemei.decisions.models import Contract, ContractSignature, Drive
from hemei.decisions.models.drive import Stage
from hemei.ledger import steps as ledger
from hemei.notices import steps as notices
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.promises.days import day_of
from hemei.roll import steps as roll
from hemei.roll.models import Roll, Unit
from hemei.shell.words import day as told_day

CONTRACTS_MAX = 30  # of one drive, ended ones among them: our choice


def who_may_write() -> str:
    return _("The contract is prepared by the residents' committee, the owners' committee or the street office.")


def who_may_sign() -> str:
    return _("Owners of the stairwell sign it, matched with the roll and by their own hand; or on paper at the desk.")


@transaction.atomic(durable=True)
def write_contract(
    *,
    actor: Actor,
    drive: Drive,
    title: str,
    form_key: UUID,
    at: datetime,
    text: str = "",
    builder: str = "",
    manager: str = "",
    running_yuan_a_year: Decimal | None = None,
    running_key: str = "",
    reserve_yuan: Decimal | None = None,
    inspections: str = "",
    warranty: str = "",
    life_years: int | None = None,
    late_text: str = "",
    sale_text: str = "",
    compensation: str = "",
) -> Contract:
    """Begin the drive's contract, or write the draft that stands anew. What is left empty is asked before it opens.

    The same form again returns what it wrote and changes nothing. Raises NotAllowed; Refused while one is open.
    """
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(who_may_write())
    drive = steps.locked_drive(drive)
    words: dict[str, Any] = {
        "title": title,
        "text": text,
        "builder": builder,
        "manager": manager,
        "running_yuan_a_year": _cents(running_yuan_a_year),
        "running_key": running_key,
        "reserve_yuan": _cents(reserve_yuan),
        "inspections": inspections,
        "warranty": warranty,
        "life_years": life_years,
        "late_text": late_text,
        "sale_text": sale_text,
        "compensation": compensation,
    }
    if earlier := sent_before(Contract, form_key=form_key, words={"drive_id": drive.pk, **words}):
        return earlier
    refuse_unless_running(drive)
    contract = Contract.objects.select_for_update().filter(drive=drive, ended_at=None).first()
    if contract is not None and contract.opened_at is not None:
        told = _("The contract is open for signing. End it with a reason first; signatures are then given anew.")
        raise Refused(told)
    if contract is None:
        number = Contract.objects.filter(drive=drive).count() + 1
        if number > CONTRACTS_MAX:
            raise Refused(_("At most %(most)d contracts are kept for a drive.") % {"most": CONTRACTS_MAX})
        contract = Contract(drive=drive, number=number, made_at=at, made_by=actor.person)
    for field, value in (words | {"form_key": form_key}).items():
        setattr(contract, field, value)
    contract.save()
    _record(contract, actor=actor, verb="decisions.contract_written", at=at)
    return contract


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


@transaction.atomic(durable=True)
def open_contract(*, actor: Actor, contract: Contract, at: datetime) -> Contract:
    """Owners sign from now on. Roll, cost table and every word are frozen with a hash.

    Once more changes nothing. Raises NotAllowed; Refused while a term is missing, no vote passed, no plan is frozen, or
    the plan does not fit the roll of today.
    """
    if not policy.runs_at(actor, contract.drive.place):
        raise NotAllowed(who_may_write())
    drive, contract = _locked(contract)
    _refuse_ended(contract)
    if contract.opened_at is not None:
        return contract
    refuse_unless_running(drive)
    if missing := contracting.missing_of(contract):
        told = _("Nobody signs before everything is in it. Missing: %(missing)s.")
        raise Refused(told % {"missing": pgettext("list", ", ").join(missing)})
    decision = contracting.passed_decision(drive, at)
    if decision is None:
        told = _("A contract rests on a vote that passed and was certified by two counters. There is none yet.")
        if drive.uses_common_land:
            told = _("A contract rests on the votes of the stairwell and of the estate, both passed and certified.")
        raise Refused(told)
    plan = costing.frozen_plan(drive)
    if plan is None:
        raise Refused(_("No plan for sharing the cost is frozen yet. Freeze one first."))
    flats = costing.flats_of(drive, day_of(at))
    if changed := costing.changed_since(plan, flats):
        told = _("The roll has changed since the plan was worked out: %(homes)s. Freeze a new plan.")
        raise Refused(told % {"homes": pgettext("list", ", ").join(changed)})
    kept = Roll.objects.get(place=drive.estate_id)
    frozen = roll.freeze(actor=actor, roll=kept, place=drive.place, at=at, only=[flat.key for flat in flats])

    contract.decision, contract.plan, contract.roll, contract.opened_at = decision, plan, frozen, at
    contract.content = contracting.content_of(contract, decision=decision, plan=plan, roll=frozen)
    contract.hash = contracting.hash_of(contract.content)
    contract.save(update_fields=["decision", "plan", "roll", "opened_at", "content", "hash"])
    if drive.homes != len(flats):
        _count_homes(drive, len(flats), actor=actor, at=at)
    said = {"hash": contract.hash, "total": plan.total, "subsidy": plan.subsidy}
    _record(contract, actor=actor, verb="decisions.contract_opened", at=at, public=said)
    _tell("contract_opened", contract, at=at)
    return contract


def _count_homes(drive: Drive, homes: int, *, actor: Actor, at: datetime) -> None:
    """The drive counts the homes that must sign: the roll may have more or fewer than when it began."""
    drive.homes = homes
    steps.drive_changed(drive, "homes", at=at)
    public = {"drive": drive.pk}
    ledger.record(
        subject=drive.matter, actor=actor, verb="decisions.homes_counted", at=at, public=public, row=drive, quiet=True
    )


@transaction.atomic(durable=True)
def sign_contract(*, actor: Actor, contract: Contract, key: str, form_key: UUID, at: datetime) -> ContractSignature:
    """An owner signs for their home on screen. key: the home's, on the roll.

    The home counts once all its owners signed. The same form again returns the first signature. Raises NotAllowed;
    Refused where the frozen roll has another owner, where they signed already, where it is not open.
    """
    owned = policy.homes_in(actor, contract.drive) if policy.own_hand(actor) else []
    if not owned:
        raise NotAllowed(who_may_sign())
    drive, contract = _locked(contract)
    words = {"key": key, "person_id": actor.key}
    if earlier := sent_before(ContractSignature, form_key=form_key, contract=contract, words=words):
        return earlier
    _refuse_unless_open(contract)
    codes = [code for home, code in owned if home == key]
    if not codes:
        raise Refused(_("This home is not yours on the roll of today. Choose one of your own."), field="key")
    on_roll = [code for code in codes if _is_owner(contract, key, code)]
    if not on_roll:
        raise Refused(_another_owner(contract), field="key")
    waiting = [code for code in on_roll if not _signature_of(contract, key, code)]
    if not waiting:
        raise Refused(_already(_signature_of(contract, key, on_roll[0])), field="key")

    signature = ContractSignature.objects.create(
        contract=contract,
        unit=_unit_of(contract, key),
        key=key,
        owner=waiting[0],
        channel="screen",
        signed_on=day_of(at),
        at=at,
        person=actor.person,
        form_key=form_key,
    )
    _record_signature(signature, actor=actor, verb="decisions.contract_signed", at=at)
    _count(contract, drive, actor=actor, at=at)
    return signature


@transaction.atomic(durable=True)
def enter_signature(
    *,
    actor: Actor,
    contract: Contract,
    key: str,
    owner: str,
    signed_on: date,
    photo: Any,
    form_key: UUID,
    at: datetime,
) -> ContractSignature:
    """A clerk types a signature from paper, with a photo of it. It counts once a second clerk confirmed it.

    owner: their code on the roll. The same form again returns the first entry. Raises NotAllowed; Refused for a home
    or an owner that is not on the frozen roll, for one who signed already, for a day outside the signing.
    """
    if not policy.runs_at(actor, contract.drive.place):
        raise NotAllowed(who_may_write())
    _drive, contract = _locked(contract)
    words = {"key": key, "owner": owner, "signed_on": signed_on}
    if earlier := sent_before(ContractSignature, form_key=form_key, contract=contract, words=words):
        return earlier
    _refuse_unless_open(contract)
    if not _is_owner(contract, key, owner):
        raise Refused(_another_owner(contract), field="signer")
    if before := _signature_of(contract, key, owner):
        raise Refused(_already(before), field="signer")
    assert contract.opened_at is not None
    if not day_of(contract.opened_at) <= signed_on <= day_of(at):
        told = _("The contract is signed from %(first)s on, and not on a day that lies ahead.")
        raise Refused(told % {"first": told_day(contract.opened_at)}, field="signed_on")

    signature = ContractSignature.objects.create(
        contract=contract,
        unit=_unit_of(contract, key),
        key=key,
        owner=owner,
        channel="paper",
        signed_on=signed_on,
        at=at,
        photo=uploads.store(file=photo, sort="picture", sent_by=actor.key, at=at),
        entered_by=actor.person,
        form_key=form_key,
    )
    _record_signature(signature, actor=actor, verb="decisions.signature_entered", at=at)
    return signature


@transaction.atomic(durable=True)
def confirm_signature(
    *, actor: Actor, signature: ContractSignature, agrees: bool, at: datetime, why: str = ""
) -> ContractSignature:
    """A second clerk compares the entry with the photo: it counts from now on, or it is refused with a reason.

    Once more changes nothing. Raises NotAllowed; Refused for whoever entered it, or when it was decided otherwise.
    """
    if not policy.runs_at(actor, signature.contract.drive.place):
        raise NotAllowed(who_may_write())
    drive, contract = _locked(signature.contract)
    signature = ContractSignature.objects.select_for_update(of=("self",)).get(pk=signature.pk)
    signature.contract = contract
    if signature.confirmed_at is not None or signature.refused_at is not None or signature.channel == "screen":
        if agrees == (signature.refused_at is None):
            return signature
        raise Refused(_("Somebody has decided on this entry already."))
    _refuse_unless_open(contract)
    assert actor.person is not None
    if signature.entered_by_id == actor.person.pk:
        raise Refused(_("You entered it yourself. A second person compares it with the photo."))
    if not agrees and not why:
        raise Refused(_("Write what does not agree, for whoever entered it."), field="why")

    if agrees:
        signature.confirmed_by, signature.confirmed_at = actor.person, at
    else:
        signature.refused_at, signature.refused_why = at, why
    signature.save(update_fields=["confirmed_by", "confirmed_at", "refused_at", "refused_why"])
    verb = "decisions.signature_confirmed" if agrees else "decisions.signature_refused"
    _record_signature(signature, actor=actor, verb=verb, at=at)
    if agrees:
        _count(contract, drive, actor=actor, at=at)
        _tell("signature_confirmed", contract, at=at, about=signature.pk, codes=[signature.owner])
    return signature


@transaction.atomic(durable=True)
def end_contract(*, actor: Actor, contract: Contract, why: str, at: datetime) -> Contract:
    """It holds no longer, with a reason that everybody reads; for another one all signatures are given anew.

    A draft is laid aside the same way, without a line on the timeline. Once more changes nothing. Raises NotAllowed;
    Refused once the lift is being built.
    """
    if not policy.runs_at(actor, contract.drive.place):
        raise NotAllowed(who_may_write())
    drive, contract = _locked(contract)
    if contract.ended_at is not None:
        return contract
    if drive.stage == Stage.WORKS:
        raise Refused(_("The lift is being built on this contract. It can no longer be ended here."))
    contract.ended_at, contract.ended_why = at, why
    contract.save(update_fields=["ended_at", "ended_why"])
    opened = contract.opened_at is not None
    _record(contract, actor=actor, verb="decisions.contract_ended", at=at, public={"why": why} if opened else None)
    if opened:
        steps.put_contracted(drive=drive, contracted=0, on=None, actor=actor, at=at)
        _tell("contract_ended", contract, at=at, why=why)
    return contract


# -- shared


def _locked(contract: Contract) -> tuple[Drive, Contract]:
    """Drive, then contract, as they stand now."""
    drive = steps.locked_drive(contract.drive)
    rows = Contract.objects.select_for_update(of=("self",)).select_related("roll", "plan")
    found = rows.get(pk=contract.pk)
    found.drive = drive
    return drive, found


def _refuse_ended(contract: Contract) -> None:
    if contract.ended_at is not None:
        told = _("This contract was ended on %(day)s. Signatures are given anew for the next one.")
        raise Refused(told % {"day": told_day(contract.ended_at)})


def _refuse_unless_open(contract: Contract) -> None:
    _refuse_ended(contract)
    if contract.opened_at is None:
        raise Refused(_("The contract is not open for signing yet: something is missing in it."))
    refuse_unless_running(contract.drive)


def _is_owner(contract: Contract, key: str, code: str) -> bool:
    return any(owner.code == code for owner in contracting.owners_of(contract).get(key, ()))


def _another_owner(contract: Contract) -> str:
    assert contract.opened_at is not None
    told = _(
        "The roll that was frozen for this contract on %(day)s has another owner for this home, or has not this home. "
        "Where a home was sold since, the contract is ended and begun anew."
    )
    return told % {"day": told_day(contract.opened_at)}


def _signature_of(contract: Contract, key: str, code: str) -> ContractSignature | None:
    return ContractSignature.objects.filter(contract=contract, key=key, owner=code, refused_at=None).first()


def _already(signature: ContractSignature | None) -> str:
    if signature is not None and not signature.counts:
        return _("A signature on paper was entered for this already. It waits for the second clerk.")
    return _("This owner has signed for this home already.")


def _unit_of(contract: Contract, key: str) -> Unit:
    assert contract.roll is not None
    return Unit.objects.get(roll=contract.roll.roll_id, key=key)


def _count(contract: Contract, drive: Drive, *, actor: Actor, at: datetime) -> None:
    """How many homes have signed, on the drive; with the last one the contract is complete."""
    signatures = list(ContractSignature.objects.filter(contract=contract, refused_at=None))
    signed = contracting.homes_signed(contract, signatures)
    last = max(one.signed_on for one in signatures if one.counts)
    drive = steps.put_contracted(drive=drive, contracted=len(signed), on=last, actor=actor, at=at)
    if len(signed) == drive.homes and contract.completed_at is None:
        contract.completed_at = at
        contract.save(update_fields=["completed_at"])
        _record(contract, actor=actor, verb="decisions.contract_completed", at=at)
        _tell("contract_completed", contract, at=at)


def _record(contract: Contract, *, actor: Actor, verb: str, at: datetime, public: dict[str, Any] | None = None) -> None:
    """On the timeline of the matter where it says something to everybody; else without a line on it."""
    matter, said = contract.drive.matter, {"drive": contract.drive_id, "number": contract.number, **(public or {})}
    ledger.record(subject=matter, actor=actor, verb=verb, at=at, public=said, row=contract, quiet=public is None)


def _record_signature(signature: ContractSignature, *, actor: Actor, verb: str, at: datetime) -> None:
    """In the contract's own chain, which no timeline shows; not even which home is in its public part."""
    ledger.record(subject=signature.contract, actor=actor, verb=verb, at=at, row=signature, quiet=True)


def _tell(
    verb: str, contract: Contract, *, at: datetime, about: int = 0, codes: list[str] | None = None, **words: Any
) -> None:
    """The owners on the frozen roll that have an account; codes: only these."""
    assert contract.roll is not None
    if codes is None:
        codes = [owner.code for owners in contracting.owners_of(contract).values() for owner in owners]
    people = Person.objects.filter(
        matches__ended_at=None, matches__owner__roll=contract.roll.roll_id, matches__owner__code__in=codes
    )
    notices.put(
        kind=f"decisions.{verb}",
        key=f"decisions.{verb}:{contract.pk}:{about}",
        to=people.distinct().order_by("pk"),
        at=at,
        matter=contract.drive.matter,
        words={"number": contract.number, "url": reverse("decisions:contract", args=[contract.drive_id]), **words},
    )
