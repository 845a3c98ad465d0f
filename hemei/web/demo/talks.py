"""The consultations of the story: the walls, open now; the lifts, closed and answered; the spaces at night, ahead."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hemei.consultations import actions, rounds
from hemei.consultations.models import Consultation, Grade, ModerationAct, Statement
from hemei.people.actions import assistance
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance, Person
from hemei.places.models import Place
from hemei.web.demo import voices
from hemei.web.demo.cast import guests
from hemei.web.demo.telling import Diary, Town, act, form_key, words

GUESTS_FOR_THE_LIFTS = 58


@dataclass
class Talk:
    """One consultation as it is being told. by_number: its statements, in the order of the words."""

    key: str
    organiser: Actor
    moderator: Actor
    opens_at: datetime
    closes_at: datetime
    consultation: Consultation | None = None
    said: dict[int, Statement] = field(default_factory=dict)
    shown_at: dict[int, datetime] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, Any]:
        return words(self.key)

    @property
    def now(self) -> Consultation:
        assert self.consultation is not None, "it was prepared before"
        self.consultation.refresh_from_db()
        return self.consultation


def plan_walls(town: Town, diary: Diary) -> None:
    """Open for eleven days, closes in three; results are shown from the sixth day on, so that there is a map."""
    talk = Talk("walls", town.speaking("clerk"), town.speaking("moderator"), town.day(-11, 9), town.day(3, 20))
    _prepare(town, diary, talk, town.places["block"], days_before=3, results_at=town.day(-5, 9))
    voters = [*town.neighbours, *guests(words("people")["neighbours"]["guests"], town.day(-11, 9))]
    _speak(town, diary, talk, town.neighbours, until=town.day(-8, 20))
    _answer(diary, talk, voters, shares=(0.42, 0.33, 0.25), until=town.now)
    _argue(diary, talk, town.neighbours, start=town.day(-7, 10))
    diary.at(town.day(-4, 14), _on_paper, town, talk)
    diary.at(town.day(-6, 10), _refuse, town, talk)
    diary.at(town.day(-1, 19), _wait, town, talk)


def plan_lifts(town: Town, diary: Diary) -> None:
    """Closed five weeks ago, with results, an answer and what was promised in it."""
    talk = Talk("lifts", town.speaking("clerk_garden"), town.speaking("moderator"), town.day(-56, 9), town.day(-35, 20))
    _prepare(town, diary, talk, town.places["garden"], days_before=4)
    voters = guests(GUESTS_FOR_THE_LIFTS, town.day(-56, 9))
    _speak(town, diary, talk, town.neighbours[::3], until=town.day(-54, 20))
    _answer(diary, talk, voters, shares=(0.6, 0.4), until=town.day(-36, 12))
    _argue(diary, talk, town.neighbours[::3], start=town.day(-52, 10))
    diary.at(town.day(-30, 15), _reply, town, talk)


def plan_parking(town: Town, diary: Diary) -> None:
    """Opens in five days."""
    talk = Talk("parking", town.speaking("head"), town.speaking("moderator"), town.day(5, 9), town.day(19, 20))
    _prepare(town, diary, talk, town.places["street"], days_before=7)


def _prepare(town: Town, diary: Diary, talk: Talk, place: Place, *, days_before: int, **more: Any) -> None:
    """The draft with its papers and the organiser's statements, announced; then the clock opens and closes it."""
    began = talk.opens_at - timedelta(days=days_before)

    def draft(at: datetime) -> None:
        said = talk.words
        talk.consultation = act(
            actions.prepare_consultation,
            actor=talk.organiser,
            place=place,
            title=said["title"],
            title_en=said["title_en"],
            question=said["question"],
            question_en=said["question_en"],
            intro=said["background"].strip(),
            intro_en=said["background_en"].strip(),
            opens_at=talk.opens_at,
            closes_at=talk.closes_at,
            who_votes=Grade.GUEST,
            who_speaks=Grade.DECLARED if talk.key == "walls" else Grade.GUEST,
            is_demo=True,
            form_key=form_key("consultation", talk.key),
            at=at,
            **more,
        )
        for number, paper in enumerate(said.get("document", ())):
            act(
                actions.add_document,
                actor=talk.organiser,
                consultation=talk.now,
                form_key=form_key("paper", talk.key, number),
                at=at,
                **paper,
            )

    def announce(at: datetime) -> None:
        act(actions.make_ready, actor=talk.organiser, consultation=talk.now, at=at)

    def clock(at: datetime) -> None:
        act(rounds.tell, consultation=talk.now, at=at)

    diary.at(began, draft)
    for number, one in enumerate(talk.words["statement"]):
        if one["kind"] == "organiser":
            diary.at(began + timedelta(hours=1, minutes=number), _say, talk, number, talk.organiser)
    diary.at(began + timedelta(days=1), announce)
    for moment in (talk.opens_at, more.get("results_at"), talk.closes_at):
        if moment is not None and moment <= town.now:
            diary.at(moment, clock)


def _say(talk: Talk, number: int, who: Actor, at: datetime) -> None:
    one = talk.words["statement"][number]
    talk.said[number] = act(
        actions.add_statement,
        actor=who,
        consultation=talk.now,
        text=one["text"],
        text_en=one["text_en"],
        form_key=form_key("statement", talk.key, number),
        at=at,
    )


