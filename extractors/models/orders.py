"""The order list, and the official export of it."""

from __future__ import annotations

from datetime import datetime

from pydantic.dataclasses import dataclass

from extractors.models.base import STRICT, Model, Money
from extractors.models.rows import LongListRow
from extractors.models.states import AfterSale, OrderStatus, Sync


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TrackingNumber:
    """A tracking number as an order shows it."""

    number: str | None
    carrier: str | None = None
    sync: Sync | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Order(LongListRow):
    """An order of the order list or of the official export.

    ``tracking`` is None when the page has no such column. ``lines`` counts order lines, ``quantity`` pieces.
    The keys from ``paid_at`` on are known to the export only.
    """

    order_id: str
    placed_at: datetime | None
    status: OrderStatus
    status_text: str | None = None
    after_sale: AfterSale | None = None
    scan_by: datetime | None = None
    ship_by: datetime | None = None
    amount: Money | None = None
    amount_local: Money | None = None
    lines: int | None = None
    quantity: int | None = None
    tags: tuple[str, ...] | None = None
    shipping_service: str | None = None
    tracking: tuple[TrackingNumber, ...] | None = None
    paid_at: datetime | None = None
    shipped_at: tuple[datetime, ...] | None = None
    confirmed_at: datetime | None = None
    destination: str | None = None


class OrdersData(Model):
    """The order list (or an order export): total printed by the page, page number, pages, orders."""

    total: int | None
    page: int | None = None
    pages: int | None = None
    orders: tuple[Order, ...]
