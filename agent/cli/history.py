"""`shoplint history`: past runs, the newest first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.history.runs import RunHead


@click.command(
    "history",
    short_help=say("以往的检查记录", "past runs"),
    help=say("列出以往的检查，最新的在前。", "Lists past runs, the newest first."),
    epilog=say("例：shoplint history --store 1102345678", "Example: shoplint history --store 1102345678"),
)
@click.option(
    "--store",
    metavar="STORE",
    help=say("只看一家店铺（配置里的名字或店铺编号）", "one store only (its name in the configuration, or its id)"),
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help=say("最多几条", "how many at most")
)
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
    store: str | None,
    limit: int,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from agent.history.database import History

    setting = options.setting(home, config, db, lang)
    with History(setting.database, create=False) as history:
        runs = history.runs(store_key(setting, store), limit)
    if form == "json":
        click.echo(json.dumps([_as_dict(run) for run in runs], ensure_ascii=False, indent=2))
        return 0
    from agent.reports.runs import runs_table

    click.echo(runs_table(runs, setting.look(color=options.wants_color())))
    return 0


def store_key(setting: options.Setting, given: str | None) -> str | None:
    """What the history knows a store by, from its name in the configuration or as given."""
    entry = setting.config.stores.get(given) if given else None
    if entry is None:
        return given
    return entry.id or entry.channel_id or entry.name or given


def _as_dict(run: RunHead) -> dict[str, Any]:
    summary = run.summary
    return {
        "id": run.id,
        "store": {"id": run.store.id, "name": run.store.name, "channel_id": run.store.channel_id},
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat(),
        "now": run.now.isoformat(),
        "capture": run.capture,
        "complete": run.complete,
        "compared_with": run.compared_with,
        "summary": {
            **{n: getattr(summary, n) for n in ("error", "warning", "info", "muted", "new", "persisting", "resolved")},
            "rules": summary.rules,
        },
    }
