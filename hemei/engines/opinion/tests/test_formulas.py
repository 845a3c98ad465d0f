"""Worked cases, reckoned by hand from the formulas in docs/engines-opinion.md."""

from math import sqrt

import numpy as np
import pytest

from hemei.engines.opinion.classic import opinion_of
from hemei.engines.opinion.grouping import silhouette
from hemei.engines.opinion.projection import answered_enough, project, who_is_in
from hemei.engines.opinion.representing import consensus, counts_by_group, representatives, shares, two_proportions
from hemei.engines.opinion.routing import priority
from hemei.engines.opinion.votes import Floats, votes_from


def only(number: int) -> Floats:
    return np.array([float(number)])


def test_the_share_of_a_group_is_smoothed_by_one_agree_and_two_voters() -> None:
    # 8 of 10 inside agree, 3 of 20 outside
    one = shares(only(8), only(10), only(3), only(20))
    assert one.p[0] == pytest.approx(9 / 12)
    assert one.ratio[0] == pytest.approx((9 / 12) / (4 / 22))
    assert one.z[0] == pytest.approx(2 * sqrt(11) * (9 / 11 - 0.5))


def test_two_shares_are_compared_with_one_more_answer_and_voter_each() -> None:
    # 8 of 10 against 3 of 20: (9/11 - 4/21) / sqrt(13/32 · 19/32 · (1/11 + 1/21))
    by_hand = (9 / 11 - 4 / 21) / sqrt(13 / 32 * 19 / 32 * (1 / 11 + 1 / 21))
    assert two_proportions(only(8), only(10), only(3), only(20))[0] == pytest.approx(by_hand)
    assert two_proportions(only(10), only(10), only(20), only(20))[0] == 0  # nobody differs


def test_consensus_is_the_product_over_the_groups() -> None:
    agrees, seen = np.array([[9.0, 0.0], [4.0, 0.0]]), np.array([[10.0, 0.0], [4.0, 0.0]])
    assert consensus(agrees, seen) == pytest.approx([(10 / 12) * (5 / 6), 0.25])


def test_the_weight_in_the_draw() -> None:
    # A = 3, P = 1, S = 5, E = 0.5: importance (1 - 2/7) · 1.5 · 4/7, boost 1 + 8 / 2
    assert priority(3.0, 1.0, 5.0, 0.5) == pytest.approx((5 / 7 * 1.5 * 4 / 7 * 5) ** 2)
    assert priority(0.0, 0.0, 0.0, 0.0) == pytest.approx((0.5 * 0.5 * 9) ** 2)  # a new one


def test_a_statement_new_to_all_weighs_more_than_an_answered_one() -> None:
    assert priority(0.0, 0.0, 0.0, 0.0) > priority(20.0, 0.0, 40.0, 0.0)


def test_silhouette_by_hand() -> None:
    # one line: 0 and 1 together, 10 alone; whoever is alone counts 0
    apart = np.abs(np.subtract.outer([0.0, 1.0, 10.0], [0.0, 1.0, 10.0]))
    groups = np.array([0, 0, 1])
    assert silhouette(apart, np.ones(3), groups) == pytest.approx((9 / 10 + 8 / 9 + 0) / 3)
    # the same with two people at 10: each has the other at distance 0
    assert silhouette(apart, np.array([1.0, 1.0, 2.0]), groups) == pytest.approx((9 / 10 + 8 / 9 + 1 + 1) / 4)


def test_who_is_in_needs_seven_answers_or_all_there_are() -> None:
    many = votes_from(range(20), range(9), [(who, what, 1) for who in range(20) for what in range(6 + who % 2)])
    assert answered_enough(many).sum() == 10
    assert who_is_in(many).sum() == 15  # too few: those who answered most fill up
    few = votes_from(range(20), range(3), [(who, what, 1) for who in range(20) for what in range(1 + who % 3)])
    assert answered_enough(few).sum() == 6


def test_nobody_without_an_answer_is_in() -> None:
    votes = votes_from(range(20), [1], [(0, 1, 1), (1, 1, -1)])
    assert who_is_in(votes).sum() == 2


def test_the_map_of_two_statements_by_hand() -> None:
    # two who agree twice, two who disagree twice: one axis, along (1, 1)/sqrt 2; nothing on the second
    cast = [(who, what, 1 if who < 2 else -1) for who in range(4) for what in (0, 1)]
    votes = votes_from(range(4), (0, 1), cast)
    loadings, points = project(votes, who_is_in(votes))
    assert loadings[:, 0] == pytest.approx([1 / sqrt(2)] * 2)
    assert loadings[:, 1] == pytest.approx([0, 0])
    assert points[:, 0] == pytest.approx([sqrt(2)] * 2 + [-sqrt(2)] * 2)


