"""The medal's calendar: natural quarters in US time, and the days of the month after each on which results appear."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from checks.audit import Audit
from checks.days import months_after

QUARTER = 3
"""Months of a quarter."""


class Window(NamedTuple):
    """The days on which medals change after a quarter; results are published on the last one."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def today(audit: Audit) -> date:
    """The day of the rules' clock in the backend's zone."""
    return audit.now.astimezone(audit.timezone).date()


def quarter_end(day: date) -> date:
    """The last day of the quarter that a day lies in."""
    start = date(day.year, (day.month - 1) // QUARTER * QUARTER + 1, 1)
    return months_after(start, QUARTER) - timedelta(days=1)


def period_end(audit: Audit) -> date:
    """The running assessment's last day: as the page shows it while that day is ahead, else the calendar's."""
    shown = audit.maybe("medal.period_ends_on")
    return shown if shown is not None and shown >= today(audit) else quarter_end(today(audit))


def result_window(audit: Audit, end: date) -> Window:
    """When the results of the quarter that ends on ``end`` appear."""
    month = quarter_end(end) + timedelta(days=1)
    first, last = (int(audit.line(f"medal_result_{edge}_day")) for edge in ("first", "last"))
    return Window(month.replace(day=first), month.replace(day=last))


def running_window(audit: Audit) -> Window | None:
    """The result window that today lies in: that of the quarter before."""
    day = today(audit)
    window = result_window(audit, quarter_end(months_after(day, -QUARTER)))
    return window if window.holds(day) else None
