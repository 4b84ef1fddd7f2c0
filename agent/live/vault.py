"""Stored sessions: encrypted on the disk, for their owner only.

A session opens a store without a password, so its file is never in clear, not even for a moment: it is encrypted in
memory, written aside with mode 600 and renamed. The key is SHOPLINT_VAULT_KEY, else one that the keyring keeps (made
there when it is first needed). The head of the file says which key it was written with, so that a wrong key and a
damaged file are told apart; the name of the store is encrypted with the rest, so that one store's file is refused as
another's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.errors import HomeUnusable, SessionUnreadable, VaultKeyMissing, VaultKeyWrong
from agent.home import Home
from checks.text import Text

VARIABLE = "SHOPLINT_VAULT_KEY"
SERVICE = "shoplint"
ENTRY = "vault-key"
MAKE_KEY = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'
"""A command that prints a good key."""

FORMAT = 1
HEAD = "shoplint session"
KEY_BYTES = 32
MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class StoredSession:
    """What makes a browser the one that was logged in: Playwright's state, and what that state leaves out."""

    storage_state: dict[str, Any]
    session_storage: dict[str, dict[str, str]] = field(default_factory=dict)
    """Origin -> what lies in its sessionStorage."""
    user_agent: str | None = None
    saved_at: str | None = None

    @property
    def saved(self) -> datetime | None:
        return datetime.fromisoformat(self.saved_at) if self.saved_at else None


@dataclass(frozen=True)
class Vault:
    """The stored sessions of a home folder."""

    home: Home
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def path(self, store: str) -> Path:
        return self.home.sessions / f"{quote(store, safe='')}.session"

    def holds(self, store: str) -> bool:
        return self.path(store).is_file()

    def save(self, store: str, session: StoredSession) -> Path:
        """Store a session, in the place of the one before; nobody ever sees half of it."""
        salt = _salts.get(self._given) or os.urandom(16)
        key = self._key(salt, make=True)
        body = json.dumps({"store": store, **asdict(session)}, ensure_ascii=False).encode()
        head = {"what": HEAD, "format": FORMAT, "salt": salt.hex(), "key": _key_id(key)}
        line = json.dumps(head).encode() + b"\n"
        path = self.path(store)
        self.home.make(self.home.sessions.name)
        try:
            write_private(path, line + _seal(key, body, line))
        except OSError as error:
            raise _not_written(path, error) from error
        return path

    def load(self, store: str) -> StoredSession | None:
        """The stored session; None when there is none. A sentence of its own for each way in which it is of no use."""
        path = self.path(store)
        try:
            with path.open("rb") as file:
                written = file.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(store, path, _said(error)) from error
        line, _, sealed = written.partition(b"\n")
        head = _head(store, path, line)
        key = self._key(bytes.fromhex(head["salt"]), make=False)
        if _key_id(key) != head["key"]:
            raise self._wrong_key(store, path)
        body = _open(key, sealed, line + b"\n")
        if body is None:
            raise unreadable(store, path, Text("文件已损坏或被改动", "it is damaged or was changed"))
        return _session(store, path, body)

    def erase(self, store: str) -> bool:
        """Remove a session; whether there was one."""
        try:
            self.path(store).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _not_written(self.path(store), error) from error
        return True

    def key_place(self) -> str:
        """Where the key comes from, "environment" or "keyring"; VaultKeyMissing when from neither. Makes nothing."""
        if self._given:
            return "environment"
        keyring_entry(ENTRY)
        return "keyring"

    @cached_property
    def _given(self) -> str:
        return self.environ.get(VARIABLE, "").strip()

    def _key(self, salt: bytes, *, make: bool) -> bytes:
        text = self._given or keyring_entry(ENTRY)
        if not text:
            if not make:
                raise _no_key(Text("钥匙串中没有密钥", "the keyring holds no key"))
            text = _make_in_keyring()
        return _as_key(text) or _stretched(text, salt)

    def _wrong_key(self, store: str, path: Path) -> VaultKeyWrong:
        place = VARIABLE if self._given else Text("钥匙串", "the keyring").en
        place_zh = VARIABLE if self._given else "钥匙串"
        return VaultKeyWrong(
            Text(
                f"{place_zh} 中的密钥不是保存店铺 {store} 会话（{path}）时所用的；请改回原来的密钥，"
                f"或运行 shoplint logout {store} 再运行 shoplint login {store}",
                f"the key in {place} is not the one that the session of {store} ({path}) was stored with; put the "
                f"former key back, or run shoplint logout {store} and then shoplint login {store}",
            )
        )


