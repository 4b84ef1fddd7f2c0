"""Why a finding is there, and why a rule reported nothing: each step from the page to the verdict in plain words."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import RenderableType
from rich.rule import Rule as Line
from rich.text import Text as Styled

from agent.history.runs import Metric, SavedRun, State, StatedFinding
from agent.reports import Look
from agent.reports.catalogue import address, printed
from agent.reports.digest import subject_of
from agent.reports.lines import value_of, whose
from agent.reports.moments import Clock
from agent.reports.table import SIGNS
from agent.reports.wrapping import wrapped
from agent.words import OUTCOME, SEVERITY, SOURCE
from checks.finding import Finding, Outcome, OutcomeKind, Threshold
from checks.measure import figure
from checks.page_names import page_name
from checks.policy import Policy
from checks.rule import Rule, all_rules
from checks.text import Text, day

SHOWN = 8


def why_page(stated: StatedFinding, run: SavedRun, look: Look) -> str:
    """One finding, from the page to what can be done about it."""
    found, say = stated.finding, look.language
    parts: list[RenderableType] = [_heading(f"{found.code} · {subject_of(found, say)}")]
    steps = [
        (Text("结论", "verdict"), _verdict(found)),
        *_seen(found, look),
        (Text("读作", "read as"), found.observed),
        *_rule(found),
        (Text("要求", "wanted"), found.expected),
        *_line(found.threshold, run, look),
        (Text("状态", "state"), _state(stated, run, look)),
        (Text("静音", "mute"), _silence(stated)),
        *_fix(found, look),
    ]
    parts += _steps(steps, look)
    link = look.links.get(found.fix.page) if found.fix.page else None
    if link:
        parts.append(address(link))
    return printed(parts, look)


def _verdict(found: Finding) -> Text:
    sign, severity = SIGNS[found.severity.value], SEVERITY[found.severity.value]
    return Text(f"{sign} {severity.zh}：{found.message.zh}", f"{sign} {severity.en}: {found.message.en}")


def _seen(found: Finding, look: Look) -> Iterable[tuple[Text, Text]]:
    """The page, the label on it and the text beside the label."""
    page, seen = Text("页面", "page"), found.evidence
    if seen is None:
        yield page, Text("这一条不是从某一页的某个值得出的", "this does not rest on one value of one page")
        return
    name, number = page_name(seen.page), f"（{seen.page}-{seen.sequence}）" if seen.sequence else ""
    at = Clock.of(look).tell(seen.captured_at) if seen.captured_at else None
    yield (
        page,
        Text(
            f"{name.zh}{number}" + (f"，采集于 {at}" if at else ""),
            name.en + (f" ({seen.page}-{seen.sequence})" if seen.sequence else "") + (f", captured {at}" if at else ""),
        ),
    )
    none = Text("（没有单独的标签）", "(it has no label of its own)")
    yield Text("标签", "label"), Text(f"「{seen.label}」", f'"{seen.label}"') if seen.label else none
    empty = Text("（空的）", "(nothing)")
    yield Text("原文", "its text"), Text(f"「{seen.text}」", f'"{seen.text}"') if seen.text else empty


def _rule(found: Finding) -> Iterable[tuple[Text, Text]]:
    known = all_rules().get(found.code)
    if known is None:
        told = Text("这个版本已没有这条规则", "this version has no such rule any more")
        yield Text("规则", "rule"), Text(f"{found.code} {told.zh}", f"{found.code}: {told.en}")
        return
    yield Text("规则", "rule"), Text(f"{known.code} {known.title.zh}", f"{known.code} {known.title.en}")
    yield Text("为什么", "why"), known.why


def _line(line: Threshold | None, run: SavedRun, look: Look) -> Iterable[tuple[Text, Text]]:
    """The threshold: how high, whose, from where, and whether the user set it."""
    name = Text("阈值", "threshold")
    if line is None:
        yield name, Text("这条规则不比较数值", "this rule compares no figure with a line")
        return
    yield name, _told(line)
    if line.overridden:
        yield Text("", ""), _own(line, run, look)


def _told(line: Threshold) -> Text:
    value, owner = value_of(line), whose(line)
    source = SOURCE.get(line.source, Text(line.source, line.source))
    return Text(
        f"{line.name} = {value.zh}（{owner.zh}；出处 {line.source}：{source.zh}）",
        f"{line.name} = {value.en} ({owner.en}; source {line.source}: {source.en})",
    )


def _own(line: Threshold, run: SavedRun, look: Look) -> Text:
    """That a line is the user's own, and what it would be without."""
    policy = policy_of(run, look, overridden=False)
    try:
        shipped = value_of(policy.threshold(line.name))
    except KeyError:
        return Text("这是您在配置里的自定义", "this is your own, from the configuration")
    return Text(
        f"这是您在配置里的自定义；不改的话是 {shipped.zh}",
        f"this is your own, from the configuration; without it the line is {shipped.en}",
    )


