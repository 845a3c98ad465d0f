"""Exports of Polis come in whole and go out again, and nobody changes them in between."""

import zipfile
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from conftest import NOW, put_place, race, signed_in, verbs
from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.base.jobs import PrintedProgress, Stopped
from hemei.base.models import Job
from hemei.consultations import command, exports, folders, jobs, maps
from hemei.consultations.actions import moving
from hemei.consultations.actions.voting import cast_vote
from hemei.consultations.imports import Imported
from hemei.consultations.models import (
    Batch,
    Consultation,
    Grade,
    OpinionMap,
    Participant,
    Statement,
    Vote,
    WordsState,
)
from hemei.engines.opinion import export as form
from hemei.engines.opinion.tests.exports import KEPT
from hemei.engines.opinion.tests.exports import exports as real_exports
from hemei.ledger.tests.forging import faults
from hemei.places.models import Place

QUIET = PrintedProgress(lambda _: None)
BREXIT = KEPT / "brexit-consensus"


def took_in(folder: Path, actor, place, **more) -> Imported:
    words = {"source": "https://pol.is/x", "licence": "CC BY 4.0", "called": folder.name, "progress": QUIET, "at": NOW}
    export, digest = folders.read_folder(folder), folders.digest_of(folder)
    return moving.import_polis(actor=actor, export=export, place=place, digest=digest, **{**words, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small export with everything in it that is odd."""
    form_of = {
        form.SUMMARY: 'topic,"Walls, or no walls?"\nurl,https://pol.is/x\nviews,9\nconversation-description,\n',
        form.COMMENTS: (
            "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
            '1000,x,0,1,1,0,1,"two\nlines"\n2000,x,4,,9,9,-1,taken down\n3000,x,7,99,0,0,0,nobody answered\n'
        ),
        form.MATRIX: (
            "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,4\n"
            "1,a,0,1,2,1,1,1,-1\n5,,,0,1,0,0,0,\n9,,,0,0,0,0,,\n"
        ),
        form.VOTES: (
            "timestamp,datetime,comment-id,voter-id,vote\n1500,x,0,1,-1\n1600,x,0,1,1\n1700,x,0,5,0\n2500,x,4,1,-1\n"
        ),
    }
    for name, text in form_of.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


# in


def test_an_export_comes_in_whole_as_a_closed_consultation(administrator, estate, folder, now):
    done = took_in(folder, administrator, estate)
    found = done.consultation
    assert (done.participants, done.statements, done.votes) == (3, 3, 3)
    assert (found.participants, found.votes, found.statements) == (3, 3, 1)
    assert found.question == "Walls, or no walls?"
    assert found.state_at(now) == Consultation.State.CLOSED
    assert found.tells_results(now)
    assert (found.source, found.licence, found.is_imported) == ("https://pol.is/x", "CC BY 4.0", True)
    assert {s.number: (s.state, s.author_number, s.text) for s in found.said.all()} == {
        0: (WordsState.ACCEPTED, 1, "two\nlines"),
        4: (WordsState.REJECTED, None, "taken down"),
        7: (WordsState.WAITING, 99, "nobody answered"),
    }
    votes = Vote.objects.filter(consultation=found).order_by("pk")
    assert [(v.statement.number, v.participant.number, v.answer, v.current) for v in votes] == [
        (0, 1, -1, False), (0, 1, 1, True), (0, 5, 0, True), (4, 1, -1, True),
    ]  # fmt: skip
    assert [exports.milliseconds(v.at) for v in votes] == [1500, 1600, 1700, 2500]
    assert verbs(found.matter) == ["consultations.imported", "consultations.batch_kept", "consultations.drafted"]


def test_every_difference_is_explained(administrator, estate, folder):
    told = " ".join(took_in(folder, administrator, estate).warnings)
    assert "1 statement counts otherwise" in told
    assert "1 vote was replaced" in told
    assert "1 statement was answered by nobody" in told
    assert "1 participant answered nothing" in told
    assert "1 statement was never moderated" in told


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


def test_without_votes_in_time_each_is_dated_as_its_statement(administrator, estate, folder):
    (folder / form.VOTES).unlink()
    done = took_in(folder, administrator, estate)
    assert done.votes == 3
    assert {exports.milliseconds(v.at) for v in Vote.objects.all()} == {1000, 2000}
    assert any("no votes.csv" in one for one in done.warnings)


def test_the_matrix_has_the_last_word(administrator, estate, folder):
    text = (folder / form.VOTES).read_text()
    (folder / form.VOTES).write_text(text.replace("1600,x,0,1,1\n", ""))
    done = took_in(folder, administrator, estate)
    standing = Vote.objects.get(participant__number=1, statement__number=0, current=True)
    assert standing.answer == 1
    assert any("added at the end" in one for one in done.warnings)


def test_hidden_characters_are_left_out_and_said(administrator, estate, folder):
    text = (folder / form.COMMENTS).read_text().replace("taken down", "taken\u202edown\u0007")
    (folder / form.COMMENTS).write_text(text)
    done = took_in(folder, administrator, estate)
    assert done.consultation.said.get(number=4).text == "takendown"
    assert any("left out" in one for one in done.warnings)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("taken down", "", "line 4: the statement is empty"), ("taken down", "x" * 1001, "longer than 1000")],
)
def test_what_no_statement_can_be_is_refused_with_its_line(administrator, estate, folder, old, new, told):
    text = (folder / form.COMMENTS).read_text()
    (folder / form.COMMENTS).write_text(text.replace(old, new))
    with pytest.raises(Refused, match=told):
        took_in(folder, administrator, estate)
    assert not Consultation.objects.exists()
    assert not Batch.objects.exists()


def test_source_and_licence_are_needed(administrator, estate, folder):
    with pytest.raises(Refused, match="which licence"):
        took_in(folder, administrator, estate, licence=" ")
    with pytest.raises(Refused, match="too long"):
        took_in(folder, administrator, estate, source="x" * 401)


def test_only_an_administrator_takes_in(resident, clerk, steward, estate, folder):
    for actor in (resident, clerk, steward):
        with pytest.raises(NotAllowed, match="administrator"):
            took_in(folder, actor, estate)
    assert not Consultation.objects.exists()


def test_the_same_files_twice_are_one_consultation(administrator, estate, folder):
    first, again = took_in(folder, administrator, estate), took_in(folder, administrator, estate)
    assert again.consultation == first.consultation
    assert (again.participants, again.statements, again.votes) == (3, 3, 3)
    assert Vote.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_the_same_files_sent_at_once_one_comes_in(administrator, estate, folder):
    outcome = race(3, lambda: took_in(folder, administrator, estate))
    assert len({one.consultation.pk for one in outcome.results}) == 1
    assert Consultation.objects.count() == 1


def test_nobody_votes_on_what_came_from_elsewhere(administrator, resident, estate, folder):
    found = took_in(folder, administrator, estate).consultation
    with pytest.raises(NotAllowed, match="comes from elsewhere"):
        cast_vote(actor=resident, statement=found.said.get(number=0), answer=1, form_key=uuid4(), at=NOW)


def test_work_that_is_stopped_leaves_nothing(administrator, estate, folder):
    class Impatient:
        def at(self, done, total, doing=""):
            raise Stopped

    with pytest.raises(Stopped):
        took_in(folder, administrator, estate, progress=Impatient())
    assert not Consultation.objects.exists()
    assert not Statement.objects.exists()


# what the ledger vouches for

FORGERIES = {
    "an answer": "UPDATE consultations_vote SET answer = 0 WHERE answer = 1",
    "which answer stands": "UPDATE consultations_vote SET current = (answer = -1) WHERE current OR answer = -1",
    "a time": "UPDATE consultations_vote SET at = '2020-01-01 00:00:00' WHERE answer = 1",
    "a statement": "UPDATE consultations_statement SET text = 'Something else' WHERE number = 0",
    "a count": "UPDATE consultations_statement SET agrees = 500 WHERE number = 0",
    "what is shown": "UPDATE consultations_statement SET state = 'accepted' WHERE number = 4",
    "a participant": "UPDATE consultations_participant SET number = 77 WHERE number = 5",
    "a vote that is gone": "DELETE FROM consultations_vote WHERE answer = 0",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_changed_row_of_a_batch_is_named(administrator, estate, folder, forgery):
    took_in(folder, administrator, estate)
    assert faults("consultations.") == []
    if forgery == "which answer stands":  # the answer before is made to stand
        Vote.objects.filter(current=True, answer=1).update(current=False)
        Vote.objects.filter(answer=-1, statement__number=0).update(current=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute(FORGERIES[forgery])
    named = faults("consultations.batch")
    assert len(named) == 1
    assert "its rows were changed behind entry 2 of matters.matter:" in named[0]


def test_a_row_taken_out_of_its_batch_is_named_twice(administrator, estate, folder):
    took_in(folder, administrator, estate)
    vote = Vote.objects.order_by("pk").first()
    Vote.objects.filter(pk=vote.pk).update(batch=None)
    named = faults("consultations.")
    assert any("consultations.batch" in one for one in named)
    assert f"consultations.vote:{vote.pk}: stands without an entry in the ledger" in named


# out, and in again


@pytest.mark.parametrize("path", real_exports(), ids=lambda path: path.name)
def test_what_comes_in_goes_out_with_the_same_content(administrator, street, other_estate, path, tmp_path):
    """Participants, statements, votes with their times, moderation and authors; the second way out byte for byte."""
    there = form.read(path)
    done = took_in(path, administrator, street)
    assert (done.participants, done.votes) == (len(there.votes.participants), len(there.votes.rows))
    assert done.statements == len(there.comments)

    first = exports.export_of(done.consultation)
    assert first.summary == there.summary
    assert first.votes.participants == there.votes.participants
    assert (first.votes.statements, list(first.votes.rejected)) == (there.votes.statements, list(there.votes.rejected))
    assert _standing(first) == _standing(there)
    assert list(map(_event, first.events)) == list(map(_event, there.events))
    assert list(map(_comment, first.comments)) == list(map(_comment, there.comments))

    _, files = jobs.written(done.consultation, QUIET)
    write(files, tmp_path / "out")
    elsewhere = put_place("street", "别的街道", "999999")
    again = took_in(tmp_path / "out", administrator, elsewhere)
    assert again.consultation != done.consultation
    _, files_again = jobs.written(again.consultation, QUIET)
    assert files_again == files


def _standing(export: form.Export) -> dict[tuple[int, int], int]:
    votes = export.votes
    cells = zip(votes.rows.tolist(), votes.columns.tolist(), votes.answers.tolist(), strict=True)
    return {(votes.participants[row], votes.statements[column]): answer for row, column, answer in cells}


def _event(one: form.Event) -> tuple[int, ...]:
    return one.at, one.statement, one.participant, one.answer


def _comment(one: form.Comment) -> tuple[object, ...]:
    return one.id, one.author, one.at, one.moderated, one.body


def write(files: dict[str, str], folder: Path) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())


@pytest.fixture
def talk(steward, street, estate, now):
    """A consultation of ours with three statements."""
    from hemei.matters.steps import open_matter

    matter = open_matter(actor=steward, place=estate, title="围墙", at=now, verb="consultations.prepared")
    found = Consultation.objects.create(
        matter=matter, question="拆不拆？", opens_at=now, closes_at=now.replace(day=20), ready_at=now,
        who_votes=Grade.GUEST, who_speaks=Grade.GUEST, made_at=now, results_at=now.replace(day=14),
    )  # fmt: skip
    for number in (1, 2, 3):
        Statement.objects.create(
            consultation=found, number=number, text=f"说法 {number}，\n“两行”", likeness=str(number), made_at=now,
            author=steward.person, state="rejected" if number == 3 else "accepted",
        )  # fmt: skip
    Consultation.objects.filter(pk=found.pk).update(statements=2)
    found.refresh_from_db()
    return found


def test_ours_goes_out_and_comes_in_byte_for_byte(talk, resident, owner_upstairs, administrator, street, now, tmp_path):
    first, second, _ = talk.said.order_by("number")
    for actor, statement, answer in (
        (resident, first, 1), (resident, second, -1), (owner_upstairs, first, 0), (resident, first, 0),
    ):  # fmt: skip
        cast_vote(actor=actor, statement=statement, answer=answer, form_key=uuid4(), at=now)
    _, files = jobs.written(talk, QUIET)
    assert "甲居民" not in "".join(files.values())
    write(files, tmp_path / "out")
    done = took_in(tmp_path / "out", administrator, street)
    assert (done.participants, done.statements, done.votes) == (2, 3, 3)
    assert jobs.written(done.consultation, QUIET)[1] == files


# the command


def test_the_command_takes_in_and_writes_and_maps(street, tmp_path, capsys):
    line = command.import_polis(folder=BREXIT, progress=QUIET)
    assert {key: line[key] for key in ("participants", "statements", "votes")} == {
        "participants": 204, "statements": 50, "votes": 5303,
    }  # fmt: skip
    assert OpinionMap.objects.filter(consultation=line["id"]).exists()
    assert Consultation.objects.get(pk=line["id"]).matter.place == street
    told = command.export_polis(key=line["id"], folder=tmp_path / "out", progress=QUIET)
    assert told == {"id": line["id"], "participants": 204, "statements": 50, "votes": 5303}
    assert form.read(tmp_path / "out").votes.participants == form.read(BREXIT).votes.participants
    assert "by number only" in capsys.readouterr().err


@pytest.mark.django_db
def test_in_an_empty_database_a_street_is_made_for_it_and_said(capsys):
    line = command.import_polis(folder=BREXIT, progress=QUIET)
    street = Place.objects.get()
    assert (street.code, street.path) == ("examples", f"/{street.pk}/")
    assert Consultation.objects.get(pk=line["id"]).matter.street == street
    assert "外来示例" in capsys.readouterr().err
    assert faults("") == []


def test_the_command_says_what_it_cannot_do(street, tmp_path):
    with pytest.raises(Refused, match="is missing in the folder"):
        command.import_polis(folder=tmp_path, progress=QUIET)
    with pytest.raises(Refused, match="no consultation with the number 77"):
        command.export_polis(key=77, folder=tmp_path / "x", progress=QUIET)
    line = command.import_polis(folder=BREXIT, progress=QUIET, place="310104")
    (tmp_path / "there").write_text("")
    for taken in (tmp_path, tmp_path / "there"):
        with pytest.raises(Refused, match="there already"):
            command.export_polis(key=line["id"], folder=taken, progress=QUIET)
    with pytest.raises(Refused, match="no place, or more than one"):
        command.import_polis(folder=BREXIT, progress=QUIET, place="nowhere")


# zips


def zipped(folder: Path, inside: str = "") -> BytesIO:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"{inside}{path.name}")
    made.seek(0)
    return made


def test_a_zip_is_opened_wherever_the_files_lie_in_it(folder, tmp_path_factory):
    for inside in ("", "export/", "../../../etc/", "/"):
        file = zipped(folder, inside)
        folders.check_zip(file)
        at = tmp_path_factory.mktemp("zip") / "x.zip"
        at.write_bytes(file.getvalue())
        with folders.unpacked(at) as opened:
            assert sorted(path.name for path in opened.iterdir()) == sorted(form.FILES)
            assert folders.digest_of(opened) == folders.digest_of(folder)
        assert not opened.exists()


def lying_zip(names: list[str], content: bytes = b"x") -> BytesIO:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, content)
    made.seek(0)
    return made


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (lambda: BytesIO(b"no zip at all"), "no zip"),
        (lambda: BytesIO(b"PK\x03\x04broken"), "no zip"),
        (lambda: lying_zip(["comments.csv"]), "holds no participants-votes.csv"),
        (lambda: lying_zip([f"{n}.txt" for n in range(101)]), "more than 100 files"),
        (lambda: lying_zip(["a/comments.csv", "b/comments.csv"]), "holds comments.csv twice"),
    ],
)
def test_what_is_no_export_is_refused_before_it_waits(file, told):
    with pytest.raises(Refused, match=told):
        folders.check_zip(file())


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does(monkeypatch, tmp_path):
    monkeypatch.setattr(folders, "FILE_MAX", 1000)
    bomb = lying_zip(["comments.csv", "participants-votes.csv"], b"0" * 5000)
    with pytest.raises(Refused, match="is larger than"):
        folders.check_zip(bomb)
    raw = bomb.getvalue().replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "x.zip").write_bytes(raw)
    with pytest.raises(Refused), folders.unpacked(tmp_path / "x.zip"):
        pass


# work in the queue


def test_a_zip_sent_on_a_page_is_taken_in_by_the_worker(administrator, estate, folder, now, settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    key = uuid4()
    words = {"place": estate, "source": "https://pol.is/x", "licence": "CC BY 4.0", "form_key": key, "at": now}
    job = moving.start_import(actor=administrator, file=zipped(folder), **words)
    assert moving.start_import(actor=administrator, file=zipped(folder), **words) == job
    assert Job.objects.count() == 1
    outcome = jobs.import_polis(QUIET, **job.words)
    found = Consultation.objects.get()
    assert (outcome["id"], outcome["url"]) == (found.pk, f"/consultations/{found.pk}")
    assert found.made_by == administrator.person
    assert not folders.waiting_at(key).exists()
    with pytest.raises(Refused, match="not here any more"):
        jobs.import_polis(QUIET, **job.words)


def test_an_export_is_written_by_the_worker_for_those_who_look_after_it(
    talk, steward, clerk_elsewhere, resident, now, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    later, key = now.replace(day=15), uuid4()
    for actor in (clerk_elsewhere, resident):
        with pytest.raises(NotAllowed, match="look after"):
            moving.start_export(actor=actor, consultation=talk, form_key=key, at=later)
    with pytest.raises(Refused, match="Results are hidden"):
        moving.start_export(actor=steward, consultation=talk, form_key=key, at=now)
    job = moving.start_export(actor=steward, consultation=talk, form_key=key, at=later)
    assert moving.start_export(actor=steward, consultation=talk, form_key=key, at=later) == job
    assert verbs(talk.matter).count("consultations.exported") == 1
    outcome = jobs.export_polis(QUIET, **job.words)
    assert outcome["url"] == f"/consultations/{talk.pk}/polis/{key}"
    with zipfile.ZipFile(folders.finished_at(key)) as packed:
        assert sorted(packed.namelist()) == sorted(form.FILES)


def test_old_files_go(settings, tmp_path, now):
    import os

    settings.MEDIA_ROOT = tmp_path
    old, new = folders.finished_at(uuid4()), folders.waiting_at(uuid4())
    for path in (old, new):
        path.write_text("x")
    os.utime(old, (now.timestamp() - 90_000,) * 2)
    os.utime(new, (now.timestamp() - 60,) * 2)
    folders.sweep(now)
    assert (old.exists(), new.exists()) == (False, True)


def test_every_refusal_of_the_engine_can_be_said_in_chinese():
    source = Path(form.__file__).read_text()
    for told in folders.TOLD:
        assert f'"{told}"' in source
    assert source.count("Unreadable(") - 1 == len(folders.TOLD)  # one is the class


def test_participants_have_numbers_and_no_persons(administrator, estate, folder):
    took_in(folder, administrator, estate)
    assert not Participant.objects.filter(person__isnull=False).exists()
    assert maps.due(NOW) == list(Consultation.objects.all())


# pages


@pytest.fixture
def files_elsewhere(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


def sent(folder: Path, estate, **more):
    upload = SimpleUploadedFile("export.zip", zipped(folder).getvalue(), content_type="application/zip")
    words = {"place": estate.pk, "source": "https://pol.is/x", "licence": "CC BY 4.0", "form_key": uuid4()}
    return {**words, "file": upload, **more}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_for_moving_open_for_whom_they_are(
    language, administrator, steward, resident, visitor, talk, now, django_assert_max_num_queries
):
    organiser, keeper = signed_in(steward, language), signed_in(administrator, language)
    with clock.set_to(now.replace(day=15)), django_assert_max_num_queries(10):
        assert organiser.get(f"/consultations/{talk.pk}/polis").status_code == 200
    with django_assert_max_num_queries(10):
        assert keeper.get("/consultations/import").status_code == 200
    for actor in (steward, resident, visitor):
        assert signed_in(actor, language).get("/consultations/import").status_code == 403
    for actor in (resident, visitor):
        assert signed_in(actor, language).get(f"/consultations/{talk.pk}/polis").status_code == 403
    assert signed_in(administrator, language).get("/consultations/9999/polis").status_code == 404


def test_a_zip_goes_through_the_page_into_the_queue(administrator, estate, folder, now, files_elsewhere):
    answer = signed_in(administrator, "en").post("/consultations/import", sent(folder, estate))
    job = Job.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/jobs/{job.pk}")
    assert jobs.import_polis(QUIET, **job.words)["votes"] == 3


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"licence": ""}, "id_licence_error"),
        ({"file": SimpleUploadedFile("x.zip", b"no zip")}, "This is no zip"),
        ({"file": SimpleUploadedFile("x.zip", b"")}, "The zip is empty"),
        ({"place": 99999}, "id_place_error"),
        ({"source": "x" * 401}, "At most 400"),
        ({"source": "a\u202eb"}, "hidden characters"),
    ],
)
def test_what_cannot_be_taken_in_is_said_beside_its_field(
    administrator, estate, folder, now, wrong, told, files_elsewhere
):
    answer = signed_in(administrator, "en").post("/consultations/import", sent(folder, estate, **wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    if "source" not in wrong:
        assert 'value="https://pol.is/x"' in page  # what was typed stays
    assert not Job.objects.exists()
    assert not list(folders.waiting_at(uuid4()).parent.iterdir())


def test_an_export_is_fetched_by_who_asked_for_it_and_nobody_else(
    talk, steward, administrator, resident, now, files_elsewhere
):
    with clock.set_to(now.replace(day=15)):
        client = signed_in(steward, "en")
        answer = client.post(f"/consultations/{talk.pk}/polis", {"form_key": str(uuid4())})
        job = Job.objects.get()
        assert answer.url == f"/jobs/{job.pk}"
        outcome = jobs.export_polis(QUIET, **job.words)
        Job.objects.filter(pk=job.pk).update(outcome=outcome)
        fetched = client.get(outcome["url"])
        assert fetched.status_code == 200
        assert fetched["Content-Disposition"] == f'attachment; filename="polis-{talk.pk}.zip"'
        with zipfile.ZipFile(BytesIO(b"".join(fetched.streaming_content))) as packed:
            assert form.MATRIX in packed.namelist()
        for actor in (administrator, resident):
            assert signed_in(actor, "en").get(outcome["url"]).status_code == 404


def test_before_results_are_out_the_page_says_when(talk, steward, now):
    client = signed_in(steward, "en")
    assert "Results are hidden until" in client.get(f"/consultations/{talk.pk}/polis").content.decode()
    assert client.post(f"/consultations/{talk.pk}/polis", {"form_key": str(uuid4())}).status_code == 422
    assert not Job.objects.exists()


def test_an_imported_one_stands_on_its_page_with_source_licence_and_map(administrator, street, client, now):
    done = took_in(BREXIT, administrator, street)
    maps.compute(consultation=done.consultation, at=now)
    client.cookies["language"] = "en"
    page = client.get(f"/consultations/{done.consultation.pk}").content.decode()
    for told in ("https://pol.is/x", "CC BY 4.0", "<svg", "This divides most:"):
        assert told in page
    assert len(page.encode()) < 100_000
