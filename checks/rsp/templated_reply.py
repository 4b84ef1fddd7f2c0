"""RSP009: the automatic reply names neither the order nor a solution, so it counts as no answer."""

from collections.abc import Iterator

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.rsp.auto_reply import configured, evidence
from checks.rsp.waiting import MENU
from checks.rsp.words import names_the_order, offers_a_solution
from checks.rule import rule
from checks.text import Text


@rule(
    code="RSP009",
    name="templated-reply",
    severity=Severity.WARNING,
    sources=("S3",),
    needs=("messages.auto_reply",),
    page="messages",
    menu=MENU,
    title=Text("自动回复是空模板，会被判为无效响应", "The automatic reply is an empty template"),
    why=Text(
        "只有客套话的自动回复会被系统识别为无效响应，等于没回，首次回复率和服务分照样往下掉。",
        "The platform takes an automatic reply of mere courtesies for no answer at all, and the first-reply rate and "
        "the service rating fall as if nothing had been sent.",
    ),
    fix=Text(
        "在话术里插入订单号占位符，并写明针对这位买家的处理办法和时间，例如“您的订单 {订单号}：2 小时内给您处理方案”。",
        "Put a placeholder for the order's number into the text and say what will be done for this buyer and by when, "
        "such as “Your order {order_id}: you will have our solution within 2 hours”.",
    ),
)
def templated_reply(audit: Audit) -> Iterator[Finding]:
    reply = configured(audit)
    if reply.enabled is False:
        raise DoesNotApply(Text("自动回复没有开启", "the automatic reply is off"))
    if not reply.text:
        raise CannotTell(Text("读不到自动回复的内容", "the text of the automatic reply could not be read"))
    if not names_the_order(reply.text) and not offers_a_solution(reply.text):
        yield audit.finding(
            Subject("metric", "auto_reply"),
            Text(
                "自动回复既没有订单号占位符，也没有个性化的解决方案，按店铺评分规则算无效响应",
                "The automatic reply has neither a placeholder for the order's number nor a personal solution: the "
                "store rating counts it as no answer",
            ),
            observed=Text("没有订单号，也没有解决方案", "neither order number nor solution"),
            expected=Text("带订单号占位符或个性化解决方案", "an order-number placeholder or a personal solution"),
            evidence=evidence(audit, "auto_reply_text"),
        )
