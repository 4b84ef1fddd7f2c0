"""Premium product health: figures of the store and one row a product."""

from __future__ import annotations

import re

from extractors.markup import Row
from extractors.models.products import Product, ProductsData
from extractors.page import PageKind, PageReader
from extractors.parts import figure_of
from extractors.texts import clean, not_assessed, shown
from extractors.values import integer, money, money_under, number, rate

BETWEEN = re.compile(r"\s*[/、,，;；|\s]\s*")
FIGURES = ("health_score", "pictures", "ctr", "add_to_cart_rate", "pay_conversion_rate", "price")
RATES = ("ctr", "add_to_cart_rate", "pay_conversion_rate")


def read(reader: PageReader) -> ProductsData:
    return ProductsData(
        average_price=reader.figure("average_price", money),
        overseas_coverage=reader.figure("overseas_coverage", rate),
        local_fulfilment_days=reader.figure("local_fulfilment_days", number),
        turnover_days=reader.figure("turnover_days", number),
        products=tuple(_products(reader)),
    )


def _products(reader: PageReader) -> list[Product]:
    table, columns = reader.table("product_id", "health_score", "pictures", "languages", *RATES)
    titles = reader.titles(table, columns)
    reader.need(table, columns, {"product_id": "products.product_id"})
    return [
        _product(reader, row, columns, titles) for row in reader.item_rows(table) if row.cell(columns.get("product_id"))
    ]


def _product(reader: PageReader, row: Row, columns: dict[str, int], titles: dict[str, str]) -> Product:
    texts = {name: shown(" ".join(row.cell(column))) for name, column in columns.items()}
    texts.update((name, figure_of(row.cell(columns[name]))) for name in FIGURES if name in columns)

    if "video" in columns:
        texts["video"] = texts["video"] or " ".join(row.unsaid.get(columns["video"], [])[:1])

    def value(name: str, parse):  # type: ignore[no-untyped-def]
        return reader.parsed(f"products.{name}", titles.get(name), texts.get(name, ""), parse)

    roles = {reader.vocabulary.word("product_role", chunk) for chunk in row.cell(columns.get("role"))}
    known = "role" in columns
    return Product(
        product_id=clean(texts["product_id"]),
        title=texts.get("title") or None,
        core="core" in roles if known else None,
        test="test" in roles if known else None,
        health_score=value("health_score", number),
        pictures=value("pictures", integer),
        video=value("video", reader.flag),
        languages=_list(texts.get("languages", "")),
        **{name: value(name, rate) for name in RATES},
        price=value("price", money_under(titles.get("price"))),
        certificates=_list(texts.get("certificates", "")),
        category=None if not_assessed(texts.get("category", "")) else texts["category"],
        seen=reader.seen(titles, texts),
    )


def _list(text: str) -> tuple[str, ...]:
    return () if not_assessed(text) else tuple(part for part in BETWEEN.split(text) if part)


PAGE = PageKind("products", read, rows="products", identity="product_id")
