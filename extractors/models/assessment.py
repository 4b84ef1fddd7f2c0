"""The shipping promise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from extractors.models.base import Model, Ratio
from extractors.models.rows import ListRow


class PromiseCase(ListRow):
    """An order that broke the shipping promise; ``appeal_by`` is the end of the appeal."""

    order_id: str
    reason: Literal["late_first_scan", "false_shipment"] | None
    placed_at: datetime | None = None
    appeal_by: datetime | None = None


class AssessmentData(Model):
    """The shipping-promise page; rates are fractions."""

    stat_date: date | None
    on_time_rate: Ratio | None
    scan_72h_rate: Ratio | None
    fulfilment_rate: Ratio | None
    not_sold_rate: Ratio | None
    snad_rate: Ratio | None
    dispute_rate: Ratio | None
    positive_rate: Ratio | None
    reply_24h_rate: Ratio | None
    standard_shipping_share: Ratio | None
    total: int | None
    cases: tuple[PromiseCase, ...]
