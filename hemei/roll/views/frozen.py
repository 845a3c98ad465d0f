"""A frozen copy of the roll, for those who keep it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemei.ledger.queries import chain_line
from hemei.roll import content, queries
from hemei.roll.queries import keeping
from hemei.roll.queries.owning import frozen_of
from hemei.roll.views.lists import private
from hemei.shell.asking import page_in

PER_PAGE = 100


@private
@require_safe
def frozen(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.frozen_seen(request.actor, pk)
    units = content.read(found.content).units
    words = {
        "frozen": found,
        "page": page_in(request, units, PER_PAGE),
        "line": chain_line(found.roll),
        "fits": content.hash_of(found.content) == found.hash,
    }
    return render(request, "roll/frozen.html", words)


@private
@require_safe
def frozen_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The text itself, byte by byte what the hash is of; its name says nothing of the place."""
    found = queries.frozen_seen(request.actor, pk)
    response = HttpResponse(found.content.encode(), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="roll-{found.hash[:12]}.json"'
    return response


@private
@require_safe
def frozen_copies(request: HttpRequest, pk: int) -> HttpResponse:
    """All frozen copies of the roll of an estate."""
    roll = keeping.roll_for(request.actor, pk)
    page = page_in(request, frozen_of(request.actor, roll), PER_PAGE)
    return render(request, "roll/frozen_copies.html", {"roll": roll, "page": page})
