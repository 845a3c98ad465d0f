"""What happens in the demo's street on the day it is looked at: `python -m tests.a_day`, on HEMEI_DATA.

Every page has somebody then who finds something on it: a draft, words that were refused, a letter under way, a paper
that hangs. Prints JSON: {"sessions": more of them, by role; "samples": {name of an address: [role, path]}, of pages
that no link leads to; "first": {role: [path]}, of pages that today's events stand on}.
"""

import io
import json
import sys
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hemei.start import set_up


def main() -> int:
    set_up()
    from tests.sessions import cast, session_of

    day = Day(cast())
    for happens in (
        day.at_the_counter,
        day.at_home,
        day.talked_over,
        day.promised,
        day.posted,
        day.kept_by_staff,
        day.decided,
        day.signed,
    ):
        happens()
    people = day.people
    sessions = {
        "helping": session_of(people["clerk"], assistance=day.sitting.pk),
        "officer": session_of(day.officer),
        "asking": session_of(None, asked={"phone": "+8613800000999", "next": "", "shown": "314159"}),
        "moving": session_of(people["resident"], new_phone="+8613800000998"),
        **{role: session_of(person) for role, person in day.others.items()},
    }
    json.dump({"sessions": sessions, "samples": day.samples, "first": day.first}, sys.stdout)
    return 0


