"""A page taken apart in one pass: rows of its tables as plain text, and a small tree of all the rest.

Lists can hold thousands of rows, so rows never stay in a tree: lxml parses the page as a stream, every ``tr`` is
turned into the texts of its cells when its end tag comes, and is emptied at once. What remains (shell, headings,
figures, pagination) is small and can be walked at leisure.

Columns are told by their titles. The component library renders the header into a table of its own, one table per
order, or repeats it between the rows, so a header belongs to all rows that follow it in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

Element = Any  # lxml has no stubs; its elements are handled here and in outline.py only

COLUMN_ATTRIBUTE = re.compile(r"(?:^|-)table-col$")
CHIP_CLASS = re.compile(r"(?:^|\s)(?:[a-z]+-)*(?:color-tag|tag-body|tag__text)(?:\s|$)")
ROW_ROLES = (("expanded", "expanded-row"), ("group", "group-header"), ("footer", "group-footer"))
_CHIPS = etree.XPath("descendant::*[contains(@class,'tag')]")
_LINKS = etree.XPath("descendant::a/@href")
_PICTURES = etree.XPath("descendant::img")
_OWN = etree.XPath("boolean(ancestor-or-self::*[@aria-hidden='true' or @hidden or @role='dialog'])")


@dataclass(slots=True)
class Row:
    """One ``tr``: the text chunks of its cells by column number.

    ``role`` is "row", "group" (the header that stands above an order's lines), "footer" or "expanded". ``block``
    numbers the surrounding table, so that the lines of one order, each in a table of its own, stay together.
    ``chips`` are the short tags shown in cells, ``pictures`` the columns that hold a picture; both by column number.
    """

    role: str
    cells: dict[int, list[str]]
    block: int
    chips: list[tuple[int, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: frozenset[int] = frozenset()

    def texts(self) -> list[str]:
        """All chunks of the row in reading order."""
        return [chunk for cell in self.cells.values() for chunk in cell]

    def cell(self, column: int | None) -> list[str]:
        """The chunks of one cell; nothing for a column that is not there."""
        return [] if column is None else self.cells.get(column, [])


@dataclass(slots=True)
class Table:
    """A header and the rows that follow it; ``titles`` maps column numbers to the titles as shown."""

    titles: dict[int, str]
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Markup:
    """A page: its tables in reading order, and the tree of everything outside table rows."""

    tables: list[Table]
    tree: Element | None


def parse(html: bytes) -> Markup:
    """Take a page apart; never raises on broken markup (an empty page has no tree)."""
    reader = _Reader()
    source = etree.iterparse(
        BytesIO(html), events=("end",), tag=("tr", "table"), html=True, encoding="utf-8", recover=True, huge_tree=True
    )
    try:
        for _, element in source:
            if element.tag == "tr":
                reader.row(element)
            else:
                reader.table_end(element)
    except etree.XMLSyntaxError:  # an empty document, or nothing that could be called one
        pass
    return Markup(reader.tables, source.root)


class _Reader:
    """Collects rows; keeps the tree small by emptying what has been read."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self._spans: dict[int, int] = {}
        self._blocks: dict[int, int] = {}
        self._block = 0
        self._parent: Element | None = None

    def row(self, tr: Element) -> None:
        parent = tr.getparent()
        if parent is not self._parent:
            self._parent, self._spans = parent, {}
            self._block += 1
        if _OWN(tr):
            tr.clear()
            return
        cells, is_header = self._cells(tr)
        if is_header:
            self._header(cells)
        else:
            if not self.tables:
                self.tables.append(Table({}))
            self.tables[-1].rows.append(self._made(tr, cells))
        tr.clear()
        self._drop_before(tr)

    def table_end(self, table: Element) -> None:
        """Drop the tables before this one when each order has a table of its own."""
        if "table-row" in (table.get("class") or ""):
            self._drop_before(table)

    @staticmethod
    def _drop_before(element: Element) -> None:
        previous = element.getprevious()
        if previous is not None and previous.tag == element.tag and not (previous.tail or "").strip():
            element.getparent().remove(previous)

    def _header(self, cells: dict[int, list[str]]) -> None:
        titles = {column: " ".join(chunks) for column, chunks in cells.items()}
        # The same header again (a fixed copy, or one repeated while scrolling) goes on with the same table.
        if self.tables and self.tables[-1].titles == titles:
            return
        self.tables.append(Table(titles))

    def _made(self, tr: Element, cells: dict[int, list[str]]) -> Row:
        css = tr.get("class") or ""
        role = next((role for role, mark in ROW_ROLES if mark in css), "row")
        row = Row(role, cells, self._block)
        chips, pictures = _CHIPS(tr), _PICTURES(tr)
        if chips or pictures:
            columns = dict(zip((cell for cell in tr if cell.tag in ("td", "th")), cells, strict=False))
            for chip in chips:
                if CHIP_CLASS.search(chip.get("class")) and (text := "".join(chip.itertext()).strip()):
                    row.chips.append((_cell_of(chip, columns), text))
            row.pictures = frozenset(_cell_of(picture, columns) for picture in pictures)
        row.links = list(_LINKS(tr))
        return row

    def _cells(self, tr: Element) -> tuple[dict[int, list[str]], bool]:
        """The chunks of every cell by column; whether the row is a header."""
        cells: dict[int, list[str]] = {}
        headers = 0
        column = 0
        spans = self._spans
        for cell in tr:
            tag = cell.tag
            if tag != "td" and tag != "th":
                continue
            while spans.get(column):
                spans[column] -= 1
                column += 1
            own, told = _column(cell)
            if own is not None:
                column = own
            headers += tag == "th"
            # A blank cell keeps its place: an empty tracking cell means something.
            cells[column] = [chunk for text in cell.itertext() if (chunk := text.strip())]
            width = _span(cell, "colspan")
            # Column numbers in the markup make counting spans needless (and wrong, when they skip).
            if not told and (height := _span(cell, "rowspan")) > 1:
                for covered in range(column, column + width):
                    spans[covered] = height - 1
            column += width
        if tr.getparent() is not None and tr.getparent().tag == "thead":
            return cells, True
        return cells, headers > 0 and headers == len(cells)


def _cell_of(element: Element, columns: dict[Element, int]) -> int:
    while element is not None and element not in columns:
        element = element.getparent()
    return columns.get(element, -1)


def _column(cell: Element) -> tuple[int | None, bool]:
    """The column number that the component library writes on the cell or on the box inside it."""
    for candidate in (cell, *cell[:1]):
        for name, value in candidate.attrib.items():
            if COLUMN_ATTRIBUTE.search(name) and value.isdigit():
                return int(value), True
    return None, False


def _span(cell: Element, name: str) -> int:
    value = cell.get(name)
    return int(value) if value and value.isdigit() and 0 < int(value) < 1000 else 1


def iter_rows(table: Table) -> Iterator[Row]:
    """The rows of a table without repeated headers: rows whose cells are the titles themselves."""
    titles = table.titles
    for row in table.rows:
        if titles and row.role == "row" and {c: " ".join(t) for c, t in row.cells.items()} == titles:
            continue
        yield row
