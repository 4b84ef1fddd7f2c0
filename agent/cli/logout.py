"""`shoplint logout`: the stored session of a store is erased."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli import options
from agent.cli.speech import say


@click.command(
    "logout",
    short_help=say("删除保存的会话", "erase the stored session"),
    help=say(
        "删除一家店铺保存的会话。不会在后台退出登录。",
        "Erases a store's stored session. Nothing is done in the backend.",
    ),
    epilog=say("例：shoplint logout northwind", "Example: shoplint logout northwind"),
)
@click.argument("store")
@options.places
@options.loudness
def command(
    store: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.live.session import logout
    from agent.live.vault import Vault

    setting = options.setting(home, config, db, lang, verbose, quiet)
    setting.config.store(store)
    erased = logout(Vault(setting.home), store)
    if not quiet:
        told = (
            say(f"店铺 {store} 的会话已删除", f"the session of {store} is erased")
            if erased
            else say(f"店铺 {store} 没有保存的会话", f"{store} has no stored session")
        )
        click.echo(told, err=True)
    return 0
