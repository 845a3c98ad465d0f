"""Reading this room, always for a viewer; here what pages of earlier rooms show of it."""

from typing import Any

from django.db.models import Exists

from hemei.decisions import policy
from hemei.decisions.models import Decision, Milestone
from hemei.decisions.queries import drives, voting
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.places.models import Place

# one question tells what is there, drives with their figures: most places and matters have neither drive nor vote


def matter_panel(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """The lift drive that the matter carries, and the votes on it."""
    votes = Exists(Decision.objects.filter(matter=matter))
    drive, has_votes = Matter.objects.filter(pk=matter.pk).values_list(drives.drive_of(viewer, matter), votes).get()
    found = {
        "drive": drives.drive_panel(drive),
        "votes": voting.votes_on(viewer, matter) if has_votes else None,
    }
    return found if any(found.values()) else None


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Lifts and votes at a place and inside it."""
    votes = Exists(Decision.objects.filter(place__path__startswith=place.path))
    told = Exists(Milestone.objects.filter(estate=place))
    asked = Place.objects.filter(pk=place.pk).values_list(drives.drives_at(viewer, place), told, votes)
    figures, is_told, has_votes = asked.get()
    found = {
        "drives": drives.drives_panel(viewer, place, figures, is_told),
        "votes": voting.votes_at(viewer, place) if has_votes or policy.runs_at(viewer, place) else None,
    }
    return found if any(found.values()) else None