class Day:
    """Each part is done through the actions that pages call. people: the cast; samples, first: see above."""

    def __init__(self, people: dict[str, Any]) -> None:
        from hemei.base import clock

        self.people, self.at = people, clock.now()
        self.samples: dict[str, list[str]] = {}
        self.others: dict[str, Any] = {}  # more people who find something, by the name of their role
        self.first = {"resident": ["/promises/?state=kept"], "head": ["/promises/?state=disputed"]}

    def oneself(self, key: str) -> Any:
        from hemei.people.actor import own

        return own(self.people[key])

    def speaking(self, key: str) -> Any:
        from hemei.people.actor import Actor

        person = self.people[key]
        return Actor(person=person, principal=person, seat=person.seats.order_by("pk")[0], strong=True)

    def sent(self, action: Any, **said: Any) -> Any:
        """One form, filled and sent."""
        return action(at=self.at, form_key=uuid4(), **said)

    def at_the_counter(self) -> None:
        """The clerk helped the owner, who contests one sitting; the grandmother's record is open and she sits there."""
        from hemei.people.actions import assistance, slips

        clerk, owner, elder = self.speaking("clerk"), self.people["owner"], self.people["grandmother"]
        for number in range(6):
            photo = picture() if number == 0 else None
            words = {"way": "paper" if photo else "phone", "evidence": f"第 {number + 1} 次，回拨过电话"}
            sitting = self.sent(assistance.begin_sitting, actor=clerk, person=owner, photo=photo, **words)
            assistance.end_sitting(actor=clerk, sitting=sitting, at=self.at)
            if number == 1:
                words = {"contest": "第 3 条我说的是说不准，不是赞成。", "at": self.at}
                assistance.contest_sitting(actor=self.oneself("owner"), sitting=sitting, **words)
        assistance.open_record(actor=clerk, person=elder, at=self.at)
        self.sent(slips.print_slip, actor=clerk, person=elder)
        begun = {"way": "counter", "evidence": "本人在窗口"}
        self.sitting = self.sent(assistance.begin_sitting, actor=clerk, person=elder, **begun)
        self.samples["people:record"] = ["clerk", f"/people/counter/people/{elder.pk}"]

    def at_home(self) -> None:
        """The newcomer's letter is under way; the owner has just said that they live in the home, too."""
        from hemei.people.actions import ties
        from hemei.people.models import Tie

        mine = Tie.objects.get(person=self.people["newcomer"])
        ties.ask_for_letter(actor=self.oneself("newcomer"), tie=mine, at=self.at)
        self.sent(ties.print_letters, actor=self.speaking("clerk"), ties=[mine])
        home = Tie.objects.get(person=self.people["owner"]).place
        lives = self.sent(ties.declare_tie, actor=self.oneself("owner"), place=home, role="live")
        ties.ask_for_letter(actor=self.oneself("owner"), tie=lives, at=self.at)

    def talked_over(self) -> None:
        """A draft; the resident's words, refused twice and once shown; an answer; papers; an export on its way out."""
        from hemei.consultations.actions import looking_after, moving, organising, papers, speaking, voting
        from tests.voters import running

        clerk, moderator, resident = self.speaking("clerk"), self.speaking("moderator"), self.oneself("resident")
        walls = running()
        draft = self.sent(
            organising.prepare_consultation,
            actor=clerk,
            place=walls.matter.place,
            title="活动室晚上开不开",
            question="活动室晚上要不要开到九点？",
            opens_at=self.at + timedelta(days=2),
            closes_at=self.at + timedelta(days=12),
        )
        self.sent(speaking.add_statement, actor=clerk, consultation=draft, text="开到九点，但是要有人看门。")
        self.sent(papers.add_document, actor=clerk, consultation=draft, title="照片", file=picture())
        said = [
            self.sent(speaking.add_statement, actor=resident, consultation=walls, text=f"{which}棵树不要动。")
            for which in ("第一", "第二", "第三", "第四")
        ]
        self.sent(looking_after.accept_words, actor=moderator, words=said[0])
        for one in said[1:3]:
            why = {"ground": "off_topic", "reason": "这里说的是围墙。"}
            self.sent(looking_after.reject_words, actor=moderator, words=one, **why)
        self.sent(looking_after.appeal, actor=resident, words=said[1], reason="树就在墙边，一起动的。")
        self.sent(voting.cast_vote, actor=resident, statement=walls.said.get(number=1), answer=1)
        job = self.sent(moving.start_export, actor=clerk, consultation=walls)
        self.first["clerk"] = [f"/consultations/{draft.pk}/organise", f"/consultations/{walls.pk}/log"]
        self.first["resident"].append(f"/consultations/{walls.pk}/mine")
        self.samples["web:job"] = ["clerk", f"/jobs/{job.pk}"]

    def promised(self) -> None:
        """Something is kept, with a photo; the resident may say that it was not. A matter of the garden is closed."""
        from hemei.matters.actions import close_matter
        from hemei.matters.models import Matter
        from hemei.promises.actions import keep_promise
        from hemei.promises.models import Promise

        lamps = Promise.objects.filter(matter__title="3 号楼前路灯不亮", state="open").order_by("pk")[0]
        words = {"promise": lamps, "proof": "两盏灯都亮了。", "photo": picture()}
        self.sent(keep_promise, actor=self.speaking("property"), **words)
        self.first["resident"].insert(0, f"/promises/{lamps.pk}")
        shelter = Matter.objects.get(title="电梯口的雨棚做什么样")
        self.sent(close_matter, actor=self.speaking("clerk_garden"), matter=shelter, reason="样品已经选好。")

    def posted(self) -> None:
        """A sheet hangs in two places, one of them with a photo."""
        from hemei.notices.actions import posting
        from hemei.places.models import Place
        from tests.voters import running

        clerk, walls = self.speaking("clerk"), running()
        words = {"title": "围墙的事，请来商量", "text": "请到大家来，或者到居委会窗口。", "matter": walls.matter}
        sheet = self.sent(posting.make_sheet, actor=clerk, place=walls.matter.place, **words)
        doors = Place.objects.filter(path__startswith=sheet.place.path, kind="stairwell", until=None).order_by("pk")
        for door, photo in zip(doors[:2], (picture(), None), strict=True):
            hung = {"sheet": sheet, "place": door, "posted_at": self.at, "photo": photo}
            self.sent(posting.post_sheet, actor=clerk, **hung)

    def decided(self) -> None:
        """In the sister estate: papers that wait for a second clerk, an authority, a challenge, objections, drafts."""
        from hemei.decisions.actions import (
            authorities,
            ballots,
            challenging,
            delivering,
            objecting,
            own,
            papers,
            preparing,
        )
        from hemei.decisions.models import Act, Decision, Drive, Paper, Slot

        clerk, second = self.speaking("clerk_garden"), self.speaking("clerk_two")
        vote = Decision.objects.get(place__name="18号", drive__isnull=False)
        whole = Decision.objects.get(drive=None, subject="common_use")
        self.sent(ballots.print_ballots, actor=clerk, decision=whole)
        slots = {slot.place.name: slot for slot in Slot.objects.filter(decision=vote).select_related("place")}
        paper = Paper.objects.select_related("decision__place", "decision__roll", "slot__place").get(
            slot=slots["401室"], voided_at=None
        )
        entered = {"paper": paper, "signer": "owner:18-401", "choice": "for", "photo": picture()}
        self.sent(papers.enter_paper, actor=clerk, **entered)
        served = {"homes": [slots["502室"].key], "how": "box", "photo": picture(), "proof": True}
        self.sent(delivering.deliver, actor=clerk, decision=vote, **served)
        given = {"owner": "18-302", "agent_name": "演示·亲戚", "written": True, "scan": picture()}
        told = {"decision": vote, "slot": slots["302室"], "received_at": self.at}
        self.sent(authorities.enter_authority, actor=clerk, **told, **given)
        owner = self.oneself("owner_lift")
        homes = [f"{slots['101室'].pk}-0"]
        self.sent(authorities.give_authority, actor=owner, decision=vote, homes=homes, agent_name="演示·女儿")
        on_paper = Act.objects.filter(decision=vote, channel="paper", confirmed_at__isnull=False).order_by("pk")
        elsewhere = Act.objects.filter(decision__place__name="16号", channel="paper").order_by("pk")
        mine = Act.objects.filter(decision=vote, by="18-101").order_by("pk")[0]
        words = "这一条不是我点的。"
        self.sent(challenging.challenge, actor=owner, act=mine, words=words)
        self.sent(challenging.propose_voiding, actor=second, act=elsewhere[0], reason="两张票订在一起了。")
        for code, choice in (("18-602甲", "for"), ("18-602乙", "against")):
            one = self.owner(code)
            self.sent(own.consent, actor=one, decision=vote, homes=[f"{slots['602室'].pk}-0"], choice=choice)
        hangs = Decision.objects.get(place__name="12号", drive__isnull=False)
        for number in range(3):
            said = {"by_name": "演示·邻居", "ground": "light", "words": f"第 {number + 1} 条：挡了光线。"}
            evidence = picture() if number == 0 else None
            put = self.sent(
                objecting.enter_objection, actor=clerk, decision=hangs, received_at=self.at, evidence=evidence, **said
            )
            if number:
                objecting.answer_objection(actor=second, objection=put, answer="请设计单位测过日照。", at=self.at)
            if number == 2:
                words = {"how": "settled", "mediation": "双方谈妥，井道改用透明材料。", "at": self.at}
                objecting.close_objection(actor=second, objection=put, **words)
        drive = Drive.objects.get(place__name="20号")
        for rule in ("CN-278-SPECIAL", "CN-SH-2011-ESTATE"):
            draft = self.sent(
                preparing.propose_decision, actor=clerk, place=drive.place, subject="rebuild", rule_id=rule,
                question="同意修屋顶吗？", text="屋顶防水重做。", paper=document(),
                opens_at=self.at + timedelta(days=20), closes_at=self.at + timedelta(days=30),
            )  # fmt: skip
            self.first.setdefault("clerk_garden", []).append(f"/decisions/{draft.pk}")
            self.first.setdefault("administrator", []).append(f"/decisions/{draft.pk}")
        self.first["clerk_garden"] += [f"/decisions/{vote.pk}", f"/decisions/{whole.pk}", f"/decisions/{hangs.pk}"]
        self.first["clerk_two"] = [f"/decisions/{vote.pk}", f"/decisions/{hangs.pk}"]
        self.first["owners_head"] = [f"/decisions/{vote.pk}", f"/decisions/{hangs.pk}"]
        self.first["owner_lift"] = [f"/decisions/{vote.pk}", "/decisions/mine", f"/decisions/{hangs.pk}/objections"]
        self.first["clerk_garden"] += [f"/decisions/{hangs.pk}/objections"]
        self.first["clerk_garden"] += [f"/decisions/{elsewhere[0].decision_id}/challenges"]
        self.first["clerk_two"] += [f"/decisions/{vote.pk}/recorded?home={on_paper[0].slot_id}"]
        self.others["owner_shared"] = self.owner("18-602甲").person
        self.first["owner_shared"] = [f"/decisions/{vote.pk}/homes/{slots['602室'].pk}"]
        self.others["owner_paper"] = self.owner(on_paper[0].by).person
        self.first["owner_paper"] = [f"/decisions/{vote.pk}/homes/{on_paper[0].slot_id}"]
        self.samples["decisions:receipt"] = ["owner_lift", f"/decisions/{vote.pk}/receipts/{mine.pk}"]

    def signed(self) -> None:
        """Papers of drives, a contract that is being written, one that is signed, letters to owners."""
        from hemei.decisions.actions import contracting, driving, visiting
        from hemei.decisions.models import Contract, Drive
        from hemei.roll.actions import letters
        from hemei.roll.models import Holding, Roll, Unit

        clerk = self.speaking("clerk_garden")
        today = self.at.date()
        drives = {one.place.name: one for one in Drive.objects.select_related("place", "estate", "matter", "team")}
        graded = {"grade": "A", "why": "可以装", "assessor": "演示设计所", "graded_on": today, "drawing": document()}
        self.sent(driving.grade_drive, actor=clerk, drive=drives["39号"], **graded)
        moved = {"stage": "wishes", "on": today, "paper": document()}
        self.sent(driving.move_drive, actor=clerk, drive=drives["39号"], **moved)
        sheet = {"title": "补贴怎么申请", "source": "演示", "file": document()}
        self.sent(visiting.add_sheet, actor=clerk, estate=drives["1号"].estate, **sheet)
        ended = Contract.objects.get(drive=drives["11号"], ended_at=None)
        contracting.end_contract(actor=clerk, contract=ended, why="价格变了", at=self.at)
        kept = {
            name: getattr(ended, name)
            for name in ("title", "text", "builder", "manager", "running_yuan_a_year", "running_key", "reserve_yuan",
                         "inspections", "warranty", "life_years", "late_text", "sale_text", "compensation")
        }  # fmt: skip
        self.sent(contracting.write_contract, actor=clerk, drive=drives["11号"], **kept)
        running = Contract.objects.get(drive=drives["10号"], ended_at=None)
        inside = Holding.objects.filter(unit__place__path__startswith=drives["10号"].place.path, until=None)
        held = inside.select_related("unit", "owner").order_by("-unit__number")[0]
        signed = {"key": held.unit.key, "owner": held.owner.code, "signed_on": today, "photo": picture()}
        self.sent(contracting.enter_signature, actor=clerk, contract=running, **signed)
        roll = Roll.objects.get()
        units = list(Unit.objects.filter(roll=roll, place__path__startswith=drives["30号"].place.path)[:2])
        self.sent(letters.print_letters, actor=clerk, roll=roll, units=units)
        waiting = inside.exclude(pk=held.pk).select_related("owner").order_by("-unit__number")[0]
        self.others["owner_signs"] = self.owner(waiting.owner.code).person
        contract = f"/decisions/drives/{drives['10号'].pk}/contract"
        self.first["owner_signs"] = [contract]
        pages = [f"/decisions/drives/{drives[name].pk}" for name in ("39号", "11号", "10号", "26号", "5号")]
        pages += [contract, f"/roll/estates/{roll.place_id}/letters?words=30"]
        pages += [f"/decisions/drives/{drives['5号'].pk}/goes-on"]
        owner = units[0].holdings.get(until=None).owner_id
        self.first["clerk_garden"] += [f"/roll/owners/{owner}/letters/off"]
        self.first["clerk_garden"] += [*pages, f"/decisions/drives/{drives['26号'].pk}/team"]
        self.first["clerk_two"] += pages

    def owner(self, code: str) -> Any:
        """The matched owner of that code."""
        from hemei.people.actor import own
        from hemei.roll.models import Match

        return own(Match.objects.get(owner__code=code).person)

    def kept_by_staff(self) -> None:
        """An administrator who is no demo person, and so set up a password, an app and a passkey."""
        import pyotp

        from hemei.people.actions import first, second_factor
        from hemei.people.actor import own
        from hemei.people.models import Passkey, Person

        phone = "13800000997"
        first.make_first_administrator(phone=phone, at=self.at)
        person = Person.objects.get(phone=f"+86{phone}")
        second_factor.choose_password(actor=own(person), password="每天先走三圈再吃早饭", at=self.at)
        secret, person = second_factor.new_secret(), Person.objects.get(pk=person.pk)
        code = pyotp.TOTP(secret).at(self.at)
        second_factor.set_up_app(actor=own(person), secret=secret, code=code, at=self.at)
        Passkey.objects.create(person=person, credential=b"1", key=b"1", called="办公室电脑", made_at=self.at)
        self.officer = Person.objects.get(pk=person.pk)


def document() -> Any:
    """A paper as a clerk has it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("说明.txt", "方案说明。".encode(), "text/plain")


def picture() -> Any:
    """A photo as a telephone sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#8a9a8f").save(out, "JPEG")
    return SimpleUploadedFile("照片.jpg", out.getvalue(), "image/jpeg")


if __name__ == "__main__":
    sys.exit(main())
