"""The inbox, how one wants to be told, following a matter, and how far its notices are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed
from hemei.matters.queries import matter_for
from hemei.notices import actions, forms, policy, queries
from hemei.notices.actions.being_told import who_may_read
from hemei.people.guests import writer
from hemei.shell.asking import page_in
from hemei.shell.sending import one_form, sent, writes

GROUPS_A_PAGE, NOTICES_A_PAGE = 10, 30


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What the reader was told, by matter."""
    if request.actor.assistance is not None:
        raise NotAllowed(who_may_read())
    page = page_in(request, queries.groups_of(viewer=request.actor), GROUPS_A_PAGE)
    rows = list(page.object_list)
    page.object_list = queries.with_items(rows, viewer=request.actor)
    words = {
        "page": page,
        "up_to": max((row["newest"] for row in rows), default=None),
        "may_carry": policy.may_carry(request.actor),
    }
    return render(request, "notices/inbox.html", words)


@require_safe
def about(request: HttpRequest, key: int) -> HttpResponse:
    """All the reader was told about one matter; key 0 for what belongs to none."""
    if request.actor.assistance is not None:
        raise NotAllowed(who_may_read())
    group = queries.group_for(viewer=request.actor, key=key)
    rows = queries.notices_in(viewer=request.actor, key=key)
    page = page_in(request, rows, NOTICES_A_PAGE)
    page.object_list = queries.items_of(list(page.object_list), viewer=request.actor, group=group)
    return render(request, "notices/about.html", {"page": page, "group": group})


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    form = forms.MarkRead(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    notices = [said["notice"]] if said.get("notice") else None
    if notices is not None or said.get("up_to"):
        actions.mark_read(actor=request.actor, at=clock.now(), notices=notices, up_to=said.get("up_to"))
    back = said.get("back")
    return redirect("notices:inbox") if back is None else redirect("notices:about", key=back)


@writes
def preferences(request: HttpRequest) -> HttpResponse:
    """How the person acted for wants to be told, topic by topic."""
    person = request.actor.principal
    if person is None or person.is_guest:
        return render(request, "notices/preferences.html", {"form": None})
    has_phone = bool(person.phone)
    form = forms.Preferences(sent(request), has_phone=has_phone, initial=queries.preferences_of(person))
    return one_form(
        request,
        form,
        template="notices/preferences.html",
        act=lambda said: actions.set_preferences(actor=request.actor, ways=said, at=clock.now()),
        then=lambda _set: redirect("notices:preferences"),
        has_phone=has_phone,
    )


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The button on a matter's page; a visitor becomes a guest with it."""
    matter = matter_for(viewer=request.actor, pk=pk)
    wanted = request.POST.get("wanted") == "yes"
    actor = writer(request) if wanted else request.actor
    actions.follow_matter(actor=actor, matter=matter, wanted=wanted, at=clock.now())
    return redirect("matters:matter", pk=pk)


@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """For staff: how far the notices about a matter are, by channel."""
    matter, figures, rows = queries.delivery_of(viewer=request.actor, pk=pk)
    return render(request, "notices/delivery.html", {"matter": matter, "figures": figures, "rows": rows})