def policy_of(run: SavedRun, look: Look, *, overridden: bool = True) -> Policy:
    """The policy by which a run judged."""
    day = run.record.now.astimezone(look.backend_zone).date()
    return Policy(day=day, overrides=run.record.overrides if overridden else {})


def _state(stated: StatedFinding, run: SavedRun, look: Look) -> Text:
    """Since when it stands."""
    since = Clock.of(look).tell(stated.first_seen)
    if stated.state is State.RESOLVED:
        return Text(
            f"这次检查已不再发现（从 {since} 起存在过）", f"no longer found by this run (it stood since {since})"
        )
    if stated.state is State.PERSISTING or stated.first_seen < run.record.now:
        return Text(f"持续，从 {since} 起", f"persisting since {since}")
    if run.compared_with is None:
        return Text("新：首次检查，没有可对比的记录", "new: the first run has nothing to compare with")
    return Text(f"新：检查 {run.compared_with} 里没有", f"new: not there in run {run.compared_with}")


def _silence(stated: StatedFinding) -> Text:
    """Whether a mute or the baseline keeps it from counting, and why it counts in spite of one."""
    if stated.mute is not None:
        mute = stated.mute
        return Text(
            f"已静音（第 {mute.id} 条，到 {day(mute.until.date())}）：{mute.reason}；不计入问题数",
            f"muted (number {mute.id}, until {day(mute.until.date())}): {mute.reason}; it does not count",
        )
    if stated.accepted:
        return Text("基线已接受，不计入问题数", "accepted by the baseline; it does not count")
    if stated.worse is not None:
        return Text(
            f"曾静音或被基线接受，但已变差（{stated.worse.zh}），重新计入",
            f"muted or accepted before, but worse since ({stated.worse.en}), so it counts",
        )
    return Text("没有", "none")


def _fix(found: Finding, look: Look) -> Iterable[tuple[Text, Text]]:
    if found.due_at is not None:
        at = str(Clock.of(look).tell(found.due_at))
        yield Text("时限", "due"), Text(at, at)
    yield Text("怎么办", "what to do"), found.fix.text
    if found.fix.menu:
        yield Text("后台位置", "where"), found.fix.menu


# --- why not ------------------------------------------------------------------------------------------------------


def why_not_page(rule: Rule, run: SavedRun, look: Look) -> str:
    """What a rule lacked in a run, or why it passed or does not apply."""
    say, record = look.language, run.record
    outcome = next((o for o in record.outcomes if o.code == rule.code), None)
    found = [f for f in run.findings if f.finding.code == rule.code and f.state is not State.RESOLVED]
    name = record.store.name or record.store.key
    steps = [
        (Text("规则", "rule"), rule.title),
        (Text("检查", "run"), Text(*[f"{record.id} · {name} · {Clock.of(look).tell(record.now)}"] * 2)),
        (Text("结果", "outcome"), _outcome(outcome)),
        *_reason(rule, outcome, found),
        *_read(rule, outcome, run),
        *((Text("阈值", "threshold"), _told(policy_of(run, look).threshold(n))) for n in rule.thresholds),
        *_next_step(rule, outcome, found),
    ]
    parts: list[RenderableType] = [_heading(f"{rule.code} {rule.name}"), *_steps(steps, look)]
    if found:
        parts += ["", Styled(Text("它报了", "It reported").to(say), style="bold")]
        for stated in found[:SHOWN]:
            told = f"{stated.finding.fingerprint}  {stated.finding.message.to(say)}"
            parts += _hanging("  ", told, look)
        if len(found) > SHOWN:
            more = Text(f"… 另有 {len(found) - SHOWN} 条", f"… {len(found) - SHOWN} more").to(say)
            parts.append(Styled(f"  {more}", style="dim"))
    return printed(parts, look)


