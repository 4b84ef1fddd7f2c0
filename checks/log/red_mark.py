"""LOG016: the rating page shows the red mark "too many logistics exceptions"."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.red_marks import is_logistics_mark
from checks.rule import rule
from checks.text import Text


@rule(
    code="LOG016",
    name="logistics-red-mark",
    severity=Severity.ERROR,
    sources=("S4",),
    needs=("rating.red_marks",),
    page="rating",
    menu=Text("数据中心 → 店铺健康 → 店铺评分", "Data centre → Store health → Store rating"),
    title=Text("店铺评分页出现“物流异常订单过多”红标", "Red mark on the rating page: too many logistics exceptions"),
    why=Text(
        "出现红标说明平台认定物流异常已经影响评分，可能导致评分不更新或无法激活。",
        "The mark says that the platform holds logistics exceptions against the rating; it may stop being updated, or "
        "never be activated.",
    ),
    fix=Text(
        "逐单处理轨迹断更、未同步和上网超时的订单，一般要等异常订单滑出统计窗口，红标才会消失。",
        "Work through the orders whose trace is silent, not synced or scanned late; the mark goes when they leave the "
        "window that is counted.",
    ),
)
def red_mark(audit: Audit) -> Iterator[Finding]:
    marks = [mark for mark in audit.page("rating").red_marks if is_logistics_mark(mark)]
    if marks:
        yield audit.finding(
            audit.subject(),
            Text(
                f"店铺评分页有红色警示“{marks[0]}”，平台要求没有红标",
                f"The rating page shows the red mark “{marks[0]}”; the platform asks for none",
            ),
            observed=marks[0],
            expected=Text("没有红标", "no red mark"),
            evidence=audit.shown("rating.red_marks"),
        )
