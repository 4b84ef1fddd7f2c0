"""HLT001: the store health score is under the line of Top Rated Seller and One Diamond."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, number


@rule(
    code="HLT001",
    name="health-score-low",
    severity=Severity.ERROR,
    sources=("S0", "S4"),
    needs=("health.score",),
    thresholds=("health_score",),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("店铺健康分低于 85 分", "Store health score is under 85"),
    why=Text(
        "Top Rated Seller 标识和一钻等级都要求店铺健康分不低于 85 分，低于这条线会失去搜索加权并挡住升级。",
        "Top Rated Seller and One Diamond both ask for a health score of 85; under it the search gain is lost "
        "and the upgrade is blocked.",
    ),
    fix=Text(
        "先看健康分构成里得分最低、权重最高的一项（履约 30%、纠纷 25%、退货 20%、好评 15%、响应 10%），从那里改起。",
        "Start with the part that scores lowest at the greatest weight (fulfilment 30 %, disputes 25 %, returns 20 %, "
        "positive feedback 15 %, response 10 %).",
    ),
)
def score_low(audit: Audit) -> Iterator[Finding]:
    line = audit.threshold()
    for score in audit.below("health.score"):
        yield audit.finding(
            Subject("metric", "score"),
            Text(
                f"店铺健康分 {number(score)}，低于要求的 {number(audit.line())} 分",
                f"The store health score is {number(score)}, under the {number(audit.line())} that is asked for",
            ),
            observed=number(score),
            value=score,
            expected=f"≥ {number(audit.line())}",
            threshold=line,
            evidence=audit.shown("health.score"),
        )
