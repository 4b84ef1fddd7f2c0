"""RTG001: the store has no active rating."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.rtg.status import MENU, is_inactive
from checks.rule import rule
from checks.text import Text

SHOWN = {
    "not_enabled": Text("未启用", "not enabled"),
    "calculating": Text("计算中", "calculating"),
    "enabled": Text("已启用但没有分数", "enabled without a figure"),
}


@rule(
    code="RTG001",
    name="rating-inactive",
    severity=Severity.ERROR,
    sources=("S4",),
    needs=("rating.status", "rating.rating"),
    page="rating",
    menu=MENU,
    title=Text("店铺没有评分", "The store has no rating"),
    why=Text(
        "没有评分的店铺搜索排序靠后，买家也少了一项信任依据。",
        "A store without a rating ranks lower in search, and buyers miss a reason to trust it.",
    ),
    fix=Text(
        "在评分状态右侧点“查看详情”看缺哪一项；常见原因是订单没有走完收货闭环，先把已妥投的订单推到确认收货。",
        "Open the details beside the status to see what is missing; most often orders are not closed, so bring the "
        "delivered ones to confirmation first.",
    ),
)
def inactive(audit: Audit) -> Iterator[Finding]:
    if is_inactive(audit):
        status = SHOWN.get(audit.maybe("rating.status"), Text("没有显示", "not shown"))
        yield audit.finding(
            audit.subject(),
            Text(f"店铺评分没有生效，状态：{status.zh}", f"The store rating is not active; its status: {status.en}"),
            observed=status,
            expected=Text("已启用", "enabled"),
            evidence=audit.shown("rating.status"),
        )
