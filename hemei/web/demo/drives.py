"""The lift drives of the sister estate, told through the actions of `roll` and `decisions`, at every stage."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from hemei.base import uploads
from hemei.base.tables import read_table
from hemei.decisions import files, rounds
from hemei.decisions.actions import (
    ballots,
    certifying,
    contracting,
    costing,
    delivering,
    driving,
    objecting,
    own,
    papers,
    preparing,
    visiting,
)
from hemei.decisions.costing import Asked
from hemei.decisions.models import Contract, ContractSignature, Decision, Drive, Paper
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.places.models import Kind, Place
from hemei.promises.days import day_of
from hemei.roll import lists
from hemei.roll.actions import lists as roll_lists
from hemei.roll.actions import matching
from hemei.roll.models import Holding, Owner, Roll
from hemei.web.demo.cast import joined
from hemei.web.demo.telling import Town, act, form_key, on, take_stock, words

RULE = "CN-278-SPECIAL"
CHOICES = {"+": "for", "-": "against", "o": "abstain"}
FLATS = tuple(f"{floor}{home:02}" for floor in range(1, 7) for home in (1, 2))
WITH_ACCOUNTS = range(
    1, 19
)  # stairwells that have voted or vote now; every third home there hands in paper all the same
A_DAY = 40  # matches a clerk makes
TWICE = ("501", "502")  # of stairwell 18: one owner
SHARED = "602"  # of stairwell 18: two owners
KIND_OF = {"17/102": ("演示·地产公司", "公司"), "15/301": ("演示·继承人（未办理）", "继承")}


def story() -> dict[str, Any]:
    return words("drives")


def tell_milestones(town: Town) -> None:
    """How many stairwells of the real estate had signed on which day, each figure with its source."""
    sources = words("history")["sources"]
    for one in story()["milestone"]:
        said = {key: value for key, value in one.items() if key not in ("source", "on")}
        act(
            driving.tell_milestone,
            actor=town.speaking("clerk_garden"),
            estate=town.places["garden"],
            on=one["on"],
            source=sources[one.get("source", "article")],
            form_key=form_key("milestone", one["what"], one["on"]),
            at=on(one["on"], 18),
            **said,
        )


def tell_drives(town: Town) -> None:
    """Roll, owners with accounts, drives and everything that happened to them, up to the moment of loading."""
    _keep_roll(town)
    take_stock()
    _match_owners(town)
    drives = _begin(town)
    estate_vote = None
    for number, drive in sorted(drives.items(), key=lambda one: one[0] + (one[0] == 12) * 1.5):  # as announced
        if number == 15:
            estate_vote = _estate_vote(town)
        _Telling(town, number, drive, estate_vote).tell()
    sheet = _policy_sheet(town)
    _doors(town, drives, sheet)


# the roll


def _keep_roll(town: Town) -> None:
    """One clerk sends the register's list, the owners' committee confirms it."""
    sent_by, second, estate = town.speaking("clerk_garden"), town.speaking("owners_head"), town.places["sister"]
    at = town.day(-120, 10)
    roll = act(roll_lists.begin_roll, actor=sent_by, place=estate, form_key=form_key("roll"), at=at)
    text = io.StringIO()
    csv.writer(text).writerows(_rows())
    file = SimpleUploadedFile("清册.csv", text.getvalue().encode())
    said = {"source": story()["source"], "as_of": day_of(at), "form_key": form_key("roll list"), "at": at}
    sent = act(roll_lists.send_list, actor=sent_by, roll=roll, file=file, **said)
    reading = lists.read(read_table(uploads.content_of(sent.upload)))
    report = lists.plan(roll, reading, _Silent()).report()
    sent = act(roll_lists.keep_report, sent=sent, report=report, at=at)
    act(roll_lists.confirm_list, actor=second, sent=sent, at=town.day(-119, 11))
    sent.refresh_from_db()
    act(roll_lists.write_list, sent=sent, reading=reading, at=town.day(-119, 11))
    sent.refresh_from_db()
    sent.job = None  # the work is done: the worker finds nothing to do
    sent.save(update_fields=["job"])


class _Silent:
    """Nobody watches this list being read."""

    def at(self, done: int, total: int, doing: object = "") -> None:
        pass


def _rows() -> list[list[str]]:
    """One row an owner; in stairwell 18 somebody has two homes, and two have one."""
    left, right = story()["areas"]
    rows = [["门洞", "室号", "建筑面积", "业主姓名", "业主编号", "业主类型", "份额", "共有方式"]]
    for stairwell in range(1, words("town")["sister"]["stairwells"] + 1):
        for flat in FLATS:
            home = f"{stairwell}/{flat}"
            name, kind = KIND_OF.get(home, (f"演示·业主{home.replace('/', '-')}", "个人"))
            code = f"{stairwell:02}-{flat}"
            if stairwell == 18 and flat in TWICE:
                name, code = "演示·业主18-50", "18-50"
            row = [f"{stairwell}号", f"{flat}室", left if flat.endswith("1") else right]
            if stairwell == 18 and flat == SHARED:
                rows += [[*row, f"{name}{one}", f"{code}{one}", kind, "1/2", "按份共有"] for one in ("甲", "乙")]
            else:
                rows.append([*row, name, code, kind, "", ""])
    return rows


def _match_owners(town: Town) -> None:
    """Owners of some stairwells have accounts, matched by a clerk who saw the deed."""
    roll, clerk = Roll.objects.get(place=town.places["sister"]), town.speaking("owners_clerk")
    owners = [
        owner
        for number in WITH_ACCOUNTS
        for owner in Owner.objects.filter(roll=roll, code__startswith=f"{number:02}-").order_by("code")
    ]
    numbers = [f"13800000{400 + place}" for place in range(len(owners))]
    people = joined([one.name for one in owners], at=town.day(-118, 8), phones_=numbers)
    for place, (owner, person) in enumerate(zip(owners, people, strict=True)):
        at = town.day(-117 + place // A_DAY, 10)
        said = {"ground": "演示：看过房产证", "form_key": form_key("match", owner.code), "at": at}
        act(matching.match_by_clerk, actor=clerk, owner=owner, person=person, **said)
        town.people[f"owner {owner.code}"] = person


# the drives


def _begin(town: Town) -> dict[int, Drive]:
    """All forty on one form; two of them need common land."""
    clerk, estate = town.speaking("clerk_garden"), town.places["sister"]
    stairwells = [town.places[f"stairwell sister/{number}"] for number in range(1, 41)]
    found: dict[int, Drive] = {}
    for common in (False, True):
        chosen = [one for one in stairwells if (_number(one) in (16, 18)) == common]
        said = {"form_key": form_key("drives", common), "at": town.day(-110, 14), "is_demo": True}
        begun = act(
            driving.begin_drive,
            actor=clerk,
            estate=estate,
            stairwells=chosen,
            began_on=day_of(town.day(-110)),
            team=town.bodies["teams"],
            uses_common_land=common,
            **said,
        )
        found |= {_number(drive.place): drive for drive in begun}
    return found


def _number(stairwell: Place) -> int:
    return int(stairwell.name.removesuffix("号"))


def _estate_vote(town: Town) -> Decision:
    """All 480 homes, about the common green: open, with the first papers in."""
    said = story()["estate_vote"]
    return _prepared(
        town,
        place=town.places["sister"],
        subject="common_use",
        opens=town.day(-3, 9),
        closes=town.day(12, 20),
        announced=town.day(-24, 10),
        key="estate",
        question=said["question"],
        question_en=said["question_en"],
        text=said["text"],
        text_en=said["text_en"],
    )


def _prepared(
    town: Town, *, key: str, place: Place, opens: datetime, closes: datetime, announced: datetime, **said: Any
) -> Decision:
    """Proposed, counters named, announced; its opening and its close told by the clock, if they have come."""
    clerk, before = town.speaking("clerk_garden"), announced - timedelta(days=1)
    counters = [town.people["owners_head"], town.people["clerk_two"]]
    said = {"is_demo": True, "rule_id": RULE, "opens_at": opens, "closes_at": closes, **said}
    vote = act(preparing.propose_decision, actor=clerk, place=place, form_key=form_key("vote", key), at=before, **said)
    act(preparing.name_counters, actor=clerk, decision=vote, persons=counters, at=before)
    vote = act(preparing.announce_decision, actor=clerk, decision=vote, at=announced)
    if opens <= town.now:
        act(rounds.tell_due, decision=vote, at=opens)
    return Decision.objects.get(pk=vote.pk)


class _Telling:
    """One stairwell's drive, from the assessment to where it stands today."""

    def __init__(self, town: Town, number: int, drive: Drive, estate_vote: Decision | None) -> None:
        self.town, self.number, self.drive, self.estate_vote = town, number, drive, estate_vote
        self.clerk, self.second = town.speaking("clerk_garden"), town.speaking("clerk_two")
        stages = {number: stage for stage, numbers in story()["stages"].items() for number in numbers}
        self.stage = stages[number]
        self.name = f"{number} 号"

    @property
    def now(self) -> Drive:
        return Drive.objects.select_related("place", "estate", "matter", "team").get(pk=self.drive.pk)

    def tell(self) -> None:
        order = ("feasibility", "wishes", "scheme", "consent", "contract", "notice", "planning")
        reached = order.index(self.stage) if self.stage in order else 0
        self._grade()
        if self.stage == "stopped":
            said = {"why": story()["notes"]["stopped"], "form_key": self.key("stopped"), "at": self.town.day(-80, 15)}
            act(driving.stop_drive, actor=self.clerk, drive=self.now, **said)
        for stage, days in zip(order[1:3], (-92, -72), strict=True):
            if order.index(stage) <= reached:
                self._move(stage, days)
        if reached >= order.index("scheme"):
            self._plans(freeze=reached >= order.index("contract"))
        if reached >= order.index("consent"):
            self._move("consent", -64)
            self._vote(over=reached > order.index("consent"))
        if reached >= order.index("contract"):
            self._move("contract", -27)
            self._contract()
        for stage, days in zip(order[5:], (-8, -4), strict=True):
            if order.index(stage) <= reached:
                self._move(stage, days)
        self._waits()

    def key(self, *parts: object) -> Any:
        return form_key("drive", self.number, *parts)

    def _grade(self) -> None:
        if self.stage == "feasibility" and self.number >= 37:
            return  # not looked at yet
        grade = "C" if self.stage == "stopped" else "B" if self.number % 5 == 0 else "A"
        why, assessor, _english = story()["grades"][grade]
        said = {"grade": grade, "why": why, "assessor": assessor, "graded_on": day_of(self.town.day(-98))}
        key, at = self.key("graded"), self.town.day(-98, 16)
        act(driving.grade_drive, actor=self.clerk, drive=self.now, form_key=key, at=at, **said)

    def _move(self, stage: str, days: int) -> None:
        note, note_en = story()["notes"].get(stage, ("", ""))
        said = {"stage": stage, "on": day_of(self.town.day(days)), "note": note, "note_en": note_en}
        key, at = self.key("moved", stage), self.town.day(days, 17)
        act(driving.move_drive, actor=self.clerk, drive=self.now, form_key=key, at=at, **said)

    def _plans(self, *, freeze: bool) -> None:
        """Three proposals side by side; one of them goes into the contract."""
        proposals = {
            "按楼层系数": Asked(works="700000", key="guangzhou"),
            "按爬的层数": Asked(works="700000", key="storeys"),
            "一楼补偿 5,000 元": Asked(works="700000", key="guangzhou", compensation=("5000",)),
        }
        if self.stage == "scheme" and self.number % 2:
            proposals = dict(list(proposals.items())[:1])
        plan = None
        for number, (name, asked) in enumerate(proposals.items()):
            said = {
                "name": name,
                "asked": asked,
                "form_key": self.key("plan", number),
                "at": self.town.day(-70 + number),
            }
            plan = act(costing.keep_plan, actor=self.clerk, drive=self.now, **said)
        if freeze:
            act(costing.freeze_plan, actor=self.clerk, plan=plan, at=self.town.day(-28, 9))

    # the vote

    def _vote(self, *, over: bool) -> None:
        """Over: counted four weeks ago. Else open, ahead, closed and waiting for its count, or counted just now."""
        opens, closes = (-44, -30) if over or self.number == 13 else (-4, 8)
        if self.number == 12:
            opens, closes = -20, -10
        if self.number == 14:
            opens, closes = -9, -1
        if self.number == 19:
            opens, closes = 6, 20
        self.opens = opens
        vote = _prepared(
            self.town,
            place=self.drive.place,
            subject="lift",
            drive=self.now,
            matter=self.now.matter,
            linked=self.estate_vote if self.drive.uses_common_land else None,
            opens=self.town.day(opens, 9),
            closes=self.town.day(closes, 20),
            announced=self.town.day(opens - 18, 10),
            key=f"{self.number}",
            question=story()["question"].format(stairwell=self.name),
            question_en=story()["question_en"].format(number=self.number),
            text=story()["text"],
            text_en=story()["text_en"],
        )
        if opens > 0:
            return
        said = {"how": "hand", "proof": True, "to": "本人", "form_key": self.key("delivered")}
        homes = list(vote.slots.order_by("number").values_list("key", flat=True))
        served = self.town.day(opens, 11)
        act(
            ballots.print_ballots,
            actor=self.clerk,
            decision=vote,
            form_key=self.key("printed"),
            at=self.town.day(opens - 1),
        )
        act(delivering.deliver, actor=self.clerk, decision=vote, homes=homes, at=served, delivered_at=served, **said)
        self._hand_in(vote)
        if closes < 0:
            act(rounds.tell_due, decision=vote, at=self.town.day(closes, 20))
        if closes < -1:
            self._count(vote, days=closes + 1)

    def _hand_in(self, vote: Decision) -> None:
        letters = story()["votes"][str(self.number)]
        slots = list(vote.slots.select_related("place").order_by("number"))
        for place, (slot, letter) in enumerate(zip(slots, letters, strict=True)):
            if letter not in CHOICES:
                continue
            at = min(self.town.day(self.opens + place // 3, 13, 5 * place), self.town.now - timedelta(hours=3))
            owner = self.town.people.get(f"owner {self._code(slot.place.code)}")
            if owner is not None and place % 3 != 1:
                said = {
                    "homes": [f"{slot.pk}-0"],
                    "choice": CHOICES[letter],
                    "form_key": self.key("vote", place),
                    "at": at,
                }
                act(own.consent, actor=_oneself(owner), decision=vote, **said)
            else:
                self._on_paper(vote, slot, CHOICES[letter], place=place, at=at)

    def _code(self, flat: str) -> str:
        flat = flat.removesuffix("室")
        if self.number == 18 and flat in TWICE:
            return "18-50"
        return f"{self.number:02}-{flat}" + ("甲" if self.number == 18 and flat == SHARED else "")

    def _on_paper(self, vote: Decision, slot: Any, choice: str, *, place: int, at: datetime) -> None:
        paper = Paper.objects.select_related("decision__place", "decision__roll", "slot__place").get(
            decision=vote, slot=slot, voided_at=None
        )
        said = {"signer": f"owner:{self._code(slot.place.code)}", "choice": choice, "paper": paper}
        entered = act(
            papers.enter_paper,
            actor=self.clerk,
            photo=photo(),
            signed_on=day_of(at),
            form_key=self.key("paper", place),
            at=at,
            **said,
        )
        act(papers.confirm_paper, actor=self.second, act=entered, at=at + timedelta(minutes=40), **said)

    def _count(self, vote: Decision, *, days: int) -> None:
        """Both counters sign; the result hangs from the next day."""
        at = self.town.day(days, 9)
        vote = Decision.objects.select_related("matter", "place", "roll", "linked__roll", "body", "drive").get(
            pk=vote.pk
        )
        for counter in ("owners_head", "clerk_two"):
            seen = files.frozen(vote, at).hash
            act(certifying.sign_count, actor=self.town.speaking(counter), decision=vote, seen=seen, at=at)
        vote.refresh_from_db()
        said = {"on": day_of(self.town.day(days + 1)), "where": f"{self.name} 门口和小区公告栏", "photo": photo()}
        key, posted = self.key("posted"), self.town.day(days + 1, 10)
        act(objecting.post_result, actor=self.clerk, decision=vote, form_key=key, at=posted, **said)

    # the contract

    def _contract(self) -> None:
        terms = story()["contract"] | {"title": story()["contract"]["title"].format(stairwell=self.name)}
        said = {
            **terms,
            "running_yuan_a_year": Decimal("9600.00"),
            "reserve_yuan": Decimal("2400.00"),
            "life_years": 15,
            "form_key": self.key("contract"),
            "at": self.town.day(-26, 10),
        }
        contract = act(contracting.write_contract, actor=self.clerk, drive=self.now, **said)
        act(contracting.open_contract, actor=self.clerk, contract=contract, at=self.town.day(-25, 10))
        contract = Contract.objects.get(pk=contract.pk)
        signed = story()["signed"][str(self.number)]
        holdings = Holding.objects.filter(unit__place__path__startswith=self.drive.place.path, until=None)
        for place, held in enumerate(holdings.select_related("unit", "owner").order_by("unit__number")[:signed]):
            at = self.town.day(-24 + self.number % 4 + place, 19)
            if place % 4 == 1:
                signature = self._on_paper_signed(contract, held, at=at)
                act(contracting.confirm_signature, actor=self.second, signature=signature, agrees=True, at=at)
            else:
                owner, key = _oneself(self.town.people[f"owner {held.owner.code}"]), self.key("signed", held.unit.key)
                said = {"contract": contract, "key": held.unit.key, "form_key": key, "at": at}
                act(contracting.sign_contract, actor=owner, **said)

    def _on_paper_signed(self, contract: Contract, held: Holding, *, at: datetime) -> ContractSignature:
        said = {"key": held.unit.key, "owner": held.owner.code, "signed_on": day_of(at), "photo": photo()}
        key = self.key("signed", held.unit.key)
        return act(contracting.enter_signature, actor=self.clerk, contract=contract, form_key=key, at=at, **said)

    def _waits(self) -> None:
        one = story()["waits"].get(str(self.number))
        if one is None:
            return
        said = {"waits_for": one["what"], "waits_for_en": one["what_en"], "body_name": one["who"]}
        until, at = day_of(self.town.day(one["until"])), self.town.day(-2, 10)
        key = self.key("waits")
        act(driving.drive_waits, actor=self.clerk, drive=self.now, until_on=until, form_key=key, at=at, **said)


# at the doors


def _policy_sheet(town: Town) -> Any:
    said = dict(story()["sheet"])
    key, at = form_key("policy sheet"), town.day(-95, 9)
    return act(
        visiting.add_sheet,
        actor=town.speaking("clerk_garden"),
        estate=town.places["sister"],
        form_key=key,
        at=at,
        **said,
    )


def _doors(town: Town, drives: dict[int, Drive], sheet: Any) -> None:
    """The volunteer has the doors of stairwell 26; wishes are written down there and by the clerk elsewhere."""
    clerk, volunteer = town.speaking("clerk_garden"), town.speaking("volunteer")
    drive = Drive.objects.select_related("place", "estate", "matter", "team").get(pk=drives[26].pk)
    homes = list(Place.objects.filter(path__startswith=drive.place.path, kind=Kind.HOME).order_by("order", "pk"))
    said = {"volunteer": volunteer.person, "homes": homes[:8], "form_key": form_key("doors"), "at": town.day(-90, 9)}
    act(visiting.give_door, actor=clerk, drive=drive, **said)
    handed = {"homes": homes[:7], "form_key": form_key("handed"), "at": town.day(-88, 10)}
    act(visiting.hand_sheet, actor=clerk, drive=drive, sheet=sheet, **handed)
    for place, (home, outcome) in enumerate(zip(homes, ("spoke", "questions", "spoke", "not_home"), strict=False)):
        key, at = form_key("visit", place), town.day(-87 + place, 19)
        question = "一楼的光线会挡多少？" if outcome == "questions" else ""
        visited = {"home": home, "outcome": outcome, "question": question, "form_key": key, "at": at}
        act(visiting.visit, actor=volunteer, drive=drive, **visited)
    for number, wishes in story()["wishes"].items():
        _wishes(town, clerk, drives[int(number)], wishes)


def _wishes(town: Town, clerk: Actor, drive: Drive, wishes: Sequence[Sequence[Any]]) -> None:
    drive = Drive.objects.select_related("place", "estate", "matter", "team").get(pk=drive.pk)
    for flat, says, who, reasons, low, high in wishes:
        home = town.places[f"home sister/{_number(drive.place)}/{flat}"]
        said = {"says": says, "who": who, "reasons": reasons, "home": home}
        shares = {"share_low": Decimal(low) if low else None, "share_high": Decimal(high) if high else None}
        key, at = form_key("wish", drive.place.name, flat), town.day(-85, 15)
        act(visiting.note_wish, actor=clerk, drive=drive, form_key=key, at=at, **said, **shares)


@cache
def _picture() -> bytes:
    """A sheet of paper with lines on it: what a photo of the demo shows."""
    sheet = Image.new("RGB", (240, 340), "#fffefb")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((12, 12, 228, 328), outline="#545c57", width=2)
    for line in range(60, 300, 24):
        pen.line((28, line, 212, line), fill="#7d7a70")
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.png", _picture(), content_type="image/png")


def _oneself(person: Person) -> Actor:
    return Actor(person=person, principal=person)
