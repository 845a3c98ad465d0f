"""Ballots on paper: printed with a serial, delivered, entered by one clerk and confirmed by another, blind."""

import io
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from conftest import NOW, race, verbs
from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import casefile, serials
from hemei.decisions.actions.ballots import print_ballots, void_paper
from hemei.decisions.actions.delivering import deliver
from hemei.decisions.actions.own import consent
from hemei.decisions.actions.papers import confirm_paper, enter_paper, mark_slips_carried
from hemei.decisions.actions.preparing import cancel_decision
from hemei.decisions.models import Act, Decision, Paper, PrintRun, Service, Slot
from hemei.decisions.reading_serials import ballot_for, refuse_used
from hemei.decisions.standing import standing
from hemei.decisions.tests.cast import (
    IMPORT,
    Cast,
    faults,
    owners_at,
    put_authority,
    put_decision,
    put_paper,
    slot_of,
)
from hemei.decisions.voices import own_voices
from hemei.engines import decision as engine
from hemei.ledger import steps as ledger
from hemei.ledger.queries import entries_of
from hemei.notices.models import Notice
from hemei.outbox.models import Message
from hemei.roll.models import Correction, Match, Unit


def picture(colour: str = "white") -> Any:
    made = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(made, "JPEG")
    return uploads.check(SimpleUploadedFile("张三的表决票.jpg", made.getvalue(), "image/jpeg"), "picture")


@pytest.fixture
def vote(cast: Cast) -> Decision:
    return put_decision(cast)


def typed(cast: Cast, paper: Paper, **more: Any) -> dict[str, Any]:
    """What `enter_paper` is called with: by the first clerk, for the home's first owner."""
    words = {
        "actor": cast.clerk,
        "paper": ballot_for(actor=cast.clerk, typed=paper.serial),
        "signer": f"owner:{owners_at(paper.decision, paper.slot.key)[0]}",
        "choice": "for",
        "photo": picture(),
        "form_key": uuid4(),
        "at": NOW,
    }
    return words | more


def read(cast: Cast, act: Act, **more: Any) -> dict[str, Any]:
    """What `confirm_paper` is called with: by the second clerk, the same as entered."""
    words = {
        "actor": cast.second_clerk,
        "act": Act.objects.select_related("decision__place", "decision__roll", "slot__place").get(pk=act.pk),
        "paper": act.paper,
        "signer": f"owner:{act.by}",
        "choice": act.choice,
        "at": NOW + timedelta(hours=1),
    }
    return words | more


def counted(vote: Decision, at: Any = NOW + timedelta(hours=2)) -> dict[str, str]:
    fresh = Decision.objects.select_related("roll", "linked__roll").get(pk=vote.pk)
    return dict(engine.tally(casefile.case_of(fresh, at)).status)


def flags(vote: Decision, at: Any) -> set[str]:
    fresh = Decision.objects.select_related("roll", "linked__roll").get(pk=vote.pk)
    return {flag for flag, _unit in engine.tally(casefile.case_of(fresh, at)).flags}


# serials


def test_a_serial_is_read_as_it_was_meant() -> None:
    same = serials.Serial(12, 34, "ABCD")
    for given in (
        "12-0034-ABCD",
        " 12-0034-abcd ",
        "１２－００３４－ＡＢＣＤ",
        "12 0034 ABCD",
        "https://x.cn/decisions/b/12-0034-ABCD",
    ):
        assert serials.read(given) == same
    for given in ("", "12-0034", "0034-ABCD", "12-0034-ABC", "x" * 5000, "12-0034-ABCD-1"):
        assert serials.read(given) is None


def test_a_check_mark_follows_from_the_key_and_is_not_guessed() -> None:
    marks = {serials.mark_of(1, "03/1/0101", number) for number in range(1, 200)}
    assert len(marks) > 190
    assert not set("".join(marks)) & set("IO01")


# printing


def test_every_home_has_its_ballot_and_a_second_click_prints_none(cast: Cast, vote: Decision) -> None:
    form = {"actor": cast.clerk, "decision": vote, "form_key": uuid4(), "at": NOW}
    run = print_ballots(**form)
    assert print_ballots(**form) == run
    assert (run.papers, Paper.objects.count()) == (12, 12)
    assert [paper.number for paper in Paper.objects.order_by("slot__number")] == list(range(1, 13))
    with pytest.raises(Refused, match="Every home has its ballot"):
        print_ballots(**form | {"form_key": uuid4()})
    assert faults() == []


