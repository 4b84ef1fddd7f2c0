"""Progress is for somebody who watches; the language of the command line is the system's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.cli import speech
from agent.cli.progress import WIPE, Line
from agent.errors import NoSession
from agent.step import Progress, Step
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
    assert f"{WIPE}reading: the order list 1/16" in said
    assert f"{WIPE}reading: the logistics-settings page 16/16 · 76 rows" in said
    assert f"{WIPE}reading: judging 95 rules{WIPE}shoplint:" in said


def test_several_captures_are_counted_by_store(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    said = shell("judge", NEWSTORE, RECORDINGS / "harbor").err
    assert "shoplint: 清河家居小店: 4 findings at or above error" in said
    assert f"{WIPE}[1/2] 清河家居小店: the order list 1/16" in said
    shell.speak("zh")
    said = shell("judge", NEWSTORE, RECORDINGS / "harbor").err
    assert f"{WIPE}[2/2] Harbor Home Premium：订单列表 1/24" in said
    assert "268 行" in said


def test_the_line_never_reaches_the_end_of_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes on in the next line could not be wiped."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Line("店" * 40, 2, 3)(Step("orders", 3, 15, pages=1, rows=12_000))
    line = capsys.readouterr().err.removeprefix(WIPE)
    assert (line[:6], len(line)) == ("[2/3] ", 6 + 21)


def test_a_big_export_counts_its_rows(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    monkeypatch.setattr("extractors.export.AT_ONCE", 1)
    orders = RECORDINGS / "exports" / "orders_en.xlsx"
    said = shell("judge", orders, "--no-history").err
    assert f"{WIPE}reading: the order export 1/1{WIPE}reading: the order export 1/1 · 1 row{WIPE}" in said
    assert "1/1 · 2 rows" in said


def test_stores_are_counted_while_they_are_audited(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    stores = "".join(f'[stores.{name}]\nchannel_id = "{n}"\n' for n, name in enumerate(("north", "west"), 1))
    shell.home.mkdir()
    (shell.home / "config.toml").write_text(stores, "utf-8")

    async def capture(place: object, live: object, name: str, folder: Path, *, progress: Progress) -> None:
        progress(Step("orders", 1, 14, pages=3, rows=60))
        raise NoSession(name)

    monkeypatch.setattr("agent.live.visit.capture", capture)
    answer = shell("audit")
    assert answer.code == 4
    for number, name in enumerate(("north", "west"), 1):
        assert f"{WIPE}[{number}/2] {name}: opening the backend" in answer.err
        assert f"{WIPE}[{number}/2] {name}: the order list 1/14 · 3 pages · 60 rows{WIPE}shoplint: {name}" in answer.err
    assert "\x1b" not in shell("audit", "-q").err.replace(WIPE + "shoplint", "shoplint")


@pytest.mark.parametrize("more", [("-q",), ()])
def test_nothing_is_counted_when_nobody_watches(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    """With -q on a terminal, and in a file or a pipe."""
    watched(monkeypatch, somebody=bool(more))
    said = shell("judge", NEWSTORE, *more).err
    assert "1/16" not in said
    assert "judging" not in said
    assert "\x1b" not in said


def test_a_terminal_that_cannot_wipe_a_line_is_spared(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shell("judge", NEWSTORE).err


def test_a_mistake_is_told_on_a_line_of_its_own(
    shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(monkeypatch)
    Line("northwind")(Step("orders", 3, 15))
    assert capsys.readouterr().err == f"{WIPE}northwind: the order list 3/15"
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
