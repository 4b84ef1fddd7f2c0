"""Stored sessions: encrypted, private, and a sentence for each way in which one is of no use."""

from __future__ import annotations

import json
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from agent.errors import HomeUnusable, SessionUnreadable, VaultKeyMissing, VaultKeyWrong
from agent.home import Home
from agent.live.vault import MAKE_KEY, VARIABLE, StoredSession, Vault

COOKIE = "d41d8cd98f00b204e9800998ecf8427e"
SESSION = StoredSession(
    storage_state={"cookies": [{"name": "xman_us_t", "value": COOKIE}], "origins": []},
    session_storage={"https://csp.aliexpress.com": {"csp_device": "mark-of-the-device"}},
    user_agent="Browser/1.0",
    saved_at="2026-11-20T03:15:00-08:00",
)


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets everything with the test."""

    priority = 1

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    former, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(former)


def vault(folder: Path, key: str | None = "a key of letters") -> Vault:
    return Vault(Home(folder / "home"), {} if key is None else {VARIABLE: key})


@pytest.mark.parametrize("key", ["short", "äöü 钥匙", "A1b2" * 10 + "xyz", "0f" * 32])
def test_what_was_stored_comes_back(tmp_path: Path, key: str) -> None:
    vault(tmp_path, key).save("shop", SESSION)
    assert vault(tmp_path, key).load("shop") == SESSION
    assert vault(tmp_path, f" {key}\n").load("shop") == SESSION, "blanks around a key are the shell's"


def test_file_and_folder_are_the_owners_alone(tmp_path: Path) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    vault(tmp_path).save("shop", SESSION)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["shop.session"], "nothing is left aside"


def test_nothing_stands_in_clear(tmp_path: Path) -> None:
    written = vault(tmp_path).save("shop", SESSION).read_bytes()
    for secret in (COOKIE, "xman_us_t", "mark-of-the-device", "Browser/1.0", "a key of letters"):
        assert secret.encode() not in written


def test_two_writings_never_look_alike(tmp_path: Path) -> None:
    first = vault(tmp_path).save("shop", SESSION).read_bytes()
    assert vault(tmp_path).save("shop", SESSION).read_bytes() != first


def test_there_may_be_none(tmp_path: Path) -> None:
    assert vault(tmp_path).load("shop") is None
    assert not vault(tmp_path).holds("shop")
    assert not (tmp_path / "home").exists(), "looking makes nothing"


@pytest.mark.parametrize("name", ["shop", "清河", "a.b", ".."])
def test_every_store_has_a_file_in_the_folder(tmp_path: Path, name: str) -> None:
    path = vault(tmp_path).save(name, SESSION)
    assert path.resolve().parent == (tmp_path / "home" / "sessions").resolve()
    assert vault(tmp_path).load(name) == SESSION


def test_erased_is_gone(tmp_path: Path) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    assert vault(tmp_path).erase("shop")
    assert not path.exists()
    assert not vault(tmp_path).erase("shop")


# What is of no use


def test_a_wrong_key_is_told_as_such(tmp_path: Path) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    with pytest.raises(VaultKeyWrong, match="former key back") as caught:
        vault(tmp_path, "another key").load("shop")
    assert str(path) in str(caught.value)
    assert "shoplint login shop" in caught.value.text.zh
    for key in ("a key of letters", "another key"):
        assert key not in str(caught.value)


@pytest.mark.parametrize("at", [-1, -20])
def test_a_changed_byte_is_damage(tmp_path: Path, at: int) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    written = bytearray(path.read_bytes())
    written[at] ^= 1
    path.write_bytes(written)
    with pytest.raises(SessionUnreadable, match="damaged or was changed"):
        vault(tmp_path).load("shop")


def test_a_file_cut_off_is_damage(tmp_path: Path) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SessionUnreadable, match="damaged or was changed"):
        vault(tmp_path).load("shop")
    path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n")
    with pytest.raises(SessionUnreadable, match="damaged or was changed"):
        vault(tmp_path).load("shop")


@pytest.mark.parametrize("body", [b"", b"\0\1\2", b"SQLite format 3\0", b'{"cookies": []}', b"[1]\n", b"hello\n"])
def test_a_foreign_file_is_told_as_such(tmp_path: Path, body: bytes) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    path.write_bytes(body)
    with pytest.raises(SessionUnreadable, match="no session that shoplint stored"):
        vault(tmp_path).load("shop")


@pytest.mark.parametrize(
    ("change", "said"),
    [({"format": 9}, "newer version"), ({"salt": "zz"}, "head is damaged"), ({"key": None}, "not the one")],
)
def test_a_head_that_cannot_be(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = vault(tmp_path).save("shop", SESSION)
    line, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(json.dumps(json.loads(line) | change).encode() + b"\n" + rest)
    with pytest.raises((SessionUnreadable, VaultKeyWrong), match=said):
        vault(tmp_path).load("shop")


def test_the_head_is_sealed_with_the_rest(tmp_path: Path) -> None:
    key = secrets.token_urlsafe(32)
    path = vault(tmp_path, key).save("shop", SESSION)
    line, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(json.dumps(json.loads(line) | {"salt": "00" * 16}).encode() + b"\n" + rest)
    with pytest.raises(SessionUnreadable, match="damaged or was changed"):
        vault(tmp_path, key).load("shop")


def test_another_stores_file_is_refused(tmp_path: Path) -> None:
    path = vault(tmp_path).save("north", SESSION)
    path.rename(path.with_name("shop.session"))
    with pytest.raises(SessionUnreadable, match="session of north"):
        vault(tmp_path).load("shop")


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "home" / "sessions" / "shop.session").mkdir(parents=True)
    with pytest.raises(SessionUnreadable, match="cannot be read"):
        vault(tmp_path).load("shop")
    with pytest.raises(HomeUnusable, match="cannot be written"):
        vault(tmp_path).save("shop", SESSION)
    assert [path.name for path in (tmp_path / "home" / "sessions").iterdir()] == ["shop.session"]


# The keyring


def test_the_keyring_gets_a_key_when_one_is_needed(tmp_path: Path, ring: MemoryKeyring) -> None:
    assert vault(tmp_path, None).key_place() == "keyring"
    assert ring.entries == {}
    vault(tmp_path, None).save("shop", SESSION)
    assert list(ring.entries) == [("shoplint", "vault-key")]
    kept = dict(ring.entries)
    vault(tmp_path, None).save("other", SESSION)
    assert ring.entries == kept, "one key for all"
    assert vault(tmp_path, None).load("shop") == SESSION


def test_the_variable_goes_before_the_keyring(tmp_path: Path, ring: MemoryKeyring) -> None:
    vault(tmp_path).save("shop", SESSION)
    assert ring.entries == {}
    assert vault(tmp_path).key_place() == "environment"


def test_a_key_lost_from_the_keyring_is_not_made_anew_for_reading(tmp_path: Path, ring: MemoryKeyring) -> None:
    vault(tmp_path, None).save("shop", SESSION)
    ring.entries.clear()
    with pytest.raises(VaultKeyMissing, match="holds no key"):
        vault(tmp_path, None).load("shop")
    assert ring.entries == {}


@pytest.mark.usefixtures("no_ring")
@pytest.mark.parametrize("key", [None, "", "  "])
def test_without_keyring_the_variable_and_a_command_are_named(tmp_path: Path, key: str | None) -> None:
    with pytest.raises(VaultKeyMissing) as caught:
        vault(tmp_path, key).save("shop", SESSION)
    for text in caught.value.text:
        assert VARIABLE in text
        assert MAKE_KEY in text
    assert caught.value.exit_code == 2
    assert not (tmp_path / "home").exists()


def test_a_keyring_that_is_locked_or_forgets(
    tmp_path: Path, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(self: MemoryKeyring, service: str, username: str, password: str) -> None:
        raise KeyringLocked

    monkeypatch.setattr(MemoryKeyring, "set_password", locked)
    with pytest.raises(VaultKeyMissing, match="refused"):
        vault(tmp_path, None).save("shop", SESSION)
    monkeypatch.setattr(MemoryKeyring, "set_password", lambda *given: None)
    with pytest.raises(VaultKeyMissing, match="did not keep"):
        vault(tmp_path, None).save("shop", SESSION)
