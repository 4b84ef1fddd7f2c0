"""What people ask the history in SQL, ready to run; and what the views and tables are called.

A parameter that is left empty asks for everything. ``{lang}`` becomes zh or en.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checks.text import Language, Text

DATABASE = "history"
"""The database's name in addresses, whatever its file is called."""


@dataclass(frozen=True)
class Question:
    """A question with its words and its SQL."""

    name: str
    title: Text
    about: Text
    sql: str

    def sql_in(self, language: Language) -> str:
        return self.sql.replace("{lang}", language).strip()


@dataclass(frozen=True)
class View:
    """A view with its words and the columns by which it is best divided."""

    name: str
    title: Text
    about: Text
    facets: tuple[str, ...]
    newest: str | None = None
    """The column that sorts the newest first."""


OPEN = """
SELECT store, severity, code, subject_type, subject_id, message_{lang} AS message, observed_{lang} AS observed,
       expected_{lang} AS expected, due_at, first_seen, muted, accepted, last_run
FROM open_findings
WHERE :store IN ('', store)
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, due_at IS NULL, due_at, code
"""
BY_RULE = """
SELECT code, severity, count(*) AS open, count(DISTINCT store) AS stores, sum(muted) AS muted, min(due_at) AS next_due,
       min(first_seen) AS oldest, min(message_{lang}) AS example
FROM open_findings
WHERE :store IN ('', store)
GROUP BY code, severity
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, open DESC, code
"""
CHANGES = """
WITH later AS (
    SELECT seq, id, compared_with FROM runs WHERE :later IN ('', id) ORDER BY seq DESC LIMIT 1
), earlier AS (
    SELECT r.seq FROM runs r, later WHERE r.id = CASE :earlier WHEN '' THEN later.compared_with ELSE :earlier END
), a AS (
    SELECT * FROM findings_of_runs WHERE seq = (SELECT seq FROM earlier) AND state != 'resolved'
), b AS (
    SELECT * FROM findings_of_runs WHERE seq = (SELECT seq FROM later) AND state != 'resolved'
)
SELECT 'new' AS change, b.store, b.code, b.severity, b.subject_id, b.message_{lang} AS message,
       NULL AS was, b.observed_{lang} AS now
FROM b WHERE b.fingerprint NOT IN (SELECT fingerprint FROM a)
UNION ALL
SELECT 'gone', a.store, a.code, a.severity, a.subject_id, a.message_{lang}, a.observed_{lang}, NULL
FROM a WHERE a.fingerprint NOT IN (SELECT fingerprint FROM b)
UNION ALL
SELECT 'changed', b.store, b.code, b.severity, b.subject_id, b.message_{lang},
       a.severity || ': ' || a.observed_{lang}, b.severity || ': ' || b.observed_{lang}
FROM a JOIN b ON b.fingerprint = a.fingerprint
WHERE a.severity != b.severity OR a.observed_{lang} != b.observed_{lang}
"""
METRIC = """
SELECT store, name, at, coalesce(exact, value) AS value, unit, run
FROM metric_values
WHERE :store IN ('', store) AND name = CASE :metric WHEN '' THEN 'health.score' ELSE :metric END AND complete
ORDER BY store, at
"""
UNKNOWN = """
SELECT store, code, reason_{lang} AS reason, run, judged_as_of
FROM rule_outcomes
WHERE outcome = 'unknown' AND latest AND :store IN ('', store)
ORDER BY store, reason, code
"""
OLDEST = """
SELECT store, code, severity, subject_id, message_{lang} AS message, first_seen,
       CAST(julianday(last_seen) - julianday(first_seen) AS INTEGER) AS days, last_run
FROM open_findings
WHERE NOT muted AND :store IN ('', store)
ORDER BY first_seen, code
"""

_STORE = Text("store 填店铺编号，留空为全部。", "store is its id; empty: all.")


def _about(zh: str, en: str) -> Text:
    return Text(zh + _STORE.zh, f"{en} {_STORE.en}")


