"""The one folder that holds everything a user keeps: configuration, sessions, history, captures.

Nothing is made before something is to be kept; what is made may be entered by its owner only.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from agent.errors import HomeUnusable

VARIABLE = "SHOPLINT_HOME"
WORD_FILES = ("labels", "words", "site")
"""The files by which a user may correct the words that pages are read by, without ``.toml``."""


class Home(NamedTuple):
    """The folder and the places in it."""

    root: Path

    @classmethod
    def find(cls, given: str | Path | None = None, environ: Mapping[str, str] | None = None) -> Home:
        """``--home`` when given, else SHOPLINT_HOME, else the platform's data folder. Makes nothing."""
        chosen = given or (os.environ if environ is None else environ).get(VARIABLE)
        if chosen:
            return cls(Path(chosen).expanduser().absolute())
        from platformdirs import user_data_path

        return cls(user_data_path("shoplint", appauthor=False))

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def sessions(self) -> Path:
        return self.root / "sessions"

    @property
    def history(self) -> Path:
        return self.root / "history.db"

    @property
    def captures(self) -> Path:
        return self.root / "captures"

    def words(self, name: str) -> Path:
        """The user's own file of words: "labels", "words" or "site"."""
        return self.root / f"{name}.toml"

    def make(self, *parts: str) -> Path:
        """The folder, or a folder in it, made when it is not there; HomeUnusable when it cannot be."""
        path = self.root
        try:
            _make(path)
            for part in parts:
                path = path / part
                _make(path)
        except OSError as error:
            raise self._unusable(path, error) from error
        return path

    def _unusable(self, path: Path, error: OSError) -> HomeUnusable:
        from checks.text import Text

        said = error.strerror or type(error).__name__
        return HomeUnusable(
            Text(
                f"无法使用文件夹 {path}（{said}）；请检查权限，或用 --home 或 {VARIABLE} 指定别的文件夹",
                f"the folder {path} cannot be made or used ({said}); check its permissions, "
                f"or name another one with --home or {VARIABLE}",
            )
        )


def _make(path: Path) -> None:
    """Make one folder of mode 700; one that is there keeps its own mode."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
