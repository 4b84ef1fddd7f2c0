"""Disputes and refunds."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from extractors.models.base import Model, Money
from extractors.models.rows import ListRow


class Dispute(ListRow):
    """A dispute or refund; ``respond_by`` comes from the countdown shown."""

    order_id: str
    dispute_id: str | None
    kind: Literal["refund", "return"] | None
    reason: str | None
    not_as_described: bool | None
    amount: Money | None
    opened_at: datetime | None
    closed_at: datetime | None
    stage: Literal[
        "negotiating", "platform", "buyer_returning", "warehouse_receiving", "seller_receiving", "ended", "unknown"
    ]
    awaiting: Literal["seller", "buyer", "platform", "none"] | None
    respond_by: datetime | None
    insured: bool


class DisputesData(Model):
    """Disputes and refunds."""

    total: int | None
    disputes: tuple[Dispute, ...]
