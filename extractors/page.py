"""One page on its way to a model: what the extractors are given, and how they say what they could not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from extractors import pagination
from extractors.markup import Markup, Row, Table
from extractors.models import Figure, Model, Problem, Seen, Store, Where
from extractors.outline import BRACKETED, Outline, Place, bare_key, label_key
from extractors.tables import in_turn, resolved
from extractors.texts import NotUnderstood, clean, not_assessed
from extractors.vocabulary import Kind, Vocabulary

if TYPE_CHECKING:
    from extractors.workbook import Workbook

T = TypeVar("T")
MOST_PROBLEMS = 20
"""Problems of one kind about one field that a page reports; a broken column would else fill the report."""


@dataclass(frozen=True)
class Page:
    """A captured page: its bytes and all that the capture knows of it. ``timezone`` is the backend's own."""

    kind: str
    body: bytes
    captured_at: datetime
    timezone: tzinfo
    view: str | None = None
    sequence: int = 1
    url: str | None = None
    store: Store = field(default_factory=Store)
    responses: tuple[Mapping[str, Any], ...] = ()
    workbook: Callable[[], Workbook] | None = None
    """Gives the body of an order export as a workbook, where it is read already."""


class PageKind(NamedTuple):
    """A kind of page: how its data is read, and what makes it recognisable.

    ``rows`` is the field of the data that is a list, ``identity`` the column or part without which a row of it is
    nothing; ``list_only`` pages are empty when they have no rows, whatever figures stand above.
    """

    name: str
    read: Callable[[PageReader], Model]
    rows: str | None = None
    identity: str | None = None
    list_only: bool = False


class FigureRow(NamedTuple):
    """A row of a table that holds one figure: its label's key, the label and the value, all cells by their titles."""

    key: str
    label: str
    value: str
    cells: Mapping[str, str]


