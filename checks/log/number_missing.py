"""LOG002: an order that waits for shipment, or is marked shipped, has an empty tracking cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity, Subject, Threshold
from checks.log.scope import (
    MARKED_SHIPPED,
    TO_SHIP,
    UNDER_WAY,
    elapsed,
    evidence,
    live_orders,
    parcels_of,
    require,
    status_unknown,
    tracking_missing,
)
from checks.rule import rule
from checks.text import Text, duration, number
from extractors.models import OrderStatus, Sync

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel


@rule(
    code="LOG002",
    name="tracking-number-missing",
    severity=Severity.ERROR,
    sources=("S4",),
    needs=("orders|order_export", "orders.tracking|order_export.tracking|tracking.tracking_number"),
    thresholds=("number_missing_lead",),
    page="orders",
    menu=Text("订单管理 → 待发货 → 物流单号", "Order management → waiting for shipment → Tracking number"),
    title=Text("订单没有填写物流单号", "An order has no tracking number"),
    why=Text(
        "物流单号为空，平台就没有任何轨迹可以跟踪；已标记发货却没有单号的订单，还可能被判虚假发货。",
        "With an empty cell the platform has no trace to follow; an order marked shipped without a number may even be "
        "taken for a false shipment.",
    ),
    fix=Text(
        "在该订单的发货页填入承运商和真实单号并同步；还没出货的，在发货期限前安排打单交运。",
        "Enter the carrier and the real number on the order's shipping step and sync it; what has not left yet must be "
        "labelled and handed over before the ship-by time.",
    ),
)
def number_missing(audit: Audit) -> Iterator[Finding]:
    line, hours = audit.threshold(), audit.line()
    parcels = parcels_of(audit)
    orders = live_orders(audit)
    for order in orders:
        if order.status not in _ASKED:
            continue
        rows = parcels.get(order.order_id, [])
        empty = _is_empty(order, rows)
        if order.status in UNDER_WAY and empty is None:
            audit.gap(tracking_missing(audit, order))
        elif order.status in UNDER_WAY and empty:
            yield _finding(audit, order, _where(audit, order, rows), line, hours)
        elif order.status is OrderStatus.UNKNOWN and empty is not False:
            audit.gap(status_unknown(order))
    require(audit, (o for o in orders if o.status in UNDER_WAY), _NONE)


_ASKED = UNDER_WAY | {OrderStatus.UNKNOWN}
_NONE = Text("没有待发货或待收货的订单", "no order is waiting for shipment or for its receipt")


def _is_empty(order: Order, parcels: list[Parcel]) -> bool | None:
    """Whether the order has no number on any page; None when no page says so.

    A bare "not synced" hides a number that exists.
    """
    cells = [(e.number, e.sync) for e in order.tracking or ()] + [(p.tracking_number, p.sync) for p in parcels]
    if any(written or sync in (Sync.SYNCED, Sync.NOT_SYNCED) for written, sync in cells):
        return False
    return True if cells or order.tracking is not None else None


def _where(audit: Audit, order: Order, parcels: list[Parcel]) -> Evidence | None:
    if order.tracking is None and parcels:
        return evidence(audit, parcels[0], "tracking_number", "sync")
    return audit.seen(order, "tracking")


def _finding(audit: Audit, order: Order, where: Evidence | None, line: Threshold, hours: float) -> Finding:
    left = elapsed(audit.now, order.ship_by) if order.ship_by and order.status in TO_SHIP else None
    marked = order.status in MARKED_SHIPPED
    near = left is not None and left <= timedelta(hours=hours)
    asked = Text(
        f"平台要求发货时填写单号（剩 {number(hours)} 小时内升为严重）",
        f"the platform asks for one (an error from {number(hours)} h before the ship-by time)",
    )
    if marked:
        state = Text("已标记发货", "is marked shipped")
        asked = Text("平台要求已发货的订单都有单号", "the platform asks for one on every shipped order")
    elif left is None:
        state = Text("等待发货", "waits for shipment")
    elif left <= timedelta(0):
        span = duration(left)
        state = Text(f"发货期限已过 {span.zh}", f"passed its ship-by time {span.en} ago")
    else:
        span = duration(left)
        state = Text(f"距发货期限还有 {span.zh}", f"has {span.en} left to ship")
    return audit.finding(
        Subject("order", order.order_id),
        Text(
            f"订单 {order.order_id} {state.zh}，物流单号为空；{asked.zh}",
            f"Order {order.order_id} {state.en} and has no tracking number; {asked.en}",
        ),
        observed=Text("物流单号为空", "empty tracking cell"),
        expected=Text("有物流单号", "a tracking number"),
        severity=Severity.ERROR if marked or near else Severity.WARNING,
        threshold=line,
        evidence=where,
        due_at=order.ship_by if order.status in TO_SHIP else None,
    )
