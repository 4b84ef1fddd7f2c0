"""HLT010: the rating page carries the red mark for too high a dispute rate."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity, Subject
from checks.red_marks import is_dispute_mark
from checks.rule import rule
from checks.text import Text, plain


@rule(
    code="HLT010",
    name="dispute-red-mark",
    severity=Severity.ERROR,
    sources=("S4",),
    needs=("rating.red_marks",),
    page="rating",
    menu=Text("数据中心 → 店铺健康 → 店铺评分", "Data centre → Store health → Store rating"),
    title=Text("店铺评分页挂着纠纷率红标", "The rating page shows the red mark for disputes"),
    why=Text(
        "红标表示平台已认定纠纷率超标，标在期间评分和搜索流量都会受压。",
        "The mark says that the platform holds the dispute rate to be too high; while it stands, rating and search "
        "traffic suffer.",
    ),
    fix=Text(
        "点开红标看统计的时间段，优先在平台介入前与买家达成协议，等下个统计周期红标才会消失。",
        "Open the mark to see its period, and settle the open disputes before the platform steps in; the mark goes "
        "with the next period.",
    ),
)
def dispute_red_mark(audit: Audit) -> Iterator[Finding]:
    mark = next(filter(is_dispute_mark, audit.page("rating").red_marks), None)
    if mark is not None:
        page = audit.reading("rating")
        yield audit.finding(
            Subject("metric", "dispute_rate"),
            Text(f"店铺评分页有红标“{mark}”", f"The rating page carries the red mark “{mark}”"),
            observed=plain(mark),
            expected=Text("没有红标", "no red mark"),
            evidence=Evidence(page.kind, page.sequence, None, mark, page.captured_at),
        )
