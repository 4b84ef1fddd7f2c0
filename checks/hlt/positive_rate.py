"""HLT007: cumulative positive feedback is under what One Diamond asks for."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.hlt.lines import figure_of, owner
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="HLT007",
    name="positive-rate-low",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("health.positive_rate|assessment.positive_rate",),
    thresholds=("positive_rate",),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("累计好评率低于 97%", "Positive feedback is under 97 %"),
    why=Text(
        "一钻要求累计好评率不低于 97%，低于这条线升不了钻，已有等级也会进入降级预警。",
        "One Diamond asks for 97 % cumulative positive feedback; under it there is no upgrade, and a level already "
        "reached comes under watch.",
    ),
    fix=Text(
        "差评出现后 24 小时内联系买家协商补偿（不超过订单额 15%），同时找出差评集中的商品改描述或下架。",
        "Write to the buyer within 24 hours of a negative review and offer a settlement (at most 15 % of the order); "
        "mend or take down the products that collect them.",
    ),
)
def positive_rate(audit: Audit) -> Iterator[Finding]:
    name, _ = figure_of(audit)
    line, whose = audit.line(), owner(audit.threshold())
    for rate in audit.below(name):
        yield audit.finding(
            Subject("metric", "positive_rate"),
            Text(
                f"累计好评率 {percent(rate)}，低于{whose.zh} {percent(line)}",
                f"Cumulative positive feedback is {percent(rate)}, under {whose.en} ({percent(line)})",
            ),
            observed=percent(rate),
            value=rate,
            expected=f"≥ {percent(line)}",
            threshold=audit.threshold(),
            evidence=audit.shown(name),
        )
