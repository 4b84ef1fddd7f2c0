"""LOG009: the same tracking number stands on two or more different orders."""

from collections import Counter
from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.numbers import Sighting, sightings
from checks.rule import rule
from checks.text import Text, number

SHOWN = 3


@rule(
    code="LOG009",
    name="tracking-number-reused",
    severity=Severity.WARNING,
    sources=("field practice",),
    needs=("orders.tracking|order_export.tracking|tracking.tracking_number",),
    thresholds=("orders_per_number",),
    page="tracking",
    menu=Text("订单管理 → 物流单号", "Order management → Tracking number"),
    title=Text("同一物流单号用在多个订单上", "One tracking number stands on several orders"),
    why=Text(
        "多数是复制时填错：其中一单的轨迹和签收都是别人的，既闭不了环，又可能被判虚假发货。合并发货的同一买家除外。",
        "Mostly a slip when copying: one of the orders shows another buyer's trace and delivery, stays open, and may "
        "be taken for a false shipment. Parcels that hold several orders of one buyer are fine.",
    ),
    fix=Text(
        "核对这些订单的面单，把填错的改成各自的单号；确实合并发货的，可以静音这一条。",
        "Compare the orders' labels and correct the wrong one; where one parcel really holds them all, mute this "
        "finding.",
    ),
)
def number_reused(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    limit = audit.line()
    found = [sighting for sighting in sightings(audit) if not sighting.dead]
    times = Counter(sighting.plain for sighting in found)
    by_number: dict[str, dict[str, Sighting]] = {}
    for sighting in found:
        if times[sighting.plain] > limit:
            by_number.setdefault(sighting.plain, {}).setdefault(sighting.order_id, sighting)
    for seen in by_number.values():
        if len(seen) <= limit:
            continue
        last = list(seen.values())[-1]
        shown = "、".join(list(seen)[:SHOWN]), ", ".join(list(seen)[:SHOWN])
        more = "…" if len(seen) > SHOWN else ""
        yield audit.finding(
            Subject("parcel", min(s.number for s in seen.values())),
            Text(
                f"物流单号 {last.number} 出现在 {len(seen)} 个订单上（{shown[0]}{more}），"
                "实操经验是一个单号只对应一个订单",
                f"Tracking number {last.number} stands on {len(seen)} orders ({shown[1]}{more}); in field practice a "
                "number belongs to one order",
            ),
            observed=Text(f"{len(seen)} 个订单", f"{len(seen)} orders"),
            value=len(seen),
            expected=Text(f"≤ {number(limit)} 个订单", f"≤ {number(limit)} order"),
            threshold=line,
            evidence=last.evidence(audit),
        )
