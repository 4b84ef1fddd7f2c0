"""Products of the premium health page: which of them a rule speaks of, and their figures that may be judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.column import is_unread
from checks.finding import Evidence
from checks.text import Text
from extractors.models import Money

if TYPE_CHECKING:
    from extractors.models.products import Product

MENU = Text("数据纵横 → 商品分析 → 健康诊断", "Data → Product analysis → Health diagnosis")
ROLES = {"core": Text("核心商品", "core product"), "test": Text("测款商品", "test product")}
LABELS = {
    "core": Text("商品角色", "role"),
    "test": Text("商品角色", "role"),
    "health_score": Text("健康度分", "health score"),
    "pictures": Text("图片数", "number of pictures"),
    "video": Text("视频", "video"),
    "languages": Text("语言", "languages"),
    "ctr": Text("点击率", "click rate"),
    "add_to_cart_rate": Text("加购率", "add-to-cart rate"),
    "pay_conversion_rate": Text("支付转化率", "pay conversion"),
}


def products(audit: Audit) -> list[Product]:
    """All products; raises DoesNotApply when the store has none."""
    found = audit.products()
    if not found and not audit.gaps:
        raise DoesNotApply(Text("商品列表为空", "the list of products is empty"))
    return found


def of_role(audit: Audit, role: Literal["core", "test"]) -> list[Product]:
    """The products of one role; raises DoesNotApply when the store surely has none."""
    found = []
    for product in products(audit):
        if getattr(product, role) is None:
            not_read(audit, product, role)
        elif getattr(product, role):
            found.append(product)
    if not found and not audit.gaps:
        zh, en = ROLES[role]
        raise DoesNotApply(Text(f"没有{zh}", f"the store has no {en}"))
    return found


def judged(audit: Audit, listed: list[Product], key: str, *, always: bool = False) -> Iterator[tuple[Product, Any]]:
    """The products whose ``key`` is shown, with it; one that was not read is a gap.

    A dash says that the platform does not assess the product, except for what every listing has (``always``).
    """
    dashes = 0
    for product in listed:
        value = getattr(product, key)
        if value is not None and value != ():
            yield product, value
        elif always or _no_column(product, key) or is_unread(audit, "products", key):
            not_read(audit, product, key)
        else:
            dashes += 1
    if listed and dashes == len(listed):
        label = LABELS[key]
        raise DoesNotApply(Text(f"平台尚未考核{label.zh}", f"the {label.en} is not assessed yet"))


def not_read(audit: Audit, product: Product, key: str) -> None:
    label = LABELS[key]
    audit.gap(
        Text(
            f"读不到商品 {product.product_id} 的{label.zh}",
            f"the {label.en} of product {product.product_id} could not be read",
        )
    )


def _no_column(product: Product, key: str) -> bool:
    return product.seen is not None and bool(product.seen.labels) and key not in product.seen.labels


def evidence(audit: Audit, product: Product, key: str) -> Evidence | None:
    return audit.seen(product, key) or audit.shown("products.products")


def dollars(name: str, amount: Money) -> float:
    """An amount in US dollars; raises CannotTell for another currency, since no exchange rate is known."""
    if amount.currency != "USD":
        raise CannotTell(
            Text(
                f"{name} 以 {amount.currency} 显示，要求以美元计，无法换算",
                f"{name} is shown in {amount.currency}, the line is in US dollars",
            )
        )
    return float(amount.amount)
