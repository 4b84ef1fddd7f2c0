"""The medal benefits centre: the level that counts, the badge shown, the metrics with their lines."""

from __future__ import annotations

from functools import partial
from typing import Literal

from extractors import texts
from extractors.models.medal import MedalData, MedalMetric
from extractors.page import PageKind, PageReader
from extractors.pages.level import unit_shown
from extractors.parts import figure_of
from extractors.times import day
from extractors.values import comparison, measure


def read(reader: PageReader) -> MedalData:
    return MedalData(
        current=reader.figure_word("current", "medal_level"),
        front_badge=reader.figure_word("front_badge", "front_badge"),
        good_seller_until=reader.figure("good_seller_until", day),
        opened_on=reader.figure("opened_on", day),
        period_ends_on=reader.figure("period_ends_on", day),
        metrics=tuple(_metrics(reader)),
    )


def _metrics(reader: PageReader) -> list[MedalMetric]:
    table, columns = reader.table("label", "value", "keep", "reach")
    titles = reader.titles(table, columns)
    metrics = []
    for row in reader.data_rows(table):
        shown = texts.shown(" ".join(row.cell(columns.get("label"))))
        value, keep, reach = (figure_of(row.cell(columns.get(n))) for n in ("value", "keep", "reach"))
        (keep_sign, keep), (reach_sign, reach) = comparison(keep), comparison(reach)
        unit = unit_shown(keep, reach, value, shown)
        figures = {
            name: reader.parsed(f"metrics.{name}", titles.get(name), text, partial(measure, unit=unit))
            for name, text in (("value", value), ("keep", keep), ("reach", reach))
        }
        metrics.append(MedalMetric(label=shown, **figures, unit=unit, better=_better(keep_sign or reach_sign)))
        reader.evidence(f"metrics.{shown}", shown, value)
    return metrics


def _better(sign: str) -> Literal["higher", "lower"] | None:
    if not sign:
        return None
    return "higher" if sign.startswith(">") else "lower"


PAGE = PageKind("medal", read)
