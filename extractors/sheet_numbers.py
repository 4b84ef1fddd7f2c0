"""Long numbers that a sheet keeps as numbers: what of them is still true."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extractors.texts import clean

LARGEST_KEPT = 10**15
LARGEST_EXACT = 2**53


def number_text(cell: Any) -> str:
    """An order number or a tracking number, also one that a sheet keeps as a number."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    return clean(str(cell))


def exact_text(cell: Any) -> str:
    """A cell as text; of a number that is longer than a spreadsheet can keep, nothing is true."""
    if isinstance(cell, float) and abs(cell) >= LARGEST_EXACT:
        return ""
    return number_text(cell) if isinstance(cell, float) else str(cell)


def is_rounded(cells: Iterable[Any]) -> bool:
    """Whether order numbers kept as numbers have lost their last digits: spreadsheets keep 15 and make the rest zero.

    One that has more and does not end in zero shows that this file was never written by such a program.
    """
    long = [int(cell) for cell in cells if isinstance(cell, float) and cell.is_integer() and cell >= LARGEST_KEPT]
    return bool(long) and all(number % 10 == 0 for number in long)
