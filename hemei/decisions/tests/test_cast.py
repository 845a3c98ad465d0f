"""What the other tests of this room stand on holds."""

import pytest

from conftest import NOW
from hemei.decisions import casefile, policy
from hemei.decisions.models import Decision
from hemei.decisions.standing import standing
from hemei.decisions.tests.cast import (
    Cast,
    faults,
    put_act,
    put_authority,
    put_decision,
    put_drive,
    put_paper,
    put_service,
    put_votes,
    slot_of,
)

State = Decision.State


@pytest.mark.parametrize(
    ("state", "stands"),
    [("draft", State.DRAFT), ("announced", State.AHEAD), ("open", State.OPEN), ("closed", State.COUNTING)],
)
def test_a_decision_stands_in_each_state(cast: Cast, state: str, stands: str) -> None:
    assert put_decision(cast, state).state_at(NOW) == stands
    assert faults() == []


def test_votes_of_the_cast_are_counted_as_they_were_put(cast: Cast) -> None:
    vote = put_decision(cast, drive=put_drive(cast))
    put_votes(vote, {"0101": "for", "0201": "against"})
    put_act(
        vote, "0301", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), paper=put_paper(vote, "0301")
    )
    put_act(vote, "0302", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), confirmed=False)
    put_service(vote, "0401")
    put_authority(vote, "0401", cast.stranger)
    seen = standing(viewer=cast.counters[0], decision=vote, at=NOW)
    assert seen.level == "counter"
    assert (seen.own.handed_in, seen.own.homes) == (3, 12)
    assert faults() == []


def test_each_one_of_the_cast_stands_where_they_belong(cast: Cast) -> None:
    vote = put_decision(cast)
    assert policy.runs(cast.clerk, vote)
    assert policy.runs(cast.second_clerk, vote)
    assert policy.runs(cast.head, vote)
    assert not any(
        policy.runs(one, vote) for one in (cast.property_clerk, cast.builder, cast.volunteer, *cast.counters)
    )
    assert [slot.key for slot, _code in policy.slots_of(cast.owners["w0501"], vote)] == ["03/1/0501", "03/1/0502"]
    assert policy.slots_of(cast.owners["w0602b"], vote)[0][0] == slot_of(vote, "0602")
    assert not policy.in_electorate(cast.stranger, vote)
    assert len(casefile.units_of(vote)) == 12
