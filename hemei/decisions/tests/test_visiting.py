"""At the doors: a volunteer sees their own doors, writes down visits and wishes, and never enters a consent."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, reverse

from conftest import LANGUAGES, NOW, put_person, put_place, put_seat, race, signed_in, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions.actions import visiting
from hemei.decisions.models import Act, Authority, Door, Drive, Paper, PolicySheet, SheetReceipt, Visit, Wish
from hemei.decisions.queries import doors as queries
from hemei.decisions.tests.cast import Cast, faults, put_act, put_decision, put_drive, put_paper
from hemei.decisions.urls import contracts, costs, counting, own, voting
from hemei.ledger.queries import entries_of
from hemei.people.actor import Actor
from hemei.people.models import Seat
from hemei.places.models import Kind


@pytest.fixture
def drive(cast: Cast) -> Drive:
    return put_drive(cast, stage="wishes", grade="A", graded_on=NOW.date())


@pytest.fixture
def door(cast: Cast, drive: Drive) -> Door:
    """The volunteer has the door of 101."""
    return given(cast, drive, "0101")[0]


def given(cast: Cast, drive: Drive, *codes: str, **more: Any) -> list[Door]:
    words: dict[str, Any] = {
        "actor": cast.clerk, "drive": drive, "volunteer": cast.volunteer.person,
        "homes": [cast.home(code) for code in codes], "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return visiting.give_door(**words | more)


def visited(cast: Cast, drive: Drive, code: str = "0101", outcome: str = "not_home", **more: Any) -> Visit:
    words: dict[str, Any] = {
        "actor": cast.volunteer, "drive": drive, "home": cast.home(code), "outcome": outcome, "form_key": uuid4(),
        "at": NOW,
    }  # fmt: skip
    return visiting.visit(**words | more)


def wished(cast: Cast, drive: Drive, code: str = "0101", says: str = "yes", **more: Any) -> Wish:
    words: dict[str, Any] = {
        "actor": cast.volunteer, "drive": drive, "home": cast.home(code), "says": says, "who": "owner",
        "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return visiting.note_wish(**words | more)


def sheet_of(cast: Cast, **more: Any) -> PolicySheet:
    words: dict[str, Any] = {
        "actor": cast.clerk, "estate": cast.estate, "title": "加梯补贴怎么算", "text": "每台最高 28 万元。",
        "source": "沪建房管联〔2019〕749 号", "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return visiting.add_sheet(**words | more)


def handed(cast: Cast, drive: Drive, sheet: PolicySheet, *codes: str, **more: Any) -> list[SheetReceipt]:
    words: dict[str, Any] = {
        "actor": cast.volunteer, "drive": drive, "sheet": sheet, "homes": [cast.home(code) for code in codes],
        "form_key": uuid4(), "at": NOW,
    }  # fmt: skip
    return visiting.hand_sheet(**words | more)


def second_volunteer(cast: Cast) -> Actor:
    body = cast.team
    return speaking_from(put_seat(put_person("另一位", "+8613900000099"), body.kind, body.name, body.place, "member"))


# doors given and taken


def test_the_desk_gives_doors_and_takes_them_back(cast: Cast, drive: Drive) -> None:
    key = uuid4()
    doors = given(cast, drive, "0101", "0102", form_key=key)
    assert given(cast, drive, "0101", "0102", form_key=key) == doors
    assert len(given(cast, drive, "0101", "0201")) == 2
    assert Door.objects.count() == 3
    with pytest.raises(Refused, match="other words"):
        given(cast, drive, "0301", form_key=key)
    for _ in range(2):
        visiting.take_door(actor=cast.clerk, door=doors[0], at=NOW + timedelta(hours=1))
    assert Door.objects.get(pk=doors[0].pk).ended_at == NOW + timedelta(hours=1)
    assert len(given(cast, drive, "0101")) == 1
    assert faults() == []


def test_doors_go_to_people_of_the_team_and_homes_of_the_stairwell(cast: Cast, drive: Drive) -> None:
    with pytest.raises(Refused, match="not in the stairwell's team"):
        given(cast, drive, "0101", volunteer=cast.stranger.person)
    elsewhere = put_place(Kind.HOME, "101室", "0101", put_place(Kind.STAIRWELL, "9单元", "9", cast.building))
    with pytest.raises(Refused, match="homes of this stairwell"):
        given(cast, drive, homes=[elsewhere])
    with pytest.raises(Refused, match="homes of this stairwell"):
        given(cast, drive)
    assert not Door.objects.exists()


@pytest.mark.parametrize("who", ["volunteer", "property_clerk", "builder", "stranger", "owner", "visitor"])
def test_only_the_desk_gives_and_takes(cast: Cast, drive: Drive, door: Door, who: str) -> None:
    actor = {"owner": cast.owners["w0102"], "visitor": Actor()}.get(who) or getattr(cast, who)
    for act in (
        lambda: given(cast, drive, "0102", actor=actor),
        lambda: visiting.take_door(actor=actor, door=door, at=NOW),
        lambda: sheet_of(cast, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act()
    client = signed_in(actor)
    for address in (
        reverse("decisions:team", args=[drive.pk]),
        reverse("decisions:give_door", args=[drive.pk]),
        reverse("decisions:take_door", args=[drive.pk, door.pk]),
        reverse("decisions:wishes", args=[drive.pk]),
        reverse("decisions:add_sheet", args=[cast.estate.pk]),
    ):
        assert client.get(address).status_code == 403
        if "wishes" not in address and not address.endswith("/team"):
            assert client.post(address, {}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_door_given_many_times_at_once_is_given_once(cast: Cast) -> None:
    drive = put_drive(cast, stage="wishes")
    race(5, lambda: given(cast, drive, "0101"))
    assert Door.objects.count() == 1


# visits


def test_a_volunteer_writes_down_a_visit_at_their_own_door(cast: Cast, drive: Drive, door: Door) -> None:
    key = uuid4()
    assert visited(cast, drive, form_key=key) == visited(cast, drive, form_key=key)
    assert Visit.objects.count() == 1
    with pytest.raises(Refused, match="other words"):
        visited(cast, drive, outcome="letter", form_key=key)
    with pytest.raises(Refused, match="What do they want to know"):
        visited(cast, drive, outcome="questions")
    visited(cast, drive, outcome="questions", question="补贴什么时候到？")
    assert faults() == []
    assert not any("0101" in entry.public or "101室" in entry.public for entry in entries_of(drive))


def test_no_visit_at_anothers_door(cast: Cast, drive: Drive, door: Door) -> None:
    for act in (
        lambda: visited(cast, drive, "0102"),
        lambda: wished(cast, drive, "0102"),
        lambda: visited(cast, drive, actor=second_volunteer(cast)),
        lambda: visited(cast, drive, actor=cast.property_clerk),
        lambda: visited(cast, drive, actor=Actor()),
        lambda: handed(cast, drive, sheet_of(cast), "0101", "0102"),
    ):
        with pytest.raises(NotAllowed, match="at the doors given to them"):
            act()
    client = signed_in(cast.volunteer)
    for name in ("visit", "note_wish"):
        assert client.get(reverse(f"decisions:{name}", args=[drive.pk, cast.home("0101").pk])).status_code == 200
        hidden = client.get(reverse(f"decisions:{name}", args=[drive.pk, cast.home("0102").pk]))
        absent = client.get(reverse(f"decisions:{name}", args=[drive.pk, 999_999]))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content.replace(b"999999", str(cast.home("0102").pk).encode())


def test_two_visits_and_one_letter_before_a_home_is_called_not_reached(cast: Cast, drive: Drive, door: Door) -> None:
    def state() -> tuple[str, int, bool]:
        found = queries.my_doors(viewer=cast.volunteer)[0]
        return found.state, found.visits_due, found.letter_due

    assert state() == ("due", 2, True)
    visited(cast, drive)
    assert state() == ("due", 1, True)
    visited(cast, drive)
    assert state() == ("due", 0, True)
    visited(cast, drive, outcome="letter")
    assert state() == ("not_reached", 0, False)
    visited(cast, drive, outcome="spoke")
    assert state() == ("reached", 0, False)


def test_what_the_team_knows_of_a_door_goes_with_the_door(cast: Cast, drive: Drive, door: Door) -> None:
    other = second_volunteer(cast)
    given(cast, drive, "0101", volunteer=other.person)
    visited(cast, drive, outcome="spoke", actor=other)
    page = signed_in(cast.volunteer, "en").get(reverse("decisions:my_doors")).content.decode()
    assert "Spoke with somebody" in page
    assert "另一位" not in page


@pytest.mark.parametrize("end", ["door", "seat", "drive", "works", "other seat"])
def test_access_ends_with_the_door_the_seat_and_the_drive(cast: Cast, drive: Drive, door: Door, end: str) -> None:
    actor = cast.volunteer
    if end == "door":
        visiting.take_door(actor=cast.clerk, door=door, at=NOW)
    elif end == "seat":
        Seat.objects.filter(pk=actor.seat.pk).update(ended_at=NOW)  # type: ignore[union-attr]
    elif end == "other seat":
        actor = Actor(person=actor.person, principal=actor.person)
    else:
        Drive.objects.filter(pk=drive.pk).update(stage="stopped" if end == "drive" else "works", stopped_why="停")
    client = signed_in(actor)
    assert "101室" not in client.get(reverse("decisions:my_doors")).content.decode()
    for name in ("visit", "note_wish"):
        assert client.get(reverse(f"decisions:{name}", args=[drive.pk, door.home_id])).status_code == 404
    assert client.get(reverse("decisions:hand_sheet", args=[drive.pk])).status_code == 403


def test_after_the_drive_nobody_goes_to_the_doors(cast: Cast, drive: Drive, door: Door) -> None:
    Drive.objects.filter(pk=drive.pk).update(stage="stopped", stopped_why="停")
    with pytest.raises(Refused, match="drive is over"):
        visited(cast, drive, actor=cast.clerk)


# wishes


def test_a_wish_is_noted_and_a_later_one_takes_its_place(cast: Cast, drive: Drive, door: Door) -> None:
    wished(cast, drive, "0101", "no", reasons=["noise", "light"], share_low=Decimal("-5000"), share_high=Decimal("0"))
    key = uuid4()
    second = wished(cast, drive, "0101", "depends", form_key=key)
    assert wished(cast, drive, "0101", "depends", form_key=key) == second
    assert list(Wish.objects.order_by("number").values_list("number", "says", "current")) == [
        (1, "no", False),
        (2, "depends", True),
    ]
    with pytest.raises(Refused, match="other words"):
        wished(cast, drive, "0101", "yes", form_key=key)
    assert Wish.objects.get(number=1).reasons == ["light", "noise"]
    assert faults() == []


def test_what_cannot_stand_is_refused(cast: Cast, drive: Drive, door: Door) -> None:
    with pytest.raises(Refused, match="above the higher one") as refusal:
        wished(cast, drive, share_low=Decimal(2), share_high=Decimal(1))
    assert refusal.value.field == "share_low"
    Drive.objects.filter(pk=drive.pk).update(stage="feasibility")
    with pytest.raises(Refused, match="once the stairwell has been assessed"):
        wished(cast, drive)
    Drive.objects.filter(pk=drive.pk).update(stage="consent")
    with pytest.raises(Refused, match="not asked any more"):
        wished(cast, drive)
    assert not Wish.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_it_was_sent_the_volunteer_sees_that_it_was_noted_and_never_the_wish(
    cast: Cast, drive: Drive, door: Door, language: str
) -> None:
    client = signed_in(cast.volunteer, language)
    address = reverse("decisions:note_wish", args=[drive.pk, door.home_id])
    said = {"says": "no", "who": "owner", "reasons": ["noise"], "share_high": "1234.50", "form_key": str(uuid4())}
    done = client.post(address, said)
    assert done.status_code == 302
    pages = [client.get(done.headers["Location"]), client.get(address), client.get(reverse("decisions:my_doors"))]
    pages.append(client.get(reverse("decisions:visit", args=[drive.pk, door.home_id])))
    pages.append(client.get(reverse("decisions:drive", args=[drive.pk])))
    for page in pages:
        assert page.status_code == 200
        assert "1234" not in page.content.decode()
        assert "checked" not in page.content.decode()
    told = "it is no consent" if language == "en" else "它也不是同意"
    assert told in pages[0].content.decode()


def test_the_page_is_the_same_whatever_was_wished(cast: Cast, drive: Drive, door: Door) -> None:
    readers = [cast.volunteer, cast.owners["w0102"], cast.property_clerk, Actor(), cast.counters[0]]
    addresses = [reverse(f"decisions:{name}", args=[cast.estate.pk]) for name in ("board", "reasons", "curve")]
    addresses += [reverse("decisions:drive", args=[drive.pk]), reverse("decisions:my_doors")]
    addresses += [reverse("matters:matter", args=[drive.matter_id]), reverse("places:place", args=[cast.stairwell.pk])]

    def pages() -> list[str]:
        read = [signed_in(reader).get(address).content.decode() for reader in readers for address in addresses]
        return [re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page) for page in read]

    wished(cast, drive, says="yes")
    before = pages()
    Wish.objects.update(says="no", reasons=["cost"], share_high=Decimal("9.99"))
    assert pages() == before


def test_the_desk_reads_wishes_apart_from_everything_that_binds(cast: Cast, drive: Drive, door: Door) -> None:
    wished(cast, drive, "0101", "no", reasons=["noise"], share_low=Decimal("-5000"))
    visited(cast, drive, outcome="spoke")
    Drive.objects.filter(pk=drive.pk).update(contracted=3)
    page = signed_in(cast.clerk, "en").get(reverse("decisions:wishes", args=[drive.pk]))
    said = page.content.decode()
    assert "A wish is no consent." in said
    assert "Does not want one" in said
    assert "5,000.00" in said
    assert "Homes not reached yet" in said
    assert "3 / 12" not in said
    assert page.headers["Cache-Control"] == "private, no-store"
    table = queries.wishes_of(drive)
    assert table.not_asked == 11
    assert len(table.not_reached) == 11
    assert dict(table.says)["Does not want one"] == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_wishes_at_once_one_stands_and_both_are_kept(cast: Cast) -> None:
    drive = put_drive(cast, stage="wishes")
    given(cast, drive, "0101")
    race(4, lambda: wished(cast, drive))
    assert Wish.objects.count() == 4
    assert Wish.objects.filter(current=True).count() == 1


# figures for everybody


def test_reasons_are_told_in_cells_of_five_and_in_batches_of_five(cast: Cast, drive: Drive) -> None:
    codes = [home.code for home in cast.homes]
    for minute, code in enumerate(codes[:4]):
        wished(cast, drive, code, "no", actor=cast.clerk, reasons=["noise"], at=NOW + timedelta(minutes=minute))
    assert queries.reasons_at(cast.estate).counts == []
    wished(cast, drive, codes[4], actor=cast.clerk, reasons=["noise", "cost"], at=NOW + timedelta(minutes=5))
    told = queries.reasons_at(cast.estate)
    assert (told.homes, told.counts, told.fewer) == (5, [("Noise", 5)], True)
    for minute, code in enumerate(codes[5:9]):
        wished(cast, drive, code, actor=cast.clerk, reasons=["cost"], at=NOW + timedelta(minutes=10 + minute))
    assert queries.reasons_at(cast.estate) == told  # the next batch is not full
    wished(cast, drive, codes[9], actor=cast.clerk, reasons=["cost"], at=NOW + timedelta(minutes=20))
    assert queries.reasons_at(cast.estate).counts == [("Noise", 5), ("Cost", 6)]


def test_one_home_that_changes_its_wish_moves_no_figure(cast: Cast, drive: Drive) -> None:
    for minute, home in enumerate(cast.homes[:5]):
        wished(cast, drive, home.code, actor=cast.clerk, reasons=["noise"], at=NOW + timedelta(minutes=minute))
    before = queries.reasons_at(cast.estate)
    for minute in range(10, 20):
        wished(cast, drive, "0101", actor=cast.clerk, reasons=["cost"], at=NOW + timedelta(minutes=minute))
    assert queries.reasons_at(cast.estate) == before


# policy sheets


def test_a_title_again_is_the_next_version_and_the_old_one_stays(cast: Cast) -> None:
    key = uuid4()
    first = sheet_of(cast, form_key=key)
    assert sheet_of(cast, form_key=key) == first
    second = sheet_of(cast, text="每台最高 28 万元，2019 年起。")
    assert (first.version, second.version) == (1, 2)
    with pytest.raises(Refused, match="other words"):
        sheet_of(cast, form_key=key, text="别的")
    with pytest.raises(Refused, match="sheet is empty"):
        sheet_of(cast, title="空的", text="")
    assert queries.newest_sheets(cast.estate) == [second]
    for pk in (first.pk, second.pk):
        page = signed_in(Actor()).get(reverse("decisions:sheet", args=[pk]))
        assert page.status_code == 200
        assert "749" in page.content.decode()
    assert faults() == []


def test_receipts_many_at_once_each_home_once(cast: Cast, drive: Drive, door: Door, other_estate: Any) -> None:
    given(cast, drive, "0102")
    sheet, key = sheet_of(cast), uuid4()
    assert len(handed(cast, drive, sheet, "0101", "0102", form_key=key)) == 2
    assert len(handed(cast, drive, sheet, "0101", "0102", form_key=key)) == 2
    handed(cast, drive, sheet, *[home.code for home in cast.homes], actor=cast.clerk)
    assert SheetReceipt.objects.count() == 12
    with pytest.raises(Refused, match="other words"):
        handed(cast, drive, sheet, "0101", form_key=key)
    elsewhere = PolicySheet.objects.create(
        estate=other_estate, title="别处", text="。", version=1, source="。", made_at=NOW, form_key=uuid4()
    )
    with pytest.raises(Refused, match="another estate"):
        handed(cast, drive, elsewhere, "0101")
    page = signed_in(cast.volunteer, "en").get(reverse("decisions:my_doors")).content.decode()
    assert "加梯补贴怎么算 1" in page


# a volunteer and the vote


WHAT = {"pk": 1, "slot": 1, "serial": "X", "door": 1, "home": 1, "mark": 1, "number": 1}


def test_no_address_of_a_vote_lets_a_volunteer_enter_or_read_a_choice(cast: Cast, drive: Drive, door: Door) -> None:
    """Every address of voting, counting, one's own votes and contracts is sent a consent; nothing is written."""
    vote = put_decision(cast, "open", drive=drive)
    put_act(vote, "0201", "against")
    paper = put_paper(vote, "0101")
    put_act(vote, "0202", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), confirmed=False)
    client = signed_in(cast.volunteer)
    said = {
        "choice": "for", "serial": paper.serial, "form_key": str(uuid4()), "owner": "w0101", "by": "w0101",
        "by_owner": "w0101", "units": "1", "slot": "1", "agree": "on", "sure": "on", "confirmed": "on",
    }  # fmt: skip
    before = (Act.objects.count(), Authority.objects.count(), Paper.objects.filter(used_at=None).count())
    tried = 0
    for part in (voting, own, counting, contracts, costs):
        for pattern in part.urlpatterns:
            address = _address(pattern, vote.pk if part not in (contracts, costs) else drive.pk)
            answer = client.post(address, said)
            assert answer.status_code in (403, 404, 405), (address, answer.status_code)
            page = client.get(address)
            assert page.status_code in (200, 302, 403, 404, 405), (address, page.status_code)
            assert "w0201" not in page.content.decode(), address
            tried += 1
    assert tried > 20
    assert (Act.objects.count(), Authority.objects.count(), Paper.objects.filter(used_at=None).count()) == before