def test_another_ballot_for_a_home_once_the_first_was_voided(cast: Cast, vote: Decision) -> None:
    form = {"actor": cast.clerk, "decision": vote, "at": NOW}
    print_ballots(**form, form_key=uuid4())
    with pytest.raises(Refused, match="void it first"):
        print_ballots(**form, form_key=uuid4(), homes=["03/1/0101"])
    lost = Paper.objects.get(slot__key="03/1/0101")
    void_paper(actor=cast.second_clerk, paper=lost, why="丢了", at=NOW)
    assert print_ballots(**form, form_key=uuid4(), homes=["03/1/0101"]).papers == 1
    print_ballots(**form, form_key=uuid4(), homes=["03/1/0602"])  # two owners, a ballot each
    with pytest.raises(Refused, match="void it first"):
        print_ballots(**form, form_key=uuid4(), homes=["03/1/0602"])
    with pytest.raises(Refused, match="do not vote here"):
        print_ballots(**form, form_key=uuid4(), homes=["03/1/9999"])
    assert faults() == []


def test_ballots_are_printed_by_the_desk_between_announcement_and_close(cast: Cast) -> None:
    closed, draft = put_decision(cast, "closed"), put_decision(cast, "draft")
    for vote in (closed, draft):
        with pytest.raises(Refused, match="until the close"):
            print_ballots(actor=cast.clerk, decision=vote, form_key=uuid4(), at=NOW)
    with pytest.raises(NotAllowed):
        print_ballots(actor=cast.property_clerk, decision=closed, form_key=uuid4(), at=NOW)


def test_a_ballot_is_voided_with_a_reason_unless_a_vote_came_on_it(cast: Cast, vote: Decision) -> None:
    paper, used = put_paper(vote, "0101"), put_paper(vote, "0102")
    with pytest.raises(Refused, match="Say why"):
        void_paper(actor=cast.clerk, paper=paper, why="", at=NOW)
    void_paper(actor=cast.clerk, paper=paper, why="印坏了", at=NOW)
    assert void_paper(actor=cast.second_clerk, paper=paper, why="印坏了", at=NOW).voided_at == NOW
    enter_paper(**typed(cast, used))
    with pytest.raises(Refused, match="A vote came in"):
        void_paper(actor=cast.clerk, paper=used, why="印坏了", at=NOW)
    assert faults() == []


def test_a_serial_that_was_tampered_with_is_named_by_the_ledger_s_check(cast: Cast, vote: Decision) -> None:
    print_ballots(actor=cast.clerk, decision=vote, form_key=uuid4(), at=NOW)
    Paper.objects.filter(number=3).update(slot=slot_of(vote, "0101"))
    assert faults() == [
        f"decisions.printrun:{PrintRun.objects.get().pk}: was changed behind entry 3 of decisions.decision:{vote.pk}"
    ]


# what a clerk types


def test_serials_that_cannot_be_entered_are_told_in_plain_words(cast: Cast, vote: Decision) -> None:
    paper = put_paper(vote, "0101")
    other = put_decision(cast, question="别的事？")

    def told(given: str, **more: Any) -> str:
        with pytest.raises(Refused) as refusal:
            refuse_used(ballot_for(actor=cast.clerk, typed=given, **more))
        assert refusal.value.field == "serial"
        return str(refusal.value)

    assert "A serial looks like" in told("1234")
    assert "was never printed" in told(f"{vote.pk}-0099-{paper.mark}")
    assert "do not belong to this number" in told(f"{vote.pk}-0001-{'AAAA' if paper.mark != 'AAAA' else 'BBBB'}")
    assert "another vote" in told(paper.serial, of=other.pk)
    void_paper(actor=cast.clerk, paper=paper, why="丢了", at=NOW)
    assert "voided on 12 Sep 10:30: 丢了" in told(paper.serial)
    used = put_paper(vote, "0102")
    act = enter_paper(**typed(cast, used))
    assert "甲干事 entered this ballot" in told(used.serial)
    assert "waits for its second clerk" in told(used.serial)
    confirm_paper(**read(cast, act))
    assert "was confirmed" in told(used.serial)


