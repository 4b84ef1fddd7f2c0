"""LOG013: too few Standard Shipping orders arrive on time for a logistics rating of 4.7."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.scope import whose
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="LOG013",
    name="on-time-rate-low",
    severity=Severity.WARNING,
    sources=("S3",),
    needs=("assessment.on_time_rate",),
    thresholds=("on_time_rate",),
    page="assessment",
    menu=Text("店铺 → 店铺表现", "Store → Store performance"),
    title=Text("无忧物流订单准时履约率偏低", "Too few Standard Shipping orders are on time"),
    why=Text(
        "无忧物流订单的准时履约率要到 92.3% 以上，物流服务分才守得住 4.7；物流占店铺评分的 35%。",
        "The logistics rating holds 4.7 only while 92.3 % of the Standard Shipping orders are on time, and logistics "
        "make 35 % of the store rating.",
    ),
    fix=Text(
        "按国家拆开看迟到的订单：揽收慢就提前交货或换揽收仓，线路慢就调整运费模板里的时效承诺。",
        "Split the late orders by country. Where pick-up is slow, hand over earlier or elsewhere; where the route is "
        "slow, change the promised time in the shipping template.",
    ),
)
def on_time_rate(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    for rate in audit.below("assessment.on_time_rate"):
        yield audit.finding(
            Subject("metric", "on_time_rate"),
            Text(
                f"准时履约率 {percent(rate)}，低于{whose(line).zh} {percent(audit.line())} 线，物流服务分难保 4.7",
                f"The on-time rate is {percent(rate)}, under {whose(line).en} {percent(audit.line())}: the logistics "
                "rating cannot hold 4.7",
            ),
            observed=percent(rate),
            value=rate,
            expected=f"≥ {percent(audit.line())}",
            threshold=line,
            evidence=audit.shown("assessment.on_time_rate"),
        )
