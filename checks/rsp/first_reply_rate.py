"""RSP001: fewer than 95 % of first replies go out within 12 hours."""

from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject
from checks.rsp.figures import first_shown
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="RSP001",
    name="first-reply-rate-low",
    severity=Severity.ERROR,
    sources=("S3",),
    needs=("rating.first_reply_12h_rate|messages.first_reply_12h_rate",),
    thresholds=("first_reply_12h",),
    page="rating",
    menu=Text("数据中心 → 店铺健康 → 店铺评分", "Data centre → Store health → Store rating"),
    title=Text("12 小时首次回复率低于 95%", "First replies within 12 h under 95 %"),
    why=Text(
        "首次回复率是卖家服务分的组成部分，回复超时是服务分低于 4.5 的头号原因。",
        "First replies are part of the service rating, and late ones are the main reason why it falls below 4.5.",
    ),
    fix=Text(
        "安排夜间和周末值班，先把超过 10 小时未回复的会话清掉；高峰期用多语言客服机器人先接待，再由人工跟进。",
        "Cover nights and weekends and clear first what has waited for more than 10 hours; at peak times let a "
        "multilingual assistant receive the buyer and a person follow up.",
    ),
)
def first_reply_rate(audit: Audit) -> Iterator[Finding]:
    name, value = first_shown(audit, "rating.first_reply_12h_rate", "messages.first_reply_12h_rate")
    line = audit.line()
    if value < line - DUST:
        yield audit.finding(
            Subject("metric", "first_reply_12h_rate"),
            Text(
                f"12 小时首次回复率 {percent(value)}，低于店铺评分要求的 {percent(line)}",
                f"{percent(value)} of first replies go out within 12 h, under the {percent(line)} that the store "
                "rating asks for",
            ),
            observed=percent(value),
            value=value,
            expected=f"≥ {percent(line)}",
            threshold=audit.threshold(),
            evidence=audit.shown(name),
        )
