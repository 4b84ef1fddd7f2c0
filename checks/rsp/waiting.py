"""Buyers who wait for an answer, and the one rule that speaks of each: the worst of due soon, overdue, over a day.

A reply by the platform's robot, or an automatic one, does not answer: what counts is since when the buyer waits,
whoever wrote last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.rsp.clock import after, elapsed, hours
from checks.rsp.words import is_unanswered
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.messages import Conversation

MENU = Text("客户服务 → 买家消息", "Customer service → Buyer messages")


class Wait(NamedTuple):
    """``exact`` is False when only the buyer's last message is known, so that the wait may be longer."""

    conversation: Conversation
    since: datetime
    waited: timedelta
    exact: bool


def waits(audit: Audit) -> Iterator[Wait]:
    """The conversations that this rule speaks of."""
    conversations = audit.conversations()
    if not conversations:
        raise DoesNotApply(Text("没有买家会话", "there is no conversation"))
    for conversation in conversations:
        wait = _wait(audit, conversation)
        if wait is None:
            continue
        code = _rule_of(audit, wait.waited)
        if code == audit.rule.code:
            yield wait
        elif code is None and not wait.exact:
            audit.gap(_untold(conversation))


def _wait(audit: Audit, conversation: Conversation) -> Wait | None:
    since = conversation.waiting_since
    if since is not None:
        return Wait(conversation, since, elapsed(since, audit.now), True)
    if conversation.last_from == "seller":
        return None
    last = conversation.last_message_at
    if last is None or not is_unanswered(conversation.tags):
        audit.gap(_untold(conversation))
        return None
    return Wait(conversation, last, elapsed(last, audit.now), False)


def _rule_of(audit: Audit, waited: timedelta) -> str | None:
    limit = hours(audit, "message_wait")
    if waited > hours(audit, "message_wait_dispute"):
        return "RSP006"
    if waited > limit:
        return "RSP004"
    return "RSP005" if limit - waited <= hours(audit, "message_notice") else None


def _untold(conversation: Conversation) -> Text:
    number = conversation.conversation_id
    return Text(f"读不到会话 {number} 从何时起等待回复", f"since when conversation {number} waits could not be read")


def finding(
    audit: Audit, wait: Wait, message: Text, *, observed: Text, line: str, severity: Severity | None = None
) -> Finding:
    """A finding about a conversation; it is due when the wait reaches ``line``."""
    threshold = audit.threshold(line)
    limit = f"{threshold.value:g}"
    key = "waiting_since" if wait.exact else "last_message_at"
    return audit.finding(
        Subject("conversation", wait.conversation.conversation_id),
        message,
        observed=observed,
        expected=Text(f"{limit} 小时内回复", f"answered within {limit} h"),
        severity=severity,
        threshold=threshold,
        evidence=audit.seen(wait.conversation, key) or audit.shown("messages.conversations"),
        due_at=after(audit, wait.since, hours(audit, line)),
    )
