"""The demo story, told through the same actions that pages call: one transaction, whole or not at all."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.consultations import folders, maps
from hemei.consultations.actions.moving import import_polis
from hemei.people.models import Person
from hemei.places.models import Place
from hemei.web.demo import cast, drives, history, talks, today, town
from hemei.web.demo.telling import HERE, Diary, Town, act, take_stock

EXAMPLE = HERE / "vtaiwan.uberx"
LICENCE = "CC BY 4.0"
ATTRIBUTION = (
    "Data was gathered using the Polis software (compdemocracy.org/polis) and is sub-licensed under CC BY 4.0 with "
    "Attribution to The Computational Democracy Project. https://compdemocracy.org/case-studies"
)
Say = Callable[[str], object]


class Silent:
    """The example is there in a second; nobody needs to watch."""

    def at(self, done: int, total: int, doing: object = "") -> None:
        pass


def load(say: Say) -> None:
    """Fill an empty database with the story as of now. Raises Refused when somebody or something is there already."""
    at = clock.now()
    with transaction.atomic(durable=True):
        if Place.objects.exists() or Person.objects.exists():
            raise Refused("The demo is loaded into an empty database only.")
        _tell(Town(at), say)
    say("Demo: opinion maps …")
    for consultation in maps.due(at):
        maps.compute(consultation=consultation, at=at)


def _tell(story: Town, say: Say) -> None:
    say("Demo: street and people …")
    cast.begin(story)
    town.build(story)
    cast.set_up_bodies(story)
    history.tell_history(story)
    cast.bring_in(story)
    cast.bring_in_neighbours(story)
    take_stock()
    say("Demo: what happens today …")
    diary = Diary()
    talks.plan_lifts(story, diary)
    talks.plan_walls(story, diary)
    talks.plan_parking(story, diary)
    today.plan_today(story, diary)
    diary.live(story.now)
    say("Demo: forty stairwells …")
    drives.tell_milestones(story)
    drives.tell_drives(story)
    say("Demo: an example from elsewhere …")
    _import_example(story)


def _import_example(story: Town) -> None:
    """vTaiwan's conversation on UberX, closed; its files lie here compressed."""
    with TemporaryDirectory(prefix="hemei-demo-") as folder:
        for packed in sorted(EXAMPLE.glob("*.csv.gz")):
            with gzip.open(packed) as source, (Path(folder) / packed.stem).open("wb") as out:
                shutil.copyfileobj(source, out)
        export, digest = folders.read_folder(Path(folder)), folders.digest_of(Path(folder))
    act(
        import_polis,
        actor=story.speaking(cast.ADMINISTRATOR),
        export=export,
        place=story.places["street"],
        source=ATTRIBUTION,
        licence=LICENCE,
        digest=digest,
        called="UberX — vTaiwan.tw",
        progress=Silent(),
        at=story.now,
    )
