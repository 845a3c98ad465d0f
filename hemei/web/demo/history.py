"""What happened, closed and dated as it was, each line with its source; and what was promised then and kept."""

from collections import defaultdict
from datetime import date
from typing import Any

from hemei.matters import steps as matters
from hemei.matters.models import Matter
from hemei.people.actor import machine
from hemei.promises import days
from hemei.promises import steps as promises
from hemei.web.demo.telling import Town, on, words

LOADER = machine("demo")
CLOSED = "到此为止；后来的事另开一件。"  # why a matter of history is closed


def tell_history(town: Town) -> None:
    story = words("history")
    promised: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in story["promise"]:
        promised[one["matter"]].append(one)
    for one in story["matter"]:
        _tell(town, one, promised[one["key"]], story["sources"])


def _tell(town: Town, one: dict[str, Any], promised: list[dict[str, Any]], sources: dict[str, str]) -> None:
    """One matter; what happened on the same day stands in the order of the story."""
    first, *rest = one["told"]
    matter = matters.open_matter(
        actor=LOADER,
        place=town.places[one["at"]],
        title=one["title"],
        title_en=one["title_en"],
        body=town.bodies[one["body"]],
        source=sources[one["source"]],
        at=on(one["opened"], 9),
        verb="matters.told",
        step=first.get("step", ""),
        public=_said(first, sources),
    )
    events = [(told["on"], 1, number, told) for number, told in enumerate(rest)]
    for number, promise in enumerate(promised):
        events += [(promise["made"], 0, number, promise), (promise["kept"], 2, number, promise)]
    made = {}
    for day, turn, number, event in sorted(events, key=lambda event: event[:3]):
        if turn == 0:
            made[number] = _promise(town, matter, event, sources)
        elif turn == 2:
            said = {"proof": event["proof"], "proof_en": event["proof_en"]}
            promises.keep(promise=made[number], actor=LOADER, at=on(day, 17), **said)
        else:
            said = _said(event, sources)
            matters.tell(matter=matter, actor=LOADER, at=on(day, 12), step=event.get("step", ""), **said)
    matters.close(matter=matter, actor=LOADER, at=on(one["closed"], 18), reason=CLOSED)


def _promise(town: Town, matter: Matter, promise: dict[str, Any], sources: dict[str, str]) -> Any:
    """The sources name no deadline: it is the day on which it was kept."""
    due_on: date = promise["due"]
    return promises.make(
        actor=LOADER,
        matter=matter,
        place=matter.place,
        what=promise["what"],
        what_en=promise["what_en"],
        due_at=days.end_of(due_on),
        at=on(promise["made"], 10),
        owner_body=town.bodies[promise["body"]],
        source=sources[promise["source"]],
    )


def _said(told: dict[str, Any], sources: dict[str, str]) -> dict[str, str]:
    return {"text": told["text"], "text_en": told["text_en"], "source": sources[told["source"]]}
