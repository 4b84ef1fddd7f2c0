"""The tests of one recording, as pytest sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from agent.errors import ShoplintError
from agent.testing.recording import Recording
from extractors.vocabulary import Vocabulary

MOST_LINES = 40
WORDS = pytest.StashKey[Vocabulary]()


class Differs(AssertionError):
    """A page, or the findings, are not what the recording says."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(lines)
        self.lines = lines


class RecordingFile(pytest.File):
    """A capture or an export: a test for each field of each page, its verdict, its problems, and for the findings."""

    def collect(self) -> Iterator[RecordingTest]:
        recording = Recording(self.path, _vocabulary(self.config))
        if not recording.expected:
            raise self.CollectError(
                f"{self.path.parent} has no truth/verdicts.json, so nothing says what its pages must give; "
                "`shoplint record` writes it"
            )
        for key, expected in recording.expected.items():
            for part in expected.parts:
                yield self._test(f"{key}/{part}", partial(recording.differences, key, part))
        if recording.demands is not None:
            yield self._test("findings", recording.finding_differences)

    def _test(self, name: str, check: Callable[[], list[str]]) -> RecordingTest:
        found: RecordingTest = RecordingTest.from_parent(self, name=name, check=check)
        return found


class RecordingTest(pytest.Item):
    """One comparison; ``check`` gives what differs."""

    def __init__(self, *, check: Callable[[], list[str]], **rest: Any) -> None:
        super().__init__(**rest)
        self.check = check

    def runtest(self) -> None:
        lines = self.check()
        if lines:
            raise Differs(lines)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The lines that differ, or one sentence; a traceback only for a fault of the program."""
        error = excinfo.value
        if isinstance(error, Differs):
            more = len(error.lines) - MOST_LINES
            return "\n".join([*error.lines[:MOST_LINES], *([f"… and {more} more"] if more > 0 else ())])
        if isinstance(error, ShoplintError):
            return error.text.en
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, f"{self.path.parent.name}: {self.name}"


def _vocabulary(config: pytest.Config) -> Vocabulary:
    """The shipped words, with those of the folder that the run names; one mistake in them ends the run."""
    if WORDS not in config.stash:
        from agent.config import Config
        from agent.home import Home
        from agent.overrides import vocabulary
        from extractors.vocabulary import shipped

        given = config.option.shoplint_words
        base = config.invocation_params.dir
        if not given and (own := config.getini("shoplint_words")):
            given, base = own, config.rootpath
        try:
            config.stash[WORDS] = vocabulary(Home(base / given), Config()) if given else shipped()
        except ShoplintError as error:
            raise pytest.UsageError(error.text.en) from error
    return config.stash[WORDS]
