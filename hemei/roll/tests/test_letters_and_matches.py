"""Letters to owners, and which account is which owner: by the code of a letter, or by a clerk who saw the papers."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from conftest import NOW, put_person, put_seat, put_tie, race, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.ledger.tests.forging import faults
from hemei.notices.models import Notice
from hemei.people import codes
from hemei.people.actions import account, slips
from hemei.people.actions.assistance import begin_sitting
from hemei.people.actor import own
from hemei.people.codes import WrongCode
from hemei.people.models import Code, Person, Tie
from hemei.roll import queries
from hemei.roll.actions.letters import LETTERS_AT_ONCE, call_off_letters, deliver_letters, print_letters
from hemei.roll.actions.matching import (
    ACCOUNTS_MAX,
    end_match,
    match_by_clerk,
    match_by_letter,
    print_match_sheets,
)
from hemei.roll.models import Holding, Match, Owner, OwnerLetter
from hemei.roll.tests.rolls import match, owner_of, put_roll, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FORM = UUID(int=1)
SHARED = {0: ["赵一", "钱二"], 2: [("周五", "1/1", "A7")], 3: [("周五", "1/1", "A7")], 5: [("周五", "1/1", "A7")]}


@pytest.fixture
def roll(estate, stairwell, home, home_upstairs):
    """101 has two owners; 201, 202 and 302 have one and the same."""
    return put_roll(estate, stairwells=[stairwell], owners=SHARED)


@pytest.fixture
def head(area):
    """Of the owners' committee: keeps the roll, and has no counter."""
    return speaking_from(put_seat(put_person("壬主任", "+8613800000009"), "owners", "业委会", area, "head"))


@pytest.fixture
def property_clerk(area):
    return speaking_from(put_seat(put_person("癸物业", "+8613800000010"), "property", "物业", area, "clerk"))


def printed(clerk, roll, *homes, form_key=FORM, at=NOW, **more):
    units = [unit_of(roll, code) for code in homes]
    return print_letters(actor=clerk, roll=roll, units=units, form_key=form_key, at=at, **more)


def typed(actor, code, at=NOW, source="-"):
    return match_by_letter(actor=actor, code=code, source=source, at=at)


def confirmed_by(clerk, owner, person, ground="产证已看", form_key=FORM, at=NOW):
    return match_by_clerk(actor=clerk, owner=owner, person=person, ground=ground, form_key=form_key, at=at)


# letters


def test_each_owner_of_a_home_has_a_letter_and_a_code_of_their_own(clerk, roll):
    first, second = printed(clerk, roll, "0101")
    assert [first.letter.owner.name, second.letter.owner.name] == ["赵一", "钱二"]
    assert first.code != second.code
    assert {len(one.code) for one in (first, second)} == {12}
    assert verbs(roll)[-1] == "roll.letters_printed"


def test_an_owner_of_three_homes_has_one_letter_in_the_box_of_the_first(clerk, roll):
    [one] = printed(clerk, roll, "0302", "0202", "0201")
    assert one.letter.unit == unit_of(roll, "0201")
    assert one.letter.owner.code == "A7"


def test_the_same_form_prints_the_same_codes_and_with_other_homes_nothing(clerk, roll):
    first = printed(clerk, roll, "0101", "0102")
    assert printed(clerk, roll, "0101", "0102") == first
    assert OwnerLetter.objects.count() == Code.objects.count() == 3
    assert verbs(roll).count("roll.letters_printed") == 1
    with pytest.raises(Refused, match="for other homes"):
        printed(clerk, roll, "0101")


def test_a_new_letter_ends_the_code_of_the_one_before(clerk, roll, resident):
    [old] = printed(clerk, roll, "0102")
    [new] = printed(clerk, roll, "0102", form_key=UUID(int=2))
    with pytest.raises(WrongCode, match="already used"):
        typed(resident, old.code)
    assert typed(resident, new.code).owner == owner_of(roll, "0102")
    with pytest.raises(Refused, match="used up"):
        printed(clerk, roll, "0102")


