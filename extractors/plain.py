"""Cells of the plainest form by the hundred thousand: what an order export has in most of its columns.

Moments share their days and their times of day, so that each of those is parsed once and a moment is only put together.
A whole column goes through at once; one with a single cell of another form is refused, for the caller to look closer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

from extractors.values import PLAIN_MONEY, plain_currency

T = TypeVar("T")
DAY = 10
"""How long the day is, with which the text begins."""
_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r" (?:[01]\d|2[0-3]):\d\d(?::\d\d)?", re.ASCII)
_AMOUNTS = re.compile(f"^{PLAIN_MONEY}$", re.ASCII | re.MULTILINE)


class PlainMoments:
    """What :func:`extractors.times.moment` says of the texts that have that form ("2026-05-10 23:41")."""

    def __init__(self, tz: tzinfo) -> None:
        self._days = _Known(_DAY, date.fromisoformat)
        self._clocks = _Known(_CLOCK, lambda text: time.fromisoformat(text[1:]).replace(tzinfo=tz))

    def column(self, cells: Sequence[Any]) -> list[datetime | None] | None:
        """The moments of a column, None where a cell is empty; None when any cell has another form."""
        days, clocks, combine = self._days, self._clocks, datetime.combine
        try:
            return [combine(days[cell[:DAY]], clocks[cell[DAY:]]) if cell != "" else None for cell in cells]
        except (_OtherForm, TypeError):  # what is no text cannot be cut
            return None

    def lines(self, cells: Sequence[Any]) -> list[tuple[datetime, ...]] | None:
        """The moments of a column that has one a line in its cells; None when any line has another form."""
        days, clocks, combine = self._days, self._clocks, datetime.combine
        try:
            return [
                tuple([combine(days[line[:DAY]], clocks[line[DAY:]]) for line in cell.rstrip("\r\n").split("\n")])
                if cell != ""
                else ()
                for cell in cells
            ]
        except (_OtherForm, AttributeError):  # what is no text has no lines
            return None

    def of(self, texts: Iterable[str]) -> dict[str, datetime]:
        """The moments by their texts; a text of any other form is left out."""
        days, clocks, combine = self._days, self._clocks, datetime.combine
        found: dict[str, datetime] = {}
        for text in texts:
            try:
                found[text] = combine(days[text[:DAY]], clocks[text[DAY:]])
            except _OtherForm:
                continue
        return found


def plain_amounts(cells: Sequence[Any]) -> list[tuple[str, Decimal]] | None:
    """What :func:`extractors.values.plain_money` says of each cell of a column; None when any has another form."""
    try:
        text = "\n".join(cells)
    except TypeError:
        return None
    found = _AMOUNTS.findall(text)
    # As many lines as cells: each cell is one. As many amounts: each line is one.
    if len(found) != len(cells) or text.count("\n") != len(cells) - 1:
        return None
    signs = {sign for sign, _ in found}
    codes = {sign: code for sign in signs if (code := plain_currency(sign))}
    if len(codes) < len(signs):
        return None
    return [(codes[sign], Decimal(digits.replace(",", ""))) for sign, digits in found]


class _OtherForm(KeyError):
    """A text that has not the form asked for, or that no calendar has."""


class _Known(dict[str, T]):
    """What the texts of one form say."""

    def __init__(self, form: re.Pattern[str], parse: Callable[[str], T]) -> None:
        self._form = form
        self._parse = parse

    def __missing__(self, text: str) -> T:
        if self._form.fullmatch(text) is None:
            raise _OtherForm(text)
        try:
            found = self[text] = self._parse(text)
        except ValueError as error:
            raise _OtherForm(text) from error
        return found
