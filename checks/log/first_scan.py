"""LOG017: an order shows a first-scan deadline that is near or over, and no carrier has scanned it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.scope import RECEIVED, UNDER_WAY, elapsed, live_orders, parcels_of, require, tracking_missing, whose
from checks.log.traces import MOVING
from checks.rule import rule
from checks.text import Text, duration, moment, number
from extractors.models import OrderStatus, ParcelStatus, Sync

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel

OVER = RECEIVED | {OrderStatus.AWAITING_PAYMENT}


@rule(
    code="LOG017",
    name="first-scan-deadline",
    severity=Severity.ERROR,
    sources=("field practice",),
    needs=("orders.scan_by", "tracking.first_scan_at|tracking.events"),
    thresholds=("first_scan_lead",),
    page="orders",
    menu=Text("订单管理 → 上网考核时间", "Order management → first-scan deadline"),
    title=Text("上网考核时间将到，承运商还没有扫描", "The first-scan deadline is near and no carrier has scanned"),
    why=Text(
        "只点发货（声明发货、预报）不算上网，要有承运商真实揽收扫描；过了考核时间就按物流上网超时计。",
        "A declared shipment or an advance notice is no scan: only the carrier's own counts. After the deadline the "
        "order goes down as a late first scan.",
    ),
    fix=Text(
        "立即联系揽收仓或承运商核实包裹在哪、什么时候扫描；没交出去的马上交，换快的揽收方式。",
        "Ask the carrier or its warehouse now where the parcel is and when it will be scanned; hand over at once what "
        "has not left.",
    ),
)
def first_scan(audit: Audit) -> Iterator[Finding]:
    lead = timedelta(hours=audit.line())
    orders = [o for o in live_orders(audit) if o.status not in OVER]
    if not audit.facts.read("orders"):
        audit.gap(Text("订单导出表没有上网考核时间", "an order export shows no first-scan deadlines"))
    parcels = parcels_of(audit)
    assessed = [order for order in orders if order.scan_by]
    for order in assessed:
        assert order.scan_by is not None
        left = elapsed(audit.now, order.scan_by)
        if left > lead:
            continue
        scanned = _is_scanned(order, parcels.get(order.order_id, []))
        if scanned is None:
            audit.gap(tracking_missing(audit, order))
        elif not scanned:
            yield _finding(audit, order, order.scan_by, left)
    require(audit, assessed, Text("没有上网时效考核的订单", "no order has a first-scan deadline"))


def _is_scanned(order: Order, parcels: list[Parcel]) -> bool | None:
    """Whether a carrier has scanned any parcel of the order; None when no page can say so."""
    states = [_parcel_scanned(parcel) for parcel in parcels]
    if True in states:
        return True
    if states:
        return None if None in states else False
    unnumbered = order.tracking is not None and all(entry.number is None for entry in order.tracking)
    return False if unnumbered and order.status in UNDER_WAY else None


def _parcel_scanned(parcel: Parcel) -> bool | None:
    if parcel.first_scan_at or any(event.scan for event in parcel.events):
        return True
    if parcel.status in MOVING or parcel.status is ParcelStatus.DELIVERED:
        return True
    unseen = parcel.tracking_number is None or parcel.sync in (Sync.NOT_SYNCED, Sync.MISSING)
    known = parcel.events or parcel.status in (ParcelStatus.PRE_TRANSIT, ParcelStatus.NOT_SYNCED)
    return False if unseen or known else None


def _finding(audit: Audit, order: Order, scan_by: datetime, left: timedelta) -> Finding:
    line, span = audit.threshold(), duration(left)
    hours, due = number(audit.line()), moment(scan_by.astimezone(audit.timezone))
    if left >= timedelta(0):
        severity, observed = Severity.WARNING, Text(f"剩 {span.zh}", f"{span.en} left")
        message = Text(
            f"订单 {order.order_id} 距上网考核时间 {due} 只剩 {span.zh}，"
            f"进入{whose(line).zh} {hours} 小时预警线，承运商还没有扫描",
            f"Order {order.order_id} has {span.en} left for its first scan (until {due}), inside {whose(line).en} "
            f"{hours} hours, and no carrier has scanned it",
        )
    else:
        severity, observed = Severity.ERROR, Text(f"已过 {span.zh}", f"{span.en} late")
        message = Text(
            f"订单 {order.order_id} 的上网考核时间 {due} 已过 {span.zh}，平台仍没有承运商扫描记录",
            f"Order {order.order_id} passed the platform's first-scan deadline {due} by {span.en} "
            "without a carrier's scan",
        )
    return audit.finding(
        Subject("order", order.order_id),
        message,
        observed=observed,
        expected=Text("考核时间前有承运商扫描", "a carrier's scan before the deadline"),
        severity=severity,
        threshold=line,
        evidence=audit.seen(order, "scan_by"),
        due_at=scan_by,
    )
