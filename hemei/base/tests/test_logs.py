"""The log helps whoever looks for a fault, and tells nobody about anybody."""

import logging
import sys

import pytest

from hemei.base.logs import Formatter

FAULTS = [
    ValueError("invalid literal for int(): '13800000101'"),
    KeyError("甲居民"),
    RuntimeError('duplicate key\nDETAIL:  Key (phone)=(+8613800000101) already exists.\n  LINE 1: "甲居民"'),
    LookupError("no such address: jia@example.org"),
    LookupError("token abcdefabcdefabcdefabcdef of 甲居民"),
]


MORE = "乙业主 was there too"


def written(fault: BaseException) -> str:
    try:
        try:
            raise fault
        except type(fault) as first:
            raise TypeError(MORE) from first
    except TypeError:
        return Formatter().formatException(sys.exc_info())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_without_those_it_happened_to(fault):
    told = written(fault)
    for word in ("13800000101", "甲居民", "乙业主", "jia@", "abcdefabcdef", "DETAIL"):
        assert word not in told
    assert type(fault).__name__ in told
    assert "TypeError: … was there too" in told
    assert "test_logs.py" in told
    assert "raise fault" in told


def test_plain_words_stay():
    assert "LookupError: the shelf fell down" in written(LookupError("the shelf fell down"))


def test_it_is_the_formatter_of_the_house(settings):
    assert settings.LOGGING["formatters"]["house"]["()"] == "hemei.base.logs.Formatter"
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "house"


def test_a_hostile_request_is_answered_and_not_written_down():
    assert not logging.getLogger("django.security.DisallowedHost").isEnabledFor(logging.ERROR)
