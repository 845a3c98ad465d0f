"""The handbook's pages: how the engines count and share, their rules, and two pages on which anybody may try them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import Refused, TooMany
from hemei.engines.strict import Mistake
from hemei.handbook import ballots, examples, forms, plans, shares, verdicts
from hemei.handbook import rules as rulebook
from hemei.handbook.actions import take_a_turn
from hemei.handbook.bounds import TooMuch
from hemei.handbook.texts import text_of
from hemei.people.sessions import source_of
from hemei.shell.sending import writes
from hemei.shell.words import in_english


@require_safe
def handbook(request: HttpRequest) -> HttpResponse:
    return render(request, "handbook/handbook.html", rulebook.figures())


@require_safe
def decision(request: HttpRequest) -> HttpResponse:
    return _text(request, "decision")


@require_safe
def costs(request: HttpRequest) -> HttpResponse:
    return _text(request, "costs")


def _text(request: HttpRequest, name: str) -> HttpResponse:
    words = {"text": text_of(name, get_language() or ""), "name": name}
    return render(request, "handbook/text.html", words)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "handbook/rules.html", {"rules": rulebook.by_place()})


@require_safe
def rule(request: HttpRequest, key: str) -> HttpResponse:
    try:
        page = rulebook.page_of(key)
    except KeyError as fault:
        raise Http404 from fault
    return render(request, "handbook/rule.html", {"rule": page})


@dataclass(frozen=True)
class Engine:
    """One page to try. file_of: the small form's words as a case's file. read: such a file's results, as shown."""

    template: str
    form: type[Form]
    file_of: Callable[[Mapping[str, Any]], dict[str, Any]]
    read: Callable[[str], list[Any]]
    examples: examples.Examples
    begin: Mapping[str, str]


COSTS = Engine(
    "handbook/share_cost.html", forms.ShareCost, plans.cost_file, shares.plans_in, examples.COSTS, examples.COST
)


DECISION = Engine(
    "handbook/count_votes.html",
    forms.CountVotes,
    lambda said: ballots.vote_file(said, today=timezone.localdate(clock.now())),
    verdicts.counts_in,
    examples.VOTES,
    examples.VOTE,
)


@writes
def count_votes(request: HttpRequest) -> HttpResponse:
    return _try(request, DECISION)


@writes
def share_cost(request: HttpRequest) -> HttpResponse:
    return _try(request, COSTS)


def _try(request: HttpRequest, engine: Engine) -> HttpResponse:
    """The forms, and above them what came out. Nothing is kept but that this address tried once more."""
    example = engine.examples.get(request.GET.get("example", "")) if request.method != "POST" else None
    as_file = request.method == "POST" and "text" in request.POST
    file = _sent_file(request) if as_file else forms.CaseFile()
    begin = {**engine.begin, **{name: request.GET[name] for name in ("rule",) if name in request.GET}}
    small = engine.form(_small(request, as_file, example), initial=begin)
    asked = file if as_file else small
    results, refusal, text = [], None, ""
    if asked.is_bound and asked.is_valid():
        try:
            if example is None:
                take_a_turn(source=source_of(request), at=clock.now())
            text = asked.cleaned_data["text"] if as_file else _written(engine.file_of(asked.cleaned_data))
            results = engine.read(text)
            if as_file and not results:
                asked.add_error("text", forms.nothing_there())
        except Mistake as mistake:
            asked.add_error("text" if as_file else None, ValidationError(_in_words(mistake), code="mistake"))
        except Refused as refused:
            refusal = refused
            asked.add_error(None, str(refused))
    words = {
        "form": small,
        "file": file if as_file or not text else forms.CaseFile(initial={"text": text}),
        "as_file": as_file,
        "results": results,
        "examples": [(key, name) for key, (name, _said) in engine.examples.items()],
    }
    return _answered(render(request, engine.template, words), asked, refusal)


def _small(request: HttpRequest, as_file: bool, example: tuple[Any, Callable[[], examples.Said]] | None) -> Any:
    if request.method == "POST" and not as_file:
        return request.POST
    return example[1]() if example else None


def _sent_file(request: HttpRequest) -> forms.CaseFile:
    """What came as a file stands in the field for text from here on, so that it stays and can be changed by hand."""
    sent = forms.CaseFile(request.POST, request.FILES)
    if "file" in request.FILES and sent.is_valid():
        return forms.CaseFile({"text": sent.cleaned_data["text"]})
    return sent


def _answered(response: HttpResponse, asked: Form, refusal: Refused | None) -> HttpResponse:
    """The status of what was sent: 413 for too large, 429 for too often, 422 for all else that cannot stand."""
    if isinstance(refusal, TooMany):
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.after_seconds)
    elif isinstance(refusal, TooMuch) or getattr(asked, "too_large", False):
        response.status_code = 413
    elif asked.is_bound and asked.errors:
        response.status_code = 422
    return response


def _written(file: dict[str, Any]) -> str:
    return json.dumps(file, ensure_ascii=False, indent=1)


def _in_words(mistake: Mistake) -> str:
    reason = in_english(mistake.zh, mistake.en)
    return _("%(path)s: %(reason)s") % {"path": mistake.path, "reason": reason} if mistake.path else reason
