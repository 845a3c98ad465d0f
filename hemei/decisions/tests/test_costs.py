"""Who pays what: worked out from the roll, kept, dropped, frozen; and who reads how much of it."""

from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest

from conftest import NOW
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import costing
from hemei.decisions.actions.costing import STANDING_MAX, drop_plan, freeze_plan, keep_plan
from hemei.decisions.costing import Asked
from hemei.decisions.models import CostPlan, Drive
from hemei.decisions.tests.cast import Cast, faults, put_drive
from hemei.engines import costs
from hemei.people.actor import Actor

GUANGZHOU = Asked(works="700000")


@pytest.fixture
def drive(cast: Cast) -> Drive:
    return put_drive(cast)


def kept(cast: Cast, drive: Drive, asked: Asked = GUANGZHOU, **more: Any) -> CostPlan:
    words = {"actor": cast.clerk, "name": "广州系数", "form_key": uuid4(), "at": NOW} | more
    return keep_plan(drive=drive, asked=asked, **words)


def by_floor(plan: CostPlan) -> list[list[str]]:
    """What the homes of each floor pay, from the ground up."""
    floors = sorted({home["floor"] for home in plan.case["homes"]})
    shares = plan.answer["shares"]
    return [[shares[home["id"]] for home in plan.case["homes"] if home["floor"] == floor] for floor in floors]


# the engine's tests T1 to T4


def test_the_guangzhou_key_by_floor_is_as_in_its_source(cast: Cast, drive: Drive) -> None:
    plan = kept(cast, drive)
    told = ["0.00", "20588.24", "41176.47", "45294.12", "49411.76", "53529.41"]
    for (left, right), expected in zip(by_floor(plan), told, strict=True):
        assert abs(Fraction(left) - Fraction(expected)) <= Fraction("0.01")
        assert abs(Fraction(right) - Fraction(expected)) <= Fraction("0.01")
    assert sum(map(Fraction, plan.answer["shares"].values())) == 420_000


def test_storeys_climbed_by_floor_are_as_in_their_source(cast: Cast, drive: Drive) -> None:
    plan = kept(cast, drive, replace(GUANGZHOU, key="storeys"))
    told = ["0.00", "14000.00", "28000.00", "42000.00", "56000.00", "70000.00"]
    assert by_floor(plan) == [[one, one] for one in told]