def test_the_rest_is_whoever_is_not_matched_and_has_no_letter_on_its_way(clerk, roll, resident):
    match(owner_of(roll, "0101"), resident.person)
    printed(clerk, roll, "0102")
    rest = printed(clerk, roll, form_key=UUID(int=2), rest=True)
    assert [one.letter.owner.name for one in rest][:3] == ["钱二", "周五", "业主5"]
    assert len(rest) == 9  # of twelve homes, three of one owner: eleven owners, less one matched and one with a letter
    assert printed(clerk, roll, form_key=UUID(int=2), rest=True) == rest
    with pytest.raises(Refused, match="Every owner is matched"):
        printed(clerk, roll, form_key=UUID(int=3), rest=True)
    later = NOW + timedelta(days=91)
    assert len(printed(clerk, roll, form_key=UUID(int=4), rest=True, at=later)) == 10


def test_a_whole_estate_is_printed_part_by_part(clerk, estate):
    roll = put_roll(estate, homes=LETTERS_AT_ONCE + 2)
    assert len(printed(clerk, roll, rest=True)) == LETTERS_AT_ONCE
    assert len(printed(clerk, roll, form_key=UUID(int=2), rest=True)) == 2
    with pytest.raises(Refused, match=f"At most {LETTERS_AT_ONCE} letters"):
        print_letters(actor=clerk, roll=roll, units=list(roll.units.all()), form_key=UUID(int=3), at=NOW)


def test_a_company_has_no_letter_a_clerk_looks_at_its_papers(clerk, roll):
    Owner.objects.filter(pk=owner_of(roll, "0102").pk).update(kind=Owner.Kind.COMPANY)
    with pytest.raises(Refused, match="A clerk matches the others"):
        printed(clerk, roll, "0102")
    with pytest.raises(Refused, match="Tick at least one home"):
        printed(clerk, roll)


def test_only_who_keeps_the_roll_prints_letters(
    roll, head, steward, clerk_elsewhere, property_clerk, resident, owner_upstairs, administrator, visitor
):
    assert printed(head, roll, "0102")
    for other in (steward, clerk_elsewhere, property_clerk, resident, owner_upstairs, administrator, visitor):
        with pytest.raises(NotAllowed):
            printed(other, roll, "0102", form_key=UUID(int=2))
    assert OwnerLetter.objects.count() == 1


def test_the_day_a_letter_was_delivered_is_noted_and_put_right(clerk, roll, resident):
    letters = [one.letter for one in printed(clerk, roll, "0101")]
    words = {"actor": clerk, "roll": roll, "letters": letters}
    later = NOW + timedelta(days=3)
    assert deliver_letters(**words, on=date(2026, 9, 13), at=later) == 2
    assert deliver_letters(**words, on=date(2026, 9, 13), at=later) == 0
    assert deliver_letters(**words, on=date(2026, 9, 14), at=later) == 2
    assert set(OwnerLetter.objects.values_list("delivered_on", flat=True)) == {date(2026, 9, 14)}
    assert verbs(roll).count("roll.letters_delivered") == 2
    with pytest.raises(Refused, match="still to come"):
        deliver_letters(**words, on=date(2026, 9, 16), at=later)
    with pytest.raises(Refused, match="printed later"):
        deliver_letters(**words, on=date(2026, 9, 11), at=later)
    with pytest.raises(NotAllowed):
        deliver_letters(**words | {"actor": resident}, on=date(2026, 9, 13), at=later)


