"""Reading this room, always for a viewer; here what pages of earlier rooms show of it."""

from typing import Any

from django.db.models import Exists

from hemei.decisions import policy
from hemei.decisions.models import Decision, Drive
from hemei.decisions.queries import drives, voting
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.places.models import Place


def matter_panel(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """The lift drive that the matter carries, and the votes on it."""
    has_drive, has_votes = _there(Drive.objects.filter(matter=matter), Decision.objects.filter(matter=matter))
    found = {
        "drive": drives.drive_of_matter(viewer, matter) if has_drive else None,
        "votes": voting.votes_on(viewer, matter) if has_votes else None,
    }
    return found if any(found.values()) else None


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Lifts and votes at a place and inside it."""
    inside = {"place__path__startswith": place.path}
    has_drives, has_votes = _there(Drive.objects.filter(**inside), Decision.objects.filter(**inside))
    may_begin = policy.runs_at(viewer, place)
    found = {
        "drives": drives.drives_panel(viewer, place) if has_drives or may_begin else None,
        "votes": voting.votes_at(viewer, place) if has_votes or may_begin else None,
    }
    return found if any(found.values()) else None


def _there(*rows: Any) -> tuple[bool, ...]:
    """Whether each of these has a row, in one question: most places and matters have none of them."""
    asked = {f"there_{number}": Exists(one) for number, one in enumerate(rows)}
    found = Matter.objects.order_by("pk").values_list(*(asked[name] for name in asked))[:1]
    return tuple(found[0]) if found else (False,) * len(rows)
