"""Seller level: current and next, the progress tracker, "Why Not Upgraded?", weekly evaluations."""

from __future__ import annotations

from functools import partial

from extractors import texts
from extractors.models import LevelData, TrackerItem, Week, WhyNot
from extractors.outline import label_key
from extractors.page import PageKind, PageReader
from extractors.sections import items, section
from extractors.times import day
from extractors.values import Unit, comparison, level, measure, unit_of

PARTS_OF_THE_PAGE = ("why_not", "snapshot")


def read(reader: PageReader) -> LevelData:
    return LevelData(
        current=reader.figure("current", level),
        next=reader.figure("next", level),
        evaluated_on=reader.figure("evaluated_on", day),
        next_evaluation_on=reader.figure("next_evaluation_on", day),
        tracker=tuple(_tracker(reader)),
        why_not=tuple(_why_not(reader)),
        weeks=tuple(_weeks(reader)),
    )


def metric_name(reader: PageReader, shown: str) -> str:
    """The public name of a metric by its label; "other" for one that is not known."""
    name = reader.labels.parts.get(label_key(shown), "other")
    return "other" if name in PARTS_OF_THE_PAGE else name


def unit_shown(*texts: str) -> Unit:
    """The unit that any of the texts shows; figures without one are points."""
    return next((unit for text in texts if (unit := unit_of(text)) is not None), "points")


def _tracker(reader: PageReader) -> list[TrackerItem]:
    table, columns = reader.table("label", "value", "threshold", "state")
    titles = reader.titles(table, columns)
    items = []
    for row in reader.data_rows(table):
        shown, value, line, state = (
            texts.shown(" ".join(row.cell(columns.get(name)))) for name in ("label", "value", "threshold", "state")
        )
        wanted = comparison(line)[1]
        unit = unit_shown(wanted, value, shown)
        name = metric_name(reader, shown)
        items.append(
            TrackerItem(
                name=name,
                label=shown,
                value=reader.parsed(f"tracker.{name}", shown, value, partial(measure, unit=unit)),
                threshold=reader.parsed(
                    f"tracker.{name}", titles.get("threshold"), wanted, partial(measure, unit=unit)
                ),
                unit=unit,
                state=reader.word("tracker_state", "tracker.state", titles.get("state"), state),
            )
        )
        reader.evidence(f"tracker.{name}", shown, value)
    return items


def _why_not(reader: PageReader) -> list[WhyNot]:
    """The items below the heading: a label, a sentence, and the data snapshot."""
    parts = reader.labels.parts
    found = []
    for box in items(reader.outline, section(reader.outline, lambda key: parts.get(key) == "why_not")):
        texts = reader.outline.texts_of(box)
        at = next((i for i, text in enumerate(texts) if parts.get(label_key(text)) == "snapshot"), len(texts))
        told = texts[:at]
        if not told or reader.vocabulary.is_empty_marker(told[0]) or reader.vocabulary.word("nothing", told[0]):
            continue
        snapshot = " ".join(texts[at + 1 :]) or None
        found.append(WhyNot(label=told[0], text=" ".join(told[1:]) or None, snapshot=snapshot))
    return found


def _in_its_unit(text: str) -> float | None:
    return measure(text, unit_shown(text))


def _weeks(reader: PageReader) -> list[Week]:
    table, columns = reader.table("week_ending")
    if table is None:
        return []
    metrics = {n: title for n, title in table.titles.items() if n != columns["week_ending"]}
    weeks = []
    for row in reader.data_rows(table):
        text = " ".join(row.cell(columns["week_ending"]))
        ending = reader.parsed("weeks.week_ending", table.titles[columns["week_ending"]], text, day)
        if ending is None:
            continue
        values = {}
        for number, title in metrics.items():
            name = metric_name(reader, title)
            text = " ".join(row.cell(number))
            if name != "other":
                values[name] = reader.parsed(f"weeks.{name}", title, text, _in_its_unit)
        weeks.append(Week(week_ending=ending, metrics=values))
    return weeks


PAGE = PageKind("level", read)
