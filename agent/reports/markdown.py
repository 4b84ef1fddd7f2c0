"""The report for chats and issues: short, deadlines first, one entry a rule.

What comes from a page is escaped, so that it can neither break a table nor become a link, a picture, HTML or a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.history.runs import SavedRun, State, StatedFinding
from agent.reports import Look
from agent.reports.digest import (
    SIGNS,
    RuleFindings,
    by_family,
    gaps,
    in_state,
    on_a_clock,
    partly_judged,
    shortened,
    standing,
    store_name,
    subject_of,
    title,
    told,
)
from agent.reports.moments import Clock
from agent.words import OUTCOME, SEVERITY, STATE
from checks.finding import OutcomeKind
from checks.text import Text

FIRST = 10
PER_RULE = 3
RESOLVED = 10
TEXT_LIMIT = 300

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&$])")
_OPENING = re.compile(r"^([-+=]|\d+(?=[.)]))")
_MENTION = re.compile(r"@(?=\w)")
_ADDRESS = re.compile(r"(?i)(?<=http)(?=://)|(?<=https)(?=://)|(?<=ftp)(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
JOINER = "\u2060"
"""Between characters that would otherwise be taken for a mention or an address; it has no width."""


def escaped(text: str, limit: int = TEXT_LIMIT) -> str:
    """A text from a page as plain words on one line."""
    flat = shortened(_CONTROL.sub(" ", text), limit)
    flat = _ADDRESS.sub(JOINER, flat)
    flat = _MENTION.sub("@" + JOINER, flat)
    flat = _SPECIAL.sub(r"\\\1", flat)
    return _OPENING.sub(lambda m: f"\\{m[0]}" if not m[0].isdigit() else m[0] + "\\", flat)


def render(run: SavedRun, look: Look) -> str:
    return "\n".join(_lines(run, look)).rstrip()


def _lines(run: SavedRun, look: Look) -> Iterator[str]:
    found = standing(run)
    yield from _head(run, look)
    yield from _first(run, on_a_clock(found), look)
    for family in by_family(found):
        yield from ("", f"## {family.name(look.language)}", "")
        for rule in family.rules:
            yield from _rule(run, rule, look)
    yield from _resolved(in_state(run, State.RESOLVED), look)
    yield from _gaps(run, look)
    yield from _tail(run, look)


def _head(run: SavedRun, look: Look) -> Iterator[str]:
    record, summary, say = run.record, run.summary, look.language
    clock = Clock.of(look)
    number = f" · {escaped(record.store.id)}" if record.store.id and record.store.name else ""
    yield f"# {escaped(store_name(run, say))}{number}"
    yield ""
    counts = (f"{SIGNS[s]} {SEVERITY[s].to(say)} **{getattr(summary, s)}**" for s in SEVERITY)
    yield " · ".join(counts)
    if run.compared_with:
        told = " · ".join(f"{STATE[s].to(say)} {getattr(summary, s)}" for s in ("new", "persisting", "resolved"))
    else:
        told = Text("首次检查，没有可对比的记录", "first run, nothing to compare with").to(say)
    yield ""
    when = record.captured_at or record.now
    yield f"{Text('采集于', 'captured').to(say)} {clock.tell(when)} · {told}"


def _first(run: SavedRun, due: Sequence[StatedFinding], look: Look) -> Iterator[str]:
    if not due:
        return
    say, clock = look.language, Clock.of(look)
    yield from ("", f"## {Text('先处理这些（按时限）', 'First, by deadline').to(say)}", "")
    yield Text("| 剩余 | 截止 | 规则 | 对象 |", "| left | due | rule | subject |").to(say)
    yield "|---|---|---|---|"
    for stated in due[:FIRST]:
        found = stated.finding
        assert found.due_at is not None, "only findings with a deadline are listed"
        name = escaped(title(found.code, say) or found.name)
        subject = escaped(subject_of(found, say), 80)
        sign = SIGNS[found.severity.value]
        left = clock.left(found.due_at, run.record.now)
        yield f"| {left} | {clock.tell(found.due_at)} | {sign} {found.code} {name} | {subject} |"
    if len(due) > FIRST:
        yield from ("", _more(len(due) - FIRST, look))


def _rule(run: SavedRun, rule: RuleFindings, look: Look) -> Iterator[str]:
    say, gravest = look.language, rule.gravest
    times = f" × {len(rule.findings)}" if len(rule.findings) > 1 else ""
    sign = f"{SIGNS[gravest.severity.value]} {SEVERITY[gravest.severity.value].to(say)}"
    yield f"- **{sign} {rule.code} {escaped(rule.title(say))}**{times}"
    limit = len(rule.findings) if look.verbose else PER_RULE
    for stated in rule.findings[:limit]:
        new = stated.state is State.NEW and run.compared_with is not None
        mark = f"**{STATE['new'].to(say)}** " if new else ""
        yield f"  - {mark}{escaped(told(stated.finding, say))}"
    if len(rule.findings) > limit:
        yield f"  - {_more(len(rule.findings) - limit, look)}"
    fix = f"  - → {escaped(gravest.fix.text.to(say))}"
    if gravest.fix.menu:
        fix += f" ({escaped(gravest.fix.menu.to(say))})"
    link = look.links.get(gravest.fix.page) if gravest.fix.page else None
    if link and _is_plain(link):
        fix += f" [{Text('打开页面', 'open the page').to(say)}](<{link}>)"
    yield fix


def _resolved(findings: Sequence[StatedFinding], look: Look) -> Iterator[str]:
    if not findings:
        return
    say = look.language
    yield from ("", f"## {STATE['resolved'].to(say)} {len(findings)}", "")
    for stated in findings[:RESOLVED]:
        found = stated.finding
        yield f"- ✓ {found.code} {escaped(subject_of(found, say), 80)}"
    if len(findings) > RESOLVED:
        yield f"- {_more(len(findings) - RESOLVED, look)}"


def _gaps(run: SavedRun, look: Look) -> Iterator[str]:
    """What could not be checked, or in part only: silence is never a pass."""
    say = look.language
    unknown, partly = gaps(run, OutcomeKind.UNKNOWN, say), partly_judged(run, say)
    if unknown or partly:
        yield from ("", f"## {Text('没能检查的', 'What could not be checked').to(say)}", "")
    for reason, codes in (*unknown, *partly):
        yield f"- {escaped(reason)}: {', '.join(codes)}"


def _tail(run: SavedRun, look: Look) -> Iterator[str]:
    say, rules = look.language, run.summary.rules
    told = " · ".join(f"{OUTCOME[name].to(say)} {rules[name]}" for name in OUTCOME)
    yield from ("", "---", "")
    yield f"{Text('规则', 'rules').to(say)}: {told} · {escaped(run.record.tool)} · {escaped(run.record.id)}"


def _is_plain(link: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>\\]+", link) is not None


def _more(number: int, look: Look) -> str:
    return Text(f"… 另有 {number} 条", f"… {number} more").to(look.language)
