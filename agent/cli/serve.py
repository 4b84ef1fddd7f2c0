"""`shoplint serve`: the history in a web browser."""

from __future__ import annotations

import os
from pathlib import Path

import click

from agent.cli import options
from agent.cli.speech import say

PASSWORD = "SHOPLINT_SERVE_PASSWORD"
PORT = 8321


@click.command(
    "serve",
    short_help=say("在浏览器里看历史记录", "the history in a web browser"),
    help=say(
        "在浏览器里看历史记录：各店铺、未解决的问题、每次检查的报告、指标走势，也可以用 SQL 查询。只读，不联网。"
        "默认只有本机能打开；要让别的机器打开，须设密码（环境变量 SHOPLINT_SERVE_PASSWORD，或按提示输入）。",
        "Shows the history in a browser: stores, open findings, the report of every run, figures over time, and any "
        "question in SQL. Read-only; nothing is loaded from the network. By default only this machine can open it; for "
        "others a password is needed (SHOPLINT_SERVE_PASSWORD in the environment, or typed when asked).",
    ),
    epilog=say("例：shoplint serve --open", "Example: shoplint serve --open"),
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help=say("监听的地址", "where to listen")
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help=say("端口；0 为任一空闲端口", "the port; 0 takes a free one"),
)
@click.option("--open", "opens", is_flag=True, help=say("同时打开浏览器", "open the browser as well"))
@options.places
@options.loudness
def command(
    host: str,
    port: int,
    opens: bool,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    setting = options.setting(home, config, db, lang, verbose, quiet)
    from agent.serve import server
    from agent.serve.gate import is_loopback
    from agent.serve.pages import Site

    site = Site(setting.database, setting.language, lambda channel: setting.look(channel_id=channel, color=False))
    site.history().close()
    password = _password(host, asked=not is_loopback(host))
    app = server.application(site, password)
    try:
        listening = server.bound(host, port)
    except OSError as error:
        raise click.UsageError(_refused(host, port, error)) from error
    with listening:
        address = server.address_of(listening)
        click.echo(
            say(f"历史记录在 {address} ，按 Ctrl+C 结束", f"the history is at {address} ; Ctrl+C ends"), err=quiet
        )
        if not is_loopback(host) and not quiet:
            click.echo(_open_to_others(), err=True)
        if opens:
            click.launch(address)
        try:
            server.server(app).run(sockets=[listening])
        except KeyboardInterrupt:
            return 0
    return 0


def _password(host: str, *, asked: bool) -> str | None:
    """From the environment; typed when other machines can reach the pages; None where only this one can."""
    import sys

    found = os.environ.get(PASSWORD)
    if found:
        return found
    if not asked:
        return None
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError(
            say(
                f"{host} 是别的机器也能访问的地址，须设密码：先设环境变量 {PASSWORD}，或用默认的 127.0.0.1",
                f"{host} can be reached by other machines and needs a password: set {PASSWORD} in the environment, "
                "or stay with 127.0.0.1",
            )
        )
    typed: str = click.prompt(
        say("给这些页面设一个密码", "a password for these pages"), hide_input=True, confirmation_prompt=True, err=True
    )
    return typed


def _refused(host: str, port: int, error: OSError) -> str:
    reason = error.strerror or str(error)
    return say(
        f"不能在 {host} 端口 {port} 上监听（{reason}）；换一个 --port，0 为任一空闲端口",
        f"cannot listen on {host} port {port} ({reason}); choose another --port, 0 takes a free one",
    )


def _open_to_others() -> str:
    return say(
        "别的机器可凭密码打开；http 不加密，请只在可信的网络里用，或放在 https 代理之后",
        "other machines can open it with the password; http is not encrypted: use it in a trusted network only, or "
        "behind an https proxy",
    )
