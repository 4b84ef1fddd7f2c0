"""Store health."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from extractors.models.base import Model, Money, Ratio


class PartScores(Model):
    """The five parts of the health score, 0–100 points each."""

    fulfilment: float | None = None
    dispute: float | None = None
    # "return" is a keyword in Python, so the attribute differs from the public key.
    returns: float | None = Field(default=None, alias="return")
    positive: float | None = None
    response: float | None = None


class HealthData(Model):
    """The store-health page; ``score`` and the parts in points (0–100), rates as fractions, ``*_s`` in seconds."""

    score: float | None
    as_of: date | None
    fulfilment_rate: Ratio | None
    dispute_rate: Ratio | None
    return_rate: Ratio | None
    positive_rate: Ratio | None
    response_s: int | None
    part_scores: PartScores | None
    order_defect_rate: Ratio | None
    average_reply_s: int | None
    cancel_rate: Ratio | None
    sales_30d: Money | None
    top_rated: bool | None
    level: Literal["healthy", "general", "severe", "frozen", "closed"] | None
