"""Lists of owners: sent by one, confirmed by another, written whole or not at all; twice is as good as once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from conftest import put_person, put_place, put_seat, race, speaking_from, verbs
from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.base.jobs import PrintedProgress, Stopped, run
from hemei.base.models import Job, Upload
from hemei.base.tables import read_table
from hemei.ledger.verification import verify
from hemei.people.actor import own
from hemei.places.models import Kind
from hemei.roll import clockwork, jobs, lists
from hemei.roll.actions import lists as actions
from hemei.roll.command import import_roll
from hemei.roll.models import Holding, Owner, Roll, RollList, Unit
from hemei.roll.steps import freeze
from hemei.roll.tests.owner_lists import AREA, CODE, HOME, NAME, B, csv_of, put_homes, rows_of, xlsx_of

PROGRESS = PrintedProgress(lambda _text: None)


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def second(area):
    """Head of the residents' committee: the other key."""
    return speaking_from(put_seat(put_person("二把钥匙", "+8613800000021"), "committee", "华富居委会", area, "head"))


@pytest.fixture
def roll(estate, clerk, now):
    put_homes(estate)
    return actions.begin_roll(actor=clerk, place=estate, form_key=uuid4(), at=now)


def sending(actor, roll, now, content=None, **more):
    file = SimpleUploadedFile("业主清册.csv", csv_of(rows_of()) if content is None else content)
    said = {"file": file, "source": "不动产登记簿", "as_of": now.date(), "form_key": uuid4(), "at": now}
    return {"actor": actor, "roll": roll, **said, **more}


def looked_at(actor, roll, now, content=None, **more):
    sent = actions.send_list(**sending(actor, roll, now, content, **more))
    jobs.check_list(PROGRESS, key=sent.pk)
    sent.refresh_from_db()
    return sent


