"""Messages that wait: for the digest's time, for the end of quiet hours, or for a channel that did not take them.

A message lies here as a file of its own before anything is sent and goes only when it has arrived, so that a run that
is killed loses none; the worst is that one is told twice. What lies here holds what a message holds: nothing personal.
Beside them one file remembers which deadlines and failures were told already.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent.capture.atomic import sweep, write_aside
from agent.home import Home
from agent.lock import FileLock
from agent.notify.items import Item
from checks.text import Text

log = logging.getLogger(__name__)

FOLDER = "outbox"
TOLD = "told.json"
FORMAT = 1
KEEP = timedelta(days=14)
"""How long a message waits for a channel that does not take it; after that nobody would want it."""


@dataclass(frozen=True)
class Waiting:
    """One message that waits; ``tries`` is how often it was refused, ``problem`` how the last time.

    ``refused_at`` is when that was. ``at_once`` says that somebody asked for it now, quiet hours or not.
    """

    channel: str
    items: tuple[Item, ...]
    created_at: datetime
    ripe_at: datetime
    tries: int = 0
    problem: Text | None = None
    at_once: bool = False
    path: Path | None = None
    refused_at: datetime | None = None

    def refused(self, problem: Text, at: datetime) -> Waiting:
        return replace(self, tries=self.tries + 1, problem=problem, refused_at=at)


@dataclass(frozen=True)
class Outbox:
    """The folder of waiting messages."""

    home: Home

    @property
    def folder(self) -> Path:
        return self.home.root / FOLDER

    def put(self, waiting: Waiting) -> Waiting:
        """Keep a message, in its former place when it has one; HomeUnusable or OSError when nothing can be kept."""
        self.home.make(FOLDER)
        name = f"{waiting.created_at.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.json"
        path = waiting.path or self.folder / name
        data = {
            "format": FORMAT,
            "channel": waiting.channel,
            "created_at": waiting.created_at.isoformat(),
            "ripe_at": waiting.ripe_at.isoformat(),
            "tries": waiting.tries,
            "problem": list(waiting.problem) if waiting.problem else None,
            "refused_at": waiting.refused_at.isoformat() if waiting.refused_at else None,
            "at_once": waiting.at_once,
            "items": [entry.as_dict() for entry in waiting.items],
        }
        write_aside(path, json.dumps(data, ensure_ascii=False).encode())
        return replace(waiting, path=path)

    def drop(self, waiting: Waiting) -> None:
        """Forget a message: it has arrived, or is too old."""
        if waiting.path is not None:
            waiting.path.unlink(missing_ok=True)

    def all(self) -> list[Waiting]:
        """Every message that waits, the oldest first; a file that is none of ours stays where it is."""
        found = (self._read(path) for path in sorted(self.folder.glob("*.json")) if path.name != TOLD)
        return sorted((waiting for waiting in found if waiting), key=lambda w: (w.created_at, str(w.path)))

    @contextlib.contextmanager
    def delivering(self) -> Iterator[None]:
        """Hold the outbox while messages are sent, so that none is sent twice; LockHeld when somebody else sends."""
        self.home.make(FOLDER)
        with FileLock(self.folder / ".lock"):
            sweep(self.folder)
            yield

    def _read(self, path: Path) -> Waiting | None:
        try:
            data = json.loads(path.read_text("utf-8"))
            if data["format"] != FORMAT:
                return None
            return Waiting(
                channel=str(data["channel"]),
                items=tuple(Item.from_dict(entry) for entry in data["items"]),
                created_at=_moment(data["created_at"]),
                ripe_at=_moment(data["ripe_at"]),
                tries=int(data["tries"]),
                problem=Text(*data["problem"]) if data["problem"] else None,
                at_once=bool(data["at_once"]),
                path=path,
                refused_at=_moment(data["refused_at"]) if data.get("refused_at") else None,
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning(
                Text("%s 不是待发的消息，不去动它：%s", "%s is no waiting message and is left alone: %s"), path, error
            )
            return None

    # --- what was told already --------------------------------------------------------------------------------

    def told(self, channel: str, store: str) -> dict[str, str]:
        """What a channel was told of a store, that is not to be told again: fingerprint or kind of failure -> when."""
        known = self._memory().get(channel, {}).get(store, {})
        return {str(key): str(value) for key, value in known.items()} if isinstance(known, dict) else {}

    def remember(self, channel: str, store: str, told: dict[str, str]) -> None:
        """Replace what a channel was told of a store."""
        memory = self._memory()
        if memory.get(channel, {}).get(store, {}) == told:
            return
        memory.setdefault(channel, {})[store] = told
        self.home.make(FOLDER)
        write_aside(self.folder / TOLD, json.dumps(memory, ensure_ascii=False, sort_keys=True).encode())

    def _memory(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads((self.folder / TOLD).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        valid = isinstance(found, dict) and all(isinstance(value, dict) for value in found.values())
        return found if valid else {}


def total(waiting: Sequence[Waiting]) -> int:
    """How many items wait in messages."""
    return sum(len(one.items) for one in waiting)


def _moment(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError("a time without an offset")
    return found
