"""`shoplint audit`: capture, judge, remember, report; one store after the other with one browser."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.auditing import Wish
    from agent.cli.options import Setting
    from agent.cli.progress import Line
    from agent.errors import ShoplintError
    from agent.live.browser import LiveBrowser
    from agent.live.visit import Captured, Place
    from checks.rule import Rule


INCOMPLETE = 3


@click.command(
    "audit",
    short_help=say("登录、采集、判断、记录、报告", "log in, capture, judge, remember, report"),
    help=say(
        "用保存的会话采集店铺后台，按规则判断，记入历史并打印报告。不写店铺名则检查配置里的全部店铺。需要人处理时（会话失效、"
        "要求验证、店铺不符）停下并以退出码 4 结束，不会绕过任何验证。",
        "Captures a store's backend with the stored session, judges it, keeps it in the history and prints the report. "
        "Without a name every configured store is audited. Where a person is needed (session over, verification, "
        "another store) it stops with exit code 4 and bypasses nothing.",
    ),
    epilog=say("例：shoplint audit northwind --fail-on warning", "Example: shoplint audit northwind --fail-on warning"),
)
@click.argument("stores", nargs=-1, metavar="[STORE...]")
@options.output
@options.selection
@options.places
@options.loudness
def command(
    stores: tuple[str, ...],
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    select: str | None,
    ignore: str | None,
    fail_on: str,
    now: datetime | None,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.cli.auditing import Wish
    from agent.cli.capture import place_of
    from agent.live import visit

    async def work() -> int:
        targets = options.targets(formats, outputs)
        setting = options.setting(home, config, db, lang, verbose, quiet)
        rules = options.chosen_rules(select, ignore)
        names = stores or tuple(setting.config.stores)
        if not names:
            raise click.UsageError(
                say(
                    f"配置里还没有店铺，请在 {setting.home.config} 的 [stores] 下添加",
                    f"no store is configured yet: add one under [stores] in {setting.home.config}",
                )
            )
        for name in names:
            setting.config.store(name)
        if len(names) > 1 and outputs:
            raise click.UsageError(
                say(
                    "-o 只能用于一家店铺；多家店铺请逐家运行，或之后用 shoplint report 输出",
                    "-o takes one store: audit them one by one, or write their reports later with shoplint report",
                )
            )
        wish = Wish(targets, fail_on)
        return await audit(place_of(setting), names, rules, setting, wish, now)

    return visit.run(work)


@dataclass(frozen=True)
class Part:
    """One store of the audit: what was captured, or what kept it from being."""

    name: str
    captured: Captured | None
    error: ShoplintError | None = None


async def audit(
    place: Place, names: tuple[str, ...], rules: list[Rule], setting: Setting, wish: Wish, now: datetime | None = None
) -> int:
    """Audit the stores; the gravest exit code of all. A store that fails does not keep the others from being seen."""
    from agent.cli.capture import progress

    codes = []
    async with place.browser() as live:
        for number, name in enumerate(names, start=1):
            line = progress(setting, name, number, len(names))
            part = await _captured(place, live, name, line)
            # Reading, judging and telling the channels take their time; the browser's loop must not stand still.
            codes.append(await asyncio.to_thread(_judged, part, rules, setting, wish, now, line))
    return next((code for code in (4, 5, 2, 1, 3) if code in codes), 0)


async def _captured(place: Place, live: LiveBrowser, name: str, line: Line) -> Part:
    from agent.errors import ShoplintError
    from agent.live import visit

    folder = visit.new_folder(place.home, name, place.clock.now())
    try:
        captured = await visit.capture(place, live, name, folder, progress=line)
    except ShoplintError as error:
        return Part(name, None, error)
    return Part(name, captured)


def _judged(part: Part, rules: list[Rule], setting: Setting, wish: Wish, now: datetime | None, line: Line) -> int:
    """Judge what was captured, even when the walk was cut short.

    What cut it short decides the exit code; that it is not whole says less than what was found.
    """
    from agent.capture.opening import open_capture
    from agent.cli.auditing import exit_code, judged, report
    from agent.cli.capture import ending, tell
    from agent.cli.notify import report as deliver
    from agent.cli.progress import wipe
    from agent.judging import Question
    from agent.live import visit
    from agent.notify.desk import notify_failure, notify_run

    if part.captured is None:
        assert part.error is not None
        wipe()
        click.echo(f"shoplint: {part.name}: {part.error.text.to(setting.language)}", err=True)
        deliver(notify_failure(part.name, part.error, setting), setting)
        return part.error.exit_code
    entry = setting.config.store(part.name)
    tell(part.captured, setting, line.who)
    code = 0
    if part.captured.walked.pages:
        question = Question(
            rules=rules,
            vocabulary=setting.vocabulary,
            overrides=dict(entry.thresholds),
            now=now,
            premium=entry.premium,
        )
        with open_capture(part.captured.folder) as capture:
            run, trends = judged([capture], replace(question, deeds=part.captured.deeds), setting, wish, line)
        report(run, setting, wish, trends)
        deliver(notify_run(run, setting), setting)
        code = exit_code(run, wish.fail_on, setting, line.who)
    if part.captured.walked.stopped is not None:
        deliver(notify_failure(part.name, part.captured.walked.stopped, setting), setting)
    visit.prune(setting.home, part.name, setting.config.retention.captures)
    end = ending(part.captured, setting)
    if end == INCOMPLETE and part.captured.walked.pages:  # what was left out has left its rules unknown
        return code or (0 if wish.fail_on == "never" else end)
    return end or code
