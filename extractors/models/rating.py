"""The store rating."""

from __future__ import annotations

from datetime import date
from typing import Literal

from extractors.models.base import Model, Ratio


class RatingDimension(Model):
    """One dimension of the store rating (0–5 points) and its three windows."""

    score: float | None
    days_30: float | None
    days_60: float | None
    days_90: float | None


class RatingData(Model):
    """The store-rating page; ratings in points of 5."""

    status: Literal["enabled", "calculating", "not_enabled"] | None
    rating: float | None
    causes: tuple[str, ...]
    description: RatingDimension | None
    logistics: RatingDimension | None
    service: RatingDimension | None
    orders_90d: int | None
    valid_orders_90d: int | None
    confirmed_rate: Ratio | None
    first_reply_12h_rate: Ratio | None
    dispute_rate: Ratio | None
    refund_72h_rate: Ratio | None
    opened_on: date | None
    course_completed: bool | None
    not_as_described_returns: int | None
    red_marks: tuple[str, ...]
