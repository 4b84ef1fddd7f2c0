"""`shoplint rules`: the catalogue of rules."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from agent.cli import options, past
from agent.cli.speech import say


@click.command(
    "rules",
    short_help=say("列出全部规则", "list the rules"),
    help=say(
        "列出全部规则：代码、名称、级别、一句话说明；json 和 markdown 给出全部内容。",
        "Lists the rules: code, name, severity, one sentence each; json and markdown give all of each.",
    ),
    epilog=say("例：shoplint rules --select LIC", "Example: shoplint rules --select LIC"),
)
@click.option("--select", metavar="CODES", help=say("只列这些规则或类别", "only these codes or families"))
@click.option("--ignore", metavar="CODES", help=say("不列的规则或类别", "codes or families to leave out"))
@past.form("table", "json", "markdown")
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
    setting = options.setting(home, config, db, lang)
    rules = options.chosen_rules(select, ignore)
    look = setting.look(color=options.wants_color())
    if form == "table":
        from agent.reports.catalogue import rules_table

        click.echo(rules_table(rules, look))
        return 0
    from agent.catalogue import rule_as_dict
    from agent.reports.rulebook import rulebook
    from checks.policy import Policy

    policy = Policy(day=datetime.now(look.backend_zone).date(), overrides={})
    if form == "markdown":
        click.echo(rulebook(rules, policy, setting.language), nl=False)
    else:
        found = [rule_as_dict(rule, setting.language, policy) for rule in rules]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    return 0