def test_who_answered_half_is_drawn_out_by_the_square_root_of_two() -> None:
    cast = [(who, what, 1 if who < 20 else -1) for who in range(40) for what in (0, 1)]
    cast += [(40, 0, 1)]
    votes = votes_from(range(41), (0, 1), cast)
    loadings, points = project(votes, who_is_in(votes))
    mean = 0.0  # of those inside: 20 agree, 20 disagree
    assert points[40, 0] == pytest.approx((1 - mean) * loadings[0, 0] * sqrt(2 / 1))


def test_a_taken_down_statement_moves_nobody_and_counts_as_answered() -> None:
    cast = [(who, what, 1 if who < 20 else -1) for who in range(40) for what in (0, 1, 2)]
    votes = votes_from(range(40), (0, 1, 2), cast, rejected=[2])
    loadings, points = project(votes, who_is_in(votes))
    assert loadings[2] == pytest.approx([0, 0])
    assert points[0, 0] == pytest.approx(sqrt(2))  # scaled by sqrt(3 statements / 3 answered)
    half = votes_from(range(41), (0, 1, 2), [*cast, (40, 0, 1)], rejected=[2])
    assert project(half, who_is_in(half))[1][40, 0] == pytest.approx(sqrt(3 / 2) / sqrt(2))


def test_what_tells_a_group_from_the_others() -> None:
    # both groups agree on 0; on 1 they differ; 2 has three answers only
    cast = [(who, 0, 1) for who in range(20)] + [(who, 1, 1 if who < 10 else -1) for who in range(20)]
    cast += [(0, 2, 1), (10, 2, 1), (11, 2, 1)]
    votes = votes_from(range(20), range(3), cast)
    groups = np.array([0] * 10 + [1] * 10)
    first, second = representatives(counts_by_group(votes, groups, 2), votes)
    assert [(one.statement, one.answer) for one in first] == [(1, 1)]
    assert [(one.statement, one.answer) for one in second] == [(1, -1)]
    assert first[0].p == pytest.approx(11 / 12)
    assert first[0].ratio == pytest.approx(11)


def test_a_group_that_nothing_tells_apart_still_names_one_statement() -> None:
    votes = votes_from(range(4), [0], [(who, 0, 1) for who in range(4)])
    chosen = representatives(counts_by_group(votes, np.array([0, 0, 1, 1]), 2), votes)
    assert [len(one) for one in chosen] == [1, 1]


def test_two_camps_are_found_named_by_size_and_read_out() -> None:
    cast = [(who, what, (1 if what % 2 else -1) * (1 if who < 30 else -1)) for who in range(50) for what in range(10)]
    result = opinion_of(votes_from(range(50), range(10), cast))
    assert [group.size for group in result.groups] == [30, 20]
    assert {one.group for one in result.participants[:30]} == {0}
    assert {one.answer for one in result.groups[0].representative} <= {1, -1}
    assert result.warnings == ()


def test_a_map_of_nothing_says_so() -> None:
    result = opinion_of(votes_from([], [], []))
    assert result.groups == ()
    assert any("no groups" in one for one in result.warnings)
    silent = opinion_of(votes_from([1, 2], [5], []))
    assert [(one.x, one.y, one.group) for one in silent.participants] == [(0, 0, None)] * 2


def test_groups_smaller_than_asked_for_are_not_made() -> None:
    cast = [(who, what, 1 if who < 37 else -1) for who in range(40) for what in range(10)]
    votes = votes_from(range(40), range(10), cast)
    assert [group.size for group in opinion_of(votes).groups] == [37, 3]
    assert opinion_of(votes, smallest=5).groups == ()


def test_votes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="1, 0 or -1"):
        votes_from([1], [1], [(1, 1, 2)])
    with pytest.raises(ValueError, match="twice"):
        votes_from([1, 1], [1], [])
    with pytest.raises(ValueError, match="has the id 9"):
        votes_from([1], [1], [(9, 1, 1)])


def test_of_one_pair_the_last_vote_counts() -> None:
    votes = votes_from([1], [1, 2], [(1, 2, 1), (1, 1, 1), (1, 2, -1)])
    assert votes.answers.tolist() == [1, -1]
    assert [one.tolist() for one in votes.counts] == [[1, 0], [0, 0], [0, 1]]
