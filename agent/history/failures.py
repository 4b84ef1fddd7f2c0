"""What SQLite says when it cannot go on, told as one sentence with the next step; and the write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import HistoryCorrupt, HistoryError, HistoryFull, HistoryLocked, HistoryMissing, HistoryReadOnly
from agent.history.connection import Connection
from checks.text import Text


@contextmanager
def written(connection: Connection) -> Iterator[None]:
    """One write transaction: the lock is taken at its start, so that what is read inside stays true until the end.

    Everything lands or nothing does, whatever stops the block: an error, Ctrl-C, the end of the process.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into the HistoryError that says what to do; mistakes of ours pass unchanged."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise explain(error, path) from error


def explain(error: sqlite3.Error, path: Path) -> HistoryError:
    """The error of this project for one of SQLite's, by its code."""
    code = getattr(error, "sqlite_errorcode", None)
    make = _BY_CODE.get(code & 0xFF) if isinstance(code, int) else None
    return make(path) if make else _other(path, error)


def _locked(path: Path) -> HistoryError:
    return HistoryLocked(
        Text(
            f"历史库 {path} 正被另一个程序写入，等待超时；等它结束后再运行一次，或用 --db 指定别的文件",
            f"the history {path} is being written by another program and did not become free in time; "
            "run again when that has ended, or name another file with --db",
        )
    )


def read_only(path: Path) -> HistoryError:
    """Neither the file nor, it may be, its folder can be written or opened."""
    return HistoryReadOnly(
        Text(
            f"无法写入历史库 {path}；请检查该文件和文件夹 {path.parent} 的权限，或用 --db 指定别的文件",
            f"the history {path} cannot be written; check the permissions of the file and of its folder {path.parent}, "
            "or name another file with --db",
        )
    )


def missing(path: Path) -> HistoryError:
    """No run was ever saved there."""
    return HistoryMissing(
        Text(
            f"还没有历史库 {path}；先用 shoplint judge 检查一次，或用 --db 指定别的文件",
            f"there is no history at {path} yet; judge a capture first (shoplint judge), or name its file with --db",
        )
    )


def folder(path: Path) -> HistoryError:
    """There is a folder where the file should be."""
    return HistoryReadOnly(
        Text(
            f"{path} 是文件夹，不是历史库文件；请用 --db 指定一个文件，例如 {path / 'history.db'}",
            f"{path} is a folder, not the file of a history; name a file with --db, such as {path / 'history.db'}",
        )
    )


def _full(path: Path) -> HistoryError:
    return HistoryFull(
        Text(
            f"磁盘空间不足，历史库 {path} 未能保存这次运行，之前的运行仍在；"
            "请腾出空间后再运行一次，或用 --db 指定别的文件",
            f"no space is left for the history {path}: this run was not saved, earlier ones are safe; "
            "free some space and run again, or name another file with --db",
        )
    )


def _corrupt(path: Path) -> HistoryError:
    return HistoryCorrupt(
        Text(
            f"{path} 不是历史库，或已损坏；请把它移到别处（下次运行会新建一个），或用 --db 指定别的文件",
            f"{path} is no history database, or it is damaged; move it aside (the next run makes a new one), "
            "or name another file with --db",
        )
    )


def _disk(path: Path) -> HistoryError:
    return HistoryError(
        Text(
            f"读写历史库 {path} 时磁盘出错，这次运行未保存；请检查磁盘和剩余空间后再运行一次",
            f"the disk failed while the history {path} was read or written, and nothing was saved; "
            "check the disk and its free space, then run again",
        )
    )


def _other(path: Path, error: sqlite3.Error) -> HistoryError:
    return HistoryError(
        Text(
            f"历史库 {path} 无法使用（{error}）；用 --no-history 可以不带历史地运行，或用 --db 指定别的文件",
            f"the history {path} cannot be used ({error}); run without it (--no-history), "
            "or name another file with --db",
        )
    )


_BY_CODE: dict[int, Callable[[Path], HistoryError]] = {
    sqlite3.SQLITE_BUSY: _locked,
    sqlite3.SQLITE_LOCKED: _locked,
    sqlite3.SQLITE_READONLY: read_only,
    sqlite3.SQLITE_CANTOPEN: read_only,
    sqlite3.SQLITE_PERM: read_only,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_IOERR: _disk,
    sqlite3.SQLITE_CORRUPT: _corrupt,
    sqlite3.SQLITE_NOTADB: _corrupt,
}
