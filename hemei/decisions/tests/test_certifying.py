"""Two counters look, sign the same file, and the result stands; the file gives the same verdict for good."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from conftest import NOW, race, verbs
from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.models import Upload
from hemei.decisions import files, readiness
from hemei.decisions.actions import certifying
from hemei.decisions.actions.certifying import look_at_count, sign_count
from hemei.decisions.command import recount
from hemei.decisions.models import Act, Challenge, Counter, Decision, Paper, PrintRun
from hemei.decisions.standing import one_case, standing
from hemei.decisions.tests.cast import (
    Cast,
    faults,
    put_act,
    put_authority,
    put_decision,
    put_paper,
    put_service,
    put_votes,
)
from hemei.decisions.tests.pictures import picture
from hemei.engines import decision as engine
from hemei.engines.decision.command import main as tally_command
from hemei.ledger import steps as ledger
from hemei.ledger.models import Entry
from hemei.notices.models import Notice
from hemei.people.actor import Actor

FOR = [f"0{floor}0{side}" for floor in range(1, 6) for side in (1, 2)]  # ten of twelve homes


def put_closed(cast: Cast, **more: Any) -> Decision:
    """A vote that is over: nine homes for, one against, one whose co-owners differ, one silent."""
    vote = put_decision(cast, "closed", **more)
    put_votes(vote, dict.fromkeys(FOR[1:], "for") | {"0101": "against", "0602": "for"})
    put_act(vote, "0602", "against", by="w0602b")
    put_service(vote, "0601")
    put_authority(vote, "0601", cast.stranger)
    return vote


def seen_by(counter: Any, vote: Decision, at: Any = NOW) -> str:
    look_at_count(actor=counter, decision=vote, at=at)
    return files.frozen(Decision.objects.select_related("roll", "paper").get(pk=vote.pk), at).hash


def sign(counter: Any, vote: Decision, at: Any = NOW) -> Decision:
    return sign_count(actor=counter, decision=vote, seen=seen_by(counter, vote, at), at=at)


def certified(cast: Cast, vote: Decision) -> Decision:
    sign(cast.counters[0], vote)
    sign(cast.counters[1], vote, NOW + timedelta(minutes=5))
    return Decision.objects.select_related("roll", "paper", "matter", "place", "body", "linked", "drive").get(
        pk=vote.pk
    )


def test_two_counters_sign_the_same_file_and_the_result_stands(cast: Cast) -> None:
    vote = certified(cast, put_closed(cast))
    assert vote.outcome == "passed"
    assert vote.certified_at == NOW + timedelta(minutes=5)
    assert {one.signed_hash for one in vote.counters.all()} == {vote.file_hash} == {files.hash_of(vote.file)}
    assert verbs(vote.matter)[-1] == "decisions.certified"
    line = json.loads(Entry.objects.get(verb="decisions.certified").public)
    assert line["outcome"] == "passed"
    assert not {"tests", "status", "counts"} & set(line)
    assert files.faults_of(vote) == []
    assert faults() == []


def test_one_signature_certifies_nothing_and_the_other_counter_is_told(cast: Cast) -> None:
    vote = put_closed(cast)
    sign(cast.counters[0], vote)
    vote.refresh_from_db()
    assert vote.certified_at is None
    assert Notice.objects.get(kind="decisions.count_signed").recipient == cast.counters[1].person
    assert sign(cast.counters[0], vote).certified_at is None, "the same counter signs twice"
    assert Notice.objects.filter(kind="decisions.count_signed").count() == 1


def test_every_owner_and_the_desk_are_told_the_outcome_and_no_number(cast: Cast) -> None:
    certified(cast, put_closed(cast))
    told = Notice.objects.filter(kind="decisions.certified")
    assert {one.recipient_id for one in told} >= {actor.key for actor in cast.owners.values()}
    assert cast.second_clerk.key in {one.recipient_id for one in told}
    assert {one.words["outcome"] for one in told} == {"passed"}
    assert not any("tests" in one.words for one in told)


@pytest.mark.parametrize("name", ["clerk", "second_clerk", "head", "administrator", "volunteer", "stranger"])
def test_nobody_but_the_counters_looks_or_signs(cast: Cast, name: str) -> None:
    vote = put_closed(cast)
    for act in (
        lambda: look_at_count(actor=getattr(cast, name), decision=vote, at=NOW),
        lambda: sign_count(actor=getattr(cast, name), decision=vote, seen="0" * 64, at=NOW),
    ):
        with pytest.raises(NotAllowed, match="two counters"):
            act()
    assert not Entry.objects.filter(verb="decisions.count_looked_at").exists()


def test_each_look_is_on_record_and_on_no_timeline(cast: Cast) -> None:
    vote = put_decision(cast)
    look_at_count(actor=cast.counters[0], decision=vote, at=NOW)
    look_at_count(actor=cast.counters[0], decision=vote, at=NOW)
    looks = Entry.objects.filter(verb="decisions.count_looked_at")
    assert [one.quiet for one in looks] == [True, True]
    assert "decisions.count_looked_at" not in verbs(vote.matter)


def test_there_is_nothing_to_look_at_before_it_opens(cast: Cast) -> None:
    with pytest.raises(Refused, match="not opened"):
        look_at_count(actor=cast.counters[0], decision=put_decision(cast, "announced"), at=NOW)


def test_while_it_is_open_nothing_is_signed(cast: Cast) -> None:
    vote = put_decision(cast)
    put_votes(vote, dict.fromkeys(FOR, "for"))
    with pytest.raises(Refused, match="still open"):
        sign_count(actor=cast.counters[0], decision=vote, seen="0" * 64, at=NOW)


def test_nothing_is_signed_that_was_not_seen(cast: Cast) -> None:
    vote = put_closed(cast)
    with pytest.raises(Refused, match="changed since you looked"):
        sign_count(actor=cast.counters[0], decision=vote, seen="0" * 64, at=NOW)


def test_a_change_between_the_signatures_lets_the_first_one_fall(cast: Cast) -> None:
    vote = put_closed(cast)
    before = seen_by(cast.counters[1], vote)
    sign(cast.counters[0], vote)
    put_act(vote, "0601", "against", at=vote.closes_at - timedelta(hours=1))
    with pytest.raises(Refused, match="changed since you looked"):
        sign_count(actor=cast.counters[1], decision=vote, seen=before, at=NOW)
    sign(cast.counters[1], vote, NOW + timedelta(minutes=1))
    first, second = Counter.objects.filter(decision=vote).order_by("number")
    assert (first.signed_at, first.signed_hash) == (None, "")
    assert second.signed_at is not None
    vote.refresh_from_db()
    assert vote.certified_at is None
    assert Notice.objects.get(kind="decisions.signature_fell").recipient == cast.counters[0].person
    sign(cast.counters[0], vote, NOW + timedelta(minutes=2))
    vote.refresh_from_db()
    assert vote.certified_at == NOW + timedelta(minutes=2)
    assert files.faults_of(vote) == []
    assert faults() == []


def test_what_is_not_settled_is_named_and_keeps_the_counters_from_signing(cast: Cast) -> None:
    vote = put_closed(cast)
    clerks = (cast.clerk, cast.second_clerk)
    waits = put_act(vote, "0601", channel="paper", by_clerks=clerks, confirmed=False, paper=put_paper(vote, "0601"))
    Challenge.objects.create(act=vote.acts.first(), words="不是我签的", at=NOW, form_key=waits.form_key)
    PrintRun.objects.filter(decision=vote).update(papers=3)
    told = readiness.missing(vote, NOW)
    assert len(told) == 4
    assert "1 ballot on paper waits for its second clerk." in told
    assert "1 challenge of an owner is not answered yet." in told
    assert any("do not add up: 3 printed, 1 used" in line for line in told)
    assert "1 ballot on paper has no photo." in told
    with pytest.raises(Refused, match="second clerk"):
        sign(cast.counters[0], vote)


def test_a_certified_vote_is_signed_no_more(cast: Cast) -> None:
    vote = certified(cast, put_closed(cast))
    again = sign_count(actor=cast.counters[0], decision=vote, seen=vote.file_hash, at=NOW + timedelta(days=1))
    assert again.certified_at == vote.certified_at
    with pytest.raises(Refused, match="signed already"):
        sign_count(actor=cast.counters[0], decision=vote, seen="0" * 64, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_fifty_signatures_at_once_make_one_certificate(cast: Cast) -> None:
    vote = put_closed(cast)
    seen = files.frozen(vote, NOW).hash
    turns = iter(list(range(50)))

    def one() -> Decision:
        return sign_count(actor=cast.counters[next(turns) % 2], decision=vote, seen=seen, at=NOW)

    assert race(50, one).done == 50
    assert Entry.objects.filter(verb="decisions.certified").count() == 1
    assert Entry.objects.filter(verb="decisions.count_signed").count() == 2
    assert Notice.objects.filter(kind="decisions.certified", recipient=cast.owners["w0101"].person).count() == 1
    assert faults() == []


# the file


def test_the_file_says_the_same_as_page_and_command_to_the_last_digit(cast: Cast, tmp_path: Path, capsys: Any) -> None:
    vote = certified(cast, put_closed(cast))
    (tmp_path / "decision.json").write_text(vote.file, encoding="utf-8")
    assert tally_command(tmp_path / "decision.json", check=False) == 0
    (printed,) = json.loads(capsys.readouterr().out)
    assert printed == json.loads(vote.verdict) == json.loads(vote.file)["about"]["verdict"]
    owner = cast.owners["w0101"]
    own = standing(viewer=owner, decision=vote, at=NOW + timedelta(hours=1)).own
    assert own.verdict is not None
    assert engine.as_plain(own.verdict)["tests"] == printed["tests"]
    assert printed["status"]["03/1/0602"] == "unresolved"


def test_the_same_rows_give_the_same_bytes_at_any_later_moment(cast: Cast) -> None:
    vote = put_closed(cast)
    first = files.frozen(vote, NOW)
    assert files.frozen(vote, NOW + timedelta(days=3)).file == first.file
    done = certified(cast, vote)
    assert done.file == first.file
    assert files.frozen(done, NOW + timedelta(days=400)).file == first.file


def test_the_file_is_complete(cast: Cast) -> None:
    vote = put_decision(cast, "closed")
    clerks = (cast.clerk, cast.second_clerk)
    put_act(vote, "0201", channel="paper", by_clerks=clerks, paper=put_paper(vote, "0201"))
    put_act(vote, "0202", at=vote.closes_at + timedelta(minutes=1))
    put_service(vote, "0301")
    put_authority(vote, "0401", cast.stranger)
    about = json.loads(files.frozen(vote, NOW).file)["about"]
    assert about["roll"]["content"]["units"][0]["owners"][0]["name"] == "业主101"
    assert about["roll"]["hash"] == vote.roll.hash
    assert about["ballots"]["printed"] == about["ballots"]["used"] == 1
    assert [act["unit"] for act in about["acts"]] == ["03/1/0201", "03/1/0202"]
    assert about["acts"][0]["serial"] == Paper.objects.get().serial
    assert about["acts"][0]["confirmed_by"] == cast.second_clerk.key
    assert ["late_cast", "03/1/0202"] in about["verdict"]["flags"]
    assert len(about["services"]) == len(about["authorities"]) == 1


def test_of_the_ballot_it_is_linked_with_the_file_holds_no_vote(cast: Cast) -> None:
    behind = put_decision(cast, "closed", question="同意使用公共绿地吗？")
    put_votes(behind, dict.fromkeys(FOR, "against"))
    vote = certified(cast, put_closed(cast, linked=behind))
    assert json.loads(vote.file)["about"]["decision"]["linked"] == behind.pk
    assert len(json.loads(vote.file)["cases"]) == 1
    assert json.loads(Entry.objects.get(verb="decisions.certified").public)["outcome"] == "waiting"
    assert standing(viewer=cast.owners["w0101"], decision=vote, at=NOW + timedelta(hours=1)).outcome == "waiting"
    certified(cast, behind)
    vote.refresh_from_db()
    assert standing(viewer=cast.stranger, decision=vote, at=NOW + timedelta(hours=1)).outcome == "not_passed"


def test_an_owner_reads_their_own_home_and_of_others_neither_name_nor_vote(cast: Cast) -> None:
    vote = certified(cast, put_closed(cast))
    said = json.loads(files.for_owner(vote, [("03/1/0101", "w0101")]))
    assert said["own"]["status"] == {"03/1/0101": "against"}
    assert [act["choice"] for act in said["own"]["acts"]] == ["against"]
    assert said["tests"]["tests"] == json.loads(vote.verdict)["tests"]
    text = json.dumps(said, ensure_ascii=False)
    assert "业主101" in text
    for other in ("业主102", "w0102", "周某", "路人"):
        assert other not in text
    about = json.loads(vote.file)["about"]
    assert said["complete"]["sha256"] == vote.file_hash
    for name, digest in said["complete"]["parts"].items():
        assert files.part_digest(about["salt"], name, about[name]) == digest
    assert about["salt"] not in text


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ({}, "no_quorum"),
        (dict.fromkeys(FOR[:7], "for"), "no_quorum"),
        (dict.fromkeys(FOR[:8], "for"), "passed"),
        (dict.fromkeys(FOR[:6], "for") | dict.fromkeys(FOR[6:8], "against"), "passed"),
        (dict.fromkeys(FOR[:5], "for") | dict.fromkeys(FOR[5:8], "against"), "rejected"),
        (dict.fromkeys(FOR[:5], "for") | dict.fromkeys(FOR[5:], "abstain"), "rejected"),
        (dict.fromkeys(FOR[:8], "for") | {"0502": "spoiled", "0601": "against"}, "passed"),
    ],
)
def test_outcomes_of_mixed_votes_stand_in_file_page_and_recount(
    cast: Cast, votes: dict[str, str], outcome: str
) -> None:
    vote = put_decision(cast, "closed")
    put_votes(vote, votes)
    before = engine.tally(one_case(vote, NOW)).tests
    done = certified(cast, vote)
    assert done.outcome == outcome
    assert [list(map(str, (one.num, one.den))) for one in before] == [
        list(map(str, (one.num, one.den))) for one in engine.tally(files.case_in(done.file)).tests
    ]
    assert files.faults_of(done) == []


# whoever has the database in hand


def test_recount_names_what_was_turned(cast: Cast, capsys: Any) -> None:
    vote = certified(cast, put_closed(cast))
    assert recount() == recount(key=vote.pk) == 0
    assert "1 certified: the rows give the same files" in capsys.readouterr().out
    act = Act.objects.filter(decision=vote, choice="for").first()
    assert act is not None
    Act.objects.filter(pk=act.pk).update(choice="against")
    assert recount() == 1
    assert "another file: acts, verdict" in capsys.readouterr().out
    assert any(f"act:{act.pk}" in fault for fault in faults())
    Act.objects.filter(pk=act.pk).update(choice="for")
    assert recount() == 0
    assert recount(key=vote.pk + 1) == 1


@pytest.mark.parametrize("turned", ["verdict", "file", "outcome", "signature"])
def test_a_turned_certificate_is_found(cast: Cast, turned: str) -> None:
    vote = certified(cast, put_closed(cast))
    if turned == "signature":
        Counter.objects.filter(decision=vote, number=1).update(signed_hash="0" * 64)
    elif turned == "outcome":
        Decision.objects.filter(pk=vote.pk).update(outcome="rejected")
    else:
        text = getattr(vote, turned).replace('"for"', '"against"', 1)
        assert text != getattr(vote, turned)
        Decision.objects.filter(pk=vote.pk).update(**{turned: text})
    vote.refresh_from_db()
    assert files.faults_of(vote)
    assert faults() or turned == "verdict"


def test_a_restored_copy_gives_the_same_bytes(cast: Cast) -> None:
    """What a restore brings back is the rows; every certified decision is worked out from them alone."""
    vote = certified(cast, put_closed(cast))
    Decision.objects.filter(pk=vote.pk).update(version=0)
    again = Decision.objects.select_related("roll", "paper").get(pk=vote.pk)
    assert again.certified_at is not None
    assert files.frozen(again, again.certified_at).file == vote.file
    assert connection.vendor in ("sqlite", "postgresql")


# what comes between


@transaction.atomic
def put_photo() -> Upload:
    return uploads.store(file=picture(), sort="picture", sent_by=None, at=NOW)


@transaction.atomic
def confirm(act: Act, *, by: Actor, at: datetime) -> None:
    """As a second clerk does it."""
    act.confirmed_by, act.confirmed_at = by.person, at
    act.save(update_fields=["confirmed_by", "confirmed_at"])
    ledger.record(subject=act.decision, actor=by, verb="decisions.act_confirmed", at=at, row=act, quiet=True)


def test_what_came_to_the_lock_first_is_counted_though_its_clock_was_read_later(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    vote = put_closed(cast)
    clerks = (cast.clerk, cast.second_clerk)
    waits = put_act(
        vote,
        "0601",
        channel="paper",
        by_clerks=clerks,
        confirmed=False,
        paper=put_paper(vote, "0601"),
        photo=put_photo(),
    )
    sooner, later = NOW, NOW + timedelta(milliseconds=40)
    confirm(waits, by=cast.second_clerk, at=later)
    seen = files.frozen(vote, later).hash
    sign_count(actor=cast.counters[0], decision=vote, seen=seen, at=sooner)
    sign_count(actor=cast.counters[1], decision=vote, seen=seen, at=sooner)
    vote.refresh_from_db()
    assert vote.certified_at is not None
    assert vote.certified_at >= later
    assert json.loads(vote.verdict)["status"]["03/1/0601"] == "for"
    assert files.faults_of(vote) == []
    assert faults() == []


def test_a_certificate_that_cannot_be_told_is_not_written(cast: Cast, monkeypatch: Any) -> None:
    vote = put_closed(cast)
    sign(cast.counters[0], vote)
    seen = seen_by(cast.counters[1], vote)

    def broken(*_given: Any, **_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(certifying, "tell", broken)
    with pytest.raises(RuntimeError):
        sign_count(actor=cast.counters[1], decision=vote, seen=seen, at=NOW)
    vote.refresh_from_db()
    assert (vote.certified_at, vote.file, vote.outcome) == (None, "", "")
    assert vote.counters.filter(signed_at__isnull=False).count() == 1
    assert faults() == []


def test_an_authority_that_was_withdrawn_before_anybody_checked_it_holds_up_nothing(cast: Cast) -> None:
    vote = put_decision(cast, "closed")
    put_authority(vote, "0401", cast.stranger, entered_by=cast.clerk.person)
    assert readiness.missing(vote, NOW) == ["1 authority waits for its second clerk."]
    vote.authorities.update(withdrawn_at=NOW)
    assert readiness.missing(vote, NOW) == []
