"""PRM001: a premium store has more core products than the programme focuses on."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import MENU, evidence, of_role
from checks.rule import rule
from checks.text import Text, number


@rule(
    code="PRM001",
    name="too-many-core-products",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("products",),
    thresholds=("premium_core_products",),
    page="products",
    menu=MENU,
    title=Text("核心商品超过 5 款", "More than 5 core products"),
    why=Text(
        "精品模式要求把图片、翻译、备货和售后集中在 1–5 款上，款数一多投入就被摊薄。",
        "Premium operation puts pictures, translation, stock and after-sale into 1–5 products; more of them spread the "
        "effort thin.",
    ),
    fix=Text(
        "按利润和转化排序，保留前 5 款为核心，其余改为普通款或下架。",
        "Rank the core products by profit and conversion, keep the best 5 and make the others ordinary or take them "
        "down.",
    ),
)
def core_products(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    core = of_role(audit, "core")
    most = audit.line()
    if len(core) > most:
        yield audit.finding(
            Subject("metric", "core_products"),
            Text(
                f"核心商品有 {len(core)} 款，超过精品运营建议的 {number(most)} 款",
                f"There are {len(core)} core products, more than the {number(most)} of premium operation",
            ),
            observed=str(len(core)),
            value=len(core),
            expected=f"≤ {number(most)}",
            threshold=audit.threshold(),
            evidence=evidence(audit, core[0], "role"),
        )
