"""What became of the visits of each store: the last one, and why one was skipped. One file a store, replaced whole."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.capture.atomic import write_aside
from agent.home import Home
from checks.text import Text

FOLDER = "schedule"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Skip:
    """A visit that was not made; ``until`` is when the cause ends, where that is known."""

    at: datetime
    reason: Text
    until: datetime | None = None


@dataclass(frozen=True)
class Record:
    """What is known of one store. ``handled`` is the last moment that was seen to, by a visit or by leaving it out."""

    handled: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    skipped: Skip | None = None

    @property
    def is_running(self) -> bool:
        """Whether a visit began and has not ended; after a killed process it says so until the next one."""
        return self.started_at is not None and self.finished_at is None


@dataclass(frozen=True)
class Ledger:
    """The records in the home folder."""

    home: Home

    @property
    def folder(self) -> Path:
        return self.home.root / FOLDER

    def path(self, store: str) -> Path:
        return self.folder / f"{quote(store, safe='')}.json"

    def read(self, store: str) -> Record:
        """The record of a store; an empty one when there is none, or none that can be read."""
        path = self.path(store)
        try:
            data = json.loads(path.read_text("utf-8"))
            skipped = data["skipped"]
            return Record(
                handled=_moment(data["handled"]),
                started_at=_moment(data["started_at"]),
                finished_at=_moment(data["finished_at"]),
                exit_code=data["exit_code"],
                skipped=_skip(skipped) if skipped else None,
            )
        except FileNotFoundError:
            return Record()
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning(Text("%s 无法读取，重新开始记录：%s", "%s cannot be read and is begun anew: %s"), path, error)
            return Record()

    def write(self, store: str, record: Record) -> None:
        """Replace the record of a store."""
        skip = record.skipped
        data: dict[str, Any] = {
            "handled": _text(record.handled),
            "started_at": _text(record.started_at),
            "finished_at": _text(record.finished_at),
            "exit_code": record.exit_code,
            "skipped": None
            if skip is None
            else {"at": _text(skip.at), "reason": list(skip.reason), "until": _text(skip.until)},
        }
        self.home.make(FOLDER)
        write_aside(self.path(store), json.dumps(data, ensure_ascii=False).encode())

    def plan(self, store: str, now: datetime) -> None:
        """A store is planned from now on, unless it was before: no time before that was missed."""
        if self.read(store).handled is None:
            self.write(store, Record(handled=now))

    def begin(self, store: str, now: datetime) -> None:
        """A visit begins."""
        self.write(store, Record(handled=now, started_at=now, skipped=self.read(store).skipped))

    def end(self, store: str, now: datetime, exit_code: int) -> None:
        """A visit has ended."""
        self.write(store, replace(self.read(store), handled=now, finished_at=now, exit_code=exit_code))

    def skip(self, store: str, skip: Skip) -> None:
        """A visit was not made."""
        self.write(store, replace(self.read(store), handled=skip.at, skipped=skip))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _skip(data: dict[str, Any]) -> Skip:
    at = datetime.fromisoformat(data["at"])
    zh, en = data["reason"]
    return Skip(at, Text(str(zh), str(en)), _moment(data["until"]))
