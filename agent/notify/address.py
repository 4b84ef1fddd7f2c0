"""Where the address of a channel stands: in the file, in a variable, or in the keyring. It may hold a secret."""

from __future__ import annotations

import os
from collections.abc import Mapping

from agent.errors import ChannelUnusable
from agent.unattended import NotifyConfig
from checks.text import Text

SERVICE = "shoplint"


def variable(channel: NotifyConfig) -> str:
    """The variable that holds the address: the one named, else the one that goes by the channel's name."""
    if channel.url_env:
        return channel.url_env
    return "SHOPLINT_NOTIFY_" + "".join(sign if sign.isalnum() else "_" for sign in channel.name.upper())


def entry(channel: NotifyConfig) -> str:
    """The entry of the keyring that holds the address."""
    return channel.keyring or f"notify:{channel.name}"


def address(channel: NotifyConfig, environ: Mapping[str, str] | None = None) -> str:
    """The address of a channel; ChannelUnusable naming the places that were looked at."""
    env = os.environ if environ is None else environ
    if channel.url:
        return channel.url
    found = None
    if not channel.keyring:
        found = env.get(variable(channel), "").strip()
    if not found and not channel.url_env:
        found = _kept(entry(channel))
    if found:
        return found
    raise _missing(channel)


def place(channel: NotifyConfig) -> Text:
    """Where the address is looked for, for a list; never the address itself."""
    if channel.url:
        return Text("配置文件", "config.toml")
    if channel.url_env:
        return Text(f"环境变量 {channel.url_env}", f"variable {channel.url_env}")
    if channel.keyring:
        return Text(f"钥匙串 {channel.keyring}", f"keyring {channel.keyring}")
    return Text(f"环境变量 {variable(channel)} 或钥匙串", f"variable {variable(channel)} or keyring")


def check_keeping(channel: NotifyConfig) -> None:
    """ChannelUnusable when the configuration says that the address stands elsewhere than in the keyring."""
    for key in ("url", "url_env"):
        if getattr(channel, key):
            raise ChannelUnusable(
                Text(
                    f"渠道 {channel.name} 在 config.toml 中写了 {key}，不会读取钥匙串；请先删去这一项",
                    f"the channel {channel.name} has {key} in config.toml, so that the keyring is not read; "
                    f"take {key} out first",
                )
            )


def keep(channel: NotifyConfig, url: str) -> None:
    """Put the address of a channel into the keyring; ChannelUnusable when no keyring takes it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, entry(channel), url)
    except KeyringError as error:
        raise ChannelUnusable(
            Text(
                f"本机没有可用的钥匙串，无法保存渠道 {channel.name} 的地址；请改用环境变量，例如 {variable(channel)}",
                f"no keyring on this machine takes the address of {channel.name}; "
                f"put it into a variable instead, such as {variable(channel)}",
            )
        ) from error


def _kept(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError:
        return None  # a machine without a keyring keeps its addresses in variables


def _missing(channel: NotifyConfig) -> ChannelUnusable:
    looked = place(channel)
    ways = []
    if not channel.keyring:
        ways.append(Text(f"设置 {variable(channel)}", f"set {variable(channel)}"))
    if not channel.url_env:
        call = f"shoplint notify --remember {channel.name}"
        ways.append(Text(f"运行 {call} 存入钥匙串", f"run {call} to keep it in the keyring"))
    return ChannelUnusable(
        Text(
            f"通知渠道 {channel.name} 没有地址（查找了{looked.zh}）；请{'，或'.join(way.zh for way in ways)}",
            f"the channel {channel.name} has no address (looked in: {looked.en}); "
            + ", or ".join(way.en for way in ways),
        )
    )
