"""AUD007: the pages that were judged are old."""

from collections.abc import Iterator
from datetime import timedelta

from checks.audit import Audit
from checks.finding import Evidence, Finding, Severity
from checks.rule import rule
from checks.text import Text, duration, moment, number


@rule(
    code="AUD007",
    name="recording-stale",
    severity=Severity.WARNING,
    sources=("field practice",),
    needs=(),
    thresholds=("recording_age",),
    title=Text("判断用的页面超过 24 小时", "The pages judged are older than 24 hours"),
    why=Text(
        "待发货倒计时、买家消息这些一天之内就会变，用旧页面判断会漏掉新问题，也会误报旧问题。",
        "Countdowns and messages change within a day: old pages hide what is new and report what is settled.",
    ),
    fix=Text("重新采集一次再看结果。", "Capture the store again before acting on the findings."),
)
def recording_stale(audit: Audit) -> Iterator[Finding]:
    oldest = min(audit.facts.readings, key=lambda page: page.captured_at, default=None)
    since = oldest.captured_at if oldest else audit.facts.captured_at
    age, limit = audit.now - since, audit.line()
    if age <= timedelta(hours=limit):
        return
    shown, when = duration(age), moment(since.astimezone(audit.timezone))
    yield audit.finding(
        audit.subject(),
        Text(f"页面采集于 {when}，距今 {shown.zh}", f"The pages were captured on {when}, {shown.en} before this run"),
        observed=shown,
        expected=Text(f"≤ {number(limit)} 小时", f"≤ {number(limit)} h"),
        threshold=audit.threshold(),
        evidence=Evidence(oldest.kind, oldest.sequence, None, None, since) if oldest else None,
    )
