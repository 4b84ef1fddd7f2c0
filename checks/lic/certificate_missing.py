"""LIC007: a regulated category or a premium core product has no CE, UKCA or FCC certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.column import is_unread, lacks_column
from checks.finding import Finding, Severity, Subject
from checks.lic import documents as lic
from checks.rule import rule
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.products import Product

WANTED = Text("至少一张已通过的 CE、UKCA 或 FCC 证书", "at least one approved CE, UKCA or FCC certificate")


@rule(
    code="LIC007",
    name="compliance-certificate-missing",
    severity=Severity.ERROR,
    sources=("S0", "S2"),
    needs=("documents.regulated_categories", "documents.documents", "products.products"),
    page="documents",
    menu=lic.MENU,
    title=Text("监管类目缺少合规证书", "A compliance certificate is missing"),
    why=Text(
        "美妆、保健等强监管类目没有合规证书时，指标全部达标也升不了级；精品主推款没有证书还可能整批滞留清关。",
        "In regulated categories such as beauty or health no upgrade is given without a certificate, whatever the "
        "figures say; a premium product without one may be held at customs.",
    ),
    fix=Text(
        "按销往的市场补办证书（欧盟 CE、英国 UKCA、美国 FCC），在资质诊断页上传并通过审核。",
        "Obtain the certificate of the market you sell to (CE for the EU, UKCA for the United Kingdom, FCC for the "
        "United States) and have it approved on the qualifications page.",
    ),
)
def certificate_missing(audit: Audit) -> Iterator[Finding]:
    premium, seen = audit.store.premium, set()
    for part in (regulated, core) if premium else (regulated,):
        try:
            for finding in part(audit):
                if finding.subject.id.casefold() not in seen:
                    seen.add(finding.subject.id.casefold())
                    yield finding
        except CannotTell as stop:
            audit.gap(stop.reason)
    data = audit.maybe("documents.regulated_categories")
    if not seen and not audit.gaps and not data and not (premium and core_products(audit)):
        raise DoesNotApply(Text("店铺没有监管类目的商品", "the store sells in no regulated category"))


def regulated(audit: Audit) -> Iterator[Finding]:
    categories = audit.page("documents").regulated_categories
    if not categories and is_unread(audit, "documents", "regulated_categories"):
        raise CannotTell(Text("读不到监管类目", "the regulated categories could not be read"))
    certificates = [d for d in audit.documents() if d.kind in lic.CERTIFICATES] if categories else []
    if any(lic.is_valid(audit, document) for document in certificates):
        return
    if audit.gaps or any(document.status is None for document in certificates):
        raise CannotTell(Text("证书列表没有读全", "the certificates could not all be read"))
    for category in categories:
        yield audit.finding(
            Subject("document", f"certificate:{category}"),
            Text(
                f"「{category}」属于强监管类目，资质页上没有一张已通过且有效的 CE、UKCA 或 FCC 证书",
                f"“{category}” is a regulated category and no approved CE, UKCA or FCC certificate stands on the page",
            ),
            observed=Text("没有有效证书", "no valid certificate"),
            expected=WANTED,
            evidence=audit.shown("documents.regulated_categories"),
        )


def core(audit: Audit) -> Iterator[Finding]:
    bare: dict[str, list[Product]] = {}
    for product in core_products(audit):
        if not any(name.strip().casefold().startswith(lic.CERTIFICATES) for name in product.certificates):
            bare.setdefault(product.category or product.product_id, []).append(product)
    unread = is_unread(audit, "products", "certificates")
    if bare and (unread or any(lacks_column(p, "certificates") for group in bare.values() for p in group)):
        raise CannotTell(Text("读不到商品的证书", "the products' certificates could not be read"))
    for category, products in bare.items():
        ids = "、".join(product.product_id for product in products)
        yield audit.finding(
            Subject("document", f"certificate:{category}"),
            Text(
                f"「{category}」有 {len(products)} 款精品核心商品没有 CE、UKCA 或 FCC 证书：{ids}",
                f"“{category}”: {len(products)} premium core product(s) without a CE, UKCA or FCC certificate: "
                f"{ids.replace('、', ', ')}",
            ),
            observed=Text("没有证书", "no certificate"),
            expected=WANTED,
            evidence=audit.seen(products[0], "certificates") or audit.shown("products.products"),
        )


def core_products(audit: Audit) -> list[Product]:
    products = audit.products()
    if any(product.core is None for product in products):
        audit.gap(Text("读不出哪些是核心商品", "which products are core products could not be read"))
    return [product for product in products if product.core]
