"""LOG011: orders go to South America or the Middle East, and receipt is confirmed automatically before 60 days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit, CannotTell
from checks.facts import ORDER_KINDS
from checks.finding import Finding, Severity
from checks.log.regions import LONG_HAUL, Region
from checks.log.scope import is_dead, nothing, whose
from checks.rule import rule
from checks.text import Text, number

if TYPE_CHECKING:
    from extractors.models.settings import SettingsData


@rule(
    code="LOG011",
    name="auto-confirm-too-short",
    severity=Severity.INFO,
    sources=("S3",),
    needs=("settings.auto_confirm_days|settings.auto_confirm_by_region", "settings.destinations_30d"),
    thresholds=("auto_confirm_long_haul",),
    page="settings",
    menu=Text("物流设置 → 延长自动确认收货时间", "Logistics settings → extend automatic confirmation of receipt"),
    title=Text("长链路市场的自动确认收货时间太短", "Automatic confirmation is too short for long routes"),
    why=Text(
        "南美、中东清关慢，默认 30 天常常货还没到；订单因此超期，好评跟着失效。评分资料建议这些市场设为 60 天。",
        "Customs in South America and the Middle East are slow, and 30 days, the default, often pass before the parcel "
        "arrives; orders run over and good reviews are lost. 60 days are advised there.",
    ),
    fix=Text(
        "进入物流设置，打开“延长自动确认收货时间”，把南美、中东设为 60 天。",
        "In the logistics settings turn on the extended automatic confirmation and set these regions to 60 days.",
    ),
)
def auto_confirm(audit: Audit) -> Iterator[Finding]:
    settings = audit.page("settings")
    line = audit.threshold()
    wanted = audit.line()
    destinations = settings.destinations_30d or _destinations(audit)
    served = [(region, orders) for region in LONG_HAUL if (orders := _orders_to(region, destinations))]
    if not served:
        nothing(audit, Text("近期没有发往南美或中东的订单", "no order goes to South America or the Middle East"))
    short = [(r, orders, days) for r, orders in served if (days := _days(audit, settings, r, destinations)) < wanted]
    if not short:
        return
    zh = "、".join(f"{r.words.zh} {orders} 单，{number(days)} 天" for r, orders, days in short)
    en = ", ".join(f"{r.words.en}: {orders} orders, {number(days)} days" for r, orders, days in short)
    name = "auto_confirm_by_region" if settings.auto_confirm_days is None else "auto_confirm_days"
    yield audit.finding(
        audit.subject(),
        Text(
            f"自动确认收货时间偏短（{zh}），低于{whose(line).zh} {number(wanted)} 天建议",
            f"Receipt is confirmed automatically too soon ({en}), under {whose(line).en} {number(wanted)} days",
        ),
        observed=Text(zh, en),
        expected=Text(f"≥ {number(wanted)} 天", f"≥ {number(wanted)} days"),
        threshold=line,
        evidence=audit.shown(f"settings.{name}"),
    )


def _orders_to(region: Region, destinations: dict[str, int]) -> int:
    return sum(orders for country, orders in destinations.items() if country.upper() in region.countries)


def _days(audit: Audit, settings: SettingsData, region: Region, destinations: dict[str, int]) -> float:
    """The days that hold for a region: its own setting, or the shortest of its countries' where orders go."""
    named = {name.strip().upper(): days for name, days in settings.auto_confirm_by_region.items()}
    general = next((d for name, d in named.items() if name not in region.countries and region.is_named(name)), None)
    if general is None:
        general = settings.auto_confirm_days
    countries = [c.upper() for c, orders in destinations.items() if orders and c.upper() in region.countries]
    found = [named.get(country, general) for country in countries]
    if None in found:
        audit.value("settings.auto_confirm_days")  # raises with the reason
    return min(days for days in found if days is not None)


def _destinations(audit: Audit) -> dict[str, int]:
    """Where the orders go as far as orders and parcels say, when the settings page does not count them."""
    found: dict[str, str] = {}
    for kind in (*ORDER_KINDS, "tracking"):
        audit.gaps += audit.facts.gaps(kind)
    dead = {order.order_id for order in audit.facts.orders if is_dead(order)}
    for row in (*audit.facts.orders, *(audit.facts.parcels if audit.facts.pages("tracking") else ())):
        if row.destination and row.order_id not in dead:
            found.setdefault(row.order_id, row.destination)
    if not found and audit.facts.orders:
        raise CannotTell(Text("没有页面显示订单发往哪些国家", "no captured page shows where the orders go"))
    counted: dict[str, int] = {}
    for country in found.values():
        counted[country] = counted.get(country, 0) + 1
    return counted
