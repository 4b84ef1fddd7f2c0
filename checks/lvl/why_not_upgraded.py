"""LVL005: the page gives a reason under "Why Not Upgraded?"."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Evidence, Finding, Severity, Subject
from checks.lvl.requirement import note_unread
from checks.rule import rule
from checks.text import Text, plain


@rule(
    code="LVL005",
    name="why-not-upgraded",
    severity=Severity.WARNING,
    sources=("S0",),
    needs=("level",),
    page="level",
    menu=Text(
        "卖家后台首页 → Level Status → “Why Not Upgraded?”", "Seller dashboard → Level Status → “Why Not Upgraded?”"
    ),
    title=Text("后台写明的未升级原因", "A reason under “Why Not Upgraded?”"),
    why=Text(
        "这是平台自己列出的拦截原因，数据快照就是它判定时用的数。",
        "These are the platform's own reasons; the data snapshot is the figure it judged by.",
    ),
    fix=Text(
        "按列出的原因逐条处理，处理完等下一次校验，看该条是否消失。",
        "Settle each reason listed, then look after the next check whether it is gone.",
    ),
)
def why_not_upgraded(audit: Audit) -> Iterator[Finding]:
    reading = audit.reading("level")
    items = audit.page("level").why_not
    if not items and "why_not" in reading.absent:
        raise DoesNotApply(Text("页面上没有“未升级原因”一栏", "the page has no “Why Not Upgraded?” section"))
    note_unread(audit, "why_not")
    for item in items:
        told = "；".join(part for part in (item.text, item.snapshot) if part)
        shown = told.replace("；", "; ")
        yield audit.finding(
            Subject("level", item.label),
            Text(
                f"未升级原因「{item.label}」" + (f"：{told}" if told else ""),
                f"Why not upgraded: {item.label}" + (f" ({shown})" if shown else ""),
            ),
            observed=plain(item.snapshot or item.text or item.label),
            expected=Text("没有未升级原因", "no reason listed"),
            evidence=Evidence(reading.kind, reading.sequence, item.label, told or None, reading.captured_at),
        )
