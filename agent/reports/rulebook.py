"""The whole catalogue of rules as Markdown: the page that the documentation holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from agent.reports.lines import value_of
from agent.words import FAMILY, PROGRAMME, SEVERITY, SOURCE
from checks.page_names import page_name
from checks.policy import Policy
from checks.rule import Rule
from checks.text import Language, Text, day

TITLE = Text("规则", "Rules")
INTRO = Text(
    "共 {} 条规则。代码不会改变含义，也不会重复使用。阈值按生效日期取用，可以在配置里按店铺改写。",
    "{} rules. A code never changes its meaning and is never used again. Thresholds hold from their day on, and the "
    "configuration can set others for each store.",
)


def rulebook(rules: Sequence[Rule], policy: Policy, language: Language) -> str:
    """Every rule with its thresholds on the policy's day, by family, after a table of contents; ends with a newline."""
    blocks = [f"# {TITLE.to(language)}", INTRO.to(language).format(len(rules)), _contents(rules, language)]
    for family, members in groupby(rules, key=lambda rule: rule.family):
        blocks.append(f"## {family} · {FAMILY[family].to(language)}")
        for rule in members:
            blocks += _rule(rule, policy, language)
    return "\n\n".join(blocks) + "\n"


def _contents(rules: Sequence[Rule], language: Language) -> str:
    """A table that leads to every rule."""
    titles = (Text("代码", "Code"), Text("名称", "Name"), Text("级别", "Severity"), Text("判断", "Judges"))
    rows = [_row(title.to(language) for title in titles), _row("---" for _ in titles)]
    for rule in rules:
        code = f"[{rule.code}](#{_anchor(rule)})"
        rows.append(_row((code, f"`{rule.name}`", SEVERITY[rule.severity.value].to(language), rule.title.to(language))))
    return "\n".join(rows)


def _anchor(rule: Rule) -> str:
    """Where the heading of a rule is found: the form that Markdown hosts give it."""
    return f"{rule.code}-{rule.name}".lower()


def _rule(rule: Rule, policy: Policy, language: Language) -> list[str]:
    severity = SEVERITY[rule.severity.value].to(language)
    blocks = [
        f"### {rule.code} {rule.name}",
        f"**{_safe(rule.title.to(language))}** ({severity})",
        _safe(rule.why.to(language)),
        f"**{Text('怎么办', 'How to fix').to(language)}**: {_safe(rule.fix.to(language))}",
    ]
    if rule.menu:
        blocks.append(f"**{Text('后台位置', 'Where').to(language)}**: {_safe(rule.menu.to(language))}")
    if rule.thresholds:
        blocks.append(_thresholds(rule, policy, language))
    blocks.append(_footing(rule, language))
    return blocks


def _thresholds(rule: Rule, policy: Policy, language: Language) -> str:
    titles = (
        Text("阈值", "Threshold"),
        Text("数值", "Value"),
        Text("谁的要求", "Whose"),
        Text("出处", "Source"),
        Text("生效", "Since"),
    )
    rows = [_row(title.to(language) for title in titles), _row("---" for _ in titles)]
    for name in rule.thresholds:
        line, programme = policy.threshold(name), PROGRAMME.get(policy.threshold(name).programme)
        whose = programme.to(language) if programme else line.programme
        since = day(policy.version(name).effective)
        rows.append(_row((f"`{name}`", value_of(line).to(language), whose, line.source, since)))
    return "\n".join(rows)


def _footing(rule: Rule, language: Language) -> str:
    kinds = dict.fromkeys(name.partition(".")[0] for need in rule.needs for name in need.split("|"))
    pages = Text("、", ", ").to(language).join(page_name(kind).to(language) for kind in kinds) or "-"
    named = ((source, SOURCE.get(source)) for source in rule.sources)
    sources = ", ".join(f"{source} ({name.to(language)})" if name else source for source, name in named)
    return f"{Text('要看', 'Looks at').to(language)}: {pages} · {Text('出处', 'Source').to(language)}: {sources}"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_safe(cell).replace("|", "\\|") for cell in cells) + " |"


def _safe(text: str) -> str:
    """Text that Markdown takes for nothing else: no tag, no emphasis by chance."""
    return text.replace("<", "&lt;").replace("*", "\\*")
