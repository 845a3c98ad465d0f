"""Who may see which places, and who keeps the address tree. Homes are seen by those who belong there and by staff."""

from typing import Any, Protocol

from django.db.models import Q

from hemei.places.models import Kind, Place

KEEPERS = ("street_office", "station", "committee", "branch", "owners", "alliance")  # bodies that keep the tree
LIST_KEEPERS = ("street_office",)  # bodies whose staff may send whole lists


class Viewer(Protocol):
    """Who looks or acts, as places need it; `people.actor.Actor` is one."""

    seat: Any
    strong: bool

    @property
    def place_keys(self) -> frozenset[int]: ...
    @property
    def is_administrator(self) -> bool: ...
    @property
    def key(self) -> int | None: ...

    def serves(self, place: Place | None, *offices: str, kinds: tuple[str, ...] = ()) -> bool: ...
    def public_line(self) -> dict[str, Any]: ...
    def personal_line(self) -> dict[str, Any]: ...


def may_see(viewer: Viewer, place: Place) -> bool:
    return place.kind != Kind.HOME or viewer.serves(place) or place.pk in viewer.place_keys


def visible(viewer: Viewer) -> Q:
    """The rows of which `may_see` says yes."""
    if viewer.is_administrator:
        return Q()
    seen = ~Q(kind=Kind.HOME) | Q(pk__in=viewer.place_keys)
    seat = viewer.seat
    if seat is not None and seat.body.place is not None and viewer.serves(seat.body.place):
        seen |= Q(path__startswith=seat.body.place.path)
    return seen


def may_add_street(viewer: Viewer) -> bool:
    return viewer.is_administrator


def may_keep(viewer: Viewer, place: Place) -> bool:
    """Whether this one may add under `place`, correct and close it, merge and split what stands in it."""
    return viewer.serves(place, kinds=KEEPERS)


def may_send_lists(viewer: Viewer, street: Place) -> bool:
    return viewer.serves(street, kinds=LIST_KEEPERS)
