"""The report for a terminal: what to do first, then every rule with what it found, readable at 80 columns."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text as Styled

from agent.history.runs import SavedRun, State, StatedFinding
from agent.reports import Look
from agent.words import FAMILY, OUTCOME, SEVERITY, STATE, SUBJECT
from checks.finding import Finding, OutcomeKind
from checks.text import Text, duration

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
SIGNS = {"error": "✖", "warning": "▲", "info": "·"}
SHOWN_PER_RULE = 6
FIRST = 8
REASONS = 12
WIDTH = 80


def render(run: SavedRun, look: Look) -> str:
    """The whole report; without colour it reads the same."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=look.width or WIDTH,
        force_terminal=bool(look.color),
        no_color=not look.color,
        highlight=False,
        legacy_windows=False,
        soft_wrap=False,
    )
    console.print(Group(*_parts(run, look)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _parts(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    standing = [f for f in run.findings if f.state not in (State.RESOLVED, State.MUTED)]
    yield from _head(run, look)
    yield from _first(standing, run.record.now, look)
    yield from _by_rule(standing, look)
    yield from _resolved([f for f in run.findings if f.state is State.RESOLVED], look)
    yield from _unknown(run, look)
    yield from _overrides(run, look)
    yield from _tail(run, look)


# --- head ---------------------------------------------------------------------------------------------------------


def _head(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    record, summary = run.record, run.summary
    say = look.language
    name = record.store.name or record.store.id or Text("订单导出", "order export").to(say)
    title = Styled(name, style="bold")
    if record.store.id and record.store.name:
        title.append(f"  {record.store.id}", style="dim")
    yield Line(title, align="left", characters="━")
    if record.captured_at:
        yield Styled(f"{Text('采集于', 'captured').to(say)} {_moment(record.captured_at, look)}", style="dim")
    if record.now != record.captured_at:
        yield Styled(f"{Text('判断时间', 'judged as of').to(say)} {_moment(record.now, look)}", style="dim")
    counts = Styled()
    for severity in ("error", "warning", "info"):
        number = getattr(summary, severity)
        counts.append(f"{SIGNS[severity]} {SEVERITY[severity].to(say)} {number}", STYLES[severity] if number else "dim")
        counts.append("   ")
    yield counts
    states = [(s, getattr(summary, s)) for s in ("new", "persisting", "resolved", "muted")]
    against = f"{STATE_OF_RUN.to(say)} {run.compared_with}" if run.compared_with else FIRST_RUN.to(say)
    told = "   ".join(f"{STATE[s].to(say)} {n}" for s, n in states if n or s != "muted")
    yield Styled(f"{told}   ({against})", style="dim")


STATE_OF_RUN = Text("对比", "against")
FIRST_RUN = Text("首次检查，没有可对比的记录", "first run, nothing to compare with")


# --- what to do first ---------------------------------------------------------------------------------------------


def _first(findings: list[StatedFinding], now: datetime, look: Look) -> Iterable[RenderableType]:
    """The findings on a clock, the nearest first."""
    due = sorted((f for f in findings if f.finding.due_at), key=lambda f: (_due(f.finding), f.finding.code))
    due = [f for f in due if f.finding.severity.value != "info"]
    if not due:
        return
    yield ""
    yield Line(Styled(Text("先处理这些（按时限）", "First, by deadline").to(look.language), style="bold"), align="left")
    table = Table.grid(padding=(0, 1), expand=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for stated in due[:FIRST]:
        found = stated.finding
        table.add_row(
            Styled(_left(_due(found), now, look), style=STYLES[found.severity.value]),
            Styled(found.code, style="dim"),
            _subject(found, look),
        )
    yield table
    if len(due) > FIRST:
        yield Styled(_more(len(due) - FIRST, look), style="dim")


def _due(found: Finding) -> datetime:
    if found.due_at is None:
        raise ValueError("a finding without a deadline has no place in the list of deadlines")
    return found.due_at


def _left(due: datetime, now: datetime, look: Look) -> str:
    span = duration(due - now).to(look.language)
    if due <= now:
        return Text(f"已超 {span}", f"{span} over").to(look.language)
    return Text(f"剩 {span}", f"{span} left").to(look.language)


# --- by rule ------------------------------------------------------------------------------------------------------


def _by_rule(findings: list[StatedFinding], look: Look) -> Iterable[RenderableType]:
    order = list(FAMILY)
    ranked = sorted(findings, key=lambda f: (order.index(f.finding.code[:3]), f.finding.code))
    for family, members in groupby(ranked, key=lambda f: f.finding.code[:3]):
        yield ""
        yield Line(Styled(FAMILY[family].to(look.language), style="bold"), align="left")
        for _, same in groupby(members, key=lambda f: f.finding.code):
            yield from _rule(list(same), look)


def _rule(findings: list[StatedFinding], look: Look) -> Iterable[RenderableType]:
    findings.sort(key=lambda f: (f.finding.severity.rank, f.finding.due_at is None, f.finding.due_at, f.finding.subject.id))
    gravest = findings[0].finding
    head = Styled(f"{SIGNS[gravest.severity.value]} {gravest.code} ", style=STYLES[gravest.severity.value])
    head.append(gravest.name, style="bold")
    if len(findings) > 1:
        head.append(f"  × {len(findings)}")
    yield head
    limit = len(findings) if look.verbose else SHOWN_PER_RULE
    for stated in findings[:limit]:
        yield Padding(_message(stated, look), (0, 0, 0, 2))
    if len(findings) > limit:
        yield Padding(Styled(_more(len(findings) - limit, look), style="dim"), (0, 0, 0, 4))
    yield Padding(_fix(gravest, look), (0, 0, 0, 2))


def _message(stated: StatedFinding, look: Look) -> Styled:
    found = stated.finding
    line = Styled(f"{SIGNS[found.severity.value]} ", style=STYLES[found.severity.value])
    line.append(found.message.to(look.language), style="default")
    if stated.state is State.NEW:
        line.append(f" [{STATE['new'].to(look.language)}]", style="magenta")
    if found.due_at:
        line.append(f"  ⏱ {_moment(found.due_at, look)}", style="dim")
    if look.verbose and found.evidence:
        seen = found.evidence
        where = f"{seen.page}-{seen.sequence}" if seen.sequence else seen.page
        line.append(f"\n    {where} · {seen.label or '-'} · {seen.text or '-'}", style="dim")
        line.append(f"\n    {found.fingerprint}", style="dim")
    return line


def _fix(found: Finding, look: Look) -> Styled:
    line = Styled(f"→ {found.fix.text.to(look.language)}", style="green")
    if found.fix.menu:
        line.append(f"\n  {found.fix.menu.to(look.language)}", style="dim")
    link = look.links.get(found.fix.page) if found.fix.page else None
    if link:
        line.append(f"\n  {link}", style="dim")
    return line


def _subject(found: Finding, look: Look) -> str:
    return f"{SUBJECT[found.subject.type].to(look.language)} {found.subject.id}"


# --- the rest -----------------------------------------------------------------------------------------------------


def _resolved(findings: list[StatedFinding], look: Look) -> Iterable[RenderableType]:
    if not findings:
        return
    yield ""
    yield Line(Styled(f"{STATE['resolved'].to(look.language)} {len(findings)}", style="bold green"), align="left")
    limit = len(findings) if look.verbose else SHOWN_PER_RULE
    for stated in findings[:limit]:
        yield Styled(f"  ✓ {stated.finding.code} {_subject(stated.finding, look)}", style="green")
    if len(findings) > limit:
        yield Styled("    " + _more(len(findings) - limit, look), style="dim")


def _unknown(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    """What could not be judged, by reason: silence is never a pass."""
    unknown = [o for o in run.record.outcomes if o.kind is OutcomeKind.UNKNOWN]
    if not unknown:
        return
    yield ""
    yield Line(Styled(f"{OUTCOME['unknown'].to(look.language)} {len(unknown)}", style="bold"), align="left")
    reasons: dict[str, list[str]] = {}
    for outcome in unknown:
        reason = outcome.reason.to(look.language) if outcome.reason else "-"
        reasons.setdefault(reason, []).append(outcome.code)
    limit = len(reasons) if look.verbose else REASONS
    for reason, codes in list(reasons.items())[:limit]:
        yield Padding(Styled(f"? {reason}"), (0, 0, 0, 2))
        yield Padding(Styled(" ".join(codes), style="dim"), (0, 0, 0, 4))
    if len(reasons) > limit:
        yield Styled("    " + _more(len(reasons) - limit, look), style="dim")


def _overrides(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    if run.record.overrides:
        told = ", ".join(f"{name} = {value:g}" for name, value in sorted(run.record.overrides.items()))
        yield ""
        yield Styled(Text(f"使用了自定义阈值：{told}", f"Your own lines were used: {told}").to(look.language), style="yellow")


def _tail(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    rules = run.summary.rules
    told = "   ".join(f"{OUTCOME[name].to(look.language)} {rules[name]}" for name in OUTCOME)
    yield ""
    yield Line(characters="━")
    yield Styled(f"{Text('规则', 'rules').to(look.language)}: {told}", style="dim")


def _more(number: int, look: Look) -> str:
    return Text(f"… 另有 {number} 条，加 -v 全部显示", f"… {number} more, shown with -v").to(look.language)


def _moment(moment: datetime, look: Look) -> str:
    """A time of the backend, and the user's own beside it."""
    backend = moment.astimezone(look.backend_zone)
    text = f"{backend:%Y-%m-%d %H:%M} {backend.tzname()}"
    if look.user_zone is not None:
        own = moment.astimezone(look.user_zone)
        if own.utcoffset() != backend.utcoffset():
            text += f" ({own:%m-%d %H:%M} {own.tzname()})"
    return text
