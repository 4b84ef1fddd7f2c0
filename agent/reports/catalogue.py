"""The catalogue of rules for a terminal: the list, and the page of one rule."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text as Styled

from agent.catalogue import LastOutcome
from agent.reports import Look
from agent.reports.lines import value_of
from agent.reports.moments import Clock
from agent.reports.table import SIGNS, STYLES
from agent.reports.wrapping import wrapped
from agent.words import FAMILY, OUTCOME, PROGRAMME, SEVERITY, SOURCE
from checks.finding import Threshold
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Text


def rules_table(rules: list[Rule], look: Look) -> str:
    """Code, severity and title of every rule, by family."""
    parts: list[RenderableType] = []
    family = ""
    table = Table.grid(padding=(0, 1))
    for rule in rules:
        if rule.family != family:
            family = rule.family
            table = Table.grid(padding=(0, 1))
            table.add_column(no_wrap=True)
            table.add_column(no_wrap=True)
            table.add_column(overflow="fold")
            parts += [
                "" if parts else Styled(),
                Line(Styled(FAMILY[family].to(look.language), style="bold"), align="left"),
                table,
            ]
        sign = Styled(SIGNS[rule.severity.value], style=STYLES[rule.severity.value])
        table.add_row(sign, Styled(rule.code, style="bold"), rule.title.to(look.language))
    parts += ["", Styled(_legend(len(rules), look), style="dim")]
    return printed(parts, look)


def _legend(count: int, look: Look) -> str:
    marks = "  ".join(f"{SIGNS[name]} {SEVERITY[name].to(look.language)}" for name in SIGNS)
    return Text(f"共 {count} 条规则   {marks}", f"{count} rules   {marks}").to(look.language)


def rule_page(rule: Rule, policy: Policy, look: Look, last: LastOutcome | None = None) -> str:
    """One rule in full, and how it came out last time where that is known."""
    say = look.language
    style = STYLES[rule.severity.value]
    parts: list[RenderableType] = [
        Line(Styled(f"{rule.code} {rule.name}", style="bold"), align="left", characters="━"),
        Styled(rule.title.to(say), style="bold"),
        Styled(f"{SIGNS[rule.severity.value]} {SEVERITY[rule.severity.value].to(say)}", style=style),
        "",
        *_section(Text("为什么", "Why"), rule.why, look),
        *_section(Text("怎么办", "How to fix"), rule.fix, look),
    ]
    if rule.menu:
        parts += _section(Text("后台位置", "Where"), rule.menu, look)
    link = look.links.get(rule.page) if rule.page else None
    if link:
        parts += [address(f"  {link}"), ""]
    for name in rule.thresholds:
        parts += [Styled(line) for line in wrapped(_line(policy.threshold(name), look), look.width or 80)]
    needs = ", ".join(need.replace("|", Text(" 或 ", " or ").to(say)) for need in rule.needs)
    for title, told in ((Text("需要", "Needs"), needs), (Text("出处", "Source"), _sources(rule, look))):
        parts += [Styled(line, style="dim") for line in wrapped(f"{title.to(say)}: {told}", look.width or 80)]
    if last is not None:
        parts += ["", *_section(Text("上次结果", "Last time"), _last(last, look), look)[:-1]]
    return printed(parts, look)


def _sources(rule: Rule, look: Look) -> str:
    named = ((source, SOURCE.get(source)) for source in rule.sources)
    return ", ".join(f"{source} ({name.to(look.language)})" if name else source for source, name in named)


def _last(last: LastOutcome, look: Look) -> Text:
    """How the rule came out, when and for whom, and why where something is said."""
    word, reason = OUTCOME[last.outcome.kind.value], last.outcome.reason
    at = Clock.of(look).tell(last.now)
    zh, en = f"{last.store}，{at}：{word.zh}", f"{last.store}, {at}: {word.en}"
    if last.findings:
        zh, en = f"{zh} {last.findings} 条", f"{en} × {last.findings}"
    if reason:
        zh, en = f"{zh}（{reason.zh}）", f"{en} ({reason.en})"
    return Text(f"{zh}（检查 {last.run}）", f"{en}; run {last.run}")


def _section(title: Text, body: Text, look: Look) -> list[RenderableType]:
    lines = wrapped(body.to(look.language), (look.width or 80) - 2)
    return [Styled(title.to(look.language), style="bold"), *(Styled(f"  {line}") for line in lines), ""]


def _line(line: Threshold, look: Look) -> str:
    """A threshold in force: value, unit, whose it is, and whether the user set it."""
    say = look.language
    own = Text("（您的自定义）", " (your own)").to(say) if line.overridden else ""
    programme = PROGRAMME.get(line.programme)
    whose = programme.to(say) if programme else line.programme
    told = value_of(line).to(say)
    return f"{Text('阈值', 'Threshold').to(say)} {line.name} = {told}{own}  · {whose} · {line.source}"


def address(text: str) -> Styled:
    """A line with a link, never broken: the terminal wraps it, and it can still be clicked and copied."""
    return Styled(text, style="dim", no_wrap=True, overflow="ignore")


def printed(parts: list[RenderableType], look: Look) -> str:
    """Rich parts as text of the look's width and colour."""
    out = io.StringIO()
    console = Console(
        file=out, width=look.width or 80, force_terminal=bool(look.color), no_color=not look.color, highlight=False
    )
    for part in parts:
        # Printing joins texts into new ones, which forget that they are not to be wrapped.
        console.print(part, soft_wrap=isinstance(part, Styled) and part.overflow == "ignore")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
