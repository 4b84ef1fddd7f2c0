"""`shoplint session`: whether the stored session still opens the backend, proven by a list page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.live.session import SessionState

PERSON = 4


@click.command(
    "session",
    short_help=say("会话是否还有效", "whether the stored session still lives"),
    help=say(
        "打开一个列表页来证明会话是否还有效（不看文件日期，也不看计数）。不写店铺名则检查全部店铺。",
        "Proves by a list page whether a stored session still lives, never by the age of a file or by a counter. "
        "Without a name every store is looked at.",
    ),
    epilog=say("例：shoplint session northwind", "Example: shoplint session northwind"),
)
@click.argument("stores", nargs=-1, metavar="[STORE...]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=say("输出格式", "form of the answer"),
)
@options.places
@options.loudness
def command(
    stores: tuple[str, ...],
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.cli.capture import place_of
    from agent.live import session as sessions
    from agent.live import visit

    setting = options.setting(home, config, db, lang, verbose, quiet)
    place = place_of(setting)
    names = stores or tuple(setting.config.stores)
    for name in names:
        place.store(name)

    async def work() -> list[SessionState]:
        found = []
        async with place.browser() as live:
            for name in names:
                budget = place.budget(name)
                with budget.visit():
                    found.append(await sessions.state(place.session(live, name, budget, place.guard())))
        return found

    states = visit.run(work)
    if form == "json":
        click.echo(json.dumps([_as_dict(state) for state in states], ensure_ascii=False, indent=2))
    else:
        for state in states:
            click.echo(_line(state))
    dead = [state.store for state in states if not state.alive]
    if not dead:
        return 0
    told = ", ".join(dead)
    click.echo(f"shoplint: {say(f'没有可用的会话：{told}', f'no session lives: {told}')}", err=True)
    return PERSON


def _as_dict(state: SessionState) -> dict[str, Any]:
    return {
        "store": state.store,
        "stored": state.stored,
        "alive": state.alive,
        "saved_at": state.saved_at.isoformat() if state.saved_at else None,
        "state": state.proof.state.value if state.proof else None,
    }


def _line(state: SessionState) -> str:
    if not state.stored:
        return say(
            f"{state.store}：没有保存的会话，请运行 shoplint login {state.store}",
            f"{state.store}: no session is stored; run shoplint login {state.store}",
        )
    saved = f"{state.saved_at:%Y-%m-%d %H:%M}" if state.saved_at else "-"
    if state.alive:
        return say(f"{state.store}：有效（保存于 {saved} UTC）", f"{state.store}: alive (saved {saved} UTC)")
    what = state.proof.state.value if state.proof else "-"
    return say(
        f"{state.store}：已失效（{what}），请运行 shoplint login {state.store}",
        f"{state.store}: not alive ({what}); run shoplint login {state.store}",
    )
