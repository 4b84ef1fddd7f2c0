"""Whether a gateway call may pass, judged by the name of its API: data/apis.toml holds the names and the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import tomli
from pydantic import BaseModel, ConfigDict

from extractors.vocabulary import merged

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_VERSION = re.compile(r"v?\d+")
_PATH = re.compile(r"/h5/([^/]+)/")
LAST_PARTS = 2
"""Parts at the end of a name in which a word that reads counts; the parts before them name areas."""

LONG = 6
"""Letters from which a word that writes is told even at the beginning of a longer one."""


JOINING = frozenset({"and", "or", "then"})
"""Words that join a second deed to the first."""


class Deed(StrEnum):
    """What a call does, as far as its name says."""

    READ = "read"
    WRITE = "write"
    UNKNOWN = "unknown"


class Words(BaseModel):
    """The words of names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read: list[str] = []
    write: list[str] = []
    either: list[str] = []
    """Words that write unless the last part of the name begins with one that reads."""


class ApiFile(BaseModel):
    """data/apis.toml, or a user's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read: list[str] = []
    write: list[str] = []
    words: Words = Words()


@dataclass(frozen=True)
class ApiNames:
    """What is known of API names. Whole names come first, the user's before ours; then words: one that writes wins."""

    reads: frozenset[str]
    writes: frozenset[str]
    read_words: frozenset[str]
    write_words: frozenset[str]
    either_words: frozenset[str] = frozenset()

    def judge(self, api: str) -> Deed:
        """What the call of this name does."""
        name = api.lower()
        if name in self.writes:
            return Deed.WRITE
        if name in self.reads:
            return Deed.READ
        parts = [part for part in api.split(".") if part and not _VERSION.fullmatch(part)]
        if any(self._writes(word) for part in parts for word in words(part)):
            return Deed.WRITE
        deed = list(words(parts[-1])) if parts else []
        if not self._asks(deed) and any(word in self.either_words for part in parts for word in words(part)):
            return Deed.WRITE
        if any(word in JOINING for word in deed[1:-1]):
            return Deed.UNKNOWN
        last = {word for part in parts[-LAST_PARTS:] for word in words(part)}
        return Deed.READ if last & self.read_words else Deed.UNKNOWN

    def _asks(self, deed: list[str]) -> bool:
        """Whether the last part of a name asks for something: it begins with a word that reads, and nothing behind it
        is a deed of its own ("getAndLock"); "queryShipList" asks for a list of shipments."""
        if not deed or deed[0] not in self.read_words:
            return False
        return not any(word in JOINING for word in deed) and (len(deed) < 2 or deed[-1] not in self.either_words)

    def _writes(self, word: str) -> bool:
        """Whether a word writes, or begins with one that does where a name has no capitals: "updaterecords"."""
        if word in self.write_words:
            return True
        return any(word.startswith(known) for known in self.write_words if len(known) >= LONG)

    def judge_path(self, path: str) -> Deed:
        """What a request to this path of the site's own hosts does; without a word that writes it is a read."""
        found = [word for part in re.split(r"[/.]", path) for word in words(part)]
        return Deed.WRITE if any(self._writes(word) or word in self.either_words for word in found) else Deed.READ


def words(part: str) -> Iterator[str]:
    """The words of one part of a name: "queryIMRecords" has "query", "im" and "records"."""
    return (found[0].lower() for found in _WORD.finditer(part))


def called(path: str, query: dict[str, str]) -> str | None:
    """The API that a gateway address calls; None when it names none, or two.

    The path holds the name in lower case, the query as it is written: they must be the same name, since nobody can
    tell which one the gateway goes by.
    """
    found = _PATH.search(path)
    in_path = found[1] if found else None
    in_query = query.get("api") or None
    if in_path and in_query and in_path.lower() != in_query.lower():
        return None
    return in_query or in_path


def build(own: dict[str, Any] | None = None) -> ApiNames:
    """The shipped names and words with a user's own laid over them; pydantic.ValidationError for a wrong key."""
    shipped = _shipped()
    mine = ApiFile.model_validate(own or {})
    names = ApiFile.model_validate(merged(shipped.model_dump(), mine.model_dump()))
    reads, writes = _low(names.read), _low(names.write)
    return ApiNames(
        reads=reads - _low(mine.write),
        writes=writes - _low(mine.read),
        read_words=_low(names.words.read) - _low(mine.words.write),
        write_words=_low(names.words.write),
        either_words=_low(names.words.either) - _low(mine.words.read),
    )


def allowing(api: str) -> str:
    """The line of a user's own apis.toml that lets the call of this name pass."""
    return f'read = ["{api}"]'


def _low(names: list[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


@cache
def _shipped() -> ApiFile:
    return ApiFile.model_validate(tomli.loads((files("agent") / "data" / "apis.toml").read_text("utf-8")))
