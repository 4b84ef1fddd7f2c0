"""LOG018: parcels whose number has the shape of another carrier than the one declared."""

from collections.abc import Iterator
from functools import lru_cache

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.numbers import Sighting, sightings
from checks.rule import rule
from checks.text import Text
from checks.tracking_number import is_named, shape


@rule(
    code="LOG018",
    name="carrier-number-mismatch",
    severity=Severity.INFO,
    sources=("field practice",),
    needs=("orders.tracking|order_export.tracking|tracking.carrier",),
    page="tracking",
    menu=Text("订单管理 → 物流单号", "Order management → Tracking number"),
    title=Text("申报的承运商与单号不符", "The declared carrier does not match the number"),
    why=Text(
        "单号的格式和校验位属于另一家承运商。尾程转交时很常见，但承运商填错会让平台去错的地方查轨迹。",
        "Shape and check digit of the numbers belong to another carrier. That is frequent where the last mile is "
        "handed over, but a wrong carrier sends the platform to the wrong place for the trace.",
    ),
    fix=Text(
        "抽查几个单号：在实际承运商官网能查到，就把发货信息里的承运商改过来，并更正 ERP 里的渠道对应关系。",
        "Look a few of them up on the other carrier's site. If they are there, correct the carrier of the shipments "
        "and the channel's mapping in your ERP.",
    ),
)
def carrier_mismatch(audit: Audit) -> Iterator[Finding]:
    pairs: dict[tuple[str, str], dict[str, Sighting]] = {}
    silent: dict[str, str] = {}
    found = sightings(audit)
    for sighting in found:
        if sighting.dead:
            continue
        carrier = _folded(sighting.carrier)
        owner = shape(sighting.plain)
        if not carrier:
            if owner and not sighting.is_received:
                silent[sighting.plain] = sighting.number
            continue
        if owner and not is_named(owner, carrier):
            pairs.setdefault((carrier.casefold(), owner), {}).setdefault(sighting.plain, sighting)
    declared = {s.plain for s in found if not s.dead and _folded(s.carrier)} if silent else set()
    for plain, shown in silent.items():
        if plain not in declared:
            audit.gap(Text(f"没有页面显示单号 {shown} 的承运商", f"no page shows the carrier of {shown}"))
    for (_, owner), seen in pairs.items():
        name = min(_folded(s.carrier) for s in seen.values())
        example = next(iter(seen.values()))
        yield audit.finding(
            Subject("carrier", f"{name}:{owner}"),
            Text(
                f"{len(seen)} 个包裹申报为 {name}，单号却是 {owner} 的格式（如 {example.number}）；"
                "实操经验是按实际承运商申报",
                f"Parcels declared as {name} whose numbers have the shape of {owner}: {len(seen)} (such as "
                f"{example.number}); field practice is to declare the real carrier",
            ),
            observed=Text(f"{len(seen)} 个单号为 {owner} 格式", f"{len(seen)} numbers of {owner} shape"),
            expected=Text(f"{name} 的单号", f"numbers of {name}"),
            evidence=example.evidence(audit),
        )


@lru_cache(maxsize=256)
def _folded(carrier: str | None) -> str:
    return " ".join((carrier or "").split())
