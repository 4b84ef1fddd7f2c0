"""PRM005: a main product lacks scene pictures, its video, or one of the four languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.prm.product import MENU, evidence, judged, of_role
from checks.rule import rule
from checks.text import Text, number

if TYPE_CHECKING:
    from extractors.models.products import Product

LANGUAGES = {
    "EN": Text("英语", "English"),
    "ES": Text("西班牙语", "Spanish"),
    "FR": Text("法语", "French"),
    "RU": Text("俄语", "Russian"),
}


@rule(
    code="PRM005",
    name="listing-incomplete",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("products",),
    thresholds=("premium_listing_pictures",),
    page="products",
    menu=MENU,
    title=Text("主推款图片、视频或语言不全", "A main product lacks pictures, video or a language"),
    why=Text(
        "精品主推款要有 9 张以上场景图（含视频）和英、西、法、俄四种语言的详情页，缺了转化率明显偏低。",
        "A main product needs 9 scene pictures with a video, and its page in English, Spanish, French and Russian; "
        "without them fewer visitors buy.",
    ),
    fix=Text(
        "按缺项补拍场景图、补视频、补翻译；机器翻译的页面请母语者校对后再上线。",
        "Add what is missing: pictures, video, translations; have a native speaker check machine translations first.",
    ),
)
def listing(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    core = of_role(audit, "core")
    least = audit.line()
    lacking: dict[str, list[Text]] = {}
    shown: dict[str, str] = {}
    for key in ("pictures", "video", "languages"):
        for product, value in judged(audit, core, key, always=True):
            for lack in _lacks(key, value, least):
                lacking.setdefault(product.product_id, []).append(lack)
                shown.setdefault(product.product_id, key)
    for product in core:
        if product.product_id in lacking:
            yield _incomplete(audit, product, lacking[product.product_id], shown[product.product_id])


def _lacks(key: str, value: object, least: float) -> Iterator[Text]:
    if key == "pictures" and isinstance(value, int) and value < least:
        yield Text(f"图片 {value} 张（要求 {number(least)} 张）", f"{value} pictures ({number(least)} asked for)")
    elif key == "video" and value is False:
        yield Text("没有视频", "no video")
    elif key == "languages" and isinstance(value, tuple):
        held = {str(language).strip().upper() for language in value}
        missing = [name for code, name in LANGUAGES.items() if code not in held]
        if missing:
            yield Text(
                "缺" + "、".join(name.zh for name in missing),
                "no " + ", ".join(name.en for name in missing),
            )


def _incomplete(audit: Audit, product: Product, lacks: list[Text], key: str) -> Finding:
    told = Text("；".join(lack.zh for lack in lacks), "; ".join(lack.en for lack in lacks))
    return audit.finding(
        Subject("product", product.product_id),
        Text(
            f"主推款 {product.product_id} 不符合精品上架要求：{told.zh}",
            f"Main product {product.product_id} falls short of a premium listing: {told.en}",
        ),
        observed=told,
        expected=Text(
            f"{number(audit.line())} 张以上图片、视频、英西法俄四语",
            f"{number(audit.line())} pictures, a video, English, Spanish, French and Russian",
        ),
        threshold=audit.threshold(),
        evidence=evidence(audit, product, key),
    )
