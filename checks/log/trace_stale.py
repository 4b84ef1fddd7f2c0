"""LOG004: a shipped parcel whose "Last updated" stopped more than 48 hours before the page was captured."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.log.scope import evidence, whose
from checks.log.traces import silences
from checks.rule import rule
from checks.text import Text, duration, moment, number


@rule(
    code="LOG004",
    name="trace-stale",
    severity=Severity.WARNING,
    sources=("S4",),
    needs=("tracking.last_updated",),
    thresholds=("trace_stale",),
    page="tracking",
    menu=Text("物流详情 → 最后更新", "Logistics details → Last updated"),
    title=Text("包裹轨迹超过 48 小时没有更新", "No news of a parcel for more than 48 hours"),
    why=Text(
        "轨迹停更往往是断更的前兆：再拖到 72 小时就会拉低物流服务分，超过 15 天订单不再计入评分。",
        "A trace that stalls usually breaks: at 72 hours it costs the logistics rating, at 15 days the order no longer "
        "counts for the rating.",
    ),
    fix=Text(
        "先在承运商官网查这个单号；官网有新轨迹就点“同步物流信息”，官网也停了就联系货代或承运商催查。",
        "Look the number up on the carrier's own site. If there is news, press “Sync logistics”; if not, ask the "
        "forwarder or carrier where the parcel is.",
    ),
)
def trace_stale(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    hours = number(audit.line())
    for silence in silences(audit):
        span, since = duration(silence.span), moment(silence.since.astimezone(audit.timezone))
        yield audit.finding(
            silence.subject,
            Text(
                f"包裹已 {span.zh}没有更新（最后更新 {since}），超过{whose(line).zh} {hours} 小时线",
                f"The trace has not moved for {span.en} (last updated {since}), over {whose(line).en} {hours} hours",
            ),
            observed=span,
            expected=Text(f"≤ {hours} 小时", f"≤ {hours} h"),
            threshold=line,
            evidence=evidence(audit, silence.parcel, "last_updated", "events"),
        )
