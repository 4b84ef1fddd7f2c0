"""LOG001: the backend shows an order's tracking as not synced, whatever the carrier says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity, Subject
from checks.log.scope import (
    UNDER_WAY,
    evidence,
    is_dead,
    known_orders,
    live_orders,
    parcels_of,
    require,
    tracking_missing,
)
from checks.rule import rule
from checks.text import Text
from extractors.models import ParcelStatus, Sync

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel


@rule(
    code="LOG001",
    name="tracking-not-synced",
    severity=Severity.ERROR,
    sources=("S4",),
    needs=("orders|order_export|tracking", "orders.tracking|tracking.sync"),
    page="orders",
    menu=Text("订单管理 → 待发货 → 物流单号", "Order management → waiting for shipment → Tracking number"),
    title=Text("后台显示物流单号未同步", "The backend shows the tracking as not synced"),
    why=Text(
        "单号没同步，后台就抓不到签收数据，订单闭不了环、评分不计入；承运商官网有轨迹也没用，用菜鸟物流同样会漏。",
        "Without the sync the backend never sees the delivery: the order's loop stays open and it does not count for "
        "the rating, however complete the carrier's own trace is. It happens with Cainiao too.",
    ),
    fix=Text(
        "打开该订单的发货页，核对承运商和单号后点“同步物流信息”，隔天再看状态是否变为已同步。",
        "Open the order's shipping step, check carrier and number, press “Sync logistics”, and look again "
        "the next day.",
    ),
)
def not_synced(audit: Audit) -> Iterator[Finding]:
    parcels = parcels_of(audit)
    told = set()
    for order_id, where in _from_parcels(audit, parcels):
        told.add(order_id)
        yield _finding(audit, order_id, where)
    orders, unsynced = live_orders(audit), Sync.NOT_SYNCED
    for order in orders:
        if order.order_id in told:
            continue
        if order.tracking and unsynced in [entry.sync for entry in order.tracking]:
            yield _finding(audit, order.order_id, audit.seen(order, "tracking"))
        elif order.status in UNDER_WAY and audit.wants_gaps and not _is_known(order, parcels.get(order.order_id, [])):
            audit.gap(tracking_missing(audit, order))
    if not told:
        require(audit, (o for o in orders if o.tracking or o.status in UNDER_WAY), _NONE)


_NONE = Text("没有待发货或待收货的订单", "no order is waiting for shipment or for its receipt")


def _from_parcels(audit: Audit, parcels: dict[str, list[Parcel]]) -> Iterator[tuple[str, Evidence | None]]:
    orders = known_orders(audit)
    for order_id, rows in parcels.items():
        row = next((p for p in rows if _state(p) is Sync.NOT_SYNCED), None)
        if row is None or (order_id in orders and is_dead(orders[order_id])):
            continue
        if order_id not in orders and row.order_open is False:  # completed, or closed and never judged
            audit.gap(Text(f"订单 {order_id} 不在订单列表中", f"no order list shows order {order_id}"))
            continue
        yield order_id, evidence(audit, row, "sync", "tracking_number")


def _state(parcel: Parcel) -> Sync | None:
    if parcel.sync is None and parcel.status is ParcelStatus.NOT_SYNCED:
        return Sync.NOT_SYNCED
    return parcel.sync


def _is_known(order: Order, parcels: list[Parcel]) -> bool:
    """Whether a page shows the sync state; an export shows none, but what has no number has nothing to sync."""
    if order.tracking is not None and all(e.sync is not None or e.number is None for e in order.tracking):
        return True
    return bool(parcels) and all(_state(p) is not None or p.tracking_number is None for p in parcels)


def _finding(audit: Audit, order_id: str, where: Evidence | None) -> Finding:
    return audit.finding(
        Subject("order", order_id),
        Text(
            f"订单 {order_id} 的物流单号在后台显示“未同步”，平台要求同步后才认签收",
            f"Order {order_id}: the backend shows its tracking as not synced; the platform counts a delivery only once "
            "it is synced",
        ),
        observed=Text("未同步", "not synced"),
        expected=Text("已同步", "synced"),
        evidence=where,
    )
