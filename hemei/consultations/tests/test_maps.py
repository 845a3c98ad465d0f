"""The map follows the votes, tells what may be told, and speaks of no group that is not there."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import NOW
from hemei.consultations import clockwork, map_svg, maps, reading_out, results, routing
from hemei.consultations.figures import SMALL
from hemei.consultations.group_figures import of_everybody, of_groups, percent
from hemei.consultations.models import Consultation, Grade, OpinionMap, Participant, Statement, Vote
from hemei.consultations.shared import forget
from hemei.engines.opinion.routing import priority as engine_priority
from hemei.matters.steps import open_matter


@pytest.fixture(autouse=True)
def _anew(settings):
    settings.LANGUAGE_CODE = "en"
    forget()
    results._kept.clear()


def a_talk(steward, place, *, people: int, leans, silent: int = 0, results_at=NOW) -> Consultation:
    """A consultation whose people answer as `leans` says: leans[camp][statement], people dealt out to the camps."""
    matter = open_matter(actor=steward, place=place, title="围墙", at=NOW, verb="consultations.prepared")
    talk = Consultation.objects.create(
        matter=matter, question="拆不拆？", opens_at=NOW, closes_at=NOW + timedelta(days=7), ready_at=NOW,
        results_at=results_at, who_votes=Grade.GUEST, who_speaks=Grade.GUEST, made_at=NOW, seed=3,
        participants=people + silent, statements=len(leans[0]), version=1,
    )  # fmt: skip
    said = Statement.objects.bulk_create(
        Statement(
            consultation=talk, number=n, text=f"说法<{n}>", text_en=f"Saying <{n}>", likeness=str(n),
            state="accepted", made_at=NOW,
        )
        for n in range(1, len(leans[0]) + 1)
    )  # fmt: skip
    everybody = Participant.objects.bulk_create(
        Participant(consultation=talk, number=n + 1, made_at=NOW) for n in range(people + silent)
    )
    votes = [
        Vote(consultation=talk, statement=statement, participant=one, answer=leans[n % len(leans)][place], at=NOW)
        for n, one in enumerate(everybody[:people])
        for place, statement in enumerate(said)
        if (n + place) % 11  # not everybody answers everything
    ]
    Vote.objects.bulk_create(votes)
    for statement in said:
        for answer, column in ((1, "agrees"), (0, "passes"), (-1, "disagrees")):
            setattr(statement, column, sum(v.statement_id == statement.pk and v.answer == answer for v in votes))
        statement.save()
    Consultation.objects.filter(pk=talk.pk).update(votes=len(votes))
    talk.refresh_from_db()
    return talk


TWO = ([1, 1, 1, 1, 1, -1, 1, 1], [1, -1, -1, -1, -1, 1, -1, -1])  # all agree on the first


@pytest.fixture
def two_camps(steward, estate):
    return a_talk(steward, estate, people=60, leans=TWO)


# computing


def test_a_round_computes_what_is_due_once(two_camps):
    clockwork.round(NOW)
    kept = OpinionMap.objects.get()
    assert (kept.version, kept.engine, kept.votes, kept.participants) == (1, "classic-1", two_camps.votes, 60)
    assert [group["size"] for group in kept.result["groups"]] == [30, 30]
    two_camps.refresh_from_db()
    assert two_camps.version == 2  # pages are made anew
    clockwork.round(NOW + timedelta(minutes=1))
    assert OpinionMap.objects.count() == 1


def test_a_vote_reaches_the_map_within_a_minute_and_maps_do_not_follow_each_vote(two_camps):
    clockwork.round(NOW)
    Consultation.objects.update(version=3)
    clockwork.round(NOW + timedelta(seconds=5))
    assert OpinionMap.objects.count() == 1
    clockwork.round(NOW + timedelta(seconds=20))
    assert OpinionMap.objects.count() == 2
    assert maps.due(NOW + timedelta(hours=1)) == []


def test_a_vote_that_came_while_the_map_was_computed_makes_the_next_one_due(two_camps, monkeypatch):
    read = maps.standing_votes

    def vote_meanwhile(consultation):
        votes = read(consultation)
        Consultation.objects.update(version=2)
        return votes

    monkeypatch.setattr(maps, "standing_votes", vote_meanwhile)
    maps.compute(consultation=two_camps, at=NOW)
    assert maps.due(NOW + timedelta(minutes=1)) == [two_camps]


def test_small_consultations_come_first(two_camps, steward, other_estate):
    small = a_talk(steward, other_estate, people=5, leans=TWO)
    assert maps.due(NOW) == [small, two_camps]


def test_one_that_cannot_be_computed_holds_up_no_other(two_camps, steward, other_estate, monkeypatch):
    small = a_talk(steward, other_estate, people=5, leans=TWO)
    read = maps.standing_votes

    def broken(consultation):
        if consultation == small:
            raise ArithmeticError("the small one")
        return read(consultation)

    monkeypatch.setattr(maps, "standing_votes", broken)
    with pytest.raises(ArithmeticError, match="the small one"):
        maps.round(NOW)
    assert OpinionMap.objects.get().consultation == two_camps


def test_the_same_votes_and_seed_make_the_same_map(two_camps):
    first = maps.compute(consultation=two_camps, at=NOW).result
    OpinionMap.objects.all().delete()
    assert maps.compute(consultation=two_camps, at=NOW).result == first


def test_names_and_picture_stay_from_map_to_map(two_camps):
    first = maps.compute(consultation=two_camps, at=NOW).result
    Consultation.objects.update(version=9)
    last = Participant.objects.last()
    Vote.objects.filter(participant=last).update(answer=0)
    second = maps.compute(consultation=two_camps, at=NOW).result
    before = {one["id"]: one for one in first["participants"]}
    moved = [one for one in second["participants"] if one["id"] != last.number]
    assert all(one["group"] == before[one["id"]]["group"] for one in moved)
    assert all(abs(one["x"] - before[one["id"]]["x"]) < 1 for one in moved)


def test_old_maps_go_but_for_the_last_of_each_day(two_camps):
    for version in range(1, 12):
        Consultation.objects.update(version=version * 10)
        day = timedelta(days=version // 4)
        maps.compute(consultation=two_camps, at=NOW + day + timedelta(minutes=version))
    days = [made.date() for made in OpinionMap.objects.order_by("pk").values_list("made_at", flat=True)]
    assert len(days) == 6  # the newest five, and one of the first day
    assert len(set(days)) == 3


def test_no_groups_and_no_marks_under_fifteen(steward, estate):
    talk = a_talk(steward, estate, people=14, leans=TWO, silent=30)
    kept = maps.compute(consultation=talk, at=NOW)
    assert (kept.result["hushed"], kept.result["participants"], kept.result["groups"]) == (True, [], [])
    shown = results.results_of(talk, kept)
    assert "Fewer than 15 people" in shown.why
    assert (shown.svg, shown.groups) == ("", ())
    assert not any(name in line.numbers for line in shown.lines for name in "ABCDE")


def test_no_map_of_one_stairwell(steward, stairwell):
    talk = a_talk(steward, stairwell, people=40, leans=TWO)
    shown = results.results_of(talk, maps.compute(consultation=talk, at=NOW))
    assert shown.svg == ""
    assert "One stairwell was asked" in shown.why


def test_no_group_has_fewer_than_five(steward, estate):
    odd = [TWO[0]] * 9 + [TWO[1]]  # one camp of four
    talk = a_talk(steward, estate, people=40, leans=odd)
    sizes = [group["size"] for group in maps.compute(consultation=talk, at=NOW).result["groups"]]
    assert all(size >= 5 for size in sizes)


# telling


def test_common_ground_and_what_divides_are_read_out_with_their_numbers(two_camps):
    shown = results.results_of(two_camps, maps.compute(consultation=two_camps, at=NOW))
    agreed = [line for line in shown.lines if line.what == "agreed"]
    assert [(line.text, line.head) for line in agreed] == [("Saying <1>", "Most on both sides agree:")]
    assert re.fullmatch(r"A 100 % \((\d+) of \1\), B 100 % \((\d+) of \2\)", agreed[0].numbers)
    divides = [line for line in shown.lines if line.what == "divides"]
    assert len(divides) == reading_out.LINES_MAX
    assert "A 100 %" in divides[0].numbers or "B 100 %" in divides[0].numbers
    assert "0 % (0 of" in divides[0].numbers
    assert all(group.told for group in shown.groups)


def test_in_chinese_the_groups_have_their_own_names(two_camps, settings):
    from django.utils import translation

    kept = maps.compute(consultation=two_camps, at=NOW)
    with translation.override("zh-hans"):
        shown = results.results_of(two_camps, kept)
    assert [group.name for group in shown.groups] == ["甲", "乙"]
    assert "甲 100 %" in shown.lines[0].numbers


def test_without_groups_it_speaks_of_everybody():
    class Row:
        number, text, groups = 4, "x", ()
        total = of_everybody((30, 10, 0))

    found = reading_out.lines([Row()], [])
    assert [(line.what, line.numbers) for line in found] == [
        ("agreed", "75 % (30 of 40)"),
        ("unsure", "25 % (10 of 40)"),
    ]


def test_percentages_are_cut():
    assert percent(199, 200) == 99
    assert percent(2, 3) == 66


def test_the_drawing_is_small_and_says_what_it_shows(two_camps):
    kept = maps.compute(consultation=two_camps, at=NOW)
    svg = str(results.results_of(two_camps, kept).svg)
    assert len(svg) < 30_000
    assert "<title id=" in svg
    assert "● A: 30 people; □ B: 30 people." in svg
    assert "style=" not in svg
    assert svg.count('class="a"') == svg.count('class="b"') == 1


def test_a_mark_is_nobodys_own_place(two_camps):
    kept = maps.compute(consultation=two_camps, at=NOW).result
    own = {(one["x"], one["y"]) for one in kept["participants"]}
    alone = [place for place in own if sum((p["x"], p["y"]) == place for p in kept["participants"]) == 1]
    drawn = {tuple(mark) for of_group in kept["marks"] for mark in of_group}
    assert len(drawn) > 5
    assert not drawn & set(alone)


def test_of_many_people_a_mark_stands_for_several(steward, estate):
    talk = a_talk(steward, estate, people=600, leans=TWO)
    kept = maps.compute(consultation=talk, at=NOW)
    assert kept.result["each"] == 3
    assert sum(map(len, kept.result["marks"])) <= maps.MARKS_MAX
    assert "One mark stands for about 3 people." in results.results_of(talk, kept).svg


def test_any_marks_are_drawn_inside_the_picture():
    class Group:
        def __init__(self, key):
            self.id, self.name, self.shape, self.size = key, "<A>", "●", 5

    same = [[[1.0, 1.0]] * 5, [[1.0, 1.0]] * 5]
    for marks in (same, [[[0.0, 9.0]], [[1e6, 9.0]]], [[[0.0, 0.0]], [[0.0, 5.0]]]):
        svg = map_svg.draw(marks, [Group(0), Group(1)], each=1, seed=1)
        assert "<A>" not in svg
        assert "&lt;A&gt;" in svg
        for x, y in re.findall(r"M(-?\d+) (-?\d+)", svg):
            assert 0 <= int(x) <= map_svg.WIDTH
            assert 0 <= int(y) <= map_svg.HEIGHT


@given(st.tuples(*[st.integers(0, 300)] * 3), st.floats(0, 1.5))
def test_the_card_draws_by_the_engines_weights(counts, extremity):
    agrees, passes, _disagrees = counts
    answered = sum(counts)
    ours = routing.priority(agrees=agrees, passes=passes, answered=answered, extremity=extremity)
    theirs = engine_priority(float(agrees), float(passes), float(answered), extremity)
    assert ours == pytest.approx(theirs)


# small numbers

groups = st.lists(st.tuples(*[st.integers(0, 40) | st.integers(0, 6)] * 3), min_size=1, max_size=4)


@given(groups, st.tuples(*[st.integers(0, 9)] * 3))
@settings(max_examples=400, deadline=None)
def test_what_is_told_group_by_group_gives_no_small_cell_away(groups, rest):
    total = tuple(sum(counts[answer] for counts in groups) + rest[answer] for answer in range(3))
    shown = of_groups(groups, total)
    for group, one in zip(groups, shown, strict=True):
        cells = (one.agrees, one.passes, one.disagrees)
        assert all(cell is None or cell == 0 or cell >= SMALL for cell in cells)
        assert all(cell in (None, count) for cell, count in zip(cells, group, strict=True))
        assert one.answered in (None, sum(group))
        if one.answered is not None:  # what is hidden is then nobody, or several cells that are five and more
            hidden = one.answered - sum(cell or 0 for cell in cells)
            assert hidden == 0 or (hidden >= SMALL and cells.count(None) > 1)
    for answer in range(3):  # everybody's counts are known: what is withheld is nobody, or five and more
        told_here = [(one.agrees, one.passes, one.disagrees)[answer] for one in shown]
        withheld = total[answer] - sum(count or 0 for count in told_here)
        assert withheld == 0 or withheld >= SMALL or not any(told_here)


def test_near_agreement_of_a_group_is_told_without_counting_the_few_others():
    (one,) = of_groups([(150, 3, 1)], (190, 13, 11))
    assert (one.agrees, one.passes, one.disagrees, one.answered, one.nearly_all) == (150, None, None, None, True)
    (other,) = of_groups([(150, 4, 8)], (190, 14, 18))
    assert (other.agrees, other.passes, other.disagrees, other.answered) == (150, None, None, 162)

    class Row:
        number, text, total, groups = 1, "x", one, (one, other)

    (line,) = reading_out.lines([Row()], ["A", "B"])
    assert line.numbers == "A 150 people, fewer than 5 say otherwise, B 92 % (150 of 162)"


# pages


def test_results_stand_on_the_page_from_their_moment_on(client, two_camps, now):
    maps.compute(consultation=two_camps, at=NOW)
    page = client.get(f"/consultations/{two_camps.pk}", headers={"accept-language": "en"}).content.decode()
    assert "Most on both sides agree:" in page
    assert "<svg" in page
    assert f"from {two_camps.votes} answers of 60 people" in page
    assert "<script>" not in page
    assert "Saying &lt;1&gt;" in page


@pytest.mark.parametrize("path", ["", "/map"])
def test_before_their_moment_nobody_sees_results(client, steward, estate, now, path):
    talk = a_talk(steward, estate, people=60, leans=TWO, results_at=NOW + timedelta(days=3))
    maps.compute(consultation=talk, at=NOW)
    page = client.get(f"/consultations/{talk.pk}{path}", headers={"accept-language": "en"}).content.decode()
    assert "<svg class" not in page
    assert "both sides" not in page
    assert "Until then nobody sees it, the organiser neither" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_map_has_a_page_with_its_numbers(client, two_camps, now, language, django_assert_max_num_queries):
    maps.compute(consultation=two_camps, at=NOW)
    client.cookies["language"] = language
    with django_assert_max_num_queries(10):
        response = client.get(f"/consultations/{two_camps.pk}/map")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<table" in page
    assert ("甲" in page) == (language == "zh-hans")
    assert 'scope="row"' in page


def test_the_map_of_a_hidden_consultation_is_as_absent_as_one_that_never_was(client, two_camps):
    two_camps.matter.visibility = "confidential"
    two_camps.matter.save()
    hidden, absent = client.get(f"/consultations/{two_camps.pk}/map"), client.get("/consultations/9999/map")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content.replace(b"9999", str(two_camps.pk).encode())


def test_without_a_map_yet_the_page_says_so(client, two_camps, now):
    page = client.get(f"/consultations/{two_camps.pk}/map", headers={"accept-language": "en"}).content.decode()
    assert "within a minute" in page
