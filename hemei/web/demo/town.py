"""The street of the story: four lanes that became one block, and a garden with forty stairwells."""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import date

from hemei.base.tables import read_table
from hemei.places import lists
from hemei.places.actions import add_place, import_at_once, merge_estates
from hemei.places.models import Kind, Place
from hemei.web.demo.telling import Town, act, form_key, on, words

FLOORS, HOMES_A_FLOOR = 6, 2
BEGAN = date(2018, 12, 1)  # before the first day of the history
HEADINGS = (
    "居民区", "居民区代码", "居民区英文", "小区", "小区代码", "小区英文", "楼", "门洞", "室号", "楼层",
)  # fmt: skip


def build(town: Town) -> None:
    """Street, list of homes, block merged from the lanes, common spaces."""
    story, administrator, at = words("town"), town.speaking("administrator"), on(BEGAN)
    street = act(
        add_place,
        actor=administrator,
        parent=None,
        kind=Kind.STREET,
        form_key=form_key("street"),
        at=at,
        **story["street"],
    )
    town.places["street"] = street
    _import_homes(street)
    _name_places(town, street)
    change = act(
        merge_estates,
        actor=administrator,
        estates=[town.places[f"lane {lane['key']}"] for lane in story["lane"]],
        form_key=form_key("block"),
        at=on(story["block"]["on"]),
        **story["block"],
    )
    town.places["block"] = change.after.get()
    for spot in story["spot"]:
        said = {key: value for key, value in spot.items() if key != "in"}
        act(
            add_place,
            actor=administrator,
            parent=town.places[spot["in"]],
            form_key=form_key("spot", spot["code"]),
            at=at,
            **said,
        )
    now = Place.objects.in_bulk([place.pk for place in town.places.values()])  # the merger moved them
    town.places = {key: now[place.pk] for key, place in town.places.items()}


def _import_homes(street: Place) -> None:
    """The clerks' list, as a file would bring it."""
    written = io.StringIO()
    csv.writer(written).writerows([HEADINGS, *_rows()])
    content = written.getvalue().encode()
    reading = lists.read(read_table(content))
    digest = hashlib.sha256(content).hexdigest()
    act(import_at_once, street=street, called="demo.csv", digest=digest, reading=reading, at=on(BEGAN, 11))


def _rows() -> Iterator[list[str]]:
    story = words("town")
    huafu, jinniu = ([one["name"], one["code"], one["name_en"]] for one in story["area"])
    for lane in story["lane"]:
        estate = [*huafu, lane["name"], lane["code"], lane["name_en"]]
        for building, stairwells in enumerate(lane["buildings"], start=1):
            for stairwell in range(1, stairwells + 1):
                for flat, floor in _flats():
                    yield [*estate, f"{building}号楼", f"{stairwell}单元", flat, floor]
    for estate in (story["garden"], story["sister"]):
        for stairwell in range(1, estate["stairwells"] + 1):
            for flat, floor in _flats():
                yield [*jinniu, estate["name"], estate["code"], estate["name_en"], "", f"{stairwell}号", flat, floor]


def _flats() -> Iterator[tuple[str, str]]:
    for floor in range(1, FLOORS + 1):
        for home in range(1, HOMES_A_FLOOR + 1):
            yield f"{floor}{home:02}室", str(floor)


def _name_places(town: Town, street: Place) -> None:
    """The keys by which the story speaks of places: "huafu", "lane 9", "building 9/3", "home 9/3/1/301", "garden",
    "stairwell sister/18", "home sister/18/301"."""
    story = words("town")
    lanes = {lane["name"]: f"lane {lane['key']}" for lane in story["lane"]}
    lanes |= {story[key]["name"]: key for key in ("garden", "sister")}
    called: dict[int, str] = {}
    for place in Place.objects.filter(path__startswith=street.path).order_by("path"):
        above = called.get(place.parent_id or 0, "")
        if place.kind == Kind.AREA:
            key = next(area["key"] for area in story["area"] if area["name"] == place.name)
        elif place.kind == Kind.ESTATE:
            key = lanes[place.name]
        elif place.kind == Kind.BUILDING:
            key = f"building {above.removeprefix('lane ')}/{place.order}"
        elif place.kind == Kind.STAIRWELL:
            key = f"stairwell {above.removeprefix('building ')}/{place.order}"
        elif place.kind == Kind.HOME:
            key = f"home {above.removeprefix('stairwell ')}/{place.code}"
        else:
            key = "street"
        called[place.pk] = key
        town.places[key] = place
