"""A lift drive begins, is graded, goes from stage to stage through its gates, waits, and stops."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import LANGUAGES, NOW, put_place, put_seat, race, signed_in, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions.actions import driving
from hemei.decisions.models import Contract, Decision, Door, Drive, Milestone, StageMark
from hemei.decisions.models.drive import Stage
from hemei.decisions.steps import put_contracted
from hemei.decisions.tests.cast import Cast, faults, put_decision, put_drive
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.promises.models import Promise

TODAY = date(2026, 9, 12)
OTHERS = ("volunteer", "property_clerk", "builder", "stranger")


def begun(cast: Cast, **more: Any) -> list[Drive]:
    words: dict[str, Any] = {
        "actor": cast.clerk, "estate": cast.estate, "stairwells": [cast.stairwell], "began_on": TODAY,
        "team": cast.team, "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return driving.begin_drive(**words | more)


def graded(cast: Cast, drive: Drive, grade: str = "A", **more: Any) -> Drive:
    words: dict[str, Any] = {
        "actor": cast.clerk, "drive": drive, "grade": grade, "why": "楼梯间外有位置", "assessor": "区房管局",
        "graded_on": TODAY, "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return driving.grade_drive(**words | more)


def moved(cast: Cast, drive: Drive, stage: str, **more: Any) -> StageMark:
    words: dict[str, Any] = {
        "actor": cast.clerk, "drive": drive, "stage": stage, "on": TODAY, "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return driving.move_drive(**words | more)


@pytest.fixture
def drive(cast: Cast) -> Drive:
    return begun(cast)[0]


def certified(cast: Cast, drive: Drive, outcome: str = "passed", **more: Any) -> Decision:
    """A counted decision, as counting leaves it; what stands in the file is another part's."""
    vote = put_decision(cast, "closed", drive=drive, **more)
    Decision.objects.filter(pk=vote.pk).update(certified_at=NOW, outcome=outcome, file="{}", file_hash="0" * 64)
    return Decision.objects.get(pk=vote.pk)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owners' votes are another part's: here a decision says what its outcome says, and nothing hangs."""
    from hemei.decisions import gates
    from hemei.decisions.standing import Standing, told_outcome

    def standing(*, viewer: Actor, decision: Decision, at: Any) -> Standing:
        told = told_outcome(decision, decision.outcome, at)
        return Standing(decision, "others", "certified", told)

    monkeypatch.setattr(gates, "standing", standing)


# beginning


def test_a_drive_begins_with_a_matter_of_its_own_and_nobody_else_hears_of_it(cast: Cast) -> None:
    drive = begun(cast)[0]
    assert drive.stage == Stage.FEASIBILITY
    assert drive.homes == 12
    assert drive.team == cast.team
    assert drive.matter.title == "3号楼1单元加装电梯"
    assert drive.matter.title_en == "A lift for Building 3, Stairwell 1"
    assert verbs(drive.matter)[0] == "decisions.drive_begun"
    assert not Notice.objects.filter(recipient=cast.stranger.person).exists()
    assert faults("decisions", "matters") == []


def test_who_lives_in_the_stairwell_is_told(cast: Cast) -> None:
    from conftest import put_tie

    person = cast.owners["w0101"].person
    assert person is not None
    put_tie(person, cast.home("0101"), "own")
    drive = begun(cast)[0]
    graded(cast, drive)
    kinds = set(Notice.objects.filter(recipient=person).values_list("kind", flat=True))
    assert kinds == {"decisions.drive_begun", "decisions.drive_graded"}


def test_forty_begin_in_one_form(cast: Cast) -> None:
    stairwells = []
    for n in range(1, 41):
        place = put_place(Kind.STAIRWELL, f"{n}号", str(n), cast.estate, order=n)
        put_place(Kind.HOME, "101室", "0101", place, floor=1)
        stairwells.append(place)
    page = signed_in(cast.clerk).post(
        reverse("decisions:begin_drive", args=[cast.estate.pk]),
        {"all_of_them": "on", "began_on": "2026-09-01", "team": "", "form_key": str(uuid4())},
    )
    assert page.status_code == 302
    assert Drive.objects.count() == 41  # and the one of the cast
    assert Drive.objects.get(place=stairwells[17]).matter.title == "18号门洞加装电梯"


def test_a_form_sent_twice_begins_once_and_with_other_words_is_refused(cast: Cast) -> None:
    key = uuid4()
    first = begun(cast, form_key=key)
    assert begun(cast, form_key=key) == first
    assert Drive.objects.count() == 1
    with pytest.raises(Refused, match="other words"):
        begun(cast, form_key=key, uses_common_land=True)


def test_where_a_drive_runs_none_begins(cast: Cast, drive: Drive) -> None:
    with pytest.raises(Refused, match="runs already") as refusal:
        begun(cast)
    assert refusal.value.field == "stairwells"


def test_no_drive_begins_without_homes_without_stairwells_or_ahead(cast: Cast, other_estate: Place) -> None:
    empty = put_place(Kind.STAIRWELL, "2单元", "2", cast.building)
    elsewhere = put_place(Kind.STAIRWELL, "1号", "1", other_estate)
    for told, words in (
        ("No home is entered", {"stairwells": [empty], "team": None}),
        ("at least one", {"stairwells": []}),
        ("no stairwell of this estate", {"stairwells": [elsewhere]}),
        ("no stairwell of this estate", {"stairwells": [cast.home("0101")]}),
        ("not come yet", {"began_on": TODAY + timedelta(days=1)}),
    ):
        with pytest.raises(Refused, match=told):
            begun(cast, **words)
    assert not Drive.objects.exists()


def test_a_team_of_another_stairwell_is_refused(cast: Cast, other_estate: Place) -> None:
    other = Body.objects.create(kind="team", name="别的小组", place=other_estate)
    with pytest.raises(Refused, match="other stairwells"):
        begun(cast, team=other)


def test_without_a_team_named_the_stairwells_own_is_taken(cast: Cast) -> None:
    assert begun(cast, team=None)[0].team == cast.team


@pytest.mark.parametrize("who", [*OTHERS, "owner", "counter", "clerk_elsewhere", "visitor"])
def test_only_a_desk_of_the_estate_runs_drives(
    request: pytest.FixtureRequest, cast: Cast, drive: Drive, who: str
) -> None:
    actor = {"owner": cast.owners["w0101"], "counter": cast.counters[0], "visitor": Actor()}.get(who)
    actor = actor or (request.getfixturevalue(who) if who == "clerk_elsewhere" else getattr(cast, who))
    acts: list[Any] = [
        lambda: begun(cast, actor=actor),
        lambda: graded(cast, drive, actor=actor),
        lambda: moved(cast, drive, "wishes", actor=actor),
        lambda: driving.stop_drive(actor=actor, drive=drive, why="不办了", form_key=uuid4(), at=NOW),
        lambda: waiting(cast, drive, actor=actor),
        lambda: driving.drive_goes_on(actor=actor, drive=drive, proof="看", form_key=uuid4(), at=NOW),
        lambda: driving.choose_team(actor=actor, drive=drive, team=None, form_key=uuid4(), at=NOW),
        lambda: told(cast, actor=actor),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match="Drives are run by"):
            act()
    client = signed_in(actor)
    estate_forms = ("begin_drive", "tell_milestone")
    names = ("grade_drive", "move_drive", "stop_drive", "drive_waits", "drive_goes_on", "choose_team")
    for name, pk in [*((name, cast.estate.pk) for name in estate_forms), *((name, drive.pk) for name in names)]:
        assert client.get(reverse(f"decisions:{name}", args=[pk])).status_code == 403
        assert client.post(reverse(f"decisions:{name}", args=[pk]), {}).status_code == 403
    assert Drive.objects.get().version == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_once_one_drive_begins(cast: Cast) -> None:
    key = uuid4()
    race(6, lambda: begun(cast, form_key=key))
    assert Drive.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_begins(cast: Cast) -> None:
    outcome = race(4, lambda: begun(cast))
    assert outcome.done == 1
    assert len(outcome.refused) == 3


# the grade


def test_the_grade_stands_on_the_page_with_its_drawing_before_wishes(cast: Cast, drive: Drive) -> None:
    with pytest.raises(Refused, match="no grade yet"):
        moved(cast, drive, "wishes")
    drawing = SimpleUploadedFile("图.txt", "图纸说明".encode(), "text/plain")
    page = signed_in(cast.clerk).post(
        reverse("decisions:grade_drive", args=[drive.pk]),
        {
            "grade": "B", "why": "管线要移", "assessor": "区房管局", "graded_on": "2026-09-10",
            "form_key": str(uuid4()), "drawing": drawing,
        },
    )  # fmt: skip
    assert page.status_code == 302
    shown = signed_in(Actor(), "en").get(reverse("decisions:drive", args=[drive.pk])).content.decode()
    assert "B · hard" in shown
    assert "管线要移" in shown
    assert signed_in(Actor()).get(reverse("decisions:drawing", args=[drive.pk])).status_code == 200
    moved(cast, drive, "wishes")
    assert faults() == []


def test_the_same_grade_form_again_changes_nothing(cast: Cast, drive: Drive) -> None:
    key = uuid4()
    graded(cast, drive, form_key=key)
    graded(cast, drive, form_key=key)
    assert verbs(drive.matter).count("decisions.drive_graded") == 1
    with pytest.raises(Refused, match="other words"):
        graded(cast, drive, "B", form_key=key)


def test_once_the_owners_vote_the_grade_stands(cast: Cast) -> None:
    with pytest.raises(Refused, match="vote on what this assessment said"):
        graded(cast, put_drive(cast, stage="consent", grade="A", graded_on=TODAY))


def test_a_grade_of_a_day_ahead_is_refused(cast: Cast, drive: Drive) -> None:
    with pytest.raises(Refused, match="not come yet"):
        graded(cast, drive, graded_on=TODAY + timedelta(days=1))


# stages and gates


def at_scheme(cast: Cast, grade: str = "A") -> Drive:
    drive = begun(cast)[0]
    graded(cast, drive, grade)
    moved(cast, drive, "wishes")
    moved(cast, drive, "scheme", note="初步方案")
    return Drive.objects.get(pk=drive.pk)


def test_stage_by_stage_each_with_its_day_note_and_paper(cast: Cast) -> None:
    drive = at_scheme(cast)
    paper = SimpleUploadedFile("方案.txt", "方案".encode(), "text/plain")
    page = signed_in(cast.clerk).post(
        reverse("decisions:move_drive", args=[drive.pk]),
        {"stage": "consent", "on": "2026-09-12", "note": "方案已贴在门洞", "form_key": str(uuid4()), "paper": paper},
    )
    assert page.status_code == 302
    mark = StageMark.objects.get(drive=drive, stage="consent")
    assert (mark.number, mark.note) == (4, "方案已贴在门洞")
    address = reverse("decisions:stage_paper", args=[drive.pk, mark.pk])
    assert signed_in(Actor()).get(address).status_code == 200
    assert verbs(drive.matter).count("decisions.drive_moved") == 3
    assert faults() == []


def test_unfit_means_no_vote(cast: Cast) -> None:
    with pytest.raises(Refused, match="found unfit"):
        moved(cast, at_scheme(cast, "C"), "consent")


def test_no_vote_without_a_scheme_even_with_a_reason(cast: Cast, drive: Drive) -> None:
    graded(cast, drive)
    with pytest.raises(Refused, match="no scheme"):
        moved(cast, drive, "consent", note="大家都同意了")


def test_a_stage_is_passed_over_with_a_reason_that_stays(cast: Cast, drive: Drive) -> None:
    graded(cast, drive)
    with pytest.raises(Refused, match="Stages are passed over: Wishes") as refusal:
        moved(cast, drive, "scheme")
    assert refusal.value.field == "note"
    moved(cast, drive, "scheme", note="去年已问过意愿")
    assert StageMark.objects.get(drive=drive, stage="wishes").passed
    page = signed_in(Actor(), "en").get(reverse("decisions:drive", args=[drive.pk])).content.decode()
    assert "passed over on 12 Sep" in page
    assert "去年已问过意愿" in page
    assert faults() == []


def test_no_signing_before_the_vote_has_passed(cast: Cast, passing: None) -> None:
    drive = at_scheme(cast)
    moved(cast, drive, "consent")
    with pytest.raises(Refused, match="counted by both counters"):
        moved(cast, drive, "contract")
    put_decision(cast, "open", drive=drive)
    certified(cast, drive, "rejected")
    with pytest.raises(Refused, match="counted by both counters"):
        moved(cast, drive, "contract")
    certified(cast, drive)
    assert moved(cast, drive, "contract").stage == Stage.CONTRACT


def test_where_common_land_is_used_the_estate_must_have_passed_too(cast: Cast, passing: None) -> None:
    drive = at_scheme(cast)
    Drive.objects.filter(pk=drive.pk).update(uses_common_land=True)
    moved(cast, drive, "consent")
    certified(cast, drive)
    with pytest.raises(Refused, match="the vote of the estate"):
        moved(cast, drive, "contract")
    behind = put_decision(cast, "closed", place=cast.estate)
    Decision.objects.filter(drive=drive).update(linked=behind)
    with pytest.raises(Refused, match="the vote of the estate"):
        moved(cast, drive, "contract")
    Decision.objects.filter(pk=behind.pk).update(certified_at=NOW, outcome="passed", file="{}", file_hash="0" * 64)
    moved(cast, drive, "contract")


def test_the_notice_hangs_when_every_home_has_signed(cast: Cast, passing: None) -> None:
    drive = at_scheme(cast)
    moved(cast, drive, "consent")
    certified(cast, drive)
    moved(cast, drive, "contract")
    signed(cast, drive, 11)
    with pytest.raises(Refused, match="Not every home has signed"):
        moved(cast, drive, "notice")
    with pytest.raises(Refused, match="Not every home has signed"):
        moved(cast, drive, "planning", note="急")
    signed(cast, drive, 12)
    moved(cast, drive, "notice")
    moved(cast, drive, "planning")
    assert not [fault for fault in faults() if "drive:" in fault or "stagemark:" in fault]


def test_planning_waits_until_nothing_hangs_any_more(
    cast: Cast, passing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hemei.decisions import gates
    from hemei.decisions.standing import Standing

    drive = put_drive(cast, stage="notice", grade="A", graded_on=TODAY, contracted=12, contracted_on=TODAY)
    StageMark.objects.create(drive=drive, number=1, stage="scheme", on=TODAY, made_at=NOW)
    certified(cast, drive)
    monkeypatch.setattr(
        gates,
        "standing",
        lambda *, viewer, decision, at: Standing(decision, "others", "certified", "passed", "pending"),
    )
    with pytest.raises(Refused, match="still hangs"):
        moved(cast, drive, "planning")


def test_it_goes_back_only_with_a_reason_and_not_under_a_running_vote(cast: Cast) -> None:
    drive = at_scheme(cast)
    with pytest.raises(Refused, match="why it goes back"):
        moved(cast, drive, "wishes")
    put_decision(cast, "open", drive=drive)
    with pytest.raises(Refused, match="owners vote on it now"):
        moved(cast, drive, "wishes", note="再问一次")
    Decision.objects.filter(drive=drive).update(cancelled_at=NOW, cancelled_why="改方案")
    assert moved(cast, drive, "wishes", note="再问一次").number == 4


def test_a_contract_that_stands_keeps_the_drive_at_its_stage(cast: Cast) -> None:
    drive = put_drive(cast, stage="contract", grade="A", graded_on=TODAY)
    Contract.objects.create(
        drive=drive, number=1, title="合同", text="。", hash="0" * 64, made_at=NOW, opened_at=NOW, form_key=uuid4()
    )
    with pytest.raises(Refused, match="contract stands"):
        moved(cast, drive, "consent", note="重来")
    with pytest.raises(Refused, match="contract stands"):
        driving.stop_drive(actor=cast.clerk, drive=drive, why="不办了", form_key=uuid4(), at=NOW)


def test_days_do_not_run_ahead_or_backwards(cast: Cast, drive: Drive) -> None:
    graded(cast, drive)
    with pytest.raises(Refused, match="not come yet"):
        moved(cast, drive, "wishes", on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="before the stage it is in"):
        moved(cast, drive, "wishes", on=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="at this stage already"):
        moved(cast, drive, "feasibility")


def test_a_move_sent_twice_is_one_move(cast: Cast, drive: Drive) -> None:
    graded(cast, drive)
    key = uuid4()
    assert moved(cast, drive, "wishes", form_key=key) == moved(cast, drive, "wishes", form_key=key)
    assert StageMark.objects.filter(drive=drive, stage="wishes").count() == 1
    with pytest.raises(Refused, match="other words"):
        moved(cast, drive, "wishes", form_key=key, note="别的")


@pytest.mark.django_db(transaction=True)
def test_of_many_moves_at_once_one_is_made(cast: Cast) -> None:
    drive = begun(cast)[0]
    graded(cast, drive)
    outcome = race(5, lambda: moved(cast, drive, "wishes"))
    assert outcome.done == 1
    assert StageMark.objects.filter(stage="wishes").count() == 1


# contracts


def signed(cast: Cast, drive: Drive, contracted: int, on: date | None = TODAY) -> Drive:
    from django.db import transaction

    with transaction.atomic():
        return put_contracted(drive=drive, contracted=contracted, on=on, actor=cast.clerk, at=NOW)


def test_the_day_stands_once_every_home_has_signed_and_goes_when_the_contract_ends(cast: Cast) -> None:
    drive = put_drive(cast, stage="contract")
    assert signed(cast, drive, 11).contracted_on is None
    assert signed(cast, drive, 12).contracted_on == TODAY
    assert signed(cast, drive, 12, TODAY - timedelta(days=3)).contracted_on == TODAY - timedelta(days=3)
    assert verbs(drive.matter)[-1] == "decisions.all_contracted"
    assert signed(cast, drive, 0, None).contracted_on is None
    assert faults() == []


def test_the_same_number_again_writes_nothing(cast: Cast) -> None:
    drive = put_drive(cast, stage="contract")
    signed(cast, drive, 3)
    before = len(verbs(drive.matter))
    signed(cast, drive, 3)
    assert len(verbs(drive.matter)) == before


# stopping


def test_it_stops_with_a_reason_its_doors_end_and_it_can_begin_anew(cast: Cast, drive: Drive) -> None:
    Door.objects.create(drive=drive, home=cast.home("0101"), volunteer=cast.volunteer.person, since=NOW)
    waiting(cast, drive, body=_gas(cast))
    key = uuid4()
    for _ in range(2):
        driving.stop_drive(actor=cast.clerk, drive=drive, why="管线移不了", form_key=key, at=NOW)
    stopped = Drive.objects.select_related("matter").get(pk=drive.pk)
    assert (stopped.stage, stopped.waits_for) == ("stopped", "")
    assert stopped.matter.closed_at == NOW
    assert Door.objects.get().ended_at == NOW
    assert Promise.objects.get().state == "withdrawn"
    page = signed_in(Actor()).get(reverse("decisions:drive", args=[drive.pk])).content.decode()
    assert "管线移不了" in page
    with pytest.raises(Refused, match="has stopped"):
        moved(cast, drive, "wishes")
    again = begun(cast)[0]
    assert again.pk != drive.pk
    board = signed_in(Actor()).get(reverse("decisions:board", args=[cast.estate.pk])).content.decode()
    assert f"/decisions/drives/{again.pk}" in board
    assert f"/decisions/drives/{drive.pk}" not in board


def test_what_was_handed_to_the_works_is_not_stopped_here(cast: Cast) -> None:
    with pytest.raises(Refused, match="handed to the works"):
        driving.stop_drive(actor=cast.clerk, drive=put_drive(cast, stage="works"), why="停", form_key=uuid4(), at=NOW)


# what it waits for


def _gas(cast: Cast) -> Body:
    return Body.objects.get_or_create(kind="other", name="燃气公司", name_en="Gas company", place=cast.estate.parent)[0]


def waiting(cast: Cast, drive: Drive, **more: Any) -> Drive:
    words: dict[str, Any] = {
        "actor": cast.clerk, "drive": drive, "waits_for": "煤气管移位方案", "until_on": TODAY + timedelta(days=1),
        "body_name": "" if "body" in more else "自来水公司", "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return driving.drive_waits(**words | more)


def test_a_wait_in_the_hands_of_a_body_we_know_is_its_promise(cast: Cast, drive: Drive) -> None:
    waiting(cast, drive, body=_gas(cast), waits_for_en="A plan for the gas pipe")
    promise = Promise.objects.get()
    assert promise.owner_body == _gas(cast)
    assert promise.about == f"decisions.drive:{drive.pk}"
    page = signed_in(Actor(), "en").get(reverse("decisions:drive", args=[drive.pk])).content.decode()
    assert "Waits for: A plan for the gas pipe" in page
    assert "Gas company" in page
    assert "1 day left" in page
    driving.drive_goes_on(actor=cast.clerk, drive=drive, proof="方案已收到", form_key=uuid4(), at=NOW)
    assert Promise.objects.get().state == "kept"
    page = signed_in(Actor(), "en").get(reverse("decisions:drive", args=[drive.pk])).content.decode()
    assert "Waits for:" not in page
    assert faults("decisions", "promises") == []


def test_once_the_body_kept_its_promise_the_board_says_nothing_of_it(cast: Cast, drive: Drive) -> None:
    waiting(cast, drive, body=_gas(cast))
    address = reverse("decisions:board", args=[cast.estate.pk])
    assert "煤气管移位方案" in signed_in(Actor()).get(address).content.decode()
    Promise.objects.update(state="kept", kept_at=NOW, proof="看")
    assert "煤气管移位方案" not in signed_in(Actor()).get(address).content.decode()
    driving.drive_goes_on(actor=cast.clerk, drive=drive, proof="方案已收到", form_key=uuid4(), at=NOW)
    assert Drive.objects.get(pk=drive.pk).waits_promise is None


def test_one_body_is_named_and_one_wait_at_a_time(cast: Cast, drive: Drive) -> None:
    with pytest.raises(Refused, match="Name one body"):
        waiting(cast, drive, body_name="")
    with pytest.raises(Refused, match="Name one body"):
        waiting(cast, drive, body=_gas(cast), body_name="自来水公司")
    with pytest.raises(Refused, match="day has passed"):
        waiting(cast, drive, until_on=TODAY - timedelta(days=1))
    key = uuid4()
    waiting(cast, drive, form_key=key)
    waiting(cast, drive, form_key=key)
    with pytest.raises(Refused, match="something already"):
        waiting(cast, drive)
    assert verbs(drive.matter).count("decisions.drive_waits") == 1


def test_what_waits_for_nothing_does_not_go_on(cast: Cast, drive: Drive) -> None:
    with pytest.raises(Refused, match="waits for nothing"):
        driving.drive_goes_on(actor=cast.clerk, drive=drive, proof="看", form_key=uuid4(), at=NOW)


# the team


def test_another_team_takes_over_and_the_old_doors_end(cast: Cast, drive: Drive) -> None:
    Door.objects.create(drive=drive, home=cast.home("0101"), volunteer=cast.volunteer.person, since=NOW)
    other = Body.objects.create(kind="team", name="第二小组", place=cast.stairwell)
    key = uuid4()
    for _ in range(2):
        driving.choose_team(actor=cast.clerk, drive=drive, team=other, form_key=key, at=NOW)
    assert Drive.objects.get(pk=drive.pk).team == other
    assert Door.objects.get().ended_at == NOW
    assert verbs(drive.matter).count("decisions.team_chosen") == 1


# figures from sources


def told(cast: Cast, **more: Any) -> Milestone:
    words: dict[str, Any] = {
        "actor": cast.clerk, "estate": cast.estate, "what": "signed", "on": date(2022, 3, 30), "count": 16, "whole": 40,
        "source": "《人民政协报》", "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return driving.tell_milestone(**words | more)


def test_a_figure_is_told_once_with_its_source(cast: Cast) -> None:
    key = uuid4()
    assert told(cast, form_key=key) == told(cast, form_key=key)
    with pytest.raises(Refused, match="other words"):
        told(cast, form_key=key, count=17)
    with pytest.raises(Refused, match="a figure already"):
        told(cast)
    with pytest.raises(Refused, match="more than there are"):
        told(cast, on=date(2022, 5, 25), count=41)
    with pytest.raises(Refused, match="not come yet"):
        told(cast, on=TODAY + timedelta(days=1))
    assert faults() == []


# pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_desk_opens_in_both_languages(
    cast: Cast, drive: Drive, language: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.clerk, language)
    addresses = [reverse("decisions:begin_drive", args=[cast.estate.pk]), reverse("decisions:drives")]
    addresses += [reverse("decisions:tell_milestone", args=[cast.estate.pk])]
    addresses += [reverse(f"decisions:{name}", args=[cast.estate.pk]) for name in ("board", "curve", "reasons")]
    names = ("drive", "grade_drive", "move_drive", "stop_drive", "drive_waits", "drive_goes_on", "choose_team")
    addresses += [reverse(f"decisions:{name}", args=[drive.pk]) for name in names]
    for address in addresses:
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.STOPPED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drives_page_at_every_stage(
    cast: Cast, stage: str, language: str, django_assert_max_num_queries: Any
) -> None:
    drive = put_drive(cast, stage=stage, grade="A", grade_why="可以", graded_by="房管局", graded_on=TODAY)
    for number, one in enumerate(list(Stage)[: list(Stage).index(Stage(stage)) + 1], 1):
        StageMark.objects.create(drive=drive, number=number, stage=one, on=TODAY, made_at=NOW)
    put_decision(cast, "open", drive=drive)
    address = reverse("decisions:drive", args=[drive.pk])
    signed_in(Actor()).get(address)  # what every page of the house keeps is read once
    for who in (Actor(), cast.clerk, cast.volunteer, cast.owners["w0101"]):
        client = signed_in(who, language)
        with django_assert_max_num_queries(10):
            page = client.get(address)
        assert page.status_code == 200
    assert cast.volunteer.person is not None
    assert cast.volunteer.person.name not in page.content.decode()


def test_what_was_refused_stays_on_the_page_with_what_was_typed(cast: Cast, drive: Drive) -> None:
    page = signed_in(cast.clerk, "en").post(
        reverse("decisions:move_drive", args=[drive.pk]),
        {"stage": "wishes", "on": "2026-09-12", "note": "先问起来", "form_key": str(uuid4())},
    )
    assert page.status_code == 422
    assert "no grade yet" in page.content.decode()
    assert "先问起来" in page.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_timeline_says_each_step_in_words(cast: Cast, passing: None, language: str) -> None:
    drive = at_scheme(cast)
    moved(cast, drive, "wishes", note="再问")
    waiting(cast, drive)
    driving.drive_goes_on(actor=cast.clerk, drive=drive, proof="好了", form_key=uuid4(), at=NOW)
    driving.stop_drive(actor=cast.clerk, drive=drive, why="不办了", form_key=uuid4(), at=NOW)
    page = signed_in(Actor(), language).get(reverse("matters:matter", args=[drive.matter_id]))
    assert page.status_code == 200
    said = "Back to the stage" if language == "en" else "退回这一步"
    assert said in page.content.decode()


def test_a_second_clerk_of_another_desk_runs_it_as_well(cast: Cast, drive: Drive) -> None:
    graded(cast, drive, actor=cast.second_clerk)
    moved(cast, drive, "wishes", actor=cast.head)


def test_a_seat_that_is_no_desk_runs_nothing_even_of_the_same_body(cast: Cast, drive: Drive) -> None:
    assert cast.clerk.seat is not None
    body = cast.clerk.seat.body
    member = put_seat(cast.owners["w0101"].person, body.kind, body.name, body.place, "member")  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        graded(cast, drive, actor=speaking_from(member))
