"""Seller level: current and next, the progress tracker, "Why Not Upgraded?", weekly evaluations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby

from extractors import texts
from extractors.cells import ICONS
from extractors.models.level import LevelData, TrackerItem, Week, WhyNot
from extractors.outline import COLON, Chunk, Element, label_key
from extractors.page import PageKind, PageReader
from extractors.parts import figure_of
from extractors.remarks import behind_own, is_change, line_in, without_remarks
from extractors.sections import items, section
from extractors.tables import day_in
from extractors.times import day
from extractors.values import Unit, comparison, level, measure, unit_of

PARTS_OF_THE_PAGE = ("why_not", "snapshot", "tracker")
ENOUGH = 2
"""Known columns that make a table the tracker."""
COMPARED = re.compile(r"[≥≤≧≦⩾⩽<>＜＞]")


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
    if "label" not in columns or len(columns) < ENOUGH:
        return list(_tracker_cards(reader))
    titles = reader.titles(table, columns)
    items = []
    for row in reader.data_rows(table):
        shown = texts.shown(" ".join(row.cell(columns.get("label"))))
        value, line = (figure_of(row.cell(columns.get(name))) for name in ("value", "threshold"))
        state = reader.state("tracker_state", "tracker.state", titles.get("state"), row, columns.get("state"))
        items.append(_item(reader, shown, value, line, titles.get("threshold"), state))
    return items


def _item(reader: PageReader, shown: str, value: str, line: str, title: str | None, state: str | None) -> TrackerItem:
    wanted = comparison(line)[1]
    unit = unit_shown(wanted, value, shown)
    name = metric_name(reader, shown)
    reader.evidence(f"tracker.{name}", shown, value)
    return TrackerItem(
        name=name,
        label=shown,
        value=reader.parsed(f"tracker.{name}", shown, value, partial(measure, unit=unit)),
        threshold=reader.parsed(f"tracker.{name}", title, wanted, partial(measure, unit=unit)),
        unit=unit,
        state=state,
    )


def _tracker_cards(reader: PageReader) -> Iterator[TrackerItem]:
    """The items below the tracker's heading where they are no rows of a table: a card or a line each."""
    parts = reader.labels.parts
    for box in _with_one_metric(reader, section(reader.outline, lambda key: parts.get(key) == "tracker")):
        chunks = reader.outline.chunks_of(box)
        shown = next(chunk.text for chunk in chunks if metric_name(reader, chunk.text) != "other")
        chunks = [chunk for chunk in chunks if chunk.text != shown]
        found: dict[str, str] = {}
        for line in _lines(chunks):
            for name, text in _pieces(reader, line):
                found.setdefault(name, text)
        state = reader.vocabulary.word("tracker_state", found.get("state", ""))
        state = state or reader.painted("tracker_state", _icons(box))
        yield _item(reader, shown, found.get("value", ""), found.get("threshold", ""), None, state)


def _with_one_metric(reader: PageReader, boxes: list[Element]) -> Iterator[Element]:
    """The boxes that hold one metric each: those that hold several are opened."""
    for box in boxes:
        count = sum(metric_name(reader, text) != "other" for text in reader.outline.texts_of(box))
        if count == 1:
            yield box
        elif count > 1:
            yield from _with_one_metric(reader, [child for child in box if isinstance(child.tag, str)])


def _lines(chunks: list[Chunk]) -> Iterator[list[str]]:
    """The texts of a card: those of one line stand together, apart where white space does not join them."""
    for _, line in groupby(chunks, lambda chunk: chunk.line):
        yield [chunk.text for chunk in line]


