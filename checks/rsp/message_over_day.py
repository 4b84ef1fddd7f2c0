"""RSP006: a buyer's message has waited for more than 24 hours, after which disputes follow."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.rsp import waiting
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="RSP006",
    name="message-over-24h",
    severity=Severity.ERROR,
    sources=("S2",),
    needs=("messages.conversations",),
    thresholds=("message_wait_dispute",),
    page="messages",
    menu=waiting.MENU,
    title=Text("买家消息超过 24 小时未回复", "A message has waited for more than 24 hours"),
    why=Text(
        "等了一天还没人理的买家多半会直接开纠纷，西班牙站尤其明显：客服响应超 24 小时曾把纠纷率推到 7.9%。",
        "A buyer left alone for a day tends to open a dispute, in Spain above all: answers after 24 hours drove the "
        "dispute rate there to 7.9 %.",
    ),
    fix=Text(
        "马上人工回复并道歉，直接给出退款、补发或物流进展中的一种办法，争取买家不开纠纷。",
        "Answer at once and apologise; offer a refund, a replacement or the parcel's state right away, so that no "
        "dispute is opened.",
    ),
)
def message_over_day(audit: Audit) -> Iterator[Finding]:
    line = number(audit.line())
    for wait in waiting.waits(audit):
        waited, country = duration(wait.waited), wait.conversation.buyer_country
        least = Text("", "") if wait.exact else Text("至少", "at least ")
        where = Text(f"（{country}）", f" ({country})") if country else Text("", "")
        yield waiting.finding(
            audit,
            wait,
            Text(
                f"买家{where.zh}消息{least.zh}已等待 {waited.zh}，超过精品运营警戒的 {line} 小时，随时可能开纠纷",
                f"A buyer{where.en} has waited for {least.en}{waited.en}, over the {line} hours after which premium "
                "operation expects a dispute",
            ),
            observed=Text(f"等待 {waited.zh}", f"waiting for {waited.en}"),
            line="message_wait_dispute",
        )
