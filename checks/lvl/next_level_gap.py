"""LVL001: a requirement of the next level is not met."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.lvl.condition import unmet
from checks.lvl.requirement import (
    ONE_DIAMOND,
    Requirement,
    bound,
    level_name,
    name_of,
    next_level,
    requirements,
    seen_on_tracker,
)
from checks.measure import distance, figure
from checks.rule import rule
from checks.text import Text


@rule(
    code="LVL001",
    name="next-level-gap",
    severity=Severity.WARNING,
    sources=("S0",),
    needs=("level.current", "level.tracker", "documents", "violations"),
    thresholds=("level_licence_validity", "level_severe_violation"),
    page="level",
    menu=Text(
        "卖家后台首页 → Level Status → Level Progress Tracker",
        "Seller dashboard → Level Status → Level Progress Tracker",
    ),
    title=Text("离下一等级还差的条件", "A requirement of the next level is not met"),
    why=Text(
        "平台自动升级，不需要申请，但每一项条件都要同时满足，差一项就不会升。",
        "The platform upgrades by itself, but only when every requirement is met at the same time.",
    ),
    fix=Text(
        "先补离要求最远的一项；改完后等下一次每周评估，看它是否转为达标。",
        "Work on the requirement that is farthest from its line first, then look at the next weekly evaluation.",
    ),
)
def next_level_gap(audit: Audit) -> Iterator[Finding]:
    level = next_level(audit)
    goal = level_name(level)
    open_items: list[Text] = []
    for need in requirements(audit, level):
        if need.met is False:
            yield _short(audit, need, goal)
        elif need.met is None:
            open_items.append(name_of(need.item))
    if level == ONE_DIAMOND:
        for lack in unmet(audit):
            yield audit.finding(
                Subject("level", lack.name),
                Text(
                    f"升到{goal.zh}还缺一个条件：{lack.title.zh}，现状：{lack.observed.zh}，要求：{lack.expected.zh}",
                    f"A requirement of {goal.en} is not met: {lack.title.en}; now: {lack.observed.en}; "
                    f"wanted: {lack.expected.en}",
                ),
                observed=lack.observed,
                expected=lack.expected,
                threshold=lack.threshold,
                evidence=lack.evidence,
                fix=lack.fix,
            )
    if open_items and not audit.gaps:
        raise DoesNotApply(
            Text(
                "平台尚未考核：" + "、".join(item.zh for item in open_items),
                "not assessed by the platform yet: " + ", ".join(item.en for item in open_items),
            )
        )


def _short(audit: Audit, need: Requirement, goal: Text) -> Finding:
    item, line, name = need.item, need.line, name_of(need.item)
    if item.value is None or line is None or line.value is None:
        observed = Text("页面标为不达标", "marked as not met")
        expected = Text("达标", "met")
        message = Text(
            f"升到{goal.zh}还缺一个条件：页面把「{name.zh}」标为不达标",
            f"A requirement of {goal.en} is not met: the page marks {name.en} as failing",
        )
    else:
        observed, shown = figure(item.value, item.unit), figure(line.value, item.unit)
        expected, gap = bound(item.name, shown), distance(item.value, line.value, item.unit)
        message = Text(
            f"{name.zh} {observed.zh}，升到{goal.zh}要求 {expected.zh}，还差 {gap.zh}",
            f"The {name.en} is {observed.en}; the requirement of {goal.en} is {expected.en}, {gap.en} away",
        )
    return audit.finding(
        Subject("level", need.id),
        message,
        observed=observed,
        value=item.value,
        expected=expected,
        threshold=line,
        evidence=seen_on_tracker(audit, item),
    )
