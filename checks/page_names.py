"""What a seller calls the pages."""

from __future__ import annotations

from checks.text import Text

_NAMES = {
    "orders": Text("订单列表", "the order list"),
    "tracking": Text("物流跟踪页", "the tracking page"),
    "order_export": Text("订单导出表", "the order export"),
    "assessment": Text("发货考核页", "the shipping-promise page"),
    "health": Text("店铺健康页", "the store-health page"),
    "rating": Text("店铺评分页", "the store-rating page"),
    "level": Text("卖家等级页", "the seller-level page"),
    "medal": Text("金银牌权益中心", "the medal benefits centre"),
    "documents": Text("资质证件页", "the documents page"),
    "messages": Text("买家消息页", "the messages page"),
    "disputes": Text("纠纷列表", "the dispute list"),
    "reviews": Text("评价列表", "the review list"),
    "violations": Text("违规记录页", "the violations page"),
    "products": Text("商品健康页", "the product-health page"),
    "settings": Text("物流设置页", "the logistics-settings page"),
}


def page_name(kind: str) -> Text:
    """The name of a kind of page; an unknown kind is called by its own name."""
    return _NAMES.get(kind, Text(f"{kind} 页面", f"the {kind} page"))
