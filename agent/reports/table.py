"""The report for a terminal: what to do first, then every rule with what it found, readable at 80 columns."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.rule import Rule as Line
from rich.text import Text as Styled

from agent.history.runs import SavedRun, State, StatedFinding
from agent.reports import Look
from agent.reports.digest import silence, silenced, subject_of, told
from agent.reports.moments import Clock
from agent.reports.wrapping import wrapped
from agent.words import FAMILY, OUTCOME, SEVERITY, STATE
from checks.finding import Finding, OutcomeKind
from checks.rule import all_rules
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
        markup=False,
        emoji=False,
        legacy_windows=False,
        soft_wrap=False,
    )
    for part in _parts(run, look):
        # A link that is cut, or broken over two lines, leads nowhere: it may be longer than the line.
        console.print(part, soft_wrap=isinstance(part, Styled) and part.overflow == "ignore")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _parts(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    standing = [f for f in run.findings if f.counts]
    yield from _head(run, look)
    yield from _first(standing, run.record.now, look)
    yield from _by_rule(standing, look._replace(changes=run.compared_with is not None))
    yield from _resolved([f for f in run.findings if f.state is State.RESOLVED], look)
    yield from _silenced(run, look)
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
    if run.baseline:
        yield Styled(
            Text(
                f"相对基线（{run.baseline}）：已接受 {summary.accepted} 条，只计入新增或变严重的",
                f"beside the baseline ({run.baseline}): {summary.accepted} accepted, only what is new or worse counts",
            ).to(say),
            style="dim",
        )


STATE_OF_RUN = Text("对比", "against")
FIRST_RUN = Text("首次检查，没有可对比的记录", "first run, nothing to compare with")


# --- what to do first ---------------------------------------------------------------------------------------------


def _first(findings: list[StatedFinding], now: datetime, look: Look) -> Iterable[RenderableType]:
    """The findings on a clock, the nearest first."""
    due = sorted((f for f in findings if f.finding.due_at), key=lambda f: (_due(f.finding), f.finding.code))
    due = [f for f in due if f.finding.severity.value != "info"]
    if not due:
        return
    from rich.table import Table

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
            subject_of(found, look.language),
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
    findings.sort(key=_place)
    gravest = findings[0].finding
    known = all_rules().get(gravest.code)
    head = Styled(f"{SIGNS[gravest.severity.value]} {gravest.code} ", style=STYLES[gravest.severity.value])
    head.append(known.title.to(look.language) if known else gravest.name, style="bold")
    if len(findings) > 1:
        head.append(f"  × {len(findings)}")
    yield head
    limit = len(findings) if look.verbose else SHOWN_PER_RULE
    for stated in findings[:limit]:
        yield from _message(stated, look)
    if len(findings) > limit:
        yield Styled("    " + _more(len(findings) - limit, look), style="dim")
    yield from _hanging("  → ", gravest.fix.text.to(look.language), look, "green")
    if gravest.fix.menu:
        yield from _hanging("    ", gravest.fix.menu.to(look.language), look, "dim")
    link = look.links.get(gravest.fix.page) if gravest.fix.page else None
    if link:
        yield Styled(f"    {link}", style="dim", overflow="ignore")


def _place(stated: StatedFinding) -> tuple[object, ...]:
    found = stated.finding
    return (found.severity.rank, found.due_at.timestamp() if found.due_at else float("inf"), found.subject.id)


def _message(stated: StatedFinding, look: Look) -> Iterable[RenderableType]:
    found = stated.finding
    text = told(found, look.language)
    if stated.state is State.NEW and look.changes:
        text = f"[{STATE['new'].to(look.language)}] {text}"
    if found.due_at:
        text = f"{text} ⏱ {_own(found.due_at, look)}"
    sign = f"  {SIGNS[found.severity.value]} "
    yield from _hanging(sign, text, look, sign_style=STYLES[found.severity.value])
    if stated.worse:
        told_worse = Text(f"变严重：{stated.worse.zh}", f"worse: {stated.worse.en}")
        yield from _hanging("    ↑ ", told_worse.to(look.language), look, STYLES[found.severity.value])
    if look.verbose and found.evidence:
        seen = found.evidence
        where = f"{seen.page}-{seen.sequence}" if seen.sequence else seen.page
        yield from _hanging("      ", f"{where} · {seen.label or '-'} · {seen.text or '-'}", look, "dim")
        yield Styled(f"      {found.fingerprint}", style="dim")


def _hanging(
    lead: str, text: str, look: Look, style: str = "default", sign_style: str | None = None
) -> Iterable[RenderableType]:
    """A text whose further lines stand below its first word."""
    indent = cell_len(lead)
    for number, line in enumerate(wrapped(text, (look.width or WIDTH) - indent)):
        shown = Styled(lead if number == 0 else " " * indent, style=sign_style or style, no_wrap=True)
        shown.append(line, style=style)
        yield shown


# --- the rest -----------------------------------------------------------------------------------------------------


def _resolved(findings: list[StatedFinding], look: Look) -> Iterable[RenderableType]:
    if not findings:
        return
    yield ""
    yield Line(Styled(f"{STATE['resolved'].to(look.language)} {len(findings)}", style="bold green"), align="left")
    limit = len(findings) if look.verbose else SHOWN_PER_RULE
    for stated in findings[:limit]:
        yield Styled(f"  ✓ {stated.finding.code} {subject_of(stated.finding, look.language)}", style="green")
    if len(findings) > limit:
        yield Styled("    " + _more(len(findings) - limit, look), style="dim")


def _silenced(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    """What the mutes have to say; with -v also what they and the baseline keep silent."""
    hidden = silenced(run) if look.verbose else []
    if not hidden and not run.notices:
        return
    yield ""
    yield Line(Styled(Text("静音与基线", "Mutes and baseline").to(look.language), style="bold"), align="left")
    for stated in hidden:
        text = f"{stated.finding.code} {told(stated.finding, look.language)} · {silence(stated, look.language)}"
        yield from _hanging("  – ", text, look, "dim")
    for notice in run.notices:
        yield from _hanging("  ! ", notice.text.to(look.language), look, "yellow")


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
        yield from _hanging("  ? ", reason, look)
        yield from _hanging("    ", " ".join(codes), look, "dim")
    if len(reasons) > limit:
        yield Styled("    " + _more(len(reasons) - limit, look), style="dim")


def _overrides(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    if run.record.overrides:
        told = ", ".join(f"{name} = {value:g}" for name, value in sorted(run.record.overrides.items()))
        yield ""
        yield Styled(
            Text(f"使用了自定义阈值：{told}", f"Your own lines were used: {told}").to(look.language), style="yellow"
        )


def _tail(run: SavedRun, look: Look) -> Iterable[RenderableType]:
    rules = run.summary.rules
    told = "   ".join(f"{OUTCOME[name].to(look.language)} {rules[name]}" for name in OUTCOME)
    yield ""
    yield Line(characters="━")
    yield Styled(f"{Text('规则', 'rules').to(look.language)}: {told}", style="dim")


def _more(number: int, look: Look) -> str:
    return Text(f"… 另有 {number} 条，加 -v 全部显示", f"… {number} more, shown with -v").to(look.language)


def _own(moment: datetime, look: Look) -> str:
    """A deadline on the user's own clock; the message names it on the backend's."""
    told = Clock.of(look).tell(moment)
    return told.own or told.short


def _moment(moment: datetime, look: Look) -> str:
    """A time of the backend, and the user's own beside it."""
    return str(Clock.of(look).tell(moment))
