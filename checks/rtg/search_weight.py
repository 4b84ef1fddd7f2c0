"""RTG008: the rating has reached, or lost, the line from which search gives more weight."""

from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity
from checks.rtg.status import MENU
from checks.rule import rule
from checks.text import Text, number


@rule(
    code="RTG008",
    name="search-weight-reached",
    severity=Severity.INFO,
    sources=("S3",),
    needs=("rating.rating",),
    thresholds=("rating_search_weight",),
    page="rating",
    menu=MENU,
    title=Text("店铺评分越过 4.8 分加权线", "The rating crossed the line of 4.8"),
    why=Text(
        "评分 4.8 分及以上，商品的自然流量加权 15%；掉下来加权就没了。",
        "From 4.8 on, natural traffic gets 15 % more weight; the gain goes when the rating falls back.",
    ),
    fix=Text(
        "到线后盯住三个分项里最低的一项；掉线则先补权重最大的商品描述分。",
        "Once there, watch the lowest of the three dimensions; when it is lost, lift the description first, which "
        "weighs most.",
    ),
)
def search_weight(audit: Audit) -> Iterator[Finding]:
    rating, line = audit.value("rating.rating"), audit.line()
    before = earlier(audit)
    reached, was = rating >= line - DUST, before is not None and before >= line - DUST
    if reached == was:
        return
    change = Text("达到", "reached") if reached else Text("跌破", "lost")
    effect = Text("自然流量加权 15%", "natural traffic +15 %") if reached else Text("15% 加权取消", "the +15 % is gone")
    since = "" if before is None else number(before)
    yield audit.finding(
        audit.subject(),
        Text(
            f"店铺评分 {number(rating)}，{change.zh} {number(line)} 分（{effect.zh}）"
            + (f"，上次 {since}" if since else ""),
            f"The store rating is {number(rating)} and has {change.en} {number(line)} ({effect.en})"
            + (f"; it was {since} before" if since else ""),
        ),
        observed=number(rating),
        expected=f"≥ {number(line)}",
        threshold=audit.threshold(),
        evidence=audit.shown("rating.rating"),
    )


def earlier(audit: Audit) -> float | None:
    """The rating that the last earlier run saw."""
    here = audit.reading("rating").captured_at
    points = [point for point in audit.facts.history if point.metric == "rating.rating" and point.at < here]
    return max(points, key=lambda point: point.at).value if points else None
