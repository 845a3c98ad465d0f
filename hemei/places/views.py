"""Pages of the street: looked at by everybody, kept by staff."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.base.models import Job
from hemei.base.tables import write_csv, write_xlsx
from hemei.base.text import searched
from hemei.base.uploads import XLSX
from hemei.places import actions, forms, lists, policy, queries, steps
from hemei.places.actions.keeping import who_keeps
from hemei.places.actions.merging import CHILDREN_MAX
from hemei.places.models import UNDER, Kind, Place
from hemei.shell.asking import page_in
from hemei.shell.panels import panels
from hemei.shell.sending import one_form, sent, writes
from hemei.shell.words import in_english

PER_PAGE, LINES_PER_PAGE = 60, 30
DOORS = (Kind.BUILDING, Kind.STAIRWELL, Kind.HOME)
TILE_MAX = 6  # characters of a name that fits a tile


# looked at


@require_safe
def street(request: HttpRequest) -> HttpResponse:
    """The street; a choice where there are several; how to begin where there is none."""
    found = list(queries.streets()[:100])
    if len(found) == 1:
        return _show(request, queries.with_trail(found[0]))
    may_add = policy.may_add_street(request.actor)
    return render(request, "places/streets.html", {"streets": found, "may_add": may_add})


@require_safe
def place(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, queries.place_for(request.actor, pk))


def _show(request: HttpRequest, found: Place) -> HttpResponse:
    viewer = request.actor
    inside = queries.inside(found)
    serves = viewer.serves(found)
    direct_homes = len(inside.under) - inside.children
    children = queries.children_of(viewer, found)
    total = inside.children + (direct_homes if serves else 0)
    page = page_in(request, children, PER_PAGE, count=total)
    changes = queries.changes_of(found) if found.kind == Kind.ESTATE else []
    rows = [_Row(child, inside.under.get(child.pk, {})) for child in page.object_list]
    standing = [row for row in rows if row.place.kind not in (Kind.SPACE, Kind.LANDMARK)]
    return render(
        request,
        "places/place.html",
        {
            "place": found,
            "inside": inside,
            "figures": _figures(inside.counts),
            "page": page,
            "standing": standing,
            "tiles": all(row.fits_a_tile for row in standing),
            "spots": [row for row in rows if row.place.kind in (Kind.SPACE, Kind.LANDMARK)],
            "floors": queries.homes_by_floor(found) if direct_homes and not serves else [],
            "changes": changes,
            "stood": queries.stood_in(found) if changes and found.until else [],
            "panels": panels("place_panel", after="places", about=found, request=request).values(),
            "may_keep": policy.may_keep(viewer, found),
            "may_change": found.parent is not None and policy.may_keep(viewer, found.parent),
            "may_send_lists": found.kind == Kind.STREET and policy.may_send_lists(viewer, found),
            "may_add": any(Kind(found.kind) in UNDER[kind] for kind in Kind),
        },
    )


class _Row:
    """One line of a list: the place, what stands in it in a few words, and where it stood unless its name says so."""

    def __init__(self, place: Place, counts: dict[str, int]) -> None:
        self.place = place
        self.told = told_of(counts, but=place.kind)
        before = getattr(place, "before", None) or ""
        self.before = "" if before in place.name else in_english(before, getattr(place, "before_en", ""))

    @property
    def fits_a_tile(self) -> bool:
        return self.place.kind in DOORS and len(self.place.name) <= TILE_MAX and not self.before


def told_of(counts: dict[str, int], but: str = "") -> list[str]:
    """The counts of each kind in words, without spots and without `but`."""
    shown = (Kind.AREA, Kind.ESTATE, Kind.BUILDING, Kind.STAIRWELL, Kind.HOME)
    return [_counted(kind, counts[kind]) for kind in shown if kind != but and counts.get(kind)]


def _counted(kind: str, count: int) -> str:
    told = {
        Kind.AREA: ngettext("%(count)d residential area", "%(count)d residential areas", count),
        Kind.ESTATE: ngettext("%(count)d estate", "%(count)d estates", count),
        Kind.BUILDING: ngettext("%(count)d building", "%(count)d buildings", count),
        Kind.STAIRWELL: ngettext("%(count)d stairwell", "%(count)d stairwells", count),
        Kind.HOME: ngettext("%(count)d home", "%(count)d homes", count),
    }
    return told[Kind(kind)] % {"count": count}


def _figures(counts: dict[str, int]) -> list[tuple[int, str]]:
    """Numbers with the words under them, from the largest kind to the smallest."""
    words = {
        Kind.AREA: _("Residential areas"),
        Kind.ESTATE: _("Estates"),
        Kind.BUILDING: _("Buildings"),
        Kind.STAIRWELL: _("Stairwells"),
        Kind.HOME: pgettext("figure", "Homes"),
    }
    return [(counts[kind], told) for kind, told in words.items() if counts.get(kind)]


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    words = searched(request.GET.get("words", ""), most=60)
    found = queries.places_found(viewer=request.actor, words=words)
    page = page_in(request, found, LINES_PER_PAGE)
    page.object_list = queries.with_trails(list(page.object_list))
    base = urlencode({"words": words})
    return render(request, "places/find.html", {"words": words, "page": page, "base": base})


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed in the street's tree, from its chain in the ledger."""
    found = queries.place_for(request.actor, pk)
    if found.kind != Kind.STREET:
        return redirect("places:history", pk=found.street_key)
    before = request.GET.get("before", "")[:9]
    lines, earlier = queries.history_of(found, before=int(before) if before.isdecimal() else None, most=LINES_PER_PAGE)
    return render(request, "places/history.html", {"place": found, "lines": lines, "earlier": earlier})


