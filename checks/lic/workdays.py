"""Working days as the reviewers count them: Chinese public holidays out, make-up weekends in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

SATURDAY = 5


class Workdays(NamedTuple):
    """How many; ``official`` is False when a day lies beyond the holiday calendar and Monday to Friday was taken."""

    number: int
    official: bool


def workdays_since(day: date, until: date) -> Workdays:
    """The working days after ``day`` up to ``until``, that one included."""
    # The calendar is loaded by the few stores whose papers are under review, not by every run.
    from chinese_calendar import is_workday

    number, official = 0, True
    while day < until:
        day += timedelta(days=1)
        try:
            works = is_workday(day)
        except NotImplementedError:
            works, official = day.weekday() < SATURDAY, False
        number += works
    return Workdays(number, official)
