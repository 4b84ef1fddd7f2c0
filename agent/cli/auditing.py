"""What `judge` and `demo` share: judge captures, keep the run, print it, and come to an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from agent.cli.options import Setting, wants_color
from agent.cli.progress import Line, is_shown
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.capture.reader import Capture
    from agent.history.database import History
    from agent.history.runs import SavedRun
    from agent.history.trends import Trends
    from agent.judging import Question
    from agent.reports.pictures import Cutting
    from agent.step import Progress

FOUND, INCOMPLETE = 1, 3
FOREVER = 365 * 100
"""Days; a longer retention is no different, and reaches back before the calendar begins."""


class Wish(NamedTuple):
    """How a judgement is to be reported and kept."""

    targets: list[tuple[str, Path | None]]
    fail_on: str = "error"
    keep: bool = True
    baseline: bool = False
    """Count only what is new or worse than the store's baseline."""


def judge_together(
    captures: Sequence[Capture], question: Question, setting: Setting, wish: Wish, line: Line | None = None
) -> int:
    """Judge captures of one store as one run; print it and give the exit code."""
    from agent.reports import form

    # What comes last is loaded here already: the sheet of a large export may be on its way meanwhile.
    for name, _ in wish.targets:
        form(name)
    if wish.keep:
        import_module("agent.history.database")
    run, trends = judged(captures, question, setting, wish, line)
    report(run, setting, wish, trends)
    return exit_code(run, wish.fail_on, setting, line.who if line else "")


def judged(
    captures: Sequence[Capture], question: Question, setting: Setting, wish: Wish, line: Line | None = None
) -> tuple[SavedRun, Trends]:
    """Captures of one store judged as one run and kept; with the figures over time that a report shows.

    ``line`` says on a terminal how far it has come, and is gone afterwards.
    """
    from agent.history.states import without_history
    from agent.judging import facts_of, judge_facts

    started = datetime.now(UTC)
    line = line or reading(setting)
    facts = facts_of(captures, question, progress_of(line))
    named = ", ".join(str(capture.path) for capture in captures)
    line.tell(say(f"判断 {len(question.rules)} 条规则", f"judging {len(question.rules)} rules"))
    with ExitStack() as stack:
        stack.callback(line.wipe)
        history = stack.enter_context(_history(setting, wish))
        record = judge_facts(facts, question, capture=named, started_at=started, history=history)
        if history is None:
            return without_history(record), {}
        run = history.save(record, baseline=wish.baseline)
        _prune(history, started, setting.config.retention.evidence_days)
        return run, trends_for(wish, history, run)


def _prune(history: History, now: datetime, days: int) -> None:
    """Remove evidence that has had its time. The run is saved by then: when this fails, the next run does it."""
    from agent.errors import HistoryError

    with suppress(HistoryError):
        history.prune(now - timedelta(days=min(days, FOREVER)), now)


def _history(setting: Setting, wish: Wish) -> AbstractContextManager[History | None]:
    """The history to remember in, or nothing."""
    if not wish.keep:
        return nullcontext()
    from agent.history.database import History as Opened

    setting.database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Opened(setting.database)


def trends_for(wish: Wish, history: History | None, run: SavedRun) -> Trends:
    """The main figures over time, where a form that is asked for shows them and there is a history."""
    if history is None or not any(name == "html" for name, _ in wish.targets):
        return {}
    from agent.history.trends import trends_of

    return trends_of(history, run.record)


def pictures_for(form: str, run: SavedRun) -> Mapping[str, Cutting]:
    """What the findings speak of, cut out of the pictures of the capture, where a form shows any and it is there."""
    if form != "html":
        return {}
    from agent.reports.pictures import cuttings

    return cuttings(run)


def report(run: SavedRun, setting: Setting, wish: Wish, trends: Trends | None = None) -> None:
    """Write the run in every form asked for."""
    from agent.reports import render

    for name, path in wish.targets:
        color = path is None and wants_color()
        look = setting.look(channel_id=run.record.store.channel_id, color=color)
        look = look._replace(trends=trends or {}, pictures=pictures_for(name, run))
        if path is not None:
            look = look._replace(width=100)
        text = render(name, run, look)
        if path is None:
            click.echo(text)
            continue
        write_aside(path, text + "\n")
        if not setting.quiet:
            page = name == "html"
            zh = f"网页报告在 {path}，用浏览器打开" if page else f"已写入 {path}"
            en = f"the HTML report lies at {path}, open it in a browser" if page else f"written to {path}"
            click.echo(say(zh, en), err=True)


def write_aside(path: Path, text: str) -> None:
    """Write a file so that it is either the old one or the whole new one, never a part.

    A link stays a link, and a file keeps its mode. What is no file, /dev/stdout or a pipe, is written to as it is.
    """
    import os
    import stat
    import tempfile

    path = path.resolve()
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        path.write_text(text, "utf-8")
        return
    with ExitStack() as stack:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        stack.callback(lambda: Path(name).unlink(missing_ok=True))
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644 if mode is None else stat.S_IMODE(mode))
        Path(name).replace(path)


def exit_code(run: SavedRun, fail_on: str, setting: Setting, who: str = "") -> int:
    """The contract's code: findings at or above the level, else what stayed unknown. One line on stderr says why.

    ``who`` begins that line, where several stores are judged. What is muted, or accepted by the baseline that was asked
    for, is no reason.
    """
    from checks.finding import OutcomeKind, Severity

    if fail_on == "never":
        return 0
    limit = Severity(fail_on).rank
    grave = [s for s in run.findings if s.counts and s.finding.severity.rank <= limit]
    if grave:
        _why(
            setting,
            f"{who}有 {len(grave)} 条达到 {fail_on} 级别的问题",
            f"{who}{len(grave)} findings at or above {fail_on}",
        )
        return FOUND
    unknown = [o.code for o in run.record.outcomes if o.kind is OutcomeKind.UNKNOWN]
    if unknown:
        codes = ", ".join(unknown[:8]) + (" …" if len(unknown) > 8 else "")
        _why(
            setting,
            f"{who}有 {len(unknown)} 条规则因缺少页面或字段无法判断：{codes}",
            f"{who}{len(unknown)} rules stayed unknown because pages or fields were missing: {codes}",
        )
        return INCOMPLETE
    return 0


def _why(setting: Setting, zh: str, en: str) -> None:
    """The one line that says why the exit code is not 0; ``-q`` does not take it away."""
    click.echo(f"shoplint: {zh if setting.language == 'zh' else en}", err=True)


def reading(setting: Setting, name: str | None = None, place: int = 1, of: int = 1) -> Line:
    """The line that tells of pages being read, those of the ``place``-th of several runs."""
    return Line(name or say("读取", "reading"), place, of, setting.quiet)


def progress_of(line: Line) -> Progress | None:
    """The line, where somebody watches it: elsewhere nothing is counted at all."""
    return line if is_shown(line.quiet) else None


def grouped(captures: Iterable[Capture]) -> list[list[Capture]]:
    """Captures by run: order exports given beside one capture belong to that store; else each stands alone."""
    from agent.capture.reader import Origin

    whole: list[Capture] = []
    exports: list[Capture] = []
    for capture in captures:
        (exports if capture.origin is Origin.EXPORT else whole).append(capture)
    if len(whole) == 1:
        return [[*whole, *exports]]
    if not whole:
        return [exports]
    return [[capture] for capture in (*whole, *exports)]
