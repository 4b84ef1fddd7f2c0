"""RSP007: there is no automatic reply, or it comes later than 2 minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.finding import Evidence, Finding, Severity, Subject
from checks.rsp.waiting import MENU
from checks.rule import rule
from checks.text import Text, duration, number

if TYPE_CHECKING:
    from extractors.models.messages import AutoReply

MINUTE = 60


@rule(
    code="RSP007",
    name="auto-reply-missing",
    severity=Severity.WARNING,
    sources=("S4",),
    needs=("messages.auto_reply",),
    thresholds=("auto_reply_delay",),
    page="messages",
    menu=MENU,
    title=Text("没有自动回复，或超过 2 分钟才触发", "No automatic reply, or one later than 2 minutes"),
    why=Text(
        "自动回复在 2 分钟内发出能缩短响应时长，响应时长占店铺健康分的 10%。",
        "An automatic reply within 2 minutes shortens the response time, which is 10 % of the health score.",
    ),
    fix=Text(
        "在消息设置里开启自动回复，延迟设为立即或 2 分钟以内，话术带上订单号和处理办法。",
        "Turn the automatic reply on in the message settings, at once or within 2 minutes, and let it name the order "
        "and what will be done.",
    ),
)
def auto_reply(audit: Audit) -> Iterator[Finding]:
    reply, line = configured(audit), number(audit.line())
    if reply.enabled is False:
        message = Text("自动回复没有开启", "The automatic reply is off")
        observed, key = Text("未开启", "off"), "auto_reply_enabled"
    elif reply.enabled is None or reply.delay_s is None:
        raise CannotTell(
            Text("读不到自动回复的开关或延迟", "whether and when the automatic reply fires could not be read")
        )
    elif reply.delay_s <= audit.line() * MINUTE:
        return
    else:
        observed, key = duration(reply.delay_s), "auto_reply_delay"
        message = Text(
            f"自动回复要等 {observed.zh} 才发出，超过健康分建议的 {line} 分钟",
            f"The automatic reply fires after {observed.en}, over the {line} minutes advised for the health score",
        )
    yield audit.finding(
        Subject("metric", "auto_reply"),
        message,
        observed=observed,
        expected=Text(f"{line} 分钟内自动回复", f"a reply within {line} minutes"),
        threshold=audit.threshold(),
        evidence=evidence(audit, key),
    )


def configured(audit: Audit) -> AutoReply:
    """The automatic reply as the page shows it; raises CannotTell when the page shows none."""
    try:
        reply: AutoReply = audit.value("messages.auto_reply")
    except DoesNotApply as stop:
        raise CannotTell(Text("页面没有显示自动回复设置", "the page does not show the automatic reply")) from stop
    return reply


def evidence(audit: Audit, key: str) -> Evidence | None:
    """The evidence of one part of the automatic reply, or of the whole where the parts are not told apart."""
    return audit.shown(f"messages.{key if key in audit.reading('messages').figures else 'auto_reply'}")
