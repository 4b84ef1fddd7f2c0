"""The seller level."""

from __future__ import annotations

from datetime import date
from typing import Literal

from extractors.models.base import Model
from extractors.models.states import Level


class TrackerItem(Model):
    """One line of the Level Progress Tracker; value and threshold in ``unit`` (a ratio is a fraction)."""

    name: str
    label: str
    value: float | None
    threshold: float | None
    unit: Literal["ratio", "points", "money", "count", "days", "seconds"] | None
    state: Literal["green", "amber", "red"] | None


class WhyNot(Model):
    """An item of "Why Not Upgraded?" with the data snapshot it shows."""

    label: str
    text: str | None
    snapshot: str | None


class Week(Model):
    """A weekly evaluation: values by metric name, in the tracker's units."""

    week_ending: date
    metrics: dict[str, float | None]


class LevelData(Model):
    """The seller-level page."""

    current: Level | None
    next: Level | None
    evaluated_on: date | None
    next_evaluation_on: date | None
    tracker: tuple[TrackerItem, ...]
    why_not: tuple[WhyNot, ...]
    weeks: tuple[Week, ...]
