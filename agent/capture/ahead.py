"""Work that begins before its result is needed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """A piece of work, done in a thread of its own from now on; worth it where the work lets other threads run.

    The program never ends in the middle of it: at its end it waits, as Python does for every thread.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # whoever asks for the result is told
            self._error = error

    def result(self) -> T:
        """The result, once, when it is there; what the work raised is raised here."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results.pop()
