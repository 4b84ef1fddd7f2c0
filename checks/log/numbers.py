"""Every tracking number that a page shows, with its order: what LOG008, LOG009 and LOG018 judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit, CannotTell
from checks.facts import ORDER_KINDS, Facts
from checks.finding import Evidence
from checks.log.scope import RECEIVED, UNDER_WAY, by_order, evidence, is_dead, nothing, parcels_of, tracking_missing
from checks.text import Text
from checks.tracking_number import bare
from extractors.models.orders import Order

if TYPE_CHECKING:
    from extractors.models.tracking import Parcel


class Sighting(NamedTuple):
    """One number at one place; ``plain`` is how numbers are compared; a dead order's numbers are never judged."""

    number: str
    plain: str
    carrier: str | None
    order_id: str
    dead: bool
    row: Order | Parcel

    @property
    def is_received(self) -> bool:
        """Whether its order is known to be complete, so that nobody has to look further."""
        return isinstance(self.row, Order) and self.row.status in RECEIVED

    def evidence(self, audit: Audit) -> Evidence | None:
        if isinstance(self.row, Order):
            return audit.seen(self.row, "tracking")
        return evidence(audit, self.row, "tracking_number")


def sightings(audit: Audit) -> list[Sighting]:
    """All numbers of the order list, the export and the tracking pages; raises when there is none to judge."""
    orders = _orders(audit)
    if audit.facts.pages("tracking"):
        audit.gaps += audit.facts.gaps("tracking")
    elif orders and all(order.tracking is None for order in orders):
        raise CannotTell(Text("订单列表没有物流单号列，也没有采集物流页面", "no captured page shows tracking numbers"))
    parcels = parcels_of(audit)
    for order in orders:
        if order.tracking is not None or parcels.get(order.order_id):
            continue
        if order.status in UNDER_WAY and not is_dead(order):
            audit.gap(tracking_missing(audit, order))
    found = audit.facts.once(_sightings)
    if all(sighting.dead for sighting in found):
        nothing(audit, Text("没有可检查的物流单号", "there is no tracking number to judge"))
    return found


def _sightings(facts: Facts) -> list[Sighting]:
    """The numbers of the orders, then those of the parcels."""
    found, dead = [], set()
    for order in facts.orders:
        gone = is_dead(order)
        if gone:
            dead.add(order.order_id)
        for entry in order.tracking or ():
            if number := entry.number:
                found.append(Sighting(number, bare(number), entry.carrier, order.order_id, gone, order))
    for order_id, rows in facts.once(by_order).items():
        for row in rows:
            if row.tracking_number:
                number = row.tracking_number
                found.append(Sighting(number, bare(number), row.carrier, order_id, order_id in dead, row))
    return found


def _orders(audit: Audit) -> list[Order]:
    """Where the tracking pages were read, the order list's failure is a gap and no more."""
    if not audit.facts.read("tracking") or any(audit.facts.read(kind) for kind in ORDER_KINDS):
        return audit.orders()
    for kind in ORDER_KINDS:
        audit.gaps += audit.facts.gaps(kind)
    return []
