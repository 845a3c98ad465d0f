"""The search over all rooms: each group filtered for the reader, with its count; a few of it, or its pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.utils.translation import gettext_lazy as _

from hemei.base import clock
from hemei.consultations import policy as consultations
from hemei.consultations.models import Statement, WordsState
from hemei.matters.queries import matters_seen
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.places.queries import places_found
from hemei.promises.queries import found_in

WORDS_MAX = 60
SHOWN, PER_PAGE, PAGES_MAX = 5, 20, 50


@dataclass(frozen=True)
class Group:
    """One kind of thing that was found. total: of all that were found, not only of those shown."""

    key: str
    name: Any
    rows: list[Any]
    total: int

    @property
    def more(self) -> int:
        return max(0, self.total - len(self.rows))


def _places(viewer: Actor, words: str) -> QuerySet[Place]:
    """Streets, estates, stairwells, spots; not homes: nobody is looked up by their door."""
    rows = places_found(viewer=viewer, words=words).exclude(kind=Kind.HOME)
    return rows.select_related("parent__parent__parent")


def _bodies(viewer: Actor, words: str) -> QuerySet[Body]:
    rows = Body.objects.filter(_holds(words, "name", "name_en")).exclude(kind=Body.Kind.OPERATOR)
    return rows.select_related("place").order_by(_best(words, "name"), "pk")


def _matters(viewer: Actor, words: str) -> QuerySet[Any]:
    """Matters, and through them consultations by their question."""
    held = _holds(words, "title", "title_en", "consultation__question", "consultation__question_en")
    return matters_seen(viewer=viewer).filter(held).select_related("place", "consultation")


def _statements(viewer: Actor, words: str) -> QuerySet[Statement]:
    rows = Statement.objects.filter(
        consultations.visible(viewer, "consultation__"), _holds(words, "text", "text_en"), state=WordsState.ACCEPTED
    )
    return rows.select_related("consultation").order_by("-pk")


def _promises(viewer: Actor, words: str) -> QuerySet[Any]:
    return found_in(viewer=viewer, words=words, at=clock.now())


GROUPS: dict[str, tuple[Any, Callable[[Actor, str], QuerySet[Any]]]] = {
    "places": (_("Places"), _places),
    "matters": (_("Matters and consultations"), _matters),
    "statements": (_("Statements"), _statements),
    "promises": (_("Promises"), _promises),
    "bodies": (_("Bodies"), _bodies),
}


def _holds(words: str, *fields: str) -> Q:
    """Rows of which a field holds `words` as they are: the database's wildcards count as plain characters."""
    held = Q()
    for field in fields:
        held |= Q(**{f"{field}__icontains": words})
    return held


def _best(words: str, field: str) -> Case:
    return Case(
        When(**{f"{field}__iexact": words}, then=Value(0)),
        When(**{f"{field}__istartswith": words}, then=Value(1)),
        default=Value(2),
    )


def search(*, viewer: Actor, words: str) -> list[Group]:
    """The first few of every group; groups in which nothing was found are left out."""
    return [group for key in GROUPS if (group := _found(viewer, words, key, 1, SHOWN)).rows]


def search_in(*, viewer: Actor, words: str, key: str, page: int) -> Group:
    """One page of one group."""
    return _found(viewer, words, key, page, PER_PAGE)


def _found(viewer: Actor, words: str, key: str, page: int, most: int) -> Group:
    name, find = GROUPS[key]
    rows = find(viewer, words).annotate(total_found=Window(Count("pk")))
    first = (page - 1) * most
    found = list(rows[first : first + most])
    return Group(key, name, found, found[0].total_found if found else 0)
