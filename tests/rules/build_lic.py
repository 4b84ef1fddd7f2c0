"""Documents of a store in good order, to be spoilt one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from extractors.models import Document, DocumentsData, Money, Problem, Product, ProductsData, Reading
from tests.rules.pages import Judged, page, run

FAR = date(2030, 1, 15)
TITLES = {
    "business_licence": "营业执照",
    "legal_person_id_front": "法人身份证（人像面）",
    "legal_person_id_back": "法人身份证（国徽面）",
    "alipay_binding": "企业支付宝",
    "trademark": "商标注册证",
    "brand_authorisation": "品牌授权书",
    "ce": "CE证书",
    "ukca": "UKCA证书",
    "fcc": "FCC证书",
    "other": "质检报告",
}


def document(kind: str, **changes: Any) -> Document:
    """An approved document with years to go; without a number unless one is given."""
    fields: dict[str, Any] = {
        "kind": kind,
        "name": TITLES[kind],
        "number": None,
        "valid_from": None,
        "valid_until": FAR,
        "long_term": False,
        "status": "approved",
        "submitted_on": date(2025, 10, 16),
    }
    return Document(**{**fields, **changes})


def licence(**changes: Any) -> Document:
    return document("business_licence", **{"number": "9144**2X", **changes})


def front(**changes: Any) -> Document:
    return document("legal_person_id_front", **changes)


def back(**changes: Any) -> Document:
    return document("legal_person_id_back", **changes)


def alipay(**changes: Any) -> Document:
    return document("alipay_binding", **{"valid_until": None, "status": "bound", **changes})


def trademark(brand: str | None = "LUMORA", **changes: Any) -> Document:
    return document("trademark", **{"number": "TM-4471", "brand": brand, "mark": "R", "own_brand": True, **changes})


def letter(brand: str | None = "LUMORA", **changes: Any) -> Document:
    return document("brand_authorisation", **{"number": "BA-0412", "brand": brand, **changes})


def ce(**changes: Any) -> Document:
    return document("ce", **{"number": "CE-2207", "standard": "EN IEC 62368-1:2020", **changes})


HEALTHY = (licence(), front(), back(), alipay(), trademark(), ce())


def documents(
    *rows: Document, problems: tuple[Problem, ...] = (), absent: dict[str, str] | None = None, **changes: Any
) -> Reading:
    fields: dict[str, Any] = {"registered_on": date(2021, 9, 7), "regulated_categories": ()}
    return page("documents", DocumentsData(documents=rows, **{**fields, **changes}), *problems, absent=absent)


def judged(code: str, *rows: Document, **changes: Any) -> Judged:
    """One rule over a page with only these documents."""
    return run(code, documents(*rows), **changes)


def product(product_id: str = "1005001", **changes: Any) -> Product:
    fields: dict[str, Any] = {
        "product_id": product_id,
        "title": "Lamp",
        "core": True,
        "test": False,
        "health_score": 94,
        "pictures": 11,
        "video": True,
        "languages": ("EN", "ES", "FR", "RU"),
        "ctr": 0.041,
        "add_to_cart_rate": 0.131,
        "pay_conversion_rate": 0.0225,
        "price": Money(currency="USD", amount="38.90"),
        "certificates": ("CE",),
        "category": "家居园艺",
    }
    return Product(**{**fields, **changes})


def products(*rows: Product, problems: tuple[Problem, ...] = ()) -> Reading:
    data = ProductsData(
        average_price=None, overseas_coverage=None, local_fulfilment_days=None, turnover_days=None, products=rows
    )
    return page("products", data, *problems)
