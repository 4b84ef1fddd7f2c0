"""Trends of a figure over the runs: a robust straight line (Theil–Sen), and the figures that are watched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import combinations
from statistics import median
from typing import Literal, NamedTuple

import tomli
from pydantic import BaseModel, ConfigDict, TypeAdapter

from checks.facts import MetricPoint

DAY = timedelta(days=1)


class Watched(BaseModel):
    """A figure that is watched, and the thresholds that it may reach."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    better: Literal["higher", "lower"]
    unit: str
    lines: tuple[str, ...]
    zh: str
    en: str


@cache
def watched() -> tuple[Watched, ...]:
    """Every watched figure, as the data file lists them."""
    raw = tomli.loads((files("checks") / "data" / "trends.toml").read_text("utf-8"))
    return TypeAdapter(tuple[Watched, ...]).validate_python(raw["trend"])


class Trend(NamedTuple):
    """A straight line through points: ``level`` at ``origin``, changing by ``slope`` a day."""

    origin: datetime
    level: float
    slope: float

    def reaches(self, line: float) -> datetime:
        """When it meets a line; the slope must not be zero."""
        return self.origin + DAY * ((line - self.level) / self.slope)


def theil_sen(points: Sequence[MetricPoint]) -> Trend:
    """The line whose slope is the median of all slopes between two points: single outliers do not bend it."""
    origin = points[-1].at
    xs = [(point.at - origin) / DAY for point in points]
    ys = [point.value for point in points]
    slopes = [(ys[j] - ys[i]) / (xs[j] - xs[i]) for i, j in combinations(range(len(points)), 2) if xs[j] != xs[i]]
    slope = median(slopes) if slopes else 0.0
    return Trend(origin, median(y - slope * x for x, y in zip(xs, ys, strict=True)), slope)