def test_what_another_desk_printed_is_as_good_as_never_printed(
    cast: Cast, vote: Decision, clerk_elsewhere: Any
) -> None:
    with pytest.raises(Refused, match="was never printed"):
        ballot_for(actor=clerk_elsewhere, typed=put_paper(vote, "0101").serial)


def test_a_ballot_counts_once_a_second_clerk_has_read_the_same(cast: Cast, vote: Decision) -> None:
    act = enter_paper(**typed(cast, put_paper(vote, "0101")))
    assert counted(vote)["03/1/0101"] == "none"
    done = confirm_paper(**read(cast, act))
    assert (done.confirmed_by, done.confirmed_at) == (cast.second_clerk.person, NOW + timedelta(hours=1))
    assert counted(vote)["03/1/0101"] == "for"
    assert verbs(vote)[-2:] == ["decisions.act_recorded", "decisions.act_confirmed"]
    assert faults() == []


def test_no_entry_of_the_ledger_says_in_public_which_home_or_what(cast: Cast, vote: Decision) -> None:
    confirm_paper(**read(cast, enter_paper(**typed(cast, put_paper(vote, "0101")))))
    for entry in entries_of(vote):
        assert entry.quiet
        assert set(entry.public.strip("{}").replace('"', "").split(":")[0].split()) <= {"by"}


def test_the_same_form_twice_is_one_act_and_other_words_are_refused(cast: Cast, vote: Decision) -> None:
    form = typed(cast, put_paper(vote, "0101"))
    assert enter_paper(**form) == enter_paper(**form)
    with pytest.raises(Refused, match="already sent with other words"):
        enter_paper(**form | {"choice": "against"})
    assert Act.objects.count() == 1


