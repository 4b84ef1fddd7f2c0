"""Tables by meaning: which rows are headers although they are built of ordinary cells, and which hold nothing.

A header is told by its titles. Where the markup says so the stream has found it already; here the ones are found that
are ordinary rows, or that come again between the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from extractors.markup import Row, Table
from extractors.outline import MAX_LABEL, bare_key, label_key
from extractors.remarks import ARROWS
from extractors.texts import NotUnderstood
from extractors.times import day

LONGEST_TITLE = 40
PAIR = 2
TITLES = 2
"""Known titles that make an ordinary row a header: one may be a value by chance."""


def resolved(
    tables: list[Table],
    known: Mapping[str, str],
    is_empty: Callable[[Row], bool],
    labels: frozenset[str] = frozenset(),
    figures: frozenset[str] = frozenset(),
) -> Iterator[Table]:
    """The tables with headers of ordinary cells made headers, and headers that come again left out.

    Rows that hold ``labels`` and values in turn are figures and rows of no table.
    """
    for table in tables:
        current = Table(table.titles)
        named = _named(table.titles, known)
        block = None
        for row in table.rows:
            is_first, block = row.block != block, row.block
            if _repeats(row, named, known) or in_turn(row, labels, figures):
                continue
            titles = _titles_in(row, known, is_first)
            if titles is not None and (is_first or not current.titles):
                if current.rows and not all(is_empty(r) for r in current.rows):
                    yield current
                current = Table(titles)
                named = _named(titles, known)
            elif row.role != "pair":
                current.rows.append(row)
            elif len(current.titles) == PAIR:
                current.rows.append(replace(row, role="row"))
        yield current


def in_turn(row: Row, labels: frozenset[str], figures: frozenset[str]) -> list[tuple[str, list[str]]]:
    """The labels of a row with their values where they stand in turn: label, value, label, value; else nothing.

    A single label must be that of a figure: a list of two columns may name parts and columns in its rows.
    """
    count = len(row.cells)
    if count < PAIR or count % 2 or row.role != "row":
        return []
    labels = figures if count == PAIR else labels
    cells = list(row.cells.values())
    if len(cells[0]) != 1 or not _names(cells[0][0], labels):
        return []
    found = []
    for label, value in zip(cells[::2], cells[1::2], strict=True):
        if not label and not value:  # the last row may be half full
            continue
        if len(label) != 1 or not _names(label[0], labels) or (value and _names(" ".join(value), labels)):
            return []
        found.append((label[0], value))
    return found


def _names(text: str, labels: frozenset[str]) -> bool:
    return len(text) <= MAX_LABEL and (label_key(text) in labels or bare_key(text) in labels)


def _titles_in(row: Row, known: Mapping[str, str], is_first: bool) -> dict[int, str] | None:
    """The titles of a row of which at least two are known; None for a row of data.

    A table of a single column has a single title, which is one only in the table's first row.
    """
    if row.role not in ("row", "pair") or (len(row.cells) < TITLES and not is_first):
        return None
    found: set[str] = set()
    blank = True
    days = 0
    for chunks in row.cells.values():
        if not chunks:
            continue
        # Most rows are told from a header by their first text: it is long, or a number, or one of several.
        if len(chunks) > 2 or len(chunks[0]) > LONGEST_TITLE:
            return None
        text = chunks[0] if len(chunks) == 1 else " ".join(chunks)
        if blank and text.isdigit():
            return None
        blank = False
        if (name := known.get(label_key(text))) is not None:
            found.add(name)
        elif is_first and day_in(text) is not None:
            days += 1
        elif _is_figure(text):
            return None
    if len(found) < min(TITLES, len(row.cells)) and not (found and days == len(row.cells) - 1 > 1):
        return None
    return {column: " ".join(chunks) for column, chunks in row.cells.items()}


def day_in(title: str) -> date | None:
    """The day that a title names, a column a week, whatever signs for sorting stand behind it."""
    try:
        return day(title.rstrip(ARROWS + " "))
    except NotUnderstood:
        return None


def _is_figure(text: str) -> bool:
    """Whether most of a text is digits: no title is a date, a number or a rate."""
    return 2 * sum(char.isdigit() for char in text) >= len(text)


def _named(titles: Mapping[int, str], known: Mapping[str, str]) -> dict[int, str]:
    """The fields that the known titles name, by column."""
    return {column: name for column, title in titles.items() if (name := known.get(label_key(title)))}


def _repeats(row: Row, named: Mapping[int, str], known: Mapping[str, str]) -> bool:
    """Whether a row holds the table's own titles, each in its column; what else it holds does not matter."""
    if len(named) < TITLES and len(row.cells) > 1:
        return False
    for column, name in named.items():
        chunks = row.cells.get(column)
        if not chunks or len(chunks) > 2 or known.get(label_key(" ".join(chunks))) != name:
            return False
    return bool(named)
