"""The catalogue of rules for a terminal: the list, and the page of one rule."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text as Styled

from agent.reports import Look
from agent.reports.table import SIGNS, STYLES
from agent.reports.wrapping import wrapped
from agent.words import FAMILY, PROGRAMME, SEVERITY
from checks.finding import Threshold
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Text, number, percent

UNITS = {
    "points": Text("分", "points"),
    "days": Text("天", "days"),
    "hours": Text("小时", "hours"),
    "minutes": Text("分钟", "minutes"),
    "seconds": Text("秒", "seconds"),
    "count": Text("", ""),
    "money": Text("美元", "US dollars"),
}


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


def rule_page(rule: Rule, policy: Policy, look: Look) -> str:
    """One rule in full."""
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
        parts.append(Padding(Styled(link, style="dim"), (0, 0, 1, 2)))
    for name in rule.thresholds:
        parts.append(Styled(_line(policy.threshold(name), look)))
    needs = ", ".join(need.replace("|", Text(" 或 ", " or ").to(say)) for need in rule.needs)
    parts.append(Styled(f"{Text('需要', 'Needs').to(say)}: {needs}", style="dim"))
    parts.append(Styled(f"{Text('出处', 'Source').to(say)}: {', '.join(rule.sources)}", style="dim"))
    return printed(parts, look)


def _section(title: Text, body: Text, look: Look) -> list[RenderableType]:
    lines = wrapped(body.to(look.language), (look.width or 80) - 2)
    return [Styled(title.to(look.language), style="bold"), *(Styled(f"  {line}") for line in lines), ""]


def _line(line: Threshold, look: Look) -> str:
    """A threshold in force: value, unit, whose it is, and whether the user set it."""
    say = look.language
    if line.value is None:
        told = Text("未设置", "not set").to(say)
    elif line.unit == "ratio":
        told = percent(line.value)
    else:
        unit = UNITS.get(line.unit)
        told = f"{number(line.value)} {unit.to(say) if unit else line.unit}".strip()
    whose = PROGRAMME.get(line.programme)
    own = Text("（您的自定义）", " (your own)").to(say) if line.overridden else ""
    programme = whose.to(say) if whose else line.programme
    return f"{Text('阈值', 'Threshold').to(say)} {line.name} = {told}{own}  · {programme} · {line.source}"


def printed(parts: list[RenderableType], look: Look) -> str:
    """Rich parts as text of the look's width and colour."""
    out = io.StringIO()
    console = Console(
        file=out, width=look.width or 80, force_terminal=bool(look.color), no_color=not look.color, highlight=False
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