def _outcome(outcome: Outcome | None) -> Text:
    if outcome is None:
        return Text("这次没有检查这条规则", "this run did not check the rule")
    return OUTCOME[outcome.kind.value]


def _reason(rule: Rule, outcome: Outcome | None, found: list[StatedFinding]) -> Iterable[tuple[Text, Text]]:
    name = Text("原因", "because")
    if outcome is None:
        yield name, Text("当时用 --select 或 --ignore 把它排除了", "it was left out with --select or --ignore")
    elif outcome.kind is OutcomeKind.PASS:
        yield name, Text("需要的都读到了，没有发现问题", "all that it needs was read, and nothing was found")
    elif outcome.kind is OutcomeKind.FAIL:
        yield name, Text(f"它报了 {len(found)} 条", f"it did report: {len(found)}")
        if outcome.reason:
            yield Text("没看全", "not seen"), outcome.reason
    else:
        yield name, outcome.reason or Text("没有记下原因", "no reason was kept")


def _read(rule: Rule, outcome: Outcome | None, run: SavedRun) -> Iterable[tuple[Text, Text]]:
    """The figures that the rule reads, as the run kept them, and the pages of which it reads more."""
    if outcome is None:
        return
    kept = {metric.name: metric for metric in run.record.metrics}
    pages: dict[Text, None] = {}
    for name in (name for need in rule.needs for name in need.split("|")):
        if name in kept:
            shown = _figure(kept[name])
            yield Text("读到", "read"), Text(f"{name} = {shown.zh}", f"{name} = {shown.en}")
        else:
            pages[page_name(name.partition(".")[0])] = None
    if pages:
        yield Text("要看", "looks at"), Text("、".join(p.zh for p in pages), ", ".join(p.en for p in pages))


def _figure(metric: Metric) -> Text:
    if metric.value is None or isinstance(metric.value, str):
        return Text(str(metric.value), str(metric.value))
    if isinstance(metric.value, float | int):
        return figure(metric.value, metric.unit)
    return Text(f"{metric.unit} {metric.value:,}", f"{metric.unit} {metric.value:,}")


def _next_step(rule: Rule, outcome: Outcome | None, found: list[StatedFinding]) -> Iterable[tuple[Text, Text]]:
    name = Text("下一步", "next")
    if outcome is None:
        yield name, Text("不加 --select 再检查一次", "check again without --select")
    elif found:
        first = found[0].finding.fingerprint
        yield name, Text(f"看一条的来历：shoplint why {first}", f"see where one comes from: shoplint why {first}")
    elif outcome.kind is OutcomeKind.UNKNOWN:
        pages = [page_name(kind) for kind in sorted(rule.kinds)] or [Text("缺的页面", "what is missing")]
        yield (
            name,
            Text(
                f"重新采集{'、'.join(page.zh for page in pages)}，再检查一次",
                f"capture {', '.join(page.en for page in pages)} again, then check again",
            ),
        )
    elif outcome.kind is OutcomeKind.NOT_APPLICABLE:
        yield (
            name,
            Text(
                f"不用处理；shoplint explain {rule.code} 说明它何时适用",
                f"nothing to do; shoplint explain {rule.code} says what it is about",
            ),
        )


# --- lines --------------------------------------------------------------------------------------------------------


def _heading(text: str) -> Line:
    return Line(Styled(text, style="bold"), align="left", characters="━")


def _steps(steps: Iterable[tuple[Text, Text]], look: Look) -> list[RenderableType]:
    """Each step's name, and beside it the step in as many lines as it needs."""
    told = [(name.to(look.language), text.to(look.language)) for name, text in steps]
    room = max(cell_len(name) for name, _ in told) + 2
    parts: list[RenderableType] = []
    for name, text in told:
        parts += _hanging(name + " " * (room - cell_len(name)), text, look, len(name))
    return parts


def _hanging(lead: str, text: str, look: Look, bold: int = 0) -> list[RenderableType]:
    """A text whose further lines stand below its first word; the first ``bold`` characters of the lead stand out."""
    indent = cell_len(lead)
    lines: list[RenderableType] = []
    for number, line in enumerate(wrapped(text, (look.width or 80) - indent)):
        shown = Styled(lead if number == 0 else " " * indent, no_wrap=True)
        if number == 0 and bold:
            shown.stylize("bold", 0, bold)
        lines.append(shown.append(line))
    return lines
