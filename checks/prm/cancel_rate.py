"""PRM011: a premium store's orders are cancelled more often than premium stores' usually are."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="PRM011",
    name="cancel-rate-high",
    severity=Severity.INFO,
    sources=("S2",),
    needs=("health.cancel_rate",),
    thresholds=("premium_cancel_rate", "ordinary_cancel_rate"),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("订单取消率高于精品店铺水平", "Order cancellation rate is over premium stores' figure"),
    why=Text(
        "取消率反映备货和时效是否跟得上；大促期间精品店铺只有 1.8%，铺货店铺为 5.7%。",
        "Cancellations tell whether stock and speed keep up: in the sales season premium stores had 1.8 %, "
        "other stores 5.7 %.",
    ),
    fix=Text(
        "按取消原因分类：缺货的同步库存，等太久的提前发货或改本地仓，误拍的优化规格说明。",
        "Sort cancellations by reason: synchronise stock, ship earlier or from a local warehouse, and make variants "
        "clearer.",
    ),
)
def cancel_rate(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    for rate in audit.above("health.cancel_rate"):
        others = percent(audit.line("ordinary_cancel_rate"))
        yield audit.finding(
            Subject("metric", "cancel_rate"),
            Text(
                f"订单取消率 {percent(rate)}，高于精品店铺的 {percent(audit.line())}（铺货店铺为 {others}）",
                f"The order cancellation rate is {percent(rate)}, over premium stores' {percent(audit.line())} "
                f"(other stores: {others})",
            ),
            observed=percent(rate),
            value=rate,
            expected=f"≤ {percent(audit.line())}",
            threshold=audit.threshold(),
            evidence=audit.shown("health.cancel_rate"),
        )
