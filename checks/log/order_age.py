"""LOG010: an order that is not complete 75 days (or more than 90) after it was placed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject, Threshold
from checks.log.scope import RECEIVED, after, evidence, live_orders, require, status_unknown, whose
from checks.rule import rule
from checks.text import Text, duration, moment, number
from extractors.models import OrderStatus

if TYPE_CHECKING:
    from extractors.models.orders import Order

NOT_COUNTED = RECEIVED | {OrderStatus.AWAITING_PAYMENT}
"""Complete, or never begun: nobody reviews an unpaid order."""


class Lines(NamedTuple):
    """The line that warns and the one after which reviews are lost."""

    warning: Threshold
    limit: Threshold


@rule(
    code="LOG010",
    name="order-open-too-long",
    severity=Severity.ERROR,
    sources=("S3",),
    needs=("orders|order_export", "orders.placed_at|order_export.placed_at"),
    thresholds=("order_open_limit", "order_open_warning"),
    page="orders",
    menu=Text("订单管理 → 待买家收货", "Order management → shipped"),
    title=Text("订单迟迟没有完成，评价将失效", "An order stays open so long that its reviews are lost"),
    why=Text(
        "下单超过 90 天仍未完成的订单，所有评价都不计入店铺评分；清关延误多的线路最容易整批失效。",
        "Reviews of an order that is not complete after 90 days never count for the store rating; routes with slow "
        "customs lose them by the dozen.",
    ),
    fix=Text(
        "未满 90 天的：催承运商妥投，已妥投就上传签收证明并请买家确认收货。已超期的：查清原因，避免同线路再发生。",
        "Before 90 days: press the carrier; once delivered, upload the proof and ask the buyer to confirm. After: find "
        "out why, so that the route does not lose more.",
    ),
)
def order_age(audit: Audit) -> Iterator[Finding]:
    lines = Lines(audit.threshold("order_open_warning"), audit.threshold("order_open_limit"))
    warn, limit = timedelta(days=audit.line("order_open_warning")), timedelta(days=audit.line("order_open_limit"))
    orders = [o for o in live_orders(audit) if o.status not in NOT_COUNTED]
    now = audit.now.timestamp()
    for order in orders:
        if order.placed_at is None:
            audit.gap(Text(f"订单 {order.order_id} 没有下单时间", f"order {order.order_id} shows no time of placement"))
            continue
        age = timedelta(seconds=now - order.placed_at.timestamp())  # real time, as :func:`elapsed` counts it
        if age < warn and age <= limit:
            continue
        if order.status is OrderStatus.UNKNOWN:
            audit.gap(status_unknown(order))
        else:
            yield _finding(audit, order, age, after(order.placed_at, limit, audit), age > limit, lines)
    require(audit, orders, Text("没有未完成的订单", "every order is complete"))


def _finding(audit: Audit, order: Order, age: timedelta, due: datetime, over: bool, lines: Lines) -> Finding:
    line = lines.limit if over else lines.warning
    days = age // timedelta(days=1)
    at, limit = number(line.value or 0), number(lines.limit.value or 0)
    if over:
        message = Text(
            f"订单 {order.order_id} 下单 {days} 天仍未完成，超过{whose(line).zh} {at} 天线，评价不再计入",
            f"Order {order.order_id} is still open after {days} days, over {whose(line).en} {at} days: "
            "its reviews no longer count",
        )
    else:
        message = Text(
            f"订单 {order.order_id} 下单 {days} 天仍未完成，已到 {at} 天预警；"
            f"{moment(due)} 满{whose(line).zh} {limit} 天线",
            f"Order {order.order_id} is still open after {days} days (warning at {at}); at {moment(due)} it reaches "
            f"{whose(line).en} {limit} days",
        )
    return audit.finding(
        Subject("order", order.order_id),
        message,
        observed=duration(age),
        expected=Text(f"< {at} 天", f"< {at} days") if not over else Text(f"≤ {at} 天", f"≤ {at} days"),
        severity=Severity.ERROR if over else Severity.WARNING,
        threshold=line,
        evidence=evidence(audit, order, "placed_at", "status"),
        due_at=due,
    )
