"""Logistics settings: automatic confirmation of receipt, and where the last 30 days' orders went."""

from __future__ import annotations

from extractors.models.settings import SettingsData
from extractors.page import PageKind, PageReader
from extractors.texts import shown
from extractors.values import integer


def read(reader: PageReader) -> SettingsData:
    return SettingsData(
        auto_confirm_days=reader.figure("auto_confirm_days", integer),
        auto_confirm_by_region=_by_name(reader, "region", "region_days"),
        destinations_30d=_by_name(reader, "country", "country_orders"),
    )


def _by_name(reader: PageReader, name: str, value: str) -> dict[str, int]:
    """A table of two columns as a mapping; countries under their ISO code, regions as shown."""
    table, columns = reader.table(name, value)
    titles = reader.titles(table, columns)
    if table is None or name not in columns or value not in columns:
        reader.missing("auto_confirm_by_region" if name == "region" else "destinations_30d")
        return {}
    found: dict[str, int] = {}
    for row in reader.data_rows(table):
        place = shown(" ".join(row.cell(columns[name])))
        amount = reader.parsed(value, titles.get(value), " ".join(row.cell(columns[value])), integer)
        if place and amount is not None:
            code = reader.vocabulary.word("country", place) if name == "country" else None
            found[code or place] = amount
    return found


PAGE = PageKind("settings", read)
