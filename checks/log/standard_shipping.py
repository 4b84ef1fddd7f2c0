"""LOG012: fewer orders than the benchmark travel with AliExpress Standard Shipping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import DUST, Audit, CannotTell
from checks.facts import ORDER_KINDS
from checks.finding import Evidence, Finding, Severity
from checks.log.scope import evidence, is_dead, nothing, whose
from checks.rule import rule
from checks.text import Text, percent
from extractors.models import OrderStatus

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel

STANDARD = re.compile(r"无忧.*标准|aliexpress\s*standard", re.IGNORECASE)
SHIPPED = frozenset((OrderStatus.PARTLY_SHIPPED, OrderStatus.AWAITING_RECEIPT, OrderStatus.COMPLETED))


@rule(
    code="LOG012",
    name="non-standard-shipping",
    severity=Severity.INFO,
    sources=("S0",),
    needs=("assessment.standard_shipping_share|orders.shipping_service|tracking.service",),
    thresholds=("standard_shipping_share",),
    page="assessment",
    menu=Text("店铺 → 店铺表现", "Store → Store performance"),
    title=Text("无忧物流-标准使用率低于标杆", "Less Standard Shipping than the benchmark"),
    why=Text(
        "达标一钻的卖家 98.2% 的订单走无忧物流-标准，物流纠纷少、妥投率高；选其他渠道是物流超时降级的主要根源之一。",
        "Sellers who reach One Diamond send 98.2 % of their orders by Standard Shipping, with fewer disputes and more "
        "deliveries; other channels are a main root of late fulfilment.",
    ),
    fix=Text(
        "在运费模板里把无忧物流-标准设为主推渠道，不能走标准的商品（带电、大件）单独建模板。",
        "Make Standard Shipping the main channel of the shipping templates, and give goods that cannot use it "
        "(batteries, bulky) a template of their own.",
    ),
)
def standard_shipping(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    share = audit.maybe("assessment.standard_shipping_share")
    basis = Text("", "")
    where: Evidence | None
    if share is not None:
        where = audit.shown("assessment.standard_shipping_share")
    else:
        share, orders, where = _counted(audit)
        basis = Text(f"（按 {orders} 个已发货订单统计）", f" (counted over {orders} shipped orders)")
    if share < audit.line() - DUST:
        yield audit.finding(
            audit.subject(),
            Text(
                f"无忧物流-标准使用率 {percent(share)}{basis.zh}，低于{whose(line).zh} {percent(audit.line())} 标杆",
                f"Standard Shipping carries {percent(share)} of the orders{basis.en}, under {whose(line).en} benchmark "
                f"of {percent(audit.line())}",
            ),
            observed=percent(share),
            value=share,
            expected=f"≥ {percent(audit.line())}",
            threshold=line,
            evidence=where,
        )


def _counted(audit: Audit) -> tuple[float, int, Evidence | None]:
    """The share from the shipped orders' own services: where the assessment page does not show it."""
    readable = [kind for kind in (*ORDER_KINDS, "tracking") if audit.facts.read(kind)]
    if not readable:
        audit.value("assessment.standard_shipping_share")  # raises with the reason
    for kind in (*ORDER_KINDS, "tracking"):
        audit.gaps += audit.facts.gaps(kind)
    services: dict[str, list[Parcel]] = {}
    orders = audit.facts.orders_by_id
    shipped = {key: order for key, order in orders.items() if order.status in SHIPPED and not is_dead(order)}
    for parcel in audit.facts.parcels if "tracking" in readable else ():
        if parcel.order_id in shipped or (parcel.order_id not in orders and parcel.shipped_at):
            services.setdefault(parcel.order_id, []).append(parcel)
    # Services as shown -> how many orders show them, and the first row that does.
    ways: dict[tuple[str | None, ...], tuple[int, Order | Parcel]] = {}
    for rows in services.values():
        _count(ways, tuple(row.service for row in rows), rows[0])
    for key, order in shipped.items():
        if key not in services:
            _count(ways, (order.shipping_service,), order)
    standard = other = unnamed = 0
    where = None
    for names, (number, row) in ways.items():
        if None in names:
            unnamed += number
        elif all(STANDARD.search(name or "") for name in names):
            standard += number
        else:
            other += number
            where = where or evidence(audit, row, "service", "shipping_service")
    if unnamed:
        audit.gap(Text(f"{unnamed} 个已发货订单没有显示物流方式", f"{unnamed} shipped orders show no shipping service"))
    if not ways:
        nothing(audit, Text("没有已发货的订单", "no order is shipped"))
    if not standard + other:
        raise CannotTell(audit.gaps[0])
    return standard / (standard + other), standard + other, where


def _count(
    ways: dict[tuple[str | None, ...], tuple[int, Order | Parcel]], names: tuple[str | None, ...], row: Order | Parcel
) -> None:
    number, first = ways.get(names, (0, row))
    ways[names] = (number + 1, first)
