"""Today in the street: matters that run, and promises open, late, kept, moved and disputed."""

from datetime import date
from typing import Any

from hemei.matters import steps as matters
from hemei.matters.models import Matter
from hemei.promises import actions as promises
from hemei.promises.days import day_of
from hemei.web.demo.telling import Diary, Town, act, form_key, words

SOURCE = "演示"


def plan_today(town: Town, diary: Diary) -> None:
    """Put what happens into the diary, each at its moment."""
    opened: dict[str, Matter] = {}
    for one in words("today")["matter"]:
        diary.at(town.day(one["opened"], 9), _open, town, one, opened)
    for number, one in enumerate(words("today")["promise"]):
        _plan(town, diary, number, one, opened)


def _open(town: Town, one: dict[str, Any], opened: dict[str, Matter], at: Any) -> None:
    body = town.bodies[one["body"]]
    opened[one["key"]] = matters.open_matter(
        actor=town.speaking_for(one["body"]),
        place=town.place(one["at"]),
        title=one["title"],
        title_en=one["title_en"],
        body=body,
        is_demo=True,
        at=at,
        verb="matters.told",
        step=one["step"],
        public={"text": one["told"], "text_en": one["told_en"], "source": SOURCE},
    )


def _plan(town: Town, diary: Diary, number: int, one: dict[str, Any], opened: dict[str, Matter]) -> None:
    owner, made = town.speaking_for(one["body"]), {}

    def day(days: int) -> date:
        return day_of(town.day(days, 12) if days <= 0 else town.day(days))

    def make(at: Any) -> None:
        matter = opened[one["matter"]]
        made["promise"] = act(
            promises.make_promise,
            actor=owner,
            place=matter.place,
            matter=matter,
            what=one["what"],
            what_en=one["what_en"],
            what_kind=one["kind"],
            due_on=day(one["due"]),
            form_key=form_key("promise", number),
            is_demo=True,
            at=at,
        )

    def keep(at: Any) -> None:
        act(
            promises.keep_promise,
            actor=owner,
            promise=made["promise"],
            proof=one["proof"],
            proof_en=one["proof_en"],
            form_key=form_key("kept", number),
            at=at,
        )

    def move(at: Any) -> None:
        act(
            promises.extend_promise,
            actor=owner,
            promise=made["promise"],
            due_on=day(one["until"]),
            reason=one["reason"],
            reason_en=one["reason_en"],
            form_key=form_key("moved", number),
            at=at,
        )

    def dispute(at: Any) -> None:
        act(
            promises.dispute_promise,
            actor=town.oneself("resident"),
            promise=made["promise"],
            reason=one["dispute"],
            reason_en=one["dispute_en"],
            form_key=form_key("disputed", number),
            at=at,
        )

    diary.at(town.day(one["made"], 10), make)
    if "kept" in one:
        diary.at(town.day(one["kept"], 16), keep)
    if "extended" in one:
        diary.at(town.day(one["extended"], 11), move)
    if "dispute" in one:
        diary.at(town.day(-1, 9), dispute)
