"""`shoplint login`: a person logs in once, or stored credentials do; the session is kept encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.live.proof import Proof


@click.command(
    "login",
    short_help=say("登录一次并加密保存会话", "log in once and keep the session, encrypted"),
    help=say(
        "环境变量或钥匙串里有账号密码时自动填写登录表单；否则打开浏览器窗口，由人登录一次。"
        "会话加密保存，之后的检查不用再登录。出现滑块、验证码等时停下，由人处理，不会绕过。",
        "Fills the login form when the credentials are in the environment or the keyring; else opens a browser window "
        "for a person to log in once. The session is kept encrypted. A slider or a code is left to a person, never "
        "bypassed.",
    ),
    epilog=say("例：shoplint login northwind --visible", "Example: shoplint login northwind --visible"),
)
@click.argument("store")
@click.option("--visible", is_flag=True, help=say("总是打开浏览器窗口由人登录", "always open a window for a person"))
@options.places
@options.loudness
def command(
    store: str,
    visible: bool,
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
    from agent.live.credentials import find
    from agent.live.proof import State

    setting = options.setting(home, config, db, lang, verbose, quiet)
    place = place_of(setting)
    place.store(store)
    by_hand = visible or find(store) is None
    if by_hand and not quiet:
        click.echo(
            say(
                "正在打开浏览器窗口，请在其中登录；登录成功后会自动关闭",
                "opening a browser window: log in there; it closes by itself when you are in",
            ),
            err=True,
        )

    async def work() -> Proof:
        budget, guard = place.budget(store), place.guard()
        async with place.browser(headless=False if by_hand else None) as live:
            with budget.alone():
                return await sessions.login(place.session(live, store, budget, guard), visible=visible)

    proof = visit.run(work)
    if not quiet:
        click.echo(_outcome(store, alive=proof.state is State.ALIVE), err=True)
    return 0


def _outcome(store: str, *, alive: bool) -> str:
    """What to tell a person once the login form is behind them."""
    if alive:
        return say(
            f"店铺 {store} 已登录，会话已加密保存；接下来：shoplint audit {store}",
            f"{store} is signed in and the session is kept; next: shoplint audit {store}",
        )
    return say(
        f"店铺 {store} 登录已通过，但列表页都是空的，还不能证明会话有效；"
        f"会话已加密保存，请运行 shoplint session {store} 再看",
        f"{store} let the login pass, but its lists are empty, which proves nothing yet; the session is kept: "
        f"look again with shoplint session {store}",
    )
