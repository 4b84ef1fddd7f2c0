"""PRM002: a premium store's sales are short of the yearly target; says also what the Premium Store badge takes."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import dollars
from checks.rule import rule
from checks.text import Text, number

MONTHS_A_YEAR = 12


@rule(
    code="PRM002",
    name="premium-sales-short",
    severity=Severity.INFO,
    sources=("S2",),
    needs=("health.sales_30d",),
    thresholds=("premium_yearly_sales", "premium_badge_quarter_sales", "premium_badge_rating"),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("年成交额预计达不到精品目标", "Yearly sales are heading below the premium target"),
    why=Text(
        "精品店铺的目标是单店年成交额 50 万美元；连续两个季度 80 万美元且评分 4.82 以上，还能申请 Premium Store 标识。",
        "A premium store aims at $500,000 a year; two quarters in a row at $800,000 with a rating of 4.82 earn the "
        "Premium Store badge.",
    ),
    fix=Text(
        "把广告和活动预算集中到核心商品，优先提高转化率和客单价，再考虑扩品。",
        "Put advertising and promotions behind the core products; raise conversion and order value before adding more.",
    ),
)
def sales(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    month = dollars("health.sales_30d", audit.value("health.sales_30d"))
    least, year = audit.line(), month * MONTHS_A_YEAR
    if year >= least:
        return
    quarter, stars = audit.line("premium_badge_quarter_sales"), audit.line("premium_badge_rating")
    rating: float | None = audit.maybe("rating.rating")
    now = Text("", "") if rating is None else Text(f"（现为 {number(rating)}）", f" (now {number(rating)})")
    yield audit.finding(
        Subject("metric", "sales_30d"),
        Text(
            f"近 30 天成交 ${month:,.2f}，折算全年约 ${year:,.0f}，低于精品目标 ${least:,.0f}；"
            f"Premium Store 标识还要求连续两个季度各 ${quarter:,.0f} 且评分不低于 {number(stars)}{now.zh}",
            f"30-day sales of ${month:,.2f} make about ${year:,.0f} a year, under the premium target of ${least:,.0f}; "
            f"the Premium Store badge takes ${quarter:,.0f} in two consecutive quarters and a rating of "
            f"{number(stars)}{now.en}",
        ),
        observed=f"${year:,.0f}",
        value=year,
        expected=f"≥ ${least:,.0f}",
        threshold=audit.threshold(),
        evidence=audit.shown("health.sales_30d"),
    )