def test_a_letter_that_is_lost_is_called_off_and_the_owner_is_due_another(clerk, roll, resident, steward):
    [letter] = printed(clerk, roll, "0102")
    owner = letter.letter.owner
    with pytest.raises(NotAllowed):
        call_off_letters(actor=steward, owner=owner, at=NOW)
    assert call_off_letters(actor=clerk, owner=owner, at=NOW) == 1
    assert call_off_letters(actor=clerk, owner=owner, at=NOW) == 0
    assert verbs(roll).count("roll.letters_called_off") == 1
    with pytest.raises(WrongCode):
        typed(resident, letter.code)
    rest = printed(clerk, roll, form_key=UUID(int=2), rest=True)
    assert owner in [one.letter.owner for one in rest]


def test_whoever_is_not_matched_any_more_is_due_a_letter_again(clerk, roll, resident):
    made = typed(resident, printed(clerk, roll, "0102")[0].code)
    end_match(actor=resident, match=made, at=NOW)
    rest = printed(clerk, roll, form_key=UUID(int=2), rest=True)
    assert made.owner in [one.letter.owner for one in rest]


# by letter


def test_whoever_types_the_code_is_the_owner_and_belongs_to_all_their_homes(clerk, roll, stranger):
    [letter] = printed(clerk, roll, "0201")
    made = typed(stranger, letter.code[:4] + " " + letter.code[4:])
    assert (made.owner.code, made.how, made.person) == ("A7", "letter", stranger.person)
    units = [unit_of(roll, code) for code in ("0201", "0202", "0302")]
    assert queries.owned_by(stranger.person, roll.pk) == [(unit.pk, "A7") for unit in units]
    ties = Tie.objects.filter(person=stranger.person, role="own", grade="confirmed", ended_at=None)
    assert {tie.place_id for tie in ties} == {unit.place_id for unit in units}
    assert verbs(roll)[-1] == "roll.matched"
    assert faults("roll.") == []
    assert not [fault for fault in faults("people.tie") if any(f":{tie.pk}:" in fault for tie in ties)]


def test_the_same_code_again_by_the_same_person_changes_nothing(clerk, roll, stranger):
    [letter] = printed(clerk, roll, "0102")
    assert typed(stranger, letter.code) == typed(stranger, letter.code)
    assert Match.objects.count() == 1
    assert verbs(roll).count("roll.matched") == 1


def test_a_used_code_an_expired_one_and_a_wrong_one_are_told_apart(clerk, roll, stranger, resident):
    [letter] = printed(clerk, roll, "0102")
    typed(stranger, letter.code)
    with pytest.raises(WrongCode, match="already used"):
        typed(resident, letter.code)
    with pytest.raises(WrongCode, match="not one of ours"):
        typed(resident, "1" * 12)
    with pytest.raises(WrongCode, match="has 12 digits, and you wrote 8"):
        typed(resident, "1" * 8)
    [late] = printed(clerk, roll, "0301", form_key=UUID(int=2))
    with pytest.raises(WrongCode, match="expired"):
        typed(resident, late.code, at=NOW + timedelta(days=90))
    assert Match.objects.count() == 1


def test_wrong_tries_count_and_end(clerk, roll, resident):
    [letter] = printed(clerk, roll, "0102")
    for number in range(codes.TRIES_AN_HOUR):
        with suppress(WrongCode):
            typed(resident, f"{number:012}", source="10.0.0.9")
    with pytest.raises(TooMany):
        typed(resident, letter.code, source="10.0.0.9")
    assert not Match.objects.exists()
    assert typed(resident, letter.code, source="10.0.0.10"), "whoever sits elsewhere is not locked out"


def test_a_code_of_another_kind_is_none(clerk, roll, home, resident):
    with_slip = put_person("老孙")
    put_tie(with_slip, home)
    slip = slips.print_slip(actor=clerk, person=with_slip, form_key=UUID(int=5), at=NOW)
    for code in (*slip.sign_in, slip.claim):
        with pytest.raises(WrongCode):
            typed(resident, code)


def test_a_guest_signs_in_first(clerk, roll, guest, visitor):
    [letter] = printed(clerk, roll, "0102")
    for nobody in (guest, visitor):
        with pytest.raises(NotAllowed, match="Sign in first"):
            typed(nobody, letter.code)


