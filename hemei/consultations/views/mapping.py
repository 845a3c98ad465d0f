"""The opinion map on a page of its own, with the table of its numbers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.consultations import queries, results
from hemei.shell.asking import page_in

PER_PAGE = 25


@require_safe
def opinion_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Every statement with what each group says to it; before results may be told, only from when on."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    tells = found.tells_results(clock.now())
    words = {"consultation": found, "tells": tells}
    if tells:
        told = results.results_of(found, queries.latest_map(found))
        page = page_in(request, told.rows, PER_PAGE)
        words |= {"results": told, "page": page, "rows": results.table(told, list(page))}
    return render(request, "consultations/map.html", words)
