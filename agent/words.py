"""The words of the product's own speech: headings and labels of reports and commands, in both languages."""

from __future__ import annotations

from checks.text import Text

SEVERITY = {
    "error": Text("严重", "error"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "info"),
}
OUTCOME = {
    "fail": Text("有问题", "fail"),
    "pass": Text("通过", "pass"),
    "not_applicable": Text("不适用", "not applicable"),
    "unknown": Text("无法判断", "unknown"),
}
STATE = {
    "new": Text("新", "new"),
    "persisting": Text("持续", "persisting"),
    "resolved": Text("已解决", "resolved"),
    "muted": Text("已静音", "muted"),
}
FAMILY = {
    "LOG": Text("物流", "Logistics"),
    "LIC": Text("资质", "Licences"),
    "RSP": Text("响应", "Response"),
    "HLT": Text("店铺健康", "Store health"),
    "RTG": Text("店铺评分", "Store rating"),
    "LVL": Text("卖家等级", "Seller level"),
    "MDL": Text("金银牌", "Medals"),
    "PRM": Text("精品运营", "Premium"),
    "AUD": Text("检查本身", "The audit itself"),
}
PROGRAMME = {
    "one_diamond": Text("一钻", "One Diamond"),
    "rating": Text("店铺评分", "store rating"),
    "platform": Text("平台红线", "platform red line"),
    "premium": Text("精品店铺", "premium"),
    "health_score": Text("健康分", "health score"),
    "top_rated": Text("Top Rated Seller", "Top Rated Seller"),
    "medal": Text("金银牌", "medal"),
    "field_practice": Text("行业经验", "field practice"),
    "user": Text("您的设定", "your own line"),
    "flash_deals": Text("Flash Deals", "Flash Deals"),
    "next_level": Text("下一等级", "next level"),
    "history": Text("历史走势", "trend"),
    "audit": Text("检查本身", "the audit itself"),
}
VERDICT = {
    "expected": Text("正常", "as expected"),
    "empty": Text("为空", "empty"),
    "login": Text("登录页", "a login page"),
    "verification": Text("验证页", "a verification page"),
    "skeleton": Text("未加载完", "not fully loaded"),
    "error_page": Text("出错页", "an error page"),
    "wrong_store": Text("别的店铺", "another store"),
    "unknown": Text("无法辨认", "not recognised"),
    "failed": Text("未能打开", "not reached"),
}
"""What a page turned out to be."""
SOURCE = {
    "S0": Text("一钻等级规则", "One Diamond level rules"),
    "S1": Text("金银牌规则", "gold and silver medal rules"),
    "S2": Text("精品运营规则", "premium operation rules"),
    "S3": Text("店铺评分规则", "store rating rules"),
    "S4": Text("店铺评分缺失处理规则", "rules on missing store ratings"),
    "field practice": Text("行业经验", "field practice"),
    "history": Text("本店历史走势", "the store's own history"),
    "page": Text("后台页面自己写的", "the backend's own page"),
}
"""What the sources of rules and thresholds are about."""
SUBJECT = {
    "order": Text("订单", "order"),
    "parcel": Text("包裹", "parcel"),
    "store": Text("店铺", "store"),
    "carrier": Text("承运商", "carrier"),
    "document": Text("证件", "document"),
    "conversation": Text("会话", "conversation"),
    "dispute": Text("纠纷", "dispute"),
    "refund": Text("退款", "refund"),
    "review": Text("评价", "review"),
    "violation": Text("违规", "violation"),
    "product": Text("商品", "product"),
    "metric": Text("指标", "metric"),
    "cause": Text("原因", "cause"),
    "level": Text("等级", "level"),
    "medal": Text("金银牌", "medal"),
    "page": Text("页面", "page"),
}
