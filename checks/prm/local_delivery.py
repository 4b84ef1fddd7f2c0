"""PRM007: orders from local warehouses take too many working days."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import MENU
from checks.rule import rule
from checks.text import Text, number


@rule(
    code="PRM007",
    name="local-delivery-slow",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("products.local_fulfilment_days",),
    thresholds=("premium_local_fulfilment",),
    page="products",
    menu=MENU,
    title=Text("本地仓履约超过 5 个工作日", "Local-warehouse fulfilment takes over 5 working days"),
    why=Text(
        "本地仓的价值就在时效，超过 5 个工作日和直发差别不大，买家会取消或发起纠纷。",
        "Speed is the point of a local warehouse; beyond 5 working days it hardly beats direct shipping, and buyers "
        "cancel or dispute.",
    ),
    fix=Text(
        "核对仓库的截单时间和尾程承运商，换更快的尾程或离买家更近的仓。",
        "Check the warehouse's cut-off time and last-mile carrier; choose a faster carrier or a warehouse nearer to "
        "the buyers.",
    ),
)
def local_delivery(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    for days in audit.above("products.local_fulfilment_days"):
        yield audit.finding(
            Subject("metric", "local_fulfilment_days"),
            Text(
                f"本地仓履约平均 {number(days)} 个工作日，超过精品要求的 {number(audit.line())} 个工作日",
                f"Local-warehouse fulfilment takes {number(days)} working days, over the {number(audit.line())} of "
                "premium stores",
            ),
            observed=Text(f"{number(days)} 个工作日", f"{number(days)} working days"),
            value=days,
            expected=Text(f"≤ {number(audit.line())} 个工作日", f"≤ {number(audit.line())} working days"),
            threshold=audit.threshold(),
            evidence=audit.shown("products.local_fulfilment_days"),
        )
