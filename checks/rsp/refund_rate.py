"""RSP010: fewer than 90 % of refunds are finished within 72 hours."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="RSP010",
    name="refund-rate-slow",
    severity=Severity.ERROR,
    sources=("S3",),
    needs=("rating.refund_72h_rate",),
    thresholds=("refund_72h",),
    page="rating",
    menu=Text("数据中心 → 店铺健康 → 店铺评分", "Data centre → Store health → Store rating"),
    title=Text("72 小时退款完结率低于 90%", "Refunds within 72 h under 90 %"),
    why=Text(
        "退款处理时效计入卖家服务分，拖久了还会升级成平台介入的纠纷。",
        "How fast refunds are finished is part of the service rating, and a slow one ends as a dispute that the "
        "platform decides.",
    ),
    fix=Text(
        "每天先处理待退款，小额直接同意；需要补资料的当天联系买家，72 小时内办完。",
        "Look at open refunds first every day, agree to small ones at once, and ask for missing papers the same day, "
        "so that each ends within 72 hours.",
    ),
)
def refund_rate(audit: Audit) -> Iterator[Finding]:
    line = audit.line()
    for value in audit.below("rating.refund_72h_rate"):
        yield audit.finding(
            Subject("metric", "refund_72h_rate"),
            Text(
                f"72 小时退款完结率 {percent(value)}，低于店铺评分要求的 {percent(line)}",
                f"{percent(value)} of refunds are finished within 72 h, under the {percent(line)} that the store "
                "rating asks for",
            ),
            observed=percent(value),
            value=value,
            expected=f"≥ {percent(line)}",
            threshold=audit.threshold(),
            evidence=audit.shown("rating.refund_72h_rate"),
        )
