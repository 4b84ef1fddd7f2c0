"""`shoplint baseline`: accept what stands today, so that `judge --baseline` fails only on what is new or worse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options, past
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.options import Setting
    from agent.history.database import History


@click.command(
    "baseline",
    short_help=say("接受目前的问题，以后只看新增或变严重的", "accept what stands, fail only on what is new or worse"),
    help=say(
        "把一次检查的结果作为店铺的基线（RUN 是编号、编号的开头，或 last）。之后 shoplint judge --baseline "
        "的统计和退出码只看新增的、或比基线严重的问题。",
        "Accepts the findings of a run for its store (RUN is an id, the beginning of one, or `last`). From then on the "
        "summary and the exit code of shoplint judge --baseline consider only what is new or worse.",
    ),
    epilog=say("例：shoplint baseline last", "Example: shoplint baseline last"),
)
@click.argument("run", required=False)
@click.option("--show", is_flag=True, help=say("查看基线", "show what was accepted"))
@click.option("--clear", is_flag=True, help=say("取消基线", "forget what was accepted"))
@past.store
@past.form("table", "json")
@options.places
@options.loudness
def command(
    run: str | None,
    show: bool,
    clear: bool,
    store: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    setting = options.setting(home, config, db, lang, verbose, quiet)
    if sum((show, clear, run is not None)) > 1:
        raise click.UsageError(say("RUN、--show 和 --clear 一次只能用一个", "RUN, --show and --clear each stand alone"))
    with past.opened(setting) as history:
        if show:
            return _show(history, setting, store, form)
        if clear:
            return _clear(history, setting, store)
        return _accept(history, setting, store, run or "last", form)


def _accept(history: History, setting: Setting, store: str | None, reference: str, form: str) -> int:
    saved = past.run_of(history, setting, store, reference)
    made = history.silences.accept(saved, datetime.now(UTC))
    name = saved.record.store.name or made.store
    if form == "json":
        from agent.reports.mutes import baseline_as_dict

        click.echo(json.dumps(baseline_as_dict(made, setting.language), ensure_ascii=False, indent=2))
    else:
        click.echo(
            say(
                f"已接受 {name} 的 {len(made.marks)} 条问题为基线（运行 {made.run}）；"
                "以后加 --baseline 只看新增或变严重的",
                f"{len(made.marks)} findings of {name} are accepted (run {made.run}); with --baseline only what is new "
                "or worse counts from now on",
            )
        )
    if not saved.record.complete and not setting.quiet:
        click.echo(
            "shoplint: "
            + say(
                "这次检查不完整，没有采集到的部分以后会算作新增",
                "that run was incomplete: what it could not see will be new later",
            ),
            err=True,
        )
    return 0


def _show(history: History, setting: Setting, store: str | None, form: str) -> int:
    from agent.errors import RunNotFound
    from agent.reports.mutes import baseline_as_dict, baseline_page

    found = history.silences.wanted_baseline(_store(history, setting, store))
    if form == "json":
        click.echo(json.dumps(baseline_as_dict(found, setting.language), ensure_ascii=False, indent=2))
        return 0
    try:
        findings = {s.finding.fingerprint: s for s in history.run(found.run).findings}
    except RunNotFound:
        findings = {}
    click.echo(baseline_page(found, findings, setting.look(color=options.wants_color())))
    return 0


def _clear(history: History, setting: Setting, store: str | None) -> int:
    key = _store(history, setting, store)
    history.silences.clear(key)
    click.echo(say(f"已取消店铺 {key} 的基线", f"the baseline of {key} is forgotten"))
    return 0


def _store(history: History, setting: Setting, given: str | None) -> str:
    """The store whose baseline is meant: the only one that has one, where none is named."""
    stores = history.silences.baselines()
    if given is None and len(stores) == 1:
        return stores[0]
    if given is None and stores:
        names = ", ".join(stores)
        raise click.UsageError(
            say(
                f"有多家店铺设了基线（{names}），请加 --store", f"several stores have a baseline ({names}): add --store"
            )
        )
    return past.store_of(history, setting, given).key
