"""What must be settled before the two counters can sign; read by their page and by the action that signs alike."""

from datetime import datetime

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.decisions.checklist import Check
from hemei.decisions.models import Act, Authority, Challenge, Counter, Decision, Paper, PrintRun, Voiding


def checks(decision: Decision, at: datetime) -> list[Check]:
    """Every line, in the order one settles it; one query."""
    found = _counted(decision)
    return [
        Check(
            "closed",
            at >= decision.closes_at,
            _("The vote is over.")
            if at >= decision.closes_at
            else _("The vote is still open. It is signed afterwards."),
        ),
        _none_left(
            "papers",
            found["waiting"],
            _("No ballot waits for its second clerk."),
            ngettext(
                "%(count)d ballot on paper waits for its second clerk.",
                "%(count)d ballots on paper wait for their second clerk.",
                found["waiting"],
            ),
        ),
        _none_left(
            "authorities",
            found["authorities"],
            _("No authority waits for its second clerk."),
            ngettext(
                "%(count)d authority waits for its second clerk.",
                "%(count)d authorities wait for their second clerk.",
                found["authorities"],
            ),
        ),
        _none_left(
            "challenges",
            found["challenges"],
            _("No owner's challenge is open."),
            ngettext(
                "%(count)d challenge of an owner is not answered yet.",
                "%(count)d challenges of owners are not answered yet.",
                found["challenges"],
            ),
        ),
        _none_left(
            "voidings",
            found["voidings"],
            _("No voiding is half done."),
            ngettext(
                "%(count)d voiding waits for its second key.",
                "%(count)d voidings wait for their second key.",
                found["voidings"],
            ),
        ),
        _forms(found),
        _none_left(
            "evidence",
            found["unseen"],
            _("There is a photo of every ballot on paper."),
            ngettext(
                "%(count)d ballot on paper has no photo.",
                "%(count)d ballots on paper have no photo.",
                found["unseen"],
            ),
        ),
        Check(
            "counters",
            found["counters"] == 2,
            _("Two counters are named.") if found["counters"] == 2 else _("Two counters must be named."),
        ),
    ]


def missing(decision: Decision, at: datetime) -> list[str]:
    return [check.told for check in checks(decision, at) if not check.done]


def _none_left(key: str, count: int, done: str, told: str) -> Check:
    return Check(key, not count, told % {"count": count} if count else done)


def _forms(found: dict[str, int]) -> Check:
    """Each printed ballot is used, void or unused: none was lost from its print run, none used without its act."""
    unused = found["there"] - found["used"] - found["void"]
    words = {"printed": found["printed"], "used": found["used"], "void": found["void"], "unused": unused}
    if found["printed"] == found["there"] and not found["odd"]:
        told = _("Ballots: %(printed)d printed = %(used)d used + %(void)d void + %(unused)d unused.")
        return Check("forms", True, told % words)
    told = _("The ballots do not add up: %(printed)d printed, %(used)d used, %(void)d void, %(unused)d unused.")
    return Check("forms", False, told % words)


def _counted(decision: Decision) -> dict[str, int]:
    """All numbers in one query."""
    here = {"decision": OuterRef("pk")}
    waiting = Q(confirmed_at=None, refused_at=None)
    papers = Paper.objects.filter(**here)
    entered = Act.objects.filter(paper=OuterRef("pk"), refused_at=None)
    on_paper = Act.objects.filter(**here, channel=Act.Channel.PAPER, refused_at=None)
    numbers = {
        "waiting": on_paper.filter(waiting),
        "authorities": Authority.objects.filter(waiting, **here, entered_by__isnull=False, withdrawn_at=None),
        "challenges": Challenge.objects.filter(act__decision=OuterRef("pk"), answered_at=None),
        "voidings": Voiding.objects.filter(act__decision=OuterRef("pk"), confirmed_at=None, declined_at=None),
        "unseen": on_paper.filter(photo=None),
        "there": papers,
        "used": papers.filter(used_at__isnull=False),
        "void": papers.filter(voided_at__isnull=False),
        "odd": papers.annotate(entered=Exists(entered)).filter(
            Q(entered=True, used_at=None) | Q(entered=False, used_at__isnull=False)
        ),
        "counters": Counter.objects.filter(**here),
    }
    printed = PrintRun.objects.filter(**here).order_by().values("decision").annotate(sum=Sum("papers")).values("sum")
    row = (
        Decision.objects.filter(pk=decision.pk)
        .annotate(**{f"n_{name}": _number_of(rows) for name, rows in numbers.items()})
        .annotate(n_printed=_or_none(printed))
        .values(*(f"n_{name}" for name in (*numbers, "printed")))
        .get()
    )
    return {name.removeprefix("n_"): count for name, count in row.items()}


def _number_of(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(all=F("pk") * 0).values("all").annotate(number=Count("pk")).values("number")
    return _or_none(counted)


def _or_none(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)
