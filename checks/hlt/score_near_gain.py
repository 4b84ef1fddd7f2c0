"""HLT002: the health score is good enough, but short of where the larger exposure gain starts."""

from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, number


@rule(
    code="HLT002",
    name="health-score-below-90",
    severity=Severity.INFO,
    sources=("S4",),
    needs=("health.score",),
    thresholds=("health_score_exposure", "health_score"),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("店铺健康分还没到 90 分", "Store health score is short of 90"),
    why=Text(
        "健康分 85 分只是达标线，做到 90 分以上的店铺曝光增长明显更多。",
        "85 only meets the requirement; stores that stay at 90 or more gain clearly more exposure.",
    ),
    fix=Text(
        "看健康分五项构成，先补离满分最远、权重最高的一项，几分之差往往就在一项上。",
        "Look at the five parts of the score and lift the one that loses the most points after its weight; "
        "a few points usually come from one part.",
    ),
)
def score_near_gain(audit: Audit) -> Iterator[Finding]:
    score, gain = audit.value("health.score"), audit.line("health_score_exposure")
    if audit.line("health_score") - DUST <= score < gain - DUST:
        yield audit.finding(
            Subject("metric", "score"),
            Text(
                f"店铺健康分 {number(score)}，再提高 {number(gain - score)} 分就到曝光加成更高的 {number(gain)} 分",
                f"The store health score is {number(score)}, {number(gain - score)} short of the {number(gain)} "
                "where the larger exposure gain starts",
            ),
            observed=number(score),
            value=score,
            expected=f"≥ {number(gain)}",
            threshold=audit.threshold("health_score_exposure"),
            evidence=audit.shown("health.score"),
        )
