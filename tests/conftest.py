"""What every test shares: no way out of this machine, and the recorded stores."""

import ipaddress
import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from hypothesis import settings
from keyring.backends.fail import Keyring as NoKeyring

RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"

# A loaded machine is slow now and then, which is no failure of the code.
settings.register_profile("shoplint", settings(), deadline=None)
settings.load_profile("shoplint")


def is_local(host: object) -> bool:
    if host in ("localhost", "", None):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """What a command of one test sets up for its log is gone when the next test begins."""
    ours, root = logging.getLogger("agent"), logging.getLogger()
    level, handlers, above = ours.level, list(root.handlers), root.level
    yield
    ours.setLevel(level)
    root.setLevel(above)
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuses every connection and every name look-up beyond loopback, from the first fixture to the last.

    It sees this process only: tests that start a browser fence it with its own host rules.
    """

    def refuse(host: object) -> None:
        if not is_local(host):
            pytest.fail(f"a test tried to reach {host!r}; tests talk to this machine only", pytrace=True)

    def guarded(name: str) -> Callable[..., Any]:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                refuse(address[0])
            return real(self, address)

        return connect

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse(host)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(name))
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session")
def recording() -> Callable[[str], Path]:
    """The path of a recording by its name: `recording("northwind")`, `recording("exports/orders_zh.xlsx")`."""

    def find(name: str) -> Path:
        path = RECORDINGS / name
        assert path.exists(), f"no recording {name}; there are {sorted(p.name for p in RECORDINGS.iterdir())}"
        return path

    return find


@pytest.fixture
def no_ring() -> Iterator[None]:
    """A machine without a keyring."""
    former = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(former)
