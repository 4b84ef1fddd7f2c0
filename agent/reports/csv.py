"""The report for spreadsheets: one row a finding, those that are resolved or muted too.

The text starts with a byte order mark, so that Excel shows Chinese, and no cell can act as a formula: what begins like
one gets an apostrophe before it. Numbers of orders stand in a column with their kind ("order 8203…"), because a
spreadsheet rounds a bare number of 16 digits, and bare in the next column for programs.
"""

from __future__ import annotations

import csv
import io
import re

from agent.history.runs import SavedRun, StatedFinding
from agent.reports import Look
from agent.reports.digest import silence, subject_of, title, told
from agent.reports.lines import value_of, whose
from agent.words import SEVERITY, STATE
from checks.page_names import page_name
from checks.text import Text

MARK = "\ufeff"
COLUMNS = {
    "store_id": Text("店铺编号", "store_id"),
    "store": Text("店铺", "store"),
    "run": Text("检查编号", "run"),
    "code": Text("规则", "code"),
    "title": Text("规则名称", "title"),
    "severity": Text("级别", "severity"),
    "state": Text("状态", "state"),
    "first_seen": Text("首次发现", "first_seen"),
    "due_at": Text("截止时间", "due_at"),
    "subject": Text("对象", "subject"),
    "subject_id": Text("对象编号", "subject_id"),
    "message": Text("说明", "message"),
    "observed": Text("现状", "observed"),
    "expected": Text("要求", "expected"),
    "threshold": Text("阈值", "threshold"),
    "programme": Text("谁的阈值", "programme"),
    "page": Text("来源页面", "page"),
    "label": Text("页面标签", "label"),
    "text": Text("页面原文", "text"),
    "captured_at": Text("采集时间", "captured_at"),
    "fix": Text("处理办法", "fix"),
    "menu": Text("后台位置", "menu"),
    "url": Text("链接", "url"),
    "fingerprint": Text("指纹", "fingerprint"),
}
"""Column -> its title; the order is fixed."""

_FORMULA = re.compile(r"^(?:[\t\r\n]|[\s\x00-\x1f]*[=+\-@＝＋－＠])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def render(run: SavedRun, look: Look) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(name.to(look.language) for name in COLUMNS.values())
    for stated in run.findings:
        row = _row(run, stated, look)
        writer.writerow(harmless(row[name] or "") for name in COLUMNS)
    return MARK + out.getvalue().rstrip("\r\n")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet calculates; what cannot be written is left out."""
    text = _CONTROL.sub("", cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _row(run: SavedRun, stated: StatedFinding, look: Look) -> dict[str, str | None]:
    say, found, seen, line = look.language, stated.finding, stated.finding.evidence, stated.finding.threshold
    return {
        "store_id": run.record.store.id,
        "store": run.record.store.name,
        "run": run.record.id,
        "code": found.code,
        "title": title(found.code, say) or found.name,
        "severity": SEVERITY[found.severity.value].to(say),
        "state": silence(stated, say) if stated.mute or stated.accepted else STATE[stated.state.value].to(say),
        "first_seen": stated.first_seen.isoformat(),
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "subject": subject_of(found, say),
        "subject_id": found.subject.id,
        "message": told(found, say),
        "observed": found.observed.to(say),
        "expected": found.expected.to(say),
        "threshold": value_of(line).to(say) if line else None,
        "programme": whose(line).to(say) if line else None,
        "page": page_name(seen.page).to(say) if seen else None,
        "label": seen.label if seen else None,
        "text": seen.text if seen else None,
        "captured_at": seen.captured_at.isoformat() if seen and seen.captured_at else None,
        "fix": found.fix.text.to(say),
        "menu": found.fix.menu.to(say) if found.fix.menu else None,
        "url": look.links.get(found.fix.page) if found.fix.page else None,
        "fingerprint": found.fingerprint,
    }
