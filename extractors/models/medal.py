"""The medals."""

from __future__ import annotations

from datetime import date
from typing import Literal

from extractors.models.base import Model


class MedalMetric(Model):
    """A metric of the medal assessment: the value, the line to keep and the line to reach, in ``unit``."""

    label: str
    value: float | None
    keep: float | None
    reach: float | None
    unit: Literal["ratio", "points", "money", "count", "days", "seconds"] | None
    better: Literal["higher", "lower"] | None


class MedalData(Model):
    """The medal benefits centre."""

    current: Literal["gold", "silver", "ordinary"] | None
    front_badge: Literal["gold", "silver", "jbp", "stylised", "plus", "none"] | None
    good_seller_until: date | None
    opened_on: date | None
    period_ends_on: date | None
    metrics: tuple[MedalMetric, ...]
