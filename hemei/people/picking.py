"""Choosing a place without a map: by its name, or down the tree from the estate to the home."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from hemei.base.text import searched
from hemei.people import queries
from hemei.places.models import Kind, Place
from hemei.shell.asking import number_in

UNDER_MAX = 400  # a tall building's homes; whoever has more finds it by name


@dataclass(frozen=True)
class Picking:
    """place: the one chosen so far. under: the next step down. found, words: what a search found."""

    place: Place | None = None
    under: list[Place] = field(default_factory=list)
    found: list[Place] = field(default_factory=list)
    words: str = ""

    @property
    def is_home(self) -> bool:
        return self.place is not None and self.place.kind == Kind.HOME


def picked(request: HttpRequest, *, first: str = Kind.ESTATE, within: Place | None = None) -> Picking:
    """What `?place=` and `?words=` say. first: the kind one begins with. within: only there. Raises Http404."""
    place = queries.place_named(number_in(request, "place") or 0, within=within) if "place" in request.GET else None
    words = searched(request.GET.get("words", ""), most=80)
    found = queries.places_to_tie(words=words, within=within) if words and place is None else []
    under = [] if found else queries.places_under(place, first=first, within=within, most=UNDER_MAX)
    return Picking(place, under, found, words)
