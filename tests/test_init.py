"""The first conversation: what is asked, what is written, what is never overwritten; and the schema for editors."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agent import schema
from agent.cli import questions
from agent.config import Config, load
from agent.home import Home
from agent.setup import Answers, ChannelAnswer, StoreAnswer, written
from checks.text import Text
from tests.cli import Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path / "home", capsys, monkeypatch)


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Answers for the questions, in order; the questions that were asked come back."""

    def prepare(*answers: str) -> list[str]:
        left: Iterator[str] = iter(answers)
        asked: list[str] = []

        def answer(prompt: str) -> str:
            asked.append(prompt)
            return next(left)

        monkeypatch.setattr("click.termui.visible_prompt_func", answer)
        monkeypatch.setattr("click.termui.hidden_prompt_func", answer)
        return asked

    return prepare


def config(shell: Shell) -> Config:
    return load(Home(shell.home))


# --- questions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "answer", "meant"),
    [
        (questions.yes_or_no, "Y", "y"),
        (questions.yes_or_no, "是", "y"),
        (questions.yes_or_no, "否", "n"),
        (questions.tongue, "中文", "zh"),
        (questions.tongue, "EN", "en"),
        (questions.times_of_day, "08：30，20:30", "08:30,20:30"),
        (questions.channel_id, "https://csp.aliexpress.com/x?channelId=244176&a=1", "244176"),
        (questions.short_name, "北风-2", "北风-2"),
    ],
)
def test_what_an_answer_means(check: questions.Checked, answer: str, meant: str) -> None:
    assert check(answer) == meant


@pytest.mark.parametrize(
    ("check", "answer", "wanted"),
    [
        (questions.yes_or_no, "northwind", "请输入 y（是）或 n（否）"),
        (questions.tongue, "fr", "请输入 zh 或 en"),
        (questions.time_zone, "Asia/Shangai", "应为时区名，如 Asia/Shanghai；是不是 Asia/Shanghai？"),
        (questions.times_of_day, "8.30", "应为 24 小时制的时间，如 08:30,20:30"),
        (questions.channel_id, "abc", "应为数字，或含有 channelId= 的地址"),
        (questions.short_name, "my shop", "只能用字母、数字、- 和 _，如 northwind"),
    ],
)
def test_an_answer_that_will_not_do_is_told_what_is_wanted(check: questions.Checked, answer: str, wanted: str) -> None:
    said = check(answer)
    assert isinstance(said, Text)
    assert said.zh == wanted
    assert not re.search(r"[\u4e00-\u9fff]", said.en)


def test_a_question_is_asked_again_in_the_language_of_the_conversation(shell: Shell, say: Any) -> None:
    asked = say("maybe", "是")
    assert questions.confirm("zh", "真的？", "really?", default=False)
    assert asked == ["真的？ [y/N]: ", "真的？ [y/N]: "]


# --- the conversation -----------------------------------------------------------------------------------------------


def test_a_whole_conversation(shell: Shell, say: Any) -> None:
    say(
        *("en", "Europe/Berlin"),
        *("y", "northwind", "https://csp.aliexpress.com/m_apps/orders?channelId=244176&x=1", "North “Wind”", "y", "n"),
        *("y", "ops", "", "n"),
        "08:30, 20:30",
    )
    answer = shell("init")
    assert (answer.code, answer.out) == (0, "shoplint login northwind\n")
    found = config(shell)
    assert (found.language, found.timezone, found.schedule.times) == ("en", "Europe/Berlin", ("08:30", "20:30"))
    store = found.store("northwind")
    assert (store.channel_id, store.name, store.premium) == ("244176", "North “Wind”", True)
    [channel] = found.notify
    assert (channel.name, channel.url_env) == ("ops", "SHOPLINT_NOTIFY_OPS")
    assert "SHOPLINT_NOTIFY_OPS" in answer.err


def test_no_store_is_an_answer_too(shell: Shell, say: Any) -> None:
    say("zh", "", "n", "n", "")
    answer = shell("init")
    assert (answer.code, answer.out) == (0, "shoplint demo\n")
    assert config(shell).stores == {}


def test_an_answer_that_will_not_do_is_asked_again(shell: Shell, say: Any) -> None:
    asked = say(
        "zh", "Mars/Base", "Asia/Tokyo", "y", "a b", "北风", "no digits", "244176", "", "n", "n", "n", "8:30", "09:00"
    )
    assert shell("init").code == 0
    assert config(shell).timezone == "Asia/Tokyo"
    assert list(config(shell).stores) == ["北风"]
    assert config(shell).schedule.times == ("09:00",)
    assert sum("时区" in prompt for prompt in asked) == 2


