"""LOG007: every parcel of an order is delivered, but the order is still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.scope import elapsed, evidence, is_open, known_orders, live_parcels, require
from checks.rule import rule
from checks.text import Text, duration, moment
from extractors.models import ParcelStatus

if TYPE_CHECKING:
    from extractors.models.tracking import Parcel


@rule(
    code="LOG007",
    name="delivered-not-confirmed",
    severity=Severity.WARNING,
    sources=("S4",),
    needs=("tracking.status", "tracking.order_open|orders.status"),
    page="tracking",
    menu=Text("客户服务 → 纠纷管理 → 物流申诉", "Customer service → Dispute management → Logistics appeal"),
    title=Text("包裹已妥投，订单还没有确认收货", "Delivered, but the order is not confirmed as received"),
    why=Text(
        "订单不闭环就不进入评分，占无评分店铺的 38.2%；轨迹已妥投而平台没确认时，需要卖家自己举证。",
        "An order that is not confirmed does not count for the rating, the cause of 38.2 % of missing ratings; when "
        "the trace says delivered and the platform does not, the proof is the seller's to bring.",
    ),
    fix=Text(
        "向承运商索取签收证明，存成 PDF（签名清晰、有日期和单号），在物流申诉入口上传；同时提醒买家确认收货。",
        "Ask the carrier for the proof of delivery, as a PDF with a legible signature, date and number, and upload it "
        "in the logistics appeal; remind the buyer to confirm as well.",
    ),
)
def delivered_open(audit: Audit) -> Iterator[Finding]:
    orders = known_orders(audit)
    by_order: dict[str, list[Parcel]] = {}
    for parcel in live_parcels(audit):
        by_order.setdefault(parcel.order_id, []).append(parcel)
    # One delivered parcel of several leaves the order open for good reason.
    delivered = {
        order_id: parcels
        for order_id, parcels in by_order.items()
        if all(p.status is ParcelStatus.DELIVERED for p in parcels)
    }
    for order_id, parcels in delivered.items():
        states = [is_open(p, orders.get(order_id)) for p in parcels]
        if True in states:
            yield _finding(audit, max(parcels, key=_delivered_stamp))
        elif None in states:
            audit.gap(
                Text(
                    f"没有页面显示订单 {order_id} 是否已完成",
                    f"no page shows whether order {order_id} is complete",
                )
            )
    require(audit, delivered, Text("没有已妥投的订单", "no order is delivered"))


def _delivered_at(parcel: Parcel) -> datetime | None:
    return max((event.at for event in parcel.events), key=datetime.timestamp, default=parcel.last_updated)


def _delivered_stamp(parcel: Parcel) -> float:
    at = _delivered_at(parcel)
    return at.timestamp() if at else 0.0


def _finding(audit: Audit, parcel: Parcel) -> Finding:
    at = _delivered_at(parcel)
    shown = moment(at.astimezone(audit.timezone)) if at else None
    when = Text(f"于 {shown} ", f" on {shown}") if shown else Text("", "")
    since = duration(elapsed(at, audit.now)) if at else None
    return audit.finding(
        Subject("order", parcel.order_id),
        Text(
            f"包裹{when.zh}已妥投，订单 {parcel.order_id} 仍未确认收货，平台需要签收证明",
            f"Delivered{when.en}, but order {parcel.order_id} is still open: the platform needs the proof of delivery",
        ),
        observed=Text(f"妥投 {since.zh}后仍未确认", f"open {since.en} after delivery") if since else _OPEN,
        expected=Text("妥投后订单完成", "complete once delivered"),
        evidence=evidence(audit, parcel, "status", "last_updated", "events"),
    )


_OPEN = Text("已妥投，订单未完成", "delivered, order open")