def _address(pattern: URLPattern, pk: int) -> str:
    names = pattern.pattern.converters
    return reverse(
        f"decisions:{pattern.name}",
        kwargs={**{name: WHAT.get(name, 1) for name in names}, **({"pk": pk} if "pk" in names else {})},
    )


# pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_both_languages(
    cast: Cast, drive: Drive, door: Door, language: str, django_assert_max_num_queries: Any
) -> None:
    sheet = sheet_of(cast, title_en="How the subsidy is worked out", text_en="At most 280,000 yuan a lift.")
    visited(cast, drive, outcome="questions", question="多少钱？")
    wished(cast, drive)
    handed(cast, drive, sheet, "0101")
    of_home = [reverse(f"decisions:{name}", args=[drive.pk, door.home_id]) for name in ("visit", "note_wish")]
    for_all = [reverse("decisions:sheets", args=[cast.estate.pk]), reverse("decisions:sheet", args=[sheet.pk])]
    for_all += [reverse("decisions:reasons", args=[cast.estate.pk]), reverse("decisions:my_doors")]
    of_desk = [reverse(f"decisions:{name}", args=[drive.pk]) for name in ("team", "give_door", "wishes", "hand_sheet")]
    of_desk += [reverse("decisions:take_door", args=[drive.pk, door.pk])]
    of_desk += [reverse("decisions:add_sheet", args=[cast.estate.pk])]
    hand = reverse("decisions:hand_sheet", args=[drive.pk])
    for actor, addresses in (
        (Actor(), for_all),
        (cast.volunteer, [*for_all, *of_home, hand]),
        (cast.clerk, [*for_all, *of_home, *of_desk]),
    ):
        client = signed_in(actor, language)
        client.get(for_all[0])  # what every page of the house keeps is read once
        for address in addresses:
            with django_assert_max_num_queries(10):
                assert client.get(address).status_code == 200, address


