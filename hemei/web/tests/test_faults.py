"""When something goes wrong on our side, the reader is told so, and whoever keeps the house finds out why."""

import logging

import pytest
from django.test import Client
from django.urls import include, path

from hemei.urls import handler400, handler403, handler404, handler500  # noqa: F401 - the addresses below use them


def breaks(request):
    raise LookupError("the shelf fell down")


urlpatterns = [path("breaks", breaks), path("", include("hemei.urls"))]


@pytest.fixture
def house(settings, db):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_a_fault_of_ours_is_a_page_and_stands_in_the_log_with_its_cause(house, caplog):
    answer = house.get("/breaks?phone=13800000101")
    assert answer.status_code == 500
    assert "出了问题" in answer.text or "wrong" in answer.text
    [written] = [line for line in caplog.records if line.name == "django.request"]
    told = logging.Formatter().format(written)
    assert "LookupError: the shelf fell down" in told
    assert "13800000101" not in told


def test_what_a_visitor_asks_wrongly_is_no_fault_of_ours(house, caplog):
    assert house.get("/nothing-stands-here").status_code == 404
    assert [line for line in caplog.records if line.levelno >= logging.ERROR] == []


def test_faults_reach_the_terminal():
    assert logging.getLogger("django.request").isEnabledFor(logging.ERROR)
    assert not logging.getLogger("django.request").isEnabledFor(logging.WARNING)


def test_what_is_too_large_is_told_so(house):
    answer = house.post(
        "/handbook/costs/try", "text=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "太大" in answer.text or "too large" in answer.text
