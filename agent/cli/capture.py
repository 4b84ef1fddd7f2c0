"""`shoplint capture`: walks the backend with the stored session and writes a capture; judges nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.options import Setting
    from agent.cli.progress import Line
    from agent.live.visit import Captured, Place


@click.command(
    "capture",
    short_help=say("用保存的会话采集后台页面，不做判断", "walk the backend with the stored session, judge nothing"),
    help=say(
        "用保存的会话走一遍店铺后台，把页面写成存档，之后可用 shoplint judge 判断。"
        "只读：任何可能改动的请求都被拦下并列出。",
        "Walks a store's backend with the stored session and writes a capture that `shoplint judge` reads. Read-only: "
        "every request that could change something is blocked and listed.",
    ),
    epilog=say("例：shoplint capture northwind -o 存档", "Example: shoplint capture northwind -o capture"),
)
@click.argument("store")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("写入的文件夹（默认在 home 的 captures 下）", "the folder to write (default: below captures in the home)"),
)
@click.option(
    "--only", metavar="KINDS", help=say("只采集这些页面类型，逗号分隔", "only these page kinds, comma-separated")
)
@options.places
@options.loudness
def command(
    store: str,
    output: Path | None,
    only: str | None,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.live import visit

    async def work() -> int:
        setting = options.setting(home, config, db, lang, verbose, quiet)
        place = place_of(setting)
        place.store(store)
        folder = output or visit.new_folder(place.home, store, place.clock.now())
        kinds = page_kinds(only, setting)
        async with place.browser() as live:
            told = progress(setting, store)
            captured = await visit.capture(place, live, store, folder, only=kinds, progress=told)
        tell(captured, setting)
        click.echo(str(captured.folder))
        return ending(captured, setting)

    return visit.run(work)


def place_of(setting: Setting) -> Place:
    """Where live work starts from; its log goes to stderr."""
    from agent.cli.logs import to_stderr
    from agent.live.visit import Place

    to_stderr(setting)
    return Place(setting.home, setting.config, setting.vocabulary, setting.language)


def page_kinds(only: str | None, setting: Setting) -> frozenset[str] | None:
    """The page kinds of ``--only``; an unknown one is a mistake."""
    if only is None:
        return None
    from agent.live.pagemap import shipped

    known = [stop.kind for stop in shipped().pages]
    wanted = frozenset(part.strip() for part in only.split(",") if part.strip())
    for kind in wanted:
        if kind not in known:
            raise click.UsageError(
                say(f"没有页面类型 {kind}，可用：", f"there is no page kind {kind}; known: ") + ", ".join(known)
            )
    return wanted


def progress(setting: Setting, store: str, place: int = 1, of: int = 1) -> Line:
    """A line that tells on a terminal how far the visit of a store, the ``place``-th of several, has come."""
    from agent.cli.progress import Line

    line = Line(store, place, of, setting.quiet)
    line.tell(say("打开后台", "opening the backend"))
    return line


def tell(captured: Captured, setting: Setting, who: str = "") -> None:
    """What the visit did: pages, requests, what was blocked, what is left of the budget; ``who`` begins the line."""
    from agent.cli.progress import wipe

    wipe()
    if setting.quiet:
        return
    walked, deeds = captured.walked, captured.deeds
    used = walked.used
    click.echo(
        who
        + say(
            f"{walked.pages} 页（{walked.failed} 页失败），{deeds['requests']} 个请求，写请求 {deeds['writes']} 个，"
            f"拦截 {deeds['blocked']} 个；本小时还可打开 {used.hour_left} 页",
            f"{walked.pages} pages ({walked.failed} failed), {deeds['requests']} requests, {deeds['writes']} of them "
            f"writes, {deeds['blocked']} blocked; {used.hour_left} pages are left this hour",
        ),
        err=True,
    )
    for line in walked.tally.allowing:
        click.echo(
            say(
                f"不认识的接口已拦截；确认它只读后，可在 {setting.home.root / 'apis.toml'} 加一行：{line}",
                f"an unknown call was blocked; if it only reads, allow it in {setting.home.root / 'apis.toml'}: {line}",
            ),
            err=True,
        )


def ending(captured: Captured, setting: Setting) -> int:
    """The exit code of a walk: what stopped it, said on stderr, else 0."""
    stopped = captured.walked.stopped
    if stopped is None:
        return 0
    if not setting.quiet:
        click.echo(f"shoplint: {stopped.text.to(setting.language)}", err=True)
    return stopped.exit_code
