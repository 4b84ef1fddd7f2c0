"""RTG004: one of the three dimensions of the rating is too low."""

from collections.abc import Iterator

from checks.audit import DUST, Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.policy import shipped
from checks.rtg.dimensions import NAMES, dimensions
from checks.rtg.status import MENU
from checks.rule import rule
from checks.text import Text, number

STANDING = {
    "mean": Text("平台均值", "the platform's mean"),
    "top_tenth": Text("前 10% 卖家", "the top tenth"),
}


@rule(
    code="RTG004",
    name="dimension-low",
    severity=Severity.ERROR,
    sources=("S0", "S3"),
    needs=("rating.description", "rating.logistics", "rating.service"),
    thresholds=(
        "rating_dimension",
        "rating_dimension_grave",
        "rating_mean_description",
        "rating_mean_logistics",
        "rating_top_tenth_description",
    ),
    page="rating",
    menu=MENU,
    title=Text("评分分项低于 4.7 分", "A dimension of the rating is under 4.7"),
    why=Text(
        "描述、物流、服务三项都要到 4.7 分才能升一钻；低于 4.5 分会明显影响搜索和转化。",
        "One Diamond asks for 4.7 in description, logistics and service; under 4.5 search and sales suffer clearly.",
    ),
    fix=Text(
        "描述低先改主图色差和参数，物流低先处理轨迹中断和超时的渠道，服务低先把首次回复压到 12 小时内。",
        "Description: mend colours and specifications. Logistics: leave the channels whose traces break off. "
        "Service: give the first reply within 12 hours.",
    ),
)
def dimension_low(audit: Audit) -> Iterator[Finding]:
    line, grave, shown = audit.line(), audit.line("rating_dimension_grave"), list(dimensions(audit))
    for name, _, score in shown:
        if score >= line - DUST:
            continue
        words, standing = NAMES[name], compared(audit, name, score)
        yield audit.finding(
            Subject("metric", name),
            Text(
                f"{words.zh}评分 {number(score)}，低于一钻要求的 {number(line)}{standing.zh}",
                f"The {words.en} rating is {number(score)}, under One Diamond's {number(line)}{standing.en}",
            ),
            observed=number(score),
            value=score,
            expected=f"≥ {number(line)}",
            severity=Severity.ERROR if score < grave - DUST else Severity.WARNING,
            threshold=audit.threshold(),
            evidence=audit.shown(f"rating.{name}"),
        )
    if not shown and not audit.gaps:
        raise DoesNotApply(Text("三个分项都未考核", "none of the three dimensions is assessed"))


def compared(audit: Audit, name: str, score: float) -> Text:
    """How the score stands to the platform's figures for its dimension, where there are any."""
    zh, en = "", ""
    for kind, words in STANDING.items():
        if f"rating_{kind}_{name}" not in shipped():
            continue
        other = audit.line(f"rating_{kind}_{name}")
        gap = number(abs(round(score - other, 2)))
        zh += f"，{'高于' if score > other else '低于'}{words.zh} {number(other)}（差 {gap}）"
        en += f", {gap} {'above' if score > other else 'below'} {words.en} of {number(other)}"
    return Text(zh, en)
