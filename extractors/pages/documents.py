"""Licences and qualifications: one row a document, with what stands below its name."""

from __future__ import annotations

import re

from extractors.markup import Row
from extractors.models.documents import Document, DocumentsData
from extractors.page import PageKind, PageReader
from extractors.parts import parts_of
from extractors.texts import NotUnderstood, clean, not_assessed, shown
from extractors.times import Validity, day, validity

BETWEEN_CATEGORIES = re.compile(r"\s*[、,，;；/|]\s*")
NO_VALIDITY = Validity(None, None, False)


def read(reader: PageReader) -> DocumentsData:
    return DocumentsData(
        documents=tuple(_documents(reader)),
        registered_on=reader.figure("registered_on", day),
        regulated_categories=_categories(reader),
    )


def _categories(reader: PageReader) -> tuple[str, ...]:
    text = reader.figure("regulated_categories", shown)
    text = (text or "").rstrip("。.；; ")
    if not_assessed(text) or reader.vocabulary.word("nothing", text):
        return ()
    return tuple(part for part in BETWEEN_CATEGORIES.split(text) if part)


def _documents(reader: PageReader) -> list[Document]:
    table, columns = reader.table("name", "number", "validity", "status", "submitted_on", "note")
    titles = reader.titles(table, columns)
    needed = {"name": "documents.kind", "validity": "documents.long_term", "status": "documents.status"}
    reader.need(table, columns, needed)
    return [_document(reader, row, columns, titles) for row in reader.item_rows(table) if row.cell(columns.get("name"))]


def _document(reader: PageReader, row: Row, columns: dict[str, int], titles: dict[str, str]) -> Document:
    def text(name: str) -> str:
        return shown(" ".join(row.cell(columns.get(name))))

    name, *below = row.cell(columns.get("name"))
    parts = parts_of(reader, below)
    valid = _validity(reader, row, columns, titles)
    brand, standard, superseded = (_optional(parts.first(n)) for n in ("brand", "standard", "superseded_by"))
    own = parts.first("own_brand")
    mark = parts.first("mark")
    return Document(
        kind=reader.vocabulary.word_in("document_kind", name) or "other",
        name=shown(name),
        number=_optional(text("number")),
        valid_from=valid.valid_from,
        valid_until=valid.valid_until,
        long_term=valid.long_term,
        status=reader.state("document_status", "documents.status", titles.get("status"), row, columns.get("status")),
        submitted_on=reader.parsed("documents.submitted_on", titles.get("submitted_on"), text("submitted_on"), day),
        note=_optional(text("note")),
        standard=standard,
        superseded_by=superseded,
        brand=brand,
        mark=None if mark is None else reader.word("trademark_mark", "documents.mark", parts.shown["mark"], mark),
        own_brand=None
        if own is None
        else reader.parsed("documents.own_brand", parts.shown["own_brand"], own, reader.flag),
        seen=reader.seen(titles, {n: text(n) for n in ("validity", "status", "submitted_on", "note")}),
    )


def _validity(reader: PageReader, row: Row, columns: dict[str, int], titles: dict[str, str]) -> Validity:
    """The range of a document; one that is only a picture cannot be read, which is a problem and no pass."""
    column = columns.get("validity")
    text = " ".join(row.cell(column))
    if not text and column in row.pictures:
        reader.problem("value_not_understood", "documents.valid_until", titles.get("validity"), "(picture)")
        return NO_VALIDITY
    try:
        return validity(text)
    except NotUnderstood:
        reader.problem("value_not_understood", "documents.valid_until", titles.get("validity"), clean(text))
        return NO_VALIDITY


def _optional(text: str | None) -> str | None:
    return None if text is None or not_assessed(text) else text


PAGE = PageKind("documents", read, rows="documents", identity="name")
