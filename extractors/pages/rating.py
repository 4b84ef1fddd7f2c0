"""Store rating: its status and causes, three dimensions with their windows, red marks."""

from __future__ import annotations

from extractors.models import RatingData, RatingDimension
from extractors.outline import label_key
from extractors.page import PageKind, PageReader
from extractors.sections import section
from extractors.times import day
from extractors.values import integer, number, rate

WINDOWS = ("score", "days_30", "days_60", "days_90")


def read(reader: PageReader) -> RatingData:
    dimensions = _dimensions(reader)
    return RatingData(
        status=reader.figure_word("status", "rating_status"),
        rating=reader.figure("rating", number),
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
        red_marks=tuple(_section(reader, "red_marks")),
    )


def _dimensions(reader: PageReader) -> dict[str, RatingDimension]:
    """Dimension -> its scores; a row of dashes is no dimension at all."""
    table, columns = reader.table("dimension", *WINDOWS)
    titles = reader.titles(table, columns)
    found: dict[str, RatingDimension] = {}
    for row in reader.data_rows(table):
        shown = " ".join(row.cell(columns.get("dimension")))
        name = reader.labels.parts.get(label_key(shown))
        if name not in ("description", "logistics", "service"):
            continue
        texts = {window: " ".join(row.cell(columns.get(window))) for window in WINDOWS}
        scores = {w: reader.parsed(f"{name}.{w}", titles.get(w), text, number) for w, text in texts.items()}
        if any(score is not None for score in scores.values()):
            found[name] = RatingDimension(**scores)
            reader.evidence(name, shown, texts["score"])
    for name in ("description", "logistics", "service"):
        if name not in found and (table is None or "dimension" not in columns):
            reader.missing(name)
    return found


def _causes(reader: PageReader) -> list[str]:
    """Each cause under its public name; a text that is not known stays as it is."""
    return [reader.vocabulary.word_in("rating_cause", text) or text for text in _section(reader, "causes")]


def _section(reader: PageReader, name: str) -> list[str]:
    """The texts below the heading of a section, without "none" and the like."""
    keys = {key for key, part in reader.labels.parts.items() if part == name}
    found = []
    for box in section(reader.outline, lambda key: key in keys):
        for text in reader.outline.texts_of(box):
            empty = reader.vocabulary.is_empty_marker(text) or reader.vocabulary.word("nothing", text)
            if not empty and text not in found:
                found.append(text)
    return found


PAGE = PageKind("rating", read)
