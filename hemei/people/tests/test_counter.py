"""Helping somebody at the counter: sittings, records, slips; what the person sees of it and can contest."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import translation
from PIL import Image

from conftest import NOW, put_person, put_seat, put_tie, race, speaking_from, verbs
from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.ledger import verification
from hemei.people import clockwork, policy, queries
from hemei.people.actions.assistance import (
    RECORDS_AN_HOUR,
    answer_contest,
    begin_sitting,
    contest_sitting,
    end_sitting,
    open_record,
    take_in,
)
from hemei.people.actions.bodies import correct_body, end_body, end_seat, give_seat, hand_over, set_up_body
from hemei.people.actions.slips import claim_record, print_slip, revoke_slips
from hemei.people.actions.ties import (
    ask_for_letter,
    confirm_by_clerk,
    confirm_by_letter,
    declare_tie,
    end_tie,
    print_letters,
    refuse_tie,
)
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance, Body, Code, Person, Seat, Tie
from hemei.people.policy import SITTING

pytestmark = pytest.mark.usefixtures("now", "english")
SILENT = SimpleNamespace(at=lambda done, total, doing="": None)
TODAY = NOW.date()


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def grandmother(clerk, home):
    """Has no phone; the clerk wrote her down as living in flat 101."""
    return take_in(actor=clerk, name="王阿婆", place=home, role="live", form_key=uuid4(), at=NOW)


def a_sitting(person, **more):
    words = {"person": person, "way": "counter", "evidence": "本人到场", "form_key": uuid4(), "at": NOW}
    return {**words, **more}


def faults_of(*models):
    """What `hemei verify` would name in every chain and in the rows of these models."""
    report = verification.Report()
    verification._verify_chains(report, SILENT)
    for model in models:
        verification._verify_rows(model, report, SILENT)
    return report.faults


def helping(actor, sitting):
    """The clerk at the keys, acting for the person."""
    return Actor(actor.person, sitting.principal, sitting, actor.seat, actor.strong)


# writing somebody down


def test_somebody_without_a_phone_is_written_down_with_a_declared_tie(grandmother, home):
    assert (grandmother.name, grandmother.phone, grandmother.is_guest) == ("王阿婆", None, False)
    assert [(tie.place, tie.grade) for tie in own(grandmother).ties] == [(home, "declared")]
    assert verbs(grandmother) == ["people.taken_in"]


def test_a_form_sent_twice_writes_one_person_down(clerk, home):
    form = {"name": "王阿婆", "place": home, "role": "live", "form_key": uuid4(), "at": NOW}
    assert take_in(actor=clerk, **form) == take_in(actor=clerk, **form)
    with pytest.raises(Refused, match="another name"):
        take_in(actor=clerk, **{**form, "name": "李阿婆"})
    with pytest.raises(Refused, match="written down there already"):
        take_in(actor=clerk, **{**form, "form_key": uuid4()})
    assert Person.objects.filter(name="王阿婆").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_writes_the_person_down(clerk, home):
    form = {"name": "王阿婆", "place": home, "role": "live", "form_key": uuid4(), "at": NOW}
    assert race(8, lambda: take_in(actor=clerk, **form)).done == 8
    assert Person.objects.filter(name="王阿婆").count() == 1


def test_people_are_written_down_in_the_own_area_alone(clerk_elsewhere, resident, administrator, visitor, home):
    for actor in (clerk_elsewhere, resident, administrator, visitor):
        with pytest.raises(NotAllowed):
            take_in(actor=actor, name="王阿婆", place=home, role="live", form_key=uuid4(), at=NOW)


# sittings


def test_in_a_sitting_the_same_action_runs_and_says_for_whom(clerk, grandmother, home, stairwell):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    acting = helping(clerk, sitting)
    assert acting.way == "counter"
    declare_tie(actor=acting, place=home, role="own", form_key=uuid4(), at=NOW)
    end_sitting(actor=acting, sitting=sitting, at=NOW)
    assert verbs(grandmother) == [
        "people.taken_in", "people.sitting_began", "people.tie_declared", "people.sitting_ended"
    ]  # fmt: skip
    [shown] = queries.helped(list(queries.sittings_of(viewer=own(grandmother))))
    assert [act.line.verb for act in shown.acts] == ["people.tie_declared"]
    assert shown.acts[0].tie.place == home
    assert shown.ended_at == NOW


def test_two_sittings_keep_their_acts_apart(clerk, grandmother, home, stairwell):
    first = begin_sitting(actor=clerk, **a_sitting(grandmother))
    declare_tie(actor=helping(clerk, first), place=home, role="own", form_key=uuid4(), at=NOW)
    second = begin_sitting(actor=clerk, **a_sitting(grandmother, way="phone", evidence="15:10 回电"))
    declare_tie(actor=helping(clerk, second), place=stairwell, role="live", form_key=uuid4(), at=NOW)
    first.refresh_from_db()
    assert first.ended_at == NOW
    shown = queries.helped(list(queries.sittings_of(viewer=own(grandmother))))
    assert [[act.tie.place for act in one.acts] for one in shown] == [[stairwell], [home]]


def test_a_form_sent_twice_begins_one_sitting(clerk, grandmother):
    form = a_sitting(grandmother)
    assert begin_sitting(actor=clerk, **form) == begin_sitting(actor=clerk, **form)
    with pytest.raises(Refused, match="with other words"):
        begin_sitting(actor=clerk, **{**form, "evidence": "别的凭据"})
    assert Assistance.objects.count() == 1


def test_a_sitting_needs_a_ground_and_paper_a_photo(clerk, grandmother):
    with pytest.raises(Refused) as refusal:
        begin_sitting(actor=clerk, **a_sitting(grandmother, evidence=""))
    assert refusal.value.field == "evidence"
    with pytest.raises(Refused) as refusal:
        begin_sitting(actor=clerk, **a_sitting(grandmother, way="paper"))
    assert refusal.value.field == "photo"


def test_only_the_desk_of_the_persons_area_opens_a_sitting(
    clerk, clerk_elsewhere, resident, administrator, visitor, grandmother, area, street
):
    moderator = speaking_from(put_seat(put_person("主持"), "committee", "华富居委会", area, "moderator"))
    member = speaking_from(put_seat(put_person("委员"), "station", "政协委员工作站", street, "member"))
    volunteer = speaking_from(put_seat(put_person("志愿者"), "team", "加梯小组", area, "head"))
    weak = Actor(person=clerk.person, principal=clerk.person, seat=clerk.seat)
    for actor in (clerk_elsewhere, resident, administrator, visitor, moderator, member, volunteer, weak):
        with pytest.raises(NotAllowed):
            begin_sitting(actor=actor, **a_sitting(grandmother))
    assert not Assistance.objects.exists()


def test_nobody_helps_themselves_or_two_at_a_time(clerk, grandmother, home, resident):
    put_tie(clerk.person, home)
    with pytest.raises(NotAllowed, match="nobody helps themselves"):
        begin_sitting(actor=clerk, **a_sitting(clerk.person))
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    with pytest.raises(NotAllowed, match="End that sitting first"):
        begin_sitting(actor=helping(clerk, sitting), **a_sitting(resident.person))


def test_while_helping_nobody_uses_the_rights_of_their_seat(clerk, grandmother, newcomer):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    tie = Tie.objects.get(person=newcomer.person)
    with pytest.raises(NotAllowed):
        confirm_by_clerk(actor=helping(clerk, sitting), tie=tie, ground="看过", at=NOW)


def test_a_sitting_is_ended_once_by_the_two_in_it_alone(clerk, grandmother, resident, clerk_elsewhere):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    for actor in (resident, clerk_elsewhere):
        with pytest.raises(NotAllowed):
            end_sitting(actor=actor, sitting=sitting, at=NOW)
    end_sitting(actor=own(grandmother), sitting=sitting, at=NOW)
    end_sitting(actor=helping(clerk, sitting), sitting=sitting, at=NOW)
    assert verbs(grandmother).count("people.sitting_ended") == 1


def test_a_forgotten_sitting_ends_after_an_hour(clerk, grandmother):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    clockwork.round(NOW + SITTING - timedelta(seconds=1))
    assert Assistance.objects.filter(policy.sittings_open(NOW + SITTING - timedelta(seconds=1))).exists()
    later = NOW + SITTING + timedelta(minutes=7)
    assert not Assistance.objects.filter(policy.sittings_open(later)).exists()
    clockwork.round(later)
    clockwork.round(later)
    sitting.refresh_from_db()
    assert sitting.ended_at == NOW + SITTING
    assert verbs(grandmother).count("people.sitting_ended") == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_sittings_begun_at_once_one_stays_open(clerk, grandmother):
    assert race(2, lambda: begin_sitting(actor=clerk, **a_sitting(grandmother))).done == 2
    assert Assistance.objects.filter(ended_at=None).count() == 1


def test_paper_is_kept_with_its_photo(clerk, grandmother):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother, way="paper", photo=a_picture()))
    assert (sitting.photo.kind, sitting.photo.sent_by) == ("image/jpeg", clerk.key)


def a_picture():
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return SimpleUploadedFile("签字单.png", made.getvalue(), "image/png")


def test_whoever_is_acted_for_is_told(clerk, steward, grandmother, resident):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    contest_sitting(actor=own(grandmother), sitting=sitting, contest="我没有同意", at=NOW)
    answer_contest(actor=steward, sitting=sitting, answer="已撤销", at=NOW)
    from hemei.notices import gate
    from hemei.notices.models import Notice

    told = {one.kind: gate.told(one.kind, matter=None, words=one.words) for one in Notice.objects.order_by("pk")}
    assert list(told) == ["people.acted_for", "people.contest_answered"]
    assert "华富居委会" in told["people.acted_for"]
    assert "已撤销" in told["people.contest_answered"]


def test_a_record_is_not_opened_a_hundred_times_an_hour(clerk, resident):
    for number in range(RECORDS_AN_HOUR):
        open_record(actor=clerk, person=put_neighbour(number, resident), at=NOW)
    with pytest.raises(TooMany):
        open_record(actor=clerk, person=resident.person, at=NOW)


def put_neighbour(number, resident):
    person = put_person(f"邻居{number}")
    put_tie(person, resident.ties[0].place)
    return person


# contesting


def test_the_person_contests_and_somebody_else_than_the_helper_answers(clerk, steward, resident, grandmother):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    words = {"sitting": sitting, "contest": "我没有同意", "at": NOW}
    for actor in (resident, clerk, helping(clerk, sitting)):
        with pytest.raises(NotAllowed):
            contest_sitting(actor=actor, **words)
    for _time in range(2):
        contest_sitting(actor=own(grandmother), **words)
    with pytest.raises(Refused, match="contested this sitting already"):
        contest_sitting(actor=own(grandmother), **{**words, "contest": "别的话"})
    assert not queries.contests(viewer=clerk, at=NOW).exists()
    assert list(queries.contests(viewer=steward, at=NOW)) == [sitting]
    answer = {"sitting": sitting, "answer": "已撤销", "at": NOW}
    for actor in (clerk, resident, own(grandmother)):
        with pytest.raises(NotAllowed):
            answer_contest(actor=actor, **answer)
    for _time in range(2):
        answer_contest(actor=steward, **answer)
    with pytest.raises(Refused, match="Somebody answered this"):
        answer_contest(actor=steward, **{**answer, "answer": "又一个"})
    assert not queries.contests(viewer=steward, at=NOW).exists()
    assert verbs(grandmother)[-2:] == ["people.sitting_contested", "people.contest_answered"]


def test_nothing_is_answered_that_was_not_contested_and_no_words_are_no_contest(clerk, steward, grandmother):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    with pytest.raises(Refused) as refusal:
        contest_sitting(actor=own(grandmother), sitting=sitting, contest="", at=NOW)
    assert refusal.value.field == "contest"
    with pytest.raises(Refused, match="Nothing is contested"):
        answer_contest(actor=steward, sitting=sitting, answer="已撤销", at=NOW)


# records


def test_an_opened_record_is_told_to_the_person_and_opening_again_writes_nothing(clerk, resident):
    assert not queries.stands_open(clerk, resident.person, NOW)
    for _time in range(2):
        open_record(actor=clerk, person=resident.person, at=NOW)
    assert queries.stands_open(clerk, resident.person, NOW)
    assert not queries.stands_open(clerk, resident.person, NOW + policy.RECORD_OPEN)
    [looked] = queries.looks_at_me(viewer=resident)
    assert (looked.at, looked.body) == (NOW, clerk.seat.body)


def test_one_clerks_opening_does_not_open_it_for_another(clerk, steward, resident):
    open_record(actor=clerk, person=resident.person, at=NOW)
    assert not queries.stands_open(steward, resident.person, NOW)


def test_records_of_another_area_stay_closed(clerk_elsewhere, administrator, stranger, visitor, resident):
    for actor in (clerk_elsewhere, administrator, stranger, visitor, own(resident.person)):
        with pytest.raises(NotAllowed):
            open_record(actor=actor, person=resident.person, at=NOW)
        with pytest.raises(Http404):
            queries.person_to_help(viewer=actor, pk=resident.key, at=NOW)
    assert verbs(resident.person) == []


def test_a_person_is_found_by_name_whole_number_and_home_in_the_own_area(
    clerk, clerk_elsewhere, resident, owner_upstairs
):
    for words in ("甲居", "138 0000 0001".replace(" ", ""), "101", "3号楼 101"):
        assert [one.pk for one in queries.people_found(viewer=clerk, words=words, at=NOW)] == [resident.key], words
        assert queries.people_found(viewer=clerk_elsewhere, words=words, at=NOW) == []
    assert {one.pk for one in queries.people_found(viewer=clerk, words="3号楼", at=NOW)} == {
        resident.key, owner_upstairs.key
    }  # fmt: skip
    assert queries.people_found(viewer=clerk, words="0001", at=NOW) == []
    assert queries.people_found(viewer=clerk, words=" ", at=NOW) == []


def test_policy_and_list_agree_on_whom_a_desk_helps(
    clerk, clerk_elsewhere, steward, administrator, resident, newcomer, stranger, guest, visitor, home
):
    put_tie(guest.person, home)
    put_tie(clerk.person, home)
    closed = put_person("已注销")
    put_tie(closed, home)
    Person.objects.filter(pk=closed.pk).update(closed_at=NOW)
    moved = put_person("已搬走")
    end_tie(actor=own(moved), tie=put_tie(moved, home), at=NOW)
    everybody = list(Person.objects.all())
    weak = Actor(person=clerk.person, principal=clerk.person, seat=clerk.seat)
    for viewer in (clerk, clerk_elsewhere, steward, administrator, resident, visitor, weak):
        listed = set(Person.objects.filter(policy.people_of_desk(viewer, TODAY)))
        assert listed == {person for person in everybody if policy.may_help(viewer, person, TODAY)}
    assert set(Person.objects.filter(policy.people_of_desk(clerk, TODAY))) == {resident.person, newcomer.person}


# slips


def test_a_slip_holds_codes_that_count_and_a_new_one_ends_the_old(clerk, grandmother):
    form = uuid4()
    slip = print_slip(actor=clerk, person=grandmother, form_key=form, at=NOW)
    assert len(set(slip.sign_in)) == len(slip.sign_in) == 6
    assert print_slip(actor=clerk, person=grandmother, form_key=form, at=NOW) == slip
    assert queries.live_slips(grandmother, NOW) == 6
    assert verbs(grandmother).count("people.slip_printed") == 1
    second = print_slip(actor=clerk, person=grandmother, form_key=uuid4(), at=NOW)
    assert queries.live_slips(grandmother, NOW) == 6
    assert not set(second.sign_in) & set(slip.sign_in)
    with pytest.raises(Refused, match="printed before"):
        print_slip(actor=clerk, person=grandmother, form_key=form, at=NOW)


def test_a_lost_slip_is_revoked_by_the_desk_or_the_person(clerk, clerk_elsewhere, resident, grandmother):
    print_slip(actor=clerk, person=grandmother, form_key=uuid4(), at=NOW)
    for actor in (clerk_elsewhere, resident):
        with pytest.raises(NotAllowed):
            revoke_slips(actor=actor, person=grandmother, at=NOW)
    assert revoke_slips(actor=own(grandmother), person=grandmother, at=NOW) == 7
    assert revoke_slips(actor=clerk, person=grandmother, at=NOW) == 0
    assert not Code.objects.filter(person=grandmother, used_at=None).exists()
    assert verbs(grandmother).count("people.slip_revoked") == 1


def test_no_slip_for_whoever_signs_in_otherwise(clerk, clerk_elsewhere, resident, grandmother, area):
    with pytest.raises(Refused, match="has a phone number"):
        print_slip(actor=clerk, person=resident.person, form_key=uuid4(), at=NOW)
    with pytest.raises(NotAllowed):
        print_slip(actor=clerk_elsewhere, person=grandmother, form_key=uuid4(), at=NOW)
    put_seat(grandmother, "team", "加梯小组", area, "head")
    with pytest.raises(Refused, match="speaks for a body"):
        print_slip(actor=clerk, person=grandmother, form_key=uuid4(), at=NOW)


# all of it


def test_after_all_of_it_the_ledger_holds(street, area, home, home_upstairs):
    """A street from nothing: every action of this half of the room, then every row stands as its entry left it."""
    from hemei.people.actor import machine

    key = lambda: {"form_key": uuid4(), "at": NOW}  # noqa: E731
    loads = machine("import")
    operator = set_up_body(actor=loads, kind="operator", name="运行", place=None, **key())
    seat = {"name": "辛", "since": TODAY}
    chief = speaking_from(
        give_seat(actor=loads, body=operator, phone="+8613911110001", office="administrator", **seat, **key())
    )
    committee = set_up_body(actor=chief, kind="committee", name="居委会", place=area, **key())
    correct_body(actor=chief, body=committee, name="居民委员会", at=NOW)
    first = give_seat(actor=chief, body=committee, phone="+8613911110002", office="head", **seat, **key())
    clerk = speaking_from(hand_over(actor=chief, seat=first, phone="+8613911110003", name="壬", **key()))
    other = give_seat(actor=clerk, body=committee, phone="+8613911110004", office="clerk", **seat, **key())
    colleague = speaking_from(other)
    old = take_in(actor=clerk, name="王阿婆", place=home, role="live", **key())
    open_record(actor=clerk, person=old, at=NOW)
    sitting = begin_sitting(actor=clerk, person=old, way="counter", evidence="本人", **key())
    upstairs = declare_tie(actor=helping(clerk, sitting), place=home_upstairs, role="own", **key())
    ask_for_letter(actor=helping(clerk, sitting), tie=upstairs, at=NOW)
    end_sitting(actor=clerk, sitting=sitting, at=NOW)
    [letter] = print_letters(actor=clerk, ties=[upstairs], **key())
    confirm_by_letter(actor=own(old), tie=upstairs, code=letter.code, source="-", at=NOW)
    at_home = Tie.objects.get(person=old, place=home)
    confirm_by_clerk(actor=clerk, tie=at_home, ground="认识", at=NOW)
    end_tie(actor=own(old), tie=upstairs, at=NOW)
    refuse_tie(
        actor=clerk, tie=declare_tie(actor=own(old), place=area_home(home), role="rent", **key()), why="无", at=NOW
    )
    contest_sitting(actor=own(old), sitting=sitting, contest="不是我说的", at=NOW)
    answer_contest(actor=colleague, sitting=sitting, answer="已改", at=NOW)
    print_slip(actor=clerk, person=old, **key())
    revoke_slips(actor=clerk, person=old, at=NOW)
    forgotten = begin_sitting(actor=clerk, person=old, way="phone", evidence="回电", **key())
    with clock.set_to(NOW + 2 * SITTING):
        clockwork.round(clock.now())
    forgotten.refresh_from_db()
    assert forgotten.ended_at
    end_seat(actor=clerk, seat=other, at=NOW)
    end_body(actor=chief, body=committee, at=NOW)

    assert faults_of(Body, Seat, Tie, Assistance) == []


def area_home(home):
    """The stairwell of `home`."""
    return home.parent


# claiming


@pytest.fixture
def claim(clerk, grandmother):
    """The code on the slip to take over the record with."""
    return print_slip(actor=clerk, person=grandmother, form_key=uuid4(), at=NOW).claim


def claiming(actor, code):
    return claim_record(actor=actor, code=code, source="-", at=NOW)


def test_whoever_gets_an_account_later_takes_over_the_record(clerk, grandmother, claim, home, home_upstairs, stranger):
    confirm_by_clerk(actor=clerk, tie=Tie.objects.get(person=grandmother), ground="认识", at=NOW)
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    declare_tie(actor=helping(clerk, sitting), place=home_upstairs, role="own", form_key=uuid4(), at=NOW)
    declare_tie(actor=stranger, place=home, role="live", form_key=uuid4(), at=NOW)
    assert claiming(stranger, claim) == stranger.person
    assert claiming(stranger, claim) == stranger.person
    assert {(tie.place, tie.role, tie.grade) for tie in own(stranger.person).ties} == {
        (home, "live", "confirmed"),
        (home_upstairs, "own", "declared"),
    }
    grandmother.refresh_from_db()
    assert grandmother.merged_into == stranger.person
    assert verbs(stranger.person).count("people.record_claimed") == 1
    [shown] = queries.helped(list(queries.sittings_of(viewer=stranger)))
    assert [act.line.verb for act in shown.acts] == ["people.tie_declared"]
    contest_sitting(actor=stranger, sitting=shown.sitting, contest="不是我的", at=NOW)
    assert queries.live_slips(grandmother, NOW) == 0
    assert faults_of(Assistance) == []
    assert faults_of(Tie) == []


def test_of_two_confirmed_ties_the_accounts_own_stands(clerk, grandmother, claim, home, stranger):
    mine = put_tie(stranger.person, home)
    confirm_by_clerk(actor=clerk, tie=Tie.objects.get(person=grandmother), ground="认识", at=NOW)
    claiming(stranger, claim)
    assert own(stranger.person).ties == (mine,)


def test_a_claim_needs_an_account_of_ones_own(clerk, grandmother, claim, guest, visitor):
    sitting = begin_sitting(actor=clerk, **a_sitting(grandmother))
    for actor in (guest, visitor, helping(clerk, sitting)):
        with pytest.raises(NotAllowed):
            claiming(actor, claim)


def test_whoever_helped_cannot_take_the_record(clerk, steward, grandmother, claim):
    with pytest.raises(Refused, match="You helped this person"):
        claiming(clerk, claim)
    begin_sitting(actor=steward, **a_sitting(grandmother))
    with pytest.raises(Refused, match="You helped this person"):
        claiming(steward, claim)
    grandmother.refresh_from_db()
    assert grandmother.merged_into is None


def test_a_claim_counts_once_and_a_wrong_code_does_nothing(claim, stranger, resident):
    with pytest.raises(Refused):
        claiming(resident, "1" * 12)
    claiming(stranger, claim)
    with pytest.raises(Refused, match="already used"):
        claiming(resident, claim)


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_once_one_gets_the_record(claim, stranger, resident):
    actors = [stranger, resident]
    outcome = race(2, lambda: claiming(actors.pop(), claim))
    assert (outcome.done, len(outcome.refused)) == (1, 1)
