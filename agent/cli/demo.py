"""`shoplint demo`: the shipped sample store, judged with no account and no network."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import click

from agent.cli import options
from agent.cli.speech import say

SAMPLE = "northwind"


@click.command(
    "demo",
    short_help=say("检查自带的样例店铺，不需要账号和网络", "audit the shipped sample store: no account, no network"),
    help=say(
        "判断自带的样例店铺，打印报告；历史记在单独的样例数据库里，再跑一次就能看到“持续”的问题。",
        "Judges the shipped sample store and prints the report. Its history is a database of its own: run it twice to "
        "see what persists.",
    ),
    epilog=say("例：shoplint demo --lang en", "Example: shoplint demo --lang zh"),
)
@options.output
@options.selection
@options.places
@options.loudness
def command(
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    select: str | None,
    ignore: str | None,
    fail_on: str,
    now: object,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from datetime import datetime

    from agent.capture.opening import open_capture
    from agent.cli.auditing import Wish, judge_together
    from agent.judging import Question

    targets = options.targets(formats, outputs)
    setting = options.setting(home, config, db, lang, verbose, quiet)
    if db is None:
        setting = replace(setting, database=setting.home.root / "demo" / "history.db")
    question = Question(
        rules=options.chosen_rules(select, ignore),
        vocabulary=setting.vocabulary,
        overrides={},
        now=now if isinstance(now, datetime) else None,
    )
    sample = files("fixtures") / "recordings" / SAMPLE
    targets.append(("html", setting.home.make("demo") / "report.html"))
    with open_capture(Path(str(sample))) as capture:
        code = judge_together([capture], question, setting, Wish(targets, fail_on))
    if not quiet:
        click.echo(
            say(
                "接下来：shoplint judge 您的存档或订单导出.xlsx；shoplint explain LOG001 看一条规则的说明",
                "Next: shoplint judge YOUR-CAPTURE or ORDERS.xlsx; shoplint explain LOG001 tells about a rule",
            ),
            err=True,
        )
    return code
