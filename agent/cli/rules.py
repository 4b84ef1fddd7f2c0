"""`shoplint rules`: the catalogue of rules."""

from __future__ import annotations

import json
from pathlib import Path

import click

from agent.cli import options
from agent.cli.speech import say


@click.command(
    "rules",
    short_help=say("列出全部规则", "list the rules"),
    help=say(
        "列出全部规则：代码、名称、级别、一句话说明。", "Lists the rules: code, name, severity, one sentence each."
    ),
    epilog=say("例：shoplint rules --select LIC", "Example: shoplint rules --select LIC"),
)
@click.option("--select", metavar="CODES", help=say("只列这些规则或类别", "only these codes or families"))
@click.option("--ignore", metavar="CODES", help=say("不列的规则或类别", "codes or families to leave out"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=say("输出格式", "form of the list"),
)
@options.places
def command(
    select: str | None,
    ignore: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from agent.catalogue import rule_as_dict

    setting = options.setting(home, config, db, lang)
    rules = options.chosen_rules(select, ignore)
    if form == "json":
        click.echo(json.dumps([rule_as_dict(rule, setting.language) for rule in rules], ensure_ascii=False, indent=2))
        return 0
    from agent.reports.catalogue import rules_table

    click.echo(rules_table(rules, setting.look(color=options.wants_color())))
    return 0
