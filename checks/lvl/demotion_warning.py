"""LVL002: a core metric missed its line in two consecutive weekly evaluations."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.lvl.evaluation import below
from checks.rule import rule
from checks.text import Text, day


@rule(
    code="LVL002",
    name="demotion-warning",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("level.current", "level.weeks", "level.tracker"),
    thresholds=("level_order_defect_rate",),
    page="level",
    menu=Text("卖家后台首页 → Level Status", "Seller dashboard → Level Status"),
    title=Text("核心指标连续两周不达标，面临降级", "A core metric missed its line for two weeks: demotion looms"),
    why=Text(
        "等级每周评估一次，核心指标连续两周不达标就会触发降级预警，随后可能掉级并失去对应权益。",
        "The level is evaluated every week; a core metric that misses its line twice in a row triggers the demotion "
        "warning, and the level with its benefits may be lost.",
    ),
    fix=Text(
        "本周就处理这项指标：查清拉低它的订单（纠纷、退款、晚发货），逐单解决，并在下次评估前复查数值。",
        "Act this week: find the orders that pull the metric down (disputes, refunds, late shipments), settle them one "
        "by one and check the value again before the next evaluation.",
    ),
)
def demotion_warning(audit: Audit) -> Iterator[Finding]:
    for metric in below(audit):
        if metric.twice is None:
            audit.gap(
                Text(
                    f"{metric.title.zh}最近一周不达标，但没有上一周的评估可比",
                    f"the {metric.title.en} misses its line, but the week before shows no value",
                )
            )
        if not metric.twice or metric.before is None:
            continue
        yield audit.finding(
            Subject("level", metric.name),
            Text(
                f"{metric.title.zh}连续两周不达标：上一周 {metric.before.zh}，截至 {day(metric.ended)} 这一周 "
                f"{metric.latest.zh}，{metric.whose.zh}要求 {metric.expected.zh}{metric.basis.zh}",
                f"The {metric.title.en} missed its line for two weeks: {metric.before.en}, then {metric.latest.en} "
                f"in the week to {day(metric.ended)}; {metric.whose.en} asks for {metric.expected.en}{metric.basis.en}",
            ),
            observed=metric.latest,
            value=metric.value,
            expected=metric.expected,
            threshold=metric.line,
            evidence=metric.evidence,
        )
