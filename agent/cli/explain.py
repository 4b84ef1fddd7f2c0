"""`shoplint explain CODE`: one rule, its source, its lines in force, why it matters and how to mend it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from agent.cli import options
from agent.cli.speech import say


@click.command(
    "explain",
    short_help=say("说明一条规则：出处、阈值、原因、处理办法", "one rule: source, threshold, why, how to fix it"),
    help=say(
        "说明一条规则：判断什么、出自哪里、当前阈值（含您的自定义）、为什么重要、怎么处理。",
        "Tells about one rule: what it judges, where it comes from, its lines in force (with your own), why it matters, "
        "how to fix it.",
    ),
    epilog=say("例：shoplint explain LOG003", "Example: shoplint explain LOG003"),
)
@click.argument("code")
@click.option("--store", metavar="STORE", help=say("按这家店铺的自定义阈值", "with the lines of this store"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=say("输出格式", "form of the answer"),
)
@options.places
def command(
    code: str,
    store: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from agent.catalogue import rule_as_dict
    from checks.policy import Policy

    setting = options.setting(home, config, db, lang)
    rules = [r for r in options.chosen_rules(code, None) if r.code == code.upper()]
    if not rules:
        raise click.UsageError(
            say(
                f"{code} 是一个类别，请给出一条规则，如 {code.upper()}001",
                f"{code} is a family: name one rule, such as {code.upper()}001",
            )
        )
    overrides = dict(setting.config.store(store).thresholds) if store else {}
    policy = Policy(day=datetime.now(UTC).date(), overrides=overrides)
    if form == "json":
        click.echo(json.dumps(rule_as_dict(rules[0], setting.language, policy), ensure_ascii=False, indent=2))
        return 0
    from agent.reports.catalogue import rule_page

    click.echo(rule_page(rules[0], policy, setting.look(color=options.wants_color())))
    return 0
