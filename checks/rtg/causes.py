"""Why a rating is not enabled: the causes that the page names, and those that the figures prove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from checks.audit import DUST, Audit, CannotTell, DoesNotApply
from checks.facts import ORDER_KINDS
from checks.finding import Evidence
from checks.hlt.violations import severe
from checks.rtg.status import opened_on, store_age
from checks.text import Text, day, number, percent
from extractors.models import OrderStatus

OPEN = (OrderStatus.AWAITING_SHIPMENT, OrderStatus.PARTLY_SHIPPED, OrderStatus.AWAITING_RECEIPT)
IDENTITY = ("business_licence", "legal_person_id_front", "legal_person_id_back")


class Proof(NamedTuple):
    """What the data say about a cause: ``holds`` is None where they cannot prove it; ``detail`` adds figures."""

    holds: bool | None
    detail: Text | None = None
    threshold: str | None = None
    evidence: Evidence | None = None


def holding(audit: Audit) -> Iterator[tuple[str, Proof]]:
    """Every cause that holds, with what is known about it; the page's own words first."""
    named: tuple[str, ...] = audit.value("rating.causes")
    proofs = {name: _tried(audit, prove) for name, prove in PROOFS.items()}
    for name in dict.fromkeys((*named, *PROOFS)):
        proof = proofs.get(name, Proof(None))
        if name in named or proof.holds:
            yield name, proof


def _tried(audit: Audit, prove: Callable[[Audit], Proof]) -> Proof:
    try:
        return prove(audit)
    except CannotTell as stop:
        audit.gap(stop.reason)
    except DoesNotApply:
        pass
    return Proof(None)


def _loop(audit: Audit) -> Proof:
    """Open orders add to what the page says; that they exist proves nothing, for every store has some."""
    if not any(audit.facts.read(kind) for kind in ORDER_KINDS):
        return Proof(None)
    count = sum(order.status in OPEN for order in audit.facts.orders)
    return Proof(None, Text(f"目前有 {count} 笔订单未完成", f"open orders now: {count}"))


def _age(audit: Audit) -> Proof:
    age, line, opened = store_age(audit), audit.line("rating_store_age"), opened_on(audit)
    detail = Text(
        f"{day(opened)} 开店，至今 {age} 天",
        f"opened on {day(opened)}, {age} days ago",
    )
    return Proof(age < line, detail, "rating_store_age", audit.shown("rating.opened_on"))


def _orders(audit: Audit) -> Proof:
    valid, line = audit.value("rating.valid_orders_90d"), audit.line("rating_valid_orders")
    detail = Text(
        f"现在 {valid} 笔，需要 {number(line)} 笔",
        f"{valid} now, {number(line)} asked for",
    )
    return Proof(valid < line, detail, "rating_valid_orders", audit.shown("rating.valid_orders_90d"))


def _confirmed(audit: Audit) -> Proof:
    rate, line = audit.value("rating.confirmed_rate"), audit.line("rating_confirmed_rate")
    detail = Text(
        f"现在 {percent(rate)}，要求 {percent(line)}",
        f"{percent(rate)} now, {percent(line)} asked for",
    )
    return Proof(rate < line - DUST, detail, "rating_confirmed_rate", audit.shown("rating.confirmed_rate"))


def _identity(audit: Audit) -> Proof:
    documents = audit.page("documents").documents
    bad = [row for row in documents if row.kind in IDENTITY and row.status in ("missing", "rejected")]
    if not bad:
        return Proof(False)
    names = "、".join(row.name for row in bad)
    return Proof(
        True,
        Text(f"未通过或缺失：{names}", f"missing or rejected: {', '.join(row.name for row in bad)}"),
        evidence=audit.seen(bad[0], "status"),
    )


def _violation(audit: Audit) -> Proof:
    found = severe(audit)
    if not found:
        return Proof(False)
    ids = ", ".join(row.violation_id for row in found)
    return Proof(True, Text(f"违规编号 {ids}", f"violation {ids}"), evidence=audit.seen(found[0], "severe"))


PROOFS: dict[str, Callable[[Audit], Proof]] = {
    "loop_not_closed": _loop,
    "under_90_days": _age,
    "under_5_orders": _orders,
    "exempt_category": lambda audit: Proof(None),
    "confirm_rate_low": _confirmed,
    "identity_unverified": _identity,
    "severe_violation": _violation,
}
