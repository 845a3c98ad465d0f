"""Lists sent, looked at, confirmed and written: all or nothing, and twice is as good as once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import race, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.base.jobs import PrintedProgress, Stopped, run
from hemei.base.models import Job, Upload
from hemei.ledger.verification import verify
from hemei.places import clockwork, jobs, lists
from hemei.places.actions import (
    confirm_list,
    correct_place,
    import_at_once,
    send_list,
    write_list,
)
from hemei.places.command import import_places
from hemei.places.models import Kind, Place, PlaceList
from hemei.places.steps import state_of
from hemei.places.tests.conftest import quiet
from hemei.places.tests.lists import csv_of, homes, reading_of, tree_of, xlsx_of

PROGRESS = PrintedProgress(quiet)


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sending(actor, street, now, content=None, **more):
    content = csv_of(homes()) if content is None else content
    file = SimpleUploadedFile("清单.csv", content)
    return {"actor": actor, "street": street, "file": file, "form_key": uuid4(), "at": now, **more}


def looked_at(actor, street, now, content=None):
    sent = send_list(**sending(actor, street, now, content))
    jobs.check_list(PROGRESS, key=sent.pk)
    sent.refresh_from_db()
    return sent


def written(actor, street, now, content=None):
    sent = confirm_list(actor=actor, sent=looked_at(actor, street, now, content), at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    sent.refresh_from_db()
    return sent


def import_now(street, content, now):
    return import_at_once(street=street, called="l.csv", digest="0" * 64, reading=reading_of(content), at=now)


def test_a_list_is_looked_at_confirmed_and_written(office, street, now, holds):
    sent = looked_at(office, street, now)
    assert sent.report["new"] == {"area": 1, "estate": 1, "building": 2, "stairwell": 4, "home": 24}
    assert Place.objects.count() == 1, "nothing is written before it is confirmed"
    confirm_list(actor=office, sent=sent, at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    assert Place.objects.filter(kind=Kind.HOME).count() == 24
    home = Place.objects.filter(kind=Kind.HOME, code="0301").select_related("parent__parent__parent__parent").first()
    above = home.parent
    while above is not None:
        assert home.path.startswith(above.path)
        above = above.parent
    assert (home.name, home.floor) == ("301室", 3)
    assert verbs(street) == ["places.imported"]
    assert holds() == []


def test_the_file_goes_once_it_is_written_for_it_may_say_more_than_was_asked(office, street, now, tmp_path):
    sent = written(office, street, now)
    assert sent.upload is None
    assert not Upload.objects.exists()


def test_a_list_that_nobody_confirms_loses_its_file_after_a_week(office, street, now):
    sent = looked_at(office, street, now)
    clockwork.round(now + timedelta(days=6))
    assert Upload.objects.count() == 1
    clockwork.round(now + timedelta(days=8))
    assert Upload.objects.count() == 0
    with pytest.raises(Refused, match="Send it again"):
        confirm_list(actor=office, sent=sent, at=now)


@pytest.mark.parametrize("who", ["visitor", "resident", "clerk", "steward"])
def test_only_the_street_office_and_administrators_send_lists(who, street, area, now, request):
    with pytest.raises(NotAllowed, match="street office"):
        send_list(**sending(request.getfixturevalue(who), street, now))
    assert not PlaceList.objects.exists()


def test_an_administrator_sends_lists_too_and_nobody_else_confirms_them(administrator, resident, street, now):
    sent = looked_at(administrator, street, now)
    with pytest.raises(NotAllowed):
        confirm_list(actor=resident, sent=sent, at=now)


def test_a_form_sent_twice_is_one_list_and_one_work(office, street, now):
    said = sending(office, street, now)
    first = send_list(**said)
    assert send_list(**said) == first
    assert (PlaceList.objects.count(), Job.objects.count(), Upload.objects.count()) == (1, 1, 1)
    with pytest.raises(Refused, match="other words"):
        send_list(**{**said, "file": SimpleUploadedFile("x.csv", csv_of(homes(estates=2)))})


def test_what_is_no_list_is_refused_and_leaves_nothing(office, street, now):
    with pytest.raises(Refused, match="not a text"):
        send_list(**sending(office, street, now, bytes(range(256))))
    assert not PlaceList.objects.exists()


def test_a_list_with_bad_rows_is_not_written_at_all(office, street, now):
    rows = homes()
    rows[5][5] = "高层"
    rows[9][0] = ""
    sent = looked_at(office, street, now, csv_of(rows))
    assert [row for row, _told in sent.report["bad"]] == [7, 11]
    with pytest.raises(Refused, match="Correct them in the list"):
        confirm_list(actor=office, sent=sent, at=now)
    with pytest.raises(NotAllowed, match="Nobody has confirmed"):
        write_list(sent=sent, reading=reading_of(csv_of(homes())), at=now)
    assert Place.objects.count() == 1


def test_what_became_bad_meanwhile_is_told_and_nothing_is_written(office, street, now):
    sent = confirm_list(actor=office, sent=looked_at(office, street, now), at=now)
    import_now(street, csv_of(homes()[:1]), now)
    Place.objects.filter(kind=Kind.ESTATE).update(until=now.date())
    before = Place.objects.count()
    with pytest.raises(Refused, match="24 rows cannot be taken"):
        jobs.write_list(PROGRESS, key=sent.pk)
    sent.refresh_from_db()
    assert (Place.objects.count(), sent.written_at, sent.confirmed_at) == (before, None, None)


def test_the_same_list_twice_changes_nothing(office, street, now):
    written(office, street, now)
    before = tree_of(street)
    again = looked_at(office, street, now, xlsx_of(homes()))
    assert (again.report["new"], again.report["same"]) == ({}, 24)
    with pytest.raises(Refused, match="stands already"):
        confirm_list(actor=office, sent=again, at=now)
    assert import_now(street, csv_of(homes()), now) is None
    assert tree_of(street) == before
    assert verbs(street) == ["places.imported"]


def test_confirmed_twice_it_is_written_once(office, street, now):
    sent = looked_at(office, street, now)
    confirm_list(actor=office, sent=sent, at=now)
    confirm_list(actor=office, sent=sent, at=now)
    assert Job.objects.filter(kind="places.write_list").count() == 1
    jobs.write_list(PROGRESS, key=sent.pk)
    with pytest.raises(Refused, match="Send it again"):
        jobs.write_list(PROGRESS, key=sent.pk)
    assert confirm_list(actor=office, sent=sent, at=now).written_at
    assert verbs(street) == ["places.imported"]


@pytest.mark.django_db(transaction=True)
def test_the_same_list_from_four_hands_at_once_comes_once(street, now):
    content = csv_of(homes())
    outcome = race(4, lambda: import_now(street, content, now))
    assert sum(result is not None for result in outcome.results) == 1
    assert Place.objects.filter(kind=Kind.HOME).count() == 24
    assert verbs(street) == ["places.imported"]


@pytest.mark.django_db(transaction=True)
def test_two_lists_that_share_an_estate_at_once_make_it_once(street, now):
    rows = homes()
    halves = [csv_of(rows[:12]), csv_of(rows[12:])]
    race(2, lambda: import_now(street, halves.pop(), now))
    assert Place.objects.filter(kind=Kind.ESTATE).count() == 1
    assert Place.objects.filter(kind=Kind.HOME).count() == 24


class AskedToStop:
    def at(self, done, total, doing=""):
        raise Stopped


def test_work_asked_to_stop_writes_nothing(office, street, now):
    sent = confirm_list(actor=office, sent=looked_at(office, street, now), at=now)
    with pytest.raises(Stopped):
        jobs.write_list(AskedToStop(), key=sent.pk)
    sent.refresh_from_db()
    assert (Place.objects.count(), sent.written_at) == (1, None)


def test_gb18030_and_a_spreadsheet_of_the_same_list_give_the_same_places(street, now):
    from conftest import put_place

    other = put_place(Kind.STREET, "另一街道", "310105")
    import_now(street, csv_of(homes(estates=2), "gb18030"), now)
    import_now(other, xlsx_of(homes(estates=2)), now)
    assert [row[:4] for row in tree_of(street)[:-1]] == [row[:4] for row in tree_of(other)[:-1]]


def test_an_imported_place_altered_behind_its_entry_is_noticed(street, now, holds):
    import_now(street, csv_of(homes()), now)
    assert holds() == []
    Place.objects.filter(kind=Kind.HOME, code="0101").update(name="999室")
    assert any("places.placelist" in fault for fault in holds())


def test_an_imported_place_taken_out_of_its_list_is_noticed(street, now, holds):
    import_now(street, csv_of(homes()), now)
    Place.objects.filter(pk=Place.objects.filter(kind=Kind.HOME).first().pk).update(came_with=None)
    assert any("stands without an entry" in fault for fault in holds())


def test_a_corrected_place_leaves_its_list_and_both_are_vouched_for(administrator, street, now, holds):
    import_now(street, csv_of(homes()), now)
    home = Place.objects.filter(kind=Kind.HOME).first()
    said = {field: getattr(home, field) for field in ("name", "name_en", "code", "address", "order", "floor", "since")}
    correct_place(actor=administrator, place=home, at=now, seen=state_of(home), **{**said, "name": "101A室"})
    assert verbs(street) == ["places.imported", "places.corrected", "places.list_left"]
    assert holds() == []
    Place.objects.filter(pk=home.pk).update(name="102室")
    assert any(f"places.place:{home.pk}:" in fault for fault in holds())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(st.lists(st.tuples(*[st.integers(1, 3)] * 4), min_size=1, max_size=12, unique=True))
def test_whatever_a_list_holds_importing_it_twice_changes_nothing(street, now, doors):
    Place.objects.exclude(pk=street.pk).filter(kind=Kind.HOME).delete()
    rows = [["田林", f"{a}村", f"0{b}", str(c), f"{d}01", str(d), ""] for a, b, c, d in doors]
    import_now(street, csv_of(rows), now)
    before, entries = tree_of(street), len(verbs(street))
    assert import_now(street, xlsx_of(rows), now) is None
    assert (tree_of(street), len(verbs(street))) == (before, entries)


def test_the_command_shows_first_and_writes_with_yes(street, now, tmp_path, capsys):
    file = tmp_path / "list.xlsx"
    file.write_bytes(xlsx_of(homes()))
    asked = {"file": file, "street": street.code, "progress": PROGRESS}
    assert import_places(yes=False, **asked) == 0
    assert "24 new: Home" in capsys.readouterr().out
    assert Place.objects.count() == 1
    assert import_places(yes=True, **asked) == 0
    assert Place.objects.filter(kind=Kind.HOME).count() == 24
    assert import_places(yes=True, **asked) == 0
    assert "stands already" in capsys.readouterr().out


def test_the_command_names_every_bad_row_and_a_street_that_is_not_there(street, tmp_path, capsys):
    file = tmp_path / "list.csv"
    rows = homes()
    rows[0][5] = rows[1][5] = "高层"
    file.write_bytes(csv_of(rows))
    assert import_places(file=file, street=street.code, yes=True, progress=PROGRESS) == 1
    out = capsys.readouterr().out
    assert "Row 2: " in out
    assert "Row 3: " in out
    assert "2 bad rows" in out
    assert import_places(file=file, street="nowhere", yes=True, progress=PROGRESS) == 2
    assert "310104 (漕河泾街道)" in capsys.readouterr().err
    assert Place.objects.count() == 1


def test_a_list_of_ten_thousand_homes_is_planned_in_few_queries(street, now, django_assert_max_num_queries):
    reading = reading_of(csv_of(homes(estates=2, buildings=4)))
    with django_assert_max_num_queries(2):
        lists.plan(street, reading)
    assert verify(PROGRESS).faults == [f"places.place:{street.pk}: stands without an entry in the ledger"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_looks_and_writes_and_stops_when_asked(office, street, now):
    sent = send_list(**sending(office, street, now))
    run.func(str(sent.job))
    looked = Job.objects.get(pk=sent.job)
    assert (looked.state, looked.outcome["url"]) == ("done", f"/places/lists/{sent.pk}")
    assert "24 homes" in looked.outcome["told"]

    first = confirm_list(actor=office, sent=sent, at=now)
    Job.objects.filter(pk=first.job).update(stop_asked=True)
    run.func(str(first.job))
    assert Job.objects.get(pk=first.job).state == "stopped"
    assert not Place.objects.filter(kind=Kind.HOME).exists()

    again = confirm_list(actor=office, sent=sent, at=now)
    assert again.job != first.job
    run.func(str(again.job))
    assert Job.objects.get(pk=again.job).state == "done"
    assert Place.objects.filter(kind=Kind.HOME).count() == 24
