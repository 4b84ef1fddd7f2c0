"""PRM006: too small a share of a premium store's products lies in overseas warehouses."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import MENU
from checks.rule import rule
from checks.text import Text, percent


@rule(
    code="PRM006",
    name="overseas-coverage-low",
    severity=Severity.ERROR,
    sources=("S2",),
    needs=("products.overseas_coverage",),
    thresholds=("premium_overseas_coverage",),
    page="products",
    menu=MENU,
    title=Text("海外仓覆盖率低于 60%", "Overseas-warehouse coverage is under 60 %"),
    why=Text(
        "海外仓覆盖率 60% 是平台对精品店铺的强制要求，不达标会失去精品资源。",
        "60 % coverage by overseas warehouses is mandatory for premium stores; below it their benefits are lost.",
    ),
    fix=Text(
        "把动销最好、还没入仓的商品先备到目标市场的海外仓，再下架长期无法入仓的款。",
        "Send the best-selling products that are not stocked abroad yet to the target market's warehouse first, and "
        "drop those that never can be.",
    ),
)
def overseas_coverage(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    for share in audit.below("products.overseas_coverage"):
        yield audit.finding(
            Subject("metric", "overseas_coverage"),
            Text(
                f"海外仓覆盖率 {percent(share)}，低于精品店铺必须达到的 {percent(audit.line())}",
                f"Overseas-warehouse coverage is {percent(share)}, under the {percent(audit.line())} that premium "
                "stores must reach",
            ),
            observed=percent(share),
            value=share,
            expected=f"≥ {percent(audit.line())}",
            threshold=audit.threshold(),
            evidence=audit.shown("products.overseas_coverage"),
        )
