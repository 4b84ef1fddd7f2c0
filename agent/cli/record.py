"""`shoplint record`: captures a store, takes every person out of the pages, and keeps them as a fixture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.options import Setting
    from agent.live.record import Recorded


@click.command(
    "record",
    short_help=say("采集、去除个人信息、存为测试用例", "capture, scrub, keep as a fixture"),
    help=say(
        "采集一家店铺（或读取已有存档），把个人信息换成稳定的替身，连同应读出的结果存为测试用例。"
        "替换后读出的内容有变化，或还找得到个人信息时，拒绝保存。",
        "Captures a store (or takes a saved capture), replaces personal data with stable stand-ins and keeps the pages "
        "with what must be read from them. Refused when the pages then read differently, or when anything personal "
        "is left.",
    ),
    epilog=say("例：shoplint record northwind my-store", "Example: shoplint record northwind my-store"),
)
@click.argument("store")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help=say("用已有的存档，不打开浏览器", "take this saved capture and open no browser"),
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("存放的文件夹（默认在 home 的 recordings 下）", "the folder for it (default: recordings in the home)"),
)
@click.option(
    "--weeks",
    type=int,
    default=0,
    show_default=True,
    help=say("把所有时间平移几周", "shift all times by so many weeks"),
)
@options.places
@options.loudness
def command(
    store: str,
    name: str,
    source: Path | None,
    into: Path | None,
    weeks: int,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.live.record import record

    setting = options.setting(home, config, db, lang, verbose, quiet)
    folder = into or setting.home.make("recordings")
    if source is not None:
        done = record(source, folder, name, setting.vocabulary, weeks=weeks)
    else:
        done = _live(store, name, folder, weeks, setting)
    if not quiet:
        click.echo(
            say(
                f"已存入 {done.folder}：{done.pages} 页，{done.answers} 个接口应答；请先看一遍再交给别人",
                f"kept in {done.folder}: {done.pages} pages, {done.answers} answers; look through it before sharing it",
            ),
            err=True,
        )
    for missing in done.missing:
        click.echo(say(f"缺少：{missing}", f"missing: {missing}"), err=True)
    click.echo(str(done.folder))
    return 0


def _live(store: str, name: str, into: Path, weeks: int, setting: Setting) -> Recorded:
    """Capture with the stored session into a private folder, and record that."""
    from agent.cli.capture import place_of, progress, tell
    from agent.live import visit
    from agent.live.record import record_store

    place = place_of(setting)
    unseen = place.config.capture.model_copy(update={"pictures": False})  # a recording holds none
    place = replace(place, config=place.config.model_copy(update={"capture": unseen}))
    place.store(store)

    async def take(folder: Path) -> None:
        async with place.browser() as live:
            captured = await visit.capture(place, live, store, folder, progress=progress(setting, store))
        tell(captured, setting)
        if captured.walked.stopped is not None:
            raise captured.walked.stopped

    async def work() -> Recorded:
        return await record_store(take, place.home, into, name, setting.vocabulary, weeks=weeks)

    return visit.run(work)
