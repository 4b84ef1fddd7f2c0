"""LOG006: a trace that was silent for more than 15 days, which takes its order out of the rating."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.log.scope import evidence, whose
from checks.log.traces import silences
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="LOG006",
    name="trace-interrupted",
    severity=Severity.ERROR,
    sources=("S4",),
    needs=("tracking.events",),
    thresholds=("trace_interrupted",),
    page="tracking",
    menu=Text("物流详情 → 最后更新", "Logistics details → Last updated"),
    title=Text("包裹轨迹中断超过 15 天", "A parcel's trace is interrupted for more than 15 days"),
    why=Text(
        "轨迹中断超过 15 天的订单按物流异常处理，不计入评分基数，买家的好评也白费，纠纷风险很高。",
        "An order whose trace breaks off for more than 15 days counts as a logistics exception: it leaves the rating's "
        "base, its good review is lost, and a dispute is likely.",
    ),
    fix=Text(
        "要求承运商书面确认包裹去向；确认丢件就主动与买家协商补发或退款，并向物流商索赔。",
        "Have the carrier say in writing where the parcel is. If it is lost, offer the buyer a new parcel or a refund "
        "before a dispute is opened, and claim from the carrier.",
    ),
)
def trace_interrupted(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    days = number(audit.line())
    for silence in silences(audit):
        span, when = duration(silence.span), silence.when(audit)
        yield audit.finding(
            silence.subject,
            Text(
                f"轨迹中断 {span.zh}（{when.zh}），超过{whose(line).zh} {days} 天线，订单不再计入评分",
                f"The trace is interrupted for {span.en} ({when.en}), over {whose(line).en} {days} days: "
                "the order no longer counts",
            ),
            observed=span,
            expected=Text(f"≤ {days} 天", f"≤ {days} days"),
            threshold=line,
            evidence=evidence(audit, silence.parcel, "events", "last_updated"),
        )
