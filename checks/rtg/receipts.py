"""When the store's open orders will be received.

They are expected to be confirmed at the pace at which the orders of the last 30 days were; one that is slower than
all of those, at the latest when the platform confirms it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit
from checks.rtg.causes import OPEN
from checks.text import Text, duration, number
from extractors.models import AfterSale, OrderStatus, ParcelStatus

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel


class Dated(NamedTuple):
    """An order that may become valid, with the time it was placed and its parcels."""

    order: Order
    placed: datetime
    parcels: tuple[Parcel, ...]


class Receipts(NamedTuple):
    """When open orders will be confirmed, when the latest were, how many are done, and from what that follows."""

    expected: tuple[datetime, ...]
    recent: tuple[datetime, ...]
    done: int
    reason: Text


def receipts(audit: Audit) -> Receipts:
    """What the orders of the last 90 days promise; raises CannotTell when no page of orders was read."""
    orders = list(clean(audit))
    spans = list(received(audit, orders))
    fresh = audit.now - timedelta(days=audit.line("rating_valid_after"))
    completed = [one.order for one in orders if one.order.status is OrderStatus.COMPLETED]
    recent = [order.confirmed_at for order in completed if order.confirmed_at and order.confirmed_at > fresh]
    return Receipts(
        expected=tuple(sorted(confirmation(audit, one, spans) for one in orders if one.order.status in OPEN)),
        recent=tuple(sorted(recent)),
        done=len(completed) - len(recent),
        reason=pace(audit, spans),
    )


def clean(audit: Audit) -> Iterator[Dated]:
    """Orders that may become valid: no dispute, no refund, no trace that was interrupted for too long."""
    parcels: dict[str, list[Parcel]] = {}
    for parcel in audit.facts.parcels:
        parcels.setdefault(parcel.order_id, []).append(parcel)
    disputed = {row.order_id for row in audit.facts.rows("disputes")}
    base = audit.now - timedelta(days=audit.line("rating_base_window"))
    limit = timedelta(days=audit.line("trace_interrupted"))
    for order in audit.orders():
        own = tuple(parcels.get(order.order_id, ()))
        if (
            order.placed_at is not None
            and order.placed_at >= base
            and order.after_sale in (None, AfterSale.NONE)
            and order.order_id not in disputed
            and not any(silence(parcel, audit.now) > limit for parcel in own)
        ):
            yield Dated(order, order.placed_at, own)


def silence(parcel: Parcel, now: datetime) -> timedelta:
    """The longest time without news in a parcel's trace; until now when it is still on its way."""
    times = sorted(event.at for event in parcel.events) or ([parcel.last_updated] if parcel.last_updated else [])
    if times and parcel.status is not ParcelStatus.DELIVERED:
        times.append(max(now, times[-1]))
    return max((later - earlier for earlier, later in pairwise(times)), default=timedelta())


def received(audit: Audit, orders: Sequence[Dated]) -> Iterator[float]:
    """Seconds from order to receipt, of those of the last 30 days; delivery stands in for a receipt not known."""
    start = audit.now - timedelta(days=audit.line("rating_pace_window"))
    for one in orders:
        arrivals = [p.last_updated for p in one.parcels if p.status is ParcelStatus.DELIVERED and p.last_updated]
        end = one.order.confirmed_at or max(arrivals, default=None)
        if one.order.status is OrderStatus.COMPLETED and end and start <= end <= audit.now:
            yield (end - one.placed).total_seconds()


def confirmation(audit: Audit, one: Dated, spans: Sequence[float]) -> datetime:
    """At the usual pace, else at the slowest, else when the platform confirms; never in the past."""
    shipped = [*(one.order.shipped_at or ()), *(p.shipped_at for p in one.parcels if p.shipped_at)]
    guesses = [one.placed + timedelta(seconds=pick(spans)) for pick in (median, max)] if spans else []
    guesses.append(max(shipped, default=one.placed) + timedelta(days=auto_confirm(audit)))
    return next((guess for guess in guesses if guess > audit.now), audit.now)


def auto_confirm(audit: Audit) -> float:
    """After how many days the platform confirms by itself: the store's setting, else the platform's default."""
    return float(audit.maybe("settings.auto_confirm_days") or audit.line("rating_auto_confirm"))


def pace(audit: Audit, spans: Sequence[float]) -> Text:
    """From what the expectation follows, and what was not there to see."""
    days, usual = number(audit.line("rating_pace_window")), duration(median(spans) if spans else 0)
    words = Text(
        f"按近 {days} 天 {len(spans)} 笔订单下单到收货的中位数 {usual.zh}推算",
        f"at the pace of {len(spans)} orders of the last {days} days, {usual.en} from order to receipt",
    )
    if not spans:
        latest = number(auto_confirm(audit))
        words = Text(
            f"近 {days} 天没有可参考的收货记录，按发货后 {latest} 天自动确认推算",
            f"no receipt of the last {days} days to go by, so automatic confirmation {latest} days after shipping",
        )
    if audit.facts.read("tracking") is None:
        words = Text(f"{words.zh}，未能排除轨迹中断的订单", f"{words.en}; interrupted traces could not be left out")
    return words
