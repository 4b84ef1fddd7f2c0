"""`shoplint doctor`: what is missing on this machine, for this configuration, with the command that mends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say, settle

if TYPE_CHECKING:
    from checks.text import Language

BROKEN = 2


@click.command(
    "doctor",
    short_help=say("检查这台机器缺什么，怎么补", "what is missing on this machine, and the command that mends it"),
    help=say(
        "检查浏览器、中文字体、密钥、会话、配置、历史数据库、通知渠道、定时检查、时钟和时区，每项给出补救命令。"
        "只看，不改，不发消息，不联网。",
        "Looks at browser, Chinese fonts, key, sessions, configuration, history, notifications, schedule, clock and "
        "time zones, and gives the command that mends each. It changes nothing, sends nothing and asks nothing over "
        "the network.",
    ),
    epilog=say("例：shoplint doctor", "Example: shoplint doctor"),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=say("输出格式", "form of the answer"),
)
@options.places
def command(form: str, home: Path | None, config: Path | None, db: Path | None, lang: str | None) -> int:
    from agent.home import Home
    from agent.live.doctor import Doctor

    doctor = Doctor(Home.find(home or options.given_home()), config, db)
    checks = doctor.examine()
    if lang is None and "language" in doctor.config.model_fields_set:
        settle(doctor.config.language)
    language: Language = "en" if say("zh", "en") == "en" else "zh"
    if form == "json":
        rows = [
            {"name": c.name, "ok": c.ok, "needed": c.needed, "text": c.text.to(language), "fix": c.fix} for c in checks
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for check in checks:
            sign = "✓" if check.ok else ("✖" if check.needed else "▲")
            click.echo(f"{sign} {check.text.to(language)}")
            if check.fix and not check.ok:
                click.echo(f"    → {check.fix}")
    lacking = [check.name for check in checks if check.needed and not check.ok]
    if not lacking:
        return 0
    names = ", ".join(dict.fromkeys(lacking))
    click.echo(f"shoplint: {say(f'还缺：{names}', f'missing: {names}')}", err=True)
    return BROKEN
