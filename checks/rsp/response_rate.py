"""RSP002: the response rate of the level tracker is under 95 %, to be mended within 24 hours."""

from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject
from checks.rsp.clock import after, hours
from checks.rsp.figures import first_shown, shown
from checks.rule import rule
from checks.text import Text, number, percent


@rule(
    code="RSP002",
    name="response-rate-red",
    severity=Severity.ERROR,
    sources=("S0",),
    needs=("level.tracker|messages.response_rate",),
    thresholds=("response_rate_red", "response_rate_repair"),
    page="level",
    menu=Text("等级状态 → 升级进度面板（Level Progress Tracker）", "Level Status → Level Progress Tracker"),
    title=Text("回复率低于 95%（等级面板红色预警）", "Response rate under 95 % on the level tracker"),
    why=Text(
        "回复率是等级面板上的预警项，跌破 95% 会亮红灯；24 小时内不处理，下一次每周评估就可能算作不达标。",
        "The level tracker marks a response rate under 95 % red; left for more than a day it is likely to count "
        "against the next weekly evaluation.",
    ),
    fix=Text(
        "24 小时内更新客服话术模板并回复所有未回复会话，之后每天看一次等级面板。",
        "Renew the reply templates and answer every open conversation within 24 hours, then look at the tracker daily.",
    ),
)
def response_rate(audit: Audit) -> Iterator[Finding]:
    name, value = first_shown(audit, "level.tracker.response_rate", "messages.response_rate")
    line, repair = audit.line(), audit.line("response_rate_repair")
    if value < line - DUST:
        yield audit.finding(
            Subject("metric", "response_rate"),
            Text(
                f"回复率 {percent(value)}，低于一钻要求的 {percent(line)}，须在 {number(repair)} 小时内处理",
                f"The response rate is {percent(value)}, under the {percent(line)} of One Diamond; mend it within "
                f"{number(repair)} hours",
            ),
            observed=percent(value),
            value=value,
            expected=f"≥ {percent(line)}",
            threshold=audit.threshold(),
            evidence=shown(audit, name),
            due_at=after(audit, audit.facts.captured_at, hours(audit, "response_rate_repair")),
        )