def test_the_team_page_does_not_ask_more_for_more_doors(
    cast: Cast, drive: Drive, django_assert_num_queries: Any
) -> None:
    given(cast, drive, "0101")
    client, address = signed_in(cast.clerk), reverse("decisions:team", args=[drive.pk])
    client.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(address)
    given(cast, drive, *[home.code for home in cast.homes])
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_a_volunteer_reads_no_owners_name_and_no_telephone_number(cast: Cast, drive: Drive, door: Door) -> None:
    client = signed_in(cast.volunteer)
    names = [actor.person.name for actor in cast.owners.values() if actor.person]
    phones = [actor.person.phone for actor in cast.owners.values() if actor.person]
    for address in (
        reverse("decisions:my_doors"),
        reverse("decisions:drive", args=[drive.pk]),
        *(reverse(f"decisions:{name}", args=[drive.pk, door.home_id]) for name in ("visit", "note_wish")),
        reverse("decisions:hand_sheet", args=[drive.pk]),
        reverse("decisions:board", args=[cast.estate.pk]),
    ):
        page = client.get(address).content.decode()
        for secret in [*names, *phones]:
            assert secret not in page
            assert secret.removeprefix("+86") not in page
    assert verbs(drive.matter) == ["matters.told", "decisions.drive_begun"]
