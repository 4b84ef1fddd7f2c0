"""RSP013: a dispute waits for the seller, to answer it or to confirm a returned parcel."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.rsp.clock import elapsed, hours
from checks.rule import rule
from checks.text import Text, duration, moment, number

WAITS = Text("等待卖家响应", "waits for your answer")
RECEIVING = Text("等待卖家确认收到退货", "waits for you to confirm the returned parcel")
NO_DEADLINE = Text("页面没有显示截止时间", "the page shows no deadline")


@rule(
    code="RSP013",
    name="dispute-awaiting-seller",
    severity=Severity.ERROR,
    sources=("S2", "S3"),
    needs=("disputes.disputes",),
    thresholds=("dispute_notice",),
    page="disputes",
    menu=Text("客户服务 → 纠纷管理", "Customer service → Dispute management"),
    title=Text("有纠纷等待卖家处理", "A dispute waits for you"),
    why=Text(
        "卖家逾期不响应，系统会按买家的方案直接退款，纠纷也计入纠纷率。",
        "When the time runs out the buyer's proposal is carried out, and the dispute counts into the dispute rate.",
    ),
    fix=Text(
        "在倒计时结束前进入纠纷详情，同意、拒绝并举证，或提出自己的方案；退货已到的核对后确认收货。",
        "Before the countdown ends open the dispute and accept, refuse with evidence, or make a proposal of your own; "
        "check a returned parcel and confirm its receipt.",
    ),
)
def dispute_awaiting(audit: Audit) -> Iterator[Finding]:
    disputes = audit.disputes()
    if not disputes and not audit.gaps:
        raise DoesNotApply(Text("没有纠纷", "there is no dispute"))
    for dispute in disputes:
        key, receiving = dispute.dispute_id or dispute.order_id, dispute.stage == "seller_receiving"
        if dispute.stage == "ended" or dispute.closed_at is not None:
            continue
        if dispute.awaiting is None and dispute.stage in ("negotiating", "unknown"):
            audit.gap(Text(f"读不出纠纷 {key} 轮到谁处理", f"whose turn dispute {key} is could not be read"))
            continue
        if dispute.awaiting != "seller" and not receiving:
            continue
        due = dispute.respond_by
        left = None if due is None else elapsed(audit.now, due)
        urgent = left is not None and left <= hours(audit, "dispute_notice")
        what = RECEIVING if receiving else WAITS
        when = NO_DEADLINE if due is None or left is None else until(audit, due, left, urgent)
        yield audit.finding(
            Subject("dispute", key),
            Text(f"纠纷{what.zh}，{when.zh}", f"The dispute {what.en}: {when.en}"),
            observed=when,
            expected=Text("在截止时间前处理", "dealt with before the deadline"),
            severity=Severity.ERROR if urgent else Severity.WARNING,
            threshold=audit.threshold(),
            evidence=audit.seen(dispute, "status") or audit.shown("disputes.disputes"),
            due_at=due,
        )


def until(audit: Audit, due: datetime, left: timedelta, urgent: bool) -> Text:
    """The deadline as the countdown gives it, and what is left of it."""
    shown, rest, line = moment(due.astimezone(audit.timezone)), duration(left), number(audit.line())
    if left < timedelta(0):
        return Text(f"截止 {shown}，已超时 {rest.zh}", f"until {shown}, which was {rest.en} ago")
    less = Text(f"，不到 {line} 小时", f" (inside the last {line} h)") if urgent else Text("", "")
    return Text(f"截止 {shown}，只剩 {rest.zh}{less.zh}", f"until {shown}, {rest.en} left{less.en}")
