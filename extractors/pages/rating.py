"""Store rating: its status and causes, three dimensions with their windows, red marks."""

from __future__ import annotations

from extractors.markup import Table
from extractors.models.rating import RatingData, RatingDimension
from extractors.outline import label_key
from extractors.page import PageKind, PageReader
from extractors.parts import figure_of, parts_of
from extractors.sections import section
from extractors.times import day
from extractors.values import integer, number, rate

WINDOWS = ("score", "days_30", "days_60", "days_90")
DIMENSIONS = ("description", "logistics", "service")
CALLS = frozenset({"dialog", "alertdialog", "tooltip", "menu"})
"""Roles of boxes in which a mark is only spoken of."""
Told = dict[str, tuple[str, dict[str, str]]]
"""Dimension -> its label as shown, and the texts of its windows."""


def read(reader: PageReader) -> RatingData:
    dimensions = _dimensions(reader)
    return RatingData(
        status=reader.figure_word("status", "rating_status"),
        rating=_rating(reader),
        causes=tuple(_causes(reader)),
        description=dimensions.get("description"),
        logistics=dimensions.get("logistics"),
        service=dimensions.get("service"),
        orders_90d=reader.figure("orders_90d", integer),
        valid_orders_90d=reader.figure("valid_orders_90d", integer),
        confirmed_rate=reader.figure("confirmed_rate", rate),
        first_reply_12h_rate=reader.figure("first_reply_12h_rate", rate),
        dispute_rate=reader.figure("dispute_rate", rate),
        refund_72h_rate=reader.figure("refund_72h_rate", rate),
        opened_on=reader.figure("opened_on", day),
        course_completed=reader.figure("course_completed", reader.flag),
        not_as_described_returns=reader.figure("not_as_described_returns", integer),
        red_marks=tuple(_red_marks(reader)),
    )


def _rating(reader: PageReader) -> float | None:
    """The store's rating; a bare "score" is one of a dimension where dimensions have cards of their own."""
    found = reader.figure("rating", number)
    shown = reader.figures.get("rating")
    key = label_key(shown.label or "") if shown is not None else None
    if found is None or reader.labels.columns.get(key or "") != "score" or not _told_by_cards(reader):
        return found
    del reader.figures["rating"]
    reader.missing("rating")
    return None


def _dimensions(reader: PageReader) -> dict[str, RatingDimension]:
    """Dimension -> its scores; a row of dashes is no dimension at all."""
    table, columns = reader.table("dimension", *WINDOWS)
    told = _told_by_rows(reader, table, columns) or _told_by_columns(reader) or _told_by_cards(reader)
    found: dict[str, RatingDimension] = {}
    for name, (label, texts) in told.items():
        scores = {w: reader.parsed(f"{name}.{w}", label, texts.get(w, ""), number) for w in WINDOWS}
        if any(score is not None for score in scores.values()):
            found[name] = RatingDimension(**scores)
            reader.evidence(name, label, texts.get("score", ""))
    for name in DIMENSIONS:
        if name not in told and (table is None or "dimension" not in columns):
            reader.missing(name)
    return found


def _dimension(reader: PageReader, text: str) -> str | None:
    name = reader.labels.parts.get(label_key(text))
    return name if name in DIMENSIONS else None


def _told_by_rows(reader: PageReader, table: Table | None, columns: dict[str, int]) -> Told:
    """A row a dimension, a column a window."""
    found: Told = {}
    for row in reader.data_rows(table):
        label = " ".join(row.cell(columns.get("dimension")))
        if (name := _dimension(reader, label)) is not None:
            found[name] = label, {window: figure_of(row.cell(columns.get(window))) for window in WINDOWS}
    return found


def _told_by_columns(reader: PageReader) -> Told:
    """A column a dimension, a row a window."""
    found: Told = {}
    for table in reader.tables:
        named = {n: name for n, title in table.titles.items() if (name := _dimension(reader, title)) is not None}
        for row in reader.data_rows(table) if len(named) == len(DIMENSIONS) else ():
            others = [" ".join(row.cell(n)) for n in row.cells if n not in named]
            window = next((w for text in others if (w := reader.labels.columns.get(label_key(text)))), None)
            for number_, name in named.items() if window in WINDOWS else ():
                texts = found.setdefault(name, (table.titles[number_], {}))[1]
                texts[str(window)] = figure_of(row.cell(number_))
    return found


def _told_by_cards(reader: PageReader) -> Told:
    """A card a dimension: its name, and below it the windows with their scores."""
    keys = {key: name for key, name in reader.labels.columns.items() if name in WINDOWS}
    found: Told = {}
    for chunk in reader.outline.content:
        name = _dimension(reader, chunk.text)
        for box in chunk.element.iterancestors() if name is not None and name not in found else ():
            texts = reader.outline.texts_of(box)
            if sum(_dimension(reader, text) is not None for text in texts) > 1:
                break
            values = {window: shown[0] for window, shown in parts_of(reader, texts, keys).values.items() if shown}
            if len(values) > 1:
                found[str(name)] = chunk.text, values
                break
    return found


def _red_marks(reader: PageReader) -> list[str]:
    """The texts below their heading, and the known marks wherever they stand as a text of their own."""
    alone = [
        chunk.text
        for chunk in reader.outline.chunks
        if reader.vocabulary.word("red_mark", chunk.text)
        and not any(box.tag == "dialog" or box.get("role") in CALLS for box in chunk.element.iterancestors())
    ]
    return list(dict.fromkeys([*_section(reader, "red_marks"), *alone]))


def _causes(reader: PageReader) -> list[str]:
    """Each cause under its public name; a text that is not known stays as it is."""
    texts = [text for text in _section(reader, "causes") if not reader.vocabulary.word("red_mark", text)]
    return [reader.vocabulary.word_in("rating_cause", text) or text for text in texts]


def _section(reader: PageReader, name: str) -> list[str]:
    """The texts below the heading of a section, without "none" and the like."""
    keys = {key for key, part in reader.labels.parts.items() if part == name}
    found = []
    for box in section(reader.outline, lambda key: key in keys):
        for text in reader.outline.texts_of(box):
            words = reader.vocabulary
            empty = words.is_empty_marker(text) or text in words.controls or words.word("nothing", text)
            if not empty and text not in found:
                found.append(text)
    return found


PAGE = PageKind("rating", read)
