"""LVL003: a core metric misses its line in the latest weekly evaluation only; one week is left."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.days import end_of_day
from checks.finding import Finding, Severity, Subject
from checks.lvl.evaluation import below
from checks.rule import rule
from checks.text import Text, day


@rule(
    code="LVL003",
    name="one-week-below",
    severity=Severity.WARNING,
    sources=("S0",),
    needs=("level.current", "level.weeks", "level.tracker"),
    page="level",
    menu=Text("卖家后台首页 → Level Status", "Seller dashboard → Level Status"),
    title=Text("核心指标本周不达标，还剩一周", "A core metric missed its line this week: one week is left"),
    why=Text(
        "只要下一次评估仍不达标，就凑满连续两周，会触发降级预警。",
        "If it misses the next evaluation too, that makes two weeks in a row and triggers the demotion warning.",
    ),
    fix=Text(
        "在下次评估前把这项指标拉回要求线：先处理本周新出现的问题订单。",
        "Bring the metric back over its line before the next evaluation, starting with this week's new problem orders.",
    ),
)
def one_week_below(audit: Audit) -> Iterator[Finding]:
    ends = audit.page("level").next_evaluation_on
    due_zh, due_en = (f"，下次评估 {day(ends)}", f"; next evaluation {day(ends)}") if ends else ("", "")
    for metric in below(audit):
        if metric.twice:
            continue
        yield audit.finding(
            Subject("level", metric.name),
            Text(
                f"{metric.title.zh}在截至 {day(metric.ended)} 的一周为 {metric.latest.zh}，"
                f"没有达到{metric.whose.zh}要求的 {metric.expected.zh}{due_zh}{metric.basis.zh}",
                f"The {metric.title.en} was {metric.latest.en} in the week to {day(metric.ended)}; {metric.whose.en} "
                f"asks for {metric.expected.en}{due_en}{metric.basis.en}",
            ),
            observed=metric.latest,
            value=metric.value,
            expected=metric.expected,
            threshold=metric.line,
            evidence=metric.evidence,
            due_at=end_of_day(ends, audit.timezone) if ends else None,
        )
