"""A premium store whose products, figures and papers are all in order."""

from __future__ import annotations

from typing import Any

from checks.facts import Facts
from extractors import models as m
from tests.rules.build_lvl import document, documents, health, papers, usd, violations
from tests.rules.build_pages import NOW, page, store

COLUMNS = ("role", "health_score", "pictures", "video", "languages", "ctr", "add_to_cart_rate", "pay_conversion_rate")
TRADEMARK = document("trademark", brand="LUMORA", mark="R", own_brand=True)


def product(product_id: str = "1005001", *, without_column: str = "", **given: Any) -> m.Product:
    values: dict[str, Any] = {
        "title": None,
        "core": True,
        "test": False,
        "health_score": 90.0,
        "pictures": 9,
        "video": True,
        "languages": ("EN", "ES", "FR", "RU"),
        "ctr": 0.040,
        "add_to_cart_rate": 0.130,
        "pay_conversion_rate": 0.022,
        "price": usd("39.90"),
        "certificates": ("CE",),
        "category": None,
    }
    labels = {name: f"title of {name}" for name in COLUMNS if name != without_column}
    seen = m.Seen.on("products", 1, given.pop("at", NOW), dict.fromkeys(labels, "text"), labels)
    return m.Product(product_id=product_id, seen=seen, **(values | given))


def trial(product_id: str = "1005009", **given: Any) -> m.Product:
    return product(product_id, **({"core": False, "test": True} | given))


def products(*rows: m.Product, problems: tuple[m.Problem, ...] = (), **given: Any) -> m.Reading:
    absent = given.pop("absent", {})
    values: dict[str, Any] = {
        "average_price": usd("46.20"),
        "overseas_coverage": 0.72,
        "local_fulfilment_days": 3.0,
        "turnover_days": 26.0,
        "products": rows,
    }
    return page("products", m.ProductsData(**(values | given)), *problems, absent=absent)


def premium(*pages: m.Reading, **given: Any) -> Facts:
    """The store with some pages in place of the healthy ones."""
    healthy = {
        "products": products(product(), trial()),
        "health": health(),
        "documents": documents(*papers(TRADEMARK)),
        "violations": violations(),
    }
    return store(*(healthy | {reading.kind: reading for reading in pages}).values(), premium=True, **given)
