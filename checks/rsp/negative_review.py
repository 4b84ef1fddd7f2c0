"""RSP012: a negative review had no contact from the seller within 24 hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from checks.audit import Audit, DoesNotApply
from checks.column import is_unread, lacks_column
from checks.finding import Finding, Severity, Subject
from checks.rsp.clock import after, elapsed, hours
from checks.rule import rule
from checks.text import Text, duration, number

if TYPE_CHECKING:
    from extractors.models.reviews import Review


@rule(
    code="RSP012",
    name="negative-review-unanswered",
    severity=Severity.WARNING,
    sources=("S4",),
    needs=("reviews.reviews",),
    thresholds=("review_contact", "review_offer", "negative_review"),
    page="reviews",
    menu=Text("客户服务 → 评价管理", "Customer service → Reviews"),
    title=Text("差评 24 小时内没有联系买家", "A negative review without contact within 24 hours"),
    why=Text(
        "差评后 24 小时内联系的买家最愿意谈；拖过一天，改评和挽回的机会都小得多，还会计入订单缺陷率。",
        "Buyers are readiest to talk within a day of a bad review; later the chance to mend it is small, and it counts "
        "into the order defect rate.",
    ),
    fix=Text(
        "站内信联系买家，先道歉再协商，补偿金额不超过订单额的 15%；不要用返现换好评。",
        "Write to the buyer in the backend, apologise and settle; offer at most 15 % of the order's amount, and never "
        "pay for a better review.",
    ),
)
def negative_review(audit: Audit) -> Iterator[Finding]:
    reviews = audit.reviews()
    if not reviews and not audit.gaps:
        raise DoesNotApply(Text("没有评价", "there is no review"))
    limit, line, offer = hours(audit, "review_contact"), number(audit.line()), number(audit.line("review_offer") * 100)
    for review, late in worst_by_order(audit, reviews):
        if late <= limit:
            continue
        took = duration(late)
        zh, en = ("才联系买家", "the buyer was contacted") if review.seller_contacted_at else ("仍未联系", "still none")
        yield audit.finding(
            Subject("review", review.order_id),
            Text(
                f"{review.stars} 星评价发布 {took.zh}后{zh}，超过 {line} 小时；补偿不要超过订单额的 {offer}%",
                f"A {review.stars}-star review: {took.en} later {en}, over {line} hours; offer at most {offer}% of the "
                "order",
            ),
            observed=Text(f"{took.zh}后{zh}", f"{took.en} later {en}"),
            expected=Text(f"{line} 小时内联系", f"contact within {line} h"),
            threshold=audit.threshold(),
            evidence=audit.seen(review, "seller_contacted_at") or audit.shown("reviews.reviews"),
            due_at=None if review.posted_at is None else after(audit, review.posted_at, limit),
        )


def worst_by_order(audit: Audit, reviews: list[Review]) -> list[tuple[Review, timedelta]]:
    """Negative reviews and how long each went without contact; of several on one order the longest."""
    found: dict[str, tuple[Review, timedelta]] = {}
    unread = is_unread(audit, "reviews", "seller_contacted_at")
    for review in reviews:
        if review.stars is not None and review.stars > audit.line("negative_review"):
            continue
        order, contact = review.order_id, review.seller_contacted_at
        if (
            review.stars is None
            or review.posted_at is None
            or (contact is None and (unread or lacks_column(review, "seller_contacted_at")))
        ):
            audit.gap(Text(f"读不到订单 {order} 的评价", f"the review of order {order} could not be read"))
            continue
        late = elapsed(review.posted_at, contact or audit.now)
        if order not in found or late > found[order][1]:
            found[order] = (review, late)
    return list(found.values())
