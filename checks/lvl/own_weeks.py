"""Weekly evaluations from our own runs, for a page that shows none: the tracker as it stood in the last two weeks.

The tracker shows the figures of the latest evaluation, so what any run read between two evaluations stands for the
first of them; of several runs the last one counts. Without earlier figures there is no week to compare with.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.lvl.requirement import NAMES

if TYPE_CHECKING:
    from extractors.models.level import LevelData, Week

WEEK = timedelta(weeks=1)
HALF_WEEK = timedelta(days=3)
CORE = frozenset(NAMES) - {"response_rate"}
"""What the weekly evaluations of the backend list; the response rate stands on the tracker only."""


def own_weeks(audit: Audit, data: LevelData) -> list[Week]:
    """The latest evaluation and the one before, newest first; empty where no run saw the one before."""
    from extractors.models.level import Week

    latest = {item.name: item.value for item in data.tracker if item.name in CORE and item.value is not None}
    evaluated = evaluation_day(audit, data)
    before = _seen(audit, evaluated - WEEK, evaluated)
    if not latest or not before:
        return []
    return [Week(week_ending=evaluated, metrics=dict(latest)), Week(week_ending=evaluated - WEEK, metrics=dict(before))]


def evaluation_day(audit: Audit, data: LevelData) -> date:
    """The day of the latest evaluation, on the page's own weekday; where it names none, a few days before the capture,
    so that runs a week apart fall into different weeks whatever their hour."""
    today = audit.reading("level").captured_at.astimezone(audit.timezone).date()
    anchor = data.evaluated_on or data.next_evaluation_on or today - HALF_WEEK
    return anchor + WEEK * ((today - anchor) // WEEK)


def _seen(audit: Audit, first: date, end: date) -> dict[str, float]:
    """The figures of the last run of each metric from one day up to another, without that."""
    found: dict[str, float] = {}
    for point in sorted(audit.facts.history, key=lambda p: p.at):
        page, _, name = point.metric.rpartition(".")
        if page == "level.tracker" and name in CORE and first <= point.at.astimezone(audit.timezone).date() < end:
            found[name] = point.value
    return found
