"""A curve is what the numbers are, no more."""

from hemei.shell.drawing import BOTTOM, LEFT, RIGHT, TOP, Share, curve


def drawn(*parts, whole=10):
    shares = [Share(str(n), part, whole) for n, part in enumerate(parts, 1)]
    return curve(shares, key="it", title="it", told="so")


def test_nothing_is_at_the_bottom_and_all_at_the_top():
    assert drawn(0, 10).dots == ((LEFT, BOTTOM), (RIGHT, TOP))


def test_a_day_nobody_knows_is_a_gap_and_stays_in_the_table():
    it = drawn(1, 2, None, 4, 5)
    assert len(it.lines) == 2
    assert it.rows[2] == ("3", "")
    assert it.rows[3] == ("4", "4 / 10")


def test_a_single_known_day_between_gaps_is_a_dot_without_a_line():
    it = drawn(None, 3, None)
    assert it.lines == ()
    assert len(it.dots) == 1


def test_no_days_make_an_empty_sheet():
    it = drawn()
    assert (it.lines, it.dots, it.first, it.last) == ((), (), "", "")