QUESTIONS = (
    Question(
        "open_of_store",
        Text("店铺未解决的问题", "Open findings of a store"),
        _about("最严重、最急的在前。", "The gravest and most urgent first."),
        OPEN,
    ),
    Question(
        "by_rule",
        Text("按规则统计问题", "Findings by rule"),
        _about("每条规则还有多少问题、最早从何时开始。", "How many are open for each rule, and since when."),
        BY_RULE,
    ),
    Question(
        "changes",
        Text("两次检查之间的变化", "What changed between two runs"),
        Text(
            "填两次检查的编号；都留空则比较最近一次和它的上一次。",
            "Give the ids of two runs; empty compares the last run with the one before it.",
        ),
        CHANGES,
    ),
    Question(
        "metric",
        Text("指标随时间的变化", "A metric over time"),
        _about("metric 是“页面.字段”，默认 health.score。", "metric is page.field, by default health.score."),
        METRIC,
    ),
    Question(
        "unknown",
        Text("无法判断的规则及原因", "Rules that could not be judged, and why"),
        _about("只看每家店铺最近一次检查。", "Of each store's last run."),
        UNKNOWN,
    ),
    Question(
        "oldest",
        Text("拖得最久的问题", "Findings that have stood longest"),
        _about("不含已静音的。", "Without muted ones."),
        OLDEST,
    ),
)

VIEWS = (
    View(
        "open_findings",
        Text("未解决的问题", "Open findings"),
        Text("每条未解决的问题一行，含已静音的。", "One row for each open finding, muted ones among them."),
        ("severity", "code", "store", "subject_type"),
    ),
    View(
        "run_summaries",
        Text("每次检查", "Runs"),
        Text("每次检查一行，附各级别数量。", "One row for each run, with its counts."),
        ("store", "complete"),
        "seq",
    ),
    View(
        "findings_of_runs",
        Text("每次检查的问题", "Findings of runs"),
        Text("每次检查的每条问题一行。", "One row for each finding of each run."),
        ("severity", "state", "code", "store"),
        "seq",
    ),
    View(
        "rule_outcomes",
        Text("规则结果", "Outcomes of rules"),
        Text(
            "每次检查每条规则一行；latest 为 1 是最近一次。", "One row per run and rule; latest is 1 for the last run."
        ),
        ("outcome", "latest", "code"),
    ),
    View(
        "metric_values",
        Text("指标数值", "Metric values"),
        Text("每次检查读到的每个数字。", "Every figure that a run has read."),
        ("name", "store", "unit"),
        "at",
    ),
)


def canned(language: Language) -> dict[str, dict[str, Any]]:
    """The questions as Datasette takes them."""
    return {
        q.name: {
            "sql": q.sql_in(language),
            "title": q.title.to(language),
            "description": q.about.to(language),
            "hide_sql": True,
        }
        for q in QUESTIONS
    }


def metadata(language: Language) -> dict[str, Any]:
    """Titles, descriptions and facets in one language; the tables behind the views are folded away."""
    tables: dict[str, dict[str, Any]] = {name: {"hidden": True} for name in HIDDEN}
    for view in VIEWS:
        entry: dict[str, Any] = {"title": view.title.to(language), "description": view.about.to(language)}
        entry |= {"facets": list(view.facets), "size": 50}
        if view.newest:
            entry["sort_desc"] = view.newest
        tables[view.name] = entry
    title = Text("店铺检查历史", "History of store audits").to(language)
    about = Text("只读。表里的时间都是 UTC。", "Read-only. Times in tables are UTC.").to(language)
    return {"title": title, "databases": {DATABASE: {"title": title, "description": about, "tables": tables}}}


HIDDEN = (
    "_sqlite_migrations",
    "baseline_marks",
    "baselines",
    "findings",
    "metrics",
    "mute_marks",
    "notices",
    "occurrences",
    "outcomes",
    "runs",
    "texts",
    "thresholds",
)
