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
from functools import partial
from typing import Any, NamedTuple

from lxml import etree

from extractors.cells import HIDDEN_STYLE, drop_unseen, hides_anything, keep_icons, unsaid_in, whole
from extractors.rewriting import rewritten

Element = Any  # lxml has no stubs; its elements are handled here and in outline.py only

CHIP_CLASS = re.compile(r"(?:^|\s)(?:[a-z]+-)*(?:color-tag|tag-body|tag__text)(?:\s|$)")
ROW_ROLES = (("expanded", "expanded-row"), ("group", "group-header"), ("footer", "group-footer"))
EMPHASIS = ("em", "strong", "b", "i", "u", "s", "mark", "font", "bdi", "bdo", "wbr", "ins")
"""Elements that paint a piece of a text and never part it: 93.<em>84</em>% is one text."""
SPANS = ("colspan", "aria-colspan")
WIDE = 3
"""A cell over so many columns belongs to no column: a header above an order's lines, a trace, "no data"."""
MOST_PAIRS = 500
"""Rows of a label and its value that stay in the tree; more of them are a list."""
CHUNK = 65_536
_PAINTING = frozenset(EMPHASIS)
_ENDS = "\ufdd0"
"""Stands between the texts of two cells while a row is read: no character, and no page holds it."""
_TEXTS = etree.XPath("descendant::text()", smart_strings=False)
_CLASSES = etree.XPath("descendant::*/@class", smart_strings=False)
_TAGGED = etree.XPath("descendant::*[contains(@class,'tag') and not(self::a or self::img)]")
_TABLE_PARTS = frozenset(("table", "tbody", "thead", "tfoot"))
_HIDING = frozenset(("aria-hidden", "hidden", "role", "style"))
_AROUND = etree.XPath("ancestor-or-self::*[@aria-hidden='true' or @hidden or @role='dialog' or @style or self::dialog]")


