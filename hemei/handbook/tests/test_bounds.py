"""What takes too long is stopped, and the page says so instead of waiting."""

import threading
import time

import pytest
from django.urls import reverse

from hemei.engines.strict import Mistake
from hemei.handbook import examples, shares, verdicts
from hemei.handbook.bounds import RECKONING, Allowance, TooLong


def forever(*_anything):
    while True:
        pass


def threads_left():
    """How many threads still reckon, once those that were stopped have had time to end."""
    for _ in range(100):
        if not reckoning():
            break
        time.sleep(0.02)
    return len(reckoning())


def reckoning():
    return [thread for thread in threading.enumerate() if thread.name == RECKONING]


def test_work_that_does_not_end_is_stopped():
    began = time.monotonic()
    with pytest.raises(TooLong):
        Allowance(0.05).of(forever)
    assert time.monotonic() - began < 2
    assert threads_left() == 0


def test_what_work_gives_and_raises_comes_through():
    assert Allowance(5).of(lambda: 6 * 7) == 42

    def wrong():
        raise Mistake("cases", "is wrong", "不对")

    with pytest.raises(Mistake):
        Allowance(5).of(wrong)
    assert threads_left() == 0


def test_several_pieces_share_one_allowance():
    allowance = Allowance(0.05)
    for _ in range(2):
        with pytest.raises(TooLong):
            allowance.of(forever)


def test_a_plan_that_takes_too_long_is_413_and_the_words_stay(client, db, monkeypatch):
    monkeypatch.setattr(shares, "SECONDS", 0.05)
    monkeypatch.setattr(shares, "share", forever)
    answer = client.post(reverse("handbook:share_cost"), examples.COST, HTTP_HOST="127.0.0.1")
    assert answer.status_code == 413
    assert 'value="700,000"' in answer.content.decode()
    assert threads_left() == 0


def test_a_vote_is_counted_also_where_what_would_change_it_takes_too_long_to_find(client, db, monkeypatch):
    monkeypatch.setattr(verdicts, "SECONDS_OF_SEARCH", 0.05)
    monkeypatch.setattr(verdicts, "what_is_missing", forever)
    client.cookies["language"] = "en"
    said = examples.VOTES["lift"][1]()
    page = client.post(reverse("handbook:count_votes"), said, HTTP_HOST="127.0.0.1").content.decode()
    assert "Passed: all four tests are met." in page
    assert "This was not looked for" in page
