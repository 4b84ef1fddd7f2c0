"""RTG006: goods came back because they were not as described."""

from collections.abc import Iterator
from datetime import timedelta

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.finding import Evidence, Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text


@rule(
    code="RTG006",
    name="not-as-described-returns",
    severity=Severity.WARNING,
    sources=("S3",),
    needs=("rating.not_as_described_returns|disputes",),
    thresholds=("not_as_described_returns", "rating_base_window"),
    page="disputes",
    menu=Text("客户服务 → 纠纷管理 → 已关闭纠纷", "Customer service → Dispute management → Closed disputes"),
    title=Text("有“与描述不符”的退货", "Returns as not as described"),
    why=Text(
        "退货原因是“与描述不符”时，商品描述分和卖家服务分会同时扣，一单伤两项。",
        "A return as “not as described” takes points from the description and the service rating at the same time.",
    ),
    fix=Text(
        "按商品找出这些退货，核对主图颜色、尺码表和参数；描述没错的，在纠纷里补充证据。",
        "Find the products behind them and check colours, size chart and specifications; where the listing is right, "
        "add evidence to the dispute.",
    ),
)
def not_as_described(audit: Audit) -> Iterator[Finding]:
    count, evidence = counted(audit)
    if count > audit.line("not_as_described_returns"):
        yield audit.finding(
            Subject("metric", "not_as_described_returns"),
            Text(
                f"近 90 天有 {count} 笔“与描述不符”的退货，每笔同时扣描述分和服务分",
                f"Returns as “not as described” in 90 days: {count}; each counts against description and service",
            ),
            observed=str(count),
            value=count,
            expected="0",
            threshold=audit.threshold("not_as_described_returns"),
            evidence=evidence,
        )


def counted(audit: Audit) -> tuple[int, Evidence | None]:
    """The rating page's own figure; without it, the returns among the disputes."""
    try:
        return int(audit.value("rating.not_as_described_returns")), audit.shown("rating.not_as_described_returns")
    except (CannotTell, DoesNotApply) as stop:
        if audit.facts.read("disputes") is None:
            raise
        start = audit.now - timedelta(days=audit.line("rating_base_window"))
        recent = [row for row in audit.disputes() if row.opened_at is None or row.opened_at >= start]
        rows = [row for row in recent if row.kind == "return" and row.not_as_described]
        if not rows and isinstance(stop, CannotTell):
            raise
        return len(rows), audit.seen(rows[0], "reason") if rows else None
