"""PRM004: a product's health score is under the line; it must be worked on or taken down within 72 hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject, fingerprint
from checks.prm.product import MENU, evidence, judged, products
from checks.rule import rule
from checks.text import Text, moment, number

if TYPE_CHECKING:
    from extractors.models.products import Product


@rule(
    code="PRM004",
    name="product-health-low",
    severity=Severity.ERROR,
    sources=("S2",),
    needs=("products",),
    thresholds=("premium_product_health", "premium_product_health_fix"),
    page="products",
    menu=MENU,
    title=Text("商品健康度分低于 80", "A product's health score is under 80"),
    why=Text(
        "精品规则要求低于 80 分的商品在 72 小时内开始优化或下架，拖着会拉低全店的数据。",
        "Premium rules want a product under 80 to be worked on or taken down within 72 hours; left alone it drags the "
        "store down.",
    ),
    fix=Text(
        "在健康诊断里看动销、评分、纠纷哪一项最差，先改这一项；72 小时内改不动就下架。",
        "See in the health diagnosis which part is worst (sales, ratings, disputes) and mend that; if 72 hours do not "
        "suffice, take the product down.",
    ),
)
def product_health(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    least, hours = audit.line(), audit.line("premium_product_health_fix")
    for product, score in judged(audit, products(audit), "health_score"):
        if score >= least - DUST:
            continue
        due = _first_seen(audit, product).astimezone(audit.timezone) + timedelta(hours=hours)
        yield audit.finding(
            Subject("product", product.product_id),
            Text(
                f"商品 {product.product_id} 健康度分 {number(score)}，低于精品要求的 {number(least)} 分，"
                f"请在 {moment(due)} 前开始优化或下架",
                f"Product {product.product_id} has a health score of {number(score)}, under the {number(least)} of "
                f"premium operation; work on it or take it down by {moment(due)}",
            ),
            observed=number(score),
            value=score,
            expected=f"≥ {number(least)}",
            threshold=audit.threshold(),
            evidence=evidence(audit, product, "health_score"),
            due_at=due,
        )


def _first_seen(audit: Audit, product: Product) -> datetime:
    """When the product was first reported, else when its page was captured."""
    key = fingerprint(audit.facts.store_key, audit.rule.code, Subject("product", product.product_id))
    captured = product.seen.captured_at if product.seen else audit.reading("products").captured_at
    return audit.facts.first_seen.get(key, captured)
