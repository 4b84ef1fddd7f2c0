"""Where the files of a capture lie: in a folder or in a zip archive. Names are checked before anything is opened."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from agent.capture import failures, limits, names
from agent.capture.names import MANIFEST
from checks.text import Text

if TYPE_CHECKING:
    from agent.capture.ahead import Ahead
    from extractors.workbook import Workbook

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Source(Protocol):
    """The files of a capture, by the names that capture.json gives them."""

    path: Path

    def check(self, name: str) -> None:
        """Raise CaptureEscapes when the name leads out of the capture."""

    def size(self, name: str) -> int | None:
        """The packed size of a file; None when it is not there."""

    def open(self, name: str) -> IO[bytes]:
        """The file, to be read from its start."""

    def close(self) -> None:
        """Let go of what is open."""


class FolderSource:
    """A folder. Links may lead to other places of the same folder only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = path.resolve()

    def check(self, name: str) -> None:
        self._at(name)

    def size(self, name: str) -> int | None:
        try:
            found = self._at(name).stat()
        except (OSError, ValueError):
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def open(self, name: str) -> IO[bytes]:
        number = os.open(self._at(name), _FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError(0, "not a regular file")
            return os.fdopen(number, "rb")
        except BaseException:
            os.close(number)
            raise

    def close(self) -> None:
        """Nothing stays open."""

    def _at(self, name: str) -> Path:
        """The real place of a file, every link of its way followed."""
        found = names.parts(name)
        if found is None:
            raise failures.escapes(self.path, name)
        try:
            real = self._root.joinpath(*found).resolve()
        except (OSError, RuntimeError, ValueError):  # a link that leads to itself, a name that no system takes
            return self._root.joinpath(*found)
        if not real.is_relative_to(self._root):
            raise failures.escapes(self.path, name)
        return real


class FileSource:
    """One file that is given alone; it has one name, its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._proved: bytes | None = None
        self._workbook: Ahead[Workbook] | None = None

    def keep(self, body: bytes) -> None:
        """Keep the bytes that were read and proved when the file was opened, for the first who asks."""
        self._proved = body

    def proved(self) -> bytes | None:
        """Those bytes, once: a large file is not kept beside what was read of it."""
        body, self._proved = self._proved, None
        return body

    def read_ahead(self) -> None:
        """Begin to read the workbook, of which the bytes are kept, while the caller still gets ready."""
        body = self._proved
        if body is not None and self._workbook is None:
            from agent.capture.ahead import Ahead
            from extractors.workbook import Workbook

            self._workbook = Ahead(lambda: Workbook(body))

    def workbook(self) -> Callable[[], Workbook] | None:
        """What gives the workbook, once, when it is read ahead."""
        ahead, self._workbook = self._workbook, None
        return ahead.result if ahead is not None else None

    def check(self, name: str) -> None:
        """The user named the file; it may lie anywhere."""

    def size(self, name: str) -> int | None:
        return self.path.stat().st_size

    def open(self, name: str) -> IO[bytes]:
        return self.path.open("rb")

    def close(self) -> None:
        """Nothing stays open."""


class ZipSource:
    """A zip archive with capture.json at its root or in its only folder; checked whole when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = opened(path)
        try:
            check_names(path, self._zip)
            check_sizes(path, self._zip)
            self._entries = {names.parts(entry.filename) or (): entry for entry in self._zip.infolist()}
            self._top = self._folder()
        except BaseException:
            self._zip.close()
            raise

    def check(self, name: str) -> None:
        if names.parts(name) is None:
            raise failures.escapes(self.path, name)

    def size(self, name: str) -> int | None:
        entry = self._entry(name)
        return entry.compress_size if entry else None

    def open(self, name: str) -> IO[bytes]:
        entry = self._entry(name)
        if entry is None:
            raise FileNotFoundError(name)
        return self._zip.open(entry)

    def close(self) -> None:
        self._zip.close()

    def _entry(self, name: str) -> zipfile.ZipInfo | None:
        entry = self._entries.get((*self._top, *(names.parts(name) or ())))
        return None if entry is None or entry.is_dir() else entry

    def _folder(self) -> tuple[str, ...]:
        """What stands before every name: nothing, or the only folder that holds a capture.json."""
        if (MANIFEST,) in self._entries:
            return ()
        tops = [found[:1] for found in self._entries if len(found) == 2 and found[1] == MANIFEST]
        if len(tops) == 1:
            return tops[0]
        if tops:
            shown = ", ".join(sorted(top for (top,) in tops))
            found = Text(f"其中有多个采集结果（{shown}）", f"it holds several captures ({shown})")
        else:
            found = Text("其中没有 capture.json", "it holds no capture.json")
        raise failures.not_a_capture(self.path, found)


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, its list of contents read; CaptureDamaged when that is cut off."""
    with failures.told(path):
        try:
            if _directory_size(path) > limits.MOST_DIRECTORY:
                raise failures.too_large(path, None, failures.entries(limits.MOST_ENTRIES))
            return zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise failures.damaged(path, str(error)) from error


def _directory_size(path: Path) -> int:
    """The size of the archive's list of contents, as its end says; 0 when it has no end."""
    with path.open("rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - (1 << 16) - 128)
        file.seek(start)
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0:
            return 0
        if end >= 76 and tail[end - 76 : end - 72] == b"PK\x06\x06":  # the end of a large archive stands before it
            return int.from_bytes(tail[end - 36 : end - 28], "little")
        return int.from_bytes(tail[end + 12 : end + 16], "little")


def check_names(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse an archive with an entry that leaves it, or that is a link."""
    for entry in archive.infolist():
        if names.parts(entry.orig_filename) is None or stat.S_ISLNK(entry.external_attr >> 16):
            raise failures.escapes(path, entry.orig_filename)


def check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is a bomb or has a password, before any entry is read: none yields more than it says."""
    entries = archive.infolist()
    if len(entries) > limits.MOST_ENTRIES:
        raise failures.too_large(path, None, failures.entries(limits.MOST_ENTRIES))
    if sum(entry.file_size for entry in entries) > limits.MOST_TOTAL:
        raise failures.too_large(path, None, failures.size(limits.MOST_TOTAL))
    for entry in entries:
        if entry.flag_bits & 1:
            raise failures.encrypted(path)
        problem = excess(entry.file_size, entry.compress_size, limits.MOST_FILE)
        if problem:
            raise failures.too_large(path, entry.filename, problem)


def excess(expanded: int, packed: int, most: int) -> Text | None:
    """The limit that a file of these sizes goes beyond, or None."""
    if expanded > most:
        return failures.size(most)
    if expanded > limits.RATIO_FROM and expanded > packed * limits.MOST_RATIO:
        return failures.ratio(limits.MOST_RATIO)
    return None
