"""The questions of a conversation in a terminal: each is asked again, with what is wanted, until its answer will do."""

from __future__ import annotations

import re
from collections.abc import Callable

import click

from checks.text import Language, Text

NAME = re.compile(r"[^\W_][\w.-]*")
_CHANNEL = re.compile(r"\d+")
_CHANNEL_IN_ADDRESS = re.compile(r"channelId=(\d+)", re.IGNORECASE)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Checked = Callable[[str], "str | Text"]
"""What an answer means, or the sentence that says what is wanted instead."""


def confirm(language: Language, zh: str, en: str, *, default: bool) -> bool:
    answers = "Y/n" if default else "y/N"
    asked = Text(f"{zh} [{answers}]", f"{en} [{answers}]")
    return ask_until(language, asked, yes_or_no, "y" if default else "n", shown=False) == "y"


def ask_until(
    language: Language, asked: Text, check: Checked, default: str | None = None, *, shown: bool = True
) -> str:
    """Ask until the answer will do, each time with what is wanted; ``shown`` False: the question names the default."""
    while True:
        answer: str = click.prompt(asked.to(language), default=default, show_default=shown, err=True, type=str)
        found = check(answer.strip())
        if isinstance(found, str):
            return found
        click.echo(found.to(language), err=True)


def tongue(text: str) -> str | Text:
    known = {"zh": "zh", "中文": "zh", "汉语": "zh", "chinese": "zh", "en": "en", "英文": "en", "english": "en"}
    return known.get(text.lower()) or Text("请输入 zh 或 en", "please type zh or en")


def yes_or_no(text: str) -> str | Text:
    known = {"y": "y", "yes": "y", "是": "y", "好": "y", "n": "n", "no": "n", "否": "n", "不": "n"}
    return known.get(text.lower()) or Text("请输入 y（是）或 n（否）", "please type y or n")


def time_zone(text: str) -> str | Text:
    from zoneinfo import available_timezones

    from pydantic import TypeAdapter, ValidationError

    from agent.mistakes import suggestion
    from agent.section import Zone

    try:
        return str(TypeAdapter(Zone).validate_python(text))
    except ValidationError:
        meant = suggestion(text, available_timezones())
        return Text(
            f"应为时区名，如 Asia/Shanghai{meant.zh}", f"a zone's name is wanted, such as Asia/Shanghai{meant.en}"
        )


def times_of_day(text: str) -> str | Text:
    parts = [part.strip() for part in text.replace("，", ",").replace("：", ":").split(",")]
    if all(_TIME.fullmatch(part) for part in parts):
        return ",".join(parts)
    return Text("应为 24 小时制的时间，如 08:30,20:30", "times of the day are wanted, such as 08:30,20:30")


def short_name(text: str) -> str | Text:
    if NAME.fullmatch(text):
        return text
    return Text("只能用字母、数字、- 和 _，如 northwind", "letters, digits, - and _ only, such as northwind")


def channel_id(text: str) -> str | Text:
    inside = _CHANNEL_IN_ADDRESS.search(text)
    if inside or _CHANNEL.fullmatch(text):
        return inside[1] if inside else text
    return Text("应为数字，或含有 channelId= 的地址", "digits are wanted, or an address with channelId= in it")
