"""The outbox as its administrator sees it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hemei.outbox import queries
from hemei.outbox.models import Message

PER_PAGE = 50


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message with its channel and state; never its words."""
    counts = queries.counts_by_state(viewer=request.actor)
    state = request.GET.get("state", "")
    chosen = state if state in Message.State.values else ""
    page = Paginator(queries.messages_in(viewer=request.actor, state=chosen), PER_PAGE).get_page(
        request.GET.get("page", "")[:9]
    )
    page.object_list = [queries.row_of(values) for values in page.object_list]
    words = {
        "page": page,
        "chosen": chosen,
        "tabs": [(state, Message.State(state).label, count) for state, count in counts.items()],
        "base": f"state={chosen}" if chosen else "",
    }
    return render(request, "outbox/outbox.html", words)