# --- keys -----------------------------------------------------------------------------------------------------------


def keyring_entry(name: str) -> str | None:
    """An entry of ours in the keyring; VaultKeyMissing when no keyring can be asked."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise _no_key(Text("本机没有可用的钥匙串", "no keyring can be used on this machine")) from error


def _make_in_keyring() -> str:
    """A new key, kept in the keyring from now on."""
    import keyring
    from keyring.errors import KeyringError

    text = secrets.token_urlsafe(KEY_BYTES)
    try:
        keyring.set_password(SERVICE, ENTRY, text)
        kept = keyring.get_password(SERVICE, ENTRY)
    except KeyringError as error:
        raise _no_key(Text("钥匙串拒绝保存密钥", "the keyring refused to keep a key")) from error
    if kept != text:
        raise _no_key(Text("钥匙串没有保存密钥", "the keyring did not keep the key"))
    return text


def _as_key(text: str) -> bytes | None:
    """The 32 bytes that a generated key stands for; None for a passphrase, which has to be stretched."""
    try:
        found = base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == KEY_BYTES else None


_salts: dict[str, bytes] = {}
"""The salt that each passphrase was stretched with in this process; what is saved later takes the same key."""


@lru_cache(maxsize=8)
def _stretched(text: str, salt: bytes) -> bytes:
    """The key that a passphrase stands for; finding it takes its time on purpose, so once is enough."""
    key = hashlib.scrypt(text.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=KEY_BYTES)
    _salts[text] = salt
    return key


def _key_id(key: bytes) -> str:
    """What tells two keys apart and says nothing about either."""
    return hashlib.sha256(b"shoplint key id\0" + key).hexdigest()[:16]


def _no_key(found: Text) -> VaultKeyMissing:
    return VaultKeyMissing(
        Text(
            f"没有用来加密会话的密钥：{found.zh}；请设置环境变量 {VARIABLE}，可用此命令生成：{MAKE_KEY}",
            f"there is no key to encrypt sessions with: {found.en}; "
            f"set the environment variable {VARIABLE}, for which this prints a key: {MAKE_KEY}",
        )
    )


# --- the file -------------------------------------------------------------------------------------------------------


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 600 aside and put it in its place at once."""
    aside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _seal(key: bytes, body: bytes, head: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, body, head)


def _open(key: bytes, sealed: bytes, head: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], head)
    except (InvalidTag, ValueError):
        return None


def _head(store: str, path: Path, line: bytes) -> dict[str, str]:
    foreign = Text("它不是 shoplint 保存的会话", "it is no session that shoplint stored")
    try:
        head = json.loads(line)
    except ValueError as error:
        raise unreadable(store, path, foreign) from error
    if not isinstance(head, dict) or head.get("what") != HEAD:
        raise unreadable(store, path, foreign)
    version = head.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise unreadable(
            store,
            path,
            Text("它由更新版本的 shoplint 保存", "a newer version of shoplint stored it, which can read it"),
        )
    try:
        bytes.fromhex(head["salt"])
        return {"salt": head["salt"], "key": str(head["key"])}
    except (KeyError, ValueError, TypeError) as error:
        raise unreadable(store, path, Text("文件头已损坏", "its head is damaged")) from error


def _session(store: str, path: Path, body: bytes) -> StoredSession:
    found = json.loads(body)
    owner = found.pop("store", None)
    if owner != store:
        raise unreadable(store, path, Text(f"它属于店铺 {owner}", f"it is the session of {owner}"))
    known = StoredSession.__dataclass_fields__
    return StoredSession(**{name: value for name, value in found.items() if name in known})


def unreadable(store: str, path: Path, found: Text) -> SessionUnreadable:
    return SessionUnreadable(
        Text(
            f"店铺 {store} 保存的会话 {path} 无法使用：{found.zh}；"
            f"请运行 shoplint logout {store}，再运行 shoplint login {store}",
            f"the stored session of {store}, {path}, cannot be used: {found.en}; "
            f"run shoplint logout {store}, then shoplint login {store}",
        )
    )


def _said(error: OSError) -> Text:
    said = error.strerror or type(error).__name__
    return Text(f"无法读取（{said}）", f"it cannot be read ({said})")


def _not_written(path: Path, error: OSError) -> HomeUnusable:
    said = error.strerror or type(error).__name__
    return HomeUnusable(
        Text(
            f"无法写入会话文件 {path}（{said}）；请检查该文件夹的权限和剩余空间",
            f"the session file {path} cannot be written ({said}); check the folder's permissions and free space",
        )
    )
