"""HLT005: the order defect rate is over the line that leads to demotion."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="HLT005",
    name="order-defect-rate-high",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("health.order_defect_rate",),
    thresholds=("order_defect_rate",),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("订单缺陷率（ODR）超过 1.0%", "Order defect rate (ODR) is over 1.0 %"),
    why=Text(
        "订单缺陷率由平台按差评、纠纷和退款加权算出，超过 1.0% 会触发等级降级。",
        "The platform weighs negative reviews, disputes and refunds into this rate; over 1.0 % the level goes down.",
    ),
    fix=Text(
        "逐单看近期的差评、纠纷和退款，先和还没结案的买家协商，再下架反复出问题的商品。",
        "Go through the recent negative reviews, disputes and refunds: settle the open ones with the buyers first, "
        "then take down the products that cause them again and again.",
    ),
)
def order_defect_rate(audit: Audit) -> Iterator[Finding]:
    line = audit.line()
    for rate in audit.above("health.order_defect_rate"):
        yield audit.finding(
            Subject("metric", "order_defect_rate"),
            Text(
                f"订单缺陷率 {percent(rate)}，超过保持等级要求的 {percent(line)}",
                f"The order defect rate is {percent(rate)}, over the {percent(line)} that keeps the level",
            ),
            observed=percent(rate),
            value=rate,
            expected=f"≤ {percent(line)}",
            threshold=audit.threshold(),
            evidence=audit.shown("health.order_defect_rate"),
        )