def test_at_the_counter_it_is_the_person_helped_who_is_matched(clerk, roll, home):
    old = put_person("老孙")
    put_tie(old, home)
    [letter] = printed(clerk, roll, "0102")
    words = {"way": "counter", "evidence": "came in person", "form_key": UUID(int=5), "at": NOW}
    sitting = begin_sitting(actor=clerk, person=old, **words)
    typed(replace(clerk, principal=old, assistance=sitting), letter.code)
    assert Match.objects.get().person == old
    assert Notice.objects.filter(recipient=old, kind="roll.matched").exists()


def test_who_printed_a_letter_does_not_type_its_code_for_themselves(clerk, roll):
    [letter] = printed(clerk, roll, "0102")
    with pytest.raises(Refused, match="You printed this letter"):
        typed(own(clerk.person), letter.code)


def test_an_owner_who_sold_meanwhile_is_matched_with_nothing(clerk, roll, resident):
    [letter] = printed(clerk, roll, "0102")
    Holding.objects.filter(owner=letter.letter.owner).update(until=date(2026, 9, 11))
    with pytest.raises(Refused, match="no home on the roll any more"):
        typed(resident, letter.code)
    assert not Match.objects.exists()


def test_a_sale_ends_what_a_match_gives_by_itself(clerk, roll, resident):
    [letter] = printed(clerk, roll, "0102")
    made = typed(resident, letter.code)
    Holding.objects.filter(owner=made.owner).update(until=date(2026, 9, 11))
    assert queries.owned_by(resident.person, roll.pk) == []


def test_a_declared_tie_is_confirmed_and_a_confirmed_one_left_alone(clerk, roll, newcomer, owner_upstairs):
    declared = put_tie(newcomer.person, unit_of(roll, "0102").place, "own", grade="declared")
    [first, second] = printed(clerk, roll, "0102", "0601")
    typed(newcomer, first.code)
    declared.refresh_from_db()
    assert (declared.grade, declared.confirmed_how) == ("confirmed", "letter")
    typed(owner_upstairs, second.code)
    assert Tie.objects.get(person=owner_upstairs.person).confirmed_how == "clerk"


def test_who_was_matched_with_the_same_owner_is_told_and_else_a_sheet_falls_due(clerk, roll, resident, stranger):
    [letter] = printed(clerk, roll, "0102")
    first = typed(resident, letter.code)
    assert first.paper_due
    assert not Notice.objects.filter(kind__startswith="roll.").exists(), "who typed it knows"
    [letter] = printed(clerk, roll, "0102", form_key=UUID(int=2))
    second = typed(stranger, letter.code)
    assert not second.paper_due
    [told] = Notice.objects.filter(kind__startswith="roll.")
    assert (told.recipient, told.kind) == (resident.person, "roll.matched_too")


def test_the_sheet_to_the_home_is_printed_and_prints_again(clerk, roll, resident, steward):
    made = typed(resident, printed(clerk, roll, "0102")[0].code)
    words = {"actor": clerk, "roll": roll, "matches": [made]}
    assert print_match_sheets(**words, at=NOW) == [made]
    made.refresh_from_db()
    assert made.paper_printed_at == NOW
    assert print_match_sheets(**words, at=NOW + timedelta(hours=1)) == [made]
    made.refresh_from_db()
    assert made.paper_printed_at == NOW
    assert verbs(roll).count("roll.match_sheets_printed") == 1
    with pytest.raises(NotAllowed):
        print_match_sheets(**words | {"actor": steward}, at=NOW)
    with pytest.raises(Refused, match="Tick at least one"):
        print_match_sheets(**words | {"matches": []}, at=NOW)


