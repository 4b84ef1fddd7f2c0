"""Where the texts of a page stand: under which column, behind which label; and putting another text in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from extractors.outline import label_key
from extractors.vocabulary import Vocabulary

Element = Any
COLUMN_ATTRIBUTE = re.compile(r"(?:^|-)table-col$")
COLON = re.compile(r"[:：]")
MOST_LABEL = 40


@dataclass
class Place:
    """One text of a page. ``what`` is the class of personal data that it is; None for every other text."""

    element: Element
    tail: bool
    text: str
    what: str | None
    before: str = ""
    """A label that stands in the same text and stays."""

    def put(self, text: str) -> None:
        if self.tail:
            self.element.tail = self.before + text
        else:
            self.element.text = self.before + text


class Places:
    """Goes through the texts of a page in reading order."""

    def __init__(self, root: Element, kind: str, rules: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self.root = root
        known = vocabulary.kinds.get(kind)
        read = frozenset() if known is None else known.all_keys
        self.labels = classes(rules["labels"], kind, read)
        self.ends = read | {label_key(word) for word in rules["words"]["keep"]}
        self.cells = dict(cells_of(root, classes(rules["columns"], kind, read)))
        self._what: str | None = None
        self._box: Element | None = None

    def __iter__(self) -> Iterator[Place]:
        open_cells: list[str | None] = [None]
        for event, element in etree.iterwalk(self.root, events=("start", "end", "comment")):
            if event == "start":
                open_cells.append(self.cells.get(element, open_cells[-1]))
                if element.tag in ("td", "th", "tr", "table"):
                    self._what = None
                if element.text and not element.text.isspace():
                    yield self._place(element, element, False, element.text, open_cells[-1])
                continue
            if event == "end":
                open_cells.pop()
                if element is self._box:
                    self._what = self._box = None
            if element.tail and not element.tail.isspace() and element is not self.root:
                yield self._place(element, element.getparent(), True, element.tail, open_cells[-1])

    def _place(self, element: Element, holder: Element, tail: bool, text: str, column: str | None) -> Place:
        if column is not None:
            return Place(element, tail, text, column)
        label, colon, rest = parted(text)
        key = label_key(label) if len(label) <= MOST_LABEL else ""
        if key in self.labels and (not rest.strip() or colon):
            self._what, self._box = self.labels[key], box_of(holder)
            if rest.strip():
                return Place(element, tail, rest, self._what, before=text[: len(text) - len(rest)])
            return Place(element, tail, text, None)
        if key in self.ends:
            self._what = None
        return Place(element, tail, text, self._what)


def parted(text: str) -> tuple[str, str, str]:
    """What stands before the first colon, the colon, what stands after it."""
    found = COLON.search(text)
    return (text, "", "") if found is None else (text[: found.start()], found[0], text[found.end() :])


def box_of(holder: Element) -> Element:
    """The box that holds a label and its value: the cell, else the smallest one with more in it than the label."""
    for box in (holder, *holder.iterancestors()):
        if box.tag in ("td", "th", "li", "body"):
            return box
        if box is not holder and len(box) > 1:
            inside_cell = next(box.iterancestors("td"), None)
            return box if inside_cell is None else inside_cell
    return holder


def classes(groups: Mapping[str, Mapping[str, list[str]]], kind: str, read: frozenset[str]) -> dict[str, str]:
    """Label or title -> the class of what belongs to it.

    What holds for every page kind does not hold where the extractor reads something else under the same word, save
    names: nobody reads those.
    """
    general = {
        label_key(word): what
        for what, words in groups["any"].items()
        for word in words
        if what == "name" or label_key(word) not in read
    }
    return general | {label_key(word): what for what, words in groups.get(kind, {}).items() for word in words}


def cells_of(root: Element, columns: Mapping[str, str]) -> Iterator[tuple[Element, str]]:
    """The cells of personal columns. A header belongs to all rows that follow it, in whatever table."""
    titles: dict[int, str] = {}
    spans: dict[tuple[Element, int], int] = {}
    for row in root.iter("tr"):
        cells = list(_numbered(row, spans))
        headers = [cell for _, cell in cells if cell.tag == "th"]
        if cells and (row.getparent().tag == "thead" or len(headers) == len(cells)):
            titles = {number: _key(cell) for number, cell in cells}
            continue
        if all(_key(cell) == titles.get(number) for number, cell in cells):  # the titles once more
            continue
        for number, cell in cells:
            what = columns.get(titles.get(number, ""))
            if what is not None:
                yield cell, what


def _key(cell: Element) -> str:
    return label_key(" ".join(cell.itertext()))


def _numbered(row: Element, spans: dict[tuple[Element, int], int]) -> Iterator[tuple[int, Element]]:
    """The cells of a row with their column numbers: those that the component library writes, else counted."""
    number, table = 0, row.getparent()
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        while spans.get((table, number), 0) > 0:
            spans[table, number] -= 1
            number += 1
        told = _told(cell)
        number = number if told is None else told
        yield number, cell
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        for covered in range(number, number + width) if told is None and height > 1 else ():
            spans[table, covered] = height - 1
        number += width


def _told(cell: Element) -> int | None:
    for candidate in (cell, *cell[:1]):
        for name, value in candidate.attrib.items():
            if COLUMN_ATTRIBUTE.search(name) and value.isdigit():
                return int(value)
    return None


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(int(value), 1000) if value.isdigit() and int(value) > 0 else 1
