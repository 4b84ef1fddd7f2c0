"""The server: a port that is ours before anything is promised, and the pages behind the gate."""

from __future__ import annotations

import os
import socket
import sqlite3
from pathlib import Path
from typing import Any

from agent.serve.gate import App, gated
from agent.serve.pages import Site

HISTORY_LOG = "-wal"


def application(site: Site, password: str | None = None) -> App:
    """The pages of a site as one ASGI application; HistoryMissing, or another HistoryError, when there is none to show.

    An older history is brought up to this version first, because the pages ask its views.
    """
    site.history().close()
    # Datasette loads every plugin that happens to be installed; one that writes or fetches has no business here.
    os.environ.setdefault("DATASETTE_LOAD_PLUGINS", "")
    from agent.serve.plugin import datasette_of

    shown = datasette_of(site, immutable=not _reads(site.database))
    return gated(shown.app(), password)


def _reads(path: Path) -> bool:
    """Whether the file can be read while others write to it; else it lies where nobody can write."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM runs").fetchone()
    except sqlite3.OperationalError:
        if path.with_name(path.name + HISTORY_LOG).exists():
            raise
        return False
    finally:
        connection.close()
    return True


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. OSError when the address cannot be had."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def address_of(listening: socket.socket) -> str:
    """Where a browser finds it; an address that means every one is told as this machine's own."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def server(app: App) -> Any:
    """A server that can be told to stop (``should_exit``) and is started with ``run(sockets=[…])``."""
    import uvicorn

    return uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False))
