"""Violations on record and the points they cost."""

from __future__ import annotations

import re

from extractors.models.violations import Violation, ViolationsData
from extractors.page import PageKind, PageReader
from extractors.texts import clean, not_assessed, shown
from extractors.times import day
from extractors.values import number

CLASS = re.compile(r"\b([A-D])\b|^([A-D])(?=类|级)", re.IGNORECASE)


def read(reader: PageReader) -> ViolationsData:
    return ViolationsData(
        total=reader.total(), points=reader.figure("points", number), violations=tuple(_violations(reader))
    )


def _violations(reader: PageReader) -> list[Violation]:
    table, columns = reader.table("violation_id", "type", "class", "severe", "points", "decided_on", "status")
    titles = reader.titles(table, columns)
    reader.need(table, columns, {name: f"violations.{name}" for name in ("violation_id", "severe", "decided_on")})
    found = []
    for row in reader.item_rows(table):
        texts = {name: shown(" ".join(row.cell(column))) for name, column in columns.items()}
        if not any(map(str.isdigit, texts.get("violation_id", ""))):
            reader.missing("violations.violation_id")
            continue
        shown_class = texts.get("class", "")
        grade = None if not_assessed(shown_class) else CLASS.search(shown_class)
        found.append(
            Violation(
                violation_id=clean(texts["violation_id"]),
                type=reader.vocabulary.word_in("violation_type", texts.get("type", "")) or "other",
                violation_class=(grade[1] or grade[2]).upper() if grade else None,
                severe=reader.parsed("violations.severe", titles.get("severe"), texts.get("severe", ""), reader.flag),
                points=reader.parsed("violations.points", titles.get("points"), texts.get("points", ""), number),
                decided_on=reader.parsed(
                    "violations.decided_on", titles.get("decided_on"), texts.get("decided_on", ""), day
                ),
                status=None if not_assessed(texts.get("status", "")) else texts["status"],
                seen=reader.seen(titles, texts),
            )
        )
    return found


PAGE = PageKind("violations", read, rows="violations", identity="violation_id", list_only=True)
