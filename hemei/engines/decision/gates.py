"""What stands between the numbers and "passed": the notice, objections filed in it, evidence."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from hemei.engines.decision.acts import Act, Objection, ObjectionClosed
from hemei.engines.decision.case import Case, Notice
from hemei.engines.decision.verdict import Gates

ONE_DAY = timedelta(days=1)


def notice_ends(notice: Notice) -> datetime:
    """24:00 of the last day: the first moment after the notice. Raises OverflowError where the calendar ends."""
    day = notice.posted
    if notice.counting == "working":
        left = notice.days
        while left:
            day += ONE_DAY
            left -= day not in notice.non_working_days
    else:
        day += notice.days * ONE_DAY
    while day in notice.non_working_days:
        day += ONE_DAY
    return datetime.combine(day, time()) + ONE_DAY


def gates_of(case: Case, acts: Sequence[Act]) -> Gates:
    """The gates of `case` after the known `acts`, which are in order; `vote_over` is that of the main vote."""
    ends = None if case.notice is None else notice_ends(case.notice)
    return Gates(
        vote_over=case.evaluate_at is None or case.evaluate_at >= case.window.close,
        notice_ends=ends,
        notice_over=ends is None or case.evaluate_at is None or case.evaluate_at >= ends,
        open_objections=_open_objections(acts, case.notice, ends),
        missing_evidence=tuple(paper.id for paper in case.evidence if not paper.complete),
    )


def _open_objections(acts: Sequence[Act], notice: Notice | None, ends: datetime | None) -> tuple[tuple[str, str], ...]:
    """Those filed from 00:00 of the day of posting to before the end of the notice, and not closed by what is known."""
    if notice is None or ends is None:
        return ()
    begins = datetime.combine(notice.posted, time())
    closed = {act.ref for act in acts if isinstance(act, ObjectionClosed)}
    return tuple(
        (act.id, act.unit)
        for act in acts
        if isinstance(act, Objection) and begins <= act.at < ends and act.id not in closed
    )
