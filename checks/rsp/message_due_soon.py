"""RSP005: a buyer's message reaches 12 hours without an answer within the next 2 hours."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.rsp import waiting
from checks.rsp.clock import hours
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="RSP005",
    name="message-due-soon",
    severity=Severity.WARNING,
    sources=("S3",),
    needs=("messages.conversations",),
    thresholds=("message_notice", "message_wait"),
    page="messages",
    menu=waiting.MENU,
    title=Text("买家消息即将超过 12 小时", "A message is about to reach 12 hours"),
    why=Text(
        "还来得及：在 12 小时内回复就不影响首次回复率。",
        "There is still time: an answer within 12 hours leaves the first-reply rate untouched.",
    ),
    fix=Text("优先回复这条会话，再处理其他未到时限的消息。", "Answer this conversation before those with time left."),
)
def message_due_soon(audit: Audit) -> Iterator[Finding]:
    line = number(audit.line("message_wait"))
    for wait in waiting.waits(audit):
        waited, left = duration(wait.waited), duration(hours(audit, "message_wait") - wait.waited)
        least = Text("", "") if wait.exact else Text("至少", "at least ")
        yield waiting.finding(
            audit,
            wait,
            Text(
                f"买家消息{least.zh}已等待 {waited.zh}，再过 {left.zh} 就到店铺评分要求的 {line} 小时",
                f"A buyer has waited for {least.en}{waited.en}; the {line} hours of the store rating end in {left.en}",
            ),
            observed=Text(f"等待 {waited.zh}", f"waiting for {waited.en}"),
            line="message_wait",
        )
