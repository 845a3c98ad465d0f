"""What later rooms show on a page of an earlier one: found by name, in the order of the house, never registered."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hemei.rooms import ROOMS

Words = Callable[[Any, Any], dict[str, Any] | None]


def panels(name: str, *, after: str, about: Any, request: HttpRequest) -> dict[str, SafeString]:
    """The panels called `name` of the rooms below `after`, by room: `hemei.<room>.queries.<name>(viewer, about)` gives
    the words for `<room>/parts/<name>.html`, or None for nothing to show."""
    viewer = request.actor  # type: ignore[attr-defined]
    found = ((room, words_of(viewer, about)) for room, words_of in _rooms_with(name, after))
    return {
        room: render_to_string(f"{room}/parts/{name}.html", {"panel": words, **words}, request)
        for room, words in found
        if words is not None
    }


@cache
def _rooms_with(name: str, after: str) -> tuple[tuple[str, Words], ...]:
    below = ROOMS[ROOMS.index(after) + 1 :]
    queries = [(room, import_module(f"hemei.{room}.queries")) for room in below if find_spec(f"hemei.{room}.queries")]
    return tuple((room, getattr(module, name)) for room, module in queries if hasattr(module, name))
