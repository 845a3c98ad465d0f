"""What holds for any votes, and from one map to the next."""

import math
import random
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hemei.engines.opinion.classic import HOLDS, opinion_of, rounded
from hemei.engines.opinion.result import Previous
from hemei.engines.opinion.votes import Votes, votes_from

Talk: TypeAlias = tuple[list[int], list[int], list[tuple[int, int, int]], list[int]]


@st.composite
def conversations(draw: st.DrawFn) -> Talk:
    """Participants, statements with gaps in their ids, votes, statements taken down."""
    people = draw(st.lists(st.integers(0, 500), unique=True, max_size=40))
    said = draw(st.lists(st.integers(0, 500), unique=True, max_size=12))
    if not people or not said:
        return people, said, [], []
    pair = st.tuples(st.sampled_from(people), st.sampled_from(said), st.sampled_from([1, 0, -1]))
    cast = draw(st.lists(pair, max_size=200, unique_by=lambda one: one[:2]))
    return people, said, cast, draw(st.lists(st.sampled_from(said), unique=True, max_size=3))


@given(conversations(), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_any_conversation_has_a_map_whose_figures_are_in_bounds(one: Talk, seed: int) -> None:
    people, said, cast, down = one
    result = opinion_of(votes_from(people, said, cast, rejected=down), seed=seed)
    assert [p.id for p in result.participants] == people
    assert [s.id for s in result.statements] == said
    assert sum(p.votes for p in result.participants) == len(cast)
    grouped = [p.group for p in result.participants if p.group is not None]
    assert sorted(set(grouped)) == [g.id for g in result.groups]
    assert [grouped.count(g.id) for g in result.groups] == [g.size for g in result.groups]
    for group in result.groups:
        for told in group.representative:
            assert 0 < told.p < 1
            assert told.statement not in down
            assert all(math.isfinite(x) for x in (told.ratio, told.z))
        assert len(group.representative) <= 5
    for s in result.statements:
        assert 0 <= s.consensus <= 1
        assert s.priority >= 0
        assert math.hypot(*s.loading) < 1.5
        assert s.id not in down or (s.priority, s.consensus, s.loading) == (0, 0, (0, 0))
    assert all(math.isfinite(p.x) and math.isfinite(p.y) for p in result.participants)


@given(conversations(), st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_votes_changes_nothing(one: Talk, chance: random.Random) -> None:
    people, said, cast, down = one
    other = list(cast)
    chance.shuffle(other)
    assert opinion_of(votes_from(people, said, cast, rejected=down)) == opinion_of(
        votes_from(people, said, other, rejected=down)
    )


@given(conversations())
@settings(max_examples=30, deadline=None)
def test_other_ids_change_nothing_but_the_ids(one: Talk) -> None:
    people, said, cast, down = one
    renamed = opinion_of(
        votes_from(
            [1000 + 7 * p for p in people],
            [9000 - s for s in said],
            [(1000 + 7 * p, 9000 - s, a) for p, s, a in cast],
            rejected=[9000 - s for s in down],
        )
    )
    first = opinion_of(votes_from(people, said, cast, rejected=down))
    assert [(p.group, p.x, p.y) for p in renamed.participants] == [(p.group, p.x, p.y) for p in first.participants]
    assert [replace(s, id=0) for s in renamed.statements] == [replace(s, id=0) for s in first.statements]


@given(conversations())
@settings(max_examples=30, deadline=None)
def test_somebody_without_an_answer_and_a_statement_without_one_change_nothing(one: Talk) -> None:
    people, said, cast, down = one
    first = opinion_of(votes_from(people, said, cast, rejected=down))
    more = opinion_of(votes_from([*people, 999], [*said, 999], cast, rejected=down))
    assert more.participants[:-1] == first.participants
    assert more.statements[:-1] == first.statements
    assert more.groups == first.groups
    assert (more.participants[-1].group, more.participants[-1].votes) == (None, 0)


def camps(sizes: list[int], noise: float = 0.1) -> tuple[list[int], Votes]:
    """People of several minds, with a little chance; also who stands where."""
    dice = np.random.default_rng(1)
    leans = dice.choice([1, -1], size=(len(sizes), 12))
    people = [camp for camp, size in enumerate(sizes) for _ in range(size)]
    cast = [
        (who, what, int(leans[camp, what] * (1 if dice.random() > noise else -1)))
        for who, camp in enumerate(people)
        for what in range(12)
    ]
    return people, votes_from(range(len(people)), range(12), cast)


def test_three_camps_are_found_again() -> None:
    people, votes = camps([40, 30, 20])
    result = opinion_of(votes)
    assert len(result.groups) == 3
    for camp in range(3):
        inside = [p.group for p, of in zip(result.participants, people, strict=True) if of == camp]
        assert inside.count(max(set(inside), key=inside.count)) >= 0.9 * len(inside)


def test_a_new_number_of_groups_must_hold_before_it_shows() -> None:
    _, votes = camps([40, 30, 20])
    previous = Previous(shown=2, candidate=2, held=9)
    shown = []
    for _ in range(HOLDS):
        result = opinion_of(votes, previous=previous)
        shown.append(len(result.groups))
        previous = result.as_previous()
    assert shown == [2] * (HOLDS - 1) + [3]


def test_the_next_map_stays_the_same_way_up_and_keeps_the_names() -> None:
    _, votes = camps([40, 30])
    first = opinion_of(votes)
    turned = Previous(
        points={p.id: (-p.y, p.x) for p in first.participants},
        groups={p.id: 1 - p.group for p in first.participants if p.group is not None},
        shown=2,
        candidate=2,
        held=5,
    )
    second = opinion_of(votes, previous=turned)
    assert [group.size for group in second.groups] == [30, 40]
    for p in second.participants:
        assert math.dist((p.x, p.y), turned.points[p.id]) < 1e-9
        assert p.group == turned.groups[p.id]


def test_the_same_map_again_changes_nothing() -> None:
    _, votes = camps([40, 30, 20], noise=0.25)
    first = opinion_of(votes)
    again = opinion_of(votes, previous=first.as_previous())
    assert rounded(again).groups == rounded(first).groups
    assert rounded(again).participants == rounded(first).participants


def test_any_seed_finds_clear_camps() -> None:
    _, votes = camps([40, 30, 20])
    sizes = {tuple(group.size for group in opinion_of(votes, seed=seed).groups) for seed in range(10)}
    assert len(sizes) == 1