@dataclass(slots=True)
class Row:
    """One ``tr``: the text chunks of its cells by column number.

    ``role`` is "row", "group" (the header that stands above an order's lines), "footer", "expanded", "wide" where one
    cell reaches over the columns and no class says what for, or "pair" for a label with its value, which stays in the
    tree too. ``block`` numbers the surrounding table, so that the lines of one order, each in a table of its own, stay
    together. ``chips`` are the short tags shown in cells, ``pictures`` the columns that hold a picture; both by column
    number. ``unsaid`` is what a cell without a text says otherwise: the names and classes of its icons.
    """

    role: str
    cells: dict[int, list[str]]
    block: int
    chips: list[tuple[int, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: frozenset[int] = frozenset()
    unsaid: dict[int, list[str]] = field(default_factory=dict)

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


class Markup(NamedTuple):
    """A page: its tables in reading order, and the tree of everything outside table rows."""

    tables: list[Table]
    tree: Element | None


def parse(html: bytes) -> Markup:
    """Take a page apart; never raises on broken markup (an empty page has no tree)."""
    html = rewritten(html)
    markup, too_deep = _parsed(html)
    return _parsed(flattened(html))[0] if too_deep else markup


def _parsed(html: bytes) -> tuple[Markup, bool]:
    """The page, and whether the parser gave up because elements are nested too deeply."""
    reader = _Reader(hides=hides_anything(html))
    # The pull parser and not iterparse, which ignores huge_tree and stops without a word at 256 levels.
    parser = etree.HTMLPullParser(
        events=("end",), tag=("tr", "table"), encoding="utf-8", recover=True, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = None
    try:
        for start in range(0, len(html), CHUNK):
            parser.feed(html[start : start + CHUNK])
            reader.take(parser.read_events())
        root = parser.close()
        reader.take(parser.read_events())
    except etree.XMLSyntaxError:  # an empty document, or nothing that could be called one
        pass
    if root is not None:
        keep_icons(root)
        etree.strip_tags(root, *EMPHASIS)
    return Markup(reader.tables, root), any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.feed_error_log)


class _Reader:
    """Collects rows; keeps the tree small by emptying what has been read."""

    def __init__(self, *, hides: bool) -> None:
        self._hides = hides
        self.tables: list[Table] = []
        self._spans: dict[int, int] = {}
        self._block = 0
        self._parent: Element | None = None
        self._box: Element | None = None
        self._box_unseen = False
        self._box_row: Element | None = None
        self._numbered = ""
        self._unseen = False
        self._inner = False
        self._pairs = 0
        self._frame: Element | None = None

    def take(self, events: Iterator[tuple[str, Element]]) -> None:
        for _, element in events:
            if element.tag == "tr":
                self.row(element)
            else:
                self.table_end(element)

    def row(self, tr: Element) -> None:
        parent = tr.getparent()
        if parent is not self._parent:
            self._enter(parent)
        if tr is self._frame:  # the page itself is laid out in a table: its row holds all the rest
            self._frame = None
            return
        if self._inner:  # a small table inside a cell is text of that cell
            return
        if self._unseen or _hides(tr):
            tr.clear()
            return
        drop_unseen(tr, self._hides)
        marked = list(tr.iter("a", "img", *EMPHASIS))
        painted = any(e.tag in _PAINTING and (e.text or e.tail or len(e)) for e in marked)
        boxes = [cell for cell in tr if cell.tag in ("td", "th")]
        icons = {cell: unsaid_in(cell) for cell in boxes} if painted else {}
        if painted:  # most such elements are icons and hold nothing
            etree.strip_tags(tr, *EMPHASIS)
        cells, is_header, is_pair = self._cells(tr, boxes, painted)
        if is_header:
            self._header(tr, cells)
        elif is_pair and self._pairs < MOST_PAIRS:
            self._pairs += 1
            self._keep(Row("pair", cells, self._block))
            return
        else:
            row = self._made(tr, boxes, cells, marked)
            for cell, (column, chunks) in zip(boxes, cells.items(), strict=False):
                if not chunks and (painted or len(cell)) and (unsaid := icons[cell] if painted else unsaid_in(cell)):
                    row.unsaid[column] = unsaid
            self._keep(row)
        tr.clear()
        self._drop_before(tr)

    def _keep(self, row: Row) -> None:
        if not self.tables:
            self.tables.append(Table({}))
        self.tables[-1].rows.append(row)

    def _enter(self, parent: Element | None) -> None:
        """Another table (or another part of one) begins."""
        self._parent, self._spans = parent, {}
        self._block += 1
        if parent is None:
            self._unseen = self._inner = False
            return
        own_unseen, box = False, parent
        while box is not None and box.tag in _TABLE_PARTS:
            own_unseen = own_unseen or _hides(box)
            box = box.getparent()
        if box is not self._box:  # the tables of a list stand in one box, one for each order
            self._box = box
            self._box_unseen = box is not None and any(_hides(around) for around in _AROUND(box))
            self._box_row = None if box is None else next(box.iterancestors("tr"), None)
        self._unseen = own_unseen or self._box_unseen
        around = box if box is not None and box.tag == "tr" else self._box_row
        self._inner = around is not None and around is not self._frame and bool(self.tables)

    def table_end(self, table: Element) -> None:
        """Drop the tables before this one when each order has a table of its own."""
        if "table-row" in (table.get("class") or ""):
            self._drop_before(table)

    @staticmethod
    def _drop_before(element: Element) -> None:
        previous = element.getprevious()
        if previous is not None and previous.tag == element.tag and not (previous.tail or "").strip():
            element.getparent().remove(previous)

    def _header(self, tr: Element, cells: dict[int, list[str]]) -> None:
        self._frame = next(tr.iterancestors("tr"), None)
        titles = {column: " ".join(chunks) for column, chunks in cells.items()}
        # The same header again (a fixed copy, or one repeated while scrolling) goes on with the same table.
        if self.tables and self.tables[-1].titles == titles:
            return
        self.tables.append(Table(titles))

    def _made(self, tr: Element, boxes: list[Element], cells: dict[int, list[str]], marked: list[Element]) -> Row:
        css = tr.get("class") or ""
        role = next((role for role, mark in ROW_ROLES if mark in css), "row") if css else "row"
        if role == "row" and len(cells) <= 2 and any(max(map(partial(_span, cell), SPANS)) >= WIDE for cell in tr):
            role = "wide"
        row = Row(role, cells, self._block)
        row.links = [link for e in marked if e.tag == "a" and (link := e.get("href"))]
        pictures = [e for e in marked if e.tag == "img"]
        tagged = _TAGGED(tr) if "tag" in " ".join(_CLASSES(tr)) else ()
        if pictures or tagged:
            columns = dict(zip(boxes, cells, strict=False))
            row.pictures = frozenset(_cell_of(picture, columns) for picture in pictures)
            for element in tagged:
                if CHIP_CLASS.search(element.get("class")) and (text := "".join(element.itertext()).strip()):
                    row.chips.append((_cell_of(element, columns), text))
        return row

    def _cells(self, tr: Element, boxes: list[Element], painted: bool) -> tuple[dict[int, list[str]], bool, bool]:
        """The chunks of every cell by column; whether the row is a header, and whether it is a label with its value."""
        cells: dict[int, list[str]] = {}
        tags = [cell.tag for cell in boxes]
        column = 0
        spans = self._spans
        plain = not any(spans.values())
        for cell, chunks in zip(boxes, _chunks(tr, boxes, tags, painted), strict=True):
            while spans.get(column):
                spans[column] -= 1
                column += 1
            own = self._column(cell)
            told = own is not None
            if own is not None:
                column = own
            # A blank cell keeps its place: an empty tracking cell means something.
            cells[column] = chunks
            width = _span(cell, "colspan")
            plain = plain and not told and width == 1
            # Column numbers in the markup make counting spans needless (and wrong, when they skip).
            if not told and (height := _span(cell, "rowspan")) > 1:
                for covered in range(column, column + width):
                    spans[covered] = height - 1
                plain = False
            column += width
        while spans.get(column):
            spans[column] -= 1
            column += 1
        parent = tr.getparent()
        if parent is not None and parent.tag == "thead":
            return cells, True, False
        is_header = bool(tags) and "td" not in tags
        return cells, is_header, plain and not is_header and self._is_pair(tags)

    def _column(self, cell: Element) -> int | None:
        """The column number that the component library writes on the cell or on the box inside it."""
        value = cell.get(self._numbered) if self._numbered else None
        if value is not None and value.isdigit():
            return int(value)
        for candidate in (cell, *cell[:1]):
            for name, value in candidate.items():
                if name.endswith("table-col") and value.isdigit():
                    self._numbered = name
                    return int(value)
        return None

    def _is_pair(self, tags: list[str]) -> bool:
        """Whether a row is no row of a list: two cells under no header of two, or titles and values in turn."""
        if len(tags) == 2:
            return not self.tables or len(self.tables[-1].titles) != 2
        return len(tags) > 2 and len(tags) % 2 == 0 and tags == ["th", "td"] * (len(tags) // 2)


def _chunks(tr: Element, boxes: list[Element], tags: list[str], painted: bool) -> list[list[str]]:
    """The chunks of every cell of a row."""
    # What may stay in the tree is left as it is. So are cells out of which elements were taken: their texts lie in
    # pieces, which only their own element puts together.
    if painted or len(tags) <= 2 or tags[0] == "th" or len(tags) != len(tr):
        return [whole([chunk for text in cell.itertext() if (chunk := text.strip())]) for cell in boxes]
    tr.text = None
    for cell in boxes:
        cell.tail = _ENDS
    found: list[list[str]] = []
    chunks: list[str] = []
    for text in _TEXTS(tr):
        if text == _ENDS:
            found.append(whole(chunks))
            chunks = []
        elif chunk := text.strip():
            chunks.append(chunk)
    return found


def _hides(element: Element) -> bool:
    """Whether an element is no part of what a person reads: hidden, a hidden copy, or a dialog over the page."""
    if element.tag == "dialog":
        return True
    if _HIDING.isdisjoint(element.keys()):
        return False
    attributes = element.attrib
    return (
        attributes.get("aria-hidden") == "true"
        or "hidden" in attributes
        or attributes.get("role") == "dialog"
        or ("style" in attributes and HIDDEN_STYLE.search(attributes["style"]) is not None)
    )


TAG = rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
DEEPEST = 200


def flattened(html: bytes) -> bytes:
    """A page without the boxes that are nested deeper than a parser goes; their texts and all rows stay."""
    depth = 0
    dropped: list[bytes] = []

    def kept(tag: re.Match[bytes]) -> bytes:
        nonlocal depth
        name = tag[2].lower()
        if name in VOID or tag[0].endswith(b"/>"):
            return tag[0]
        if not tag[1]:
            if depth >= DEEPEST and name in (b"div", b"span", b"p", b"b", b"i", b"em", b"a", b"section", b"font"):
                dropped.append(name)
                return b" "
            depth += 1
        elif dropped and dropped[-1] == name:
            dropped.pop()
            return b" "
        else:
            depth = max(0, depth - 1)
        return tag[0]

    return re.sub(TAG, kept, html)


def _cell_of(element: Element, columns: dict[Element, int]) -> int:
    while element is not None and element not in columns:
        element = element.getparent()
    return columns.get(element, -1)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name)
    return int(value) if value and value.isdigit() and 0 < int(value) < 1000 else 1
