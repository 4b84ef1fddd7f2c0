"""Each store's last visit, its next one, and why one was skipped; as a list to read and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.schedule.ledger import Ledger, Record, Skip
from agent.schedule.plan import Plan
from agent.schedule.runner import OTHER, RESULT
from checks.text import Language, Text


@dataclass(frozen=True)
class Row:
    """What is known of one store."""

    plan: Plan
    record: Record
    now: datetime

    @property
    def next(self) -> datetime | None:
        return self.plan.next(self.now)

    @property
    def skip(self) -> Skip | None:
        """The visit that was left out since the last one that was made."""
        skip, begun = self.record.skipped, self.record.started_at
        return skip if skip and (begun is None or skip.at >= begun) else None

    def as_dict(self) -> dict[str, Any]:
        record, skip = self.record, self.skip
        return {
            "store": self.plan.store,
            "times": [f"{at:%H:%M}" for at in self.plan.times],
            "last": None
            if record.started_at is None
            else {
                "started_at": record.started_at.isoformat(),
                "finished_at": record.finished_at.isoformat() if record.finished_at else None,
                "exit_code": record.exit_code,
            },
            "next": self.next.isoformat() if self.next else None,
            "skipped": None
            if skip is None
            else {
                "at": skip.at.isoformat(),
                "reason": skip.reason.en,
                "until": skip.until.isoformat() if skip.until else None,
            },
        }


def result_of(record: Record) -> Text:
    """What the last visit came to, by its exit code."""
    return RESULT.get(record.exit_code if record.exit_code is not None else -1, OTHER)


def rows(plans: Sequence[Plan], ledger: Ledger, now: datetime) -> list[Row]:
    return [Row(plan, ledger.read(plan.store), now) for plan in plans]


def table(found: Sequence[Row], installed: Sequence[tuple[Text, int]], zone: ZoneInfo, language: Language) -> str:
    """The rows in words; ``installed`` names the kinds of timers with how many of ours they hold."""
    lines = []
    for row in found:
        times = ", ".join(f"{at:%H:%M}" for at in row.plan.times)
        lines.append(f"{row.plan.store}  {times}")
        lines += [f"    {text}" for text in _said(row, zone, language)]
    if not found:
        lines.append(Text("没有定时检查的店铺", "no store is audited at any time").to(language))
    told = [Text(f"{label.zh}（{count} 项）", f"{label.en} ({count})").to(language) for label, count in installed]
    comma = Text("、", ", ").to(language)
    nothing = Text(
        "没有安装定时器：shoplint schedule install，或在前台运行 shoplint schedule run",
        "no timer is installed: shoplint schedule install, or shoplint schedule run in the foreground",
    )
    lines += ["", Text("定时器：", "timers: ").to(language) + comma.join(told) if told else nothing.to(language)]
    return "\n".join(lines)


def _said(row: Row, zone: ZoneInfo, language: Language) -> list[str]:
    record, skip, coming = row.record, row.skip, row.next

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%m-%d %H:%M}"

    lines = []
    if record.started_at is None:
        lines.append(Text("上次：还没有检查过", "last: never").to(language))
    elif record.is_running:
        began = clock(record.started_at)
        lines.append(Text(f"上次：{began} 开始，尚未结束", f"last: begun {began}, not ended").to(language))
    else:
        result = result_of(record)
        began = clock(record.started_at)
        said = Text(f"上次：{began}，{result.zh}", f"last: {began}, {result.en}")
        lines.append(said.to(language))
    if skip is not None:
        at = clock(skip.at)
        lines.append(Text(f"{at} 跳过：{skip.reason.zh}", f"left out {at}: {skip.reason.en}").to(language))
    if coming is not None:
        lines.append(Text(f"下次：{clock(coming)}", f"next: {clock(coming)}").to(language))
    return lines
