"""PRM003: the average price of a premium store is under the programme's line."""

from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import MENU, dollars
from checks.rule import rule
from checks.text import Text


@rule(
    code="PRM003",
    name="average-price-low",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("products.average_price",),
    thresholds=("premium_average_price",),
    page="products",
    menu=MENU,
    title=Text("平均售价低于 35 美元", "Average price is under $35"),
    why=Text(
        "精品模式靠品质和品牌溢价，平均售价上不去，摊不平海外仓、翻译和拍摄的成本。",
        "Premium operation lives on quality and brand; a low price does not carry overseas stock, translation and "
        "photography.",
    ),
    fix=Text(
        "提高套装和高配款的占比，清掉低价引流款，再看主推款有没有提价空间。",
        "Sell more bundles and better versions, drop cheap traffic items, then see whether the main products can bear "
        "a higher price.",
    ),
)
def average_price(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    price = dollars("products.average_price", audit.value("products.average_price"))
    least = audit.line()
    if price < least - DUST:
        yield audit.finding(
            Subject("metric", "average_price"),
            Text(
                f"平均售价 ${price:,.2f}，低于精品店铺的 ${least:,.2f}",
                f"The average price is ${price:,.2f}, under the ${least:,.2f} of premium stores",
            ),
            observed=f"${price:,.2f}",
            value=price,
            expected=f"≥ ${least:,.2f}",
            threshold=audit.threshold(),
            evidence=audit.shown("products.average_price"),
        )
