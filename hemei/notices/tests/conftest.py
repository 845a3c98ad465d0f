"""What an action refuses is compared in English; pages are asked for in both languages."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
