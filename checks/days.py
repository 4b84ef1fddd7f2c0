"""Dates of the backend as moments: a day without a clock time ends with its last second, in the backend's zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo

LAST_SECOND = time(23, 59, 59)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last second of a day in a zone: the moment at which a date without a clock time is due."""
    return datetime.combine(day, LAST_SECOND, tzinfo=zone)


def time_left(day: date, zone: tzinfo, since: datetime) -> timedelta:
    """From a moment to the end of a day, counted on the zone's own clock; negative once the day is over.

    The clock is the zone's, so a change to or from daylight saving neither adds nor takes an hour.
    """
    return datetime.combine(day, LAST_SECOND) - since.astimezone(zone).replace(tzinfo=None)


def months_after(day: date, months: int) -> date:
    """The same day some months on, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
