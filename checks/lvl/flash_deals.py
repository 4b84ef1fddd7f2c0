"""LVL006: whether the store may take part in Flash Deals, and what is missing when it may not."""

from collections.abc import Iterator

from checks.audit import DUST, Audit, CannotTell
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, money, percent
from extractors.models import Money


@rule(
    code="LVL006",
    name="flash-deals-eligibility",
    severity=Severity.INFO,
    sources=("S0",),
    needs=("health.sales_30d", "health.return_rate"),
    thresholds=("level_flash_deals_sales", "level_flash_deals_return_rate"),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("Flash Deals 秒杀活动资格", "Eligibility for Flash Deals"),
    why=Text(
        "秒杀活动看近 30 天的成交额和退货率，两项都合格才有资格报名。",
        "Flash Deals look at the sales and the return rate of the last 30 days; both must be right.",
    ),
    fix=Text(
        "两项都合格就可以报名；缺成交额先做店铺活动，退货率偏高先改详情页和尺码、质检。",
        "Sign up when both are right. Short of sales: run store promotions first. Too many returns: mend the product "
        "pages, size charts and quality control.",
    ),
)
def flash_deals(audit: Audit) -> Iterator[Finding]:
    returns: float = audit.value("health.return_rate")
    sales: Money = audit.value("health.sales_30d")
    least, most = audit.line(), audit.line("level_flash_deals_return_rate")
    if sales.currency != "USD":
        raise CannotTell(
            Text(
                f"近 30 天成交额以 {sales.currency} 显示，要求以美元计",
                f"30-day sales are shown in {sales.currency}, the line is in US dollars",
            )
        )
    lacking: list[Text] = []
    if sales.amount < least:
        lacking.append(
            Text(
                f"近 30 天成交额 {money(sales)}，低于 USD {least:,.0f}",
                f"30-day sales are {money(sales)}, under USD {least:,.0f}",
            )
        )
    if returns > most + DUST:
        lacking.append(
            Text(
                f"退货率 {percent(returns)}，高于 {percent(most)}",
                f"the return rate is {percent(returns)}, over {percent(most)}",
            )
        )
    if lacking:
        message = Text(
            "暂不能参加 Flash Deals：" + "；".join(part.zh for part in lacking),
            "Not eligible for Flash Deals yet: " + "; ".join(part.en for part in lacking),
        )
    else:
        message = Text(
            f"可以参加 Flash Deals：近 30 天成交额 {money(sales)}（要求 USD {least:,.0f}），"
            f"退货率 {percent(returns)}（要求不超过 {percent(most)}）",
            f"Eligible for Flash Deals: 30-day sales {money(sales)} (USD {least:,.0f} asked for), return rate "
            f"{percent(returns)} ({percent(most)} at most)",
        )
    late = bool(lacking) and sales.amount >= least
    yield audit.finding(
        Subject("level", "flash_deals"),
        message,
        observed=f"{money(sales)}, {percent(returns)}",
        expected=f"≥ USD {least:,.0f}, ≤ {percent(most)}",
        threshold=audit.threshold("level_flash_deals_return_rate" if late else None),
        evidence=audit.shown("health.return_rate" if late else "health.sales_30d"),
    )
