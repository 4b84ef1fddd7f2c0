"""Lengths of time and days as a person writes them: 48h, 2d, 2026-11-01."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import click

from agent.cli.speech import say

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span_of(text: str) -> timedelta | None:
    """The length of time that a text names; None when it names none."""
    found = re.fullmatch(r"(\d{1,5})\s*([mhdw])", text.strip().lower())
    return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None


class Span(click.ParamType[timedelta]):
    """A length of time: 48h, 2d, 90m, 1w."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = span_of(str(value))
        if found is None:
            told = say(
                f"{value!r} 不是时长，应如 48h、2d、90m、1w",
                f"{value!r} is no length of time, such as 48h, 2d, 90m, 1w",
            )
            self.fail(told, param, ctx)
        return found


class Since(click.ParamType["datetime | timedelta"]):
    """A beginning: a day (from its first second in the backend's zone), a time with an offset, or a length of time."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | timedelta:
        if isinstance(value, datetime | timedelta):
            return value
        span = span_of(str(value))
        if span is not None:
            return span
        try:
            moment = datetime.fromisoformat(str(value))
            return moment if moment.utcoffset() is not None else _midnight(date.fromisoformat(str(value)))
        except ValueError:
            told = say(
                f"{value!r} 不是日期或时长，应如 2026-11-01、2026-11-01T08:00:00+08:00 或 30d",
                f"{value!r} is no day and no length of time, such as 2026-11-01, 2026-11-01T08:00:00+08:00 or 30d",
            )
            self.fail(told, param, ctx)


def _midnight(day: date) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime.combine(day, time.min, tzinfo=ZoneInfo("America/Los_Angeles"))
