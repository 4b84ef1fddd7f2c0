"""Which orders and parcels the logistics rules speak of, and how they count time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.facts import Facts
from checks.finding import Evidence, Threshold
from checks.text import Text
from extractors.models import AfterSale, OrderStatus, Row

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel

UNDER_WAY = frozenset((OrderStatus.AWAITING_SHIPMENT, OrderStatus.PARTLY_SHIPPED, OrderStatus.AWAITING_RECEIPT))
"""From payment to receipt: the orders whose tracking number, deadlines and trace matter now."""

TO_SHIP = frozenset((OrderStatus.AWAITING_SHIPMENT, OrderStatus.PARTLY_SHIPPED))
MARKED_SHIPPED = frozenset((OrderStatus.PARTLY_SHIPPED, OrderStatus.AWAITING_RECEIPT))


RECEIVED = frozenset((OrderStatus.COMPLETED, OrderStatus.FUND_PROCESSING))
"""Confirmed as received: complete, or only the money is still on its way."""


# Every rule asks this of every order, and to look a member up in its enum costs more than all the rest.
_CLOSED, _CANCELLED = OrderStatus.CLOSED, AfterSale.CANCELLED


def is_dead(order: Order) -> bool:
    """Closed and cancelled orders are never judged."""
    return order.status is _CLOSED or order.after_sale is _CANCELLED


def live_orders(audit: Audit) -> list[Order]:
    """Every order of list and export that is neither closed nor cancelled."""
    audit.orders()
    return audit.facts.once(_live)


def _live(facts: Facts) -> list[Order]:
    return [order for order in facts.orders if not is_dead(order)]


def known_orders(audit: Audit) -> dict[str, Order]:
    """The orders by number as far as a page shows them; empty when none does."""
    return audit.facts.orders_by_id


def parcels_of(audit: Audit) -> dict[str, list[Parcel]]:
    """Order number -> its parcels on the tracking pages, as far as they were read."""
    return audit.facts.once(by_order)


def by_order(facts: Facts) -> dict[str, list[Parcel]]:
    """Order number -> its parcels, where tracking pages were captured at all."""
    found: dict[str, list[Parcel]] = {}
    if facts.pages("tracking"):
        for parcel in facts.parcels:
            found.setdefault(parcel.order_id, []).append(parcel)
    return found


def live_parcels(audit: Audit) -> list[Parcel]:
    """Every parcel of the tracking pages except those of orders that are known to be closed or cancelled."""
    audit.parcels()
    return audit.facts.once(_live_parcels)


def _live_parcels(facts: Facts) -> list[Parcel]:
    orders = facts.orders_by_id
    return [p for p in facts.parcels if p.order_id not in orders or not is_dead(orders[p.order_id])]


def is_open(parcel: Parcel, order: Order | None) -> bool | None:
    """Whether the parcel's order still waits for its receipt; None when no page says so.

    What the order list shows as received stays so, whatever an older tracking page says.
    """
    if order is not None and (order.status in RECEIVED or is_dead(order)):
        return False
    if parcel.order_open is not None or order is None:
        return parcel.order_open
    return None if order.status is OrderStatus.UNKNOWN else True


def tracking_missing(audit: Audit, order: Order) -> Text:
    """Why nothing is known of an order's tracking number."""
    pages = audit.facts.gaps("tracking")
    if pages:
        return pages[0]
    return Text(
        f"订单 {order.order_id} 的物流单号没有出现在任何已采集的页面上",
        f"no captured page shows the tracking number of order {order.order_id}",
    )


def status_unknown(order: Order) -> Text:
    """An order whose status is none of the known ones."""
    shown = order.status_text or "-"
    return Text(
        f"订单 {order.order_id} 的状态“{shown}”无法识别",
        f"the status “{shown}” of order {order.order_id} is not known",
    )


def require(audit: Audit, subjects: Iterable[object], none: Text) -> None:
    """Stops when there is no subject: not applicable when that is certain, unknown when pages were missing."""
    if not any(True for _ in subjects):
        nothing(audit, none)


def nothing(audit: Audit, none: Text) -> NoReturn:
    """The store has none of the subject, unless the pages that would show it were not all read."""
    if audit.gaps:
        raise CannotTell(audit.gaps[0])
    raise DoesNotApply(none)


def elapsed(since: datetime, until: datetime) -> timedelta:
    """Real time between two moments, whatever daylight saving did to the clock on the wall."""
    return timedelta(seconds=until.timestamp() - since.timestamp())


def after(moment: datetime, span: timedelta, audit: Audit) -> datetime:
    """The moment that lies ``span`` of real time later, in the backend's zone."""
    return datetime.fromtimestamp(moment.timestamp() + span.total_seconds(), audit.timezone)


def captured_at(audit: Audit, row: Row) -> datetime:
    """When the page that shows the row was captured."""
    return row.seen.captured_at if row.seen else audit.reading("tracking").captured_at


def evidence(audit: Audit, row: Row, *keys: str) -> Evidence | None:
    """The evidence of the first of these fields whose text was kept."""
    shown = row.seen.texts if row.seen else {}
    return audit.seen(row, next((key for key in keys if key in shown), keys[0]))


def whose(line: Threshold) -> Text:
    """Whose line a threshold is, to stand before the word: "the rating's line"."""
    return Text("您自设的", "your own") if line.overridden else _WHOSE[line.programme]


_WHOSE = {
    "platform": Text("平台的", "the platform's"),
    "rating": Text("店铺评分的", "the store rating's"),
    "one_diamond": Text("一钻的", "One Diamond's"),
    "field_practice": Text("实操经验的", "field practice's"),
    "user": Text("您自设的", "your own"),
}