def test_so_many_accounts_are_one_owner_and_no_more(clerk, roll):
    owner = owner_of(roll, "0102")
    for number in range(ACCOUNTS_MAX):
        match(owner, put_person(f"家人{number}"))
    with pytest.raises(Refused, match=f"{ACCOUNTS_MAX} accounts"):
        confirmed_by(clerk, owner, put_person("多一人"))


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_type_one_code_at_once_one_is_the_owner(clerk, roll):
    [letter] = printed(clerk, roll, "0102")
    people = [own(put_person(f"人{number}", f"+86139{number:08}")) for number in range(50)]
    turn = iter(people)
    outcome = race(50, lambda: typed(next(turn), letter.code, source=f"{threading.get_ident()}"))
    assert outcome.done == 1
    assert len(outcome.refused) == 49
    assert Match.objects.count() == 1
    assert Code.objects.exclude(used_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_typing_one_code_fifty_times_is_matched_once(clerk, roll, resident):
    [letter] = printed(clerk, roll, "0102")
    assert race(50, lambda: typed(resident, letter.code, source=f"{threading.get_ident()}")).done == 50
    assert Match.objects.count() == 1


# by a clerk


def test_a_clerk_who_saw_the_papers_matches_and_the_person_is_told(clerk, roll, stranger):
    [letter] = printed(clerk, roll, "0102")
    made = confirmed_by(clerk, owner_of(roll, "0102"), stranger.person)
    assert (made.how, made.ground) == ("clerk", "产证已看")
    assert confirmed_by(clerk, owner_of(roll, "0102"), stranger.person) == made, "the same form again"
    assert Notice.objects.filter(recipient=stranger.person, kind="roll.matched").count() == 1
    assert queries.owned_by(stranger.person, roll.pk)
    with pytest.raises(WrongCode):
        typed(stranger, letter.code)
    assert faults("roll.") == []


def test_a_ground_is_what_was_seen_and_never_a_number(clerk, roll, stranger):
    owner = owner_of(roll, "0102")
    for ground in ("身份证310104196001011234", "沪房地徐字 (2003) 第 012345 号", "３１０１０４１９６"):
        with pytest.raises(Refused, match="without the number"):
            confirmed_by(clerk, owner, stranger.person, ground=ground)
    with pytest.raises(Refused, match="Say what you saw"):
        confirmed_by(clerk, owner, stranger.person, ground="")
    assert confirmed_by(clerk, owner, stranger.person, ground="2019 年产证已看")
    with pytest.raises(Refused, match="already"):
        confirmed_by(clerk, owner, stranger.person, form_key=UUID(int=2))
    with pytest.raises(Refused, match="other words"):
        confirmed_by(clerk, owner, stranger.person, ground="别的")


def test_only_who_keeps_the_roll_matches_and_never_themselves(
    roll, clerk, head, steward, clerk_elsewhere, property_clerk, resident, administrator, visitor, stranger
):
    owner = owner_of(roll, "0102")
    for other in (steward, clerk_elsewhere, property_clerk, resident, administrator, visitor):
        with pytest.raises(NotAllowed):
            confirmed_by(other, owner, stranger.person)
    with pytest.raises(NotAllowed, match="never with one’s own account"):
        confirmed_by(clerk, owner, clerk.person)
    assert confirmed_by(head, owner, stranger.person)
    with pytest.raises(Refused, match="account is gone"):
        confirmed_by(head, owner, put_person("", is_guest=True), form_key=UUID(int=3))


# the end of a match


def test_a_clerk_ends_a_match_with_a_reason_the_person_reads(clerk, roll, resident, stranger):
    made = typed(stranger, printed(clerk, roll, "0201")[0].code)
    with pytest.raises(Refused, match="Say why"):
        end_match(actor=clerk, match=made, at=NOW)
    ended = end_match(actor=clerk, match=made, why="产证不是您的", at=NOW)
    assert end_match(actor=clerk, match=made, why="又一次", at=NOW) == ended
    assert Match.objects.get().ended_why == "产证不是您的"
    assert queries.owned_by(stranger.person, roll.pk) == []
    assert not Tie.objects.filter(person=stranger.person, ended_at=None).exists(), "what it had confirmed"
    assert "产证不是您的" in Notice.objects.get(recipient=stranger.person, kind="roll.match_ended").words["reason"]
    assert verbs(roll).count("roll.match_ended") == 1
    assert faults("roll.") == []


def test_a_tie_that_stood_before_outlives_the_match(clerk, roll, owner_upstairs):
    made = typed(owner_upstairs, printed(clerk, roll, "0601")[0].code, at=NOW + timedelta(hours=1))
    end_match(actor=clerk, match=made, why="错了", at=NOW + timedelta(hours=2))
    assert Tie.objects.get(person=owner_upstairs.person).ended_at is None


def test_the_person_ends_it_without_a_reason(clerk, roll, stranger, resident, steward):
    made = typed(stranger, printed(clerk, roll, "0102")[0].code)
    for other in (resident, steward):
        with pytest.raises(NotAllowed):
            end_match(actor=other, match=made, why="不对", at=NOW)
    assert end_match(actor=stranger, match=made, at=NOW).told_why
    assert not Notice.objects.filter(kind="roll.match_ended").exists()
    assert not Tie.objects.filter(person=stranger.person, ended_at=None).exists()


def test_an_administrator_ends_a_match_though_they_read_no_roll(administrator, clerk, roll, stranger):
    made = typed(stranger, printed(clerk, roll, "0102")[0].code)
    assert end_match(actor=administrator, match=made, why="法院文书", at=NOW).ended_at == NOW


# accounts


def test_a_closed_account_is_no_owner_and_the_ledger_holds(clerk, roll, stranger):
    typed(stranger, printed(clerk, roll, "0102")[0].code)
    account.close_account(actor=stranger, at=NOW)
    ended = Match.objects.get()
    assert (ended.ended_at, ended.ended_why) == (NOW, Match.Ended.CLOSED)
    assert faults("roll.") == []


def test_a_record_taken_over_brings_its_homes_along_once(clerk, roll, home, stranger):
    record = put_person("老孙")
    put_tie(record, home)
    both, alone = owner_of(roll, "0102"), owner_of(roll, "0201")
    for number, owner in enumerate((both, alone)):
        confirmed_by(clerk, owner, record, form_key=UUID(int=10 + number))
    typed(stranger, printed(clerk, roll, "0102")[0].code)
    slip = slips.print_slip(actor=clerk, person=record, form_key=UUID(int=5), at=NOW)
    slips.claim_record(actor=stranger, code=slip.claim, source="-", at=NOW + timedelta(minutes=5))
    held = Match.objects.filter(person=stranger.person, ended_at=None)
    assert {one.owner for one in held} == {both, alone}
    assert Match.objects.get(owner=both, ended_at__isnull=False).told_why
    assert len(queries.owned_by(Person.objects.get(pk=stranger.person.pk), roll.pk)) == 4
    assert faults("roll.") == []


def test_ones_own_data_says_which_owner_one_is_and_nothing_of_others(clerk, roll, stranger):
    typed(stranger, printed(clerk, roll, "0101")[0].code)
    kept = account.export_own_data(actor=stranger, at=NOW)
    assert [row["name"] for row in kept["roll.owner"]["rows"]] == ["赵一"]
    assert len(kept["roll.holding"]["rows"]) == 1
    assert kept["roll.match"]["rows"][0]["person"] == "you"
    assert "钱二" not in str(kept)
    end_match(actor=clerk, match=Match.objects.get(), why="不是", at=NOW)
    kept = account.export_own_data(actor=stranger, at=NOW)
    assert "roll.owner" not in kept
    assert "赵一" not in str(kept)


def test_a_match_changed_behind_the_ledger_is_found(clerk, roll, stranger, resident):
    made = typed(stranger, printed(clerk, roll, "0102")[0].code)
    Match.objects.filter(pk=made.pk).update(person=resident.person)
    assert any(f"roll.match:{made.pk}" in fault for fault in faults("roll.match"))
