"""An .xlsx file as rows of cells."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


class NotAnExport(ValueError):
    """The file cannot be read as an order export; the message says why."""


class Workbook:
    """The sheets of a file; raises NotAnExport when it is no workbook.

    The first sheet, where the orders stand, is read at once. Other threads run meanwhile: none of it is Python.
    """

    def __init__(self, body: bytes) -> None:
        from python_calamine import CalamineError, CalamineWorkbook

        self._unreadable = (CalamineError, BadZipFile, OSError, ValueError)
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(body))
            self._first = self._book.get_sheet_by_index(0) if self._book.sheet_names else None
        except self._unreadable as error:
            raise _refused(error) from error

    def sheets(self) -> Iterator[Iterator[list[Any]]]:
        """The rows of every sheet, once; all rows of a sheet are of the same width."""
        for number in range(len(self._book.sheet_names)):
            yield self._sheet(number).iter_rows()

    def _sheet(self, number: int) -> CalamineSheet:
        first, self._first = self._first, None
        if first is not None:
            return first
        try:
            return self._book.get_sheet_by_index(number)
        except self._unreadable as error:
            raise _refused(error) from error


def _refused(error: Exception) -> NotAnExport:
    return NotAnExport(f"the file is no readable workbook ({error})")