def test_two_clerks_who_enter_the_same_ballot_make_one_entry(cast: Cast, vote: Decision) -> None:
    paper = put_paper(vote, "0101")
    enter_paper(**typed(cast, paper))
    with pytest.raises(Refused, match="甲干事 entered this ballot on 12 Sep 10:30"):
        enter_paper(**typed(cast, paper, actor=cast.second_clerk))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"signer": ""}, "Say who signed"),
        ({"signer": "owner:w0601"}, "Say who signed"),
        ({"signer": "other"}, "Say who signed"),
        ({"choice": ""}, "Choose what is ticked"),
        ({"photo": None}, "Take a photo"),
        ({"received_at": NOW + timedelta(minutes=1)}, "still ahead"),
        ({"received_at": NOW - timedelta(days=1)}, "on the day they come in"),
        ({"signed_on": NOW.date() + timedelta(days=1)}, "It cannot have been signed"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_and_nothing_is_written(
    cast: Cast, vote: Decision, more: dict[str, Any], told: str
) -> None:
    paper = put_paper(vote, "0101")
    with pytest.raises(Refused, match=told):
        enter_paper(**typed(cast, paper, **more))
    paper.refresh_from_db()
    assert paper.used_at is None
    assert not Act.objects.exists()


@pytest.mark.parametrize("who", ["property_clerk", "builder", "volunteer", "stranger", "administrator"])
def test_nobody_but_the_desk_enters_or_confirms(cast: Cast, vote: Decision, who: str) -> None:
    paper = put_paper(vote, "0101")
    with pytest.raises(NotAllowed, match="run the vote"):
        enter_paper(**typed(cast, paper, actor=getattr(cast, who)))
    act = enter_paper(**typed(cast, paper))
    with pytest.raises(NotAllowed, match="run the vote"):
        confirm_paper(**read(cast, act, actor=getattr(cast, who)))


def test_who_entered_it_does_not_confirm_it_from_another_seat_either(cast: Cast, vote: Decision) -> None:
    act = enter_paper(**typed(cast, put_paper(vote, "0101")))
    for actor in (cast.clerk, type(cast.clerk)(cast.clerk.person, cast.clerk.person, seat=cast.head.seat, strong=True)):
        with pytest.raises(NotAllowed, match="somebody else confirms"):
            confirm_paper(**read(cast, act, actor=actor))


@pytest.mark.parametrize(
    "other",
    [{"choice": "against"}, {"signer": "owner:w0602b"}, {"signer": "other", "other_name": "周某"}, {"serial": "0102"}],
)
def test_what_two_clerks_read_differently_is_refused_and_both_are_told(
    cast: Cast, vote: Decision, other: dict[str, Any]
) -> None:
    paper, second = put_paper(vote, "0602"), put_paper(vote, "0102")
    act = enter_paper(**typed(cast, paper))
    if other.pop("serial", None):
        other["paper"] = second
    done = confirm_paper(**read(cast, act, **other))
    assert (done.confirmed_at, done.refused_why) == (None, "differs")
    assert counted(vote)["03/1/0602"] == "none"
    told = Notice.objects.filter(kind="decisions.entry_differs").values_list("recipient", flat=True)
    assert set(told) == {cast.clerk.person.pk, cast.second_clerk.person.pk}
    again = enter_paper(**typed(cast, paper, actor=cast.second_clerk))  # the ballot is free again
    assert (again.number, Act.objects.count()) == (2, 2)
    assert faults() == []


def test_a_decided_entry_stays_as_the_second_clerk_left_it(cast: Cast, vote: Decision) -> None:
    act = enter_paper(**typed(cast, put_paper(vote, "0101")))
    done = confirm_paper(**read(cast, act))
    assert confirm_paper(**read(cast, act, choice="against")).confirmed_at == done.confirmed_at
    with pytest.raises(Refused, match="Another clerk has decided"):
        confirm_paper(**read(cast, act, actor=cast.head))


# who signed


def test_somebody_who_is_not_on_the_roll_is_recorded_with_a_flag_and_changes_nothing(
    cast: Cast, vote: Decision
) -> None:
    act = enter_paper(**typed(cast, put_paper(vote, "0101"), signer="other", other_name="隔壁老王"))
    assert act.by == "?隔壁老王"
    confirm_paper(**read(cast, act, signer="other", other_name="隔壁 老王"))
    assert counted(vote)["03/1/0101"] == "none"
    assert "not_an_owner" in flags(vote, NOW + timedelta(hours=2))


def test_an_agent_with_written_authority_votes_for_the_owner(cast: Cast, vote: Decision) -> None:
    grant = put_authority(vote, "0101", cast.stranger)
    act = enter_paper(**typed(cast, put_paper(vote, "0101"), signer=f"agent:{grant.pk}"))
    assert (act.by, act.for_owner, act.authority) == (grant.agent, "w0101", grant)
    confirm_paper(**read(cast, act, signer=f"agent:{grant.pk}"))
    assert counted(vote)["03/1/0101"] == "for"


def test_who_bought_the_home_meanwhile_may_have_signed(cast: Cast, vote: Decision) -> None:
    sale = {
        "roll": cast.roll,
        "unit": Unit.objects.get(key="03/1/0101"),
        "what": "owners",
        "sold": True,
        "on": NOW.date(),
        "before": {"owners": []},
        "after": {
            "owners": [{"code": "n1", "name": "新业主", "kind": "person", "share": "1", "joint": False, "rep": False}]
        },
        "reason": "过户",
        "source": "登记册",
        "proposed_by": cast.clerk.person,
        "proposed_at": NOW - timedelta(days=1),
        "confirmed_by": cast.second_clerk.person,
        "confirmed_at": NOW - timedelta(days=1),
        "form_key": uuid4(),
    }
    Correction.objects.create(**sale)
    act = enter_paper(**typed(cast, put_paper(vote, "0101"), signer="owner:n1"))
    confirm_paper(**read(cast, act))
    assert counted(vote)["03/1/0101"] == "for"


# when


def test_a_stated_receipt_of_the_same_day_is_kept_beside_the_entry(cast: Cast, vote: Decision) -> None:
    received = NOW - timedelta(hours=2)
    act = enter_paper(**typed(cast, put_paper(vote, "0101"), received_at=received))
    assert (act.at, act.entered_at) == (received, NOW)
    assert faults() == []


@pytest.mark.parametrize(("seconds", "stands"), [(-1, "for"), (0, "none"), (1, "none")])
def test_a_ballot_counts_to_the_second_of_the_close(cast: Cast, vote: Decision, seconds: int, stands: str) -> None:
    at = vote.closes_at + timedelta(seconds=seconds)
    act = enter_paper(**typed(cast, put_paper(vote, "0101"), at=at))
    confirm_paper(**read(cast, act, at=at + timedelta(hours=1)))
    assert counted(vote, at + timedelta(hours=2))["03/1/0101"] == stands
    assert ("late_cast" in flags(vote, at + timedelta(hours=2))) == (stands == "none")


def test_what_comes_before_the_opening_is_recorded_and_changes_nothing(cast: Cast) -> None:
    vote = put_decision(cast, "announced")
    act = enter_paper(**typed(cast, put_paper(vote, "0101", at=NOW)))
    confirm_paper(**read(cast, act))
    assert "early_cast" in flags(vote, vote.closes_at)
    assert counted(vote, vote.closes_at)["03/1/0101"] == "none"


def test_nothing_is_entered_or_confirmed_once_it_was_cancelled(cast: Cast, vote: Decision) -> None:
    act = enter_paper(**typed(cast, put_paper(vote, "0101")))
    cancel_decision(actor=cast.clerk, decision=vote, why="方案改了", at=NOW)
    with pytest.raises(Refused, match="was cancelled"):
        enter_paper(**typed(cast, put_paper(vote, "0102")))
    with pytest.raises(Refused, match="was cancelled"):
        confirm_paper(**read(cast, act))


# a second way


def test_all_owners_of_the_home_are_told_and_never_the_choice(cast: Cast, vote: Decision) -> None:
    act = enter_paper(**typed(cast, put_paper(vote, "0602"), choice="against"))
    assert not Notice.objects.filter(kind="decisions.vote_received").exists()
    confirm_paper(**read(cast, act))
    told = Notice.objects.filter(kind="decisions.vote_received")
    assert {one.recipient for one in told} == {cast.owners["w0602a"].person, cast.owners["w0602b"].person}
    assert not any("against" in str(one.words) for one in told)
    assert Message.objects.filter(kind="decisions.vote_received", channel="console").count() == 2


@transaction.atomic
def unmatch(cast: Cast, code: str) -> None:
    match = Match.objects.get(owner__code=code)
    match.ended_at, match.ended_why = NOW - timedelta(days=5), "搬走"
    match.save()
    ledger.record(subject=cast.roll, actor=IMPORT, verb="roll.match_ended", at=NOW, row=match, quiet=True)


def test_for_a_home_without_an_account_a_slip_waits_to_be_carried(cast: Cast, vote: Decision) -> None:
    unmatch(cast, "w0101")
    confirm_paper(**read(cast, enter_paper(**typed(cast, put_paper(vote, "0101"), choice="against"))))
    slip = Message.objects.get(channel="print")
    assert (slip.recipient, slip.address, slip.state) == (None, "03/1/0101", "waiting")
    assert "101室" in slip.text
    assert "反对" not in slip.text
    assert mark_slips_carried(actor=cast.clerk, decision=vote, up_to=slip.pk, at=NOW) == 1
    assert mark_slips_carried(actor=cast.clerk, decision=vote, up_to=slip.pk, at=NOW) == 0
    assert faults() == []


def test_the_desk_and_the_electorate_read_how_many_and_never_what(cast: Cast, vote: Decision) -> None:
    confirm_paper(**read(cast, enter_paper(**typed(cast, put_paper(vote, "0101"), choice="against"))))
    vote = Decision.objects.select_related("roll", "linked__roll").get(pk=vote.pk)
    at = NOW + timedelta(hours=2)
    seen = standing(viewer=cast.owners["w0601"], decision=vote, at=at).own
    assert (seen.handed_in, seen.homes, seen.verdict) == (1, 12, None)
    assert standing(viewer=cast.property_clerk, decision=vote, at=at).own.handed_in is None


# deliveries


def test_ballots_of_several_homes_are_delivered_with_one_form(cast: Cast, vote: Decision) -> None:
    form = {
        "actor": cast.clerk,
        "decision": vote,
        "homes": ["03/1/0101", "03/1/0102"],
        "how": "hand",
        "to": "业主本人",
        "proof": True,
        "form_key": uuid4(),
        "at": NOW,
    }
    assert deliver(**form) == deliver(**form)
    with pytest.raises(Refused, match="already sent with other words"):
        deliver(**form | {"to": "儿子"})
    assert Service.objects.count() == 2
    assert faults() == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"homes": []}, "Tick the homes"),
        ({"homes": ["nowhere"]}, "do not vote here"),
        ({"how": "screen"}, "Choose how"),
        ({"delivered_at": NOW + timedelta(minutes=1)}, "still ahead"),
        ({"delivered_at": NOW - timedelta(days=40)}, "before the vote was announced"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(cast: Cast, vote: Decision, more: dict[str, Any], told: str) -> None:
    form = {"actor": cast.clerk, "decision": vote, "homes": ["03/1/0101"], "how": "box", "form_key": uuid4(), "at": NOW}
    with pytest.raises(Refused, match=told):
        deliver(**form | more)
    with pytest.raises(NotAllowed):
        deliver(**form | {"actor": cast.volunteer})
    assert not Service.objects.exists()


def test_silence_follows_the_majority_only_where_delivery_is_proven(cast: Cast) -> None:
    attested = {"source": "议事规则", "valid_from": "2024-01-01", "by": "管理员"}
    vote = put_decision(cast, rule_id="CN-278-SPECIAL-SILENT", silence_text="随多数。", attested=attested)
    for key in ("0101", "0102", "0201"):
        confirm_paper(**read(cast, enter_paper(**typed(cast, put_paper(vote, key)))))
    deliver(actor=cast.clerk, decision=vote, homes=["03/1/0301"], how="box", form_key=uuid4(), at=NOW)
    deliver(actor=cast.clerk, decision=vote, homes=["03/1/0302"], how="hand", proof=True, form_key=uuid4(), at=NOW)
    fresh = Decision.objects.select_related("roll", "linked__roll").get(pk=vote.pk)
    assert dict(engine.tally(casefile.case_of(fresh, vote.closes_at)).deemed) == {"03/1/0302": "for"}


# at once


@pytest.mark.django_db(transaction=True)
def test_of_fifty_confirmations_at_once_one_counts(cast: Cast) -> None:
    vote = put_decision(cast)
    act = enter_paper(**typed(cast, put_paper(vote, "0101")))
    form = read(cast, act)
    outcome = race(50, lambda: confirm_paper(**form))
    assert outcome.done == 50
    assert verbs(vote).count("decisions.act_confirmed") == 1
    assert Notice.objects.filter(kind="decisions.vote_received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_entries_of_one_ballot_at_once_one_is_written(cast: Cast) -> None:
    vote = put_decision(cast)
    paper = put_paper(vote, "0101")
    ballot, photo = ballot_for(actor=cast.clerk, typed=paper.serial), picture()
    clerks = iter([cast.clerk, cast.second_clerk] * 25)
    outcome = race(
        50,
        lambda: enter_paper(
            actor=next(clerks), paper=ballot, signer="owner:w0101", choice="for", photo=photo, form_key=uuid4(), at=NOW
        ),
    )
    assert (outcome.done, len(outcome.refused)) == (1, 49)
    assert (Act.objects.count(), Slot.objects.get(key="03/1/0101").acts) == (1, 1)
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_fifty_submissions_for_one_home_on_paper_and_on_screen_all_stand_and_one_counts(cast: Cast) -> None:
    vote = put_decision(cast)
    slot, photo = slot_of(vote, "0101"), picture()
    ballots = [ballot_for(actor=cast.clerk, typed=put_paper(vote, "0101").serial) for _ in range(25)]
    owner = cast.owners["w0101"]
    home = own_voices(owner, vote)[0].value

    def by_screen(number: int) -> Any:
        choice = "for" if number % 2 else "against"
        return consent(actor=owner, decision=vote, homes=[home], choice=choice, form_key=uuid4(), at=NOW)[0]

    def by_paper(number: int) -> Any:
        words = {"signer": "owner:w0101", "choice": "for", "photo": photo, "form_key": uuid4(), "at": NOW}
        act = enter_paper(actor=cast.clerk, paper=ballots[number], **words)
        return confirm_paper(**read(cast, act, at=NOW + timedelta(seconds=number)))

    turns = iter([(by_paper, number) for number in range(25)] + [(by_screen, number) for number in range(25)])
    turn = threading.Lock()

    def submit() -> Any:
        with turn:
            call, number = next(turns)
        return call(number)

    outcome = race(50, submit)
    assert outcome.done == 50
    acts = list(Act.objects.filter(slot=slot).order_by("number"))
    assert [act.number for act in acts] == list(range(1, 51))
    last = max(acts, key=lambda act: (act.at, act.pk))
    assert counted(vote)["03/1/0101"] == last.choice
    assert sum(status != "none" for status in counted(vote).values()) == 1
    assert faults() == []
