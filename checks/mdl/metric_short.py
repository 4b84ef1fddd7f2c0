"""MDL001: a metric is under the line to keep the medal, or under the line to reach the next one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import DUST, Audit, CannotTell, DoesNotApply
from checks.days import end_of_day, time_left
from checks.finding import Finding, Severity, Subject, Threshold
from checks.mdl.medal import MENU, NAMES, above
from checks.mdl.quarter import period_end
from checks.measure import distance, figure
from checks.rule import rule
from checks.text import Text, day

if TYPE_CHECKING:
    from extractors.models.medal import MedalMetric


class Line(NamedTuple):
    """A line of the assessment: ``keep`` or ``reach``, in words, the medal at stake, the value."""

    name: str
    aim: Text
    medal: Text
    value: float


@rule(
    code="MDL001",
    name="medal-metric-short",
    severity=Severity.ERROR,
    sources=("S1",),
    needs=("medal.current", "medal.metrics"),
    thresholds=("medal_quarter_end_near",),
    page="medal",
    menu=MENU,
    title=Text("金银牌考核指标不达标", "A medal metric is under its line"),
    why=Text(
        "金银牌按自然季度考核，季度结束时有一项不达标，就保不住现有的牌，或升不到下一级。",
        "Medals are assessed by natural quarter; one metric under its line at the end costs the medal or the next one.",
    ),
    fix=Text(
        "季度结束前补上这一项；先保住现有的牌，再冲下一级。",
        "Bring this metric over its line before the quarter ends: keep the present medal first, then go for the next.",
    ),
)
def metric_short(audit: Audit) -> Iterator[Finding]:
    current: str = audit.value("medal.current")
    metrics = audit.page("medal").metrics
    if not metrics:
        raise CannotTell(Text("金银牌权益中心没有读到考核指标", "no metric was read in the medal benefits centre"))
    for problem in audit.reading("medal").problems:
        if "metrics" in problem.field:
            audit.gap(Text(f"考核指标未能读取：{problem.text}", f"a medal metric could not be read: {problem.text}"))
    not_assessed: list[str] = []
    for metric in metrics:
        lines, lower = _lines(metric, current), lower_is_better(metric)
        if metric.value is None:
            not_assessed.append(metric.label)
        elif not lines or lower is None:
            audit.gap(Text(f"「{metric.label}」没有显示要求", f"no line is shown for {metric.label}"))
        else:
            for line in lines:
                if metric.value > line.value + DUST if lower else metric.value < line.value - DUST:
                    yield _short(audit, metric, metric.value, line, sign="≤" if lower else "≥")
                    break
    if not_assessed and not audit.gaps:
        raise DoesNotApply(
            Text(
                f"平台尚未考核：{'、'.join(not_assessed)}",
                f"not assessed by the platform yet: {', '.join(not_assessed)}",
            )
        )


def _lines(metric: MedalMetric, current: str) -> list[Line]:
    """The lines that bear on a store, the one to keep first."""
    found: list[Line] = []
    if current != "ordinary" and metric.keep is not None:
        found.append(Line("keep", Text("保住", "keep"), NAMES[current], metric.keep))
    goal = above(current)
    if goal is not None and metric.reach is not None:
        found.append(Line("reach", Text("升到", "reach"), NAMES[goal], metric.reach))
    return found


def lower_is_better(metric: MedalMetric) -> bool | None:
    """The page's word; without it the two lines tell, because the next medal is always the harder one."""
    if metric.better is not None:
        return metric.better == "lower"
    if metric.keep is None or metric.reach is None or metric.keep == metric.reach:
        return None
    return metric.reach < metric.keep


def _short(audit: Audit, metric: MedalMetric, value: float, line: Line, sign: str) -> Finding:
    end = period_end(audit)
    near = time_left(end, audit.timezone, audit.now) <= timedelta(days=audit.line())
    shown, asked = figure(value, metric.unit), figure(line.value, metric.unit)
    gap = distance(value, line.value, metric.unit)
    return audit.finding(
        Subject("medal", metric.label),
        Text(
            f"{metric.label} {shown.zh}，{line.aim.zh}{line.medal.zh}要求 {sign} {asked.zh}，还差 {gap.zh}，"
            f"本季度考核到 {day(end)}",
            f"{metric.label} is {shown.en}; to {line.aim.en} {line.medal.en} it takes {sign} {asked.en}, {gap.en} "
            f"away; the quarter ends on {day(end)}",
        ),
        observed=shown,
        value=value,
        expected=Text(f"{sign} {asked.zh}", f"{sign} {asked.en}"),
        severity=Severity.ERROR if near else Severity.WARNING,
        threshold=Threshold(f"medal_{line.name}", line.value, metric.unit or "", "medal", "page"),
        evidence=audit.shown(f"medal.metrics.{metric.label}"),
        due_at=end_of_day(end, audit.timezone),
    )
