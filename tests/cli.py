"""The command line as a test calls it: arguments in, exit code and both outputs out, in a home of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli.main import run


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Shell:
    """Runs commands in one home folder and one language."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._capsys = capsys
        monkeypatch.setenv("SHOPLINT_HOME", str(home))
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "80")
        self._monkeypatch = monkeypatch
        self.speak("en")

    def speak(self, language: str) -> None:
        self._monkeypatch.setenv("SHOPLINT_LANG", language)

    def __call__(self, *arguments: str | Path) -> Answer:
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        return Answer(code, out, err)
