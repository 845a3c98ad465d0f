"""Pages of costs and contract: what each reader sees on them, in both languages, with script and without."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from conftest import LANGUAGES, NOW, signed_in
from hemei.base import uploads
from hemei.decisions.actions.contracting import open_contract
from hemei.decisions.actions.costing import freeze_plan
from hemei.decisions.models import Contract, ContractSignature, CostPlan, Drive
from hemei.decisions.queries import contracts, costs
from hemei.decisions.tests.cast import Cast, faults, put_drive
from hemei.decisions.tests.test_contracts import TERMS, entered, photo, ready, sign_all, signed, written
from hemei.decisions.tests.test_costs import GUANGZHOU, NOT_THE_DESK, RANGES, kept, put_wishes, someone

CHOSEN = {"works": "700000", "key": "guangzhou", "within": "equal", "rounding": "cent"}
SHARE = "53,529.41"


@pytest.fixture
def drive(cast: Cast) -> Drive:
    return put_drive(cast, stage="contract")


@pytest.fixture
def contract(cast: Cast, drive: Drive) -> Contract:
    return open_contract(actor=cast.head, contract=ready(cast, drive), at=NOW)


def page(client: Client, name: str, pk: int, status: int = 200, **query: str) -> str:
    response = client.get(reverse(f"decisions:{name}", args=[pk]), query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def words_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html.partition('<main id="main"')[2])


# what if


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_organiser_sees_every_floor_without_script(
    cast: Cast, drive: Drive, language: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.clerk, language)
    with django_assert_max_num_queries(10):
        empty = page(client, "what_if", drive.pk)
    assert "53,529" not in empty
    with django_assert_max_num_queries(10):
        told = words_of(page(client, "what_if", drive.pk, **CHOSEN))
    for share in ("53,529.41", "49,411.7", "45,294.1", "41,176.4", "20,588.2", "420,000.00"):
        assert share in told
    assert "form_key" in page(client, "what_if", drive.pk, **CHOSEN)


def test_numbers_are_taken_as_people_write_them(cast: Cast, drive: Drive) -> None:
    told = page(signed_in(cast.clerk, "en"), "what_if", drive.pk, **CHOSEN | {"works": "¥７０万", "subsidy": "28万"})
    assert SHARE in told


def test_with_script_only_the_part_that_changes_is_sent(cast: Cast, drive: Drive) -> None:
    client = signed_in(cast.clerk, "en")
    part = client.get(reverse("decisions:what_if", args=[drive.pk]), CHOSEN, headers={"HX-Request": "true"})
    body = part.content.decode().strip()
    assert body.startswith('<div id="worked">')
    assert "<html" not in body
    assert SHARE in body
    whole = page(client, "what_if", drive.pk, **CHOSEN)
    assert 'hx-select="#worked"' in whole
    assert 'id="worked"' in whole


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"works": "viel"}, "Please write a number"),
        ({"works": "0"}, "more than nothing"),
        ({"key": "own", "numbers": "1, zwei"}, "“zwei” is no number"),
        ({"key": "own", "numbers": "1, 2"}, "one number for each of 6 floors"),
        ({"key": "yanji"}, "for 7 floors"),
        ({"key": "slack"}, "Choose one of"),
        ({"subsidy": "900000"}, "cannot be more than the works"),
    ],
)
def test_what_cannot_be_worked_out_is_said_and_what_was_typed_stays(
    cast: Cast, drive: Drive, chosen: dict[str, str], told: str
) -> None:
    html = page(signed_in(cast.clerk, "en"), "what_if", drive.pk, 422, **CHOSEN | chosen)
    if told != "Choose one of":
        assert told in html
    for value in chosen.values():
        if value not in ("slack",):
            assert value in html


def test_what_is_short_says_by_how_much_and_what_would_help(cast: Cast, drive: Drive) -> None:
    asked = CHOSEN | {"key": "gain", "numbers": ", ".join(["30000"] * 6)}
    told = words_of(page(signed_in(cast.clerk, "en"), "what_if", drive.pk, **asked))
    assert "¥60,000.00 is missing" in told
    assert "What would help" in told
    assert "Keep this proposal" not in told


def test_without_a_roll_the_page_says_what_to_do(cast: Cast, drive: Drive) -> None:
    from hemei.roll.models import Unit

    Unit.objects.update(until=NOW.date().replace(year=2020))
    told = page(signed_in(cast.clerk, "en"), "what_if", drive.pk, **CHOSEN)
    assert "The roll has no home here yet" in told


def test_a_proposal_is_kept_from_the_page_and_the_form_begins_with_it_again(cast: Cast, drive: Drive) -> None:
    client = signed_in(cast.clerk, "en")
    form = CHOSEN | {"compensation": "6000, 3000", "name": "有补偿", "form_key": str(uuid4())}
    answer = client.post(reverse("decisions:keep_plan", args=[drive.pk]), form)
    plan = CostPlan.objects.get()
    assert answer.headers["Location"] == f"{reverse('decisions:plans', args=[drive.pk])}?plan=1"
    assert plan.asked["compensation"] == ["6000", "3000"]
    assert client.post(reverse("decisions:keep_plan", args=[drive.pk]), form).status_code == 302
    assert CostPlan.objects.count() == 1
    again = page(client, "what_if", drive.pk)
    assert 'value="6000, 3000"' in again
    told = words_of(page(client, "plans", drive.pk))
    assert "−¥6,000.00" in told
    assert "the low floors compensated" in told


def test_a_proposal_without_a_name_is_not_kept_and_nothing_is_lost(cast: Cast, drive: Drive) -> None:
    client = signed_in(cast.clerk, "en")
    form = CHOSEN | {"name": "", "form_key": str(uuid4())}
    answer = client.post(reverse("decisions:keep_plan", args=[drive.pk]), form)
    assert answer.status_code == 422
    assert 'value="700000"' in answer.content.decode()
    assert not CostPlan.objects.exists()


# compare


@pytest.mark.parametrize("language", LANGUAGES)
def test_ways_stand_side_by_side_with_their_figures(
    cast: Cast, drive: Drive, language: str, django_assert_max_num_queries: Any
) -> None:
    put_wishes(cast, drive, RANGES)
    client = signed_in(cast.clerk, language)
    with django_assert_max_num_queries(10):
        html = page(client, "compare", drive.pk, **CHOSEN | {"key": "storeys"})
    told = words_of(html)
    english = language == "en"
    assert ("The best chance that all sign" if english else "全体签字把握最大") in told
    assert ("The same room for everybody" if english else "各户余地一样") in told
    assert ("Likely that all sign" if english else "全部签约的把握") in told
    likely = re.findall(
        r">([^<>]*)</td>", html.partition("Likely" if english else "全部签约的把握")[2].partition("</tr>")[0]
    )
    assert {word.strip() for word in likely if word.strip()} <= {
        "low",
        "even",
        "good",
        "把握小",
        "一半一半",
        "把握大",
        "–",
    }
    assert "λ" not in told
    table = html.partition("<table")[2].partition("</table>")[0]
    assert 'class="stack titled ways"' in html
    assert table.count("<th scope") >= 5
    assert "data-label" in table


def test_where_the_wishes_do_not_cover_the_cost_the_cheapest_help_is_told(cast: Cast, drive: Drive) -> None:
    put_wishes(cast, drive, dict.fromkeys(range(1, 7), (0, 30_000)))
    told = words_of(page(signed_in(cast.clerk, "en"), "compare", drive.pk, **CHOSEN))
    assert "short by ¥60,000.00" in told
    assert "By a cheaper design" in told


def test_how_many_named_a_sum_is_told_to_the_desk(cast: Cast, drive: Drive) -> None:
    put_wishes(cast, drive, RANGES, without="0101")
    told = words_of(page(signed_in(cast.clerk, "en"), "compare", drive.pk, **CHOSEN))
    assert "11 of 12 homes have said" in told
    assert "Likely" not in told


# who reads what


@pytest.mark.parametrize("who", [one for one in NOT_THE_DESK if one not in ("visitor",)])
def test_only_the_desk_opens_the_pages_that_prepare(
    request: pytest.FixtureRequest, cast: Cast, contract: Contract, who: str
) -> None:
    client, drive = signed_in(someone(cast, who, request), "en"), contract.drive
    plan = CostPlan.objects.get()
    for name in ("what_if", "compare", "write_contract"):
        page(client, name, drive.pk, 403)
    for name in ("drop_plan", "freeze_plan"):
        page(client, name, plan.pk, 403)
    for name in ("open_contract", "enter_signature", "end_contract"):
        page(client, name, contract.pk, 403)
    entry = entered(cast, contract, "0101")
    for name in ("confirm_signature", "signature_photo"):
        page(client, name, entry.pk, 404)
    for name, pk in (("keep_plan", drive.pk), ("drop_plan", plan.pk), ("freeze_plan", plan.pk)):
        assert client.post(reverse(f"decisions:{name}", args=[pk]), CHOSEN).status_code == 403


@pytest.mark.parametrize("who", ["property_clerk", "builder", "volunteer", "stranger", "counter", "visitor"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_others_read_what_it_costs_and_how_many_signed_and_no_share(
    request: pytest.FixtureRequest,
    cast: Cast,
    contract: Contract,
    who: str,
    language: str,
    django_assert_max_num_queries: Any,
) -> None:
    signed(cast, contract, "0101")
    entered(cast, contract, "0201")
    client = signed_in(someone(cast, who, request), language)
    for name in ("plans", "contract"):
        with django_assert_max_num_queries(10):
            told = words_of(page(client, name, contract.drive_id))
        assert "700,000.00" in told
        assert "280,000.00" in told
        assert SHARE not in told
        for home in cast.homes:
            assert home.name not in told
            assert home.name_en == "" or home.name_en not in told
        assert "龙吴物业" not in told
    assert "1 / 12" in told
    page(client, "plans", contract.drive_id, 404, plan="1")


def test_before_one_is_frozen_others_read_that_nothing_is_settled(cast: Cast, drive: Drive) -> None:
    kept(cast, drive)
    told = words_of(page(signed_in(cast.stranger, "en"), "plans", drive.pk))
    assert "No plan is settled yet" in told
    assert "700,000" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_owner_reads_shares_and_terms_and_only_the_number_that_signed(
    cast: Cast, contract: Contract, language: str, django_assert_max_num_queries: Any
) -> None:
    put_wishes(cast, contract.drive, RANGES)
    kept(cast, contract.drive)
    signed(cast, contract, "0101")
    entered(cast, contract, "0201")
    client = signed_in(cast.owners["w0601"], language)
    with django_assert_max_num_queries(10):
        plans = words_of(page(client, "plans", contract.drive_id))
    with django_assert_max_num_queries(10):
        told = words_of(page(client, "contract", contract.drive_id))
    assert SHARE in plans
    assert SHARE in told
    assert "龙吴物业" in told
    assert "1 / 12" in told
    assert "第二" not in told.replace("第二层", "")
    assert "second clerk" not in told
    assert "/sign" in page(client, "contract", contract.drive_id)
    for hidden in ("Likely", "把握", "109,000", "业主101", "业主201"):
        assert hidden not in plans + told


def test_a_draft_is_the_desks(cast: Cast, drive: Drive) -> None:
    draft = written(cast, drive, manager="")
    told = words_of(page(signed_in(cast.owners["w0601"], "en"), "contract", drive.pk))
    assert "There is no contract yet" in told
    assert "沪宁电梯工程" not in told
    page(signed_in(cast.owners["w0601"], "en"), "sign_contract", draft.pk, 404)
    told = words_of(page(signed_in(cast.clerk, "en"), "contract", drive.pk))
    assert "Nobody signs before this is there" in told
    assert "Who runs the lift" in told
    assert "A vote that passed" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_reads_which_homes_are_missing(
    cast: Cast, contract: Contract, language: str, django_assert_max_num_queries: Any
) -> None:
    signed(cast, contract, "0101")
    signed(cast, contract, "0602", code="w0602a")
    entered(cast, contract, "0201")
    client = signed_in(cast.second_clerk, language)
    with django_assert_max_num_queries(10):
        html = page(client, "contract", contract.drive_id)
    told = words_of(html)
    assert "1 / 2" in told
    assert "602室" in told
    assert reverse("decisions:confirm_signature", args=[ContractSignature.objects.get(key="03/1/0201").pk]) in html


def test_a_hidden_drive_is_not_there(cast: Cast, contract: Contract) -> None:
    contract.drive.matter.visibility = "confidential"
    contract.drive.matter.save(update_fields=["visibility"])
    client = signed_in(cast.stranger, "en")
    for name in ("plans", "what_if", "contract", "write_contract"):
        page(client, name, contract.drive_id, 404)
    for name in ("open_contract", "sign_contract", "end_contract"):
        page(client, name, contract.pk, 404)
    page(client, "plans", 999_999, 404)


# acts through the pages


def test_a_contract_goes_through_the_pages_from_draft_to_the_last_signature(cast: Cast, drive: Drive) -> None:
    ready(cast, drive)
    clerk, second = signed_in(cast.clerk, "en"), signed_in(cast.second_clerk, "en")
    form = {name: str(value) for name, value in TERMS.items()} | {"form_key": str(uuid4()), "manager": "物业公司"}
    assert clerk.post(reverse("decisions:write_contract", args=[drive.pk]), form).status_code == 302
    contract = Contract.objects.get()
    assert contract.manager == "物业公司"
    assert "Open it for signing" in page(clerk, "contract", drive.pk)
    page(clerk, "open_contract", contract.pk)
    assert clerk.post(reverse("decisions:open_contract", args=[contract.pk])).status_code == 302

    owner = signed_in(cast.owners["w0501"], "en")
    assert SHARE in page(owner, "sign_contract", contract.pk)
    for home in ("0501", "0502"):
        said = {"key": f"03/1/{home}", "read": "on", "form_key": str(uuid4())}
        assert owner.post(reverse("decisions:sign_contract", args=[contract.pk]), said).status_code == 302
    unread = owner.post(
        reverse("decisions:sign_contract", args=[contract.pk]), {"key": "03/1/0501", "form_key": str(uuid4())}
    )
    assert unread.status_code == 422

    html = page(clerk, "enter_signature", contract.pk)
    assert "业主101" in html
    assert "业主501" not in html
    said = {
        "signer": "03%2F1%2F0101 w0101", "signed_on": "2026-09-12", "photo": photo(), "form_key": str(uuid4())
    }  # fmt: skip
    assert clerk.post(reverse("decisions:enter_signature", args=[contract.pk]), said).status_code == 302
    entry = ContractSignature.objects.get(channel="paper")
    assert "You entered it yourself" in page(clerk, "confirm_signature", entry.pk)
    assert second.get(reverse("decisions:signature_photo", args=[entry.pk])).status_code == 200
    assert "业主101" in page(second, "confirm_signature", entry.pk)
    wrong = second.post(reverse("decisions:confirm_signature", args=[entry.pk]), {"agrees": "no"})
    assert wrong.status_code == 422
    assert second.post(reverse("decisions:confirm_signature", args=[entry.pk]), {"agrees": "yes"}).status_code == 302
    assert "3 / 12" in words_of(page(signed_in(cast.stranger, "en"), "contract", drive.pk))
    for home in cast.homes:
        if home.code not in ("0101", "0501", "0502", "0602"):
            signed(cast, contract, home.code)
    signed(cast, contract, "0602", code="w0602a")
    signed(cast, contract, "0602", code="w0602b")
    assert "Every home has signed" in page(signed_in(cast.stranger, "en"), "contract", drive.pk)

    assert clerk.post(reverse("decisions:end_contract", args=[contract.pk]), {"why": ""}).status_code == 422
    page(clerk, "end_contract", contract.pk)
    done = clerk.post(reverse("decisions:end_contract", args=[contract.pk]), {"why": "造价变了"})
    assert done.status_code == 302
    assert "造价变了" in page(signed_in(cast.stranger, "en"), "contract", drive.pk)
    assert faults() == []


def test_a_plan_is_frozen_and_dropped_through_its_page(cast: Cast, drive: Drive) -> None:
    client = signed_in(cast.clerk, "en")
    first, second = kept(cast, drive), kept(cast, drive)
    assert "Side by side" in page(client, "plans", drive.pk)
    page(client, "drop_plan", first.pk)
    assert client.post(reverse("decisions:drop_plan", args=[first.pk])).status_code == 302
    page(client, "plans", drive.pk, 404, plan="1")
    page(client, "freeze_plan", second.pk)
    assert client.post(reverse("decisions:freeze_plan", args=[second.pk])).status_code == 302
    assert "frozen on" in page(client, "plans", drive.pk)
    refused = client.post(reverse("decisions:drop_plan", args=[second.pk]))
    assert refused.status_code == 422
    assert "nothing of it changes any more" in refused.content.decode()


def test_late_joiners_and_sales_are_reckoned_for_who_is_bound(cast: Cast, contract: Contract) -> None:
    client = signed_in(cast.owners["w0201"], "en")
    late = words_of(page(client, "contract", contract.drive_id, late_home="03/1/0401", late_years="4.5"))
    assert "After 4.5 of 15 years it pays ¥31,705.8" in late
    sale = words_of(page(client, "contract", contract.drive_id, sold_home="03/1/0601", sold_paid="20000"))
    assert "The buyer still owes ¥33,529.41" in sale
    nothing = page(client, "contract", contract.drive_id, late_home="03/1/0101", late_years="3")
    assert "joins without paying" in nothing
    wrong = page(client, "contract", contract.drive_id, 422, late_home="03/1/0401", late_years="-3")
    assert "at least" in wrong
    ignored = page(signed_in(cast.stranger), "contract", contract.drive_id, late_home="03/1/0401", late_years="4.5")
    assert "31,705" not in ignored


def test_the_photo_has_a_name_that_says_nothing(cast: Cast, contract: Contract) -> None:
    entry = entered(cast, contract, "0101")
    answer = signed_in(cast.head).get(reverse("decisions:signature_photo", args=[entry.pk]))
    assert "0101" not in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert uploads.content_of(entry.photo)[:2] == b"\xff\xd8"


# what other pages show


def test_other_pages_show_what_the_reader_may_know(
    cast: Cast, contract: Contract, django_assert_max_num_queries: Any
) -> None:
    sign_all(cast, contract)
    for viewer in (cast.clerk, cast.owners["w0601"], cast.stranger, cast.volunteer):
        drive = costs.drive_for(viewer=viewer, pk=contract.drive_id)
        with django_assert_max_num_queries(2):
            costs_words = costs.words(viewer, drive, NOW)
            words = contracts.words(viewer, drive, NOW)
        assert costs_words is not None
        assert words is not None
        assert (words["signed"], words["of"], words["state"]) == (12, 12, "complete")
    other = put_drive(cast, place=cast.building, stage="scheme")
    assert costs.words(cast.stranger, other, NOW) is None
    assert contracts.words(cast.stranger, other, NOW) is None
    assert costs.words(cast.clerk, other, NOW) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_is_wider_than_a_phone(cast: Cast, contract: Contract, language: str) -> None:
    """More than three columns are stacked on a phone; each cell then says what it is."""
    kept(cast, contract.drive, GUANGZHOU)
    client = signed_in(cast.clerk, language)
    pages = [page(client, name, contract.drive_id) for name in ("plans", "contract")]
    pages += [page(client, name, contract.drive_id, **CHOSEN) for name in ("what_if", "compare")]
    pages.append(page(client, "contract", contract.drive_id, late_home="03/1/0401", late_years="4.5"))
    for html in pages:
        for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
            columns = table.partition("</thead>")[0].count("<th ")
            assert columns <= 3 or 'class="stack' in table
            if 'class="stack' in table:
                assert "<td>" not in table
        assert "style=" not in html
        assert "onclick" not in html
    assert urlencode(CHOSEN) in pages[2].replace("&amp;", "&") or "compare?" in pages[2]


def test_a_frozen_plan_of_a_stranger_drive_is_not_chosen(cast: Cast, drive: Drive) -> None:
    freeze_plan(actor=cast.clerk, plan=kept(cast, drive), at=NOW)
    page(signed_in(cast.clerk), "plans", drive.pk, 404, plan="9")
