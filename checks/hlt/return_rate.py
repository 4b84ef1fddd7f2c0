"""HLT006: the return rate is over the line of Flash Deals, or of premium stores."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.hlt.lines import exceeded, named
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="HLT006",
    name="return-rate-high",
    severity=Severity.WARNING,
    sources=("S0", "S2"),
    needs=("health.return_rate",),
    thresholds=("return_rate_flash_deals", "return_rate_premium"),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("退货率偏高", "Return rate is too high"),
    why=Text(
        "退货率超过 3.5% 就报不了 Flash Deals 秒杀；精品店铺的均值是 4.2%，超过说明选品或描述有问题。",
        "Over 3.5 % a store is kept out of Flash Deals; 4.2 % is what premium stores stay under, and more points to "
        "the choice of products or their descriptions.",
    ),
    fix=Text(
        "按商品统计退货原因，尺码、色差类的改图片和参数，质量类的换供应商或下架。",
        "Count the reasons by product: mend pictures and specifications where size or colour disappoints, change the "
        "supplier or take the product down where the quality does.",
    ),
)
def return_rate(audit: Audit) -> Iterator[Finding]:
    rate = audit.value("health.return_rate")
    crossed = exceeded(audit, rate)
    if not crossed:
        return
    lines = named(crossed)
    yield audit.finding(
        Subject("metric", "return_rate"),
        Text(f"退货率 {percent(rate)}，超过{lines.zh}", f"The return rate is {percent(rate)}, over {lines.en}"),
        observed=percent(rate),
        value=rate,
        expected=f"≤ {percent(crossed[0][1])}",
        threshold=crossed[-1][0],
        evidence=audit.shown("health.return_rate"),
    )
