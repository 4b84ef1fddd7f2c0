"""Runs to report on, made of literals: a plain one, one with every part, and one whose pages are hostile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent.history.runs import Metric, MetricSeen, MutedBy, SavedRun, State, StatedFinding, StoreRef
from agent.reports import Look
from checks.finding import Evidence, Finding, Fix, Severity
from checks.text import Language, Text, plain
from tests.history_runs import DAY_0, NOT_APPLICABLE, PASS, UNKNOWN, finding, run

LINKS = {"orders": "https://csp.aliexpress.com/m_apps/order-manage/orderList?channelId=244176"}

HOSTILE = {
    "script": "<script>document.title='owned'</script>",
    "attribute": "\"' onmouseover=\"document.title='owned'\" x='",
    "closing": "]]></style></title></textarea><!-- --><img src=https://evil.example/p.png onerror=alert(1)>",
    "control": "a\x00b\x07c\x1b[31md\x0be\x7ff\x85g\ufffeh",
    "direction": "\u202etxt.exe\u2066 שלום مرحبا \u200f",
    "emoji": "🛒👩‍👩‍👧‍👦 店铺 ❤️",
    "long": "未同步" * 3334,
    "formula": '=HYPERLINK("https://evil.example","click")',
    "markdown": "[x](javascript:alert(1)) ![p](https://evil.example/p.png) **b** | c ` <b>d</b> @all www.evil.example",
    "lines": "one\r\n# two\n- three\n\n| four |",
    "template": "{{ 7 * 7 }} {% raw %} {# no #} ${7*7}",
    "surrogate": "half \ud83d of a pair",
    "entity": "&lt;b&gt; &amp;amp; &#106;avascript:",
}
"""What a page may hold, by what it tries."""


def look(language: Language = "en", **changes: Any) -> Look:
    values: dict[str, Any] = {
        "language": language,
        "backend_zone": ZoneInfo("America/Los_Angeles"),
        "user_zone": ZoneInfo("Asia/Shanghai"),
        "links": LINKS,
    }
    return Look(**(values | changes))


def stated(found: Finding, state: State = State.NEW, days: int = 0, **changes: Any) -> StatedFinding:
    return StatedFinding(found, state, DAY_0 - timedelta(days=days), **changes)


def saved(findings: Iterable[StatedFinding] = (), compared_with: str | None = None, **changes: Any) -> SavedRun:
    """A run with these findings; every finding's rule fails."""
    states = tuple(findings)
    record = run(0, [s.finding for s in states if s.state is not State.RESOLVED], **changes)
    return SavedRun(record, states, compared_with)


def due(hours: float) -> datetime:
    return DAY_0 + timedelta(hours=hours)


def whole() -> SavedRun:
    """A run in which there is something of everything."""
    findings = [
        stated(finding("8203955732372614", due_at=due(-5))),
        stated(finding("8203955732372615", due_at=due(3)), State.PERSISTING, days=4),
        stated(
            finding("8203955732372616", "LOG003", severity=Severity.WARNING, due_at=due(50)), State.PERSISTING, days=1
        ),
        stated(finding("8203955732372617", "LIC001", due_at=None)),
        stated(finding("8203955732372618", "LOG012", severity=Severity.INFO, due_at=due(1)), State.PERSISTING),
        stated(
            finding("8203955732372619", "LOG009", due_at=None),
            State.MUTED,
            mute=MutedBy(3, "两单合并发货", DAY_0 + timedelta(days=30)),
        ),
        stated(finding("8203955732372620", "LOG005", due_at=None), State.RESOLVED, days=9),
    ]
    return saved(
        findings,
        compared_with="northwind-0000",
        id="northwind-0001",
        outcomes={"RSP001": UNKNOWN, "RSP002": UNKNOWN, "HLT001": PASS, "MDL007": NOT_APPLICABLE},
        gaps={
            "RSP001": Text("买家消息页未能打开（超时）", "the messages page was not reached (timeout)"),
            "RSP002": Text("买家消息页未能打开（超时）", "the messages page was not reached (timeout)"),
            "LIC001": Text("读不到质检报告的有效期", "the validity of a report could not be read"),
            "MDL007": Text("店铺已有奖牌", "the store holds a medal"),
        },
        deeds={"pages.expected": 25, "pages.failed": 1, "requests": 412, "writes": 0, "blocked": 37},
    )


def hostile(text: str) -> SavedRun:
    """A run in which a page put one text wherever it can."""
    said = plain(text)
    found = finding(
        text,
        message=said,
        observed=said,
        expected=said,
        fix=Fix(said, said, "orders"),
        evidence=Evidence("orders", 1, text, text, DAY_0),
    )
    other = finding("2", "LOG003", name=text, message=said, due_at=None)
    states = [
        stated(found),
        stated(other._replace(fingerprint="f1"), State.RESOLVED),
        stated(other._replace(fingerprint="f2"), State.MUTED, mute=MutedBy(1, text, DAY_0)),
    ]
    made = saved(
        states,
        compared_with="northwind-0000",
        capture=text,
        outcomes={"RSP001": UNKNOWN},
        gaps={"RSP001": said},
    )
    return made._replace(record=made.record._replace(store=StoreRef(text, text, text, text)))


def points(name: str, values: Iterable[float]) -> list[MetricSeen]:
    """A metric on consecutive days, the last of them the run's own."""
    shown = list(values)
    days = range(len(shown) - 1, -1, -1)
    return [
        MetricSeen(Metric(name, value, None, DAY_0 - timedelta(days=day)), f"run-{day}", True)
        for day, value in zip(days, shown, strict=True)
    ]
