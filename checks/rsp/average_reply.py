"""RSP003: buyers wait longer than 12 hours for an answer on average."""

from collections.abc import Iterator
from datetime import timedelta

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rsp.clock import hours
from checks.rsp.figures import first_shown
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="RSP003",
    name="average-reply-slow",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("health.average_reply_s|messages.average_reply_s",),
    thresholds=("average_reply",),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("平均回复时长超过 12 小时", "Average reply time over 12 hours"),
    why=Text(
        "平均回复时长超过 12 小时的店铺，服务分大多跌破 4.7，这是升级失败的常见原因。",
        "Stores that take more than 12 hours on average mostly fall below 4.7 in service, a common reason why an "
        "upgrade fails.",
    ),
    fix=Text(
        "按买家所在时区排班，拉长的多半是夜间消息；先处理等待最久的会话，再把常见问题做成快捷回复。",
        "Staff the hours in which your buyers write, as night messages stretch the average; start with the longest "
        "waits, then prepare answers to common questions.",
    ),
)
def average_reply(audit: Audit) -> Iterator[Finding]:
    name, seconds = first_shown(audit, "health.average_reply_s", "messages.average_reply_s")
    if seconds > hours(audit, "average_reply").total_seconds():
        took, line = duration(seconds), number(audit.line())
        yield audit.finding(
            Subject("metric", "average_reply_s"),
            Text(
                f"平均回复时长 {took.zh}，超过一钻要求的 {line} 小时",
                f"The average reply takes {took.en}, over the {line} hours of One Diamond",
            ),
            observed=took,
            value=timedelta(seconds=seconds) / timedelta(hours=1),
            expected=Text(f"≤ {line} 小时", f"≤ {line} h"),
            threshold=audit.threshold(),
            evidence=audit.shown(name),
        )
