"""Papers as PDF, and where a scanned ballot leads. Nothing here writes but the page that begins a long print."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.fields import Keyed
from hemei.decisions import policy, serials
from hemei.decisions.actions import printing
from hemei.decisions.documents import ballots, common, contracts, drives, objections, results, votes
from hemei.decisions.models import Decision
from hemei.decisions.queries import documents as queries
from hemei.ledger.queries import chain_line
from hemei.people.models import Body
from hemei.roll import policy as roll
from hemei.shell import pdf
from hemei.shell.pdf import Sheet
from hemei.shell.sending import one_form, sent, writes
from hemei.shell.words import named


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _answer(sheets: Sequence[Sheet], body: Body | None, at: Any, called: str) -> HttpResponse:
    return pdf.answer(pdf.made(sheets, title=sheets[0].title, author=named(body), at=at), f"{called}.pdf")


@require_safe
def ballots_pdf(request: HttpRequest, pk: int, run: int) -> HttpResponseBase:
    """The ballots of a run that are neither used nor void; many of them are made by a job."""
    decision = queries.of_desk(request.actor, pk)
    found = queries.run_for(decision, run)
    papers = queries.unused_of(found)
    if not papers:
        raise Http404
    if len(papers) > pdf.PAGES_AT_ONCE:
        return redirect("decisions:typeset_ballots", pk=pk, run=run)
    areas, line = queries.areas_of(decision), chain_line(decision)
    sheets = ballots.ballots(decision, papers, areas, line, _site(request))
    return _answer(sheets, decision.body, found.made_at, f"ballots-{found.pk}")


@writes
def typeset_ballots(request: HttpRequest, pk: int, run: int) -> HttpResponse:
    decision = queries.of_desk(request.actor, pk)
    found = queries.run_for(decision, run)
    return one_form(
        request,
        Keyed(sent(request)),
        template="decisions/typeset_ballots.html",
        act=lambda said: printing.typeset_ballots(
            actor=request.actor, run=found, site=_site(request), at=clock.now(), **said
        ),
        then=lambda job: redirect("web:job", pk=job.pk),
        decision=decision,
        run=found,
    )


@require_safe
def made_ballots(request: HttpRequest, pk: int, run: int, upload: UUID) -> HttpResponseBase:
    response = uploads.answer(queries.made_for(request.actor, pk, run, upload))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def service_list_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.of_desk(request.actor, pk)
    found = queries.delivery_of(request.actor, decision)
    sheets = ballots.service_list(decision, found.slots, found.names, found.served, _site(request))
    return _answer(sheets, decision.body, decision.announced_at, f"deliveries-{pk}")


@require_safe
def receipt_pdf(request: HttpRequest, pk: int, serial: str) -> HttpResponse:
    decision, paper, act = queries.receipt_for(request.actor, pk, serial)
    if act.refused_at is not None:
        state = _("Not counted: what was typed in is not what the paper says. It is typed in again.")
    elif queries.is_void(act):
        state = _("Declared void. The reason was told to the owner.")
    elif act.confirmed_at is not None:
        state = _("Checked by a second clerk on %(moment)s") % {"moment": common.moment(act.confirmed_at)}
    else:
        state = _("Waits for the second clerk, who compares it with the paper")
    sheet = ballots.receipt(decision, paper, at=common.moment(act.at), state=state, site=_site(request))
    return _answer([sheet], decision.body, act.confirmed_at or act.at, f"receipt-{serial}")


@require_safe
def notice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.decision_for(request.actor, pk)
    sheet = votes.notice(decision, chain_line(decision.matter), _site(request))
    return _answer([sheet], decision.body, decision.announced_at, f"notice-{pk}")


@require_safe
def authority_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.decision_for(request.actor, pk)
    return _answer([votes.authority(decision, _site(request))], decision.body, decision.announced_at, f"authority-{pk}")


@require_safe
def co_owners_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.decision_for(request.actor, pk)
    return _answer([votes.co_owners(decision, _site(request))], decision.body, decision.announced_at, f"co-owners-{pk}")


# after the count


@require_safe
def result_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.decision_for(request.actor, pk, certified=True)
    sheet = results.result(decision, chain_line(decision.matter), _site(request), at=clock.now())
    return _answer([sheet], decision.body, decision.certified_at, f"result-{pk}")


@require_safe
def result_copy_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    readable = queries.ballots_for(request.actor, pk)
    decision, line = readable[0], chain_line(readable[0].matter)
    sheet = results.result_in_figures(decision, readable, line, _site(request), at=clock.now())
    return _answer([sheet], decision.body, decision.certified_at, f"result-with-numbers-{pk}")


@require_safe
def posting_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.decision_for(request.actor, pk, certified=True)
    posted, line = queries.posted_of(decision), chain_line(decision.matter)
    sheet = results.posting(decision, posted, line, _site(request), at=clock.now())
    return _answer([sheet], decision.body, decision.certified_at, f"public-notice-{pk}")


@require_safe
def objection_form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.decision_for(request.actor, pk, certified=True)
    return _answer([objections.form(decision, _site(request))], decision.body, decision.certified_at, f"objection-{pk}")


@require_safe
def objection_answer_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    decision, objection = queries.objection_for(request.actor, pk, number)
    if objection.answered_at is None:
        raise Http404
    sheet = objections.answer(decision, objection, _site(request))
    return _answer([sheet], decision.body, objection.answered_at, f"answer-{pk}-{number}")


@require_safe
def mediation_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    decision, objection = queries.objection_for(request.actor, pk, number)
    sheet = objections.mediation(decision, objection, _site(request))
    return _answer([sheet], decision.body, objection.closed_at or objection.at, f"mediation-{pk}-{number}")


# drives


@require_safe
def wish_sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    drive = queries.carried(request.actor, pk)
    return _answer([drives.wish_sheet(drive, _site(request))], drive.team, drive.made_at, f"wishes-{pk}")


@require_safe
def visit_sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    drive = queries.carried(request.actor, pk)
    homes = queries.doors_to_visit(request.actor, drive)
    return _answer([drives.visit_sheet(drive, homes, _site(request))], drive.team, drive.made_at, f"visits-{pk}")


@require_safe
def contract_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    contract = queries.contract_for(request.actor, pk)
    roll_of_then, homes = queries.homes_of(contract)
    line, names = chain_line(contract.drive.matter), roll.may_keep(request.actor, contract.drive.place)
    sheet = contracts.agreement(contract, roll_of_then, homes, line, _site(request), names=names)
    return _answer([sheet], None, contract.opened_at, f"contract-{pk}-{contract.number}")


@require_safe
def policy_sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = queries.policy_sheet_for(request.actor, pk)
    return _answer([drives.policy_sheet(sheet, _site(request))], None, sheet.made_at, f"sheet-{pk}")


# the way back from paper


@require_safe
def scan(request: HttpRequest, serial: str) -> HttpResponse:
    """A clerk of the desk comes to the entry with the serial filled in, everybody else to the page of the vote: whether
    the ballot exists is not looked up, and nobody can tell."""
    read = serials.read(serial)
    decision = (
        Decision.objects.select_related("place")
        .filter(policy.visible(request.actor), pk=read.decision, announced_at__isnull=False)
        .first()
        if read is not None
        else None
    )
    if decision is None:
        raise Http404
    if policy.runs(request.actor, decision):
        return redirect(f"{reverse('decisions:enter_paper', args=[decision.pk])}?serial={serial}")
    return redirect("decisions:decision", pk=decision.pk)
