"""What is told on the way speaks the language of the command line; a capture's mishaps do too."""

from __future__ import annotations

import logging

import pytest

from agent.cli import speech
from agent.cli.logs import Spoken
from checks.mishaps import mishap
from checks.text import Text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh", "shoplint: 订单列表 未能采集：等待超时"),
        ("en", "shoplint: the order list could not be captured: the page stopped answering"),
    ],
)
def test_a_log_line_is_told_in_the_language_of_the_command_line(
    language: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "_settled", language)
    said = Text("%s 未能采集：%s", "%s could not be captured: %s")
    parts = (Text("订单列表", "the order list"), mishap("timeout", "the page stopped answering"))
    record = logging.LogRecord("agent", logging.WARNING, "", 1, said, parts, None)
    assert Spoken("shoplint: %(message)s").format(record) == line
    assert record.getMessage() == "the order list could not be captured: the page stopped answering"


def test_a_line_of_another_package_is_left_as_it_is() -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, "", 1, "took %.1f s", (1.25,), None)
    assert Spoken("%(message)s").format(record) == "took 1.2 s"


@pytest.mark.parametrize(
    ("kind", "message", "told"),
    [
        ("timeout", "no answer in 30 s", Text("等待超时", "no answer in 30 s")),
        ("network", "ERR_CONNECTION_RESET", Text("网络连接失败（ERR_CONNECTION_RESET）", "ERR_CONNECTION_RESET")),
        ("crashed", None, Text("页面崩溃", "the page crashed")),
        ("http_503", "HTTP 503", Text("HTTP 503", "HTTP 503")),
        ("of_another_tool", "said so", Text("said so", "said so")),
        ("of_another_tool", None, Text("of_another_tool", "of_another_tool")),
        (None, None, Text("?", "?")),
    ],
)
def test_a_mishap_in_both_languages(kind: str | None, message: str | None, told: Text) -> None:
    assert mishap(kind, message) == told
