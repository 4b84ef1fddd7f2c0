"""HLT003: the health score that is shown is not what its five parts add up to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import DUST, Audit, CannotTell
from checks.finding import Finding, Severity, Subject
from checks.rule import rule
from checks.text import Text, number

if TYPE_CHECKING:
    from extractors.models.health import PartScores

WEIGHTS = {
    "fulfilment": "health_weight_fulfilment",
    "dispute": "health_weight_dispute",
    "returns": "health_weight_return",
    "positive": "health_weight_positive",
    "response": "health_weight_response",
}


@rule(
    code="HLT003",
    name="health-score-inconsistent",
    severity=Severity.INFO,
    sources=("S4",),
    needs=("health.score", "health.part_scores"),
    thresholds=("health_score_deviation", *WEIGHTS.values()),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("店铺健康分与五项构成对不上", "Health score and its five parts disagree"),
    why=Text(
        "总分应等于五项得分按权重相加；差得多，说明总分和分项不是同一天的数据，或平台改了权重。",
        "The score should be the weighted sum of its five parts; a larger gap means that score and parts are of "
        "different days, or that the platform changed the weights.",
    ),
    fix=Text(
        "第二天再看一次；仍然对不上就截图咨询客服，这期间以页面显示的总分为准。",
        "Look again the next day; if they still disagree, ask the support with a screenshot. Until then the score "
        "shown is the one that counts.",
    ),
)
def score_inconsistent(audit: Audit) -> Iterator[Finding]:
    score, parts = audit.value("health.score"), audit.value("health.part_scores")
    total, limit = weighted(audit, parts), audit.line("health_score_deviation")
    if abs(score - total) > limit + DUST:
        yield audit.finding(
            Subject("metric", "score"),
            Text(
                f"页面显示健康分 {number(score)}，五项按权重相加是 {number(total)}，相差超过 {number(limit)} 分",
                f"The page shows a health score of {number(score)}, its weighted parts make {number(total)}: "
                f"more than {number(limit)} apart",
            ),
            observed=number(score),
            expected=f"{number(total)} ± {number(limit)}",
            threshold=audit.threshold("health_score_deviation"),
            evidence=audit.shown("health.score"),
        )


def weighted(audit: Audit, parts: PartScores) -> float:
    """The score that the parts make; raises CannotTell when one of them is not shown."""
    lacking = [part for part in WEIGHTS if getattr(parts, part) is None]
    if lacking:
        names = ", ".join("return" if part == "returns" else part for part in lacking)
        raise CannotTell(Text(f"健康分缺少分项得分：{names}", f"the health score lacks parts: {names}"))
    return sum((audit.line(weight) * float(getattr(parts, part)) for part, weight in WEIGHTS.items()), 0.0)
