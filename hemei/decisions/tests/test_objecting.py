"""The result hangs, somebody objects, the desk answers, and the objection ends: what it says of the decision."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from conftest import NOW, put_person, put_tie, race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions.actions import objecting
from hemei.decisions.models import Decision, Objection, Posted
from hemei.decisions.posting import period_of, postings_of
from hemei.decisions.queries.counting import result_of, words
from hemei.decisions.standing import standing
from hemei.decisions.tests.cast import Cast, faults
from hemei.decisions.tests.pictures import picture
from hemei.decisions.tests.test_certifying import certified, put_closed
from hemei.ledger.models import Entry
from hemei.notices.models import Notice
from hemei.people.actor import Actor, own
from hemei.promises.models import Promise

POSTED_ON = date(2026, 9, 12)
AFTERWARDS = datetime(2026, 9, 22, 16, 0, tzinfo=UTC)  # 00:00 of 23 September in Shanghai: ten full days are over


@pytest.fixture
def vote(cast: Cast, settings: Any, tmp_path: Any) -> Decision:
    settings.MEDIA_ROOT = tmp_path
    return certified(cast, put_closed(cast))


def hang(cast: Cast, vote: Decision, **more: Any) -> Posted:
    words = {"on": POSTED_ON, "where": "1单元门厅公告栏", "form_key": uuid4(), "at": NOW + timedelta(hours=1)} | more
    photo = words.pop("photo", None) or picture()
    return objecting.post_result(actor=words.pop("actor", cast.second_clerk), decision=vote, photo=photo, **words)


def sent(actor: Actor, vote: Decision, **more: Any) -> dict[str, Any]:
    return {
        "actor": actor,
        "decision": vote,
        "ground": "light",
        "words": "挡住了我家的光。",
        "form_key": uuid4(),
        "at": NOW + timedelta(days=2),
    } | more


def objected(cast: Cast, vote: Decision, owner: str = "w0101", **more: Any) -> Objection:
    return objecting.object_to_result(**sent(cast.owners[owner], vote, **more))


def outcome(viewer: Actor, vote: Decision, at: datetime) -> tuple[str, str]:
    vote.refresh_from_db()
    told = standing(viewer=viewer, decision=vote, at=at)
    return told.outcome, told.after


# it hangs


def test_the_ten_days_begin_the_day_after_and_end_at_midnight(cast: Cast, vote: Decision) -> None:
    assert outcome(cast.stranger, vote, NOW + timedelta(hours=1)) == ("passed", "pending")
    hang(cast, vote)
    period = period_of(vote, postings_of(vote)[0], NOW)
    assert period is not None
    assert (period.last, period.over) == (date(2026, 9, 22), False)
    assert outcome(cast.stranger, vote, AFTERWARDS - timedelta(seconds=1)) == ("passed", "pending")
    assert outcome(cast.stranger, vote, AFTERWARDS) == ("passed", "")
    assert result_of(cast.stranger, vote, AFTERWARDS).stands
    assert not result_of(cast.stranger, vote, AFTERWARDS - timedelta(seconds=1)).stands
    assert verbs(vote.matter)[-1] == "decisions.result_posted"
    assert faults() == []


def test_the_same_form_hangs_it_once_and_a_second_place_begins_nothing_anew(cast: Cast, vote: Decision) -> None:
    key = uuid4()
    assert hang(cast, vote, form_key=key) == hang(cast, vote, form_key=key)
    hang(cast, vote, on=date(2026, 9, 14), where="北门", at=NOW + timedelta(days=3))
    assert [one.on for one in postings_of(vote)] == [POSTED_ON, date(2026, 9, 14)]
    with pytest.raises(Refused, match="other words"):
        hang(cast, vote, form_key=key, where="南门")


@pytest.mark.parametrize(
    ("on", "told"),
    [(date(2026, 9, 13), "still ahead"), (date(2026, 9, 11), "cannot have hung before")],
)
def test_a_day_that_cannot_be_is_refused(cast: Cast, vote: Decision, on: date, told: str) -> None:
    with pytest.raises(Refused, match=told):
        hang(cast, vote, on=on)
    assert not Posted.objects.exists()


def test_the_days_never_move_forward(cast: Cast, vote: Decision) -> None:
    hang(cast, vote, on=date(2026, 9, 14), at=NOW + timedelta(days=3))
    with pytest.raises(Refused, match="do not begin earlier"):
        hang(cast, vote, at=NOW + timedelta(days=3))


def test_only_the_desk_hangs_it_and_only_what_is_certified(cast: Cast, vote: Decision) -> None:
    for actor in (cast.property_clerk, cast.volunteer, cast.stranger, cast.owners["w0101"], cast.counters[0]):
        with pytest.raises(NotAllowed):
            hang(cast, vote, actor=actor)
    with pytest.raises(Refused, match="no result yet"):
        hang(cast, put_closed(cast))


# somebody objects


def test_an_owner_objects_the_desk_is_told_and_owes_an_answer(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    made = objected(cast, vote)
    assert (made.number, made.by, made.key) == (1, cast.owners["w0101"].person, "03/1/0101")
    promise = Promise.objects.get(about=f"decisions.objection:{made.pk}")
    assert promise.owner_body == vote.body
    assert promise.due_at.date() == date(2026, 9, 21), "five working days after Monday, 14 September"
    assert Notice.objects.filter(kind="decisions.objected", recipient=cast.second_clerk.person).count() == 1
    entry = Entry.objects.get(verb="decisions.objected")
    said = json.loads(entry.public)
    assert said["number"] == 1
    assert not {"by", "key", "ground", "words"} & (set(said) - {"by"})
    assert said["by"] == {"way": "own"}
    assert outcome(cast.stranger, vote, NOW + timedelta(days=2)) == ("passed", "blocked")
    assert outcome(cast.stranger, vote, AFTERWARDS + timedelta(days=9)) == ("passed", "blocked")
    assert faults() == []


def test_a_neighbour_of_the_estate_objects_who_owns_nothing_that_voted(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    tenant = put_person("租客", "+8613900009001")
    put_tie(tenant, cast.home("0202"), grade="declared")
    assert objecting.object_to_result(**sent(own(tenant), vote)).key == ""
    assert outcome(cast.stranger, vote, NOW + timedelta(days=2))[1] == "blocked"


def test_guests_and_strangers_do_not_object_on_screen(cast: Cast, vote: Decision, guest: Actor) -> None:
    hang(cast, vote)
    for actor in (guest, Actor(), cast.stranger):
        with pytest.raises(NotAllowed, match="Sign in, or write"):
            objecting.object_to_result(**sent(actor, vote))


def test_one_objects_while_it_hangs_and_not_before_or_after(cast: Cast, vote: Decision) -> None:
    with pytest.raises(Refused, match="does not hang yet"):
        objected(cast, vote)
    hang(cast, vote)
    with pytest.raises(Refused, match=r"ended on 22 Sep.*court"):
        objected(cast, vote, at=AFTERWARDS)
    assert objected(cast, vote, at=AFTERWARDS - timedelta(seconds=1)).number == 1


def test_the_same_form_objects_once_and_a_second_waits_for_the_first(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    key = uuid4()
    assert objected(cast, vote, form_key=key) == objected(cast, vote, form_key=key)
    with pytest.raises(Refused, match="other words"):
        objected(cast, vote, form_key=key, words="别的话")
    with pytest.raises(Refused, match="waits for its answer"):
        objected(cast, vote)
    assert Promise.objects.filter(about__startswith="decisions.objection:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_forms_at_once_one_is_kept(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    outcome = race(8, lambda: objected(cast, vote))
    assert (outcome.done, len(outcome.refused)) == (1, 7)


def test_what_came_on_paper_counts_from_when_it_came_in(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    form = sent(cast.clerk, vote, by_name="陈老伯", home="202室", received_at=AFTERWARDS - timedelta(hours=3))
    typed = AFTERWARDS + timedelta(hours=9)
    made = objecting.enter_objection(**form | {"at": typed})
    assert (made.key, made.by, made.entered_by) == ("03/1/0202", None, cast.clerk.person)
    assert made == objecting.enter_objection(**form | {"at": typed})
    assert outcome(cast.stranger, vote, typed)[1] == "blocked"
    for more, told in (
        ({"received_at": typed + timedelta(days=1)}, "still ahead"),
        ({"received_at": AFTERWARDS + timedelta(minutes=1)}, "ended on"),
        ({"received_at": NOW - timedelta(days=1)}, "hangs since"),
        ({"home": "909室"}, "No home that votes here"),
    ):
        with pytest.raises(Refused, match=told):
            objecting.enter_objection(**form | {"at": typed, "form_key": uuid4()} | more)
    with pytest.raises(NotAllowed):
        objecting.enter_objection(**form | {"at": typed, "actor": cast.property_clerk, "form_key": uuid4()})
    assert faults() == []


# the desk answers, it ends


def test_the_answer_keeps_the_promise_and_reaches_who_objected(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    made = objected(cast, vote)
    at = NOW + timedelta(days=3)
    objecting.answer_objection(actor=cast.clerk, objection=made, answer="采光已复核。", at=at)
    again = objecting.answer_objection(actor=cast.clerk, objection=made, answer="采光已复核。", at=at)
    assert (again.answered_by, again.closed_at) == (cast.clerk.seat.body, None)  # type: ignore[union-attr]
    promise = Promise.objects.get(about=f"decisions.objection:{made.pk}")
    assert (promise.state, "采光" in promise.proof) == ("kept", False)
    told = Notice.objects.get(kind="decisions.objection_answered")
    assert (told.recipient, told.words["answer"]) == (cast.owners["w0101"].person, "采光已复核。")
    assert outcome(cast.stranger, vote, AFTERWARDS)[1] == "blocked", "answered is not closed"
    with pytest.raises(Refused, match="answered already"):
        objecting.answer_objection(actor=cast.clerk, objection=made, answer="另一个答复", at=at)


def test_who_objected_takes_it_back_and_nobody_owes_an_answer_any_more(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    made = objected(cast, vote)
    for actor in (cast.clerk, cast.owners["w0102"], cast.counters[0]):
        with pytest.raises(NotAllowed, match="Only who objected"):
            objecting.withdraw_objection(actor=actor, objection=made, at=NOW + timedelta(days=3))
    for _twice in range(2):
        objecting.withdraw_objection(actor=cast.owners["w0101"], objection=made, at=NOW + timedelta(days=3))
    assert Promise.objects.get(about=f"decisions.objection:{made.pk}").state == "withdrawn"
    assert outcome(cast.stranger, vote, AFTERWARDS) == ("passed", "")
    assert verbs(vote.matter).count("decisions.objection_closed") == 1
    assert faults() == []


def test_it_is_dismissed_only_with_reasons_and_settled_only_with_a_record(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    made, at = objected(cast, vote), NOW + timedelta(days=3)
    close = {"actor": cast.second_clerk, "objection": made, "at": at}
    with pytest.raises(Refused, match="Answer it first"):
        objecting.close_objection(**close, how="dismissed")
    with pytest.raises(Refused, match="what was agreed"):
        objecting.close_objection(**close, how="settled")
    with pytest.raises(Refused, match="takes it back on screen"):
        objecting.close_objection(**close, how="withdrawn", mediation="口头说的")
    done = objecting.close_objection(**close, how="settled", mediation="9 月 15 日调解，同意加装隔音。")
    assert done == objecting.close_objection(**close, how="settled", mediation="9 月 15 日调解，同意加装隔音。")
    with pytest.raises(Refused, match="closed already"):
        objecting.close_objection(**close, how="dismissed")
    told = Notice.objects.get(kind="decisions.objection_closed")
    assert (told.recipient, told.words["how"]) == (cast.owners["w0101"].person, "settled")
    assert Promise.objects.get(about=f"decisions.objection:{made.pk}").state == "withdrawn"
    assert faults() == []


def test_a_dismissed_objection_blocks_no_more(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    made, at = objected(cast, vote), NOW + timedelta(days=3)
    objecting.answer_objection(actor=cast.clerk, objection=made, answer="不影响采光，见复核报告。", at=at)
    objecting.close_objection(actor=cast.clerk, objection=made, how="dismissed", at=at)
    assert outcome(cast.stranger, vote, AFTERWARDS) == ("passed", "")
    assert objected(cast, vote, at=NOW + timedelta(days=5)).number == 2


def test_nobody_answers_their_own_objection_nor_from_elsewhere(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    put_tie(cast.clerk.person, cast.home("0202"))  # type: ignore[arg-type]
    mine = objecting.object_to_result(**sent(own(cast.clerk.person), vote))  # type: ignore[arg-type]
    for actor in (cast.clerk, cast.property_clerk, cast.owners["w0102"], cast.counters[1]):
        for act in (
            lambda actor=actor: objecting.answer_objection(actor=actor, objection=mine, answer="好", at=NOW),
            lambda actor=actor: objecting.close_objection(actor=actor, objection=mine, how="dismissed", at=NOW),
        ):
            with pytest.raises(NotAllowed, match="did not object"):
                act()


def test_grounds_are_told_only_of_five_and_more(cast: Cast, vote: Decision) -> None:
    hang(cast, vote)
    for owner in ("w0101", "w0102", "w0201", "w0202"):
        objected(cast, vote, owner)
    assert result_of(cast.stranger, vote, NOW).grounds == []
    objected(cast, vote, "w0301")
    assert [count for _ground, count in result_of(cast.stranger, vote, NOW).grounds] == [5]
    objected(cast, vote, "w0302", ground="noise")
    assert result_of(cast.stranger, vote, NOW).grounds == [], "the one other ground would follow from the whole"


def test_before_it_is_certified_the_page_says_nothing_but_the_way_to_the_count(cast: Cast) -> None:
    open_vote = put_closed(cast)
    assert words(cast.owners["w0101"], open_vote, NOW) is None
    told = words(cast.counters[0], open_vote, NOW)
    assert told is not None
    assert (told["result"].counter, told["result"].bars) == (True, [])
