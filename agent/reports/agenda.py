"""The list of what to do now, numbered, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.rule import Rule as Line
from rich.text import Text as Styled

from agent.agenda import Task
from agent.history.runs import SavedRun
from agent.reports import Look
from agent.reports.catalogue import address, printed
from agent.reports.digest import title, told
from agent.reports.moments import Clock
from agent.reports.table import SIGNS, STYLES
from agent.reports.wrapping import wrapped
from agent.words import SUBJECT
from checks.text import Text, duration

SHOWN = 10
"""Tasks of one section without -v: a list that a person can work through."""
NAMED = 3
OLD = timedelta(hours=24)
OVERDUE, DUE, OPEN = range(3)
SECTIONS = {
    OVERDUE: Text("已超时限", "Overdue"),
    DUE: Text("有时限", "With a deadline"),
    OPEN: Text("没有时限，按轻重", "Without a deadline, by what is at stake"),
}


def agenda_page(tasks: Sequence[Task], run: SavedRun, now: datetime, look: Look) -> str:
    """The tasks in their order, each with its subjects, its step, where it is and the link."""
    parts: list[RenderableType] = _head(run, now, look)
    if not tasks:
        parts.append(Text("现在没有要处理的事。", "Nothing has to be done now.").to(look.language))
    number = 0
    for section, members in groupby(tasks, key=lambda task: _section(task, now)):
        found = list(members)
        parts += ["", Line(Styled(SECTIONS[section].to(look.language), style="bold"), align="left")]
        limit = len(found) if look.verbose else SHOWN
        for task in found[:limit]:
            number += 1
            parts += _task(number, task, now, look)
        if len(found) > limit:
            number += len(found) - limit
            parts.append(Styled(f"    {_more(len(found) - limit, look)}", style="dim"))
    return printed(parts, look)


def _section(task: Task, now: datetime) -> int:
    if task.due_at is None:
        return OPEN
    return OVERDUE if task.due_at <= now else DUE


def _head(run: SavedRun, now: datetime, look: Look) -> list[RenderableType]:
    store, clock = run.record.store, Clock.of(look)
    age = now - run.record.now
    parts: list[RenderableType] = [
        Line(Styled(store.name or store.key, style="bold"), align="left", characters="━"),
        Styled(Text("现在", "now").to(look.language) + f" {clock.tell(now)}", style="dim"),
    ]
    if age > OLD:
        old = duration(age)
        warning = Text(
            f"依据 {old.zh}前的检查（{run.record.id}）；情况可能已变，先重新检查更稳妥",
            f"by a check of {old.en} ago ({run.record.id}); things may have changed, check again first",
        )
        parts += [Styled(line, style="yellow") for line in wrapped(warning.to(look.language), look.width or 80)]
    return parts


def _task(number: int, task: Task, now: datetime, look: Look) -> list[RenderableType]:
    found, say = task.first, look.language
    head = Styled(f"{number:>2}. ", style="bold")
    head.append(f"{SIGNS[task.severity.value]} ", style=STYLES[task.severity.value])
    if task.due_at is not None:
        head.append(Clock.of(look).left(task.due_at, now) + "  ", style=STYLES[task.severity.value])
    head.append(f"{found.code} ", style="dim")
    name = title(found.code, say) or found.name
    if len(task.findings) > 1:
        name += f" × {len(task.findings)}"
    room = (look.width or 80) - 4
    lines = wrapped(name, room, first=cell_len(head.plain) - 4)
    parts: list[RenderableType] = [head.append(lines[0], style="bold")]
    parts += [Styled(f"    {line}", style="bold") for line in lines[1:]]
    about = told(found, say) if len(task.findings) == 1 else _subjects(task, look)
    parts += [Styled(f"    {line}") for line in wrapped(about, room)]
    for n, line in enumerate(wrapped(found.fix.text.to(say), room - 2)):
        parts.append(Styled(("    → " if n == 0 else "      ") + line, style="green"))
    if found.fix.menu:
        parts += [Styled(f"      {line}", style="dim") for line in wrapped(found.fix.menu.to(say), room - 2)]
    link = look.links.get(found.fix.page) if found.fix.page else None
    if link:
        parts.append(address(f"      {link}"))
    return parts


def _subjects(task: Task, look: Look) -> str:
    """The first subjects of a task, the most urgent first, and how many more there are."""
    kind = SUBJECT[task.first.subject.type].to(look.language)
    ids = list(dict.fromkeys(s.finding.subject.id for s in task.findings))
    named = Text("、", ", ").to(look.language).join(ids[:NAMED])
    rest = len(ids) - NAMED
    more = Text(f" 等 {len(ids)} 个", f" and {rest} more").to(look.language) if rest > 0 else ""
    return f"{kind} {named}{more}"


def _more(number: int, look: Look) -> str:
    return Text(f"… 另有 {number} 项，加 -v 全部显示", f"… {number} more, shown with -v").to(look.language)


def as_dict(task: Task, number: int, now: datetime, look: Look) -> dict[str, Any]:
    """A task as plain data; every key is always there, ``left_s`` is negative once the deadline is over."""
    found, say = task.first, look.language
    return {
        "number": number,
        "code": found.code,
        "title": title(found.code, say) or found.name,
        "severity": task.severity.value,
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "left_s": int((task.due_at - now).total_seconds()) if task.due_at else None,
        "fix": {
            "text": found.fix.text.to(say),
            "menu": found.fix.menu.to(say) if found.fix.menu else None,
            "url": look.links.get(found.fix.page) if found.fix.page else None,
        },
        "findings": [
            {
                "fingerprint": s.finding.fingerprint,
                "subject": {"type": s.finding.subject.type, "id": s.finding.subject.id},
                "message": s.finding.message.to(say),
                "due_at": s.finding.due_at.isoformat() if s.finding.due_at else None,
            }
            for s in task.findings
        ],
    }
