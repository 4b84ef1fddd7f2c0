"""HLT008: order fulfilment is under what One Diamond asks for."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.hlt.lines import figure_of, owner
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="HLT008",
    name="fulfilment-rate-low",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("health.fulfilment_rate|assessment.fulfilment_rate",),
    thresholds=("fulfilment_rate",),
    page="health",
    menu=Text("数据中心 → 服务诊断 → 物流履约", "Data centre → Service diagnosis → Logistics fulfilment"),
    title=Text("订单履约率低于 95%", "Order fulfilment is under 95 %"),
    why=Text(
        "一钻要求订单履约率不低于 95%，而超过一半的降级都出在履约超时上。",
        "One Diamond asks for 95 % fulfilment, and more than half of all demotions come from late fulfilment.",
    ),
    fix=Text(
        "先把待发货里快到期的订单发出并同步单号，再把常超时的商品换成无忧物流-标准或调长备货期。",
        "Ship the orders whose time runs out and sync their tracking numbers first; then move the products that are "
        "often late to AliExpress Standard Shipping, or give them a longer handling time.",
    ),
)
def fulfilment_rate(audit: Audit) -> Iterator[Finding]:
    name, _ = figure_of(audit)
    line, whose = audit.line(), owner(audit.threshold())
    for rate in audit.below(name):
        yield audit.finding(
            Subject("metric", "fulfilment_rate"),
            Text(
                f"订单履约率 {percent(rate)}，低于{whose.zh} {percent(line)}",
                f"Order fulfilment is {percent(rate)}, under {whose.en} ({percent(line)})",
            ),
            observed=percent(rate),
            value=rate,
            expected=f"≥ {percent(line)}",
            threshold=audit.threshold(),
            evidence=audit.shown(name),
        )
