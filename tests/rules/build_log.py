"""Healthy orders, parcels and pages for the logistics rules; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checks.engine import judge
from checks.facts import Facts
from checks.finding import Finding, Outcome
from checks.policy import Policy
from checks.rule import all_rules
from extractors import models as m

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=ZONE)
STORE = "1102345678"
S = m.OrderStatus
P = m.ParcelStatus


def ago(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    return NOW - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def ahead(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    return NOW + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def number(written: str | None, sync: str | None = "synced", carrier: str | None = None) -> m.TrackingNumber:
    return m.TrackingNumber(number=written, carrier=carrier, sync=m.Sync(sync) if sync else None)


def order(order_id: str = "8100000000000001", status: m.OrderStatus = S.AWAITING_RECEIPT, **given: Any) -> m.Order:
    """An order of the list, whose page has no tracking column; a kind of page in ``seen_on`` gives it evidence."""
    seen = given.pop("seen_on", None)
    values: dict[str, Any] = {"placed_at": ago(days=10), "after_sale": m.AfterSale.NONE} | given
    if status in (S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED):
        values = {"ship_by": ahead(days=5)} | values
    where = m.Seen.on(seen, 1, NOW, {"tracking": "未同步"}, {"tracking": "物流单号"}) if seen else None
    return m.Order(order_id=order_id, status=status, seen=where, **values)


def scan(at: datetime, text: str = "转运中") -> m.TraceEvent:
    return m.TraceEvent(at=at, place=None, text=text, scan=True)


def declared(at: datetime) -> m.TraceEvent:
    return m.TraceEvent(at=at, place=None, text="卖家已声明发货 (CONSIGN)", scan=False)


def parcel(tracking_number: str | None = "LB104060594CN", order_id: str = "8100000000000001", **given: Any) -> m.Parcel:
    """A parcel on its way, scanned every day since it was shipped five days ago."""
    values: dict[str, Any] = {
        "carrier": "China Post",
        "service": "菜鸟无忧物流-标准",
        "destination": "ES",
        "shipped_at": ago(days=5),
        "sync": m.Sync.SYNCED,
        "status": P.IN_TRANSIT,
        "order_open": True,
        "events": tuple(scan(ago(days=day, hours=1)) for day in range(5)),
    } | given
    values = {"last_updated": values["events"][0].at if values["events"] else None} | values
    return m.Parcel(order_id=order_id, tracking_number=tracking_number, **values)


def unsynced(tracking_number: str | None = "LB104060594CN", **given: Any) -> m.Parcel:
    return parcel(tracking_number, **({"sync": m.Sync.NOT_SYNCED, "status": P.NOT_SYNCED, "events": ()} | given))


def unnumbered(**given: Any) -> m.Parcel:
    empty = {"carrier": None, "shipped_at": None, "sync": m.Sync.MISSING, "status": P.UNKNOWN, "events": ()}
    return parcel(None, **(empty | given))


def traced(*events: m.TraceEvent, **given: Any) -> m.Parcel:
    return parcel(**({"events": events} | given))


def assessment(cases: Sequence[m.PromiseCase] = (), **given: Any) -> m.AssessmentData:
    figures: dict[str, Any] = dict.fromkeys(m.AssessmentData.model_fields)
    figures |= {"on_time_rate": 0.98, "standard_shipping_share": 1.0, "total": len(cases), "cases": tuple(cases)}
    return m.AssessmentData(**(figures | given))


def rating(**given: Any) -> m.RatingData:
    figures: dict[str, Any] = dict.fromkeys(m.RatingData.model_fields)
    return m.RatingData(**(figures | {"status": "enabled", "causes": (), "red_marks": ()} | given))


def settings(**given: Any) -> m.SettingsData:
    values: dict[str, Any] = {"auto_confirm_days": 60, "auto_confirm_by_region": {}, "destinations_30d": {}}
    return m.SettingsData(**(values | given))


def page(kind: str, data: m.Model | None, **given: Any) -> m.Reading:
    """A page that is itself; without data it is a skeleton."""
    values: dict[str, Any] = {
        "view": None,
        "sequence": 1,
        "url": None,
        "captured_at": NOW,
        "verdict": m.Verdict.SKELETON if data is None else m.Verdict.EXPECTED,
    }
    return m.Reading(kind=kind, data=data, **(values | given))


def orders_page(*orders: m.Order, kind: str = "orders", **given: Any) -> m.Reading:
    return page(kind, m.OrdersData(total=len(orders), orders=orders), **given)


def tracking_page(*parcels: m.Parcel, **given: Any) -> m.Reading:
    return page("tracking", m.TrackingData(total=len(parcels), parcels=parcels), **given)


def facts(*readings: m.Reading) -> Facts:
    return Facts(m.Store(id=STORE), NOW, NOW, ZONE, readings)


def run(
    code: str, *readings: m.Reading, now: datetime = NOW, overrides: Mapping[str, float] | None = None
) -> tuple[Outcome, tuple[Finding, ...]]:
    """One rule over these pages: its outcome and its findings."""
    found = judge(facts(*readings), [all_rules()[code]], Policy(NOW.date(), overrides or {}), now)
    return found.outcomes[0], found.findings


def judged(code: str, *rows: m.Order | m.Parcel, **given: Any) -> tuple[str, list[tuple[str, str]]]:
    """One rule over an order list and a tracking page: the outcome's kind, each finding's subject id and severity.

    The tracking page is left out when no parcel is given.
    """
    orders = tuple(row for row in rows if isinstance(row, m.Order))
    parcels = tuple(row for row in rows if isinstance(row, m.Parcel))
    pages = [orders_page(*orders)] + ([tracking_page(*parcels)] if parcels else [])
    outcome, findings = run(code, *pages, **given)
    return outcome.kind.value, [(f.subject.id, f.severity.value) for f in findings]


def only(code: str, *rows: m.Order | m.Parcel, **given: Any) -> Finding:
    """The one finding of a rule over these rows."""
    orders = tuple(row for row in rows if isinstance(row, m.Order))
    parcels = tuple(row for row in rows if isinstance(row, m.Parcel))
    pages = [orders_page(*orders)] + ([tracking_page(*parcels)] if parcels else [])
    _, findings = run(code, *pages, **given)
    assert len(findings) == 1, findings
    return findings[0]


FAIL, PASS, UNKNOWN, NONE = "fail", "pass", "unknown", "not_applicable"
A, B, C = "8100000000000001", "8100000000000002", "8100000000000003"
