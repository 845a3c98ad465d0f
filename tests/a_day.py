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
    for happens in (day.at_the_counter, day.at_home, day.talked_over, day.promised, day.posted, day.kept_by_staff):
        happens()
    people = day.people
    sessions = {
        "helping": session_of(people["clerk"], assistance=day.sitting.pk),
        "officer": session_of(day.officer),
        "asking": session_of(None, asked={"phone": "+8613800000999", "next": "", "shown": "314159"}),
        "moving": session_of(people["resident"], new_phone="+8613800000998"),
    }
    json.dump({"sessions": sessions, "samples": day.samples, "first": day.first}, sys.stdout)
    return 0


class Day:
    """Each part is done through the actions that pages call. people: the cast; samples, first: see above."""

    def __init__(self, people: dict[str, Any]) -> None:
        from hemei.base import clock

        self.people, self.at = people, clock.now()
        self.samples: dict[str, list[str]] = {}
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


def picture() -> Any:
    """A photo as a telephone sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#8a9a8f").save(out, "JPEG")
    return SimpleUploadedFile("照片.jpg", out.getvalue(), "image/jpeg")


if __name__ == "__main__":
    sys.exit(main())