def _pieces(reader: PageReader, line: list[str]) -> Iterator[tuple[str, str]]:
    """What the texts of a line are: the state, what is required (it is compared), the value."""
    rest = []
    for text in line:
        if reader.vocabulary.word("tracker_state", text):
            yield "state", text
            continue
        if is_change(text):
            continue
        if (line_ := line_in(text)) is not None:
            yield "threshold", line_
            text = behind_own(without_remarks(text) or "") or without_remarks(text) or ""
        elif (sign := COMPARED.search(text)) is not None:
            yield "threshold", text[sign.start() :]
            continue
        if reader.labels.columns.get(label_key(text)) is None:
            label, _, value = COLON.sub(":", text, count=1).partition(":")
            rest.append(value.strip() or ("" if reader.labels.columns.get(label_key(label)) else text))
    if any(rest):
        yield "value", "".join(rest)


def _icons(box: Element) -> list[str]:
    """The names of the icons in a box, then their classes."""
    blank = [e for e in box.iter() if isinstance(e.tag, str) and not "".join(e.itertext()).strip()]
    named = [name for e in box.iter() for name in (e.get("aria-label"), e.get("title")) if name]
    dropped = [name for e in box.iter() for name in (e.get(ICONS) or "").splitlines()]
    return [*named, *dropped, *(css for e in blank if (css := e.get("class")))]


def _why_not(reader: PageReader) -> list[WhyNot]:
    """The items below the heading: a label, a sentence, and the data snapshot."""
    parts = reader.labels.parts
    found = list(_why_not_rows(reader))
    for box in items(reader.outline, section(reader.outline, lambda key: parts.get(key) == "why_not")):
        texts = [text for text in reader.outline.texts_of(box) if not _is_control(reader, text)]
        at = next((i for i, text in enumerate(texts) if parts.get(label_key(text)) == "snapshot"), len(texts))
        told = texts[:at]
        if not told or reader.vocabulary.is_empty_marker(told[0]) or reader.vocabulary.word("nothing", told[0]):
            continue
        snapshot = " ".join(texts[at + 1 :]) or None
        found.append(WhyNot(label=told[0], text=" ".join(told[1:]) or None, snapshot=snapshot))
    return found


def _is_control(reader: PageReader, text: str) -> bool:
    return text in reader.vocabulary.controls or reader.vocabulary.word("sellers_turn", text) is not None


def _why_not_rows(reader: PageReader) -> Iterator[WhyNot]:
    """The same as a table: what is missing, why, and a column that is called a snapshot."""
    for table in reader.tables:
        snapshot = next((n for n, title in table.titles.items() if _part(reader, title) == "snapshot"), None)
        for row in reader.data_rows(table) if snapshot is not None else ():
            told = [text for n in row.cells if n != snapshot and (text := " ".join(row.cell(n)))]
            if told:
                yield WhyNot(
                    label=told[0],
                    text=" ".join(told[1:]) or None,
                    snapshot=" ".join(row.cell(snapshot)) or None,
                )


def _part(reader: PageReader, text: str) -> str | None:
    return reader.labels.parts.get(label_key(text))


def _in_its_unit(text: str) -> float | None:
    return measure(text, unit_shown(text))


def _weeks(reader: PageReader) -> list[Week]:
    table, columns = reader.table("week_ending")
    if table is None:
        return _weeks_across(reader)
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


def _weeks_across(reader: PageReader) -> list[Week]:
    """The same turned round: a column a week under its date, a row a metric."""
    found: dict[date, dict[str, float | None]] = {}
    for table in reader.tables:
        days = {n: on for n, title in table.titles.items() if (on := day_in(title)) is not None}
        for row in reader.data_rows(table) if days else ():
            label = next((" ".join(chunks) for n, chunks in row.cells.items() if n not in days and chunks), "")
            name = metric_name(reader, label)
            for number, on in days.items() if name != "other" else ():
                text = " ".join(row.cell(number))
                found.setdefault(on, {})[name] = reader.parsed(f"weeks.{name}", label, text, _in_its_unit)
    return [Week(week_ending=on, metrics=metrics) for on, metrics in found.items()]


PAGE = PageKind("level", read)
