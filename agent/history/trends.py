"""The main figures of a store over time, as reports show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from agent.history.runs import MetricSeen, RunRecord
from checks.hlt.trend import watched
from checks.text import Text

if TYPE_CHECKING:
    from agent.history.database import History

Trends = Mapping[str, Sequence[MetricSeen]]
"""Figures over time, oldest first, by name."""
SPAN = timedelta(days=180)
"""How far back a report looks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that reports show over time; ``lines`` names thresholds, ``higher_is_better`` None says neither."""

    metric: str
    name: Text
    unit: str
    higher_is_better: bool | None
    lines: tuple[str, ...] = ()


@cache
def shown() -> tuple[Shown, ...]:
    """Every figure that is shown, the most important first: those whose trend is judged, and the store's rating."""
    judged = [
        Shown(one.metric, Text(one.zh, one.en[:1].upper() + one.en[1:]), one.unit, one.better == "higher", one.lines)
        for one in watched()
    ]
    rating = Shown("rating.rating", Text("店铺评分", "Store rating"), "points", True)
    return (judged[0], rating, *judged[1:])


def trends_of(history: History, record: RunRecord) -> Trends:
    """The figures up to what a run read, by name, oldest first, of complete runs; what was never read is left out."""
    start, end = record.now - SPAN, max((metric.at for metric in record.metrics), default=record.now)
    found = {one.metric: history.metric(record.store.key, one.metric, start) for one in shown()}
    upto = {name: [point for point in points if point.metric.at <= end] for name, points in found.items()}
    return {name: points for name, points in upto.items() if points}
