"""A web server on loopback that takes notifications, as the services do, and refuses them when it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Mailbox:
    """What arrived, in order; ``answers`` are given one a request, then ``status`` and ``reply`` for ever."""

    port: int = 0
    paths: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    status: int = 200
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address of a webhook of one's own."""
        return f"json://127.0.0.1:{self.port}/hook-of-secret"

    @property
    def texts(self) -> list[str]:
        return [f"{message['title']}\n{message['message']}" for message in self.messages]

    def take(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        status, reply = self.answers.pop(0) if self.answers else (self.status, self.reply)
        self.paths.append(path)
        if status == 200:
            self.messages.append(json.loads(body))
        return status, reply


@contextmanager
def opened() -> Iterator[Mailbox]:
    """A mailbox that listens until the block ends."""
    box = Mailbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, reply = box.take(self.path, self.rfile.read(int(self.headers["content-length"])))
            body = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    box.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
