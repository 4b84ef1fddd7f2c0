"""PRM009: a test product misses a rate that it must reach to be stocked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import DUST, Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject, Threshold
from checks.prm.product import LABELS, MENU, evidence, judged, of_role
from checks.rule import rule
from checks.text import Text, percent

if TYPE_CHECKING:
    from extractors.models.products import Product

RATES = ("ctr", "add_to_cart_rate", "pay_conversion_rate")


@rule(
    code="PRM009",
    name="test-product-below-line",
    severity=Severity.INFO,
    sources=("S2",),
    needs=("products",),
    thresholds=tuple(f"premium_test_{rate}" for rate in RATES),
    page="products",
    menu=MENU,
    title=Text("测款数据不达标", "A test product misses its line"),
    why=Text(
        "测款要同时过点击率、加购率、支付转化率三条线，没过就大量备货，是库存积压的主要原因。",
        "A test must pass click rate, add-to-cart rate and pay conversion together; stocking up without that is the "
        "main cause of dead stock.",
    ),
    fix=Text(
        "点击率低换主图和标题，加购率低改价格和卖点，转化率低查评价和运费；改完再测一轮，不要先备货。",
        "Few clicks: new picture and title. Few in the cart: price and selling points. Few payments: reviews and "
        "shipping cost. Test again before stocking.",
    ),
)
def trial(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    tests = of_role(audit, "test")
    missed: dict[str, list[tuple[str, float, Threshold]]] = {}
    for key in RATES:
        line = audit.threshold(f"premium_test_{key}")
        least = audit.line(line.name)
        try:
            for product, rate in judged(audit, tests, key):
                if rate < least - DUST:
                    missed.setdefault(product.product_id, []).append((key, rate, line))
        except DoesNotApply as stop:
            audit.gap(stop.reason)
    for product in tests:
        if product.product_id in missed:
            yield _below(audit, product, missed[product.product_id])


def _below(audit: Audit, product: Product, missed: list[tuple[str, float, Threshold]]) -> Finding:
    zh, en, seen, wanted = [], [], [], []
    for key, rate, line in missed:
        least, label = percent(line.value or 0.0), LABELS[key]
        zh.append(f"{label.zh} {percent(rate)}（要求 {least}）")
        en.append(f"{label.en} {percent(rate)} ({least} asked for)")
        seen.append(Text(f"{label.zh} {percent(rate)}", f"{label.en} {percent(rate)}"))
        wanted.append(Text(f"{label.zh} ≥ {least}", f"{label.en} ≥ {least}"))
    return audit.finding(
        Subject("product", product.product_id),
        Text(
            f"测款商品 {product.product_id} 没有达到精品测款线：" + "，".join(zh),
            f"Test product {product.product_id} misses the premium test lines: " + ", ".join(en),
        ),
        observed=Text("，".join(t.zh for t in seen), ", ".join(t.en for t in seen)),
        expected=Text("，".join(t.zh for t in wanted), ", ".join(t.en for t in wanted)),
        threshold=missed[0][2],
        evidence=evidence(audit, product, missed[0][0]),
    )
