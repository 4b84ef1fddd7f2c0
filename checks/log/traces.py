"""How long a parcel's trace has been silent: LOG004, LOG005 and LOG006 tell one story, and only the worst is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit
from checks.finding import Subject
from checks.log.scope import captured_at, elapsed, is_open, known_orders, live_parcels, nothing
from checks.text import Text, moment
from extractors.models import OrderStatus, ParcelStatus, Sync

if TYPE_CHECKING:
    from extractors.models.orders import Order
    from extractors.models.tracking import Parcel

MOVING = frozenset((ParcelStatus.IN_TRANSIT, ParcelStatus.EXCEPTION, ParcelStatus.RETURNED))
WORST_FIRST = ("LOG006", "LOG005", "LOG004")


class Silence(NamedTuple):
    """A span without news: between two events, or since the last one (``until`` None)."""

    code: str
    parcel: Parcel
    since: datetime
    until: datetime | None
    span: timedelta

    @property
    def subject(self) -> Subject:
        number = self.parcel.tracking_number
        return Subject("parcel", number) if number else Subject("order", self.parcel.order_id)

    @property
    def rank(self) -> tuple[int, timedelta]:
        """The worst code first, then the longest span."""
        return WORST_FIRST.index(self.code), -self.span

    def when(self, audit: Audit) -> Text:
        """From when to when, in the backend's zone."""
        since = moment(self.since.astimezone(audit.timezone))
        if self.until is None:
            return Text(f"{since} 至今", f"since {since}")
        until = moment(self.until.astimezone(audit.timezone))
        return Text(f"{since} 至 {until}", f"{since} to {until}")


class Lines(NamedTuple):
    """The three lines as spans."""

    stale: timedelta
    gap: timedelta
    interrupted: timedelta

    def broken_by(self, parcel: Parcel, since: datetime, until: datetime | None, span: timedelta) -> Silence | None:
        """The silence that this span between two events is, or since the last one."""
        if span > self.interrupted:
            return Silence("LOG006", parcel, since, until, span)
        if span > self.gap:
            return Silence("LOG005", parcel, since, until, span)
        return None


def silences(audit: Audit) -> Iterator[Silence]:
    """What the audit's rule has to tell: for each order its worst silences, when they are this rule's."""
    orders = known_orders(audit)
    parcels = [p for p in live_parcels(audit) if _has_trace(p)]
    if not parcels:
        nothing(audit, Text("没有在途或已发货的包裹", "no parcel is on its way"))
    lines = Lines(
        stale=timedelta(hours=audit.line("trace_stale")),
        gap=timedelta(hours=audit.line("trace_gap")),
        interrupted=timedelta(days=audit.line("trace_interrupted")),
    )
    worst: dict[str, list[Silence]] = {}
    for parcel in parcels:
        found = _of_parcel(audit, lines, parcel, orders.get(parcel.order_id))
        if found:
            worst.setdefault(parcel.order_id, []).append(found)
    told: dict[Subject, Silence] = {}
    for stories in worst.values():
        code = min(stories, key=lambda s: s.rank).code
        for silence in (s for s in stories if s.code == code == audit.rule.code):
            told[silence.subject] = min(told.get(silence.subject, silence), silence, key=lambda s: s.rank)
    yield from told.values()


def _has_trace(parcel: Parcel) -> bool:
    """An empty cell is LOG002's story, a number that the backend has not synchronised LOG001's."""
    if parcel.events:
        return True
    silent = parcel.sync in (Sync.NOT_SYNCED, Sync.MISSING) or parcel.status is ParcelStatus.NOT_SYNCED
    return not silent and (parcel.tracking_number is not None or parcel.last_updated is not None)


def _of_parcel(audit: Audit, lines: Lines, parcel: Parcel, order: Order | None) -> Silence | None:
    found = [silence for silence in _silences(audit, lines, parcel, order) if silence]
    if not found:
        if not _is_told(audit, parcel):
            _unclear(audit, parcel, Text("没有显示轨迹", "shows no trace"))
        return None
    worst = min(found, key=lambda s: s.rank)
    if worst.until is None and parcel.status is ParcelStatus.UNKNOWN:
        _unclear(audit, parcel, Text("的状态无法识别", "has a status that is not known"))
        return None
    if order is None and parcel.order_open is False:  # completed or closed, and closed orders are never judged
        _unclear(audit, parcel, Text("所属订单不在订单列表中", "belongs to an order that no order list shows"))
        return None
    return worst


def _silences(audit: Audit, lines: Lines, parcel: Parcel, order: Order | None) -> Iterator[Silence | None]:
    times = sorted((event.at for event in parcel.events), key=datetime.timestamp)
    for since, until in pairwise(times):
        yield lines.broken_by(parcel, since, until, elapsed(since, until))
    if not _is_under_way(parcel, order):
        return
    now = captured_at(audit, parcel)
    # A list may show "Last updated" without the trace itself.
    last = times[-1] if times else parcel.last_updated
    if last:
        yield lines.broken_by(parcel, last, None, elapsed(last, now))
    updated = parcel.last_updated or last
    if updated and elapsed(updated, now) > lines.stale:
        yield Silence("LOG004", parcel, updated, None, elapsed(updated, now))


def _is_under_way(parcel: Parcel, order: Order | None) -> bool:
    """Shipped, not delivered, not confirmed as received: its clock since the last event runs."""
    if parcel.status is ParcelStatus.DELIVERED or is_open(parcel, order) is False:
        return False
    scanned = parcel.first_scan_at is not None or any(event.scan for event in parcel.events)
    shipped = parcel.shipped_at is not None or scanned or parcel.status in MOVING
    return shipped or (order is not None and order.status is OrderStatus.AWAITING_RECEIPT)


def _is_told(audit: Audit, parcel: Parcel) -> bool:
    """Whether the page shows enough of the parcel for the audit's rule to have seen a silence."""
    if parcel.events or parcel.status is ParcelStatus.PRE_TRANSIT:
        return True
    delivered_or_dated = parcel.status is ParcelStatus.DELIVERED or parcel.last_updated is not None
    return audit.rule.code == "LOG004" and delivered_or_dated


def _unclear(audit: Audit, parcel: Parcel, why: Text) -> None:
    name = parcel.tracking_number or parcel.order_id
    audit.gap(Text(f"包裹 {name} {why.zh}，无法判断轨迹", f"parcel {name} {why.en}, so its trace cannot be judged"))
