"""The figures that are kept over time: every single number of a page, under ``kind.field``.

The requirements of the level and of the medals are rows, so they go by their own names: ``level.tracker.<name>`` and
``medal.metrics.<label>``. Their lines, marks and dates are no figures; those two pages are kept whole as one word
(``level.page``, ``medal.page``), so that a past run still tells what was asked for. Neither page shows a buyer.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from agent.history.runs import Metric, MetricValue
from checks.facts import Facts
from checks.lvl.requirement import ids
from extractors.models import Level, Model, Money, Reading

if TYPE_CHECKING:
    from extractors.models.level import TrackerItem
    from extractors.models.medal import MedalMetric

Unit = Literal["ratio", "points", "days", "seconds", "count"]

RATIO_ENDINGS = ("_rate", "_share", "_coverage")
POINTS = frozenset({"score", "rating", "points"})
MEDALS = {"ordinary": 0.0, "silver": 1.0, "gold": 2.0}
LEVELS = {"star": 0, "diamond": 5, "crown": 10}
"""A level as one number: stars count from 0, diamonds after five stars, crowns after five diamonds."""


def metrics_of(facts: Facts) -> tuple[Metric, ...]:
    """Every figure of the newest readable page of each kind, and how many orders stand in each status."""
    found: list[Metric] = []
    for kind in dict.fromkeys(reading.kind for reading in facts.readings):
        reading = facts.read(kind)
        if reading is not None:
            found += _of_page(reading)
    if any(facts.read(kind) for kind in ("orders", "order_export")):
        statuses = Counter(order.status for order in facts.orders)
        found += [Metric(f"orders.{s}", float(n), "count", facts.captured_at) for s, n in sorted(statuses.items())]
    return tuple(found)


def _of_page(reading: Reading) -> list[Metric]:
    found = []
    at = reading.captured_at
    for name in type(reading.data).model_fields:
        value = getattr(reading.data, name)
        found += [Metric(f"{reading.kind}.{key}", figure, unit, at) for key, figure, unit in _figures(name, value)]
    if reading.kind == "medal" and reading.data.current is not None:
        found.append(Metric("medal.current", MEDALS[reading.data.current], "count", at))
    if reading.kind in ("level", "medal"):
        found += [Metric(name, value, unit, at) for name, value, unit in _requirements(reading)]
        found.append(Metric(page_of(reading.kind), reading.data.model_dump_json(), None, at))
    return found


def page_of(kind: str) -> str:
    """The name under which a page is kept whole."""
    return f"{kind}.page"


def _requirements(reading: Reading) -> list[tuple[str, float, str | None]]:
    """What the platform asks for, row by row; a row that is not assessed is left out."""
    named: list[tuple[str, TrackerItem | MedalMetric]]
    if reading.kind == "level":
        tracker = reading.data.tracker
        named = [(f"level.tracker.{key}", item) for key, item in zip(ids(tracker), tracker, strict=True)]
    else:
        named = [(f"medal.metrics.{item.label}", item) for item in reading.data.metrics]
    return [(name, item.value, item.unit) for name, item in named if item.value is not None]


def _figures(name: str, value: object) -> list[tuple[str, MetricValue, str | None]]:
    """The numbers of one field: itself, an amount of money, a rating dimension's score, the parts of a score."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [(name, float(value), unit_of_field(name))]
    if isinstance(value, Money):
        return [(name, value.amount, value.currency)]
    if isinstance(value, Level):
        return [(name, float(LEVELS[value.kind] + value.rank), "count")]
    if isinstance(value, Model):
        parts = {part: getattr(value, part) for part in type(value).model_fields}
        if "score" in parts:  # a dimension of the rating, whose windows are no figures of their own
            return [(name, parts["score"], "points")] if parts["score"] is not None else []
        return [(f"{name}.{part}", float(p), "points") for part, p in parts.items() if isinstance(p, int | float)]
    return []


def unit_of_field(name: str) -> Unit:
    """The unit of a field by its name, as backend.md names them."""
    if name.endswith(RATIO_ENDINGS):
        return "ratio"
    if name.endswith("_s"):
        return "seconds"
    if name.endswith("_days"):
        return "days"
    return "points" if name in POINTS else "count"
