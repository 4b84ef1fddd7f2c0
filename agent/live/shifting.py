"""Moves the dates in a text by whole weeks, in the form in which they are written: weekday, hour and distances stay."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NUMBERS = re.compile(r"(?<![\d.])((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_CHINESE = re.compile(r"((?:19|20)\d\d)( ?年 ?)(\d{1,2})( ?月 ?)(\d{1,2})(?= ?日)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WHOLE = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_NAME = rf"({'|'.join([*_WHOLE, *_MONTHS])})"
_ENGLISH = re.compile(rf"\b{_NAME}(\.? )(\d{{1,2}})(,? )((?:19|20)\d\d)\b")
_BRITISH = re.compile(rf"\b(\d{{1,2}})( ){_NAME}(\.?,? )((?:19|20)\d\d)\b")


def shifted(text: str, weeks: int) -> str:
    """The text with every date in it ``weeks`` later; what only looks like a date stays."""
    by = timedelta(weeks=weeks)
    text = _NUMBERS.sub(lambda m: _numbers(m, by), text)
    text = _CHINESE.sub(lambda m: _chinese(m, by), text)
    text = _ENGLISH.sub(lambda m: _english(m, by), text)
    return _BRITISH.sub(lambda m: _british(m, by), text)


def _moved(year: str, month: str | int, day: str, by: timedelta) -> date | None:
    try:
        return date(int(year), int(month), int(day)) + by
    except (ValueError, OverflowError):
        return None


def _as(like: str, value: int) -> str:
    """A number with a leading zero where there was one, or where two digits were written."""
    return f"{value:02d}" if len(like) == 2 else str(value)


def _numbers(m: re.Match[str], by: timedelta) -> str:
    on = _moved(m[1], m[3], m[4], by)
    return m[0] if on is None else f"{on.year}{m[2]}{_as(m[3], on.month)}{m[2]}{_as(m[4], on.day)}"


def _chinese(m: re.Match[str], by: timedelta) -> str:
    on = _moved(m[1], m[3], m[5], by)
    like = "00" if m[3].startswith("0") or m[5].startswith("0") else "0"
    return m[0] if on is None else f"{on.year}{m[2]}{_as(like, on.month)}{m[4]}{_as(like, on.day)}"


def _english(m: re.Match[str], by: timedelta) -> str:
    on = _moved(m[5], _number(m[1]), m[3], by)
    return m[0] if on is None else f"{_called(m[1], on)}{m[2]}{_as(m[3], on.day)}{m[4]}{on.year}"


def _british(m: re.Match[str], by: timedelta) -> str:
    on = _moved(m[5], _number(m[3]), m[1], by)
    return m[0] if on is None else f"{_as(m[1], on.day)}{m[2]}{_called(m[3], on)}{m[4]}{on.year}"


def _number(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _called(like: str, on: date) -> str:
    return _WHOLE[on.month - 1] if like in _WHOLE and like != "May" else _MONTHS[on.month - 1]
