"""A little roll for everybody's tests, complete and vouched for.

    roll = put_roll(estate)                                   # 88号楼 1单元: 12 homes on six floors, one owner each
    roll = put_roll(estate, stairwells=[stairwell])           # in the stairwell of the cast; 101 and 601 are its homes
    roll = put_roll(estate, stairwells=3, homes=2)            # three stairwells of two homes
    roll = put_roll(estate, areas=["61.20", "48"])            # in turn, home after home
    roll = put_roll(estate, owners={0: ["赵一", "钱二"],       # the first home: two owners, half each
                                    1: [("孙三", "2/3"), ("李四", "1/3")],
                                    2: [("周五", "1/1", "A7")], 3: [("周五", "1/1", "A7")]})  # one owner of two homes

    unit_of(roll, "0101"), owner_of(roll, "0101")             # by the end of the key; owner_of(…, 1): the second one
    match(owner_of(roll, "0601"), person)                     # the person is that owner from now on

Homes are numbered floor by floor, two on each: 0101, 0102, 0201, …; keys are as "88/1/0101". Where nothing else is
said each home has 61.20 m² and one owner named "业主" with the number of the home, code as "88/1/0101-1".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from conftest import NOW
from hemei.ledger import steps as ledger
from hemei.people.actor import machine
from hemei.people.models import Person
from hemei.places.models import Kind, Place
from hemei.roll.models import Holding, Match, Owner, Roll, RollList, Unit

Named = str | tuple[str, str] | tuple[str, str, str]  # name; name and share; name, share and code
AREA = "61.20"


@transaction.atomic
def put_roll(
    estate: Place,
    *,
    homes: int = 12,
    areas: Sequence[str] | None = None,
    owners: Mapping[int, Sequence[Named]] | None = None,
    stairwells: int | Sequence[Place] = 1,
    begun_at: datetime = NOW,
) -> Roll:
    """A roll of `homes` homes in each stairwell. owners: by the place of the home in the whole roll, from 0."""
    roll = Roll.objects.create(place=estate, begun_at=begun_at, version=1)
    ledger.record(subject=roll, actor=machine("import"), verb="roll.begun", at=begun_at, row=roll, quiet=True)
    came_with = RollList.objects.create(
        roll=roll,
        digest="0" * 64,
        source="不动产登记簿",
        as_of=begun_at.date(),
        sent_at=begun_at,
        confirmed_at=begun_at,
        written_at=begun_at,
    )
    where = _stairwells(estate, stairwells) if isinstance(stairwells, int) else list(stairwells)
    for number, place in enumerate(home for one in where for home in _homes(one, homes)):
        said = areas[number % len(areas)] if areas else AREA
        unit = Unit.objects.create(
            roll=roll,
            place=place,
            key=_key(estate, place),
            number=number + 1,
            area_m2=Decimal(said).quantize(Decimal("0.0001")),
            came_with=came_with,
        )
        _own(unit, (owners or {}).get(number, [f"业主{number + 1}"]))
    ledger.record(
        subject=roll, actor=machine("import"), verb="roll.list_written", at=begun_at, row=came_with, quiet=True
    )
    return roll


def unit_of(roll: Roll, code: str) -> Unit:
    """The first unit whose key ends with `code`."""
    return Unit.objects.filter(roll=roll, key__endswith=code).order_by("number")[0]


def owner_of(roll: Roll, code: str, which: int = 0) -> Owner:
    """An owner of that unit, in the order of codes."""
    return Owner.objects.filter(holdings__unit=unit_of(roll, code), holdings__until=None).order_by("code")[which]


@transaction.atomic
def match(owner: Owner, person: Person, at: datetime = NOW) -> Match:
    made = Match.objects.create(owner=owner, person=person, how="clerk", ground="产证已看", made_at=at)
    ledger.record(subject=owner.roll, actor=machine("import"), verb="roll.match_written", at=at, row=made, quiet=True)
    return made


def _own(unit: Unit, named: Sequence[Named]) -> None:
    for place, one in enumerate(named):
        name, share, code = (*_three(one), "", "")[:3]
        part = Fraction(share or Fraction(1, len(named)))
        owner, _new = Owner.objects.get_or_create(
            roll=unit.roll,
            code=code or f"{unit.key}-{place + 1}",
            defaults={"name": name, "came_with": unit.came_with},
        )
        Holding.objects.create(
            unit=unit,
            owner=owner,
            share_num=part.numerator,
            share_den=part.denominator,
            rep=len(named) == 1,
            came_with=unit.came_with,
        )


def _three(one: Named) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else one


def _stairwells(estate: Place, count: int) -> list[Place]:
    building = _put(Kind.BUILDING, "88号楼", "88", estate, "Building 88")
    return [
        _put(Kind.STAIRWELL, f"{one}单元", f"{one}", building, f"Stairwell {one}", one) for one in range(1, count + 1)
    ]


def _homes(stairwell: Place, count: int) -> list[Place]:
    """Two on each floor, from the ground up; those that stand there already are taken as they are."""
    homes = []
    for number in range(count):
        floor, door = number // 2 + 1, number % 2 + 1
        code, name = f"{floor:02}{door:02}", f"{floor}{door:02}室"
        homes.append(_put(Kind.HOME, name, code, stairwell, f"Flat {floor}{door:02}", number + 1, floor))
    return homes


def _put(
    kind: str, name: str, code: str, parent: Place, name_en: str, order: int = 1, floor: int | None = None
) -> Place:
    more = {"name": name, "name_en": name_en, "order": order, "floor": floor}
    place, new = Place.objects.get_or_create(parent=parent, kind=kind, code=code, defaults=more)
    if new:
        place.path = f"{parent.path}{place.pk}/"
        place.save(update_fields=["path"])
    return place


def _key(estate: Place, home: Place) -> str:
    places = Place.objects.in_bulk(home.ancestor_keys)
    below = home.ancestor_keys[home.ancestor_keys.index(estate.pk) + 1 :]
    return "/".join(places[key].code for key in below)
