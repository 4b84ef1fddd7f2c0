"""The first configuration: what a person answered, as a config.toml with a word on each setting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checks.text import Language, Text


@dataclass(frozen=True)
class StoreAnswer:
    """One store as it was answered; empty texts were left out."""

    name: str
    channel_id: str = ""
    title: str = ""
    id: str = ""
    premium: bool = False


@dataclass(frozen=True)
class ChannelAnswer:
    """One notification channel; its address is kept elsewhere: in ``url_env``, or in the keyring."""

    name: str
    url_env: str = ""
    min_severity: str = "warning"
    digest: str = "at once"
    quiet_hours: Sequence[str] = ()


@dataclass(frozen=True)
class Answers:
    """Everything that was asked."""

    language: Language = "zh"
    timezone: str = "Asia/Shanghai"
    stores: Sequence[StoreAnswer] = ()
    channels: Sequence[ChannelAnswer] = ()
    times: Sequence[str] = field(default=("08:30",))


def written(answers: Answers) -> str:
    """The file."""
    return "\n".join([*_head(answers), *_stores(answers), *_channels(answers), *_schedule(answers)]) + "\n"


def _head(answers: Answers) -> Iterator[str]:
    told = Text(
        "# shoplint 的配置。每一项的说明：shoplint init --schema",
        "# The configuration of shoplint. What may stand here: shoplint init --schema",
    )
    yield told.to(answers.language)
    yield f"timezone = {_text(answers.timezone)}"
    yield f"language = {_text(answers.language)}"


def _stores(answers: Answers) -> Iterator[str]:
    for store in answers.stores:
        yield ""
        yield f"[stores.{_key(store.name)}]"
        for key, value in (("channel_id", store.channel_id), ("name", store.title), ("id", store.id)):
            if value:
                yield f"{key} = {_text(value)}"
        yield f"premium = {str(store.premium).lower()}"


def _channels(answers: Answers) -> Iterator[str]:
    for channel in answers.channels:
        yield ""
        yield "[[notify]]"
        yield f"name = {_text(channel.name)}"
        if channel.url_env:
            yield f"url_env = {_text(channel.url_env)}"
        yield f"min_severity = {_text(channel.min_severity)}"
        yield f"digest = {_text(channel.digest)}"
        if channel.quiet_hours:
            yield f"quiet_hours = {_list(channel.quiet_hours)}"


def _schedule(answers: Answers) -> Iterator[str]:
    yield ""
    yield "[schedule]"
    yield f"times = {_list(answers.times)}"


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else _text(name)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _text(value: str) -> str:
    """A text as TOML writes it, which is as JSON does, but for one sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
