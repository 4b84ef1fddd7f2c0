"""LVL004: the Level Progress Tracker marks an item red."""

from collections.abc import Iterator

from checks.audit import Audit, CannotTell
from checks.finding import Finding, Severity, Subject
from checks.lvl.requirement import EMPTY, ids, name_of, note_unread, seen_on_tracker, unread
from checks.measure import figure
from checks.rule import rule
from checks.text import Text


@rule(
    code="LVL004",
    name="tracker-red",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("level.tracker",),
    page="level",
    menu=Text(
        "卖家后台首页 → Level Status → Level Progress Tracker",
        "Seller dashboard → Level Status → Level Progress Tracker",
    ),
    title=Text("等级进度面板出现红色预警", "The Level Progress Tracker shows a red item"),
    why=Text(
        "红色是平台自己给出的预警：这项指标已经影响升级，继续下去会影响保级。",
        "Red is the platform's own alarm: the item already blocks the upgrade and puts the present level at risk.",
    ),
    fix=Text(
        "当天就处理红色项：回复率类的改回复模板、补上漏回的消息；履约和纠纷类的逐单跟进。",
        "Deal with a red item the same day: answer what was missed and revise the reply templates, or follow up late "
        "and disputed orders one by one.",
    ),
)
def tracker_red(audit: Audit) -> Iterator[Finding]:
    tracker = audit.page("level").tracker
    if not tracker:
        raise CannotTell(unread(audit, "tracker") or EMPTY)
    note_unread(audit, "tracker")
    for key, item in zip(ids(tracker), tracker, strict=True):
        name = name_of(item)
        if item.state is None:
            audit.gap(Text(f"{name.zh}没有显示状态", f"the {name.en} shows no state"))
        if item.state != "red":
            continue
        value = Text("未显示数值", "no value shown") if item.value is None else figure(item.value, item.unit)
        line = None if item.threshold is None else figure(item.threshold, item.unit)
        asked = Text(f"，要求 {line.zh}", f" against {line.en}") if line else Text("", "")
        yield audit.finding(
            Subject("level", key),
            Text(f"{name.zh}被标为红色：{value.zh}{asked.zh}", f"The {name.en} is marked red: {value.en}{asked.en}"),
            observed=value,
            expected=line or Text("非红色", "not red"),
            evidence=seen_on_tracker(audit, item),
        )
