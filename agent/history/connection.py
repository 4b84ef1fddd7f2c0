"""The open database as a saved run needs it: SQLite itself, with rows as dictionaries and rows written many at a time.

sqlite-utils makes and migrates the tables. What happens in every run goes without it: loading it costs more than
saving a run does, and before each statement it asks SQLite what the table looks like.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]
Values = Sequence[Any] | Mapping[str, Any]


class Connection:
    """A connection to a history; names of tables and columns come from the program, never from data."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.raw = connection

    @cached_property
    def db(self) -> Database:
        """The same connection as sqlite-utils sees it, for the work on tables."""
        from sqlite_utils import Database

        return Database(self.raw, execute_plugins=False)

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        return self.raw.execute(sql, values)

    def query(self, sql: str, values: Values = ()) -> Iterator[Row]:
        """The rows that a statement finds, one after the other."""
        cursor = self.raw.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row)) for row in cursor)  # noqa: B905 - SQLite gives a value for each, and this is hot

    def one(self, sql: str, *values: Any) -> Row | None:
        """The first row that a statement finds."""
        return next(self.query(sql, values), None)

    def insert(self, table: str, row: Row) -> int:
        """Write one row; its id."""
        written = self.raw.execute(_insert(table, row), row).lastrowid
        assert written is not None, "a row that was inserted has an id"
        return written

    def insert_all(self, table: str, rows: Iterable[Row], *, known: bool = False) -> None:
        """Write rows that all have the same columns; ``known`` leaves out those whose key is there already."""
        self._write(table, rows, "ON CONFLICT DO NOTHING" if known else "")

    def upsert_all(self, table: str, rows: Iterable[Row], *key: str) -> None:
        """Write rows that all have the same columns, over those with the same key."""
        rows = list(rows)
        own = [name for name in rows[0] if name not in key] if rows else []
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in own)
        self._write(table, rows, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}")

    def _write(self, table: str, rows: Iterable[Row], conflict: str) -> None:
        rows = list(rows)
        if rows:
            self.raw.executemany(f"{_insert(table, rows[0])} {conflict}", rows)

    def rollback(self) -> None:
        self.raw.rollback()

    def close(self) -> None:
        self.raw.close()


def _insert(table: str, row: Row) -> str:
    columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    return f"INSERT INTO {table} ({columns}) VALUES ({values})"
