"""Reading this room, always for a viewer; here what pages of earlier rooms show of it."""

from typing import Any

from hemei.decisions.queries import drives, voting
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.places.models import Place


def matter_panel(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """The lift drive that the matter carries, and the votes on it."""
    found = {"drive": drives.drive_of_matter(viewer, matter), "votes": voting.votes_on(viewer, matter)}
    return found if any(found.values()) else None


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Lifts and votes at a place and inside it."""
    found = {"drives": drives.drives_panel(viewer, place), "votes": voting.votes_at(viewer, place)}
    return found if any(found.values()) else None
