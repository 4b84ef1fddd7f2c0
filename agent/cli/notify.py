"""`shoplint notify`: tell the channels of a run again, try a channel, send what waits, see what there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.cli.options import Setting
    from agent.notify.desk import Delivery, Desk

NOT_DELIVERED = 5
EVERY = "*"


@click.command(
    "notify",
    short_help=say("把检查结果发到通知渠道，测试渠道", "tell the notification channels, and try them"),
    help=say(
        "把一次检查中的新问题、变严重、已解决和快到期的问题发到 config.toml 中的 [[notify]] 渠道"
        "（钉钉、飞书、企业微信、邮件等）。RUN 是编号、编号的开头，或 last。audit 会自动这样做。",
        "Tells the channels of config.toml ([[notify]]: DingTalk, Feishu, WeCom, e-mail and many more) what is new, "
        "worse, resolved and due soon in a run. RUN is an id, the beginning of one, or `last`. `audit` does so itself.",
    ),
    epilog=say("例：shoplint notify --test", "Example: shoplint notify --test"),
)
@click.argument("run", required=False)
@click.option("--store", metavar="STORE", help=say("只在这家店铺里找 RUN", "look for RUN among this store's only"))
@click.option(
    "--test",
    "tested",
    is_flag=False,
    flag_value=EVERY,
    metavar="[NAME]",
    help=say("向渠道 NAME（默认全部）发一条测试消息", "send a sample to the channel NAME (default: to all)"),
)
@click.option("--flush", is_flag=True, help=say("发送到时间的和上次没送到的消息", "send what waited and is due by now"))
@click.option(
    "--list", "listed", is_flag=True, help=say("列出渠道和等待发送的消息", "list channels and waiting messages")
)
@click.option(
    "--remember",
    metavar="NAME",
    help=say("询问渠道 NAME 的地址并存入钥匙串", "ask for a channel's address, keep it safe"),
)
@click.option(
    "--at-once",
    is_flag=True,
    help=say("不等汇总时间和静默时段，立即发送", "now, whatever digest and quiet hours say"),
)
@options.places
@options.loudness
def command(
    run: str | None,
    store: str | None,
    tested: str | None,
    flush: bool,
    listed: bool,
    remember: str | None,
    at_once: bool,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.notify.desk import Desk

    given = [bool(run), tested is not None, flush, listed, remember is not None]
    if sum(given) != 1:
        raise click.UsageError(
            say(
                "请给出 RUN、--test、--flush、--list、--remember 其中之一",
                "give one of RUN, --test, --flush, --list and --remember",
            )
        )
    setting = options.setting(home, config, db, lang, verbose, quiet)
    desk = Desk(setting)
    if listed:
        return _list(desk, setting)
    if remember is not None:
        return _remember(desk, remember)
    _channels_wanted(desk)
    if tested is not None:
        return _test(desk, tested, setting)
    return report(desk.flush(at_once=at_once) if run is None else _run(desk, run, store, at_once), setting, told=True)


def report(deliveries: Iterable[Delivery], setting: Setting, *, told: bool = False) -> int:
    """One line a channel on stderr; trouble is always told, the rest unless quiet. The exit code, when asked for.

    ``told`` says that somebody asked for it, so that nothing to send is worth a line too.
    """
    deliveries = list(deliveries)
    for delivery in deliveries:
        if delivery.is_trouble or not setting.quiet:
            click.echo(_line(delivery.channel, delivery.text.to(setting.language), setting), err=True)
    if told and not deliveries and not setting.quiet:
        nothing = "没有需要发送的内容" if setting.language == "zh" else "there is nothing to tell"
        click.echo(f"shoplint: {nothing}", err=True)
    return NOT_DELIVERED if any(delivery.is_trouble for delivery in deliveries) else 0


def _line(channel: str, text: str, setting: Setting) -> str:
    return f"shoplint: 通知 {channel}：{text}" if setting.language == "zh" else f"shoplint: notify {channel}: {text}"


def _channels_wanted(desk: Desk) -> None:
    if not desk.config.notify:
        raise click.UsageError(
            say(
                "config.toml 中没有通知渠道；请添加 [[notify]] 和 name，或运行 shoplint init",
                "config.toml has no channel; add [[notify]] with a name, or run shoplint init",
            )
        )


def _run(desk: Desk, run: str, store: str | None, at_once: bool) -> list[Delivery]:
    from agent.cli.history import store_key
    from agent.history.database import History

    with History(desk.setting.database, create=False) as history:
        saved = history.run(run, store_key(desk.setting, store))  # type: ignore[arg-type]  # a Setting of this command
    return desk.run(saved, at_once=at_once, again=True)


def _test(desk: Desk, name: str, setting: Setting) -> int:
    from agent.errors import ShoplintError

    channels = desk.config.notify if name == EVERY else [desk.channel(name)]
    codes = []
    for channel in channels:
        try:
            said, code = desk.test(channel).text, 0
        except ShoplintError as error:
            said, code = error.text, error.exit_code
        codes.append(code)
        click.echo(_line(channel.name, said.to(setting.language), setting), err=code != 0)
    return max(codes, default=0)


def _remember(desk: Desk, name: str) -> int:
    from agent.notify.address import check_keeping, keep
    from agent.notify.sender import Sender

    channel = desk.channel(name)
    check_keeping(channel)
    url = click.prompt(say(f"渠道 {name} 的地址（不会显示）", f"the address of {name} (not shown)"), hide_input=True)
    Sender(channel.name, url.strip())  # an address that nothing understands is not worth keeping
    keep(channel, url.strip())
    click.echo(
        say(f"已存入钥匙串；试一试：shoplint notify --test {name}", f"kept; try it: shoplint notify --test {name}")
    )
    return 0


def _list(desk: Desk, setting: Setting) -> int:
    from agent.notify.listing import table

    click.echo(table(desk, setting.language))
    return 0
