"""RSP014: the 24-hour reply rate is under the line that the user has set."""

from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject
from checks.rsp.figures import first_shown
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="RSP014",
    name="reply-24h-rate-low",
    severity=Severity.WARNING,
    sources=("field practice",),
    needs=("assessment.reply_24h_rate|messages.reply_24h_rate",),
    thresholds=("reply_24h",),
    page="assessment",
    menu=Text("店铺 → 店铺表现", "Store → Store performance"),
    title=Text("24 小时回复率低于自设标准", "24-hour reply rate under your own line"),
    why=Text(
        "平台没有公布这项的合格线，自设一条可以在回复变慢时尽早发现。",
        "The platform names no line for it; one of your own shows early that answers get slower.",
    ),
    fix=Text(
        "查看哪些时段的消息超过 24 小时才回，补上值班；标准可在店铺配置的 thresholds 里修改。",
        "See at which hours messages wait for more than a day and staff them; the line is set under thresholds in the "
        "store's configuration.",
    ),
)
def reply_24h_rate(audit: Audit) -> Iterator[Finding]:
    line = audit.line()
    name, value = first_shown(audit, "assessment.reply_24h_rate", "messages.reply_24h_rate")
    if value < line - DUST:
        yield audit.finding(
            Subject("metric", "reply_24h_rate"),
            Text(
                f"24 小时回复率 {percent(value)}，低于您设置的 {percent(line)}",
                f"The 24-hour reply rate is {percent(value)}, under the {percent(line)} that you have set",
            ),
            observed=percent(value),
            value=value,
            expected=f"≥ {percent(line)}",
            threshold=audit.threshold(),
            evidence=audit.shown(name),
        )
