"""Papers: each for the right person and nobody else, in both languages, with the numbers of the verdict."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import zxingcpp
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from conftest import LANGUAGES, NOW, put_place, race, signed_in
from hemei.base.errors import NotAllowed
from hemei.base.models import Job, Upload
from hemei.decisions import jobs, standing
from hemei.decisions.actions.contracting import end_contract, open_contract
from hemei.decisions.actions.printing import typeset_ballots
from hemei.decisions.costing import money
from hemei.decisions.documents.common import language
from hemei.decisions.models import Decision, Door, Paper, PrintRun
from hemei.decisions.queries import documents as queries
from hemei.decisions.tests.cast import (
    SILENT,
    faults,
    put_act,
    put_cast,
    put_decision,
    put_drive,
    put_paper,
    put_service,
)
from hemei.decisions.tests.printed import (
    ALL_BUT_ONE,
    pages_of,
    picture_of,
    put_certified,
    put_objection,
    put_policy_sheet,
    words_of,
)
from hemei.decisions.tests.test_contracts import ready
from hemei.engines.decision.words import in_words
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Kind
from hemei.roll.models import Holding, Owner, RollList, Unit
from hemei.shell import pdf

VOTING = ("notice_pdf", "authority_pdf", "co_owners_pdf")
COUNTED = ("result_pdf", "posting_pdf", "objection_form_pdf")


def address(name, *keys):
    return reverse(f"decisions:{name}", args=keys)


def get(actor, name, *keys, said="zh-hans"):
    return signed_in(actor, said).get(address(name, *keys))


def words(actor, name, *keys, said="zh-hans"):
    answer = get(actor, name, *keys, said=said)
    assert answer.status_code == 200, answer.status_code
    return words_of(answer.content)


def plain(text):
    return "".join(str(text).split())


def everybody(cast):
    """Who comes by, by name; the owner is of flat 101."""
    return {
        "visitor": Actor(),
        "stranger": cast.stranger,
        "owner": cast.owners["w0101"],
        "neighbour": cast.owners["w0201"],
        "volunteer": cast.volunteer,
        "property": cast.property_clerk,
        "builder": cast.builder,
        "counter": cast.counters[0],
        "clerk": cast.clerk,
        "second clerk": cast.second_clerk,
        "head": cast.head,
        "administrator": cast.administrator,
    }


def who_gets(cast, name, *keys):
    answers = {who: get(actor, name, *keys).status_code for who, actor in everybody(cast).items()}
    assert set(answers.values()) <= {200, 404}
    return {who for who, status in answers.items() if status == 200}


DESK = {"clerk", "second clerk", "head", "administrator"}
ALL = {
    "visitor", "stranger", "owner", "neighbour", "volunteer", "property", "builder", "counter", "clerk",
    "second clerk", "head", "administrator",
}  # fmt: skip


# who may print what


@pytest.mark.parametrize("name", VOTING)
def test_what_hangs_and_what_is_filled_in_is_for_everybody(cast, name):
    assert who_gets(cast, name, put_decision(cast).pk) == ALL


@pytest.mark.parametrize("name", COUNTED)
def test_the_result_is_for_everybody_once_it_is_certified(cast, name):
    assert who_gets(cast, name, put_certified(cast).pk) == ALL
    assert who_gets(cast, name, put_decision(cast, state="closed").pk) == set()


def test_the_copy_with_numbers_is_for_those_who_could_vote_and_the_counters(cast):
    assert who_gets(cast, "result_copy_pdf", put_certified(cast).pk) == {"owner", "neighbour", "counter"}
    assert who_gets(cast, "result_copy_pdf", put_decision(cast, state="closed").pk) == set()


def test_ballots_and_the_list_to_sign_are_the_desks(cast):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    assert who_gets(cast, "ballots_pdf", decision.pk, paper.run_id) == DESK
    assert who_gets(cast, "service_list_pdf", decision.pk) == DESK


@pytest.mark.parametrize("name", [*VOTING, *COUNTED, "result_copy_pdf", "service_list_pdf"])
@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_is_being_prepared_or_was_cancelled_is_not_printed(cast, name, state):
    decision = put_decision(cast, state="draft" if state == "draft" else "open")
    if state == "cancelled":
        Decision.objects.filter(pk=decision.pk).update(cancelled_at=NOW, cancelled_why="方案改了")
    assert who_gets(cast, name, decision.pk) == set()


def test_a_desk_elsewhere_prints_no_ballots(cast, clerk_elsewhere):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    for keys in (("ballots_pdf", decision.pk, paper.run_id), ("service_list_pdf", decision.pk)):
        assert get(clerk_elsewhere, *keys).status_code == 404


def test_a_run_of_another_vote_is_not_found_under_this_one(cast):
    decision, other = put_decision(cast), put_decision(cast)
    paper = put_paper(other, "0101")
    assert get(cast.clerk, "ballots_pdf", decision.pk, paper.run_id).status_code == 404


def test_hidden_and_absent_papers_answer_alike(cast):
    decision = put_decision(cast)
    hidden, absent = (get(cast.stranger, "service_list_pdf", pk).content for pk in (decision.pk, decision.pk + 1000))
    assert hidden.replace(f"/{decision.pk}/".encode(), b"") == absent.replace(f"/{decision.pk + 1000}/".encode(), b"")


def test_a_receipt_is_for_the_desk_and_the_owner_of_the_home(cast):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    put_act(decision, "0101", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), paper=paper)
    assert who_gets(cast, "receipt_pdf", decision.pk, paper.serial) == DESK | {"owner"}
    wrong = paper.serial[:-4] + "ABCD"
    assert who_gets(cast, "receipt_pdf", decision.pk, wrong) == set()
    assert who_gets(cast, "receipt_pdf", decision.pk, "1-x-ABCD") == set()


def test_an_answer_is_for_who_objected_and_the_desk(cast):
    decision = put_certified(cast)
    answered = {"answer": "已答复", "answered_at": NOW, "answered_by": cast.clerk.seat.body}
    put_objection(decision, cast.owners["w0101"], **answered)
    for name in ("objection_answer_pdf", "mediation_pdf"):
        assert who_gets(cast, name, decision.pk, 1) == DESK | {"owner"}
        assert who_gets(cast, name, decision.pk, 2) == set()


def test_what_a_team_carries_is_the_teams_and_the_desks(cast):
    drive = put_drive(cast)
    for name in ("wish_sheet_pdf", "visit_sheet_pdf"):
        assert who_gets(cast, name, drive.pk) == DESK | {"volunteer"}


def test_a_policy_sheet_is_for_everybody(cast):
    assert who_gets(cast, "policy_sheet_pdf", put_policy_sheet(cast.estate).pk) == ALL


# every paper in both languages, with few questions to the database


@pytest.mark.parametrize("said", LANGUAGES)
def test_every_paper_of_a_vote_that_is_open(cast, said, django_assert_max_num_queries):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    put_act(
        decision, "0101", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), paper=put_paper(decision, "0101")
    )
    served = put_paper(decision, "0102")
    put_act(decision, "0102", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), paper=served)
    clerk = signed_in(cast.clerk, said)
    for name, *keys in (
        ("ballots_pdf", paper.run_id),
        ("service_list_pdf",),
        ("receipt_pdf", served.serial),
        *((one,) for one in VOTING),
    ):
        with django_assert_max_num_queries(10):
            answer = clerk.get(address(name, decision.pk, *keys))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"
        page = words_of(answer.content)
        assert plain("同意3号楼1单元加装电梯吗？") in page
        assert plain("Do you agree to a lift for stairwell 1 of building 3?") in page
        assert ("Page1of" in page) == (said == "en")


@pytest.mark.parametrize("said", LANGUAGES)
def test_every_paper_of_a_vote_that_was_counted(cast, said, django_assert_max_num_queries):
    drive = put_drive(cast)
    decision = put_certified(cast, drive=drive)
    answered = {"answer": "已答复", "answered_at": NOW, "answered_by": cast.clerk.seat.body}
    put_objection(decision, cast.owners["w0101"], **answered)
    sheet = put_policy_sheet(cast.estate)
    owner, clerk = signed_in(cast.owners["w0101"], said), signed_in(cast.clerk, said)
    for client, name, *keys in (
        *((owner, one, decision.pk) for one in (*COUNTED, "result_copy_pdf")),
        *((clerk, one, decision.pk, 1) for one in ("objection_answer_pdf", "mediation_pdf")),
        *((clerk, one, drive.pk) for one in ("wish_sheet_pdf", "visit_sheet_pdf")),
        (owner, "policy_sheet_pdf", sheet.pk),
    ):
        standing.forget()
        with django_assert_max_num_queries(10):
            answer = client.get(address(name, *keys))
        assert answer.status_code == 200
        assert ("Page1of" in words_of(answer.content)) == (said == "en")


# what they say


def test_a_ballot_says_all_that_somebody_needs_to_vote(cast):
    body = cast.second_clerk.seat.body
    Body.objects.filter(pk=body.pk).update(phone="021-64000000", office_hours="周一至周五 9:00–17:00")
    decision = put_decision(cast)
    paper = put_paper(decision, "0602")
    page = words(cast.clerk, "ballots_pdf", decision.pk, paper.run_id)
    for said in (
        paper.serial, "3号楼1单元602室", "54.80平方米", "同意3号楼1单元加装电梯吗？", "业主签名", "共有人签名",
        "受托人签名", "2026年9月19日10:30:00，到这一秒为止", "021-64000000", "周一至周五9:00–17:00",
        "选了两项", "弃权算参加表决",
        "不交票的，哪边都不算", "只有两位计票人看得到谁怎么选",
    ):  # fmt: skip
        assert plain(said) in page, said
    for choice in ("同意", "反对", "弃权"):
        assert choice in page


def test_a_ballot_has_one_page_also_with_the_longest_question(cast):
    decision = put_decision(cast, question="电梯" * 100, question_en="a lift " * 57)
    papers = [put_paper(decision, "0101"), put_paper(decision, "0602")]
    for said in LANGUAGES:
        for paper in papers:
            assert len(pages_of(get(cast.clerk, "ballots_pdf", decision.pk, paper.run_id, said=said).content)) == 1


def test_where_silence_joins_the_majority_the_ballot_says_so_in_the_estates_own_words(cast):
    decision = put_decision(
        cast, rule_id="CN-278-SPECIAL-SILENT", silence_text="收到表决票未投票的，视为同意多数意见。"
    )
    page = words(cast.clerk, "ballots_pdf", decision.pk, put_paper(decision, "0101").run_id)
    assert "随多数" in page
    assert "收到表决票未投票的，视为同意多数意见。" in page


def test_used_and_voided_ballots_are_not_printed_again(cast):
    decision = put_decision(cast)
    used, void, left = (put_paper(decision, "0101") for _ in range(3))
    Paper.objects.filter(pk__in=[void.pk, left.pk]).update(run=used.run)
    put_act(decision, "0101", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), paper=used)
    Paper.objects.filter(pk=void.pk).update(voided_at=NOW, voided_why="印坏了")
    pages = pages_of(get(cast.clerk, "ballots_pdf", decision.pk, used.run_id).content)
    assert len(pages) == 1
    assert left.serial in pages[0]
    Paper.objects.filter(pk=left.pk).update(voided_at=NOW, voided_why="印坏了")
    assert get(cast.clerk, "ballots_pdf", decision.pk, used.run_id).status_code == 404


def test_the_code_on_a_ballot_is_read_back_from_the_paper(cast):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    picture = picture_of(get(cast.clerk, "ballots_pdf", decision.pk, paper.run_id).content)
    for turned in (0, 2, -5, 180):
        found = zxingcpp.read_barcodes(picture.rotate(turned, expand=True, fillcolor="white"))
        assert [one.text for one in found] == [f"http://testserver/decisions/b/{paper.serial}"]


def test_hostile_words_are_printed_as_they_were_typed(cast):
    hostile = '#panic("x") [*y*] \\ $ z $ `raw` <script> {n}'
    decision = put_decision(cast, question=hostile, question_en="")
    assert plain(hostile) in words(cast.stranger, "notice_pdf", decision.pk)


def test_a_paper_printed_twice_is_the_same_to_the_byte(cast):
    decision = put_decision(cast)
    run = put_paper(decision, "0101").run_id
    assert (
        get(cast.clerk, "ballots_pdf", decision.pk, run).content
        == get(cast.head, "ballots_pdf", decision.pk, run).content
    )


def test_no_file_is_called_after_a_home_or_a_person(cast):
    decision = put_decision(cast)
    for name, *keys in (("ballots_pdf", put_paper(decision, "0101").run_id), ("service_list_pdf",), ("notice_pdf",)):
        called = get(cast.clerk, name, decision.pk, *keys).headers["Content-Disposition"]
        assert "0101" not in called
        assert called.isascii()
        assert called.startswith("inline")


def test_owners_stand_on_the_list_to_sign_by_stairwell(cast):
    decision = put_decision(cast)
    put_service(decision, "0102")
    page = words(cast.clerk, "service_list_pdf", decision.pk)
    for said in ("业主101", "周某、吴某", "已送达", "龙吴路9弄3号楼1单元", "不要张贴"):
        assert said in page, said


def test_a_list_to_sign_has_a_sheet_for_each_of_forty_stairwells(cast, django_assert_max_num_queries):
    homes = []
    for n in range(2, 41):
        stairwell = put_place(Kind.STAIRWELL, f"{n}单元", f"{n}", cast.building)
        homes += [put_place(Kind.HOME, f"{f}01室", f"0{f}01", stairwell, floor=f, order=f) for f in (1, 2)]
    with transaction.atomic():
        came_with = RollList.objects.get(roll=cast.roll)
        for number, home in enumerate(homes, 100):
            owner = Owner.objects.create(roll=cast.roll, code=f"x{number}", name=f"业主{number}", came_with=came_with)
            key = f"03/{home.ancestor_keys[-2]}/{number}"
            unit = Unit.objects.create(
                roll=cast.roll, place=home, key=key, number=number, area_m2="61.2000", came_with=came_with
            )
            Holding.objects.create(unit=unit, owner=owner, came_with=came_with)
    decision = put_decision(cast, place=cast.estate)
    clerk = signed_in(cast.clerk)
    with django_assert_max_num_queries(10):
        pages = pages_of(clerk.get(address("service_list_pdf", decision.pk)).content)
    assert len([page for page in pages if "第 1 页" in page]) == 40
    assert all(plain("表决票送达签收表") in plain(page) for page in pages if "第 1 页" in page)


def test_a_volunteer_has_their_own_doors_on_the_sheet_and_no_name(cast):
    drive = put_drive(cast)
    Door.objects.create(drive=drive, home=cast.home("0301"), volunteer=cast.volunteer.person, since=NOW)
    Door.objects.create(drive=drive, home=cast.home("0401"), volunteer=cast.volunteer.person, since=NOW, ended_at=NOW)
    mine, all_doors = (words(one, "visit_sheet_pdf", drive.pk) for one in (cast.volunteer, cast.clerk))
    assert "301室" in mine
    assert "401室" not in mine
    assert "401室" in all_doors
    for owner in ("业主301", "周某", "+86"):
        assert owner not in mine + all_doors


def test_a_wish_sheet_says_that_it_is_no_consent(cast):
    drive = put_drive(cast)
    assert "这不是表决，也不算同意" in words(cast.volunteer, "wish_sheet_pdf", drive.pk)
    assert "Thisisnovoteandnoconsent." in words(cast.volunteer, "wish_sheet_pdf", drive.pk, said="en")


def test_a_receipt_says_when_and_not_what(cast):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    both = (cast.clerk, cast.second_clerk)
    act = put_act(decision, "0101", "against", channel="paper", by_clerks=both, paper=paper, confirmed=False)
    waiting = words(cast.clerk, "receipt_pdf", decision.pk, paper.serial)
    assert "等第二位工作人员核对" in waiting
    assert "反对" not in waiting
    act.confirmed_at, act.confirmed_by = act.at + timedelta(minutes=5), cast.second_clerk.person
    act.save()
    assert "由第二位工作人员核对" in words(cast.owners["w0101"], "receipt_pdf", decision.pk, paper.serial)


# the result


def test_the_result_says_the_same_to_everybody_to_the_byte(cast):
    decision = put_certified(cast)
    for name in COUNTED:
        assert len({get(actor, name, decision.pk).content for actor in everybody(cast).values()}) == 1


@pytest.mark.parametrize(
    ("votes", "outcome", "told"),
    [
        (None, "passed", "通过了"),
        ({"0101": "for"}, "no_quorum", "没有通过"),
        (dict.fromkeys(ALL_BUT_ONE, "against"), "rejected", "没有通过"),
    ],
)
def test_the_result_is_passed_or_not_and_never_a_number(cast, votes, outcome, told):
    decision = put_certified(cast, votes, outcome)
    for name in ("result_pdf", "posting_pdf"):
        page = words(cast.counters[0], name, decision.pk)
        assert told in page or told.replace("没有", "没") in page
        assert "参与" not in page
        for number in ("/11", "/12", "/10", "696"):
            assert number not in page
        assert "这不是法律意见" in page


@pytest.mark.parametrize("said", LANGUAGES)
def test_the_copy_for_the_electorate_has_the_numbers_of_the_verdict(cast, said):
    decision = put_certified(cast)
    page = words(cast.owners["w0201"], "result_copy_pdf", decision.pk, said=said)
    told = standing.standing(viewer=cast.owners["w0201"], decision=decision, at=NOW).own
    assert told.verdict is not None
    with translation.override(said):
        verdict = in_words(told.verdict, told.case, language())
    for test in verdict.tests:
        for one in (test.name, test.figures, test.asked, test.arithmetic):
            assert plain(one) in page, one
    assert plain(verdict.legal_note) in page
    assert decision.file_hash[:4] in page
    assert f"{told.handed_in}" in page


def test_a_public_notice_has_room_for_the_day_of_the_photo(cast):
    page = words(cast.clerk, "posting_pdf", put_certified(cast, posting_days=10).pk)
    for said in ("公示10天", "张贴照片日期", "张贴当天不算", "24:00"):
        assert said in page, said


# long prints


def many_papers(decision, count):
    first = put_paper(decision, "0101")
    slot = first.slot
    Paper.objects.bulk_create(
        Paper(run=first.run, decision=decision, slot=slot, number=number, mark="ABCD") for number in range(2, count + 1)
    )
    PrintRun.objects.filter(pk=first.run_id).update(papers=count)
    return PrintRun.objects.select_related("decision").get(pk=first.run_id)


def test_a_long_print_is_a_job_whose_file_only_the_desk_fetches(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    decision = put_decision(cast)
    run = many_papers(decision, pdf.PAGES_AT_ONCE + 1)
    clerk = signed_in(cast.clerk)
    here = address("typeset_ballots", decision.pk, run.pk)
    assert clerk.get(address("ballots_pdf", decision.pk, run.pk)).headers["Location"] == here
    assert clerk.get(here).status_code == 200
    begun = clerk.post(here, {"form_key": uuid4()})
    job = Job.objects.get(kind=queries.MAKES_BALLOTS)
    assert begun.headers["Location"] == reverse("web:job", args=[job.pk])
    outcome = jobs.typeset_ballots(SILENT, **job.words)
    Job.objects.filter(pk=job.pk).update(state="done", outcome=outcome, ended_at=NOW)
    file = b"".join(clerk.get(outcome["url"]).streaming_content)
    assert len(pages_of(file)) == pdf.PAGES_AT_ONCE + 1
    keys = (decision.pk, run.pk, outcome["upload"])
    assert who_gets(cast, "made_ballots", *keys) == DESK
    assert who_gets(cast, "made_ballots", decision.pk, run.pk, uuid4()) == set()
    again = jobs.typeset_ballots(SILENT, **job.words)
    assert not Upload.objects.filter(pk=outcome["upload"]).exists()
    assert Upload.objects.filter(pk=again["upload"]).exists()


def test_a_long_print_is_begun_once_for_a_form_sent_twice(cast):
    run = many_papers(put_decision(cast), 2)
    sent = {"actor": cast.clerk, "run": run, "site": "http://x", "form_key": uuid4(), "at": NOW}
    assert typeset_ballots(**sent) == typeset_ballots(**sent)
    assert Job.objects.filter(kind=queries.MAKES_BALLOTS).count() == 1


def test_a_long_print_is_refused_to_who_does_not_run_the_vote(cast):
    run = many_papers(put_decision(cast), 2)
    for actor in (cast.volunteer, cast.owners["w0101"], cast.counters[0], cast.property_clerk):
        with pytest.raises(NotAllowed, match="printed by the desk"):
            typeset_ballots(actor=actor, run=run, site="http://x", form_key=uuid4(), at=NOW)
    assert not Job.objects.exists()


# the way back


def test_a_clerk_who_scans_comes_to_the_entry_with_the_serial(cast):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    for actor in (cast.clerk, cast.head):
        assert get(actor, "scan", paper.serial).headers["Location"] == (
            f"{reverse('decisions:enter_paper', args=[decision.pk])}?serial={paper.serial}"
        )


def test_anybody_else_who_scans_comes_to_the_vote_whether_or_not_the_ballot_exists(cast):
    decision = put_decision(cast)
    paper = put_paper(decision, "0101")
    for who, actor in everybody(cast).items():
        if who in DESK:
            continue
        there, never = (get(actor, "scan", one) for one in (paper.serial, f"{decision.pk}-0999-ABCD"))
        assert (
            there.headers["Location"] == never.headers["Location"] == reverse("decisions:decision", args=[decision.pk])
        )
        assert get(actor, "scan", f"{decision.pk + 99}-0001-ABCD").status_code == 404
        assert get(actor, "scan", "no-serial").status_code == 404


# the list on the page of a vote


def test_each_sees_the_papers_they_may_print_and_each_opens(cast):
    decision = put_certified(cast)
    put_paper(decision, "0101")
    for who, actor in everybody(cast).items():
        shown = queries.words(actor, decision, NOW)
        links = [one["url"] for one in shown["papers"] + shown["for_desk"]]
        assert len(links) == len(set(links))
        for url in links:
            assert signed_in(actor).get(url).status_code == 200, (who, url)
        assert bool(shown["for_desk"]) == (who in DESK)
        assert (address("result_copy_pdf", decision.pk) in links) == (who in {"owner", "neighbour", "counter"})


def test_a_vote_that_is_prepared_has_no_papers(cast):
    assert queries.words(cast.clerk, put_decision(cast, state="draft"), NOW) is None


def test_papers_of_a_drive_are_for_those_who_carry_them(cast):
    drive = put_drive(cast)
    assert queries.drive_words(cast.stranger, drive, NOW) is None
    for actor in (cast.volunteer, cast.clerk):
        shown = queries.drive_words(actor, drive, NOW)
        assert all(signed_in(actor).get(one["url"]).status_code == 200 for one in shown["papers"])


# the agreement


@pytest.fixture
def agreement(cast):
    draft = ready(cast, put_drive(cast, stage="contract"))
    return open_contract(actor=cast.head, contract=draft, at=NOW)


def test_an_agreement_is_for_who_signs_it_and_the_desk(cast, agreement):
    assert who_gets(cast, "contract_pdf", agreement.drive_id) == DESK | {"owner", "neighbour"}


def test_a_draft_of_an_agreement_is_not_printed(cast):
    draft = ready(cast, put_drive(cast, stage="contract"))
    assert who_gets(cast, "contract_pdf", draft.drive_id) == set()


@pytest.mark.parametrize("said", LANGUAGES)
def test_an_agreement_holds_every_term_and_share_that_is_signed(cast, agreement, said, django_assert_max_num_queries):
    clerk = signed_in(cast.clerk, said)
    with django_assert_max_num_queries(10):
        file = clerk.get(address("contract_pdf", agreement.drive_id)).content
    page, content = words_of(file), json.loads(agreement.content)
    with translation.override(said):
        for name, term in content["terms"].items():
            assert plain(money(term) if name in ("running_yuan_a_year", "reserve_yuan") else term) in page, name
        for share in content["plan"]["shares"].values():
            assert plain(money(share)) in page
        assert plain(money(content["plan"]["net"])) in page
    assert agreement.hash in page


def test_names_stand_on_an_agreement_only_for_who_keeps_the_roll(cast, agreement):
    assert "周某" in words(cast.clerk, "contract_pdf", agreement.drive_id)
    mine = words(cast.owners["w0101"], "contract_pdf", agreement.drive_id)
    for name in ("周某", "吴某", "业主101", "业主201"):
        assert name not in mine


def test_an_agreement_that_ended_says_so(cast, agreement):
    end_contract(actor=cast.head, contract=agreement, why="方案改了", at=NOW)
    assert "方案改了" in words(cast.clerk, "contract_pdf", agreement.drive_id)


@pytest.mark.parametrize("said", LANGUAGES)
def test_the_pages_of_a_vote_and_of_a_drive_show_their_papers(cast, said):
    drive = put_drive(cast)
    decision = put_certified(cast, drive=drive)
    clerk = signed_in(cast.clerk, said)
    shown = clerk.get(reverse("decisions:decision", args=[decision.pk])).content.decode()
    for name in ("notice_pdf", "result_pdf", "service_list_pdf"):
        assert address(name, decision.pk) in shown
    shown = clerk.get(reverse("decisions:drive", args=[drive.pk])).content.decode()
    assert address("wish_sheet_pdf", drive.pk) in shown


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_begins_a_long_print(estate, now):
    cast = put_cast(estate)
    run = many_papers(put_decision(cast), 2)
    sent = {"actor": cast.clerk, "run": run, "site": "http://x", "form_key": uuid4(), "at": NOW}
    assert race(8, lambda: typeset_ballots(**sent)).done == 8
    assert Job.objects.filter(kind=queries.MAKES_BALLOTS).count() == 1
    assert [fault for fault in faults() if "typeset" in fault] == []
