"""`shoplint init`: a first conversation that writes config.toml and ends with the next command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from agent.cli import options
from agent.cli.questions import NAME, ask_until, channel_id, confirm, short_name, time_zone, times_of_day, tongue
from agent.cli.speech import say
from checks.text import Text

if TYPE_CHECKING:
    from agent.home import Home
    from agent.setup import Answers, ChannelAnswer, StoreAnswer
    from checks.text import Language

ZONE = "Asia/Shanghai"
TIMES = ("08:30",)


@click.command(
    "init",
    short_help=say("第一次使用：写好配置文件", "the first step: write the configuration"),
    help=say(
        "问几个问题（店铺、channelId、是否精品、语言、通知、检查时间），写出 config.toml，并告诉您下一条命令。"
        "已有的文件不会不问就覆盖。给出选项就不再询问那一项；--yes 其余全部用默认值。",
        "Asks a few questions (stores, channel ids, premium or not, language, notifications, times), writes "
        "config.toml and names the next command. A file that is there is never overwritten without asking. What is "
        "given as an option is not asked; --yes takes the default for the rest.",
    ),
    epilog=say(
        "例：shoplint init --store northwind=244176 --yes", "Example: shoplint init --store northwind=244176 --yes"
    ),
)
@click.option(
    "--store", "stores", multiple=True, metavar="NAME=CHANNEL_ID", help=say("店铺，可重复", "a store, repeatable")
)
@click.option("--shop-name", "titles", multiple=True, metavar="NAME=TITLE", help=say("店铺全名", "a store's own name"))
@click.option("--store-id", "ids", multiple=True, metavar="NAME=ID", help=say("店铺编号", "a store's id"))
@click.option("--premium", multiple=True, metavar="NAME", help=say("这家是精品店铺", "this store is a premium one"))
@click.option("--timezone", help=say("您的时区（默认 Asia/Shanghai）", "your time zone (default: Asia/Shanghai)"))
@click.option(
    "--notify",
    "channels",
    multiple=True,
    metavar="NAME[=VARIABLE]",
    help=say(
        "通知渠道；地址在环境变量 VARIABLE 或钥匙串里", "a channel; its address is in VARIABLE, or in the keyring"
    ),
)
@click.option(
    "--notify-severity",
    type=click.Choice(["error", "warning", "info"]),
    default="warning",
    show_default=True,
    help=say("从哪一级起通知", "the severity from which channels are told"),
)
@click.option("--digest", metavar="HH:MM", help=say("每天这个时间汇总通知", "tell once a day, at this time"))
@click.option("--quiet-hours", multiple=True, metavar="HH:MM-HH:MM", help=say("通知静默时段", "no messages then"))
@click.option("--at", "times", multiple=True, metavar="HH:MM", help=say("每天的检查时间", "a time of the daily audits"))
@click.option("--yes", "-y", is_flag=True, help=say("不询问，其余用默认值", "ask nothing, take the defaults"))
@click.option(
    "--overwrite", is_flag=True, help=say("覆盖已有的文件（旧的另存）", "replace a file; the old one is kept")
)
@click.option(
    "--schema", is_flag=True, help=say("输出 config.toml 的 JSON schema", "print the JSON schema of the file")
)
@options.places
def command(
    stores: tuple[str, ...],
    titles: tuple[str, ...],
    ids: tuple[str, ...],
    premium: tuple[str, ...],
    timezone: str | None,
    channels: tuple[str, ...],
    notify_severity: str,
    digest: str | None,
    quiet_hours: tuple[str, ...],
    times: tuple[str, ...],
    yes: bool,
    overwrite: bool,
    schema: bool,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from agent.home import Home
    from agent.setup import ChannelAnswer

    language: Language = "en" if (lang or say("zh", "en")) == "en" else "zh"
    if schema:
        return _schema(language)
    place = Home.find(home)
    path = config or place.config
    if not _may_write(path, yes, overwrite):
        return 0
    given = Given(
        language,
        bool(lang),
        timezone or "",
        _given_stores(stores, titles, ids, premium),
        [_pair(text, "--notify", optional=True) for text in channels],
        times,
    )
    how = ChannelAnswer("", "", notify_severity, f"daily {digest}" if digest else "at once", quiet_hours)
    answers = _answers(given, how, yes)
    _write(path, answers, place)
    _next(path, answers, home)
    return 0


class Given(NamedTuple):
    """What the options say; what is empty is asked."""

    language: Language
    is_language_given: bool
    timezone: str
    stores: list[StoreAnswer]
    channels: list[tuple[str, str]]
    times: tuple[str, ...]


def _answers(given: Given, how: ChannelAnswer, yes: bool) -> Answers:
    """The options, completed by asking, or by defaults with ``yes``; ``how`` is how each channel is told."""
    from agent.setup import Answers

    language, stores, channels = given.language, given.stores, given.channels
    zone, times = given.timezone or ZONE, given.times or TIMES
    if not yes:
        language = language if given.is_language_given else _ask_language(language)
        zone = given.timezone or ask_until(language, Text("您的时区", "your time zone"), time_zone, ZONE)
        stores = stores or _ask_stores(language)
        channels = channels or _ask_channels(language)
        asked = Text("每天几点检查（24 小时制，多个用逗号分隔）", "daily audits at (24 hours, with commas)")
        times = given.times or tuple(ask_until(language, asked, times_of_day, ",".join(TIMES)).split(","))
    told = [replace(how, name=name, url_env=variable) for name, variable in channels]
    return Answers(language, zone, stores, told, times)


# --- what was given ---------------------------------------------------------------------------------------------------


def _pair(text: str, option: str, *, optional: bool = False) -> tuple[str, str]:
    """NAME=VALUE of an option; a usage error when a part is missing."""
    name, sign, value = text.partition("=")
    if not NAME.fullmatch(name) or (not value and (sign or not optional)):
        raise click.UsageError(
            say(
                f"{option} 应写作 名称=值，例如 northwind=244176，实际是 {text!r}",
                f"{option} wants NAME=VALUE, such as northwind=244176, and got {text!r}",
            )
        )
    return name, value


def _given_stores(
    stores: tuple[str, ...], titles: tuple[str, ...], ids: tuple[str, ...], premium: tuple[str, ...]
) -> list[StoreAnswer]:
    from agent.setup import StoreAnswer

    channels = dict(_pair(text, "--store") for text in stores)
    named = dict(_pair(text, "--shop-name") for text in titles)
    numbered = dict(_pair(text, "--store-id") for text in ids)
    for name in (*named, *numbered, *premium):
        if name not in channels:
            raise click.UsageError(
                say(
                    f"店铺 {name} 没有对应的 --store，请加上 --store {name}=CHANNEL_ID",
                    f"the store {name} has no --store of its own: add --store {name}=CHANNEL_ID",
                )
            )
    return [
        StoreAnswer(name, channel, named.get(name, ""), numbered.get(name, ""), name in premium)
        for name, channel in channels.items()
    ]


# --- what is asked ----------------------------------------------------------------------------------------------------


def _ask(language: Language, zh: str, en: str, default: str | None = None) -> str:
    found: str = click.prompt(zh if language == "zh" else en, default=default, err=True, type=str)
    return found.strip()


def _ask_language(default: Language) -> Language:
    both = "语言 / language (zh, en)"
    return "en" if ask_until(default, Text(both, both), tongue, default) == "en" else "zh"


def _ask_stores(language: Language) -> list[StoreAnswer]:
    """Stores one after the other; none is an answer too, because judging files needs none."""
    from agent.setup import StoreAnswer

    found: list[StoreAnswer] = []
    while confirm(
        language,
        "再添加一家店铺？" if found else "现在添加一家店铺？（只判断存档和订单表可以不加）",
        "add another store?" if found else "add a store now? (judging captures and exports needs none)",
        default=not found,
    ):
        name = ask_until(
            language,
            Text("店铺简称（命令里用，如 northwind）", "a short name for commands, such as northwind"),
            short_name,
        )
        channel = ask_until(
            language,
            Text(
                "channelId（打开卖家后台，地址里 channelId= 后面的数字，也可以粘贴整个地址）",
                "channelId (the number after channelId= in the backend's address; the whole address will do)",
            ),
            channel_id,
        )
        title = _ask(language, "店铺全名（可留空）", "the store's own name (may be empty)", "")
        premium = confirm(language, "是精品店铺吗？", "is it a premium store?", default=False)
        found = [store for store in found if store.name != name]
        found.append(StoreAnswer(name, channel, title, "", premium))
    return found


def _ask_channels(language: Language) -> list[tuple[str, str]]:
    """Channels with the variable that holds the address; an address that is typed goes into the keyring."""
    from agent.errors import ChannelUnusable
    from agent.notify.address import keep, variable
    from agent.notify.sender import Sender
    from agent.unattended import NotifyConfig

    found: list[tuple[str, str]] = []
    while confirm(
        language,
        "再添加一个通知渠道？" if found else "发现问题时通知您吗（钉钉、飞书、企业微信机器人，邮件等）？",
        "add another channel?" if found else "shall you be notified (DingTalk, Feishu, WeCom, e-mail and more)?",
        default=False,
    ):
        name = ask_until(language, Text("渠道名称", "a name for the channel"), short_name)
        asked = "粘贴机器人的 Webhook 地址（不显示；留空则以后用环境变量）"
        url = click.prompt(
            asked if language == "zh" else "paste the robot's webhook (not shown; empty: a variable will hold it)",
            default="",
            hide_input=True,
            show_default=False,
            err=True,
        ).strip()
        holder = ""
        if url:
            try:
                Sender(name, url)  # an address that nothing understands is not worth keeping
                keep(NotifyConfig(name=name), url)
            except ChannelUnusable as error:
                click.echo(error.text.to(language), err=True)
                holder = variable(NotifyConfig(name=name))
        else:
            holder = variable(NotifyConfig(name=name))
        found = [pair for pair in found if pair[0] != name]
        found.append((name, holder))
    return found


# --- what is written --------------------------------------------------------------------------------------------------


def _may_write(path: Path, yes: bool, overwrite: bool) -> bool:
    if not path.exists() or overwrite:
        return True
    if yes:
        raise click.UsageError(
            say(
                f"{path} 已经存在；加 --overwrite 覆盖（旧文件会另存），或直接编辑它",
                f"{path} is there already; add --overwrite to replace it (the old one is kept), or edit it",
            )
        )
    language: Language = "zh" if say("zh", "en") == "zh" else "en"
    zh, en = f"{path} 已经存在，覆盖吗？（旧文件会另存）", f"{path} is there, replace it? (the old one is kept)"
    if confirm(language, zh, en, default=False):
        return True
    click.echo(say("没有改动", "nothing was changed"), err=True)
    return False


def _write(path: Path, answers: Answers, home: Home) -> None:
    """Write the file whole, after it was read as it will be read; the one before is kept beside it."""
    from agent.capture.atomic import write_aside
    from agent.setup import written

    text = written(answers)
    _check(text, path, home)
    home.make()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        old = path.with_name(f"{path.name}.old")
        write_aside(old, path.read_bytes())
        click.echo(say(f"旧文件保存为 {old}", f"the old file is kept as {old}"), err=True)
    write_aside(path, text.encode())


def _check(text: str, path: Path, home: Home) -> None:
    """ConfigurationWrong when the file would be; the mistakes name the lines that it would have."""
    import tempfile

    from agent.config import load
    from agent.errors import ConfigurationWrong

    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "config.toml"
        draft.write_text(text, "utf-8")
        try:
            load(home, draft)
        except ConfigurationWrong as error:
            lines = [Text(*(part.replace(str(draft), str(path)) for part in mistake)) for mistake in error.mistakes]
            raise ConfigurationWrong(lines) from None


def _next(path: Path, answers: Answers, given: Path | None) -> None:
    """What was written, and the command to go on with."""
    import shlex

    zh = answers.language == "zh"
    click.echo(f"已写入 {path}" if zh else f"written: {path}", err=True)
    for channel in answers.channels:
        if channel.url_env:
            name = channel.url_env
            click.echo(f"通知地址请放进环境变量 {name}" if zh else f"put the channel's address into {name}", err=True)
    where = f" --home {shlex.quote(str(given))}" if given else ""
    command = (
        f"shoplint login {shlex.quote(answers.stores[0].name)}{where}" if answers.stores else f"shoplint demo{where}"
    )
    click.echo("下一步：" if zh else "next:", err=True)
    click.echo(command)


def _schema(language: Language) -> int:
    import json

    from agent.schema import schema

    click.echo(json.dumps(schema(language), ensure_ascii=False, indent=2))
    return 0
