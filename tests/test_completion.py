"""Completion in shells: the scripts, and what a shell is answered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    found = Shell(tmp_path / "home", capsys, monkeypatch)
    found.home.mkdir()
    (found.home / "config.toml").write_text("[stores.northwind]\n[stores.north]\n[stores.harbor]\n", "utf-8")
    return found


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_script_is_printed_that_the_shell_understands(shell: Shell, name: str) -> None:
    answer = shell("completion", name)
    assert answer.code == 0
    assert f"_SHOPLINT_COMPLETE={name}_complete" in answer.out
    program = shutil.which(name)
    if program:
        subprocess.run([program, "-n"], input=answer.out, text=True, check=True, timeout=60)


def test_another_shell_is_refused(shell: Shell) -> None:
    answer = shell("completion", "tcsh")
    assert answer.code == 2
    assert "tcsh" in answer.err


def completed(shell: Shell, line: str) -> list[str]:
    """What bash is answered for a line that is being typed; the last word is the one to complete."""
    code = "import sys; from agent.cli import main; main([])"
    asked = {"_SHOPLINT_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    return [word.partition(",")[2] for word in done.stdout.splitlines() if word]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("shoplint sched", ["schedule"]),
        ("shoplint schedule ", ["install", "remove", "run", "status"]),
        ("shoplint judge --store nor", ["northwind", "north"]),
        ("shoplint schedule run ", ["northwind", "north", "harbor"]),
        ("shoplint schedule run northwind nor", ["north"]),
        ("shoplint notify --store har", ["harbor"]),
        ("shoplint completion f", ["fish"]),
        ("shoplint judge --fail-on w", ["warning"]),
        ("shoplint judge --home /nowhere-at-all --store ", []),
    ],
)
def test_commands_options_and_stores_are_completed(shell: Shell, line: str, words: list[str]) -> None:
    assert completed(shell, line) == words


def test_a_configuration_with_mistakes_completes_nothing(shell: Shell) -> None:
    (shell.home / "config.toml").write_text("x = 1", "utf-8")
    assert completed(shell, "shoplint judge --store nor") == []
