"""Figures that several pages show: where they stand, of which day they are, and how finely they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import tomli
from pydantic import BaseModel, ConfigDict, TypeAdapter

from checks.audit import DUST, Audit
from checks.finding import Evidence
from checks.measure import figure as words_of
from checks.text import Text, day, plain
from extractors.models import Reading

NUMBER = re.compile(r"\d[\d,]*(?:\.(?P<digits>\d+))?\s*(?P<unit>%|％|天|小时|时|分|秒|d|h|m|s)?", re.IGNORECASE)
SECONDS = {"天": 86_400, "d": 86_400, "小时": 3_600, "时": 3_600, "h": 3_600, "分": 60, "m": 60}


class Known(BaseModel):
    """A figure that several pages show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    unit: Literal["ratio", "points", "seconds", "date"]
    step: float
    places: tuple[str, ...]
    zh: str
    en: str


class Shown(NamedTuple):
    """A figure on one page: its value, the day that it is of, the smallest difference that the page shows."""

    kind: str
    value: float | date
    of: date | None
    step: float
    evidence: Evidence

    def words(self, unit: str) -> Text:
        return plain(day(self.value)) if isinstance(self.value, date) else words_of(self.value, unit)

    def agrees(self, other: Shown) -> bool:
        """Whether the two may be the same figure: rounding apart, or of different days."""
        if self.of and other.of and self.of != other.of:
            return True
        if isinstance(self.value, date) or isinstance(other.value, date):
            return self.value == other.value
        return abs(self.value - other.value) <= (self.step + other.step) / 2 + DUST


@cache
def known() -> tuple[Known, ...]:
    return TypeAdapter(tuple[Known, ...]).validate_python(_data()["figure"])


@cache
def _data() -> dict[str, object]:
    return tomli.loads((files("checks") / "data" / "figures.toml").read_text("utf-8"))


@cache
def _dates() -> dict[str, str]:
    """Page kind -> the field that says of which day its figures are."""
    return TypeAdapter(dict[str, str]).validate_python(_data()["dates"])


def places(audit: Audit, one: Known) -> Iterator[Shown]:
    """The figure on each page that shows it."""
    dates = _dates()
    for place in one.places:
        kind, *path = place.split(".")
        reading = audit.facts.read(kind)
        value = None if reading is None else value_at(reading, path)
        if reading is None or value is None:
            continue
        keys = (".".join(path), path[-1], path[0])
        label, text = next((reading.figures[key] for key in keys if key in reading.figures), (None, None))
        yield Shown(
            kind,
            value,
            getattr(reading.data, dates[kind]) if kind in dates else None,
            one.step if text is None else step_of(text, one),
            Evidence(kind, reading.sequence, label, text, reading.captured_at),
        )


def value_at(reading: Reading, path: list[str]) -> float | date | None:
    """The value at a field, inside a group, or of a line of the level tracker."""
    if path[0] == "tracker" and reading.kind == "level":
        return next((item.value for item in reading.data.tracker if item.name == path[1]), None)
    found = reading.data
    for key in path:
        found = getattr(found, key, None)
    return found if isinstance(found, int | float | date) else None


def step_of(text: str, one: Known) -> float:
    """The smallest difference that a text as shown can express: "98.5 %" a tenth of a percent."""
    numbers = list(NUMBER.finditer(text))
    if not numbers or one.unit == "date":
        return one.step
    last = numbers[-1 if one.unit == "seconds" else 0]
    unit = (last["unit"] or "").casefold()
    size = SECONDS.get(unit, 1) if one.unit == "seconds" else 0.01 if unit in ("%", "％") else 1
    return float(size / 10 ** len(last["digits"] or ""))