class PageReader:
    """Reads values off one page and keeps the evidence, the problems and what was not there."""

    def __init__(self, page: Page, markup: Markup, outline: Outline, vocabulary: Vocabulary) -> None:
        self.page = page
        self.markup = markup
        self.outline = outline
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.absent: dict[str, str] = {}
        self.figures: dict[str, Figure] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[int, tuple[str, ...]], Where] = {}

    @cached_property
    def labels(self) -> Kind:
        return self.vocabulary.kinds[self.page.kind]

    # --- problems ---------------------------------------------------------------------------------------------

    def problem(
        self,
        type_: Literal["field_not_found", "value_not_understood", "list_incomplete"],
        name: str,
        label: str | None,
        text: str | None,
    ) -> None:
        """Report a field that is missing or not understood; only the first ones about the same field are kept."""
        count = self._counts[type_, name] = self._counts.get((type_, name), 0) + 1
        if count <= MOST_PROBLEMS:
            self.problems.append(Problem(type=type_, field=name, label=label, text=text))

    def missing(self, name: str, label: str | None = None) -> None:
        """Note that a field's label is not on the page; a problem when the field is required."""
        short = name.rsplit(".", 1)[-1]
        tried = label or self.labels.shown.get(short, short)
        self.absent[name] = tried
        if name in self.labels.required:
            self.problem("field_not_found", name, tried, None)

    def parsed(self, name: str, label: str | None, text: str, parse: Callable[[str], T]) -> T | None:
        """The value of a text, or None and a problem when it is not understood."""
        try:
            return parse(text)
        except NotUnderstood:
            self.problem("value_not_understood", name, label, clean(text))
            return None

    def word(self, group: str, name: str, label: str | None, text: str) -> str | None:
        """The public value of a state text; None for "not assessed", None and a problem for an unknown text."""
        found = self.vocabulary.word(group, text) or self.vocabulary.word(group, BRACKETED.sub("", text))
        if found is None and not not_assessed(text):
            self.problem("value_not_understood", name, label, clean(text))
        return found

    # --- single figures ---------------------------------------------------------------------------------------

    def figure(self, name: str, parse: Callable[[str], T | None], aside: Container[str] = ()) -> T | None:
        """The value beside one of the labels of ``name``; the first place that can be read wins.

        Texts ``aside`` are remarks on a label where they stand on its line.
        """
        failed: tuple[str, str] | None = None
        blank: str | None = None
        for place in self.find(self.labels.figures[name], aside):
            if not place.ways:
                blank = place.label
                continue
            if failed and label_key(place.label) != label_key(failed[0]):
                continue  # what a vaguer label says is no answer for a value that is there and broken
            for text in place.ways:
                try:
                    value = parse(text)
                except NotUnderstood:
                    continue
                self.figures[name] = Figure(place.label, text)
                return value
            if place.sure:
                failed = failed or (place.label, place.texts[0])
        if failed:
            self.figures[name] = Figure(*failed)
            self.problem("value_not_understood", name, *failed)
        else:
            self.missing(name, blank)
        return None

    def find(self, wanted: Mapping[str, int], aside: Container[str] = ()) -> Iterator[Place]:
        """Where a figure stands: beside a label, or in a table that holds the label; the plainest label first."""
        places = [*self.outline.find(wanted, self.labels.all_keys, aside), *self._in_tables(wanted)]
        # A text that only begins with a label stays behind all the others, as find() has put it.
        yield from sorted(places, key=lambda place: (place.begun, _rank(place.label, wanted)))

    def _in_tables(self, wanted: Mapping[str, int]) -> Iterator[Place]:
        for label, texts in self.in_turn:
            if label_key(label) in wanted or bare_key(label) in wanted:
                yield Place(label, texts, [" ".join(texts)] if texts else [])
        for table in self.tables:
            for column, title in table.titles.items():
                keys = {label_key(title), bare_key(title)}
                is_figure = keys.isdisjoint(self.labels.columns) or (len(table.titles) == len(table.rows) == 1)
                if is_figure and not keys.isdisjoint(wanted) and table.rows:
                    texts = table.rows[0].cell(column)
                    yield Place(title, texts, [" ".join(texts)] if texts else [], sure=False)
        for figure in self.figure_rows:
            if figure.key in wanted:
                yield Place(figure.label, [figure.value], [figure.value] if figure.value else [])

    @cached_property
    def in_turn(self) -> list[tuple[str, list[str]]]:
        """The labels and values that stand in turn in the rows of tables."""
        keys = (self.labels.all_keys, self.labels.figure_keys)
        return [pair for table in self.markup.tables for row in table.rows for pair in in_turn(row, *keys)]

    @cached_property
    def figure_rows(self) -> list[FigureRow]:
        """The rows of tables whose titles say where a figure's value stands: "metric | value | score | weight"."""
        found = []
        for table in self.tables:
            titles = table.titles
            column = next((n for n, title in titles.items() if self.vocabulary.word("value_title", title)), None)
            for row in table.rows if column is not None else ():
                for number, chunks in row.cells.items():
                    key = _figure_key(chunks, self.labels.figure_keys) if number != column else None
                    if key is not None:
                        cells = {titles.get(n, ""): " ".join(texts) for n, texts in row.cells.items()}
                        found.append(FigureRow(key, " ".join(chunks), " ".join(row.cell(column)), cells))
        return found

    def evidence(self, name: str, label: str | None, text: str | None) -> None:
        """Keep where a value stood that was not read by :meth:`figure`."""
        self.figures[name] = Figure(label, text)

    def state(self, group: str, name: str, label: str | None, row: Row, column: int | None) -> str | None:
        """The public value of a state cell: by its text; where it has none, by the name or the colour of its icon."""
        chunks = row.cell(column)
        unsaid = row.unsaid.get(column, []) if column is not None else []
        if not chunks and unsaid:
            return self.painted(group, unsaid)
        told = {word for chunk in chunks if (word := self.vocabulary.word(group, chunk)) is not None}
        if len(told) == 1 and self.vocabulary.word(group, chunks[0]) is not None:
            return told.pop()  # what stands below the state is a remark, or a button
        return self.word(group, name, label, " ".join(chunks))

    def painted(self, group: str, unsaid: Iterable[str]) -> str | None:
        """The public value that the names and the classes of icons tell."""
        for name in unsaid:
            words = [name, *re.split(r"[^a-z]+", name.lower())]
            if found := next((value for word in words if word and (value := self.vocabulary.word(group, word))), None):
                return found
        return None

    def figure_word(self, name: str, group: str) -> str | None:
        """A figure whose value is one of the known words."""

        def parse(text: str) -> str | None:
            found = self.vocabulary.word(group, text)
            if found is None and not not_assessed(text):
                raise NotUnderstood(text, group)
            return found

        return self.figure(name, parse)

    def flag(self, text: str) -> bool | None:
        """Yes, no, or not assessed; raises NotUnderstood for another text."""
        found = self.vocabulary.word("yes", text)
        if found is None and not not_assessed(text):
            raise NotUnderstood(text, "yes or no")
        return None if found is None else found == "true"

    # --- tables -----------------------------------------------------------------------------------------------

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of the page, each under its titles."""
        known = {**self.labels.parts, **self.labels.columns}
        keys = (self.labels.all_keys, self.labels.figure_keys)
        tables = list(resolved(self.markup.tables, known, self.is_empty_row, *keys))
        controls = self.vocabulary.controls
        for table in tables:
            for row in table.rows:
                _drop_controls(row, controls)
        return tables

    def columns(self, table: Table) -> dict[str, int]:
        """Field -> column number, by the titles; of two columns that a field could mean, the plainer title."""
        found: dict[str, int] = {}
        for key in (label_key, bare_key):
            named = [(self.labels.ranks.get(key(title), 0), number, title) for number, title in table.titles.items()]
            for _, number, title in sorted(named):
                name = self.labels.columns.get(key(title))
                if name is not None and number not in found.values():
                    found.setdefault(name, number)
        return found

    def table(self, *wanted: str) -> tuple[Table | None, dict[str, int]]:
        """The table whose titles name most of the ``wanted`` fields (at least one), and its columns.

        Tables with the same header (one per order, or a header repeated) are read as one.
        """
        best: Table | None = None
        most: dict[str, int] = {}
        for table in self.tables:
            columns = self.columns(table)
            if sum(name in columns for name in wanted) > sum(name in most for name in wanted):
                best, most = table, columns
        if best is None:
            return None, {}
        rows = [row for table in self.tables if self.columns(table) == most for row in table.rows]
        return Table(best.titles, rows), most

    def data_rows(self, table: Table | None) -> list[Row]:
        """The rows that hold data: not the ones that say "no data" in every cell."""
        return [] if table is None else [row for row in table.rows if not self.is_empty_row(row)]

    def item_rows(self, table: Table | None) -> list[Row]:
        """The rows that hold one thing each: no heading over others, no sum below them, no "no data"."""
        return [row for row in self.data_rows(table) if row.role == "row"]

    def is_empty_row(self, row: Row) -> bool:
        texts = row.texts()
        return row.role != "expanded" and bool(texts) and all(self.vocabulary.is_empty_marker(text) for text in texts)

    def seen(self, labels: Mapping[str, str], texts: Mapping[str, str]) -> Seen:
        """The evidence of a row."""
        return Seen(self.where(labels, tuple(texts)), tuple(texts.values()))

    def where(self, labels: Mapping[str, str], names: tuple[str, ...]) -> Where:
        """What the evidence of the rows of one list has in common: all but their texts."""
        key = (id(labels), names)
        where = self._places.get(key)
        if where is None:
            where = Where(self.page.kind, self.page.sequence, self.page.captured_at, labels, names)
            self._places[key] = where  # it holds the labels, so that no others ever get their identity
        return where

    def need(self, table: Table | None, columns: Mapping[str, int], fields: Mapping[str, str]) -> None:
        """Report the fields (column -> field) whose column a list does not have."""
        for column, name in fields.items():
            if table is not None and column not in columns:
                self.missing(name, self.labels.shown[column])

    def titles(self, table: Table | None, columns: Mapping[str, int]) -> dict[str, str]:
        """Field -> the column's title as shown."""
        return {} if table is None else {name: table.titles[number] for name, number in columns.items()}

    # --- pagination -------------------------------------------------------------------------------------------

    def total(self, marked: bool = False) -> int | None:
        """The number of rows that the page says the whole list has; 0 for a list that says it is empty.

        With ``marked`` only the pagination is asked, where free texts stand beside it.
        """
        found = pagination.total(self.outline, self.vocabulary, marked=marked)
        return found if found is not None else 0 if self.says_empty() else None

    def position(self) -> tuple[int | None, int | None]:
        """The page's number and the number of pages, as in "1/30"."""
        return pagination.position(self.outline, self.vocabulary)

    def says_empty(self) -> bool:
        """Whether the page says in words that the list has no rows, and has none."""
        rows = [row for table in self.tables if not self._holds_figures(table) for row in table.rows if row.texts()]
        if rows:
            return all(self.is_empty_row(row) for row in rows)
        return any(self.vocabulary.is_empty_marker(chunk.text) for chunk in self.outline.content)

    def _holds_figures(self, table: Table) -> bool:
        """Whether the titles of a table are labels of figures and none a column of the list."""
        keys = {key(title) for title in table.titles.values() for key in (label_key, bare_key)}
        return not keys.isdisjoint(self.labels.figure_keys) and keys.isdisjoint(self.labels.columns)


def _drop_controls(row: Row, controls: frozenset[str]) -> None:
    """Take "copy", "details" and the like out of cells that hold more than that."""
    for column, chunks in row.cells.items():
        if len(chunks) > 1 and not controls.isdisjoint(chunks):
            row.cells[column] = [chunk for chunk in chunks if chunk not in controls] or chunks[:1]


def _rank(label: str, wanted: Mapping[str, int]) -> int:
    return wanted.get(label_key(label), wanted.get(bare_key(label), len(wanted)))


def _figure_key(chunks: list[str], keys: frozenset[str]) -> str | None:
    """The key of the figure that a cell names, and nothing but names."""
    if len(chunks) != 1:
        return None
    return next((key for key in (label_key(chunks[0]), bare_key(chunks[0])) if key in keys), None)