def test_an_address_goes_into_the_keyring_and_not_into_the_file(
    shell: Shell, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    kept: dict[str, str] = {}
    monkeypatch.setattr(keyring, "set_password", lambda service, name, value: kept.update({name: value}))
    say("zh", "", "n", "y", "ops", "https://open.feishu.cn/open-apis/bot/v2/hook/secret-token", "n", "")
    assert shell("init").code == 0
    assert kept == {"notify:ops": "https://open.feishu.cn/open-apis/bot/v2/hook/secret-token"}
    assert "secret-token" not in (shell.home / "config.toml").read_text("utf-8")
    assert config(shell).notify[0].url_env is None


@pytest.mark.parametrize("url", ["htps://nothing", "json://127.0.0.1/x"])
def test_an_address_that_cannot_be_kept_waits_in_a_variable(
    shell: Shell, say: Any, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    import keyring
    from keyring.errors import NoKeyringError

    def refuse(*_: str) -> None:
        raise NoKeyringError

    monkeypatch.setattr(keyring, "set_password", refuse)
    say("zh", "", "n", "y", "ops", url, "n", "")
    assert shell("init").code == 0
    assert config(shell).notify[0].url_env == "SHOPLINT_NOTIFY_OPS"


def test_a_conversation_that_breaks_off_writes_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("click.termui.visible_prompt_func", gone)
    assert shell("init").code == 130
    assert not shell.home.exists()


# --- without a conversation -----------------------------------------------------------------------------------------


def test_everything_can_be_given(shell: Shell) -> None:
    answer = shell(
        *("init", "--yes", "--lang", "en", "--timezone", "Europe/Berlin"),
        *("--store", "north=244176", "--store", "south=9", "--shop-name", "north=North", "--store-id", "north=7"),
        *("--premium", "south", "--notify", "ops=OPS_URL", "--notify", "boss", "--notify-severity", "error"),
        *("--digest", "09:00", "--quiet-hours", "22:00-08:00", "--at", "07:00", "--at", "19:00"),
    )
    assert (answer.code, answer.out) == (0, "shoplint login north\n")
    found = config(shell)
    assert found.store("north").model_dump(include={"channel_id", "name", "id", "premium"}) == {
        "channel_id": "244176",
        "name": "North",
        "id": "7",
        "premium": False,
    }
    assert found.store("south").premium
    ops, boss = found.notify
    assert (ops.url_env, ops.digest, ops.quiet_hours, ops.min_severity) == (
        "OPS_URL",
        "daily 09:00",
        ("22:00-08:00",),
        "error",
    )
    assert boss.url_env is None
    assert found.schedule.times == ("07:00", "19:00")


def test_with_nothing_but_yes_the_defaults_hold(shell: Shell) -> None:
    assert shell("init", "--yes", "--lang", "zh").code == 0
    assert config(shell) == Config()


def test_a_file_that_is_there_is_not_overwritten_unasked(shell: Shell, say: Any) -> None:
    shell("init", "--yes", "--store", "first=1")
    answer = shell("init", "--yes", "--store", "second=2")
    assert answer.code == 2
    assert "--overwrite" in answer.err
    asked = say("n")
    assert shell("init").code == 0
    assert "replace it?" in asked[0]
    assert list(config(shell).stores) == ["first"]
    assert shell("init", "--yes", "--store", "second=2", "--overwrite").code == 0
    assert list(config(shell).stores) == ["second"]
    old = tomllib.loads((shell.home / "config.toml.old").read_text("utf-8"))
    assert list(old["stores"]) == ["first"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--store", "north"], "wants NAME=VALUE"),
        (["--store", "a b=1"], "wants NAME=VALUE"),
        (["--notify", "ops="], "wants NAME=VALUE"),
        (["--store", "a=1", "--premium", "b"], "add --store b=CHANNEL_ID"),
        (["--store", "a=x"], "config.toml line 6: stores.a.channel_id should be digits"),
        (["--timezone", "Mars/Base"], "line 2: timezone should be the name of a time zone"),
        (["--at", "7:00"], "schedule.times[1] should be a time of the day"),
        (["--notify", "ops", "--digest", "9"], "notify[1].digest should be"),
        (["--notify", "ops=a b"], "notify[1].url_env should be the name of an environment variable"),
    ],
)
def test_a_wrong_call_writes_nothing(shell: Shell, arguments: list[str], said: str) -> None:
    answer = shell("init", "--yes", "--lang", "en", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert not (shell.home / "config.toml").exists()


@pytest.mark.parametrize("text", ['"', "\\", "\n", "\x7f", "店铺 '1'", "#", "]"])
def test_whatever_a_store_is_called_the_file_can_be_read(text: str) -> None:
    answers = Answers(stores=[StoreAnswer("北.风", "1", text, "2", premium=True)], channels=[ChannelAnswer("ops")])
    read = tomllib.loads(written(answers))
    assert read["stores"]["北.风"] == {"channel_id": "1", "name": text, "id": "2", "premium": True}
    assert Config.model_validate(read).notify[0].name == "ops"


# --- the schema -----------------------------------------------------------------------------------------------------


def sections(model: type[BaseModel] = Config) -> Iterator[type[BaseModel]]:
    """Every table of the file."""
    yield model
    for field in model.model_fields.values():
        found: list[Any] = [field.annotation]
        while found:
            part = found.pop()
            found += getattr(part, "__args__", ())
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from sections(part)


def test_every_key_is_described_in_both_languages_and_no_other() -> None:
    wanted = {section.__name__: set(section.model_fields) for section in sections()}
    assert {name: set(keys) for name, keys in schema.DESCRIPTIONS.items()} == wanted
    for keys in schema.DESCRIPTIONS.values():
        for text in keys.values():
            assert re.search(r"[\u4e00-\u9fff]", text.zh)
            assert not re.search(r"[\u4e00-\u9fff]", text.en)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_schema_is_printed(shell: Shell, language: str) -> None:
    answer = shell("init", "--schema", "--lang", language)
    found = json.loads(answer.out)
    assert answer.code == 0
    assert found["additionalProperties"] is False
    times = found["$defs"]["ScheduleConfig"]["properties"]["times"]
    assert times["default"] == ["08:30"]
    assert ("检查" in times["description"]) == (language == "zh")
    assert not shell.home.exists()
