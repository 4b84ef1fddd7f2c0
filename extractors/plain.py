"""Moments of the plainest form by the hundred thousand: what an order export has in half of its columns.

They share their days and their times of day, so that each of those is parsed once and a moment is only put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, tzinfo
from typing import TypeVar

T = TypeVar("T")
DAY = 10
"""How long the day is, with which the text begins."""
_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r" (?:[01]\d|2[0-3]):\d\d(?::\d\d)?", re.ASCII)


class PlainMoments:
    """What :func:`extractors.times.moment` says of the texts that have that form ("2026-05-10 23:41")."""

    def __init__(self, tz: tzinfo) -> None:
        self._days = _Known(_DAY, date.fromisoformat)
        self._clocks = _Known(_CLOCK, lambda text: time.fromisoformat(text[1:]).replace(tzinfo=tz))

    def of(self, texts: Iterable[str]) -> dict[str, datetime]:
        """The moments by their texts; a text of any other form is left out."""
        days, clocks, combine = self._days, self._clocks, datetime.combine
        return {
            text: combine(day, clock)
            for text in texts
            if (day := days[text[:DAY]]) is not None and (clock := clocks[text[DAY:]]) is not None
        }


class _Known(dict[str, T | None]):
    """What the texts of one form say; a text of another form, or that no calendar has, says nothing."""

    def __init__(self, form: re.Pattern[str], parse: Callable[[str], T]) -> None:
        self._form = form
        self._parse = parse

    def __missing__(self, text: str) -> T | None:
        if self._form.fullmatch(text) is None:
            return None
        try:
            found = self[text] = self._parse(text)
        except ValueError:
            return None
        return found