def written(actor, second, roll, now, content=None):
    sent = actions.confirm_list(actor=second, sent=looked_at(actor, roll, now, content), at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    sent.refresh_from_db()
    return sent


def faults():
    return [fault for fault in verify(PROGRESS).faults if fault.startswith("roll.")]


def test_a_roll_is_begun_once_for_an_estate(clerk, estate, now):
    said = {"actor": clerk, "place": estate, "form_key": uuid4(), "at": now}
    roll = actions.begin_roll(**said)
    assert actions.begin_roll(**said) == roll
    assert (roll.body, verbs(roll), faults()) == (clerk.seat.body, ["roll.begun"], [])
    with pytest.raises(Refused, match="has a roll already"):
        actions.begin_roll(**{**said, "form_key": uuid4()})


def test_a_roll_is_begun_for_an_estate_that_stands_only(clerk, stairwell, estate, now):
    with pytest.raises(Refused, match="kept for an estate"):
        actions.begin_roll(actor=clerk, place=stairwell, form_key=uuid4(), at=now)
    estate.until = now.date()
    estate.save()
    with pytest.raises(Refused, match="does not stand any more"):
        actions.begin_roll(actor=clerk, place=estate, form_key=uuid4(), at=now)


@pytest.mark.django_db(transaction=True)
def test_begun_by_four_at_once_it_is_one_roll(clerk, estate, now):
    outcome = race(4, lambda: actions.begin_roll(actor=clerk, place=estate, form_key=uuid4(), at=now))
    assert (outcome.done, len(outcome.refused), Roll.objects.count()) == (1, 3, 1)


def test_a_list_is_sent_confirmed_by_another_and_written(clerk, second, roll, now):
    sent = looked_at(clerk, roll, now)
    assert (sent.report["new"], sent.report["heads"], sent.proposed_at is not None) == (12, 12, True)
    assert not Unit.objects.exists(), "nothing is written before it is confirmed"
    actions.confirm_list(actor=second, sent=sent, at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    assert (Unit.objects.count(), Owner.objects.count(), Holding.objects.count()) == (12, 12, 12)
    roll.refresh_from_db()
    assert (roll.version, verbs(roll)) == (1, ["roll.begun", "roll.list_sent", "roll.imported"])
    assert faults() == []
    assert list(Unit.objects.order_by("number").values_list("number", "key"))[:3] == [
        (1, "01/1/0101"), (2, "01/1/0102"), (3, "01/1/0201"),
    ]  # fmt: skip


def test_whoever_sent_a_list_neither_confirms_nor_declines_it(clerk, roll, now):
    sent = looked_at(clerk, roll, now)
    office = speaking_from(put_seat(clerk.person, "street_office", "街道办", roll.place.parent.parent, "clerk"))
    for actor in (clerk, office):  # the same person from another seat is the same person
        with pytest.raises(NotAllowed, match="You sent this list"):
            actions.confirm_list(actor=actor, sent=sent, at=now)
        with pytest.raises(NotAllowed, match="You sent this list"):
            actions.decline_list(actor=actor, sent=sent, why="n", at=now)


def everybody_else(request, area, estate):
    """Actors of every other kind: no one of them keeps a roll."""
    for name in ("visitor", "guest", "resident", "owner_upstairs", "newcomer", "stranger", "steward", "clerk_elsewhere",
                 "administrator"):  # fmt: skip
        yield name, request.getfixturevalue(name)
    for kind in ("property", "builder", "team", "alliance", "branch", "station", "city", "other"):
        for office in ("head", "clerk"):
            person = put_person(f"{kind}{office}")
            yield f"{office} of {kind}", speaking_from(put_seat(person, kind, kind, estate, office))
    for office in ("member", "moderator", "volunteer"):
        person = put_person(office, None)
        yield office, speaking_from(put_seat(person, "committee", "华富居委会", area, office))
    weak = speaking_from(put_seat(put_person("弱", "+8613800300001"), "committee", "华富居委会", area, "clerk"))
    yield "weakly signed in", own(weak.person)


def test_nobody_else_begins_sends_confirms_or_declines(request, clerk, roll, area, estate, now):
    sent = looked_at(clerk, roll, now)
    other = put_place(Kind.ESTATE, "龙吴路11弄", "0011", area)
    told = []
    for who, actor in everybody_else(request, area, estate):
        for act in (
            lambda actor=actor: actions.begin_roll(actor=actor, place=other, form_key=uuid4(), at=now),
            lambda actor=actor: actions.send_list(**sending(actor, roll, now)),
            lambda actor=actor: actions.confirm_list(actor=actor, sent=sent, at=now),
            lambda actor=actor: actions.decline_list(actor=actor, sent=sent, why="x", at=now),
        ):
            with pytest.raises(NotAllowed, match="The roll is kept by"):
                act()
            told.append(who)
    assert (Roll.objects.count(), RollList.objects.count(), len(set(told))) == (1, 1, 29)


def test_a_form_sent_twice_is_one_list_and_one_work(clerk, roll, now):
    said = sending(clerk, roll, now)
    first = actions.send_list(**said)
    assert actions.send_list(**said) == first
    assert (RollList.objects.count(), Job.objects.count(), Upload.objects.count()) == (1, 1, 1)
    with pytest.raises(Refused, match="other words"):
        actions.send_list(**{**said, "source": "另一本"})


def test_what_is_no_list_of_owners_is_refused_beside_the_file_and_not_kept(clerk, roll, now):
    for content in (
        bytes(range(256)),
        b"a,b\n1,2",
        csv_of(rows_of()) + "\r\n1,1,0101,50,甲,31010419800101123X".encode(),
    ):
        with pytest.raises(Refused) as refused:
            actions.send_list(**sending(clerk, roll, now, content))
        assert refused.value.field == "file"
    assert not RollList.objects.exists()
    assert not Upload.objects.exists()


def test_a_day_to_come_is_refused_and_too_many_lists_are_told(clerk, roll, now):
    with pytest.raises(Refused, match="has not come yet"):
        actions.send_list(**sending(clerk, roll, now, as_of=now.date() + timedelta(days=1)))
    for _time in range(actions.LISTS_AN_HOUR):
        actions.send_list(**sending(clerk, roll, now))
    with pytest.raises(TooMany):
        actions.send_list(**sending(clerk, roll, now))


def test_a_list_with_one_bad_row_imports_nothing(clerk, second, roll, now):
    rows = rows_of()
    rows[5][AREA] = "?"
    sent = looked_at(clerk, roll, now, csv_of(rows))
    assert ([row for row, _told in sent.report["bad"]], sent.proposed_at) == ([7], None)
    with pytest.raises(Refused, match="Some rows cannot be taken"):
        actions.confirm_list(actor=second, sent=sent, at=now)
    assert not Unit.objects.exists()


def test_totals_that_differ_stop_a_list(clerk, second, roll, now):
    sent = looked_at(clerk, roll, now, stated_homes=13)
    assert sent.report["bad"] == [[0, "The register counts 13 homes, and the list has 12."]]
    with pytest.raises(Refused):
        actions.confirm_list(actor=second, sent=sent, at=now)


def test_a_list_that_was_not_looked_at_is_not_confirmed(clerk, second, roll, now):
    sent = actions.send_list(**sending(clerk, roll, now))
    with pytest.raises(Refused, match="not looked at to its end"):
        actions.confirm_list(actor=second, sent=sent, at=now)


def test_an_unconfirmed_list_is_never_written(clerk, roll, now):
    sent = looked_at(clerk, roll, now)
    with pytest.raises(NotAllowed, match="Nobody has confirmed"):
        jobs.write_list(PROGRESS, key=sent.pk)


def test_the_same_list_again_changes_nothing(clerk, second, roll, now):
    written(clerk, second, roll, now)
    again = looked_at(clerk, roll, now, xlsx_of(rows_of()))
    assert (again.report["new"], again.report["same"], again.proposed_at) == (0, 12, None)
    with pytest.raises(Refused, match="stands on the roll already"):
        actions.confirm_list(actor=second, sent=again, at=now)


def test_a_later_list_brings_the_other_homes_and_the_order_of_the_site_holds(clerk, second, roll, now):
    written(clerk, second, roll, now, csv_of(rows_of()[4:]))
    written(clerk, second, roll, now, csv_of(rows_of()))
    keys = list(Unit.objects.order_by("number").values_list("key", flat=True))
    assert keys == sorted(keys)
    assert len(keys) == 12
    assert faults() == []


def test_an_owner_of_several_homes_is_one_row_and_one_head(clerk, second, roll, now):
    rows = rows_of()
    rows[1][NAME], rows[1][CODE] = rows[0][NAME], rows[0][CODE]
    sent = written(clerk, second, roll, now, csv_of(rows))
    assert (sent.report["owners"], sent.report["heads"], Owner.objects.count()) == (11, 11, 11)


def test_gb18030_and_a_spreadsheet_of_one_roll_freeze_to_the_same_hash(clerk, second, roll, now, area):
    written(clerk, second, roll, now, csv_of(rows_of()[::-1], "gb18030"))
    street = put_place(Kind.STREET, "另一街道", "310105")
    twin_area = put_place(Kind.AREA, area.name, area.code, street)
    twin = put_place(Kind.ESTATE, roll.place.name, roll.place.code, twin_area)
    put_homes(twin)
    keys = [
        speaking_from(put_seat(put_person(name), "committee", "另一居委会", twin_area, "clerk"))
        for name in ("甲", "乙")
    ]
    other = actions.begin_roll(actor=keys[0], place=twin, form_key=uuid4(), at=now)
    written(*keys, other, now, xlsx_of(rows_of()))
    with transaction.atomic():
        one, two = (freeze(actor=clerk, roll=each, place=each.place, at=now) for each in (roll, other))
    assert (one.hash, one.units) == (two.hash, 12)


def test_declined_with_a_reason_the_file_goes_and_it_stays_declined(clerk, second, roll, now):
    sent = looked_at(clerk, roll, now)
    said = {"actor": second, "sent": sent, "why": "日期不对", "at": now}
    declined = actions.decline_list(**said)
    assert actions.decline_list(**said) == declined
    assert (declined.declined_why, declined.upload, Upload.objects.count()) == ("日期不对", None, 0)
    with pytest.raises(Refused, match="was declined"):
        actions.confirm_list(actor=second, sent=sent, at=now)
    assert verbs(roll)[-1] == "roll.list_declined"


def test_confirmed_twice_it_is_written_once_and_no_longer_declined(clerk, second, roll, now):
    sent = looked_at(clerk, roll, now)
    actions.confirm_list(actor=second, sent=sent, at=now)
    actions.confirm_list(actor=second, sent=sent, at=now)
    assert Job.objects.filter(kind="roll.write_list").count() == 1
    with pytest.raises(Refused, match="confirmed meanwhile"):
        actions.decline_list(actor=second, sent=sent, why="x", at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    assert actions.confirm_list(actor=second, sent=sent, at=now).written_at
    assert verbs(roll).count("roll.imported") == 1


@pytest.mark.django_db(transaction=True)
def test_confirmed_by_six_hands_at_once_it_is_one_work(clerk, second, roll, now):
    sent = looked_at(clerk, roll, now)
    assert race(6, lambda: actions.confirm_list(actor=second, sent=sent, at=now)).done == 6
    assert Job.objects.filter(kind="roll.write_list").count() == 1


@pytest.mark.django_db(transaction=True)
def test_written_by_four_workers_at_once_it_is_written_once(clerk, second, roll, now):
    sent = actions.confirm_list(actor=second, sent=looked_at(clerk, roll, now), at=now)
    reading = lists.read(read_table(uploads.content_of(sent.upload)))
    assert race(4, lambda: actions.write_list(sent=sent, reading=reading, at=now)).done == 4
    assert (Unit.objects.count(), verbs(roll).count("roll.imported")) == (12, 1)


@pytest.mark.django_db(transaction=True)
def test_of_confirming_and_declining_at_once_one_holds(clerk, second, roll, now):
    sent = looked_at(clerk, roll, now)
    acts = [
        lambda: actions.confirm_list(actor=second, sent=sent, at=now),
        lambda: actions.decline_list(actor=second, sent=sent, why="x", at=now),
    ]

    def act():
        return acts.pop()()

    outcome = race(2, act)
    assert (outcome.done, len(outcome.refused)) == (1, 1)


def test_what_became_bad_meanwhile_is_told_and_shut_again(clerk, second, roll, now):
    sent = actions.confirm_list(actor=second, sent=looked_at(clerk, roll, now), at=now)
    rows = rows_of()[:1]
    rows[0][AREA] = "99"
    written(clerk, second, roll, now, csv_of(rows))
    with pytest.raises(Refused, match="Row 2 cannot be taken any more: It stands otherwise"):
        jobs.write_list(PROGRESS, key=sent.pk)
    sent.refresh_from_db()
    assert (Unit.objects.count(), sent.written_at, sent.confirmed_at, sent.report["bad_count"]) == (1, None, None, 1)


class AskedToStop:
    def at(self, done, total, doing=""):
        raise Stopped


def test_work_asked_to_stop_writes_nothing(clerk, second, roll, now):
    sent = actions.confirm_list(actor=second, sent=looked_at(clerk, roll, now), at=now)
    with pytest.raises(Stopped):
        jobs.write_list(AskedToStop(), key=sent.pk)
    sent.refresh_from_db()
    assert (Unit.objects.count(), sent.written_at) == (0, None)
    actions.confirm_list(actor=second, sent=sent, at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    assert Unit.objects.count() == 12


@pytest.mark.parametrize(
    ("model", "change"),
    [(Unit, {"area_m2": 1}), (Unit, {"votable": False}), (Owner, {"name": "别人"}), (Holding, {"share_den": 2}),
     (Holding, {"came_with": None}), (Unit, {"came_with": None})],
)  # fmt: skip
def test_a_row_altered_behind_the_list_is_found(clerk, second, roll, now, model, change):
    written(clerk, second, roll, now)
    assert faults() == []
    model.objects.filter(pk=model.objects.order_by("pk")[0].pk).update(**change)
    assert any("roll.rolllist" in fault for fault in faults())


def test_the_file_of_a_list_that_nobody_confirmed_goes_and_the_names_in_its_report(clerk, roll, now):
    rows = rows_of()
    rows[0][NAME] = rows[1][NAME] = "张三"
    rows[0][CODE] = rows[1][CODE] = ""
    sent = looked_at(clerk, roll, now, csv_of(rows))
    clockwork.round(now + timedelta(days=actions.KEPT_DAYS - 1))
    assert Upload.objects.count() == 1
    clockwork.round(now + timedelta(days=actions.KEPT_DAYS + 1))
    sent.refresh_from_db()
    assert (Upload.objects.count(), sent.report["bad"], sent.report["bad_count"]) == (0, [], 2)
    with pytest.raises(Refused, match="its file is gone"):
        actions.confirm_list(actor=speaking_from(put_seat(put_person("三", "+8613800000031"), "owners", "业委会",
                             roll.place, "head")), sent=sent, at=now)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_work_runs_from_the_queue_and_says_what_it_found(clerk, roll, now):
    sent = actions.send_list(**sending(clerk, roll, now))
    run.func(str(sent.job))
    job = Job.objects.get(pk=sent.job)
    assert (job.state, job.outcome) == (
        "done",
        {"told": "12 homes and 12 owners are new.", "url": f"/roll/lists/{sent.pk}"},
    )


def test_ten_thousand_homes_take_a_few_hundred_statements(clerk, second, estate, now):
    big = {"buildings": 40, "stairwells": 5, "floors": 25, "doors": 2}
    put_homes(estate, **big)
    roll = actions.begin_roll(actor=clerk, place=estate, form_key=uuid4(), at=now)
    sent = actions.send_list(**sending(clerk, roll, now, csv_of(rows_of(**big))))
    with CaptureQueriesContext(connection) as statements:
        jobs.check_list(PROGRESS, key=sent.pk)
        actions.confirm_list(actor=second, sent=sent, at=now)
        jobs.write_list(PROGRESS, key=sent.pk)
    assert Holding.objects.count() == 10_000
    assert len(statements) < 400


# the command


def command(path, estate, **more):
    said = {"source": "登记簿", "as_of": "2026-09-01", "homes": None, "area": "", "only_check": False}
    return import_roll(file=path, place=estate.code, progress=PROGRESS, **{**said, **more})


def test_the_command_shows_and_puts_it_up_for_a_second_key(estate, second, now, tmp_path, capsys):
    put_homes(estate)
    file = tmp_path / "roll.xlsx"
    file.write_bytes(xlsx_of(rows_of()))
    assert command(file, estate, only_check=True, homes=12) == 0
    assert "12 new homes" in capsys.readouterr().out
    assert not Roll.objects.exists()
    assert command(file, estate, area="602.4") == 0
    sent = RollList.objects.get()
    assert f"/roll/lists/{sent.pk}" in capsys.readouterr().out
    assert not Unit.objects.exists(), "the machine turns one key, not two"
    actions.confirm_list(actor=second, sent=sent, at=now)
    jobs.write_list(PROGRESS, key=sent.pk)
    assert Unit.objects.count() == 12
    assert faults() == []
    assert command(file, estate) == 0
    assert "stands already" in capsys.readouterr().out
    assert RollList.objects.count() == 1


def test_the_command_names_every_bad_row_and_what_it_was_asked_wrongly(estate, other_estate, tmp_path, capsys):
    put_homes(estate)
    rows = rows_of()
    rows[0][HOME], rows[1][B] = "0999", "9号楼"
    file = tmp_path / "roll.csv"
    file.write_bytes(csv_of(rows, "gb18030"))
    assert command(file, estate, homes=13) == 1
    out = capsys.readouterr().out
    assert all(told in out for told in ("Row 2: ", "Row 3: ", "Whole list: The register counts 13", "3 bad rows"))
    assert command(file, estate, as_of="gestern") == 2
    assert "2026-09-01" in capsys.readouterr().err
    estate.code = "nowhere"
    assert command(file, estate) == 2
    assert "There is no estate nowhere" in capsys.readouterr().err
    assert not Roll.objects.exists()
