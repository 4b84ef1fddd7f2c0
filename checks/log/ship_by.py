"""LOG003: the time left to ship an order is 24 hours or less, or over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.scope import TO_SHIP, elapsed, live_orders, require, status_unknown, whose
from checks.rule import rule
from checks.text import Text, duration, moment, number
from extractors.models import OrderStatus

if TYPE_CHECKING:
    from extractors.models.orders import Order


@rule(
    code="LOG003",
    name="ship-by-deadline",
    severity=Severity.ERROR,
    sources=("S0", "S4"),
    needs=("orders|order_export", "orders.ship_by|order_export.ship_by"),
    thresholds=("ship_by_lead",),
    page="orders",
    menu=Text("订单管理 → 待发货", "Order management → waiting for shipment"),
    title=Text("订单发货期限将到或已过", "An order's ship-by time is near or over"),
    why=Text(
        "履约超时是等级下降最常见的原因，超过一半的降级店铺栽在这里；过期未发还可能被平台关单并计成交不卖。",
        "Late fulfilment is the most frequent cause of a lost level, more than half of all cases; an order that is not "
        "shipped in time may be closed and counted as sold but not delivered.",
    ),
    fix=Text(
        "今天就打单交运并填写单号；确实发不出的，先联系买家协商延长发货期，不要虚假点发货。",
        "Label and hand it over today and enter the number. If that cannot be done, agree on a longer time with the "
        "buyer first; never mark it shipped without shipping.",
    ),
)
def ship_by(audit: Audit) -> Iterator[Finding]:
    lead = timedelta(hours=audit.line())
    orders = [o for o in live_orders(audit) if o.status in _ASKED]
    for order in orders:
        if order.ship_by is None:
            if order.status in TO_SHIP:
                audit.gap(
                    Text(
                        f"订单 {order.order_id} 没有显示剩余发货时间",
                        f"order {order.order_id} shows no time left to ship",
                    )
                )
            continue
        left = elapsed(audit.now, order.ship_by)
        if left > lead:
            continue
        if order.status is OrderStatus.UNKNOWN:
            audit.gap(status_unknown(order))
        else:
            yield _finding(audit, order, left)
    require(audit, orders, Text("没有待发货的订单", "no order is waiting for shipment"))


_ASKED = TO_SHIP | {OrderStatus.UNKNOWN}


def _finding(audit: Audit, order: Order, left: timedelta) -> Finding:
    assert order.ship_by is not None
    line, span = audit.threshold(), duration(left)
    hours, due = number(audit.line()), moment(order.ship_by.astimezone(audit.timezone))
    if left > timedelta(0):
        severity, observed = Severity.WARNING, Text(f"剩 {span.zh}", f"{span.en} left")
        message = Text(
            f"订单 {order.order_id} 只剩 {span.zh}可发货（期限 {due}），已进入{whose(line).zh} {hours} 小时预警线",
            f"Order {order.order_id} has {span.en} left to ship (until {due}), inside {whose(line).en} {hours} hours",
        )
    else:
        severity, observed = Severity.ERROR, Text(f"已过 {span.zh}", f"{span.en} late")
        message = Text(
            f"订单 {order.order_id} 的平台发货期限 {due} 已过 {span.zh}，仍未发货",
            f"Order {order.order_id} passed the platform's ship-by time {due} by {span.en} and is not shipped",
        )
    return audit.finding(
        Subject("order", order.order_id),
        message,
        observed=observed,
        expected=Text(f"> {hours} 小时", f"> {hours} h"),
        severity=severity,
        threshold=line,
        evidence=audit.seen(order, "ship_by"),
        due_at=order.ship_by,
    )
