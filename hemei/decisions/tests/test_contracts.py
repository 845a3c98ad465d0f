"""The lift contract: complete before anybody signs, signed by every owner, ended with a reason and begun anew."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conftest import NOW, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import contracting, costing
from hemei.decisions.actions.contracting import (
    confirm_signature,
    end_contract,
    enter_signature,
    open_contract,
    sign_contract,
    write_contract,
)
from hemei.decisions.actions.costing import freeze_plan, keep_plan
from hemei.decisions.costing import Asked
from hemei.decisions.models import Contract, ContractSignature, Decision, Drive
from hemei.decisions.tests.cast import PREFIX, Cast, faults, put_drive
from hemei.decisions.tests.printed import put_certified
from hemei.decisions.tests.test_costs import NOT_THE_DESK, someone
from hemei.notices.models import Notice
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance
from hemei.roll.models import Holding, Owner

TERMS: dict[str, Any] = {
    "title": "3号楼1单元加装电梯协议",
    "text": "加装一部电梯，六层六站。争议先由居委会调解。",
    "builder": "沪宁电梯工程",
    "manager": "龙吴物业",
    "running_yuan_a_year": Decimal("12000"),
    "running_key": "一楼不出，其余按爬楼层数",
    "reserve_yuan": Decimal("3000"),
    "inspections": "物业每年到期前一个月申请检验",
    "warranty": "整机质保五年",
    "life_years": 15,
    "late_text": "后来加入的户按剩余年限补缴",
    "sale_text": "房屋出售，权利义务随房转移",
    "compensation": "没有补偿",
}


@pytest.fixture
def drive(cast: Cast) -> Drive:
    return put_drive(cast, stage="contract")


def photo() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "JPEG")
    return SimpleUploadedFile("page.jpg", made.getvalue(), "image/jpeg")


def written(cast: Cast, drive: Drive, **more: Any) -> Contract:
    return write_contract(**({"actor": cast.clerk, "drive": drive, "form_key": uuid4(), "at": NOW} | TERMS | more))


def ready(cast: Cast, drive: Drive) -> Contract:
    """Complete, on a vote that passed and a frozen plan."""
    put_certified(cast, drive=drive)
    plan = keep_plan(
        actor=cast.clerk, drive=drive, name="广州系数", asked=Asked(works="700000"), form_key=uuid4(), at=NOW
    )
    freeze_plan(actor=cast.clerk, plan=plan, at=NOW)
    return written(cast, drive)


@pytest.fixture
def contract(cast: Cast, drive: Drive) -> Contract:
    return open_contract(actor=cast.head, contract=ready(cast, drive), at=NOW)


def signed(cast: Cast, contract: Contract, home: str, **more: Any) -> ContractSignature:
    code = more.pop("code", f"w{'0501' if home == '0502' else home}")
    words = {"actor": cast.owners.get(code), "key": f"{PREFIX}{home}", "form_key": uuid4(), "at": NOW} | more
    return sign_contract(contract=contract, **words)


def entered(cast: Cast, contract: Contract, home: str, **more: Any) -> ContractSignature:
    words = {
        "actor": cast.clerk,
        "key": f"{PREFIX}{home}",
        "owner": f"w{'0501' if home == '0502' else home}",
        "signed_on": NOW.date(),
        "photo": photo(),
        "form_key": uuid4(),
        "at": NOW,
    }
    return enter_signature(contract=contract, **(words | more))


def confirmed(cast: Cast, signature: ContractSignature, **more: Any) -> ContractSignature:
    words = {"actor": cast.second_clerk, "agrees": True, "at": NOW} | more
    return confirm_signature(signature=signature, **words)


def sign_all(cast: Cast, contract: Contract) -> None:
    for home in cast.homes[:-1]:
        signed(cast, contract, home.code)
    signed(cast, contract, "0602", code="w0602a")
    signed(cast, contract, "0602", code="w0602b")


# writing


def test_a_draft_can_be_left_unfinished_and_is_written_on(cast: Cast, drive: Drive) -> None:
    first = written(cast, drive, **dict.fromkeys(("manager", "inspections", "warranty"), ""), life_years=None)
    assert contracting.missing_of(first) == [
        "Who runs the lift",
        "Who asks for the inspection, and when",
        "Warranty",
        "Years over which a late joiner's share falls",
    ]
    second = written(cast, drive)
    assert (first.pk, second.number, second.manager) == (second.pk, 1, "龙吴物业")
    assert contracting.missing_of(second) == []
    assert faults() == []


def test_a_sum_of_nothing_is_written_and_not_missing(cast: Cast, drive: Drive) -> None:
    draft = written(cast, drive, reserve_yuan=Decimal("0"))
    draft.refresh_from_db()
    assert contracting.missing_of(draft) == []


def test_the_same_form_writes_once_and_with_other_words_is_refused(cast: Cast, drive: Drive) -> None:
    key = uuid4()
    first = written(cast, drive, form_key=key)
    assert written(cast, drive, form_key=key) == first
    with pytest.raises(Refused, match="already sent with other words"):
        written(cast, drive, form_key=key, manager="别家物业")


# opening


@pytest.mark.parametrize("term", list(contracting.TERMS))
def test_nobody_signs_before_every_term_is_written(cast: Cast, drive: Drive, term: str) -> None:
    ready(cast, drive)
    draft = written(cast, drive, **{term: "" if isinstance(TERMS[term], str) else None})
    with pytest.raises(Refused, match=f"Missing: {contracting.TERMS[term]}"):
        open_contract(actor=cast.clerk, contract=draft, at=NOW)
    with pytest.raises(Refused, match="not open for signing yet"):
        signed(cast, draft, "0101")
    assert not ContractSignature.objects.exists()


@pytest.mark.parametrize("rejected", [False, True])
def test_it_rests_on_a_vote_that_passed(cast: Cast, drive: Drive, rejected: bool) -> None:
    if rejected:
        put_certified(cast, {home.code: "against" for home in cast.homes}, outcome="rejected", drive=drive)
    plan = keep_plan(actor=cast.clerk, drive=drive, name="按层", asked=Asked(works="700000"), form_key=uuid4(), at=NOW)
    freeze_plan(actor=cast.clerk, plan=plan, at=NOW)
    with pytest.raises(Refused, match="There is none yet"):
        open_contract(actor=cast.clerk, contract=written(cast, drive), at=NOW)


def test_where_common_land_is_used_the_estate_must_have_passed_as_well(cast: Cast) -> None:
    drive = put_drive(cast, stage="contract", uses_common_land=True)
    draft = ready(cast, drive)
    with pytest.raises(Refused, match="of the estate, both passed"):
        open_contract(actor=cast.clerk, contract=draft, at=NOW)
    estate = put_certified(cast, place=cast.estate, outcome="passed")
    Decision.objects.filter(drive=drive).update(linked=estate)
    Decision.objects.filter(pk=estate.pk).update(outcome="rejected")
    with pytest.raises(Refused, match="of the estate, both passed"):
        open_contract(actor=cast.clerk, contract=draft, at=NOW)
    Decision.objects.filter(pk=estate.pk).update(outcome="passed")
    assert open_contract(actor=cast.clerk, contract=draft, at=NOW).opened_at == NOW


def test_it_needs_a_frozen_plan_that_fits_the_roll(cast: Cast, drive: Drive) -> None:
    put_certified(cast, drive=drive)
    draft = written(cast, drive)
    with pytest.raises(Refused, match="No plan for sharing the cost is frozen"):
        open_contract(actor=cast.clerk, contract=draft, at=NOW)
    draft = ready(cast, drive)
    from hemei.roll.models import Unit

    Unit.objects.filter(key="03/1/0301").update(area_m2=Decimal("70"))
    with pytest.raises(Refused, match=r"roll has changed.*03/1/0301"):
        open_contract(actor=cast.clerk, contract=draft, at=NOW)


def test_opened_it_freezes_roll_table_and_every_word(cast: Cast, contract: Contract) -> None:
    content = json.loads(contract.content)
    assert contract.hash == contracting.hash_of(contract.content) == contract.recomputed()["hash"]
    assert content["roll"] == contract.roll.hash
    assert content["plan"]["shares"] == contract.plan.answer["shares"]
    assert sum(map(Fraction, content["plan"]["shares"].values())) == Fraction(content["plan"]["net"]) == 420_000
    assert content["terms"]["manager"] == "龙吴物业"
    assert content["terms"]["running_yuan_a_year"] == "12000.00"
    assert content["late_example"] == {"share": "53529.41", "years": "4.5", "life": 15, "pays": "37470.59"}
    assert not any(owner.person.name in contract.content for owner in cast.owners.values())
    assert open_contract(actor=cast.clerk, contract=contract, at=NOW).hash == contract.hash
    assert verbs(contract.drive.matter).count("decisions.contract_opened") == 1
    with pytest.raises(Refused, match="open for signing"):
        written(cast, contract.drive, manager="别家物业")
    told = Notice.objects.filter(kind="decisions.contract_opened").values_list("recipient", flat=True)
    assert set(told) == {actor.person.pk for actor in cast.owners.values()}
    assert faults() == []


def test_an_altered_content_is_named_by_the_check(cast: Cast, contract: Contract) -> None:
    Contract.objects.filter(pk=contract.pk).update(content=contract.content.replace("53529", "50000"))
    assert any("contract" in fault for fault in faults())


# signing on screen


def test_a_home_counts_once_all_its_owners_signed(cast: Cast, contract: Contract) -> None:
    drive = contract.drive
    signed(cast, contract, "0101")
    signed(cast, contract, "0602", code="w0602a")
    drive.refresh_from_db()
    assert drive.contracted == 1
    signed(cast, contract, "0602", code="w0602b")
    drive.refresh_from_db()
    assert (drive.contracted, drive.contracted_on) == (2, None)
    assert faults() == []


def test_an_owner_of_two_homes_signs_for_each(cast: Cast, contract: Contract) -> None:
    signed(cast, contract, "0501")
    signed(cast, contract, "0502")
    contract.drive.refresh_from_db()
    assert contract.drive.contracted == 2


def test_with_the_last_home_it_is_complete_and_everybody_reads_it(cast: Cast, contract: Contract) -> None:
    sign_all(cast, contract)
    contract.refresh_from_db()
    contract.drive.refresh_from_db()
    assert contract.completed_at == NOW
    assert (contract.drive.contracted, contract.drive.contracted_on) == (12, NOW.date())
    assert verbs(contract.drive.matter).count("decisions.all_contracted") == 1
    assert Notice.objects.filter(kind="decisions.contract_completed").count() == len(cast.owners)
    assert faults() == []


def test_the_same_form_signs_once_and_another_is_refused(cast: Cast, contract: Contract) -> None:
    key = uuid4()
    first = signed(cast, contract, "0301", form_key=key)
    assert signed(cast, contract, "0301", form_key=key) == first
    with pytest.raises(Refused, match="has signed for this home already"):
        signed(cast, contract, "0301")
    with pytest.raises(Refused, match="other words"):
        signed(cast, contract, "0101", actor=cast.owners["w0301"], form_key=key)
    assert ContractSignature.objects.count() == 1


def test_nobody_signs_for_a_home_that_is_not_theirs(cast: Cast, contract: Contract) -> None:
    with pytest.raises(Refused, match="not yours"):
        signed(cast, contract, "0101", actor=cast.owners["w0201"])
    assert not ContractSignature.objects.exists()


def test_who_bought_after_the_roll_was_frozen_is_told_what_to_do(cast: Cast, contract: Contract) -> None:
    Holding.objects.filter(unit__key="03/1/0401").update(owner=Owner.objects.get(code="w0201"))
    with pytest.raises(Refused, match="has another owner for this home"):
        signed(cast, contract, "0401", actor=cast.owners["w0201"])


@pytest.mark.parametrize("who", [*[one for one in NOT_THE_DESK if one != "owner"], "clerk", "head"])
def test_only_an_owner_signs(request: pytest.FixtureRequest, cast: Cast, contract: Contract, who: str) -> None:
    with pytest.raises(NotAllowed):
        signed(cast, contract, "0101", actor=someone(cast, who, request))
    assert not ContractSignature.objects.exists()


def test_nobody_signs_for_an_owner_nor_an_owner_from_a_seat(cast: Cast, contract: Contract) -> None:
    owner = cast.owners["w0101"].person
    helped = Assistance.objects.create(
        helper=cast.clerk.person, principal=owner, way="counter", evidence="产证已看", began_at=NOW, form_key=uuid4()
    )
    acting = Actor(person=cast.clerk.person, principal=owner, assistance=helped, strong=True)
    with pytest.raises(NotAllowed):
        signed(cast, contract, "0101", actor=acting)
    seated = Actor(person=owner, principal=owner, seat=cast.volunteer.seat, strong=True)
    with pytest.raises(NotAllowed):
        signed(cast, contract, "0101", actor=seated)


# signing on paper


def test_a_paper_counts_once_another_person_confirmed_it(cast: Cast, contract: Contract) -> None:
    entry = entered(cast, contract, "0101")
    contract.drive.refresh_from_db()
    assert contract.drive.contracted == 0
    with pytest.raises(Refused, match="You entered it yourself"):
        confirmed(cast, entry, actor=cast.clerk)
    assert confirmed(cast, entry).counts
    assert confirmed(cast, entry, actor=cast.head).confirmed_by == cast.second_clerk.person
    contract.drive.refresh_from_db()
    assert contract.drive.contracted == 1
    told = Notice.objects.get(kind="decisions.signature_confirmed")
    assert told.recipient == cast.owners["w0101"].person
    assert faults() == []


def test_the_same_person_from_another_seat_is_no_second_person(cast: Cast, contract: Contract) -> None:
    entry = entered(cast, contract, "0101")
    again = Actor(person=cast.clerk.person, principal=cast.clerk.person, seat=cast.second_clerk.seat, strong=True)
    with pytest.raises(Refused, match="A second person"):
        confirmed(cast, entry, actor=again)


def test_an_entry_that_does_not_agree_is_refused_with_a_reason_and_entered_anew(cast: Cast, contract: Contract) -> None:
    entry = entered(cast, contract, "0101")
    with pytest.raises(Refused, match="Write what does not agree"):
        confirmed(cast, entry, agrees=False)
    assert confirmed(cast, entry, agrees=False, why="是102室签的").refused_at == NOW
    assert confirmed(cast, entry, agrees=False, why="是102室签的").refused_at == NOW
    with pytest.raises(Refused, match="decided on this entry already"):
        confirmed(cast, entry)
    assert confirmed(cast, entered(cast, contract, "0101")).counts
    assert faults() == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"owner": "w0201"}, "another owner for this home"),
        ({"key": "03/1/0999"}, "another owner for this home"),
        ({"key": "04/1/0101"}, "another owner for this home"),
        ({"signed_on": date(2026, 9, 13)}, "not on a day that lies ahead"),
        ({"signed_on": date(2026, 9, 11)}, "signed from"),
    ],
)
def test_a_wrong_entry_is_refused_in_words(cast: Cast, contract: Contract, more: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        entered(cast, contract, "0101", **more)
    assert not ContractSignature.objects.exists()


def test_screen_and_paper_are_one_signature(cast: Cast, contract: Contract) -> None:
    entered(cast, contract, "0101")
    with pytest.raises(Refused, match="waits for the second clerk"):
        signed(cast, contract, "0101")
    signed(cast, contract, "0201")
    with pytest.raises(Refused, match="has signed for this home already"):
        entered(cast, contract, "0201")


@pytest.mark.parametrize("who", NOT_THE_DESK)
def test_only_the_desk_writes_opens_enters_confirms_and_ends(
    request: pytest.FixtureRequest, cast: Cast, contract: Contract, who: str
) -> None:
    actor, entry = someone(cast, who, request), entered(cast, contract, "0101")
    for act in (
        lambda: written(cast, contract.drive, actor=actor),
        lambda: open_contract(actor=actor, contract=contract, at=NOW),
        lambda: entered(cast, contract, "0201", actor=actor),
        lambda: confirmed(cast, entry, actor=actor),
        lambda: end_contract(actor=actor, contract=contract, why="不签了", at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    entry.refresh_from_db()
    contract.refresh_from_db()
    assert (entry.counts, contract.ended_at) == (False, None)


# ending and beginning anew


def test_a_change_ends_it_and_signatures_are_given_anew(cast: Cast, contract: Contract) -> None:
    drive = contract.drive
    sign_all(cast, contract)
    later = NOW + timedelta(days=1)
    end_contract(actor=cast.clerk, contract=contract, why="造价变了", at=later)
    assert end_contract(actor=cast.clerk, contract=contract, why="造价变了", at=later).ended_at == later
    drive.refresh_from_db()
    assert (drive.contracted, drive.contracted_on) == (0, None)
    with pytest.raises(Refused, match="was ended on"):
        signed(cast, contract, "0101", at=later)
    plan = keep_plan(
        actor=cast.clerk, drive=drive, name="新造价", asked=Asked(works="720000"), form_key=uuid4(), at=later
    )
    freeze_plan(actor=cast.clerk, plan=plan, at=later)
    second = open_contract(actor=cast.clerk, contract=written(cast, drive, at=later), at=later)
    assert (second.number, second.plan) == (2, plan)
    signed(cast, second, "0101", at=later)
    drive.refresh_from_db()
    assert drive.contracted == 1
    assert verbs(drive.matter).count("decisions.contract_ended") == 1
    assert faults() == []


def test_a_draft_is_laid_aside_without_a_line_on_the_timeline(cast: Cast, drive: Drive) -> None:
    draft = written(cast, drive)
    end_contract(actor=cast.clerk, contract=draft, why="重写", at=NOW)
    assert written(cast, drive).number == 2
    from hemei.ledger.queries import entries_of

    assert entries_of(drive.matter).get(verb="decisions.contract_ended").quiet
    assert faults() == []


def test_once_the_works_began_it_is_not_ended(cast: Cast, contract: Contract) -> None:
    Drive.objects.filter(pk=contract.drive_id).update(stage="works")
    with pytest.raises(Refused, match="being built"):
        end_contract(actor=cast.clerk, contract=contract, why="不签了", at=NOW)
    with pytest.raises(Refused, match="being built"):
        signed(cast, contract, "0101")


# at once


@pytest.mark.django_db(transaction=True)
def test_two_clerks_confirm_at_once_and_it_counts_once(cast: Cast, contract: Contract) -> None:
    entry = entered(cast, contract, "0101")
    clerks = iter([cast.second_clerk, cast.head] * 4)
    assert race(8, lambda: confirmed(cast, entry, actor=next(clerks))).done == 8
    contract.drive.refresh_from_db()
    assert contract.drive.contracted == 1
    assert verbs(contract).count("decisions.signature_confirmed") == 1
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_of_fifty_signatures_at_once_for_one_home_one_is_kept(cast: Cast, contract: Contract) -> None:
    outcome = race(50, lambda: signed(cast, contract, "0601"))
    assert (outcome.done, len(outcome.refused)) == (1, 49)
    assert ContractSignature.objects.count() == 1
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_all_homes_sign_at_once_and_none_is_lost(cast: Cast, contract: Contract) -> None:
    turn = iter([*[(home.code, None) for home in cast.homes[:-1]], ("0602", "w0602a"), ("0602", "w0602b")])

    def one() -> ContractSignature:
        home, code = next(turn)
        return signed(cast, contract, home, **({"code": code} if code else {}))

    assert race(13, one).done == 13
    contract.refresh_from_db()
    contract.drive.refresh_from_db()
    assert (contract.drive.contracted, contract.completed_at) == (12, NOW)
    assert verbs(contract.drive.matter).count("decisions.all_contracted") == 1
    assert faults() == []


# late joiners and sales


def test_a_late_joiner_pays_what_is_left_and_those_who_paid_get_it_back(cast: Cast, contract: Contract) -> None:
    case = costing.read(contract.plan.case)
    late = costing.late_of(case, home="03/1/0401", years="4.5", life=15)
    assert late is not None
    assert (costing.costs.money(late.share), costing.costs.money(late.pays)) == ("45294.12", "31705.88")
    assert sum(late.refunds.values()) == late.pays
    assert "03/1/0401" not in late.refunds


def test_duties_follow_the_home(cast: Cast, contract: Contract) -> None:
    case = costing.read(contract.plan.case)
    due = costing.owed_after_sale(case, home="03/1/0601", paid="20000", on=NOW.date())
    assert due.owner == "buyer"
    assert due.amount == Fraction(contract.plan.answer["shares"]["03/1/0601"]) - 20_000


def test_the_stranger_is_nobody_in_it(cast: Cast, contract: Contract) -> None:
    with pytest.raises(NotAllowed):
        signed(cast, contract, "0101", actor=own(cast.stranger.person))
