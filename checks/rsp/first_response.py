"""RSP008: the first response takes longer than 5 minutes on average."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rsp.figures import first_shown
from checks.rule import rule
from checks.text import Text, duration, number

MINUTE = 60


@rule(
    code="RSP008",
    name="reply-over-5-minutes",
    severity=Severity.INFO,
    sources=("S4",),
    needs=("health.response_s|health.average_reply_s|messages.average_reply_s",),
    thresholds=("first_response",),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("平均响应时长超过 5 分钟", "Average response over 5 minutes"),
    why=Text(
        "响应时长占店铺健康分的 10%，超过 5 分钟这一项就开始丢分。",
        "Response time is 10 % of the health score, and over 5 minutes that part starts to drop.",
    ),
    fix=Text(
        "安排专人在线接待，高峰时段开机器人先应答，人工 5 分钟内接手。",
        "Have somebody online for messages, let an assistant answer first at peak times, and take over in 5 minutes.",
    ),
)
def first_response(audit: Audit) -> Iterator[Finding]:
    name, seconds = first_shown(audit, "health.response_s", "health.average_reply_s", "messages.average_reply_s")
    if seconds > audit.line() * MINUTE:
        took, line = duration(seconds), number(audit.line())
        yield audit.finding(
            Subject("metric", name.partition(".")[2]),
            Text(
                f"平均响应时长 {took.zh}，超过健康分响应项的 {line} 分钟",
                f"The average response takes {took.en}, over the {line} minutes after which the health score drops",
            ),
            observed=took,
            value=seconds / MINUTE,
            expected=Text(f"≤ {line} 分钟", f"≤ {line} min"),
            threshold=audit.threshold(),
            evidence=audit.shown(name),
        )
