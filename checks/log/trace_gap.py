"""LOG005: a trace with more than 72 hours of silence between two events or since the last one."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.log.scope import evidence, whose
from checks.log.traces import silences
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="LOG005",
    name="trace-gap",
    severity=Severity.ERROR,
    sources=("S3",),
    needs=("tracking.events",),
    thresholds=("trace_gap",),
    page="tracking",
    menu=Text("物流详情 → 最后更新", "Logistics details → Last updated"),
    title=Text("包裹轨迹断更超过 72 小时", "A parcel's trace is silent for more than 72 hours"),
    why=Text(
        "店铺评分的物流服务占 35%，轨迹完整率是其中一项；断更超过 72 小时是常见的失分原因，平邮小包最多。",
        "Logistics makes 35 % of the store rating, and complete traces are part of it; silences of more than 72 hours "
        "are a frequent loss, most of all with untracked small packets.",
    ),
    fix=Text(
        "仍在断更的包裹先向承运商催查并同步轨迹；同一渠道反复断更，就把该线路换成无忧物流-标准或菜鸟专线。",
        "Chase the parcel with its carrier while it is still silent, then sync the trace. Where one channel keeps "
        "going silent, move that route to AliExpress Standard Shipping or a Cainiao line.",
    ),
)
def trace_gap(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    hours = number(audit.line())
    for silence in silences(audit):
        span, when = duration(silence.span), silence.when(audit)
        yield audit.finding(
            silence.subject,
            Text(
                f"轨迹断更 {span.zh}（{when.zh}），超过{whose(line).zh} {hours} 小时线",
                f"The trace is silent for {span.en} ({when.en}), over {whose(line).en} {hours} hours",
            ),
            observed=span,
            expected=Text(f"≤ {hours} 小时", f"≤ {hours} h"),
            threshold=line,
            evidence=evidence(audit, silence.parcel, "events", "last_updated"),
        )
