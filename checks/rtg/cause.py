"""RTG002: why the rating is not enabled, one finding for each cause that holds."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.rtg.causes import holding
from checks.rtg.status import ENABLED, MENU, is_inactive
from checks.rule import rule
from checks.text import Text, plain

WORDS: dict[str, tuple[Text, Text]] = {
    "loop_not_closed": (
        Text("有订单还没有走完收货闭环", "orders are not closed by a confirmed receipt"),
        Text(
            "提醒已妥投的买家确认收货；单号没同步的先点“同步物流信息”，让系统能自动确认。",
            "Ask buyers of delivered orders to confirm, and press “Sync logistics” where a number is not synced, so "
            "that the system can confirm by itself.",
        ),
    ),
    "under_90_days": (
        Text("开店不满 90 天", "the store is younger than 90 days"),
        Text(
            "只能等；完成“跨境小课堂”全部课程并通过考试，可以申请提前到第 60 天。",
            "Wait; with the whole cross-border course passed, activation can be asked for on day 60.",
        ),
    ),
    "under_5_orders": (
        Text("近 90 天有效订单不足 5 笔", "fewer than 5 valid orders in 90 days"),
        Text(
            "先推动在途订单确认收货，再用优惠券拉几笔真实订单；有纠纷、退款或轨迹中断的订单不算数。",
            "Bring the orders on their way to confirmation, then win a few real orders with coupons; orders with a "
            "dispute, a refund or an interrupted trace do not count.",
        ),
    ),
    "exempt_category": (
        Text("主营类目属于平台豁免评分类目", "the main category is exempt from ratings"),
        Text(
            "在店铺评分页核对豁免类目清单；想要评分，就增加非豁免类目的商品。",
            "Compare with the list of exempt categories on the rating page; to get a rating, add products of others.",
        ),
    ),
    "confirm_rate_low": (
        Text("确认收货率低于 95%", "the confirmed-receipt rate is under 95 %"),
        Text(
            "到“服务诊断 → 物流履约”看哪些订单没有确认，已妥投的在纠纷管理里提交签收凭证。",
            "See under Service diagnosis → Logistics fulfilment which orders lack a confirmation, and hand in a proof "
            "of delivery where a parcel has arrived.",
        ),
    ),
    "identity_unverified": (
        Text("企业身份认证没有完成", "the identity is not verified"),
        Text(
            "补传营业执照正本和法人身份证正反面，通过审核后评分才会启用。",
            "Upload the business licence and both sides of the representative's identity card; the rating follows once "
            "they are approved.",
        ),
    ),
    "severe_violation": (
        Text("店铺有严重违规", "a severe violation stands against the store"),
        Text(
            "核对违规详情，误判就申诉，属实就整改同类商品。",
            "Check the violation: appeal if wrong, mend the products if right.",
        ),
    ),
}


@rule(
    code="RTG002",
    name="rating-cause",
    severity=Severity.WARNING,
    sources=("S3", "S4"),
    needs=(
        "rating.status",
        "rating.causes",
        "rating.opened_on|medal.opened_on",
        "rating.valid_orders_90d",
        "rating.confirmed_rate",
        "documents",
        "violations",
    ),
    thresholds=("rating_store_age", "rating_valid_orders", "rating_confirmed_rate"),
    page="rating",
    menu=MENU,
    title=Text("评分未启用的原因", "Why the rating is not enabled"),
    why=Text(
        "评分要同时满足开店时间、有效订单、确认收货率、身份认证和无严重违规，缺一项都不会启用。",
        "A rating asks for store age, valid orders, confirmed receipts, a verified identity and no severe violation "
        "all at once.",
    ),
    fix=Text(
        "按提示逐项补齐，补齐后状态会先变成“计算中”。", "Mend each cause; the status then turns to “calculating”."
    ),
)
def cause(audit: Audit) -> Iterator[Finding]:
    if not is_inactive(audit) or audit.maybe("rating.status") == "enabled":
        raise DoesNotApply(ENABLED)
    for name, proof in holding(audit):
        words, fix = WORDS.get(name, (plain(name), None))
        detail = proof.detail or Text("店铺评分页列出了这一项", "the rating page names it")
        yield audit.finding(
            Subject("cause", name),
            Text(f"评分未启用：{words.zh}（{detail.zh}）", f"The rating is not enabled: {words.en} ({detail.en})"),
            observed=detail,
            expected=Text("没有这一项", "the cause no longer holds"),
            threshold=audit.threshold(proof.threshold) if proof.threshold else None,
            evidence=proof.evidence or audit.shown("rating.causes"),
            fix=fix,
        )
