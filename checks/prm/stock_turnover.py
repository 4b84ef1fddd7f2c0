"""PRM008: stock in the warehouses turns over too slowly."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import MENU
from checks.rule import rule
from checks.text import Text, number


@rule(
    code="PRM008",
    name="stock-turnover-slow",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("products.turnover_days",),
    thresholds=("premium_turnover", "premium_turnover_good"),
    page="products",
    menu=MENU,
    title=Text("仓库周转超过 45 天", "Stock turnover takes over 45 days"),
    why=Text(
        "周转超过 45 天的店铺，物流成本接近成本的三成；30 天以内的只有一成半左右。",
        "Beyond 45 days of turnover logistics eat nearly a third of the cost; under 30 days it is about half that.",
    ),
    fix=Text(
        "滞销款打折清仓，补货改成小批量多频次，按近 30 天销量定备货上限。",
        "Clear slow products at a discount, restock in small and frequent batches, and cap stock by the sales of the "
        "last 30 days.",
    ),
)
def stock_turnover(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    for days in audit.above("products.turnover_days"):
        good = number(audit.line("premium_turnover_good"))
        yield audit.finding(
            Subject("metric", "turnover_days"),
            Text(
                f"仓库周转 {number(days)} 天，超过精品店铺的 {number(audit.line())} 天（{good} 天以内为良好）",
                f"Stock turns over in {number(days)} days, over the {number(audit.line())} of premium stores "
                f"(under {good} is good)",
            ),
            observed=Text(f"{number(days)} 天", f"{number(days)} days"),
            value=days,
            expected=Text(f"≤ {number(audit.line())} 天", f"≤ {number(audit.line())} days"),
            threshold=audit.threshold(),
            evidence=audit.shown("products.turnover_days"),
        )
