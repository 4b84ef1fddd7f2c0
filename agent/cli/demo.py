"""`shoplint demo`: the shipped sample store, judged with no account and no network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.auditing import Wish
    from agent.cli.options import Setting
    from agent.judging import Question

SAMPLE = "northwind"


@click.command(
    "demo",
    short_help=say("检查自带的样例店铺，不需要账号和网络", "audit the shipped sample store: no account, no network"),
    help=say(
        "判断自带的样例店铺，打印报告；历史记在单独的样例数据库里，再跑一次就能看到“持续”的问题。"
        "加 --live 时在本机启动一个模拟后台，用真实浏览器登录、采集再判断。",
        "Judges the shipped sample store and prints the report. Its history is a database of its own: run it twice to "
        "see what persists. With --live a stand-in of the backend is started on this machine, logged in to and "
        "captured in a real browser.",
    ),
    epilog=say("例：shoplint demo --lang en", "Example: shoplint demo --lang zh"),
)
@click.option(
    "--live", is_flag=True, help=say("经真实浏览器走一遍模拟后台", "walk a stand-in backend in a real browser")
)
@options.output
@options.selection
@options.places
@options.loudness
def command(
    live: bool,
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
    from agent.capture.opening import open_capture
    from agent.cli.auditing import Wish, judge_together
    from agent.judging import Question

    targets = options.targets(formats, outputs)
    setting = options.setting(home, config, db, lang, verbose, quiet)
    if db is None:
        setting = setting._replace(database=setting.home.root / "demo" / "history.db")
    question = Question(
        rules=options.chosen_rules(select, ignore),
        vocabulary=setting.vocabulary,
        overrides={},
        now=now if isinstance(now, datetime) else None,
    )
    recording = Path(str(files("fixtures") / "recordings" / SAMPLE))
    targets.append(("html", setting.home.make("demo") / "report.html"))
    wish = Wish(targets, fail_on)
    if live:
        code = _live(recording, setting, question, wish)
    else:
        with open_capture(recording) as capture:
            code = judge_together([capture], question, setting, wish)
    if not quiet:
        click.echo(
            say(
                "接下来：shoplint judge 您的存档或订单导出.xlsx；shoplint explain LOG001 看一条规则的说明",
                "Next: shoplint judge YOUR-CAPTURE or ORDERS.xlsx; shoplint explain LOG001 tells about a rule",
            ),
            err=True,
        )
    return code


def _live(recording: Path, setting: Setting, question: Question, wish: Wish) -> int:
    """Log in to the stand-in, capture it, judge the capture; the stand-in says whether anything was written."""
    from agent.capture.opening import open_capture
    from agent.cli.auditing import judge_together
    from agent.cli.capture import ending, progress, tell
    from agent.live import session as sessions
    from agent.live import visit
    from agent.live.sample import sample

    root = setting.home.make("demo") / "live"
    with sample(recording, root) as (standin, place):
        name = standin.alias
        folder = visit.new_folder(place.home, name, datetime.now(UTC))

        async def work() -> visit.Captured:
            async with place.browser() as browser:
                budget = place.budget(name)
                with budget.alone():
                    await sessions.login(place.session(browser, name, budget, place.guard()))
                return await visit.capture(place, browser, name, folder, progress=progress(setting, name))

        captured = visit.run(work)
        tell(captured, setting)
        written = len(standin.writes)
    with open_capture(folder) as capture:
        code = judge_together([capture], replace(question, deeds=captured.deeds), setting, wish)
    visit.prune(place.home, name, 1)
    if not setting.quiet:
        click.echo(
            say(
                f"模拟后台收到 {written} 个写请求；页面存档在 {folder}",
                f"the stand-in received {written} writes; the capture lies in {folder}",
            ),
            err=True,
        )
    return ending(captured, setting) or code
