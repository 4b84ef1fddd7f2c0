"""Name and password of a store: from the environment or the keyring, never from a command line.

Credentials that the backend refused are remembered, as a digest, until the rest is over: the same ones are not sent
again, corrected ones are; after a few different ones the store is left alone all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.errors import StoreParked, VaultKeyMissing
from agent.home import Home
from agent.live.vault import keyring_entry, write_private
from checks.text import Text

REFUSED = Text("用户名或密码被后台拒绝", "the backend refused user name or password")
MOST_REFUSED = 3
"""Different credentials that may be refused within one rest."""


@dataclass(frozen=True)
class Credentials:
    """A name and its password; neither is ever shown."""

    username: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(…)"


def variables(store: str) -> tuple[tuple[str, str], ...]:
    """The names of the variables that hold a store's credentials: the most exact ones first.

    In a name everything but letters becomes "_"; since "shop1" and "shop2" then share a name, one that keeps the
    digits goes before it.
    """
    kept = ("".join(sign if sign.isalnum() else "_" for sign in store.upper()),)
    plain = ("".join(sign if sign.isalpha() else "_" for sign in store.upper()),)
    return tuple((f"SHOPLINT_{name}_USERNAME", f"SHOPLINT_{name}_PASSWORD") for name in dict.fromkeys(kept + plain))


def find(store: str, environ: Mapping[str, str] | None = None) -> Credentials | None:
    """The credentials of a store when both parts are at hand; None else."""
    env = os.environ if environ is None else environ
    for user, word in variables(store):
        if env.get(user) and env.get(word):
            return Credentials(env[user], env[word])
    try:
        username, password = keyring_entry(f"{store}:username"), keyring_entry(f"{store}:password")
    except VaultKeyMissing:
        return None
    return Credentials(username, password) if username and password else None


@dataclass(frozen=True)
class Refusals:
    """The credentials of one store that were refused lately."""

    home: Home
    store: str
    cooldown_s: float

    @property
    def path(self) -> Path:
        return self.home.sessions / f"{quote(self.store, safe='')}.refused"

    def check(self, credentials: Credentials, now: datetime) -> None:
        """StoreParked when these were refused already, or too many were."""
        found = self._lately(now)
        same = [at for at, salt, digest in found if _digest(credentials, salt) == digest]
        if same or len(found) >= MOST_REFUSED:
            last = max(same or [at for at, _, _ in found])
            until = last + timedelta(seconds=self.cooldown_s)
            raise StoreParked(self.store, until=until, reason=REFUSED)

    def add(self, credentials: Credentials, now: datetime) -> datetime:
        """Remember that these were refused; gives the end of the rest."""
        salt = os.urandom(16)
        found = [*self._lately(now), (now, salt, _digest(credentials, salt))]
        rows = [[at.isoformat(), salt.hex(), digest] for at, salt, digest in found]
        self.home.make(self.home.sessions.name)
        write_private(self.path, json.dumps(rows).encode())
        return now + timedelta(seconds=self.cooldown_s)

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)

    def _lately(self, now: datetime) -> list[tuple[datetime, bytes, str]]:
        try:
            rows: list[Any] = json.loads(self.path.read_text("utf-8"))
            found = [(datetime.fromisoformat(at), bytes.fromhex(salt), str(digest)) for at, salt, digest in rows]
        except (OSError, ValueError, TypeError):
            return []
        return [row for row in found if now - row[0] < timedelta(seconds=self.cooldown_s)]


def _digest(credentials: Credentials, salt: bytes) -> str:
    both = json.dumps([credentials.username, credentials.password]).encode()
    return hashlib.scrypt(both, salt=salt, n=1 << 14, r=8, p=1).hex()
