"""`shoplint next`: what to do now, by deadline and then by what is at stake."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from agent.cli import options, past
from agent.cli.spans import Span
from agent.cli.speech import say


@click.command(
    "next",
    short_help=say("现在该做什么，按时限排列", "what to do now, by deadline"),
    help=say(
        "把最近一次检查的问题排成待办：先按时限，再按轻重；同一规则、同一步骤的合成一项，附后台位置和链接。"
        "时限相对于现在计算。",
        "Turns the findings of the last run into a list to work through: by deadline, then by what is at stake; those "
        "of one rule with the same step are one task, with where it is and the link. Deadlines count from now.",
    ),
    epilog=say("例：shoplint next --within 48h", "Example: shoplint next --within 48h"),
)
@click.option(
    "--within",
    type=Span(),
    metavar="48h",
    help=say("只看这段时间内到期和已超期的", "only what is due within this time, or overdue"),
)
@click.option(
    "--now", type=options.Moment(), help=say("时限相对的时间（默认现在）", "the clock that counts (default: now)")
)
@past.store
@past.form("table", "json")
@options.places
@options.loudness
def command(
    within: timedelta | None,
    now: datetime | None,
    store: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.agenda import tasks

    setting = options.setting(home, config, db, lang, verbose, quiet)
    at = now or datetime.now(UTC)
    with past.opened(setting) as history:
        run = past.hushed(history, past.run_of(history, setting, store), at)
        past.others(history, setting, run.record.store, store)
    found = tasks(run.findings, at, within)
    look = setting.look(channel_id=run.record.store.channel_id, color=options.wants_color())
    from agent.reports.agenda import agenda_page, as_dict

    if form == "json":
        answer = {
            "run": run.record.id,
            "now": at.isoformat(),
            "tasks": [as_dict(task, number, at, look) for number, task in enumerate(found, 1)],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(agenda_page(found, run, at, look))
    return 0