# kept


def _kept(request: HttpRequest, pk: int) -> Place:
    """The place for somebody who keeps it; 404 where it is hidden, 403 where it is only looked at."""
    found = queries.place_for(request.actor, pk)
    if not policy.may_keep(request.actor, found):
        raise NotAllowed(who_keeps())
    return found


@writes
def add_street(request: HttpRequest) -> HttpResponse:
    if not policy.may_add_street(request.actor):
        raise NotAllowed(_("Only an administrator adds a street."))
    return one_form(
        request,
        forms.AddStreet(sent(request)),
        template="places/add_street.html",
        act=lambda said: actions.add_place(actor=request.actor, parent=None, kind=Kind.STREET, at=clock.now(), **said),
        then=lambda made: redirect("places:place", pk=made.pk),
    )


@writes
def add_place(request: HttpRequest, pk: int) -> HttpResponse:
    parent = _kept(request, pk)
    return one_form(
        request,
        forms.AddPlace(parent, sent(request)),
        template="places/add.html",
        act=lambda said: actions.add_place(actor=request.actor, parent=parent, at=clock.now(), **said),
        then=lambda _made: redirect("places:place", pk=parent.pk),
        place=parent,
    )


@writes
def correct_place(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    fields = ("name", "name_en", "code", "address", "since", "order", "floor")
    initial = {field: getattr(found, field) for field in fields} | {"seen": steps.state_of(found)}
    return one_form(
        request,
        forms.CorrectPlace(found, sent(request), initial=initial),
        template="places/correct.html",
        act=lambda said: actions.correct_place(actor=request.actor, place=found, at=clock.now(), **said),
        then=lambda _made: redirect("places:place", pk=found.pk),
        place=found,
    )


@writes
def close_place(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    return one_form(
        request,
        forms.ClosePlace(sent(request)),
        template="places/close.html",
        act=lambda said: actions.close_place(actor=request.actor, place=found, at=clock.now(), **said),
        then=lambda _made: redirect("places:place", pk=found.parent_id or found.pk),
        place=found,
        told=told_of(queries.inside(found).counts),
    )


@require_POST
def reopen_place(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    actions.reopen_place(actor=request.actor, place=found, at=clock.now())
    return redirect("places:place", pk=found.pk)


@writes
def merge_estates(request: HttpRequest, pk: int) -> HttpResponse:
    """pk: the residential area."""
    area = _kept(request, pk)
    form = forms.MergeEstates(area, sent(request))
    return one_form(
        request,
        form,
        template="places/merge.html",
        act=lambda said: actions.merge_estates(actor=request.actor, at=clock.now(), **said),
        then=lambda change: redirect("places:place", pk=change.after.get().pk),
        place=area,
        enough=form.fields["estates"].queryset[:2].count() == 2,
    )


@writes
def split_estate(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    children = Place.objects.filter(parent=found).exclude(kind=Kind.ESTATE).order_by("order", "pk")
    form = forms.SplitEstate(list(children[:CHILDREN_MAX]), sent(request))
    return one_form(
        request,
        form,
        template="places/split.html",
        act=lambda _said: actions.split_estate(actor=request.actor, estate=found, at=clock.now(), **form.arguments()),
        then=lambda _made: redirect("places:place", pk=found.parent_id),
        place=found,
    )


# lists


@writes
def send_list(request: HttpRequest) -> HttpResponse:
    streets = [one for one in queries.streets()[:100] if policy.may_send_lists(request.actor, one)]
    if not streets:
        if policy.may_add_street(request.actor):
            return redirect("places:add_street")
        raise NotAllowed(_("Lists of places are sent by the street office or an administrator."))
    return one_form(
        request,
        forms.SendList(streets, sent(request), request.FILES or None),
        template="places/import.html",
        act=lambda said: actions.send_list(actor=request.actor, at=clock.now(), **said),
        then=lambda kept: redirect("web:job", pk=kept.job),
        earlier=queries.lists_of(streets[0])[:10] if len(streets) == 1 else [],
        streets=streets,
    )


@require_safe
def sent_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_list(request, pk)


def _show_list(request: HttpRequest, pk: int, refusal: str = "") -> HttpResponse:
    kept = queries.list_for(request.actor, pk)
    report = kept.report
    page = page_in(request, report.get("bad", []), LINES_PER_PAGE)
    job = Job.objects.filter(pk=kept.job).first() if kept.job and not kept.written_at else None
    new = _figures(report.get("new", {}))
    under_way = job is not None and job.ended_at is None
    ready = bool(kept.checked_at and not kept.written_at and not report["bad_count"] and new and kept.upload_id)
    words = {
        "sent": kept,
        "report": report,
        "figures": new,
        "page": page,
        "remarks": report.get("remarks", [])[:LINES_PER_PAGE],
        "job": job,
        "under_way": under_way,
        "may_confirm": ready and not under_way,
        "refusal": refusal,
    }
    return render(request, "places/list.html", words, status=422 if refusal else 200)


@require_POST
def confirm_list(request: HttpRequest, pk: int) -> HttpResponse:
    kept = queries.list_for(request.actor, pk)
    try:
        kept = actions.confirm_list(actor=request.actor, sent=kept, at=clock.now())
    except Refused as refusal:
        return _show_list(request, pk, str(refusal))
    return redirect("places:list", pk=pk) if kept.written_at else redirect("web:job", pk=kept.job)


@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty list with all headings and two rows as an example."""
    rows = lists.TEMPLATE
    content = write_csv(rows) if form == "csv" else write_xlsx(rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if form == "csv" else XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="hemei-places.{form}"'
    return response