def _speak(town: Town, diary: Diary, talk: Talk, people: Sequence[Person], *, until: datetime) -> None:
    """Residents and members say the rest in the first days; the moderator shows each a little later."""
    rest = [number for number, one in enumerate(talk.words["statement"]) if one["kind"] != "organiser"]
    step = (until - talk.opens_at) / (len(rest) + 1)
    for turn, number in enumerate(rest):
        kind = talk.words["statement"][number]["kind"]
        who = town.speaking(f"member {1 + turn % 30}") if kind == "member" else own(people[turn % len(people)])
        at = talk.opens_at + step * turn + timedelta(minutes=5)
        talk.shown_at[number] = at + timedelta(minutes=30)
        diary.at(at, _say, talk, number, who)
        diary.at(talk.shown_at[number], _show, talk, number)


def _show(talk: Talk, number: int, at: datetime) -> None:
    act(
        actions.accept_words,
        actor=talk.moderator,
        words=talk.said[number],
        form_key=form_key("shown", talk.key, number),
        at=at,
    )


def _answer(diary: Diary, talk: Talk, voters: Sequence[Person], *, shares: Sequence[float], until: datetime) -> None:
    """Everybody's answers, each after the statement was shown."""
    leans = [one["lean"] for one in talk.words["statement"]]
    last: dict[int, datetime] = {}
    for one in voices.answers(leans, len(voters), shares=shares):
        at = talk.opens_at + (until - talk.opens_at) * one.when
        at = max(at, talk.shown_at.get(one.statement, at) + timedelta(minutes=7))
        at = last[one.voter] = min(until, max(at, last.get(one.voter, at) + timedelta(seconds=9)))
        diary.at(at, _vote, talk, voters[one.voter], one)


def _vote(talk: Talk, voter: Person, one: voices.Answer, at: datetime) -> None:
    statement = talk.said[one.statement]
    statement.consultation = talk.consultation
    act(
        actions.cast_vote,
        actor=own(voter),
        statement=statement,
        answer=one.answer,
        drawn=True,
        form_key=form_key("vote", talk.key, one.voter, one.statement),
        at=at,
    )


def _argue(diary: Diary, talk: Talk, people: Sequence[Person], *, start: datetime) -> None:
    for number, one in enumerate(talk.words.get("argument", ())):
        at = start + timedelta(hours=5 * number)
        diary.at(at, _give_reason, talk, number, own(people[(7 * number + 3) % len(people)]), one)


def _give_reason(talk: Talk, number: int, who: Actor, one: dict[str, Any], at: datetime) -> None:
    said = {key: value for key, value in one.items() if key in ("side", "stake", "text", "text_en")}
    reason = act(
        actions.add_argument,
        actor=who,
        consultation=talk.now,
        form_key=form_key("argument", talk.key, number),
        at=at,
        **said,
    )
    act(
        actions.accept_words,
        actor=talk.moderator,
        words=reason,
        form_key=form_key("argument shown", talk.key, number),
        at=at + timedelta(minutes=20),
    )


def _refuse(town: Town, talk: Talk, at: datetime) -> None:
    """What the moderator did not let stand."""
    for number, one in enumerate(talk.words["rejected"]):
        statement = act(
            actions.add_statement,
            actor=own(town.neighbours[11 + number]),
            consultation=talk.now,
            text=one["text"],
            text_en=one["text_en"],
            form_key=form_key("refused", number),
            at=at,
        )
        act(
            actions.reject_words,
            actor=talk.moderator,
            words=statement,
            ground=ModerationAct.Ground.PERSONAL,
            reason=one["reason"],
            form_key=form_key("refusal", number),
            at=at + timedelta(hours=2),
        )


def _wait(town: Town, talk: Talk, at: datetime) -> None:
    """Sent, and not read yet."""
    for number, one in enumerate(talk.words["waiting"]):
        act(
            actions.add_statement,
            actor=own(town.neighbours[5 + number]),
            consultation=talk.now,
            text=one["text"],
            text_en=one["text_en"],
            form_key=form_key("waiting", number),
            at=at,
        )


def _on_paper(town: Town, talk: Talk, at: datetime) -> None:
    """Somebody without a phone answers at the counter; the clerk types the sheet in and the sitting is kept."""
    clerk, elder = town.speaking("clerk"), town.people["grandmother"]
    sitting = act(
        assistance.begin_sitting,
        actor=clerk,
        person=elder,
        way=Assistance.Way.COUNTER,
        evidence="演示：本人到窗口，逐条念给她听",
        form_key=form_key("sitting", talk.key),
        at=at,
    )
    helping = Actor(person=clerk.person, principal=elder, assistance=sitting, seat=clerk.seat, strong=True)
    answers = {statement.number: 1 if number % 4 else 0 for number, statement in list(talk.said.items())[:9]}
    act(
        actions.enter_sheet,
        actor=helping,
        consultation=talk.now,
        answers=answers,
        form_key=form_key("sheet", talk.key),
        at=at + timedelta(minutes=8),
    )
    act(assistance.end_sitting, actor=clerk, sitting=sitting, at=at + timedelta(minutes=10))


def _reply(town: Town, talk: Talk, at: datetime) -> None:
    """What becomes of it, with promises."""
    one = talk.words["reply"]
    act(
        actions.answer_consultation,
        actor=talk.organiser,
        consultation=talk.now,
        text=one["text"],
        text_en=one["text_en"],
        promised=[
            actions.Promised(what=promise["what"], what_en=promise["what_en"], due_on=town.day(promise["due"]).date())
            for promise in one["promise"]
        ],
        form_key=form_key("reply", talk.key),
        at=at,
    )
