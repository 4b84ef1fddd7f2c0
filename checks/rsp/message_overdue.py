"""RSP004: a buyer's message has waited for an answer for more than 12 hours."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.rsp import waiting
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="RSP004",
    name="message-overdue",
    severity=Severity.ERROR,
    sources=("S3",),
    needs=("messages.conversations",),
    thresholds=("message_wait",),
    page="messages",
    menu=waiting.MENU,
    title=Text("买家消息超过 12 小时未回复", "A message has waited for more than 12 hours"),
    why=Text(
        "超过 12 小时才回复会拉低首次回复率和卖家服务分；机器人接待和自动回复都不算回复。",
        "An answer after 12 hours lowers the first-reply rate and the service rating; neither the robot nor an "
        "automatic reply counts as one.",
    ),
    fix=Text(
        "现在就人工回复，写明订单进展和具体处理办法，不要只发模板。",
        "Answer now, in person, with the order's state and what you will do; a template alone does not help.",
    ),
)
def message_overdue(audit: Audit) -> Iterator[Finding]:
    line = number(audit.line())
    for wait in waiting.waits(audit):
        waited = duration(wait.waited)
        least = Text("", "") if wait.exact else Text("至少", "at least ")
        yield waiting.finding(
            audit,
            wait,
            Text(
                f"买家消息{least.zh}已等待 {waited.zh}，超过店铺评分要求的 {line} 小时",
                f"A buyer has waited for {least.en}{waited.en}, over the {line} hours that the store rating allows",
            ),
            observed=Text(f"等待 {waited.zh}", f"waiting for {waited.en}"),
            line="message_wait",
        )
