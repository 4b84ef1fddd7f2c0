"""Premium products."""

from __future__ import annotations

from extractors.models.base import Model, Money, Ratio
from extractors.models.rows import ListRow


class Product(ListRow):
    """A product of the premium product-health page."""

    product_id: str
    title: str | None
    core: bool | None
    test: bool | None
    health_score: float | None
    pictures: int | None
    video: bool | None
    languages: tuple[str, ...]
    ctr: Ratio | None
    add_to_cart_rate: Ratio | None
    pay_conversion_rate: Ratio | None
    price: Money | None
    certificates: tuple[str, ...]
    category: str | None


class ProductsData(Model):
    """Premium product health; ``*_days`` in days (local fulfilment in working days)."""

    average_price: Money | None
    overseas_coverage: Ratio | None
    local_fulfilment_days: float | None
    turnover_days: float | None
    products: tuple[Product, ...]
