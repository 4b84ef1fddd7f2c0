"""Which database is a history of this program, and of this version: asked whenever one is opened."""

from __future__ import annotations

from agent.errors import HistoryForeign, HistoryTooNew
from agent.history.connection import Connection
from checks.text import Text

APPLICATION_ID = 0x53484C54
"""Marks the file as ours ("SHLT"), so that nobody else's database is ever filled with our tables."""
SET = "shoplint"
"""The name under which sqlite-utils keeps account of our migrations."""
NAMES = ("runs_and_findings", "deeds_of_runs", "mutes_and_baselines", "views_for_readers", "pruned_runs")
"""Every migration that this version knows, in their order: what a file of today has had."""


def check_owner(connection: Connection, path: object) -> None:
    """Refuse a database that another program, or a newer version of this one, has made."""
    marked = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if marked != APPLICATION_ID and not (marked == 0 and empty):
        raise HistoryForeign(
            Text(
                f"{path} 是另一个程序的数据库，不是 shoplint 的历史库；请用 --db 指定别的文件",
                f"{path} is the database of another program, not a history of shoplint; name another file with --db",
            )
        )
    unknown = [name for name in applied(connection) if name not in NAMES]
    if unknown:
        raise HistoryTooNew(
            Text(
                f"历史库 {path} 由更新版本的 shoplint 写成（本版本不认识 {'、'.join(unknown)}）；"
                "请升级 shoplint，或用 --db 指定别的文件",
                f"the history {path} was written by a newer shoplint (this one does not know {', '.join(unknown)}); "
                "upgrade shoplint, or name another file with --db",
            )
        )


def is_current(connection: Connection) -> bool:
    """Whether nothing is left to migrate."""
    return set(applied(connection)) >= set(NAMES)


def applied(connection: Connection) -> list[str]:
    """The names of the migrations that this database has had, in their order."""
    if connection.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'") is None:
        return []
    found = connection.query("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", [SET])
    return [row["name"] for row in found]
