"""HLT004: the dispute rate is over the line of a programme; one finding names every line that it is over."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.hlt.lines import exceeded, figure_of, named
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="HLT004",
    name="dispute-rate-high",
    severity=Severity.ERROR,
    sources=("S0", "S2", "S3", "S4"),
    needs=("health.dispute_rate|rating.dispute_rate|assessment.dispute_rate",),
    thresholds=("dispute_rate_one_diamond", "dispute_rate_rating", "dispute_rate_platform", "dispute_rate_premium"),
    page="disputes",
    menu=Text(
        "客户服务 → 纠纷管理 → 已关闭纠纷 → 导出", "Customer service → Dispute management → Closed disputes → Export"
    ),
    title=Text("纠纷率超过要求", "Dispute rate is over a line"),
    why=Text(
        "纠纷率同时影响一钻升级、卖家服务评分和健康分；超过平台红线，店铺评分页会挂红标。",
        "The dispute rate weighs on the One Diamond level, the service rating and the health score at once; over the "
        "platform's red line the rating page shows a red mark.",
    ),
    fix=Text(
        "导出近期已关闭的纠纷，按原因排序：未收到货的查物流，货不对版的改详情页和质检，先处理占比最大的一类。",
        "Export the closed disputes and sort them by reason: for goods not received look at the logistics, for goods "
        "not as described at the listing and the quality check; begin with the largest group.",
    ),
)
def dispute_rate(audit: Audit) -> Iterator[Finding]:
    name, rate = figure_of(audit)
    crossed = exceeded(audit, rate)
    if not crossed:
        return
    lines = named(crossed)
    grave = any(line.name == "dispute_rate_rating" for line, _ in crossed)
    yield audit.finding(
        Subject("metric", "dispute_rate"),
        Text(f"纠纷率 {percent(rate)}，超过{lines.zh}", f"The dispute rate is {percent(rate)}, over {lines.en}"),
        observed=percent(rate),
        value=rate,
        expected=f"≤ {percent(crossed[0][1])}",
        severity=Severity.ERROR if grave else Severity.WARNING,
        threshold=crossed[-1][0],
        evidence=audit.shown(name),
    )
