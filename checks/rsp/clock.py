"""Hours that really passed: a change to or from daylight saving neither adds nor takes one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from checks.audit import Audit


def elapsed(since: datetime, until: datetime) -> timedelta:
    """The time between two moments. Plain subtraction counts the wall clock when both are of one zone."""
    return until.astimezone(UTC) - since.astimezone(UTC)


def after(audit: Audit, moment: datetime, span: timedelta) -> datetime:
    """The moment some time later, in the backend's zone."""
    return (moment.astimezone(UTC) + span).astimezone(audit.timezone)


def hours(audit: Audit, threshold: str) -> timedelta:
    """A line of the policy that is given in hours."""
    return timedelta(hours=audit.line(threshold))
