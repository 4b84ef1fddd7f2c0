"""LOG015: the assessment page lists an order under late first scan or false shipment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, moment

if TYPE_CHECKING:
    from extractors.models.assessment import PromiseCase

REASONS = {
    "late_first_scan": Text("物流上网超时", "late first scan"),
    "false_shipment": Text("虚假发货", "false shipment"),
}


@rule(
    code="LOG015",
    name="shipping-promise-broken",
    severity=Severity.ERROR,
    sources=("field practice",),
    needs=("assessment.cases", "assessment.reason"),
    page="assessment",
    menu=Text("店铺 → 店铺表现", "Store → Store performance"),
    title=Text("订单被判上网超时或虚假发货", "An order is listed for late first scan or false shipment"),
    why=Text(
        "每一单都会计入发货考核，虚假发货还可能扣分罚款；只有在申诉时间内举证成功才会撤销。",
        "Every such order counts in the shipping assessment, and a false shipment may cost points or money. Only an "
        "appeal within its time takes it back.",
    ),
    fix=Text(
        "先看剩余申诉时间，准备揽收底单、承运商官网轨迹截图后提交申诉；同时查清是揽收慢还是单号填错。",
        "Look at the time left to appeal, and appeal with the hand-over receipt and the carrier's trace; then find out "
        "whether the pick-up was late or the number wrong.",
    ),
)
def shipping_promise(audit: Audit) -> Iterator[Finding]:
    by_order: dict[str, list[PromiseCase]] = {}
    for case in audit.cases():
        if case.reason is None:
            reason = Text(
                f"订单 {case.order_id} 的判定原因无法识别", f"the reason of order {case.order_id} is not known"
            )
            audit.gap(reason)
        else:
            by_order.setdefault(case.order_id, []).append(case)
    for order_id, cases in by_order.items():
        reasons = [REASONS[reason] for reason in dict.fromkeys(c.reason for c in cases) if reason]
        reason = Text("、".join(r.zh for r in reasons), " and ".join(r.en for r in reasons))
        ends = [c.appeal_by for c in cases if c.appeal_by]
        due = min(ends, key=lambda at: at.timestamp()) if ends else None
        shown = moment(due.astimezone(audit.timezone)) if due else None
        until = Text(f"，申诉截止 {shown}", f"; the appeal ends {shown}") if shown else Text("", "")
        yield audit.finding(
            Subject("order", order_id),
            Text(
                f"订单 {order_id} 被平台判为{reason.zh}{until.zh}",
                f"The platform lists order {order_id} under {reason.en}{until.en}",
            ),
            observed=reason,
            expected=Text("不在考核名单中", "not listed"),
            evidence=audit.seen(cases[0], "reason"),
            due_at=due,
        )
