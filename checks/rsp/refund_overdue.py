"""RSP011: an open refund is older than 72 hours, or will be within 12."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.rsp.clock import after, elapsed, hours
from checks.rule import rule
from checks.text import Text, duration, number


@rule(
    code="RSP011",
    name="refund-overdue",
    severity=Severity.ERROR,
    sources=("S3",),
    needs=("disputes.disputes",),
    thresholds=("refund_wait", "refund_notice"),
    page="disputes",
    menu=Text("客户服务 → 纠纷管理", "Customer service → Dispute management"),
    title=Text("退款超过或即将超过 72 小时", "A refund is past 72 hours, or about to be"),
    why=Text(
        "店铺评分要求九成以上的退款在 72 小时内完结，每笔超时的退款都拉低卖家服务分。",
        "The store rating asks for nine refunds in ten within 72 hours; each later one lowers the service rating.",
    ),
    fix=Text(
        "打开这笔纠纷，同意退款或与买家谈定方案；已同意的核对款项是否退出。",
        "Open the dispute and agree to the refund or settle on another solution; if it is agreed, see that the money "
        "has left.",
    ),
)
def refund_overdue(audit: Audit) -> Iterator[Finding]:
    refunds = [dispute for dispute in audit.disputes() if dispute.kind == "refund"]
    if not refunds and not audit.gaps:
        raise DoesNotApply(Text("没有注明为退款的纠纷", "no dispute is shown to be a refund"))
    wait, notice, line = hours(audit, "refund_wait"), hours(audit, "refund_notice"), number(audit.line())
    for refund in refunds:
        number_of = refund.dispute_id or refund.order_id
        if refund.stage == "ended" or refund.closed_at is not None:
            continue
        if refund.opened_at is None or refund.stage == "unknown":
            audit.gap(Text(f"读不到退款 {number_of} 的进展", f"how refund {number_of} stands could not be read"))
            continue
        age = elapsed(refund.opened_at, audit.now)
        if wait - age > notice:
            continue
        old, left, over = duration(age), duration(wait - age), age > wait
        yield audit.finding(
            Subject("refund", number_of),
            Text(
                f"退款发起已 {old.zh} 仍未完结，超过店铺评分要求的 {line} 小时",
                f"The refund has been open for {old.en}, over the {line} hours of the store rating",
            )
            if over
            else Text(
                f"退款发起已 {old.zh}，再过 {left.zh} 就到店铺评分要求的 {line} 小时",
                f"The refund has been open for {old.en}; the {line} hours of the store rating end in {left.en}",
            ),
            observed=Text(f"已发起 {old.zh}", f"open for {old.en}"),
            expected=Text(f"{line} 小时内完结", f"finished within {line} h"),
            severity=Severity.ERROR if over else Severity.WARNING,
            threshold=audit.threshold(),
            evidence=audit.seen(refund, "opened_at") or audit.shown("disputes.disputes"),
            due_at=after(audit, refund.opened_at, wait),
        )
