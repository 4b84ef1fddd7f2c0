"""Progress is for somebody who watches; the language of the command line is the system's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.cli import speech
from agent.cli.progress import WIPE, counting
from tests.cli import Shell
from tests.truths import RECORDINGS

NEWSTORE = RECORDINGS / "newstore"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("TERM", "xterm")
    return Shell(tmp_path / "home", capsys, monkeypatch)


def watched(monkeypatch: pytest.MonkeyPatch, somebody: bool = True) -> None:
    """Standard error as a terminal, or not; pytest gives every phase of a test a stream of its own."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: somebody)


def test_pages_are_counted_on_a_terminal_and_the_line_is_taken_away(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(monkeypatch)
    said = shell("judge", NEWSTORE).err
    assert f"{WIPE}reading orders 1/16" in said
    assert "16/16" + WIPE + "shoplint:" in said


@pytest.mark.parametrize("more", [("-q",), ()])
def test_nothing_is_counted_when_nobody_watches(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    """With -q on a terminal, and in a file or a pipe."""
    watched(monkeypatch, somebody=bool(more))
    said = shell("judge", NEWSTORE, *more).err
    assert "1/16" not in said
    assert ("\x1b" in said) is False


def test_a_terminal_that_cannot_wipe_a_line_is_spared(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shell("judge", NEWSTORE).err


def test_a_mistake_is_told_on_a_line_of_its_own(
    shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(monkeypatch)
    counting("northwind:", quiet=False)("orders", 3, 15)
    assert capsys.readouterr().err == f"{WIPE}northwind: orders 3/15"
    assert shell("judge", shell.home / "nowhere").err.startswith(f"{WIPE}shoplint: ")


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "", "SHOPLINT_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_the_systems(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], wanted: str) -> None:
    monkeypatch.setattr(sys, "argv", ["shoplint"])
    for name in speech.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert speech.say("zh", "en") == wanted
    monkeypatch.setattr(sys, "argv", ["shoplint", "rules", "--lang", "en"])
    assert speech.say("zh", "en") == "en"
