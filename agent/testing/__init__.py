"""The pytest plugin: `pytest --shoplint RECORDINGS` turns recorded pages and what they must say into tests.

pytest loads this module in every run on a machine that has shoplint, so nothing but pytest is imported before
recordings were asked for, and without them the run is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from agent.testing.collector import RecordingFile

MANIFEST, EXPORT_TRUTH = "capture.json", ".truth.json"
FILES = pytest.StashKey[frozenset[Path]]()
"""The captures and exports of this run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("shoplint", "recordings of seller backend pages (shoplint)")
    group.addoption(
        "--shoplint",
        dest="shoplint_recordings",
        action="append",
        metavar="RECORDINGS",
        help="test the recordings in this folder, one test for each field of a page; repeatable",
    )
    group.addoption(
        "--shoplint-words",
        dest="shoplint_words",
        metavar="FOLDER",
        help="read pages by labels.toml, words.toml and site.toml of this folder too",
    )
    parser.addini("shoplint_recordings", "folders of recordings that a run without paths tests too", type="paths")
    parser.addini("shoplint_words", "a folder with labels.toml, words.toml, site.toml of your own")


def pytest_configure(config: pytest.Config) -> None:
    """Add the recordings to what is collected.

    Those of the command line stand for themselves, or beside the paths that are named there. Those of the
    configuration belong to a run of everything, and to one of a path in which they lie.
    """
    has_paths = config.args_source is pytest.Config.ArgsSource.ARGS
    named = _files(config.invocation_params.dir / Path(name) for name in config.option.shoplint_recordings or ())
    usual = _files(config.getini("shoplint_recordings"))
    config.stash[FILES] = named | usual
    if hasattr(config, "workerinput"):  # a worker of pytest-xdist is given its arguments whole
        return
    if named:
        config.args = [*(config.args if has_paths else ()), *map(str, sorted(named))]
    elif usual and not has_paths:
        config.args = [*config.args, *map(str, sorted(usual))]


def _files(folders: Iterable[Path]) -> frozenset[Path]:
    return frozenset(file for folder in folders for file in _recordings(folder))


def _recordings(folder: Path) -> list[Path]:
    """Every capture and every export with a truth in a folder; UsageError when there is none."""
    folder = folder.expanduser().resolve()
    if (folder / MANIFEST).is_file():
        return [folder / MANIFEST]
    truths = folder.rglob(f"*{EXPORT_TRUTH}")
    exports = (path.with_name(path.name.removesuffix(EXPORT_TRUTH) + ".xlsx") for path in truths)
    found = [*folder.rglob(MANIFEST), *(path for path in exports if path.is_file())]
    if not found:
        raise pytest.UsageError(
            f"shoplint: there is no recording in {folder}; a recording is a folder with {MANIFEST}, "
            "as `shoplint record` writes it"
        )
    return found


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> RecordingFile | None:
    files = parent.config.stash.get(FILES, None)
    if not files or file_path.resolve() not in files:
        return None
    from agent.testing.collector import RecordingFile

    found: RecordingFile = RecordingFile.from_parent(parent, path=file_path)
    return found
