"""Reading matters, always for a viewer."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise

from hemei.ledger import queries as ledger
from hemei.ledger.models import STEPS
from hemei.matters import policy
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.places.models import Place


@dataclass(frozen=True)
class Step:
    """One of the seven steps on a matter's page. state: done, now or ahead."""

    key: str
    name: str | Promise
    state: str


def matters_seen(*, viewer: Actor) -> QuerySet[Matter]:
    """Every matter that `viewer` may see, newest first."""
    return Matter.objects.filter(policy.visible(viewer)).order_by("-opened_at", "-pk")


def matters_at(*, viewer: Actor, place: Place) -> QuerySet[Matter]:
    """Matters at `place` or inside it that `viewer` may see, newest first."""
    return matters_seen(viewer=viewer).filter(place__path__startswith=place.path)


def matter_for(*, viewer: Actor, pk: int) -> Matter:
    """The matter, or Http404, whether it is hidden or absent."""
    matter = matters_seen(viewer=viewer).select_related("place", "street", "body").filter(pk=pk).first()
    if matter is None:
        raise Http404
    return matter


def steps_from(begun: set[str], *, closed: bool = False) -> list[Step]:
    """The seven steps as the ledger has them: the last one begun is now, those before it are done."""
    reached = max((place for place, (key, _) in enumerate(STEPS) if key in begun), default=-1)
    states = [
        "done" if n < reached or (n == reached and closed) else "now" if n == reached else "ahead" for n in range(7)
    ]
    return [Step(key, name, state) for (key, name), state in zip(STEPS, states, strict=True)]


def steps_of(matter: Matter) -> list[Step]:
    """Where the matter stands in the seven steps."""
    return steps_from(ledger.steps_begun(matter), closed=matter.closed_at is not None)
