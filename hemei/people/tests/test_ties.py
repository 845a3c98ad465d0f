"""Ties: declared, confirmed by letter or by a clerk, refused, ended; and whose they are to see."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import translation

from conftest import NOW, put_place, put_tie, race, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.people import policy, queries
from hemei.people.actions.ties import (
    DECLARED_MAX,
    LETTER_VALID_FOR,
    ask_for_letter,
    confirm_by_clerk,
    confirm_by_letter,
    declare_tie,
    end_tie,
    print_letters,
    refuse_tie,
)
from hemei.people.actor import Actor, own
from hemei.people.models import Code, Person, Tie
from hemei.places.models import Kind

pytestmark = pytest.mark.usefixtures("now", "english")
TODAY = date(2026, 9, 12)


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def a_tie(place, **more):
    return {"place": place, "role": "live", "form_key": uuid4(), "at": NOW, **more}


def anew(actor):
    """The same person at the next page: ties and seats are read again."""
    return Actor(person=actor.person, principal=actor.principal, seat=actor.seat, strong=actor.strong)


def letter_for(clerk, tie, **more):
    [letter] = print_letters(actor=clerk, ties=[tie], form_key=uuid4(), at=NOW, **more)
    return letter.code


@pytest.fixture
def tie(newcomer):
    return Tie.objects.select_related("person", "place").get(person=newcomer.person)


# declaring


def test_a_newcomer_says_to_live_here_and_it_holds_as_declared(stranger, home, estate):
    tie = declare_tie(actor=stranger, **a_tie(home))
    assert (tie.grade, tie.since, tie.until) == ("declared", TODAY, None)
    assert anew(stranger).grade_at(estate) == "declared"
    assert verbs(stranger.person) == ["people.tie_declared"]


def test_a_guest_and_a_visitor_sign_in_first(guest, visitor, home):
    for actor in (guest, visitor):
        with pytest.raises(NotAllowed, match="Sign in first"):
            declare_tie(actor=actor, **a_tie(home))
    assert not Tie.objects.exists()


def test_a_form_sent_twice_declares_one_tie(stranger, home, estate):
    form = a_tie(home)
    assert declare_tie(actor=stranger, **form) == declare_tie(actor=stranger, **form)
    assert Tie.objects.count() == 1
    with pytest.raises(Refused, match="with other words"):
        declare_tie(actor=stranger, **{**form, "place": estate})


def test_one_says_as_little_as_one_likes_but_not_less_than_the_estate(stranger, stairwell, estate, area, street):
    declare_tie(actor=stranger, **a_tie(stairwell))
    declare_tie(actor=stranger, **a_tie(estate))
    for place in (area, street):
        with pytest.raises(Refused, match="Choose an estate") as refusal:
            declare_tie(actor=stranger, **a_tie(place))
        assert refusal.value.field == "place"


def test_one_works_at_a_gate_but_does_not_live_there(stranger, estate):
    gate = put_place(Kind.SPACE, "大门", "G1", estate)
    declare_tie(actor=stranger, **a_tie(gate, role="work"))
    with pytest.raises(Refused):
        declare_tie(actor=stranger, **a_tie(gate, role="live"))


def test_a_place_that_is_gone_has_no_new_neighbours(stranger, home):
    home.until = TODAY - timedelta(days=1)
    with pytest.raises(Refused, match="not there any more"):
        declare_tie(actor=stranger, **a_tie(home))


def test_the_same_thing_is_said_once(stranger, home):
    declare_tie(actor=stranger, **a_tie(home))
    with pytest.raises(Refused, match="said this already"):
        declare_tie(actor=stranger, **a_tie(home))
    declare_tie(actor=stranger, **a_tie(home, role="own"))


def homes_of(stairwell, count):
    return [put_place(Kind.HOME, f"70{n}室", f"070{n}", stairwell) for n in range(count)]


def test_a_handful_of_ties_waits_at_a_time(stranger, stairwell):
    *places, one_more = homes_of(stairwell, DECLARED_MAX + 1)
    for place in places:
        declare_tie(actor=stranger, **a_tie(place))
    with pytest.raises(Refused, match="wait to be confirmed"):
        declare_tie(actor=stranger, **a_tie(one_more))


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_gets_the_last_free_place(stranger, stairwell):
    places = homes_of(stairwell, DECLARED_MAX + 7)
    for place in places[: DECLARED_MAX - 1]:
        declare_tie(actor=stranger, **a_tie(place))
    rest = places[DECLARED_MAX - 1 :]
    assert race(8, lambda: declare_tie(actor=stranger, **a_tie(rest.pop()))).done == 1
    assert Tie.objects.filter(person=stranger.person).count() == DECLARED_MAX


# letters


def test_a_code_from_the_door_confirms_the_tie(clerk, newcomer, tie, estate):
    code = letter_for(clerk, tie)
    confirmed = confirm_by_letter(actor=newcomer, tie=tie, code=code, source="-", at=NOW)
    assert (confirmed.grade, confirmed.confirmed_how) == ("confirmed", "letter")
    assert anew(newcomer).grade_at(estate) == "confirmed"
    assert verbs(newcomer.person) == ["people.letter_printed", "people.tie_confirmed"]
    assert confirm_by_letter(actor=newcomer, tie=tie, code=code, source="-", at=NOW) == confirmed


def test_a_code_belongs_to_one_tie(clerk, newcomer, tie, stranger, home):
    code = letter_for(clerk, tie)
    other = declare_tie(actor=stranger, **a_tie(home))
    with pytest.raises(NotAllowed):
        confirm_by_letter(actor=stranger, tie=tie, code=code, source="-", at=NOW)
    with pytest.raises(Refused):
        confirm_by_letter(actor=stranger, tie=other, code=code, source="-", at=NOW)
    other.refresh_from_db()
    assert other.grade == "declared"


def test_guessing_ends_after_a_few_tries(clerk, newcomer, tie):
    code = letter_for(clerk, tie)
    wrong = "1" * 8 if code != "1" * 8 else "2" * 8
    for _time in range(5):
        with pytest.raises(Refused):
            confirm_by_letter(actor=newcomer, tie=tie, code=wrong, source="-", at=NOW)
    with pytest.raises(Refused):
        confirm_by_letter(actor=newcomer, tie=tie, code=code, source="-", at=NOW)
    tie.refresh_from_db()
    assert tie.grade == "declared"


def test_a_letter_lasts_thirty_days(clerk, newcomer, tie):
    code = letter_for(clerk, tie)
    late = NOW + LETTER_VALID_FOR
    with pytest.raises(Refused, match="expired"):
        confirm_by_letter(actor=newcomer, tie=tie, code=code, source="-", at=late)
    confirm_by_letter(actor=newcomer, tie=tie, code=code, source="-", at=late - timedelta(seconds=1))


def test_the_same_sheet_printed_again_is_the_same_sheet_and_a_new_one_ends_it(clerk, newcomer, tie):
    form = uuid4()
    first = print_letters(actor=clerk, ties=[tie], form_key=form, at=NOW)
    assert print_letters(actor=clerk, ties=[tie], form_key=form, at=NOW) == first
    assert verbs(newcomer.person) == ["people.letter_printed"]
    second = letter_for(clerk, tie)
    with pytest.raises(Refused):
        confirm_by_letter(actor=newcomer, tie=tie, code=first[0].code, source="-", at=NOW)
    assert confirm_by_letter(actor=newcomer, tie=tie, code=second, source="-", at=NOW).grade == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_of_eight_prints_at_once_one_letter_comes(clerk, newcomer, tie):
    form = uuid4()
    outcome = race(8, lambda: print_letters(actor=clerk, ties=[tie], form_key=form, at=NOW))
    assert len({letter.code for [letter] in outcome.results}) == 1
    assert Code.objects.filter(tie=tie).count() == 1
    assert verbs(newcomer.person) == ["people.letter_printed"]


def test_letters_are_printed_at_the_desk_of_the_place_alone(clerk_elsewhere, resident, newcomer, tie, visitor):
    for actor in (clerk_elsewhere, resident, newcomer, visitor):
        with pytest.raises(NotAllowed):
            print_letters(actor=actor, ties=[tie], form_key=uuid4(), at=NOW)
    assert not Code.objects.exists()


def test_a_letter_goes_to_a_home_and_to_an_open_question(clerk, stranger, stairwell, tie):
    with pytest.raises(Refused, match="Tick at least one"):
        print_letters(actor=clerk, ties=[], form_key=uuid4(), at=NOW)
    coarse = declare_tie(actor=stranger, **a_tie(stairwell))
    with pytest.raises(Refused, match="door of a home"):
        letter_for(clerk, coarse)
    confirm_by_clerk(actor=clerk, tie=tie, ground="看过租约", at=NOW)
    with pytest.raises(Refused, match="confirmed meanwhile"):
        letter_for(clerk, tie)


def test_who_asks_for_a_letter_stands_in_the_clerks_list_until_it_is_printed(clerk, newcomer, tie, resident):
    assert not queries.letters_to_print(viewer=clerk).exists()
    for _time in range(2):
        ask_for_letter(actor=newcomer, tie=tie, at=NOW)
    assert list(queries.letters_to_print(viewer=clerk)) == [tie]
    assert verbs(newcomer.person) == ["people.letter_asked"]
    letter_for(clerk, tie)
    assert not queries.letters_to_print(viewer=clerk).exists()
    with pytest.raises(NotAllowed):
        ask_for_letter(actor=resident, tie=tie, at=NOW)


def test_letters_are_asked_for_a_few_times_a_month(clerk, newcomer, tie):
    for minute in range(3):
        at = NOW + timedelta(minutes=minute)
        ask_for_letter(actor=newcomer, tie=tie, at=at)
        print_letters(actor=clerk, ties=[tie], form_key=uuid4(), at=at)
    with pytest.raises(TooMany):
        ask_for_letter(actor=newcomer, tie=tie, at=NOW + timedelta(minutes=5))


def test_declared_with_a_wish_for_a_letter_it_stands_in_the_list_at_once(clerk, stranger, home, stairwell):
    tie = declare_tie(actor=stranger, **a_tie(home, wants_letter=True))
    assert list(queries.letters_to_print(viewer=clerk)) == [tie]
    with pytest.raises(Refused) as refusal:
        declare_tie(actor=stranger, **a_tie(stairwell, wants_letter=True))
    assert refusal.value.field == "wants_letter"


# the clerk


def test_a_clerk_confirms_with_a_ground(clerk, newcomer, tie):
    with pytest.raises(Refused) as refusal:
        confirm_by_clerk(actor=clerk, tie=tie, ground="", at=NOW)
    assert refusal.value.field == "ground"
    for _time in range(2):
        confirmed = confirm_by_clerk(actor=clerk, tie=tie, ground="看过租约", at=NOW)
    assert (confirmed.grade, confirmed.confirmed_how, confirmed.ground) == ("confirmed", "clerk", "看过租约")
    assert verbs(newcomer.person) == ["people.tie_confirmed"]


def test_nobody_confirms_or_refuses_without_serving_there(clerk_elsewhere, resident, newcomer, steward, visitor, tie):
    weak = Actor(person=steward.person, principal=steward.person, seat=steward.seat)
    for actor in (clerk_elsewhere, resident, newcomer, visitor, weak):
        with pytest.raises(NotAllowed):
            confirm_by_clerk(actor=actor, tie=tie, ground="看过租约", at=NOW)
        with pytest.raises(NotAllowed):
            refuse_tie(actor=actor, tie=tie, why="不住这里", at=NOW)
    tie.refresh_from_db()
    assert (tie.grade, tie.ended_at) == ("declared", None)


def test_a_clerk_does_not_confirm_their_own_tie(clerk, home):
    own_tie = put_tie(clerk.person, home, grade="declared")
    with pytest.raises(NotAllowed, match="never by the person"):
        confirm_by_clerk(actor=clerk, tie=own_tie, ground="我自己", at=NOW)
    with pytest.raises(NotAllowed):
        letter_for(clerk, own_tie)
    assert own_tie not in queries.ties_to_confirm(viewer=clerk)


def test_a_refused_tie_ends_at_once_with_a_reason_the_person_reads(clerk, newcomer, tie, estate):
    with pytest.raises(Refused) as refusal:
        refuse_tie(actor=clerk, tie=tie, why="", at=NOW)
    assert refusal.value.field == "why"
    for _time in range(2):
        refuse_tie(actor=clerk, tie=tie, why="101 室没有这位住户", at=NOW)
    assert anew(newcomer).grade_at(estate) == "guest"
    assert verbs(newcomer.person) == ["people.tie_refused"]
    [shown] = queries.my_ties(viewer=newcomer)
    assert (shown.holds, shown.ended_why) == (False, "101 室没有这位住户")


def test_a_confirmed_tie_that_was_wrong_is_ended_too(clerk, resident, estate):
    tie = Tie.objects.get(person=resident.person)
    refuse_tie(actor=clerk, tie=tie, why="已经搬走", at=NOW)
    assert anew(resident).grade_at(estate) == "guest"


def test_what_has_ended_is_not_confirmed_any_more(clerk, newcomer, tie):
    code = letter_for(clerk, tie)
    end_tie(actor=newcomer, tie=tie, at=NOW)
    with pytest.raises(Refused, match="ended meanwhile"):
        confirm_by_clerk(actor=clerk, tie=tie, ground="看过租约", at=NOW)
    with pytest.raises(Refused, match="ended meanwhile"):
        confirm_by_letter(actor=newcomer, tie=tie, code=code, source="-", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_confirming_and_refusing_at_once_leave_one_answer(clerk, steward, newcomer, tie):
    acts = [
        lambda: confirm_by_clerk(actor=clerk, tie=tie, ground="看过租约", at=NOW),
        lambda: confirm_by_clerk(actor=steward, tie=tie, ground="认识", at=NOW),
    ]
    assert race(2, lambda: acts.pop()())  # noqa: PLW0108 - each takes its own.done == 2
    assert verbs(newcomer.person) == ["people.tie_confirmed"]


def test_the_person_is_told_what_became_of_it(clerk, newcomer, tie, stranger, home):
    from hemei.notices import gate
    from hemei.notices.models import Notice

    confirm_by_clerk(actor=clerk, tie=tie, ground="看过租约", at=NOW)
    other = declare_tie(actor=stranger, **a_tie(home))
    refuse_tie(actor=clerk, tie=other, why="101 室没有这位住户", at=NOW)
    end_tie(actor=newcomer, tie=tie, at=NOW)
    notices = Notice.objects.order_by("pk")
    assert [(one.recipient, one.kind) for one in notices] == [
        (newcomer.person, "people.tie_confirmed"),
        (stranger.person, "people.tie_refused"),
    ]
    told = [gate.told(one.kind, matter=None, words=one.words) for one in notices]
    assert "Flat 101" in told[0]
    assert "101 室没有这位住户" in told[1]


# ending


def test_who_moves_away_says_so_and_it_ends(resident, estate, newcomer):
    tie = Tie.objects.get(person=resident.person)
    with pytest.raises(NotAllowed):
        end_tie(actor=newcomer, tie=tie, at=NOW)
    for _time in range(2):
        ended = end_tie(actor=resident, tie=tie, at=NOW)
    assert (ended.until, ended.ended_at) == (TODAY, NOW)
    assert anew(resident).grade_at(estate) == "guest"
    assert verbs(resident.person) == ["people.tie_ended"]


def test_who_came_back_declares_it_anew(resident, home):
    end_tie(actor=resident, tie=Tie.objects.get(person=resident.person), at=NOW)
    assert declare_tie(actor=anew(resident), **a_tie(home)).grade == "declared"


# what one sees


def test_policy_and_list_agree_on_which_ties_a_viewer_handles(
    clerk, clerk_elsewhere, steward, administrator, resident, visitor, newcomer, owner_upstairs, other_estate
):
    put_tie(Person.objects.create(name="远处", created_at=NOW), other_estate, grade="declared")
    every = list(Tie.objects.select_related("place"))
    weak = Actor(person=clerk.person, principal=clerk.person, seat=clerk.seat)
    for viewer in (clerk, clerk_elsewhere, steward, administrator, resident, visitor, weak, own(clerk.person)):
        seen = set(Tie.objects.filter(policy.ties_handled(viewer)))
        assert seen == {tie for tie in every if policy.may_handle_ties(viewer, tie.place)}


def test_the_waiting_list_is_the_clerks_own_area_only(clerk, clerk_elsewhere, tie):
    assert list(queries.ties_to_confirm(viewer=clerk)) == [tie]
    assert not queries.ties_to_confirm(viewer=clerk_elsewhere).exists()
    with pytest.raises(Http404):
        queries.tie_to_judge(viewer=clerk_elsewhere, pk=tie.pk)
    assert queries.tie_to_judge(viewer=clerk, pk=tie.pk) == tie


def test_one_sees_ones_own_ties_alone(resident, newcomer, tie, visitor):
    assert queries.my_ties(viewer=newcomer) == [tie]
    assert queries.my_ties(viewer=visitor) == []
    with pytest.raises(Http404):
        queries.my_tie(viewer=resident, pk=tie.pk)


def test_days_are_counted_as_the_street_counts_them(stranger, home, estate):
    from hemei.base import clock

    early = NOW.replace(hour=17)  # 01:00 of the next day in Shanghai
    with clock.set_to(early):
        tie = declare_tie(actor=stranger, **{**a_tie(home), "at": early})
        assert tie.since == TODAY + timedelta(days=1)
        assert anew(stranger).grade_at(estate) == "declared"


def test_a_clerk_of_the_station_and_one_of_the_street_may_confirm_too(steward, tie):
    assert policy.may_judge(speaking_from(steward.seat), tie)
